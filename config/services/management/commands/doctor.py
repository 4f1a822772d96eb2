"""`manage.py doctor`: what is wrong with this server, and how to mend it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.services import checkup

SIGNS = {checkup.OK: "ok", checkup.WARNING: "look", checkup.WRONG: "WRONG"}


class Command(BaseCommand):
    """Looks, changes nothing. Exit code 0 where all is well (or only worth a look), 1 where something is wrong."""

    help = "Say what is wrong with this server and how to mend it. Exit code 1 if anything is. Example: manage.py doctor --json"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the findings as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = checkup.findings()
        result = checkup.summary(found)
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            for each in found:
                self.stdout.write(f"{SIGNS[each.state]:<6} {each.name:<13} {each.text}")
                if each.remedy and each.state != checkup.OK:
                    self.stdout.write(f"{'':<20} → {each.remedy}")
        if not result["ok"]:
            raise SystemExit(1)
