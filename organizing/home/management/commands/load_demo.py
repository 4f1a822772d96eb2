"""`manage.py load_demo`: the demonstration world, on an empty server only."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from config.env import VAR
from organizing.home.demo.play import Play, is_there


class Command(BaseCommand):
    """Plays the demonstration world once. Refuses a server that has anything on it, and one in production."""

    help = "Load the demonstration world into an empty server. Example: manage.py load_demo --json"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Play it and take it back.")
        parser.add_argument("--json", action="store_true", help="Print the accounts as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION or not settings.DEMO:
            raise CommandError("This is not a demonstration server (DEMO is off or PRODUCTION is on). Nothing was loaded.")
        if is_there():
            raise CommandError("This server has people or an alliance already. Nothing was loaded. `make reset` empties a demonstration.")
        play = Play(timezone.now(), self.say if self.stderr.isatty() else lambda line: None)
        with transaction.atomic():
            play.run()
            if options["dry_run"]:
                transaction.set_rollback(True)
        accounts = play.accounts()
        if not options["dry_run"]:
            self.keep(accounts)
        self.stdout.write(
            json.dumps({"accounts": accounts, "people": len(play.persons), "written": not options["dry_run"]})
            if options["json"]
            else f"{len(play.persons)} people, {len(accounts)} accounts to try."
        )

    def say(self, line: str) -> None:
        self.stderr.write(line)

    def keep(self, accounts: list[dict[str, str]]) -> None:
        """What `make run` prints at each start."""
        path = VAR / "demo-accounts.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(accounts, file, ensure_ascii=False, indent=1)
