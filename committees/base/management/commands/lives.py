"""`manage.py lives`: the steps from state to state, drawn; writes docs/lives.md."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from committees.base import lives
from config.env import ROOT

PAGE = ROOT / "docs" / "lives.md"


class Command(BaseCommand):
    help = "Show the steps from state to state of committees, applications and memberships, or write docs/lives.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="Write docs/lives.md.")
        parser.add_argument("--json", action="store_true", help="Print the steps as JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["write"]:
            PAGE.write_text(lives.page())
        if options["json"]:
            self.stdout.write(json.dumps([asdict(step) | {"of": life.title} for life in lives.told() for step in life.steps], indent=2))
        else:
            self.stdout.write(lives.page())
