from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given
from hypothesis import settings as thorough
from hypothesis import strategies as st

from committees.base import keyset, prepared
from committees.people.models import Tally

START = datetime(2026, 1, 1, tzinfo=UTC)
#: Many equal times: the order must hold by its unique last field.
ROWS = st.lists(st.integers(0, 4), max_size=40)
ORDERS = [("-expires_at", "-key"), ("expires_at", "key"), ("-expires_at", "key"), ("expires_at", "-key"), ("key",), ("-key",)]


def fill(days: list[int]) -> None:
    Tally.objects.all().delete()
    Tally.objects.bulk_create(Tally(key=f"{n:03}", value=0, expires_at=START + timedelta(days=day)) for n, day in enumerate(days))


def at(order: tuple[str, ...], size: int, **marks: str | None) -> keyset.Page[Tally]:
    query = {name: mark for name, mark in marks.items() if mark}
    return keyset.page(Tally.objects.all(), RequestFactory().get("/", query), order=order, size=size)


def keys(page: keyset.Page[Tally]) -> list[str]:
    return [row.key for row in page]


@pytest.mark.django_db
@thorough(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.integers(1, 7), st.sampled_from(ORDERS))
def test_walking_there_and_back_shows_every_row_once(days: list[int], size: int, order: tuple[str, ...]) -> None:
    fill(days)
    expected = list(Tally.objects.order_by(*order).values_list("key", flat=True))
    page = at(order, size)
    assert page.newer is None
    pages = [keys(page)]
    while page.older:
        page = at(order, size, after=page.older)
        pages.append(keys(page))
    assert [key for each in pages for key in each] == expected
    back = [keys(page)]
    while page.newer:
        page = at(order, size, before=page.newer)
        back.append(keys(page))
    assert list(reversed(back)) == pages
    assert page.newer is None


@pytest.mark.django_db
def test_rows_that_arrive_meanwhile_shift_nothing() -> None:
    fill([0] * 10)
    order = ("-key",)
    first = at(order, 4)
    Tally.objects.create(key="999", value=0, expires_at=START)
    second = at(order, 4, after=first.older)
    assert keys(first) + keys(second) == ["009", "008", "007", "006", "005", "004", "003", "002"]
    assert keys(at(order, 4, before=second.newer)) == keys(first)
    assert keys(at(order, 4, before=first.newer)) == keys(first) if first.newer else True


@pytest.mark.django_db
def test_a_page_costs_one_query_however_deep(django_assert_num_queries: Any) -> None:
    fill([1] * 40)
    page = at(("-key",), 5)
    for _ in range(6):
        with django_assert_num_queries(1):
            page = at(("-key",), 5, after=page.older)


@pytest.mark.django_db
@pytest.mark.parametrize("mark", ["", "x", "WyIwMDMiXQ:1:2", "\x00", "ünï", "a" * 5000])
@pytest.mark.parametrize("side", ["after", "before"])
def test_a_mark_that_is_not_ours_shows_the_first_page(side: str, mark: str) -> None:
    fill([1] * 5)
    assert keys(at(("key",), 3, **{side: mark})) == ["000", "001", "002"]


@pytest.mark.django_db
def test_a_mark_of_another_list_shows_the_first_page() -> None:
    """Signed by us, but for another order: as many values of other kinds."""
    fill([1] * 5)
    other = at(("expires_at", "key"), 2).older
    assert keys(at(("key",), 3, after=other)) == ["000", "001", "002"]
    swapped = at(("key", "expires_at"), 2).older
    assert keys(at(("expires_at", "key"), 3, after=swapped)) == ["000", "001", "002"]


@pytest.mark.django_db
def test_the_last_page_going_back_ends() -> None:
    fill([1] * 4)
    second = at(("key",), 3, after=at(("key",), 3).older)
    assert (keys(second), second.older) == (["003"], None)
    first = at(("key",), 3, before=second.newer)
    assert (keys(first), first.newer) == (["000", "001", "002"], None)
    assert first.older


def rows_of(page: keyset.Page[Tally]) -> list[str | None]:
    """At which rows the pages beside this one begin. (The mark itself also holds the second in which it was made.)"""
    return [mark and mark.partition(":")[0] for mark in (page.older, page.newer)]


@pytest.mark.django_db
@thorough(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.integers(1, 7), st.sampled_from(ORDERS))
def test_a_prepared_list_has_the_same_pages(days: list[int], size: int, order: tuple[str, ...]) -> None:
    fill(days)
    listing = keyset.Listing(Tally, lambda until: Tally.objects.filter(expires_at__lt=until), {"until": prepared.an_instant}, order=order, size=size)

    def both(**marks: str | None) -> keyset.Page[Tally]:
        request = RequestFactory().get("/", {name: mark for name, mark in marks.items() if mark})
        until = START + timedelta(days=3)
        found = listing.page(request, until=until)
        plain = keyset.page(Tally.objects.filter(expires_at__lt=until), request, order=order, size=size)
        assert (keys(found), rows_of(found)) == (keys(plain), rows_of(plain))
        return found

    page = both()
    while page.older:
        page = both(after=page.older)
    while page.newer:
        page = both(before=page.newer)
    assert keys(both(after="not a mark")) == keys(both())
