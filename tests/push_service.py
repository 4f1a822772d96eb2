"""A push service for tests: a real HTTP server that takes what is pushed, and browsers that open it with their own keys.

Opening is written from RFC 8188 and RFC 8291 by itself, and not with the code that seals.
"""

from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import os
import threading
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def _b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    seed = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(seed, info + b"\x01", hashlib.sha256).digest()[:length]


@dataclass
class Browser:
    """One browser's subscription: the address, and keys that never leave it."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def given(self) -> dict[str, str]:
        """What its script tells the site."""
        return {"endpoint": self.endpoint, "p256dh": _b64(self.point), "auth": _b64(self.secret)}

    def open(self, body: bytes) -> bytes:
        """What was sent. InvalidTag if it was for another."""
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        seed = _hkdf(self.secret, shared, b"WebPush: info\0" + self.point + sender, 32)
        key, nonce = _hkdf(salt, seed, b"Content-Encoding: aes128gcm\0", 16), _hkdf(salt, seed, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert plain.endswith(b"\x02"), "the last record says so"
        return plain[:-1]

    def read(self, body: bytes) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.open(body))
        return said


@dataclass(frozen=True)
class Taken:
    path: str
    headers: dict[str, str]
    body: bytes


class PushService:
    """Takes everything and remembers it. `says` are the answers to come (status, headers), before it is well again."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.says: list[tuple[int, dict[str, str]]] = []
        self.slow = 0.0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.taken.append(Taken(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                time.sleep(outer.slow)
                status, headers = outer.says.pop(0) if outer.says else (201, {})
                self.send_response(status)
                for name, value in {"Content-Length": "0", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def browser(self, name: str) -> Browser:
        return Browser(f"{self.origin}/{name}")

    def to(self, browser: Browser) -> list[Taken]:
        return [each for each in self.taken if f"{self.origin}{each.path}" == browser.endpoint]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
