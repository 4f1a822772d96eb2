"""The search itself finds what is hidden: a harness that finds nothing proves nothing."""

from __future__ import annotations

import base64
import logging

import pytest
from django.core.cache import cache

from committees.people.models import Person
from tests.safety import leaks

WORD = "zqsentinelwrtk"


@pytest.mark.parametrize(
    "heap",
    [
        f"<p>{WORD}</p>".encode(),
        WORD.upper().encode(),
        WORD.encode().hex().encode(),
        b"\\x" + f"a{WORD}b".encode().hex().encode(),
        WORD.encode("utf-16"),
        *(base64.b64encode(b"x" * n + WORD.encode() + b"y" * 5) for n in range(7)),
        *(base64.urlsafe_b64encode(b"\xff" * n + WORD.encode() + b"\xff" * 5) for n in range(7)),
    ],
)
def test_a_word_is_found_in_each_form(heap: bytes) -> None:
    assert leaks.holds(heap, WORD)
    assert not leaks.holds(heap, "zqanotherwrtk")


def test_a_word_is_found_that_begins_inside_another() -> None:
    assert leaks.Search(["zqzqzqplace", "zqzqplacement", "zqnowhere"]).found_in(b"at zqzqzqplacement, today") == {"zqzqzqplace", "zqzqplacement"}


@pytest.mark.django_db(transaction=True)
def test_it_is_found_in_the_dump_the_files_redis_and_the_log() -> None:
    with leaks.everything_logged() as log:
        Person.objects.create(sign_in_name=WORD)
        cache.set("page", WORD)
        logging.getLogger("committees.people").info("somebody came: %s", WORD)
    assert leaks.holds(leaks.dump(), WORD)
    assert any(leaks.holds(heap, WORD) for _, heap in leaks.data_files())
    assert leaks.holds(leaks.in_redis(), WORD)
    assert WORD in log.getvalue()
