"""The file in which a committee travels: a ZIP of lines of JSON, sealed with a passphrase in the age format (age-encryption.org).

    chest.json            what it is: format, version, and of each other file how many lines it has and its SHA-256
    NAME.jsonl            one row a line

Whoever takes it in trusts nothing of it: sizes are limited before anything is unpacked, each value is asked for by the kind that it
has to be, and HTML is not in it. The `age` program of any distribution and any ZIP program open it for its owners.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

import pyrage
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from committees.base.errors import Refused

FORMAT = "rank-and-file committee"
VERSION = 1
SUMMARY = "chest.json"
#: Bytes: of the sealed file, and of all that is in it.
LARGEST = 48 * 1024 * 1024
LARGEST_INSIDE = 400 * 1024 * 1024
MOST_FILES = 40
LONGEST_LINE = 512 * 1024
MOST_ROWS = 600_000


class Damaged(Refused):
    """The file is not what it should be; the words say where."""

    def __init__(self, where: str = "") -> None:
        said = _("This file cannot be read. It is damaged, or was not made by this software.")
        super().__init__(f"{said} ({where})" if where else said, field="file")


def sealed(content: bytes, passphrase: str) -> bytes:
    """A chest as it is given away. Takes a second or two by design, so that nobody tries many words."""
    made: bytes = pyrage.passphrase.encrypt(content, passphrase)
    return made


def unsealed(brought: bytes, passphrase: str) -> bytes:
    """A chest as somebody brought it. Refused for other words, for what is no sealed file, and for one that is too large."""
    if len(brought) > LARGEST:
        raise Refused(_("This file is too large."), field="file")
    try:
        content: bytes = pyrage.passphrase.decrypt(brought, passphrase)
    except pyrage.DecryptError:
        raise Refused(_("These words do not open this file. Check each of them."), field="passphrase") from None
    return content


class Packing:
    """A chest that is being packed."""

    def __init__(self) -> None:
        self._content = io.BytesIO()
        self._zip = zipfile.ZipFile(self._content, "w", zipfile.ZIP_DEFLATED)
        self._files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """One file, a line for each row. Values are text, numbers, truth values, None, lists and dicts of them."""
        digest, count = hashlib.sha256(), 0
        with self._zip.open(f"{name}.jsonl", "w", force_zip64=True) as out:
            for row in rows:
                line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                digest.update(line)
                out.write(line)
                count += 1
        self._files[name] = {"rows": count, "sha256": digest.hexdigest()}

    def close(self) -> bytes:
        """The whole chest, to be sealed."""
        self._zip.writestr(SUMMARY, json.dumps({"format": FORMAT, "version": VERSION, "files": self._files}))
        self._zip.close()
        return self._content.getvalue()


class Line:
    """One row of a file that somebody brought. Each question says what the value has to be; anything else is `Damaged`."""

    def __init__(self, values: Any, where: str) -> None:
        self._where = where
        if not isinstance(values, dict):
            raise self.wrong()
        self._values = values

    def wrong(self, key: str = "") -> Damaged:
        return Damaged(f"{self._where} {key}".strip())

    def _value[T](self, key: str, kind: type[T]) -> T:
        value = self._values.get(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.wrong(key)
        return value

    def has(self, key: str) -> bool:
        return self._values.get(key) is not None

    def text(self, key: str, most: int, *, least: int = 0) -> str:
        """Text of so many characters, without those that a database cannot keep."""
        value = self._value(key, str)
        if not least <= len(value) <= most or "\x00" in value or any("\ud800" <= each <= "\udfff" for each in value):
            raise self.wrong(key)
        return value

    def number(self, key: str, *, most: int = 2**31 - 1, least: int = 0) -> int:
        value = self._value(key, int)
        if not least <= value <= most:
            raise self.wrong(key)
        return value

    def maybe_number(self, key: str, **limits: int) -> int | None:
        return self.number(key, **limits) if self.has(key) else None

    def flag(self, key: str) -> bool:
        return self._value(key, bool)

    def choice[C: TextChoices](self, key: str, choices: type[C]) -> C:
        try:
            return choices(self._value(key, str))
        except ValueError:
            raise self.wrong(key) from None

    def _parsed[T](self, key: str, parse: Callable[[str], T]) -> T:
        try:
            return parse(self._value(key, str))
        except ValueError:
            raise self.wrong(key) from None

    def instant(self, key: str) -> datetime:
        """An aware instant."""
        found = self._parsed(key, datetime.fromisoformat)
        if found.tzinfo is None or not 2000 <= found.year <= 2200:
            raise self.wrong(key)
        return found

    def maybe_instant(self, key: str) -> datetime | None:
        return self.instant(key) if self.has(key) else None

    def day(self, key: str) -> date:
        return self._parsed(key, date.fromisoformat)

    def clock(self, key: str) -> time:
        return self._parsed(key, time.fromisoformat)

    def words(self, key: str, *, most: int, each: int) -> list[str]:
        """A list of short texts."""
        values = self._value(key, list)
        if len(values) > most or not all(isinstance(value, str) and 0 < len(value) <= each and "\x00" not in value for value in values):
            raise self.wrong(key)
        return list(values)

    def part(self, key: str) -> Line:
        """A row within the row."""
        return Line(self._values.get(key), f"{self._where} {key}")

    def each(self, key: str) -> dict[str, Line]:
        """Rows by name."""
        return {str(name): Line(values, f"{self._where} {name}") for name, values in self._value(key, dict).items()}

    def lines(self, key: str, *, most: int) -> list[Line]:
        """A list of rows."""
        values = self._value(key, list)
        if len(values) > most:
            raise self.wrong(key)
        return [Line(value, f"{self._where} {key}") for value in values]


class Chest:
    """A file that somebody brought, opened. Raises `Damaged` for anything that is not as it should be."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except zipfile.BadZipFile:
            raise Damaged from None
        self._look_over()

    def _look_over(self) -> None:
        inside = self._zip.infolist()
        if len(inside) > MOST_FILES or sum(each.file_size for each in inside) > LARGEST_INSIDE:
            raise Damaged(_("too much is in it"))
        try:
            summary = Line(json.loads(self._zip.read(SUMMARY)), SUMMARY)
        except (KeyError, ValueError, zipfile.BadZipFile):
            raise Damaged(SUMMARY) from None
        if summary.text("format", 60) != FORMAT:
            raise Damaged(SUMMARY)
        if summary.number("version") > VERSION:
            raise Refused(_("This file was made by a newer version of this software."), field="file")
        self._files = summary.each("files")
        if sum(said.number("rows") for said in self._files.values()) > MOST_ROWS:
            raise Damaged(_("too much is in it"))

    def __contains__(self, name: str) -> bool:
        return name in self._files

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._files)

    def count(self, name: str) -> int:
        return self._files[name].number("rows") if name in self._files else 0

    def rows(self, name: str) -> Iterator[Line]:
        """The rows of one file. Raises at the end where they are not the ones that were packed."""
        if name not in self._files:
            return
        digest, count = hashlib.sha256(), 0
        try:
            with self._zip.open(f"{name}.jsonl") as content:
                while raw := content.readline(LONGEST_LINE + 1):
                    count += 1
                    if len(raw) > LONGEST_LINE:
                        raise Damaged(f"{name} {count}")
                    digest.update(raw)
                    yield Line(json.loads(raw), f"{name} {count}")
        except (KeyError, ValueError, zipfile.BadZipFile, OSError, RecursionError):
            raise Damaged(name) from None
        if count != self._files[name].number("rows") or digest.hexdigest() != self._files[name].text("sha256", 64):
            raise Damaged(name)

    def look_through(self) -> None:
        """Every row of every file is read once."""
        for name in self._files:
            for _line in self.rows(name):
                pass

    def only(self, name: str) -> Line:
        """The one row of a file that has one."""
        found = list(self.rows(name))
        if len(found) != 1:
            raise Damaged(name)
        return found[0]
