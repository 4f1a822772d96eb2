"""Any list as headings and rows: CSV with whatever delimiter and encoding, XLSX, JSON, JSON lines, GeoJSON. Row by row, never whole."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Protocol, cast

from django.utils.translation import gettext as _

from committees.base.errors import Refused

#: Text, or what JSON lists hold. Numbers and dates of spreadsheets are text by the time they are here.
type Cell = str | list[Any] | dict[str, Any]

#: What a spreadsheet may become when it is unpacked, and its table of texts, which is read whole.
_UNPACKED, _TEXTS = 200_000_000, 40_000_000
#: Whatever its library says about a spreadsheet that is damaged.
_DAMAGED = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, EOFError, SyntaxError)
_SNIFFED = 65536
#: How a spreadsheet begins, and what `InHand.packed` made.
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_LOOKED_AT = 40  # records in which the headings and the delimiter are sought
_DELIMITERS = ",;\t|"
_BROKEN = ["\x00"]
_NUMBER = re.compile(r"^[-+]?[\d.,\s]*\d%?$")


class File(Protocol):
    """A file that can be opened again and again: a path, or `InHand`."""

    def open(self, mode: str = "r", *, encoding: str | None = None, errors: str | None = None, newline: str | None = None) -> IO[Any]: ...

    def read_text(self, encoding: str | None = None, errors: str | None = None) -> str: ...


@dataclass(frozen=True)
class InHand:
    """A file that stands nowhere: its bytes, as they are or as `packed` makes them."""

    content: bytes

    @staticmethod
    def packed(content: bytes) -> bytes:
        """The same in less room: a table as text is a tenth of its size. A spreadsheet is packed as it is."""
        return content if content.startswith(_ZIP) else gzip.compress(content, compresslevel=6, mtime=0)

    def open(self, mode: str = "r", *, encoding: str | None = None, errors: str | None = None, newline: str | None = None) -> IO[Any]:
        raw: IO[bytes] = io.BytesIO(self.content)
        if self.content.startswith(_GZIP):
            raw = cast("IO[bytes]", gzip.GzipFile(fileobj=raw))  # unpacked piece by piece
        return raw if "b" in mode else io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline=newline)

    def read_text(self, encoding: str | None = None, errors: str | None = None) -> str:
        with self.open(encoding=encoding, errors=errors) as file:
            return str(file.read())


@dataclass(frozen=True)
class Record:
    """One row of a list: where it stands in the file, its cells by column, and what is wrong with it as a row."""

    number: int
    cells: tuple[Cell, ...]
    surplus: int = 0
    broken: bool = False


class Source:
    """A list that can be gone through again and again. Each time the file is opened anew."""

    def __init__(self, path: File) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self.head = file.read(_SNIFFED)
        except OSError as problem:
            raise Refused(_("The file cannot be read: %(why)s") % {"why": problem.strerror or problem}) from None
        if not self.head.strip():
            raise Refused(_("The file is empty."))
        if self.head.startswith(b"\xd0\xcf\x11\xe0"):
            raise Refused(_("This is an old Excel file. Save it as .xlsx or CSV."))
        self.encoding = "" if self.head.startswith(_ZIP) else _encoding(path, self.head)
        self.is_json = self.encoding != "" and self.head.decode(self.encoding, "replace").lstrip("\ufeff \t\r\n")[:1] in {"[", "{"}
        self.headings: tuple[str, ...] = ()
        if self.is_json:
            self.headings = _keys(itertools.islice(self._objects(), 1000))
        else:
            self._find_headings()
        if not self.headings:
            raise Refused(_("The file holds no rows."))

    def __iter__(self) -> Iterator[Record]:
        if self.is_json:
            yield from self._from_objects()
            return
        width = len(self.headings)
        for number, cells in self._lines():
            if number < self.first or not any(cells):
                continue
            surplus = sum(1 for cell in cells[width:] if cell)
            yield Record(number, tuple(cells[:width]) + ("",) * (width - len(cells)), surplus=surplus, broken=cells == _BROKEN)

    # -- tables ---------------------------------------------------------------------------------
    def _find_headings(self) -> None:
        """The first row that is as wide as the others and holds words. A list without one gets "column 1", "column 2" …"""
        if self.encoding:
            self.delimiter = _delimiter(self.head.decode(self.encoding, "replace"))
        looked_at = [(n, cells) for n, cells in itertools.islice(self._lines(), _LOOKED_AT) if any(cells)]
        if not looked_at:
            return
        widths = Counter(_width(cells) for _n, cells in looked_at)
        usual = max(widths, key=lambda w: (widths[w], w))
        for number, cells in looked_at:
            if _width(cells) >= max(1, 0.6 * usual) and sum(map(bool, cells)) >= 0.6 * _width(cells):
                wide = max(_width(cells), usual)
                if any(_NUMBER.match(cell) and "." in cell for cell in cells):
                    self.first, names = number, [""] * wide
                else:
                    self.first, names = number + 1, [*cells, *[""] * wide][:wide]
                self.headings = tuple(" ".join(name.split()) or f"column {i + 1}" for i, name in enumerate(names))
                return

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        yield from enumerate(self._from_text() if self.encoding else self._from_workbook(), start=1)

    def _from_text(self) -> Iterator[list[str]]:
        csv.field_size_limit(1_000_000)
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            lines = csv.reader(file, delimiter=self.delimiter)
            while True:
                try:
                    yield [cell.strip() for cell in next(lines)]
                except StopIteration:
                    return
                except csv.Error:  # a quote that never closes: what follows is read on
                    yield list(_BROKEN)

    def _from_workbook(self) -> Iterator[list[str]]:
        # Read only where there is a spreadsheet: every other list, and every start, would wait a second for it.
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            with self.path.open("rb") as file:
                _refuse_bombs(file)
                book = load_workbook(file, read_only=True, data_only=True)
                sheet = next((s for s in book.worksheets if any(any(row) for row in itertools.islice(s.values, _LOOKED_AT))), None)
                for row in sheet.values if sheet is not None else ():
                    yield [_plain(value) for value in row]
        except (InvalidFileException, *_DAMAGED) as problem:
            raise Refused(
                _("The spreadsheet cannot be read to its end. Save it again, or save it as CSV. (%(why)s)") % {"why": type(problem).__name__}
            ) from None

    # -- JSON ------------------------------------------------------------------------------------
    def _from_objects(self) -> Iterator[Record]:
        for number, found in enumerate(self._objects(), start=1):
            if isinstance(found, dict):
                flat = _flat(found)
                yield Record(number, tuple(flat.get(heading, "") for heading in self.headings))
            else:
                yield Record(number, ("",) * len(self.headings), broken=True)

    def _objects(self) -> Iterator[Any]:
        with self.path.open(encoding=self.encoding, errors="replace") as file:
            start = file.read(1)
            while start and (start.isspace() or start == "\ufeff"):
                start = file.read(1)
            if start == "[":
                yield from _array(file)
                return
            file.seek(0)
            first = _try_json(next((line for line in file if line.strip()), "").lstrip("\ufeff"))
            if isinstance(first, dict) and not _lists_in(first):  # JSON lines
                yield first
                yield from (_try_json(line) for line in file if line.strip())
                return
        whole = first or _try_json(self.path.read_text(self.encoding, "replace").lstrip("\ufeff"))
        if not isinstance(whole, dict):
            raise Refused(_("The file begins like JSON but cannot be read as such."))
        yield from max(_lists_in(whole), key=len, default=[whole])


def _refuse_bombs(file: IO[bytes]) -> None:
    """A small file may unpack to more than there is room for; what it says of its own size is what is unpacked at most."""
    with zipfile.ZipFile(file) as packed:
        sizes = {part.filename.rsplit("/", 1)[-1].lower(): part.file_size for part in packed.infolist()}
        if sum(part.file_size for part in packed.infolist()) > _UNPACKED or sizes.get("sharedstrings.xml", 0) > _TEXTS:
            raise Refused(_("This spreadsheet is too large once it is unpacked. Save it as CSV, or cut it in two."))
    file.seek(0)


def _encoding(path: File, head: bytes) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return name
    # UTF-16 without a mark: in Western text every other byte is zero. A few stray zeros are not that.
    half = max(1, len(head) // 2)
    if head[1::2].count(0) > 0.4 * half:
        return "utf-16-le"
    if head[0::2].count(0) > 0.4 * half:
        return "utf-16-be"
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter(text: str) -> str:
    """The one that cuts most rows into the same number of cells, and into more than one."""
    best, score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            rows = [len(row) for row in itertools.islice(csv.reader(io.StringIO(text), delimiter=delimiter), _LOOKED_AT) if row]
        except csv.Error:
            continue
        width, agreeing = Counter(rows).most_common(1)[0] if rows else (1, 0)
        if width > 1 and (fit := agreeing / len(rows) * min(width, 6)) > score:
            best, score = delimiter, fit
    return best


def _width(cells: list[str]) -> int:
    return next((i + 1 for i in range(len(cells) - 1, -1, -1) if cells[i]), 0)


def _plain(value: Any) -> str:
    """A spreadsheet's value as text: whole numbers without ".0"."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _try_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _lists_in(whole: dict[str, Any]) -> list[list[Any]]:
    """The lists of rows inside a wrapper like {"data": [...]} or a GeoJSON collection."""
    return [value for value in whole.values() if isinstance(value, list) and value and isinstance(value[0], dict)]


def _array(file: Iterable[str] | io.TextIOBase) -> Iterator[Any]:
    """The elements of a JSON array, read piece by piece. A broken element ends the list: where the next begins is unknown."""
    decoder, text, ended = json.JSONDecoder(), "", False
    while True:
        text = text.lstrip(" \t\r\n,")
        if text.startswith("]"):
            return
        try:
            if text:
                value, end = decoder.raw_decode(text)
                if ended or end < len(text):
                    yield value
                    text = text[end:]
                    continue
        except RecursionError:
            yield None
            return
        except ValueError:
            if ended:
                yield None
                return
        if ended:
            return
        piece = file.read(_SNIFFED)  # type: ignore[union-attr]
        ended = not piece
        text += piece


def _flat(found: dict[str, Any]) -> dict[str, Cell]:
    """One level of names: {"address": {"city": …}} becomes "address city". Points stay whole."""
    flat: dict[str, Cell] = {}
    for key, value in found.items():
        if isinstance(value, dict) and "coordinates" not in value:
            for inner, deep in _flat(value).items():
                flat[f"{key} {inner}" if key != "properties" else inner] = deep
        elif isinstance(value, dict | list):
            flat[key] = value
        elif value is not None:
            flat[key] = str(value).strip()
    return flat


def _keys(objects: Iterable[Any]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for one in objects:
        if isinstance(one, dict):
            found.update(dict.fromkeys(_flat(one)))
    return tuple(found)
