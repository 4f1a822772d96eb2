"""What makes a chain hold: the digest of an entry over the one before it, and signatures whose key is not in the database.

The digest is plain SHA-256, so that anyone with the rows can recompute it. Whoever can write to the database can
recompute it too: therefore the end of each chain and its checkpoints carry an Ed25519 signature, under a key derived
from the oldest field key (settings.FIELD_KEYS), which stays configured as long as the data lives.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from committees.base import crypto

KEY_PURPOSE = "ledger-signature"


def _canonical(*parts: Any) -> bytes:
    return json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def moment(at: datetime) -> str:
    """One way of writing an instant, whatever zone it was given in."""
    return at.astimezone(UTC).isoformat()


def digest_of(*, chain: str, position: int, at: datetime, verb: str, actor: object, about: str, detail: dict[str, Any], previous: str) -> str:
    """SHA-256 (hex) over a canonical form of one entry and the digest before it."""
    who = "" if actor is None else str(actor)
    return hashlib.sha256(_canonical(chain, position, moment(at), verb, who, about, detail, previous)).hexdigest()


@lru_cache(maxsize=4)
def _key(root: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(root)


def _signing_key() -> Ed25519PrivateKey:
    return _key(crypto.derived_key(KEY_PURPOSE, version=settings.FIELD_KEYS.lookup))


def public_key() -> str:
    """The key (base64) with which anyone may check a signature; `verify_ledger --json` prints it."""
    return base64.b64encode(_signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def sign_head(chain: str, position: int, digest: str) -> str:
    """The signature (base64) of a chain's end."""
    return base64.b64encode(_signing_key().sign(_canonical("head", chain, position, digest))).decode()


def sign_checkpoint(chain: str, position: int, digest: str, through: datetime) -> str:
    """The signature (base64) of a checkpoint."""
    return base64.b64encode(_signing_key().sign(_canonical("checkpoint", chain, position, digest, moment(through)))).decode()


def _holds(signature: str, message: bytes) -> bool:
    try:
        _signing_key().public_key().verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def head_holds(signature: str, *, chain: str, position: int, digest: str) -> bool:
    return _holds(signature, _canonical("head", chain, position, digest))


def checkpoint_holds(signature: str, *, chain: str, position: int, digest: str, through: datetime) -> bool:
    return _holds(signature, _canonical("checkpoint", chain, position, digest, moment(through)))
