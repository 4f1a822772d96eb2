"""Cleaning what people type: one normal form, no characters that hide or turn text around (Unicode TR 36)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

#: Bidirectional overrides and isolates, zero-width and other invisible characters, tags, variation abuse.
_HIDDEN = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc\U000e0000-\U000e007f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_PLAIN_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*")
#: Letters of other scripts (and digits) that read as a Latin one: enough of Unicode TR 39 to compare handles.
_LOOKALIKE = str.maketrans(
    "аеорсухіјѕԁһӏԛԝвкмнтзαορνικτυχε0135ıł",
    "aeopcyxijsdhlqwbkmhtzaopviktuxeolzsil",
)


def clean_line(text: str) -> str:
    """One line: NFKC, no control or hidden characters, runs of white space made one blank, ends trimmed."""
    return _until_it_stays(text, lambda now: _visible(_SPACE.sub(" ", unicodedata.normalize("NFKC", now))))


def clean_text(text: str) -> str:
    """Several lines: NFC (NFKC would change what was meant), newlines as LF, no control or hidden characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _until_it_stays(text, lambda now: _visible(unicodedata.normalize("NFC", now)))


def _visible(text: str) -> str:
    return _HIDDEN.sub("", _CONTROL.sub("", text)).strip()


def _until_it_stays(text: str, clean: Callable[[str], str]) -> str:
    """What stood on both sides of a hidden character may make one letter, or one blank, once it is gone."""
    while (now := clean(text)) != text:
        text = now
    return text


def neutral_cell(text: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula: an apostrophe before what begins like one. Numbers stay numbers."""
    begins = text.lstrip()[:1] in set("=+-@＝＋－＠") or text[:1] in set("\t\r\n")
    return f"'{text}" if begins and not _PLAIN_NUMBER.fullmatch(text) else text


def skeleton(name: str) -> str:
    """What a name looks like: equal for names a reader would take for one another (case, accents, look-alikes, spaces)."""
    folded = unicodedata.normalize("NFKD", clean_line(name).casefold())
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", letters.translate(_LOOKALIKE))


def mixes_scripts(name: str) -> bool:
    """True where one word mixes Latin with Cyrillic or Greek letters, as impostor names do."""
    for word in clean_line(name).split():
        scripts = {unicodedata.name(c, "").split(" ")[0] for c in word if c.isalpha()}
        if len(scripts & {"LATIN", "CYRILLIC", "GREEK"}) > 1:
            return True
    return False
