"""Photographs as they stand in a PDF, without the parts in which cameras and programs write about themselves; the picture stays to the bit.

JPEG: ISO/IEC 10918-1, its markers. JPEG 2000: ISO/IEC 15444-1, its boxes.
"""

from __future__ import annotations

import re

#: Markers that say how points and colours are meant, and how they begin: JFIF, the profile, Adobe's.
KEPT = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE", 0xEE: b"Adobe"}
#: Boxes without which the picture is not drawn as it is meant: the signature, the kind, what is needed, the header, the points.
KEPT_BOXES = {b"jP  ", b"ftyp", b"rreq", b"jp2h"}
#: In a scan 0xFF is followed by a zero, by another 0xFF or by a mark of its own (D0 to D7); by anything else the next segment begins.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_STREAM, _REMARK, _TILE, _END = b"\xff\x4f\xff\x51", b"\xff\x64", b"\xff\x90", b"\xff\xd9"


def bare_jpeg(raw: bytes) -> bytes:
    """Without EXIF, XMP, comments, and what follows its end. What is no JPEG comes back as nothing."""
    if not raw.startswith(b"\xff\xd8"):
        return b""
    out, at = [b"\xff\xd8"], 2
    while at + 2 <= len(raw):
        if raw[at] != 0xFF:
            return b""
        marker = raw[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in (0xD8, 0xD9):  # its end, or the beginning of another where its own end is missing
            out.append(b"\xff\xd9")
            break
        end = _end_of_segment(raw, at, marker)
        if not _is_about_itself(marker, raw[at + 4 : at + 15]):
            out.append(raw[at:end])
        at = end
    return b"".join(out)


def _end_of_segment(raw: bytes, at: int, marker: int) -> int:
    """Of a scan: where the next marker stands that is none of its own. Between the scans of one picture stand tables, after the last its end."""
    if 0xD0 <= marker <= 0xD7 or marker == 0x01:
        return at + 2
    end = at + 2 + max(2, int.from_bytes(raw[at + 2 : at + 4]))
    if marker != 0xDA:
        return end
    following = _NEXT_MARKER.search(raw, end)
    return following.start() if following else len(raw)


def _is_about_itself(marker: int, start: bytes) -> bool:
    if marker in KEPT:
        return not start.startswith(KEPT[marker])
    return marker == 0xFE or 0xE0 <= marker <= 0xEF


def bare_jpeg2000(raw: bytes) -> bytes:
    """The boxes that draw it, and the stream of points without its remarks and what follows its end."""
    if raw.startswith(_STREAM):
        return _bare_stream(raw)
    out, at = list[bytes](), 0
    while at + 8 <= len(raw):
        length, kind, head = int.from_bytes(raw[at : at + 4]), raw[at + 4 : at + 8], 8
        if length == 1 and at + 16 <= len(raw):
            length, head = int.from_bytes(raw[at + 8 : at + 16]), 16
        elif length == 0:
            length = len(raw) - at
        if length < head:
            break
        if kind == b"jp2c":
            stream = _bare_stream(raw[at + head : at + length])
            out.append((8 + len(stream)).to_bytes(4) + kind + stream)
        elif kind in KEPT_BOXES:
            out.append(raw[at : at + length])
        at += length
    return b"".join(out)


def _bare_stream(raw: bytes) -> bytes:
    """A code stream (annex A): its main header without remarks, its tiles as they are, and its end."""
    if not raw.startswith(_STREAM):
        return b""
    out, at = [raw[:2]], 2
    while (marker := raw[at : at + 2]) and marker not in (_TILE, _END):
        end = at + 2 + max(2, int.from_bytes(raw[at + 2 : at + 4]))
        if marker != _REMARK:
            out.append(raw[at:end])
        at = end
    while raw[at : at + 2] == _TILE:
        length = int.from_bytes(raw[at + 6 : at + 10]) or max(raw.find(_END, at) - at, 12)
        out.append(raw[at : at + max(length, 12)])
        at += max(length, 12)
    return b"".join([*out, _END if raw[at : at + 2] == _END else b""])
