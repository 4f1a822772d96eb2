"""Plain text, and files that only look like it."""

from __future__ import annotations

import codecs
import re

from organizing.papers.cleaning import Cleaned, NotTaken

#: What a browser might take for a page, a drawing or a program.
MARKUP = re.compile(rb"<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php)", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def clean(raw: bytes) -> Cleaned:
    """In UTF-8, without signs that change the direction of what follows. Raises NotTaken for what is no text."""
    text = _decoded(raw)
    if CONTROLS.search(text):
        raise NotTaken("unknown")
    if MARKUP.search(text.encode()):
        raise NotTaken("markup")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    without = re.sub("[\u202a-\u202e\u2066-\u2069\u200b\ufeff]", "", lines)
    if not without.strip():
        raise NotTaken("empty")
    return Cleaned("text", without.encode())


def _decoded(raw: bytes) -> str:
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    coding = next((name for mark, name in marks if raw.startswith(mark)), "utf-8")
    try:
        return raw.decode(coding)
    except UnicodeDecodeError:
        pass
    if b"\x00" in raw:
        raise NotTaken("unknown")
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        raise NotTaken("unknown") from None
