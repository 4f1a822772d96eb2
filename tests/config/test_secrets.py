"""A laptop gets secrets by itself; production brings its own and refuses a demo's."""

from __future__ import annotations

import base64
import secrets as random
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import secrets

STRONG = random.token_urlsafe(48)
KEY = base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(secrets, "VAR", tmp_path)
    for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "VAPID_PRIVATE_KEY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    return tmp_path


@pytest.fixture
def production(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(secrets, "PRODUCTION", True)
    return own_folder


def test_a_laptop_makes_each_secret_once_and_keeps_it_to_itself(own_folder: Path) -> None:
    first = (secrets.secret_key(), dict(secrets.field_keys().keys), secrets.vapid_key())
    assert (secrets.secret_key(), dict(secrets.field_keys().keys), secrets.vapid_key()) == first
    files = list((own_folder / "secrets").iterdir())
    assert len(files) == 3
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)


def test_field_keys_come_by_version_and_the_newest_seals(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = base64.b64encode(b"z" * 32).decode()
    monkeypatch.setenv("FIELD_ENCRYPTION_KEYS", f"1:{KEY}, 2:{other}")
    keys = secrets.field_keys()
    assert dict(keys.keys) == {1: b"k" * 32, 2: b"z" * 32}
    assert (keys.current, keys.lookup) == (2, 1)
    assert "z" * 5 not in repr(keys)


def test_a_secret_may_come_from_a_file(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = own_folder / "keys"
    path.write_text(f"1:{KEY}\n")
    monkeypatch.setenv("FIELD_ENCRYPTION_KEYS_FILE", str(path))
    assert secrets.field_keys().current == 1


@pytest.mark.parametrize("text", ["1", "x:" + KEY, "1:short", f"1:{KEY},1:{KEY}", f"0:{KEY}", f"256:{KEY}", "1:" + base64.b64encode(b"k" * 31).decode(), ","])
def test_field_keys_that_do_not_read_are_refused_without_being_shown(own_folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("FIELD_ENCRYPTION_KEYS", text)
    with pytest.raises(ImproperlyConfigured) as refused:
        secrets.field_keys()
    assert KEY not in str(refused.value)


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "VAPID_PRIVATE_KEY"])
def test_production_does_not_start_without_its_secrets(production: Path, name: str) -> None:
    ask = {"SECRET_KEY": secrets.secret_key, "FIELD_ENCRYPTION_KEYS": secrets.field_keys, "VAPID_PRIVATE_KEY": secrets.vapid_key}[name]
    with pytest.raises(ImproperlyConfigured, match=name):
        ask()


def test_production_refuses_what_a_laptop_made(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"SECRET_KEY": secrets.secret_key(), "VAPID_PRIVATE_KEY": secrets.vapid_key()}
    secrets.field_keys()
    made["FIELD_ENCRYPTION_KEYS"] = (own_folder / "secrets" / "field-encryption-keys").read_text()
    monkeypatch.setattr(secrets, "PRODUCTION", True)
    for name, value in made.items():
        monkeypatch.setenv(name, value)
    for ask in (secrets.secret_key, secrets.field_keys, secrets.vapid_key):
        with pytest.raises(ImproperlyConfigured, match="demo secret"):
            ask()


def test_production_refuses_a_demo_field_key_under_another_number(production: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELD_ENCRYPTION_KEYS", f"1:{KEY},2:{secrets.new_field_key(demo=True)}")
    with pytest.raises(ImproperlyConfigured, match="demo secret"):
        secrets.field_keys()


def test_production_takes_its_own_secrets(production: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", STRONG)
    monkeypatch.setenv("FIELD_ENCRYPTION_KEYS", f"1:{secrets.new_field_key()}")
    monkeypatch.setenv("VAPID_PRIVATE_KEY", secrets.new_vapid_key())
    assert secrets.secret_key() == STRONG
    assert len(secrets.field_keys().keys[1]) == 32
    assert len(base64.urlsafe_b64decode(secrets.vapid_key() + "=")) == 32
    assert not (production / "secrets").exists()


def test_production_refuses_a_weak_secret_key(production: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a" * 60)
    with pytest.raises(ImproperlyConfigured, match="weak"):
        secrets.secret_key()


@pytest.mark.parametrize(
    ("debug", "demo", "site", "reason"),
    [
        (True, False, "https://example.org", "DEBUG"),
        (False, True, "https://example.org", "demo"),
        (False, False, "http://example.org", "https"),
    ],
)
def test_production_refuses_what_would_harm_members(production: Path, debug: bool, demo: bool, site: str, reason: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=reason):
        secrets.refuse_in_production(debug=debug, demo=demo, site_url=site)


@pytest.mark.parametrize("site", ["https://example.org", "http://abcdef.onion"])
def test_production_serves_over_https_or_an_onion(production: Path, site: str) -> None:
    secrets.refuse_in_production(debug=False, demo=False, site_url=site)
