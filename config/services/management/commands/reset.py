"""`manage.py reset`: empty var/, so that the next start is the first."""

from __future__ import annotations

import json
import shutil
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.env import PRODUCTION, VAR
from config.services import keeper, locks, paths, up


class Command(BaseCommand):
    """Removes the embedded database, its keys, the mail, the logs: everything under VAR. Refuses while anything runs."""

    help = "Remove everything under var/: database, keys, mail, logs. Example: manage.py reset --dry-run"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="Do not ask.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would go, remove nothing.")
        parser.add_argument("--json", action="store_true", help="Print what was removed as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        if PRODUCTION:
            raise CommandError("Production data is not removed by a command.")
        for name in (up.UP_LOCK, keeper.KEEPER):
            if locks.held_by_other(paths.run_folder() / name):
                raise CommandError(f"{VAR} is in use by a running server. Stop it first (Ctrl-C where `make run` runs).")
        going = sorted(path for path in {*VAR.glob("*"), paths.run_folder()} if path.exists())
        if not options["dry_run"]:
            if not options["yes"] and input(f"Remove everything under {VAR}? Type yes: ").strip() != "yes":
                raise CommandError("Nothing was removed.")
            for path in going:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        self._say(options, [path.name for path in going])

    def _say(self, options: dict[str, Any], names: list[str]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"dry_run": options["dry_run"], "folder": str(VAR), "removed": names}))
        elif names:
            self.stdout.write(f"{'Would remove' if options['dry_run'] else 'Removed'} from {VAR}: {', '.join(names)}")
        else:
            self.stdout.write(f"{VAR} is empty already.")
