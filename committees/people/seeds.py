"""The seeds of second steps (an app's, the spare codes'), which the accounts library keeps in JSON and this site seals."""

from __future__ import annotations

import base64
import binascii

from django.conf import settings

from committees.base import crypto

LABEL = "mfa.Authenticator"
#: Where the library keeps a seed in `data`. The codes follow from it and are not kept.
NAMES = ("secret", "seed")


def seal(text: str) -> str:
    return base64.b64encode(crypto.seal(text.encode(), label=LABEL)).decode()


def unseal(sealed: str) -> str:
    """Raises CannotOpen."""
    try:
        return crypto.open_sealed(base64.b64decode(sealed, validate=True), label=LABEL).decode()
    except binascii.Error:
        raise crypto.CannotOpen(f"a sealed value of {LABEL} is not base64") from None


def is_older(sealed: str) -> bool:
    """Whether it was sealed under another key than the current one, or does not look sealed at all."""
    try:
        return crypto.sealed_version(base64.b64decode(sealed, validate=True)) != settings.FIELD_KEYS.current
    except (binascii.Error, IndexError):
        return True
