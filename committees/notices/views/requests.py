"""What a request is behind the door `signed_in`."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from committees.people.models import Person
from committees.people.sessions import SessionStore


class PersonsRequest(HttpRequest):
    """A request that came through a door which only people with an account pass."""

    user: Person
    session: SessionStore
    htmx: HtmxDetails
