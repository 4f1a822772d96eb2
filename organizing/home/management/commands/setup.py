"""`manage.py setup`: makes an empty server usable: secrets, the first admin, the alliance with its first organizers."""

from __future__ import annotations

import json
import secrets
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies import commands as bodies
from committees.bodies.models import Committee
from committees.membership import commands as membership
from committees.membership.roles import Role
from committees.people import commands as people
from committees.people.models import Person
from config.secrets import new_field_key, new_vapid_key

ADVICE = """
Keep these three outside the database and its backups, in a place of their own (a password manager, a sealed envelope):
without the field keys nobody can read contacts, places or applications again, not even from a backup.
Put them into the environment of the server, then run this command again.
"""


class Command(BaseCommand):
    """Without secrets in the environment it only prints new ones. With them it makes the admin and the alliance, once."""

    help = (
        "Make an empty server usable. Example: manage.py setup --admin admin@example.org --alliance 'Our alliance' "
        "--organizer one@example.org --organizer two@example.org"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--keys", action="store_true", help="Only make new secrets and print them; touches no database.")
        parser.add_argument("--admin", metavar="EMAIL", help="Address of the first platform admin, who keeps the directory and the service.")
        parser.add_argument("--alliance", metavar="NAME", help="Name of the alliance that ties all committees of this server.")
        parser.add_argument("--organizer", metavar="EMAIL", action="append", default=[], help="Address of an organizer of the alliance; two or more.")
        parser.add_argument("--language", default="en", help="First language of the alliance.")
        parser.add_argument("--zone", default="UTC", help="IANA time zone of the alliance.")
        parser.add_argument("--ask", action="store_true", help="Ask for each password instead of making one and printing it once.")
        parser.add_argument("--dry-run", action="store_true", help="Check everything and write nothing.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keys"]:
            return self.keys(options)
        missing = [name for name in ("admin", "alliance") if not options[name]]
        if missing or not options["organizer"]:
            raise CommandError(f"Give --{' and --'.join(missing or ['organizer'])}. `manage.py setup --keys` makes the secrets first.")
        if Committee.objects.alliance() is not None:
            raise CommandError("This server is set up already: it has its alliance. Nothing was changed.")
        result = self.make(options)
        if options["json"]:
            self.stdout.write(json.dumps(result))
        else:
            self.tell(result)
        return None

    def keys(self, options: dict[str, Any]) -> None:
        made = {
            "SECRET_KEY": secrets.token_urlsafe(64),
            "FIELD_ENCRYPTION_KEYS": f"1:{new_field_key()}",
            "VAPID_PRIVATE_KEY": new_vapid_key(),
        }
        self.stdout.write(json.dumps(made) if options["json"] else "\n".join(f"{k}={v}" for k, v in made.items()) + "\n" + ADVICE)

    @transaction.atomic
    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """The admin, the alliance, its organizers; all or nothing."""
        at = timezone.now()
        accounts: list[dict[str, str]] = []
        try:
            admin = self.account(options, options["admin"], accounts, is_platform_admin=True)
            alliance = bodies.set_up_alliance(options["alliance"], zone=options["zone"], languages=[options["language"]], by=admin, at=at)
            for number, address in enumerate(options["organizer"], start=1):
                person = self.account(options, address, accounts)
                membership.seat(alliance, person, handle=f"Intake {number}", roles=[Role.ORGANIZER], at=at)
        except (Refused, ValidationError) as no:
            raise CommandError(" ".join(getattr(no, "messages", [str(no)]))) from None
        if options["dry_run"]:
            transaction.set_rollback(True)
        return {"alliance": alliance.name, "accounts": accounts, "written": not options["dry_run"], "address": settings.SITE_URL}

    def account(self, options: dict[str, Any], address: str, accounts: list[dict[str, str]], *, is_platform_admin: bool = False) -> Person:
        typed = options["ask"]
        password = getpass(f"Password for {address}: ") if typed else secrets.token_urlsafe(12)
        person, paper = people.create(at=timezone.now(), email=address, password=password, language=options["language"], is_platform_admin=is_platform_admin)
        accounts.append({"address": address, "sign_in_name": person.sign_in_name, "password": "(as typed)" if typed else password, "paper_code": paper})
        return person

    def tell(self, result: dict[str, Any]) -> None:
        lines = [f"{result['alliance']} is set up at {result['address']}." if result["written"] else "Everything would work. Nothing was written."]
        lines += ["  " + "  ".join(f"{key}: {value}" for key, value in account.items()) for account in result["accounts"]]
        lines.append("Shown once: hand each line to its owner, who changes the password and keeps the paper code at home.")
        self.stdout.write("\n".join(lines))
