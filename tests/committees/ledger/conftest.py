from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from committees.ledger import commands
from committees.ledger.models import Entry
from committees.people.models import Person


@pytest.fixture
def ada(db: None) -> Person:
    return Person.objects.create(sign_in_name="ada")


@pytest.fixture
def site() -> Any:
    """All that the ledger knows of a committee is its slug."""
    return SimpleNamespace(slug="bhx4bhx4bhx4")


@pytest.fixture
def written(ada: Person, site: Any) -> Any:
    """Writes acts into the site's chain, one for each time given."""

    def write(*times: datetime, chain: Any = site) -> list[Entry]:
        return [commands.record("member.admitted", by=ada, about=ada, committee=chain, at=at, detail={"n": n}) for n, at in enumerate(times)]

    return write


@contextmanager
def as_superuser_without_triggers() -> Iterator[Any]:
    """What somebody does who owns the database and wants to rewrite what was done."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def tamper() -> Any:
    return as_superuser_without_triggers
