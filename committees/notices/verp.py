"""Whom a mail went to, in the address that it comes back to (VERP): sealed, so that it tells nothing, and signed, so that nobody else
can make one.

Whoever gets a mail can read the name of that one mail in its Return-Path and pretend that it came back: it is their own address that
they stop. A name consists of the version of the key, one block of AES over (kind, row, contact), which gives no two mails the same, and ten bytes of
an HMAC; in base32, for mail servers may change capitals.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from committees.base import crypto
from committees.notices import moulds

_SEAL, _SIGN = "notices.verp.seal", "notices.verp.sign"
_BLOCK = struct.Struct(">BQ7s")
_SIGNATURE = 10
_LETTERS = 44
#: So many names are looked at in one message; the true one stands at its beginning.
_MOST = 40


class Kind(IntEnum):
    """What kind of mail it was."""

    NOTICE = 1
    ACCOUNT = 2


@dataclass(frozen=True)
class Named:
    """One mail that was sent: a delivery or an account mail, and the contact that it went to."""

    kind: Kind
    row_id: int
    contact_id: int

    @property
    def of(self) -> str:
        return f"{self.kind.name.lower()} {self.row_id}"


def envelope(named: Named) -> str:
    """The envelope's sender: where this mail comes back to. Without BOUNCE_ADDRESS the one that stands in the mail."""
    address = settings.BOUNCE_ADDRESS
    return address.replace("*", name_of(named)) if address else moulds.sender()


def name_of(named: Named) -> str:
    """What names a mail, in 44 letters."""
    version = settings.FIELD_KEYS.current
    block = _BLOCK.pack(named.kind, named.row_id, named.contact_id.to_bytes(7, "big"))
    encryptor = _cipher(crypto.derived_key(_SEAL, version=version)).encryptor()
    sealed = bytes([version]) + encryptor.update(block) + encryptor.finalize()
    return _written(sealed + _signature(sealed, version))


def _written(whole: bytes) -> str:
    """In base32 the last letter has bits to spare: there is one way to write a name, and no other is read."""
    return base64.b32encode(whole).decode().rstrip("=").lower()


def _signature(sealed: bytes, version: int) -> bytes:
    return hmac.new(crypto.derived_key(_SIGN, version=version), sealed, hashlib.sha256).digest()[:_SIGNATURE]


def _cipher(key: bytes) -> Cipher[modes.ECB]:
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 (one block, and no two are the same)


def read(name: str) -> Named | None:
    """What a name names, if it is one of ours."""
    try:
        whole = base64.b32decode(name.upper() + "=" * (-len(name) % 8))
        sealed, signature, version = whole[:-_SIGNATURE], whole[-_SIGNATURE:], whole[0]
        if not hmac.compare_digest(signature, _signature(sealed, version)) or _written(whole) != name.lower():
            return None
        decryptor = _cipher(crypto.derived_key(_SEAL, version=version)).decryptor()
        kind, row_id, contact = _BLOCK.unpack(decryptor.update(sealed[1:]) + decryptor.finalize())
        return Named(Kind(kind), row_id, int.from_bytes(contact, "big"))
    except (binascii.Error, crypto.CannotOpen, ValueError, IndexError, struct.error):
        return None


@lru_cache(maxsize=4)
def _pattern(address: str) -> re.Pattern[bytes]:
    before, _star, after = address.partition("*")
    return re.compile(re.escape(before.encode()) + b"([a-z2-7]{%d})" % _LETTERS + re.escape(after.encode()), re.IGNORECASE)


def _names_in(raw: bytes) -> Iterator[str]:
    if settings.BOUNCE_ADDRESS:
        for n, match in enumerate(_pattern(settings.BOUNCE_ADDRESS).finditer(raw)):
            if n >= _MOST:
                return
            yield match[1].decode()


def named_in(raw: bytes) -> Named | None:
    """Which mail a message is about: the first name in it that is one of ours. In what comes back it is where it was sent to, in a
    complaint it stands in the copy of the mail."""
    return next((named for name in _names_in(raw) if (named := read(name))), None)
