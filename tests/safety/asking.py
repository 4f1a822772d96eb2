"""Asking for a page as somebody, and taking back whatever that changed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, reset_queries, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committees.people.models import Person
from tests import cached

#: What differs from one answer to the next by design: form tokens, one-time keys, nonces.
_PASSING = re.compile(
    rb'(name="csrfmiddlewaretoken" value=")[^"]+|("X-CSRFToken":\s*")[^"]+|(nonce=")[^"]+|(name="form_key" value=")[^"]+|(id="id_form_key" value=")[^"]+'
)


@dataclass(frozen=True)
class Answer:
    """What came back, and what it cost."""

    response: HttpResponse
    queries: int

    @property
    def cell(self) -> str:
        """The status as the matrix writes it: `in` leads to signing in, `again` to signing in again."""
        status = self.response.status_code
        if status in (301, 302, 303):
            to = urlsplit(self.response["Location"])
            if "next=" not in to.query:
                return "302"
            return {reverse("account_login"): "in", reverse("account_reauthenticate"): "again"}.get(to.path, "302")
        return str(status)

    @property
    def body(self) -> bytes:
        content = b"".join(self.response) if self.response.streaming else self.response.content
        return _PASSING.sub(rb"\1\2\3\4\5", content)

    @property
    def headers(self) -> dict[str, str]:
        """Every header but those that hold a nonce, a date or a fresh cookie."""
        kept = {name: value for name, value in self.response.headers.items() if name not in ("Date", "Content-Length")}
        if "Content-Security-Policy" in kept:
            kept["Content-Security-Policy"] = re.sub(r"'nonce-[^']+'", "'nonce'", kept["Content-Security-Policy"])
        return kept | {"Set-Cookie": ",".join(sorted(self.response.cookies))}


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever happens inside leaves no trace in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def signed_in(person: Person | None, *, recently: bool = True) -> Client:
    """A browser. `recently`: its owner showed who they are a moment ago."""
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
        if recently:
            session = client.session
            # An hour ahead: a slow machine takes longer over all the tests than a recent sign-in lasts.
            session["account_authentication_methods"] = [{"method": "password", "at": time.time() + 3600}]
            session.save()
    return client


def ask(client: Client, method: str, url: str, data: Any = None, **headers: str) -> Answer:
    """One request, inside a transaction of its own that is taken back; limits count from nothing.

    A POST without data carries one field, as a browser's does: a form that is empty is still a form that was sent.
    """
    cached.forget()
    reset_queries()
    kept = client.cookies
    client.cookies = SimpleCookie(kept.output(attrs=[], header="", sep=";"))
    with taken_back(), CaptureQueriesContext(connection) as captured:
        if method == "POST":
            response = client.post(url, data or {"sent": "1"}, headers=headers)
        else:
            response = client.generic(method, url, headers=headers, query_params=data)
        if response.streaming:
            list(response)
    client.cookies = kept
    return Answer(response, len([each for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT"))]))
