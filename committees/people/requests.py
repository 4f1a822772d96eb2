"""The type of a request behind the door `signed_in`: the person is there, and the session is ours."""

from __future__ import annotations

from django.http import HttpRequest

from committees.people.models import Person
from committees.people.sessions import SessionStore


class PersonRequest(HttpRequest):
    """What a view behind `doors.signed_in` is given."""

    user: Person
    session: SessionStore
