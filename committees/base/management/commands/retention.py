"""`manage.py retention`: the table of how long things are kept; erases what is due; writes docs/retention.md."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from committees.base import retention
from config.env import ROOT

PAGE = ROOT / "docs" / "retention.md"


class Command(BaseCommand):
    help = "Show how long things are kept, erase what is due (the scheduler does so each night), or write docs/retention.md. Exit code 1 if a purge failed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--erase", action="store_true", help="Erase what is due now.")
        parser.add_argument("--dry-run", action="store_true", help="With --erase: count what would go, and take it back.")
        parser.add_argument("--write", action="store_true", help="Write docs/retention.md.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["write"]:
            PAGE.write_text(retention.page())
        if options["erase"]:
            return self._erase(dry_run=options["dry_run"], as_json=options["json"])
        if options["json"]:
            rows = [{"model": p.model, "columns": p.columns, "days": p.days, "after": p.after, "why": p.why} for p in retention.table()]
            self.stdout.write(json.dumps(rows, indent=2))
        else:
            self.stdout.write(retention.page())
        return None

    def _erase(self, *, dry_run: bool, as_json: bool) -> None:
        try:
            done, failed = retention.run(timezone.now(), dry_run=dry_run), []
        except retention.NotErased as problem:
            done, failed = problem.done, problem.failed
        if as_json:
            self.stdout.write(json.dumps({"erased": done, "failed": failed, "dry_run": dry_run}, indent=2))
        else:
            for name, count in done.items():
                self.stdout.write(f"{count:>8}  {name}")
        if failed:
            raise CommandError(f"These purges failed, the log says why: {', '.join(failed)}")
