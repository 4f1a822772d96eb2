"""Secrets handed to a person (calendar, unsubscribe, invitation). The database keeps only their digest."""

from __future__ import annotations

import hashlib
import secrets

BYTES = 24


def new() -> tuple[str, str]:
    """A fresh token and its digest: give the first away once, store the second."""
    token = secrets.token_urlsafe(BYTES)
    return token, digest(token)


def digest(token: str) -> str:
    """What is stored for a token (SHA-256, hex; a token has 192 random bits, so no salt is needed)."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
