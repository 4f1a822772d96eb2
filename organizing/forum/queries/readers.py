"""Whoever reads, as an argument of a prepared query."""

from __future__ import annotations

from typing import Any

from committees.base import prepared
from committees.base.prepared import Slot
from committees.people.models import Person


def _stand_in(parts: list[int], reader: Person | None) -> Person | None:
    return None if reader is None else Person.from_db(None, ["id"], parts[:1])


#: A person, or None where nobody has signed in: only that decides how the query is put together.
a_reader = Slot(_stand_in, ((prepared.a_number.parts[0][0], lambda person: person.pk),), lambda person: person is None, may_be_unused=True)


def reader_of(user: Any) -> Person | None:
    """The person of a request, or None."""
    return user if isinstance(user, Person) else None
