"""The code that is shown in the room: six digits, new every minute, worked out from the meeting's secret and the minute alone.

The one of the minute before is taken too, so that nobody types against the clock.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from datetime import datetime

SECONDS = 60
DIGITS = 6


def new_secret() -> str:
    return secrets.token_hex(32)


def step(at: datetime) -> int:
    """Which minute it is: the number of them since the epoch."""
    return int(at.timestamp()) // SECONDS


def of_step(secret: str, number: int) -> str:
    """The digits of one minute (as RFC 4226 cuts them from an HMAC)."""
    mac = hmac.new(bytes.fromhex(secret), number.to_bytes(8, "big"), hashlib.sha256).digest()
    start = mac[-1] & 0x0F
    number_in_mac = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number_in_mac % 10**DIGITS).zfill(DIGITS)


def shown(secret: str, at: datetime) -> str:
    """What stands on the screen at that instant."""
    return of_step(secret, step(at))


def is_right(secret: str, typed: str, at: datetime) -> bool:
    """Whether these are the digits of this minute or of the one before. Blanks and hyphens are overlooked, digits of any script are read."""
    digits = "".join(str(unicodedata.digit(sign)) for sign in re.sub(r"[\s\-]+", "", typed) if unicodedata.digit(sign, None) is not None)
    now = step(at)
    right = [hmac.compare_digest(digits, of_step(secret, number)) for number in (now, now - 1)]
    return any(right)
