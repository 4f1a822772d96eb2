"""What a mail that came back says, for whoever looks after the mail server."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from committees.notices import returned
from committees.notices.returned import Reading


class Command(BaseCommand):
    help = (
        "Say what a returned mail says of each recipient: status, reason, and whether the address is dead. Changes nothing, keeps nothing. "
        "Exit code 1 where the file cannot be opened; what is no returned mail has no bounces."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the mail as it lies in a mailbox (.eml); - for standard input")
        parser.add_argument("--json", action="store_true", help="say it as JSON")

    def handle(self, *, file: str, json: bool, **options: Any) -> None:
        reading = returned.classify(_read(file))
        self.stdout.write(_as_json(reading) if json else _as_lines(reading))


def _read(file: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read(returned.LONGEST)
        with Path(file).open("rb") as opened:
            return opened.read(returned.LONGEST)
    except OSError as problem:
        raise CommandError(f"{file}: {problem.strerror}") from None


def _as_json(reading: Reading) -> str:
    """`complaint` stands there only where it is one."""
    said: dict[str, Any] = {"bounces": [{"status": each.status, "reason": each.reason.value, "hard": each.hard} for each in reading.bounces]}
    return json.dumps(said | ({"complaint": True} if reading.complaint else {}))


def _as_lines(reading: Reading) -> str:
    if reading.complaint:
        return "a complaint about a mail that arrived"
    if reading.broken:
        return "not a mail that can be read"
    lines = [f"{each.status or '-'} {each.reason.value}, {'the address is dead' if each.hard else 'the address may live'}" for each in reading.bounces]
    return "\n".join(lines) or "not a returned mail"
