"""What the cast of the tests is made of is what the commands would have made."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import models

from committees.people import commands as people
from committees.people.models import Contact, Person, RecoveryCode
from tests import make

#: What each account has for itself.
THEIR_OWN = {"id", "slug", "person_id", "user_id", "sign_in_name", "password", "ledger_key", "lookup", "digest", "email", "address"}


def rows(person: Person) -> list[dict[str, Any]]:
    found: list[models.Model] = [
        Person.objects.get(pk=person.pk),
        *Contact.objects.filter(person=person),
        *EmailAddress.objects.filter(user=person),
        RecoveryCode.objects.get(person=person),
    ]
    return [{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in THEIR_OWN} for row in found]


@pytest.mark.django_db
@pytest.mark.parametrize("is_platform_admin", [False, True])
def test_somebody_is_made_as_the_command_makes_them(is_platform_admin: bool) -> None:
    at = make.past()
    account = {"language": "es", "time_zone": "America/Bogota", "is_platform_admin": is_platform_admin}
    by_the_command, _code = people.create(at=at, email="somebody@mail.example", **account)  # type: ignore[arg-type]
    quickly = make.person(at=at, **account)  # type: ignore[arg-type]
    assert rows(quickly) == rows(by_the_command)
    assert not quickly.has_usable_password()
    assert str(quickly.contacts.get().address).endswith(".example")
