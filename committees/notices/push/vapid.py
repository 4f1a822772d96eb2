"""The server's own key (RFC 8292): browsers are made to take messages signed with it, and no others."""

from __future__ import annotations

import hashlib
import time
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from py_vapid import Vapid02

from committees.notices.push.sealing import b64, public, unb64

#: RFC 8292 allows a day.
_HOURS = 12


@lru_cache(maxsize=4)
def _key(raw: str) -> Vapid02:
    return Vapid02(ec.derive_private_key(int.from_bytes(unb64(raw), "big"), ec.SECP256R1()))


def public_key() -> str:
    """What a browser is given when it is asked for an address (applicationServerKey)."""
    return b64(public(_key(settings.VAPID_PRIVATE_KEY).private_key))


def name() -> str:
    """A short name of the key: what was made for another one gets nothing."""
    return hashlib.sha256(public_key().encode()).hexdigest()[:16]


def origin(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


def authorization(endpoint: str) -> str:
    """The header that says who sends; the same for all addresses of one service, for some hours."""
    return _signed(settings.VAPID_PRIVATE_KEY, origin(endpoint), settings.SITE_URL, int(time.time()) // 3600)


@lru_cache(maxsize=64)
def _signed(raw: str, audience: str, site: str, hour: int) -> str:
    # Services want a way to reach whoever sends. The site's address is what they see anyway; a person's they do not get.
    claims = {"aud": audience, "exp": (hour + _HOURS) * 3600, "sub": site if site.startswith("https:") else "mailto:nobody@localhost"}
    header: str = _key(raw).sign(claims)["Authorization"]
    return header
