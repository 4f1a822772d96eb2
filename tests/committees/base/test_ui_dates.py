"""Dates and times as people say them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from committees.base import dates

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # 7 pm on Sunday in New York, midnight in London


@pytest.fixture(autouse=True)
def a_reader_in_new_york() -> Iterator[None]:
    with timezone.override(ZoneInfo("America/New_York")), translation.override("en"):
        yield


def draw(text: str, **context: object) -> str:
    return Template(text).render(Context(context))


def test_the_readers_zone_comes_first_and_is_named_as_a_city() -> None:
    assert dates.moment_with_zone(EVENING, now=NOW) == "Sunday 22 November, 7:00 pm, New York time"


def test_midnight_says_which_day_it_opens() -> None:
    assert dates.moment_with_zone(EVENING, "Europe/London", now=NOW) == "12:00 midnight, start of Monday 23 November, London time"


def test_noon_is_not_left_to_guessing() -> None:
    assert dates.time_of_day(datetime(2026, 11, 22, 17, 0, tzinfo=UTC)) == "12:00 noon"
    assert dates.time_of_day(datetime(2026, 11, 22, 17, 1, tzinfo=UTC)) == "12:01 pm"
    assert dates.time_of_day(datetime(2026, 11, 22, 5, 30, tzinfo=UTC)) == "12:30 am"


def test_another_year_is_said() -> None:
    assert dates.day(datetime(2027, 1, 3, 12, tzinfo=UTC), now=NOW) == "Sunday 3 January 2027"


def test_the_year_is_the_readers_own() -> None:
    """Half past two in the morning of 1 January in London is still the old year in New York."""
    at = datetime(2027, 1, 1, 2, 30, tzinfo=UTC)
    assert dates.day(at, now=NOW) == "Thursday 31 December"
    assert dates.day(at, "Europe/London", now=NOW) == "Friday 1 January 2027"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "domingo, 22 de noviembre"),
        ("de", "Sonntag, 22. November"),
        ("fr", "dimanche 22 novembre"),
        ("zh-hans", "11月22日星期日"),
        ("ar", "الأحد، 22 نوفمبر"),
        ("en-xa", "Sunday 22 November"),
        ("xx", "Sunday 22 November"),
    ],
)
def test_each_language_has_its_own_order(language: str, said: str) -> None:
    with translation.override(language):
        assert dates.day(EVENING, now=NOW) == said


def test_people_who_count_to_24_read_24() -> None:
    with translation.override("es"):
        assert dates.time_of_day(EVENING) == "19:00"
        assert dates.city("America/New_York") == "Nueva York"


def test_every_zone_on_the_list_has_a_city() -> None:
    assert all(dates.city(zone) for zone in ("Europe/London", "Asia/Kathmandu", "America/Argentina/Buenos_Aires", "UTC"))
    assert dates.city("Asia/Kathmandu") == "Kathmandu"


@pytest.mark.parametrize(("minutes", "said"), [(0, "0 minutes"), (1, "1 minute"), (60, "1 hour"), (75, "1 hour 15 minutes"), (121, "2 hours 1 minute")])
def test_length(minutes: int, said: str) -> None:
    assert dates.duration(minutes) == said


def test_when_on_a_page() -> None:
    at = datetime(timezone.localtime().year, 11, 22, 1, 30, tzinfo=UTC)
    drawn = draw('{% when at %}|{% when at zone="Europe/London" %}|{% when at named=False %}', at=at)
    own, london, bare = drawn.split("|")
    assert f'datetime="{at.year}-11-22T01:30Z"' in own
    assert "8:30 pm" in own
    assert '<span class="zone">, New York time</span>' in own
    assert "1:30 am" in london
    assert "London time" in london
    assert "zone" not in bare


def test_nothing_is_drawn_for_no_date() -> None:
    assert draw("{% when at %}{% day at %}{% clocktime at %}", at=None) == ""


def test_the_calendar_leaf_is_red_today_only() -> None:
    now = timezone.now()
    assert "date--now" in draw("{% dateblock at %}", at=now)
    assert "Today" in draw("{% dateblock at %}", at=now)
    later = draw("{% dateblock at %}", at=now + timedelta(days=9))
    assert "date--now" not in later
    assert "Today" not in later
