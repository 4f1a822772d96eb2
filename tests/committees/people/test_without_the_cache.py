"""Redis is gone, or hangs: people still come in, within two seconds, and nobody guesses more often than before."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from committees.base.softcache import SoftRedisCache
from committees.people import tallies
from committees.people.models import AccountMail, Person, Tally
from committees.people.tallies import forget

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db

BROWSER = {"REMOTE_ADDR": "203.0.113.88"}


@pytest.fixture
def listening_but_silent() -> Iterator[int]:
    """A server that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def hold() -> None:
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=hold, daemon=True).start()
        yield server.getsockname()[1]
        for connection in held:
            connection.close()


@pytest.fixture(params=["gone", "silent"])
def no_cache(request: Any, settings: Any, listening_but_silent: int) -> Iterator[None]:
    where = {"gone": "unix:///nowhere/valkey.sock?db=1", "silent": f"redis://127.0.0.1:{listening_but_silent}/1"}[request.param]
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": where}}
    caches.close_all()
    SoftRedisCache.paused_until = 0.0
    yield
    SoftRedisCache.paused_until = 0.0
    caches.close_all()


def timed(client: Client, path: str, data: dict[str, str]) -> tuple[int, float]:
    began = time.monotonic()
    status = client.post(path, data, **BROWSER).status_code
    return status, time.monotonic() - began


def test_people_sign_in_join_and_ask_for_a_new_password_within_two_seconds(no_cache: None, ada: Person, carried: list[AccountMail]) -> None:
    for path, data in (
        ("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD}),
        ("/account/sign-in/code/", {"email": "ada@example.org"}),
        ("/account/password/forgotten/", {"email": "ada@example.org"}),
        ("/account/join/email/", {"address": "cleo@example.org"}),
    ):
        SoftRedisCache.paused_until = 0.0
        status, seconds = timed(Client(), path, data)
        assert status == 302, path
        assert seconds < 2, path
    assert [mail.kind for mail in carried] == ["sign_in_code", "reset_code", "join_code"]


def test_the_sixth_wrong_password_is_still_stopped_and_no_address_is_written_down(no_cache: None, ada: Person) -> None:
    statuses = [timed(Client(), "/account/sign-in/", {"login": ada.sign_in_name, "password": "wrong"})[0] for _n in range(5)]
    assert statuses == [422] * 5
    stopped = Client().post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD}, **BROWSER)
    assert "too often" in stopped.content.decode()
    kept = str(list(Tally.objects.values()))
    assert Tally.objects.exists()
    for secret in (ada.sign_in_name, BROWSER["REMOTE_ADDR"], "login"):
        assert secret not in kept


def test_too_many_from_one_place_get_a_page_that_says_so(no_cache: None, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/m/ip"}
    statuses = [Client().post("/account/join/without/", {"form_key": uuid.uuid4()}, **BROWSER).status_code for _n in range(3)]
    assert statuses == [302, 302, 429]


def test_a_code_of_the_app_works_once_without_the_cache_too(no_cache: None) -> None:
    cache = caches["default"]
    assert cache.add("allauth.mfa.totp.used?user=1&code=123456", "y", timeout=30)
    assert not cache.add("allauth.mfa.totp.used?user=1&code=123456", "y", timeout=30)


def test_an_expired_tally_is_free_again_and_is_erased(db: None) -> None:
    from django.utils import timezone

    assert tallies.add("k" * 64, [1], -1)
    assert tallies.get("k" * 64) is None
    assert tallies.add("k" * 64, [2], 60)
    assert not tallies.add("k" * 64, [3], 60)
    assert tallies.get("k" * 64) == [2]
    assert forget(timezone.now()) == 0
    assert tallies.delete("k" * 64)


def test_a_429_is_a_page_of_ours(ada: Person, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    pages = [Client().post("/account/sign-in/", {"login": "x", "password": "y"}, **BROWSER) for _n in range(2)]
    assert pages[1].status_code == 429
    assert b"Quick exit" in pages[1].content
    assert pages[1].headers["Cache-Control"] == "no-store"
