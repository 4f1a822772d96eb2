"""`manage.py check_mail`: will mail of a domain be believed?"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.services import mail_records
from config.services.errors import ServiceFailed

SIGNS = {mail_records.OK: "ok", mail_records.WARNING: "look", mail_records.WRONG: "WRONG"}


class Command(BaseCommand):
    """Asks the DNS and sends no mail. Exit code 0 where all is well or only worth a look, 1 where something is wrong, 2 without an answer."""

    help = "Say whether mail of a domain will be believed (SPF, DKIM, DMARC), and what to add. Example: manage.py check_mail example.org --selector mail"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("domain", nargs="?", default="", help="The domain of the sender; without it that of MAIL_FROM.")
        parser.add_argument(
            "--selector", action="append", default=[], help="The name under which the mail server signs (it is in the DKIM-Signature of a mail: s=…)."
        )
        parser.add_argument("--dns", metavar="SERVER", default="", help="Ask this name server, as ADDRESS or ADDRESS:PORT; else the machine's own.")
        parser.add_argument("--json", action="store_true", help="Print the findings as JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        domain = (options["domain"] or parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2]).lower().rstrip(".")
        address, _, port = options["dns"].partition(":")
        try:
            ask = mail_records.asker(address, int(port or 53))
            found = mail_records.examine(domain, ask, selectors=options["selector"], server=urlsplit(settings.MAIL_URL).hostname or "")
        except (ServiceFailed, ValueError) as problem:
            raise CommandError(str(problem), returncode=2) from None
        wrong = any(each.state == mail_records.WRONG for each in found)
        if options["json"]:
            self.stdout.write(json.dumps({"domain": domain, "ok": not wrong, "findings": [vars(each) for each in found]}))
        else:
            self._say(found, asked_for_keys=bool(options["selector"]))
        if wrong:
            raise SystemExit(1)

    def _say(self, found: list[mail_records.Record], *, asked_for_keys: bool) -> None:
        for each in found:
            self.stdout.write(f"{SIGNS[each.state]:<6} {each.name:<6} {each.where}: {each.text}")
            if each.remedy:
                self.stdout.write(f"{'':<13} → {each.remedy}")
        if not asked_for_keys:
            self.stdout.write("DKIM was not looked at: say --selector NAME, which your mail provider gives you.")
