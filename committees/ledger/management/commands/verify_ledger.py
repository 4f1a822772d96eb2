"""Does the ledger still hold? Exit code 0: intact; 1: something was changed or removed; 2: it could not be checked."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from committees.base.crypto import CannotOpen
from committees.ledger import verification

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Walks every chain of the ledger: digests, gaps, signatures, ends. Exit code 0 if all holds, 1 if an entry was changed or is missing, "
        "2 if it could not be checked. Keep the output of --json on another machine: --against holds the ledger against it later."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--chain", default="", help="Only this chain: a committee's slug, or “platform”.")
        parser.add_argument("--against", type=Path, metavar="FILE", help="An earlier output of --json; every end noted there must still be in its chain.")
        parser.add_argument("--json", action="store_true", help="Print the whole report as JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        noted = self._noted(options["against"]) if options["against"] else None
        try:
            report = verification.verify(at=timezone.now(), chain=options["chain"], noted=noted)
        except CannotOpen as problem:
            raise CommandError(f"The signatures cannot be checked: {problem}.", returncode=2) from problem
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), indent=2))
        else:
            self._say(report)
        if not report.intact:
            raise SystemExit(1)

    def _noted(self, path: Path) -> dict[str, tuple[int, str]]:
        try:
            heads = json.loads(path.read_text())["heads"]
            return {str(chain): (int(position), str(digest)) for chain, (position, digest) in heads.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise CommandError(f"{path} is not an earlier output of verify_ledger --json.", returncode=2) from problem

    def _say(self, report: verification.Report) -> None:
        for fault in report.faults[:SHOWN]:
            self.stderr.write(self.style.ERROR(str(fault)))
        if len(report.faults) > SHOWN:
            self.stderr.write(f"… and {len(report.faults) - SHOWN} more (--json shows all).")
        counts = f"{report.entries} entries in {report.chains} chains, {report.checkpoints} checkpoints"
        self.stdout.write(self.style.SUCCESS(f"Intact: {counts}.") if report.intact else f"Broken: {len(report.faults)} faults in {counts}.")
