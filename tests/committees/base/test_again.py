"""Two who change the same things in the same moment, each waiting for what the other holds."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from committees.base.doors import public
from committees.bodies.models import Committee
from config.urls import urlpatterns as site
from tests import make
from tests.at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__), pytest.mark.timeout(120)]

met = threading.Barrier(2)
runs: Counter[str] = Counter()


@public(because="a page of this test")
def both(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Holds one row, waits until somebody else holds the other, and asks for it too."""
    runs[request.path] += 1
    with transaction.atomic():
        for pk in (first, second):
            Committee.objects.select_for_update().get(pk=pk)
            with suppress(threading.BrokenBarrierError):
                if runs[request.path] == 1 and pk == first:
                    met.wait(timeout=10)
    return HttpResponse("done")


@public(because="a page of this test")
def broken(request: HttpRequest) -> HttpResponse:
    runs[request.path] += 1
    raise OperationalError("the connection is gone")


urlpatterns = [path("both/<int:first>/<int:second>/", both), path("broken/", broken), *site]


@pytest.fixture
def pages() -> list[str]:
    runs.clear()
    met.reset()
    one, other = make.committee().pk, make.committee().pk
    return [f"/both/{one}/{other}/", f"/both/{other}/{one}/"]


def test_the_one_that_the_database_ended_comes_a_moment_later_and_both_are_answered(pages: list[str]) -> None:
    answers = at_once([lambda page=page: Client().post(page) for page in pages])
    assert [answer.content for answer in answers] == [b"done", b"done"]
    assert sorted(runs.values()) == [1, 2]


def test_whoever_brought_files_is_told_that_it_failed(pages: list[str]) -> None:
    def send(page: str) -> int:
        return Client(raise_request_exception=False).post(page, {"file": SimpleUploadedFile("list.csv", b"a,b")}).status_code

    assert sorted(at_once([lambda page=page: send(page) for page in pages])) == [200, 500]


def test_any_other_failure_of_the_database_is_not_tried_again() -> None:
    runs.clear()
    assert Client(raise_request_exception=False).get("/broken/").status_code == 500
    assert runs["/broken/"] == 1
