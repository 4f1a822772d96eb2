"""Photographs as they stand in a PDF, without the parts in which cameras and programs write about themselves; the picture stays to the bit.

JPEG: ISO/IEC 10918-1, its markers. JPEG 2000: ISO/IEC 15444-1, its boxes.
"""

from __future__ import annotations

#: Markers that say how colours are meant: JFIF, the profile, Adobe's.
KEPT = (0xE0, 0xE2, 0xEE)
TELLS = {b"uuid", b"xml ", b"uinf"}


def bare_jpeg(raw: bytes) -> bytes:
    """Without EXIF, XMP, comments, and what follows its end. What is no JPEG comes back as nothing."""
    if not raw.startswith(b"\xff\xd8"):
        return b""
    out, at = [b"\xff\xd8"], 2
    while at + 4 <= len(raw):
        if raw[at] != 0xFF:
            return b""
        marker = raw[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in (0xD9, 0xDA):
            end = raw.rfind(b"\xff\xd9")
            out.append(raw[at : end + 2] if end > at else raw[at:])
            return b"".join(out)
        length = 2 if 0xD0 <= marker <= 0xD7 or marker == 0x01 else 2 + int.from_bytes(raw[at + 2 : at + 4])
        is_about_itself = marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in KEPT)
        if not is_about_itself and not (marker == 0xE2 and not raw[at + 4 : at + 15].startswith(b"ICC_PROFILE")):
            out.append(raw[at : at + length])
        at += length
    return b"".join(out)


def bare_jpeg2000(raw: bytes) -> bytes:
    """Without boxes of free text. A bare code stream has none, and comes back as it is."""
    if raw.startswith(b"\xff\x4f\xff\x51"):
        return raw
    out, at = list[bytes](), 0
    while at + 8 <= len(raw):
        length, kind = int.from_bytes(raw[at : at + 4]), raw[at + 4 : at + 8]
        if length == 1 and at + 16 <= len(raw):
            length = int.from_bytes(raw[at + 8 : at + 16])
        elif length == 0:
            length = len(raw) - at
        if length < 8:
            break
        if kind not in TELLS:
            out.append(raw[at : at + length])
        at += length
    return b"".join(out)
