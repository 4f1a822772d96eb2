"""Sealing a message to one browser: RFC 8291 over RFC 8188 (aes128gcm), one record, always of the same length."""

from __future__ import annotations

import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_CURVE = ec.SECP256R1()
#: What a push service must take is 4096 bytes; this leaves room for each browser's own limits, and for any subject.
LENGTH = 2048
_RECORD, _POINT, _SECRET = 4096, 65, 16


class NotKeys(ValueError):
    """What a browser gave as its keys cannot be any."""


def b64(raw: bytes) -> str:
    """Base64url without padding, as browsers write it."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def checked(p256dh: str, auth: str) -> tuple[bytes, bytes]:
    """A browser's point on the curve and its secret. NotKeys if they cannot be."""
    try:
        point, secret = unb64(p256dh), unb64(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    except ValueError as error:
        raise NotKeys from error
    if len(point) != _POINT or len(secret) != _SECRET:
        raise NotKeys
    return point, secret


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def public(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The uncompressed point of a key."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def seal(plain: bytes, *, point: bytes, secret: bytes, length: int = LENGTH) -> bytes:
    """The body for one browser, which nobody else can read. ValueError for what is longer than `length`."""
    if len(plain) > length:
        raise ValueError(f"{len(plain)} bytes are more than {length}")
    return sealed(plain + b"\x02" + bytes(length - len(plain)), point=point, secret=secret, ours=ec.generate_private_key(_CURVE), salt=os.urandom(16))


def sealed(record: bytes, *, point: bytes, secret: bytes, ours: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """One padded record, sealed under a key of its own."""
    shared = ours.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point))
    mine = public(ours)
    seed = _derived(secret, shared, b"WebPush: info\0" + point + mine, 32)
    key, nonce = _derived(salt, seed, b"Content-Encoding: aes128gcm\0", 16), _derived(salt, seed, b"Content-Encoding: nonce\0", 12)
    return salt + struct.pack("!IB", _RECORD, len(mine)) + mine + AESGCM(key).encrypt(nonce, record, None)
