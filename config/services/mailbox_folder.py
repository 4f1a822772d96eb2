"""The sink's mail: a Maildir under VAR/mail, one file a message, newest first."""

from __future__ import annotations

import os
import re
import secrets
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

NAME = re.compile(r"^[0-9]{13}\.[0-9a-f]{12}$")


@dataclass(frozen=True)
class Part:
    """One part of a message that a person can read as text."""

    kind: str
    name: str
    text: str


@dataclass(frozen=True)
class Letter:
    """A message as the reader shows it."""

    name: str
    message: EmailMessage
    envelope_to: str

    def header(self, name: str) -> str:
        return str(self.message.get(name, ""))

    @property
    def parts(self) -> list[Part]:
        texts = (part for part in self.message.walk() if part.get_content_maintype() == "text")
        return [Part(part.get_content_type(), part.get_filename() or "", _text(part)) for part in texts]


class Folder:
    """Writing is a write and a rename; a mail is there whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for each in ("tmp", "new", "cur"):
            (path / each).mkdir(mode=0o700, parents=True, exist_ok=True)

    def add(self, raw: bytes, *, envelope_from: str, envelope_to: list[str]) -> str:
        name = f"{time.time_ns() // 1_000_000:013d}.{secrets.token_hex(6)}"
        head = f"Return-Path: <{_one_line(envelope_from)}>\r\nX-Envelope-To: {', '.join(map(_one_line, envelope_to))}\r\n"
        with open(os.open(self.path / "tmp" / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(head.encode("utf-8", "replace") + raw)
        (self.path / "tmp" / name).rename(self.path / "new" / name)
        return name

    def names(self, *, before: str = "", limit: int = 100) -> list[str]:
        """The newest names, or those older than `before`."""
        found = (entry.name for entry in os.scandir(self.path / "new") if NAME.match(entry.name))
        return sorted((name for name in found if not before or name < before), reverse=True)[:limit]

    def read(self, name: str) -> Letter | None:
        """One letter; None for a name that is not there or is no name of ours (`../secrets/…`)."""
        if not NAME.match(name):
            return None
        try:
            raw = (self.path / "new" / name).read_bytes()
        except FileNotFoundError:
            return None
        message = message_from_bytes(raw, policy=policy.default)
        return Letter(name, message, str(message.get("X-Envelope-To", "")))


def _one_line(text: str) -> str:
    return re.sub(r"[\r\n]", "", text)


def _text(part: EmailMessage) -> str:
    """A part's text, whatever its sender claims about its alphabet."""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
