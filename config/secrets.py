"""The server's secrets: from the environment or files it names; on a laptop made once under VAR/secrets.

What is made here for a laptop is marked, and production refuses anything so marked: a demo's keys are not keys.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured

from config.env import PRODUCTION, VAR, env

DEMO_MARK = "demo-"
KEY_BYTES = 32
LAST_VERSION = 255  # a sealed value begins with its version in one byte
ADVICE = "`python -m config.secrets` makes new ones; docs/running.md says where to keep them."


@dataclass(frozen=True, repr=False)
class Keyring:
    """Field keys by version. New values are sealed under `current`; old ones still open under theirs."""

    keys: Mapping[int, bytes]

    @property
    def current(self) -> int:
        return max(self.keys)

    @property
    def lookup(self) -> int:
        """The version whose key makes the look-ups: the oldest. It stays configured for as long as the data lives."""
        return min(self.keys)

    def __repr__(self) -> str:  # a key never lands in a log or a traceback
        return f"<Keyring versions={sorted(self.keys)}>"


def _given(name: str) -> str:
    """The value of NAME, or the contents of the file that NAME_FILE names."""
    if value := env(name, default="").strip():
        return str(value)
    if not (path := env(f"{name}_FILE", default="")):
        return ""
    try:
        return Path(path).read_text().strip()
    except OSError as problem:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {problem.strerror}.") from problem


def _made_once(name: str, make: str) -> str:
    """A laptop's secret: read from VAR/secrets, or put there. Two processes that start together agree on one."""
    folder = VAR / "secrets"
    path = folder / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        part = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(make)
        try:
            os.link(part, path)  # fails if the other process was first; its secret counts
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return path.read_text().strip()


def _secret(name: str, make: str) -> str:
    value = _given(name)
    if not PRODUCTION:
        return value or _made_once(name.lower().replace("_", "-"), make)
    if not value:
        raise ImproperlyConfigured(f"Production needs {name} (or {name}_FILE). {ADVICE}")
    laptop = VAR / "secrets" / name.lower().replace("_", "-")
    if DEMO_MARK in value or (laptop.exists() and laptop.read_text().strip() == value):
        raise ImproperlyConfigured(f"{name} is a demo secret; production refuses it. {ADVICE}")
    return value


def secret_key() -> str:
    """Django's SECRET_KEY."""
    value = _secret("SECRET_KEY", DEMO_MARK + secrets.token_urlsafe(48))
    if PRODUCTION and (len(value) < 50 or len(set(value)) < 5 or value.startswith("django-insecure-")):
        raise ImproperlyConfigured(f"SECRET_KEY is too weak for production: 50 random characters at least. {ADVICE}")
    return value


def new_field_key(*, demo: bool = False) -> str:
    """A key for sealed fields, as it is written into the environment."""
    mark = DEMO_MARK.encode() if demo else b""
    return base64.b64encode(mark + secrets.token_bytes(KEY_BYTES - len(mark))).decode()


def field_keys() -> Keyring:
    """The versioned keys of sealed fields: FIELD_ENCRYPTION_KEYS="1:base64,2:base64" (commas or lines)."""
    text = _secret("FIELD_ENCRYPTION_KEYS", f"1:{new_field_key(demo=True)}")
    keys: dict[int, bytes] = {}
    for part in text.replace("\n", ",").split(","):
        if not part.strip():
            continue
        version, _, encoded = part.strip().partition(":")
        try:
            number, key = int(version), base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error):
            raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS must read “1:base64,2:base64”.") from None
        if not 1 <= number <= LAST_VERSION or number in keys or len(key) != KEY_BYTES:
            raise ImproperlyConfigured(f"Field key {number}: versions are numbers from 1 to {LAST_VERSION}, once each, with {KEY_BYTES} bytes.")
        if PRODUCTION and key.startswith(DEMO_MARK.encode()):
            raise ImproperlyConfigured(f"Field key {number} is a demo secret; production refuses it. {ADVICE}")
        keys[number] = key
    if not keys:
        raise ImproperlyConfigured(f"FIELD_ENCRYPTION_KEYS is empty. {ADVICE}")
    return Keyring(keys)


def new_vapid_key() -> str:
    """A private key for web push, as base64url of its 32 bytes."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(KEY_BYTES, "big")).decode().rstrip("=")


def vapid_key() -> str:
    """The private key with which this server signs its web push messages."""
    return _secret("VAPID_PRIVATE_KEY", new_vapid_key())


def refuse_in_production(*, debug: bool, demo: bool, site_url: str) -> None:
    """What else must never be on a server that people trust."""
    if not PRODUCTION:
        return
    if debug:
        raise ImproperlyConfigured("Production refuses DEBUG: it shows members' data to whoever meets an error.")
    if demo:
        raise ImproperlyConfigured("Production never loads the demo: unset DEMO.")
    if not site_url.startswith(("https://", "http://")) or (site_url.startswith("http://") and not site_url.rstrip("/").endswith(".onion")):
        raise ImproperlyConfigured("Production needs SITE_URL with https:// (or an .onion address).")


def new_ones() -> dict[str, str]:
    """A fresh set for a server of its own, by the names of its environment."""
    return {"SECRET_KEY": secrets.token_urlsafe(60), "FIELD_ENCRYPTION_KEYS": f"1:{new_field_key()}", "VAPID_PRIVATE_KEY": new_vapid_key()}


if __name__ == "__main__":
    print("\n".join(f"{name}={value}" for name, value in new_ones().items()))
