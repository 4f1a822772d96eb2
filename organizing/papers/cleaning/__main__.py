"""The process in which a file is cleaned: reads it from its input, writes what came of it. Its limits are set before the first byte is read."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable

from organizing.papers.cleaning import LARGEST, LARGEST_KEPT, Cleaned, NotTaken

#: Bytes of memory, seconds of the processor.
MEMORY, SECONDS = 1536 * 1024 * 1024, 20


def _limit() -> None:
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            continue  # a system that knows no such limit


PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
#: ZIP (as all newer office programs pack their documents), the older ones, RTF.
OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")


def clean(raw: bytes) -> Cleaned:
    """By what its first bytes say, whatever its name says. Raises NotTaken."""
    if not raw:
        raise NotTaken("empty")
    if len(raw) > LARGEST:
        raise NotTaken("too_large")
    made = _cleaner(raw)(raw)
    if len(made.content) > LARGEST_KEPT:
        raise NotTaken("too_large")
    return made


def _cleaner(raw: bytes) -> Callable[[bytes], Cleaned]:
    """Each decoder is loaded only where it is needed: that is most of the time that a small file takes."""
    if raw.startswith(b"%PDF-"):
        from organizing.papers.cleaning import pdfs

        return pdfs.clean
    if raw.startswith(PICTURES) or (raw[:4] == b"RIFF" and raw[8:12] == b"WEBP"):
        from organizing.papers.cleaning import images

        return images.clean
    if raw.startswith(OFFICE):
        raise NotTaken("office")
    if raw[4:8] == b"ftyp":
        raise NotTaken("other_picture")
    from organizing.papers.cleaning import texts

    return texts.clean


def main() -> None:
    _limit()
    try:
        made = clean(sys.stdin.buffer.read(LARGEST + 1))
    except NotTaken as no:
        sys.stdout.buffer.write(json.dumps({"why": no.why}).encode() + b"\n")
        return
    except (MemoryError, RecursionError):
        sys.stdout.buffer.write(json.dumps({"why": "too_much"}).encode() + b"\n")
        return
    sys.stdout.buffer.write(json.dumps({"kind": made.kind}).encode() + b"\n" + made.content)


if __name__ == "__main__":
    main()
