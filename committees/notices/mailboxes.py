"""The mailbox that mails come back to: a folder on this machine (Maildir), or one on another server (IMAP, by TLS alone).

Both give a message as it lies there and keep it until they are told what becomes of it, so that whoever dies in between finds it again.
"""

from __future__ import annotations

import contextlib
import imaplib
import os
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from committees.notices.returned import LONGEST

#: Where what a person has to look at is put: a folder beside (Maildir) or below (IMAP) the one that is read.
ASIDE = "set-aside"
_TIMEOUT = 20.0


class CannotRead(Exception):
    """The mailbox does not answer, or does not let us in. Says no name and no address."""


class Mail(Protocol):
    """One message in a mailbox."""

    def read(self) -> bytes: ...

    def remove(self) -> None: ...

    def set_aside(self) -> None: ...


class Box(Protocol):
    def waiting(self, most: int) -> Iterator[Mail]: ...


def opened(address: str) -> AbstractContextManager[Box]:
    """The mailbox of this address (BOUNCE_MAILBOX). Raises CannotRead."""
    return _maildir(address) if urlsplit(address).scheme == "maildir" else _imap(address)


# -- A folder ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _File:
    path: Path
    aside: Path

    def read(self) -> bytes:
        with self.path.open("rb") as file:
            return file.read(LONGEST)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def set_aside(self) -> None:
        with contextlib.suppress(FileNotFoundError):  # somebody else was faster
            self.path.rename(self.aside / "cur" / f"{self.path.name.partition(':')[0]}:2,S")


@dataclass(frozen=True)
class Maildir:
    folder: Path

    def waiting(self, most: int) -> Iterator[Mail]:
        """What lies there, the oldest first, as far as names tell."""
        aside = self.folder / f".{ASIDE}"
        for name in ("cur", "new", "tmp"):
            (aside / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        there = [entry for name in ("new", "cur") for entry in os.scandir(self.folder / name) if entry.is_file(follow_symlinks=False)]
        for entry in sorted(there, key=lambda entry: entry.name)[:most]:
            yield _File(Path(entry.path), aside)


@contextlib.contextmanager
def _maildir(address: str) -> Iterator[Maildir]:
    folder = Path(unquote(urlsplit(address).path))
    if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
        raise CannotRead("no Maildir is there")
    try:
        yield Maildir(folder)
    except OSError as problem:
        raise CannotRead(type(problem).__name__) from None


# -- Another server ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Uid:
    server: imaplib.IMAP4
    uid: str

    def read(self) -> bytes:
        _answer, found = self.server.uid("FETCH", self.uid, f"(BODY.PEEK[]<0.{LONGEST}>)")
        return next((bytes(piece[1]) for piece in found or () if isinstance(piece, tuple)), b"")

    def remove(self) -> None:
        _said_ok(self.server.uid("STORE", self.uid, "+FLAGS.SILENT", r"(\Deleted)"))

    def set_aside(self) -> None:
        _said_ok(self.server.uid("COPY", self.uid, ASIDE))
        self.remove()


@dataclass(frozen=True)
class Imap:
    server: imaplib.IMAP4

    def waiting(self, most: int) -> Iterator[Mail]:
        _answer, found = self.server.uid("SEARCH", "UNDELETED")
        uids = (found[0] or b"").split() if found else []
        for uid in uids[:most]:
            yield _Uid(self.server, uid.decode("ascii"))


def _said_ok(answer: tuple[str, object]) -> None:
    if answer[0] != "OK":
        raise CannotRead("the mailbox refused to move a message")


@contextlib.contextmanager
def _imap(address: str) -> Iterator[Imap]:
    there = urlsplit(address)
    try:
        store = imaplib.IMAP4_SSL(there.hostname or "", there.port or 993, ssl_context=ssl.create_default_context(), timeout=_TIMEOUT)
    except (OSError, imaplib.IMAP4.error) as problem:
        raise CannotRead(type(problem).__name__) from None
    try:
        store.login(unquote(there.username or ""), unquote(there.password or ""))
        _said_ok(store.select(_quoted(unquote(there.path.strip("/")) or "INBOX")))
        store.create(ASIDE)  # says no where it is there
        yield Imap(store)
        store.expunge()
    except (OSError, imaplib.IMAP4.error) as problem:
        raise CannotRead(type(problem).__name__) from None
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            store.logout()


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
