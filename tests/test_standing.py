"""A scene is built once, and yet no test sees what another did to it; who does not ask for it finds nothing of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from committees.people.models import Person
from tests import standing

_built: list[int] = []


def one() -> dict[str, Person]:
    made = Person.objects.create(sign_in_name="somebody")
    _built.append(made.pk)
    return {"somebody": made, "the same": made}


somebody = standing.scene(one)


@pytest.mark.django_db
@pytest.mark.parametrize("turn", range(3))
def test_each_gets_it_as_it_was_built(turn: int, somebody: dict[str, Person]) -> None:
    mine = somebody["somebody"]
    assert somebody["the same"] is mine
    assert (mine.sign_in_name, Person.objects.get().sign_in_name) == ("somebody", "somebody")
    assert len(_built) == 1
    mine.sign_in_name = f"else {turn}"
    mine.save()
    Person.objects.create(sign_in_name="another")
    assert Person.objects.count() == 2


@pytest.mark.django_db
def test_whoever_does_not_ask_for_it_finds_none_of_it() -> None:
    assert not Person.objects.exists()
    assert len(connection.savepoint_ids) <= 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_open_around_real_transactions(somebody: dict[str, Any]) -> None:
    assert not connection.in_atomic_block
    assert Person.objects.get().pk == somebody["somebody"].pk == _built[-1]
    assert Client().get("/").status_code == 200
