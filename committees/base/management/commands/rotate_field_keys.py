"""`manage.py rotate_field_keys`: seals everything under the newest field key, so that an older one may go."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from committees.base import rotation


class Command(BaseCommand):
    help = (
        "Seal every sealed value under the newest key of FIELD_ENCRYPTION_KEYS, in batches, while the site runs. Afterwards the keys between the "
        "oldest (which makes the look-ups and signs the ledger) and the newest may be taken out. Exit code 1 if a value does not open."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Count, open and seal, but write nothing.")
        parser.add_argument("--json", action="store_true", help="Print the counts as JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        dry_run, as_json = options["dry_run"], options["json"]
        counts = rotation.rotate(dry_run=dry_run, progress=self._progress)
        keys, unreadable = settings.FIELD_KEYS, sum(count.unreadable for count in counts)
        spent = [] if dry_run or unreadable else [version for version in keys.keys if version not in (keys.current, keys.lookup)]
        if as_json:
            result = {"current": keys.current, "columns": [asdict(c) for c in counts], "unreadable": unreadable, "spent_keys": spent, "dry_run": dry_run}
            self.stdout.write(json.dumps(result, indent=2))
        else:
            for count in counts:
                self.stdout.write(f"{count.column}: {count.values} values, {count.older} under an older key, {count.sealed_anew} sealed anew")
            if spent:
                self.stdout.write(f"No longer needed: key {', '.join(map(str, spent))}.")
        if unreadable:
            raise CommandError(f"{unreadable} values do not open: a key is missing, or they were changed.")

    def _progress(self, column: str, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{column}: {done} of {total}", ending="\n" if done >= total else "")
