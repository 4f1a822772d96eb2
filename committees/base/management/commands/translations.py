"""`manage.py translations update|compile|check`: the catalogues, without system tools."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from committees.base import catalogs


class Command(BaseCommand):
    """Keeps the catalogues in step with the sources. Exit code 1 where `check` finds something."""

    help = "Extract, merge, compile or check the translations. Example: manage.py translations check --json"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["update", "compile", "check"])
        parser.add_argument("--language", action="append", help="Only this language; may be given again. `update` begins a new one.")
        parser.add_argument("--invented", action="store_true", help="compile: also the two invented languages of the tests.")
        parser.add_argument("--dry-run", action="store_true", help="update: say what would change, write nothing.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = options["language"] or catalogs.languages()
        if options["action"] == "compile":
            written = [p.parent.parent.name for p in catalogs.compile_all(invented=options["invented"])]
            self.say(options, {"compiled": written}, f"Compiled {len(written)}.")
            return
        template = catalogs.extract()
        if options["action"] == "update" and not options["dry_run"]:
            for language in chosen:
                catalogs.update(language, template)
        found = [f for language in chosen if catalogs.path_of(language).exists() for f in catalogs.findings(language, template)]
        result = {"messages": len(template), "languages": chosen, "findings": [vars(f) for f in found]}
        lines = [str(f) for f in found] + [f"{len(template)} messages, {len(found)} findings in {', '.join(chosen) or 'no language'}."]
        self.say(options, result, "\n".join(lines))
        if options["action"] == "check" and found:
            raise SystemExit(1)

    def say(self, options: dict[str, Any], result: dict[str, Any], text: str) -> None:
        self.stdout.write(json.dumps(result, ensure_ascii=False) if options["json"] else text)
