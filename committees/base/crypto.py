"""Sealing what a stolen database must not show, and finding it again without opening it.

Keys live outside the database (settings.FIELD_KEYS, see docs/running.md). A sealed value is
``version (1 byte) | nonce (12) | AES-256-GCM ciphertext and tag``; the label of its column is bound in as associated
data, so that a value moved to another column does not open. Look-ups use HMAC-SHA-256 under a key of their own.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12


class CannotOpen(Exception):
    """A sealed value does not open: its key version is gone, or it was changed or moved."""


@lru_cache(maxsize=64)
def _derived(root: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(root)


def derived_key(purpose: str, *, version: int | None = None) -> bytes:
    """32 bytes for one purpose, derived (HKDF, RFC 5869) from the field key of that version, or of the current one."""
    keys = settings.FIELD_KEYS
    try:
        return _derived(keys.keys[version if version is not None else keys.current], purpose)
    except KeyError:
        raise CannotOpen(f"field key version {version} is not configured") from None


def seal(plain: bytes, *, label: str) -> bytes:
    """Encrypt under the current key; `label` names the column and must be given again to open."""
    version = settings.FIELD_KEYS.current
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(derived_key("field", version=version))
    return bytes([version]) + nonce + cipher.encrypt(nonce, plain, label.encode())


def open_sealed(sealed: bytes, *, label: str) -> bytes:
    """Decrypt what `seal` made. Raises CannotOpen if the key is gone or a bit was changed."""
    if len(sealed) <= 1 + NONCE_BYTES:
        raise CannotOpen(f"a sealed value of {label} is cut short")
    version, nonce, body = sealed[0], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(derived_key("field", version=version)).decrypt(nonce, body, label.encode())
    except InvalidTag:
        raise CannotOpen(f"a sealed value of {label} does not open") from None


def sealed_version(sealed: bytes) -> int:
    """The key version under which a value was sealed (for rotation)."""
    return sealed[0]


def lookup_hmac(value: str, *, purpose: str) -> str:
    """A deterministic name (hex) for a secret value, to find or compare it without opening anything.

    Always made with the oldest configured key, for a look-up must not change when the sealing key rotates.
    """
    key = derived_key(f"lookup:{purpose}", version=settings.FIELD_KEYS.lookup)
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
