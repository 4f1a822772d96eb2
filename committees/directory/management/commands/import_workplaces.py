"""`manage.py import_workplaces FILE`: any list of sites, in whatever columns."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.directory.imports.headings import FIELDS
from committees.directory.imports.propose import ColumnsUnclear
from committees.directory.imports.run import Answer, Import
from committees.directory.imports.sites import Verdict

SHOWN = 20
DETAILED = 1000
DONE, UNREADABLE, UNCLEAR, NOTHING_USABLE = 0, 1, 3, 4


class Command(BaseCommand):
    help = "Take a list of workplaces in: CSV, TSV, XLSX, JSON, JSON lines or GeoJSON, in any columns and any usual encoding."
    epilog = (
        "Example: manage.py import_workplaces sites.xlsx --dry-run --country DE --map employer=Betreiber. "
        "Exit codes: 0 the list was gone through (rows with errors are counted), 1 the file cannot be read, 2 wrong usage, "
        "3 the columns cannot be told (nothing was written; say --map), 4 not one row was usable."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, epilog=self.epilog, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="print the counts, reasons and columns as JSON")
        parser.add_argument("--country", default="", metavar="XX", help="the country of rows that name none")
        parser.add_argument(
            "--map", nargs="+", action="extend", default=[], metavar="FIELD=COLUMN",
            help=f"say what a column is, by heading or number (#3); FIELD=- for none. Fields: {', '.join(FIELDS)}",
        )  # fmt: skip
        parser.add_argument("--report", type=Path, metavar="FILE", help="write the verdict on every row into this file, one JSON object a line")

    def handle(self, *_args: Any, **options: Any) -> None:
        given = {}
        for pair in options["map"]:
            name, equals, column = pair.partition("=")
            if not equals:
                raise CommandError(_("--map wants FIELD=COLUMN, not %(said)s.") % {"said": pair}, returncode=2)
            given[name.strip()] = column.strip()
        try:
            job = Import(options["file"], given=given, country=options["country"], dry_run=options["dry_run"])
        except ColumnsUnclear as no:
            self._refuse(str(no), options, UNCLEAR, missing=no.missing, columns=no.columns)
        except Refused as no:
            self._refuse(str(no), options, UNREADABLE)
        else:
            self._run(job, options)

    def _refuse(self, why: str, options: dict[str, Any], code: int, **more: Any) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"refused": why, **more}, ensure_ascii=False, indent=1))
        raise CommandError(why, returncode=code)

    def _run(self, job: Import, options: dict[str, Any]) -> None:
        telling: list[Answer] = []
        rows = 0
        report = options["report"].open("w", encoding="utf-8") if options["report"] else None
        progress = Progress(sys.stderr)
        try:
            for answer in job:
                rows += 1
                progress.tell(rows)
                if answer.verdict in {Verdict.ERROR, Verdict.DUPLICATE, Verdict.CHANGED} and len(telling) < DETAILED:
                    telling.append(answer)
                if report:
                    report.write(json.dumps(_as_dict(answer), ensure_ascii=False) + "\n")
        except Refused as no:
            self._refuse(str(no), options, UNREADABLE)
        finally:
            progress.end()
            if report:
                report.close()
        if options["json"]:
            self._print_json(job, rows, telling)
        else:
            self._print(job, rows, telling)
        if rows and job.counts[Verdict.ERROR] == rows:
            raise CommandError(_("Not one row could be used."), returncode=NOTHING_USABLE)

    def _print_json(self, job: Import, rows: int, telling: list[Answer]) -> None:
        body: dict[str, Any] = {"rows": rows, **{verdict.value: job.counts[verdict] for verdict in Verdict}}
        body |= {"reasons": dict(job.reasons.most_common()), "mapping": job.mapping, "country": job.reading.home, "dry_run": job.dry_run}
        body["details"] = [_as_dict(answer) for answer in telling]
        self.stdout.write(json.dumps(body, ensure_ascii=False, indent=1))

    def _print(self, job: Import, rows: int, telling: list[Answer]) -> None:
        self.stdout.write(_("Columns: %(columns)s") % {"columns": ", ".join(f"{name} ← {heading}" for name, heading in job.mapping.items())})
        for answer in telling[:SHOWN]:
            why = answer.reason or ", ".join(answer.changed)
            self.stdout.write(_("row %(row)s: %(verdict)s (%(why)s)") % {"row": answer.row, "verdict": answer.verdict.label, "why": why})
        if sum(job.counts[v] for v in (Verdict.ERROR, Verdict.DUPLICATE, Verdict.CHANGED)) > SHOWN:
            self.stdout.write(_("… all rows: --report FILE"))
        counts = ", ".join(f"{job.counts[verdict]} {verdict.label}" for verdict in Verdict)
        self.stdout.write(_("%(rows)s rows: %(counts)s.") % {"rows": rows, "counts": counts})
        for reason, n in job.reasons.most_common():
            self.stdout.write(f"  {n} × {reason}")
        if job.dry_run:
            self.stdout.write(_("Nothing was written."))


def _as_dict(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {"row": answer.row, "verdict": answer.verdict.value}
    if answer.reason:
        found["reason"] = answer.reason
    if answer.changed:
        found["changed"] = list(answer.changed)
    return found


class Progress:
    """How far it is, on a terminal, once it takes longer than two seconds."""

    def __init__(self, out: Any) -> None:
        self.out, self.begun, self.said = out, time.monotonic(), 0.0
        self.shows = out.isatty()

    def tell(self, rows: int) -> None:
        now = time.monotonic()
        if self.shows and now - self.begun > 2 and now - self.said > 0.5:
            self.said = now
            self.out.write("\r" + _("%(rows)s rows …") % {"rows": f"{rows:,}"})
            self.out.flush()

    def end(self) -> None:
        if self.said:
            self.out.write("\r\x1b[K")
