"""`manage.py restore`: a sealed dump back into the database, and whether the ledger in it still holds."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.services import dumps, sealing
from config.services.errors import ServiceFailed


class Command(BaseCommand):
    """All of it or nothing. Afterwards everybody is signed out, and the ledger is verified where this release fits the backup."""

    help = "Restore a sealed backup into an empty database and verify the ledger. Example: manage.py restore FILE --identity backup.key"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="The backup, as `manage.py backup` wrote it.")
        parser.add_argument("--identity", metavar="FILE", required=True, help="The private key; “-” reads it from standard input, so that no disk sees it.")
        parser.add_argument("--replace", action="store_true", help="The database is not empty: put the backup in the place of all that is there.")
        parser.add_argument("--dry-run", action="store_true", help="Open the backup to its end, look at the database, change nothing.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            keys = sealing.identities(sys.stdin.read() if options["identity"] == "-" else Path(options["identity"]).read_text())
            dumps.restore(options["file"], keys, replace=options["replace"], only_try=options["dry_run"])
        except (ServiceFailed, OSError) as problem:
            raise CommandError(str(problem)) from None
        result: dict[str, Any] = {"file": str(options["file"]), "dry_run": options["dry_run"]}
        if not options["dry_run"]:
            result |= self._after()
        result["seconds"] = round(time.monotonic() - began, 1)
        self.stdout.write(json.dumps(result) if options["json"] else self._said(result))
        if result.get("ledger") == "broken":
            raise SystemExit(1)

    def _after(self) -> dict[str, Any]:
        ended = dumps.end_sessions()
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        return {"sessions_ended": ended, "migrations": len(missing)} | ({"ledger": "not verified"} if missing else self._ledger())

    def _ledger(self) -> dict[str, Any]:
        out = StringIO()
        try:
            call_command("verify_ledger", json=True, stdout=out)
        except SystemExit:
            return {"ledger": "broken"}
        report = json.loads(out.getvalue())
        return {"ledger": "intact", "entries": report["entries"]}

    def _said(self, result: dict[str, Any]) -> str:
        if result["dry_run"]:
            return f"{result['file']} opens to its end, and may be restored here. Nothing was changed."
        ended = f"{result['sessions_ended']} sessions were ended, everybody signs in anew"
        if result["migrations"]:
            older = f"The backup is older than this release: run `manage.py migrate` ({result['migrations']} migrations), then `manage.py verify_ledger`."
            return f"Restored in {result['seconds']} s; {ended}. {older}"
        ledger = (
            f"the ledger is intact ({result['entries']} entries)" if result["ledger"] == "intact" else "THE LEDGER IS BROKEN: run `manage.py verify_ledger`"
        )
        return f"Restored in {result['seconds']} s; {ledger}; {ended}."
