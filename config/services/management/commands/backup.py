"""`manage.py backup`: the whole database into a file that only the holder of a private key can open."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.services import dumps, sealing
from config.services.errors import ServiceFailed


class Command(BaseCommand):
    """Dumps in one snapshot while the site runs, seals to the public keys, and lets go of dumps older than thirty days."""

    help = "Back the database up into a sealed file; older ones than 30 days go. Example: manage.py backup --to /srv/backups --key age1…"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", metavar="FOLDER", default=settings.BACKUP_FOLDER, help="Where the file goes; without it BACKUP_FOLDER.")
        parser.add_argument("--key", metavar="PUBLIC", action="append", default=[], help="A public key (age1… or ssh-ed25519 …); more than one may be given.")
        parser.add_argument("--recipients", metavar="FILE", default=settings.BACKUP_RECIPIENTS, help="A file of public keys; without it BACKUP_RECIPIENTS.")
        parser.add_argument("--dry-run", action="store_true", help="Check folder and keys, say what would go, write nothing.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["to"]:
            raise CommandError("Say where the backup goes: --to FOLDER, or BACKUP_FOLDER in the environment.")
        at, folder = timezone.now(), Path(options["to"])
        try:
            to = sealing.recipients(self._keys(options))
            made = None if options["dry_run"] else dumps.make(folder, to, at=at)
        except (ServiceFailed, OSError) as problem:
            raise CommandError(str(problem)) from None
        going = dumps.spent(folder, at=at)
        for path in going if made else ():
            path.unlink()
        result = {"file": str(made) if made else None, "bytes": made.stat().st_size if made else 0, "removed": [path.name for path in going]}
        result |= {"keys": len(to), "kept": len(dumps.kept(folder)), "dry_run": options["dry_run"]}
        self.stdout.write(json.dumps(result) if options["json"] else self._said(result))

    def _keys(self, options: dict[str, Any]) -> str:
        given = "\n".join(options["key"])
        return given or (Path(options["recipients"]).read_text() if options["recipients"] else "")

    def _said(self, result: dict[str, Any]) -> str:
        if result["dry_run"]:
            return f"It would be sealed to {result['keys']} keys; {len(result['removed'])} older dumps would go. Nothing was written."
        gone = f"; {len(result['removed'])} older than {dumps.KEPT.days} days went" if result["removed"] else ""
        return f"{result['file']}: {result['bytes'] / 1e6:.1f} MB, sealed to {result['keys']} keys; {result['kept']} dumps are kept{gone}."
