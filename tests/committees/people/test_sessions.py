"""Sessions: hashed, sealed, dead after twelve idle hours and fourteen days, and without a trace of when they were used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from committees.people import commands
from committees.people.models import Person, Session
from committees.people.sessions import IDLE, SessionStore, stamped

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def signed_in(person: Person) -> Client:
    client = Client()
    client.post("/account/sign-in/", {"login": person.sign_in_name, "password": PASSWORD})
    return client


def test_a_copy_of_the_table_opens_no_account(ada: Person) -> None:
    client = signed_in(ada)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value.split(".")[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest, content FROM people_session WHERE person_id IS NOT NULL")
        digest, content = cursor.fetchone()
    assert key not in digest
    assert b"_auth_user" not in bytes(content)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = stamped(digest)
    assert not is_in(thief)


def test_a_browser_that_was_idle_for_twelve_hours_is_signed_out_and_one_in_use_is_not(ada: Person) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        idle, busy = signed_in(ada), signed_in(ada)
        for _hour in range(14):
            clock.shift(timedelta(hours=1))
            assert is_in(busy)
        assert not is_in(idle)


def test_using_a_session_writes_nothing(ada: Person) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(ada)
        is_in(client)
        before = list(Session.objects.values())
        clock.shift(timedelta(hours=3))
        old = client.cookies[settings.SESSION_COOKIE_NAME].value
        is_in(client)
        assert client.cookies[settings.SESSION_COOKIE_NAME].value != old
        assert list(Session.objects.values()) == before


def test_no_session_lives_longer_than_fourteen_days(ada: Person) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(ada)
        for _half_day in range(27):
            clock.shift(timedelta(hours=11))
            is_in(client)
        assert is_in(client)
        for _half_day in range(4):
            clock.shift(timedelta(hours=11))
            is_in(client)
        assert not is_in(client)
        assert commands.end_sessions(clock_now()) == 1


def clock_now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.parametrize("forged", ["", "x", "a.b", "key.1.2.3", "0" * 40 + ".zz.00", "0" * 40 + ".1a2b3c." + "0" * 32, "\x00.\x00.\x00", "é.é.é"])
def test_a_forged_cookie_is_no_session(db: None, forged: str) -> None:
    assert SessionStore(forged).session_key is None
    assert Client(headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={forged}"}).get("/account/sign-in/").status_code in (200, 400)


def test_an_older_stamp_on_a_living_session_is_refused(ada: Person) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        key = signed_in(ada).cookies[settings.SESSION_COOKIE_NAME].value
        clock.shift(IDLE + timedelta(minutes=1))
        assert SessionStore(key).load() == {}


def test_a_request_under_way_does_not_bring_an_ended_session_back(ada: Person) -> None:
    client = signed_in(ada)
    store = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert store["_auth_user_id"]
    commands.sign_out_everywhere(ada)
    store["late"] = "write"
    from django.contrib.sessions.backends.base import UpdateError

    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.filter(person=ada).exists()


def test_the_devices_page_shows_names_and_days_and_ends_one_or_all(ada: Person) -> None:
    here, phone = signed_in(ada), signed_in(ada)
    row = Session.objects.get(digest=phone.session.digest)
    assert phone.post(f"/account/devices/{row.slug}/", {"label": "Break phone"}).status_code == 302
    page = here.get("/account/devices/").content.decode()
    assert "Break phone" in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT label FROM people_session")
        assert all(b"Break" not in bytes(label) for (label,) in cursor.fetchall())
    here.post(f"/account/devices/{row.slug}/", {"action": "end"})
    assert not is_in(phone)
    assert is_in(here)
    third = signed_in(ada)
    here.post("/account/devices/sign-out-everywhere/")
    assert not is_in(here)
    assert not is_in(third)


def test_nobody_touches_another_persons_device(ada: Person, adas: Client) -> None:
    bob, _paper = commands.create(password=PASSWORD, at=NOON)
    row = Session.objects.get(digest=signed_in(bob).session.digest)
    assert adas.get(f"/account/devices/{row.slug}/").status_code == 404
    assert adas.post(f"/account/devices/{row.slug}/", {"action": "end"}).status_code == 404
    for touch in (lambda: commands.end_device(row, by=ada), lambda: commands.label_device(row, label="Mine", by=ada)):
        with pytest.raises(PermissionDenied):
            touch()
    row.refresh_from_db()
    assert row.label != "Mine"


def test_whoever_goes_signs_out_nobody_else(ada: Person) -> None:
    bob, _paper = commands.create(password=PASSWORD, at=NOON)
    bobs = signed_in(bob)
    commands.sign_out_everywhere(ada)
    commands.erase(ada, by=ada, at=NOON)
    assert is_in(bobs)


def test_signing_in_changes_the_key(ada: Person, client: Client) -> None:
    client.post("/account/sign-in/code/", {"email": "ada@example.org"})
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value.split(".")[0] != before.split(".")[0]
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not is_in(thief)
