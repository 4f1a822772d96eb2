"""Sealed columns, on a real one: people.Contact.address (text) and people.Session.content (JSON)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection

from committees.base import crypto, rotation
from committees.people.models import Contact, Person, Session
from config.secrets import Keyring

ADDRESS = "ada.at.the.gate@mail.example"


@pytest.fixture
def contact(db: None) -> Contact:
    person = Person.objects.create(sign_in_name="ada")
    return Contact.objects.create(person=person, channel="email", address=ADDRESS, lookup="0" * 64, verified_at=datetime(2026, 11, 1, tzinfo=UTC))


def raw(contact: Contact) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM people_contact WHERE id = %s", [contact.pk])
        return bytes(cursor.fetchone()[0])


def put(contact: Contact, sealed: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_contact SET address = %s WHERE id = %s", [sealed, contact.pk])


def test_the_column_holds_no_letter_of_it(contact: Contact) -> None:
    assert b"gate" not in raw(contact)
    assert raw(contact)[0] == 1
    assert Contact.objects.get().address == ADDRESS


def test_it_is_written_anew_each_time(contact: Contact) -> None:
    first = raw(contact)
    contact.save()
    assert raw(contact) != first


def test_a_value_of_another_column_does_not_open_here(contact: Contact) -> None:
    put(contact, crypto.seal(b"moved", label="people.session.label"))
    with pytest.raises(crypto.CannotOpen):
        Contact.objects.get()


def test_nothing_stays_nothing(contact: Contact) -> None:
    session = Session.objects.create(digest="d" * 64, ends_on=date(2026, 12, 1))
    assert Session.objects.get(pk=session.pk).label == ""
    assert Session.objects.get(pk=session.pk).content == {}


def test_json_comes_back_as_it_went_in(db: None) -> None:
    content = {"a": [1, None, True], "é": "夜勤", "deep": {"x": "y"}}
    Session.objects.create(digest="d" * 64, content=content, ends_on=date(2026, 12, 1))
    assert Session.objects.get().content == content


@pytest.mark.parametrize("lookup", ["address", "address__contains", "address__in", "address__gt"])
def test_it_cannot_be_searched(contact: Contact, lookup: str) -> None:
    with pytest.raises(FieldError):
        Contact.objects.filter(**{lookup: ADDRESS}).exists()
    assert Contact.objects.filter(address__isnull=False).exists()


def test_it_is_not_serialised(contact: Contact) -> None:
    """`dumpdata` would write it out in clear."""
    with pytest.raises((FieldError, serializers.base.SerializationError)):
        serializers.serialize("json", [contact])


# -- Rotation ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def second_key(settings: Any) -> Any:
    settings.FIELD_KEYS = Keyring({**settings.FIELD_KEYS.keys, 7: b"7" * 32})
    return settings.FIELD_KEYS


def rotate(*args: str) -> dict[str, Any]:
    out = StringIO()
    call_command("rotate_field_keys", "--json", *args, stdout=out)
    result: dict[str, Any] = json.loads(out.getvalue())
    return result


def count_of(result: dict[str, Any], column: str) -> dict[str, Any]:
    return next(each for each in result["columns"] if each["column"] == column)


def test_every_sealed_column_of_every_model_is_found() -> None:
    found = {field.seal_label for _, field in rotation.columns()}
    assert {"people.contact.address", "people.accountmail.context", "people.session.content", "people.session.label"} <= found


def test_a_rotation_seals_everything_under_the_newest_key(contact: Contact, second_key: Keyring, monkeypatch: Any) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    put(contact, crypto_under(1, ADDRESS, second_key))
    for n in range(5):
        other = Contact.objects.create(channel="email", address=f"p{n}@mail.example", lookup=str(n) * 64)
        put(other, crypto_under(1, f"p{n}@mail.example", second_key))
    result = rotate()
    assert count_of(result, "people.contact.address") == {"column": "people.contact.address", "values": 6, "older": 6, "sealed_anew": 6, "unreadable": 0}
    assert {raw(each)[0] for each in Contact.objects.all()} == {7}
    assert Contact.objects.get(pk=contact.pk).address == ADDRESS
    assert count_of(rotate(), "people.contact.address")["sealed_anew"] == 0


def crypto_under(version: int, text: str, keys: Keyring) -> bytes:
    """Sealed as it was while `version` was the newest key."""
    from django.test import override_settings

    with override_settings(FIELD_KEYS=Keyring({version: keys.keys[version]})):
        return crypto.seal(text.encode(), label="people.contact.address")


def test_a_dry_run_counts_and_writes_nothing(contact: Contact, second_key: Keyring) -> None:
    put(contact, crypto_under(1, ADDRESS, second_key))
    before = raw(contact)
    result = rotate("--dry-run")
    assert count_of(result, "people.contact.address") == {"column": "people.contact.address", "values": 1, "older": 1, "sealed_anew": 0, "unreadable": 0}
    assert raw(contact) == before
    assert result["spent_keys"] == []


def test_it_says_which_keys_may_go(contact: Contact, settings: Any) -> None:
    settings.FIELD_KEYS = Keyring({**settings.FIELD_KEYS.keys, 2: b"2" * 32, 3: b"3" * 32})
    assert rotate()["spent_keys"] == [2]


def test_a_value_that_does_not_open_is_left_as_it_is_and_said(contact: Contact, second_key: Keyring, capsys: Any) -> None:
    put(contact, b"\x01" + b"broken" * 10)
    with pytest.raises(CommandError, match="1 values do not open"):
        call_command("rotate_field_keys")
    assert raw(contact) == b"\x01" + b"broken" * 10


def test_a_value_written_meanwhile_is_not_overwritten(contact: Contact, second_key: Keyring, monkeypatch: Any) -> None:
    """Between reading a batch and writing it back, the owner changed their address."""
    put(contact, crypto_under(1, ADDRESS, second_key))
    sealed = crypto.seal

    def and_meanwhile(plain: bytes, *, label: str) -> bytes:
        anew = sealed(plain, label=label)
        put(contact, sealed(b"new@mail.example", label=label))
        return anew

    monkeypatch.setattr(crypto, "seal", and_meanwhile)
    rotate()
    monkeypatch.undo()
    contact.refresh_from_db()
    assert contact.address == "new@mail.example"


def test_what_is_sealed_elsewhere_can_join(db: None, monkeypatch: Any) -> None:
    calls: list[bool] = []

    def step(dry_run: bool) -> rotation.Count:
        calls.append(dry_run)
        return rotation.Count("elsewhere", values=3)

    monkeypatch.setattr(rotation, "_elsewhere", [])
    rotation.also(step)
    rotation.also(step)
    assert count_of(rotate("--dry-run"), "elsewhere")["values"] == 3
    assert calls == [True]


def test_a_session_ends_in_the_days_it_promises() -> None:
    assert timedelta(days=14) == Session.LASTS
