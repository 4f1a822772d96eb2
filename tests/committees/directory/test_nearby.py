"""The sites around a place: the nearest first, wherever on the globe; and where somebody is stays nowhere."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.html import strip_tags

from committees.directory import nearby
from committees.directory.models import Kind, State, Workplace
from tests import make

pytestmark = pytest.mark.django_db
COVENTRY = (52.41, -1.51)


def put(latitude: float, longitude: float, **facts: Any) -> Workplace:
    site = make.workplace(**facts)
    Workplace.objects.filter(pk=site.pk).update(latitude=round(latitude, 5), longitude=round(longitude, 5))
    return Workplace.objects.get(pk=site.pk)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the sphere, by another formula than the one that is tried (the angle between two vectors)."""
    a, b = (
        [math.cos(math.radians(p)) * math.cos(math.radians(q)), math.cos(math.radians(p)) * math.sin(math.radians(q)), math.sin(math.radians(p))]
        for p, q in (one, other)
    )
    cross = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    return 6371.0 * math.atan2(math.hypot(*cross), sum(x * y for x, y in zip(a, b, strict=True)))


def test_the_nearest_comes_first_and_says_how_far_it_is() -> None:
    far, near, abroad = put(52.6, -1.5), put(52.42, -1.5), put(48.85, 2.35)
    hits = nearby.around(*COVENTRY)
    assert [hit.id for hit in hits] == [near.pk, far.pk]
    assert hits[0].km == pytest.approx(1.3, abs=0.1)
    assert abroad.pk not in {hit.id for hit in hits}


@pytest.mark.parametrize("state", [State.PROPOSED, State.CLOSED])
def test_only_listed_sites_are_shown(state: str) -> None:
    site = put(*COVENTRY)
    Workplace.objects.filter(pk=site.pk).update(state=state)
    assert nearby.around(*COVENTRY) == []


@pytest.mark.parametrize("place", [COVENTRY, (0.0, 179.99), (-16.8, -179.98), (89.9, 10.0), (-89.7, -120.0), (71.6, 180.0), (64.0, -180.0)])
def test_anywhere_on_the_globe_they_are_the_ones_that_are_near(place: tuple[float, float]) -> None:
    """Against the plain way, over sites strewn around the place: also over the date line and around the poles."""
    dice = random.Random(4)
    model = put(0, 0)
    spots = []
    for _number in range(120):
        reach = dice.choice((0.02, 0.2, 1.5))
        latitude = max(-90.0, min(90.0, place[0] + dice.uniform(-reach, reach)))
        longitude = (place[1] + dice.uniform(-reach, reach) * dice.choice((1, 40)) + 180) % 360 - 180
        spots.append((round(latitude, 5), round(longitude, 5)))
    made = [
        Workplace(
            employer_id=model.employer_id,
            name=f"Site {n}",
            code=f"N{n}",
            code_key=f"N{n}",
            country="GB",
            zone="UTC",
            kind=Kind.WAREHOUSE,
            state=State.LISTED,
            latitude=a,
            longitude=b,
        )
        for n, (a, b) in enumerate(spots)
    ]
    Workplace.objects.bulk_create(made)
    expected = sorted((kilometres(place, spot), row.pk) for spot, row in zip(spots, made, strict=True))
    hits = nearby.around(*place)
    within = next((circle for circle in nearby.CIRCLES if sum(km <= circle for km, _pk in expected) >= nearby.ENOUGH), nearby.CIRCLES[-1])
    assert [hit.id for hit in hits] == [pk for km, pk in expected if km <= within][: nearby.MOST]
    assert [hit.km for hit in hits] == pytest.approx([km for km, _pk in expected[: len(hits)]], abs=0.01)


def test_the_map_is_asked_and_not_every_site() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        asked = {"lat": 52.41, "lon": -1.51, "south": 52.0, "north": 53.0, "west": -2.0, "east": -1.0, "turn": 0.0, "state": "listed", "circle": 30, "most": 40}
        cursor.execute("EXPLAIN " + nearby._AROUND, asked)
        assert any("sites_on_the_map" in line for (line,) in cursor.fetchall())


def test_the_page_lists_them_with_the_way_to_join(client: Client) -> None:
    site = put(52.42, -1.5, name="North shed")
    page = client.post("/workplaces/near/", {"latitude": "52.41", "longitude": "-1.51"})
    text = strip_tags(page.content.decode())
    assert "North shed" in text
    assert "about 1 km away" in text
    assert f"/start/{site.slug}/" in page.content.decode()


def test_where_nothing_is_known_it_says_so_and_leads_to_the_search(client: Client) -> None:
    page = client.post("/workplaces/near/", {"latitude": "-48.9", "longitude": "-123.4"}).content.decode()
    assert "None is known within 100 km" in page


@pytest.mark.parametrize(
    "said", [{}, {"latitude": "52"}, {"latitude": "91", "longitude": "0"}, {"latitude": "nan", "longitude": "0"}, {"latitude": "x", "longitude": "0"}]
)
def test_what_is_no_place_leads_back_to_the_search(client: Client, said: dict[str, str]) -> None:
    assert client.post("/workplaces/near/", said)["Location"] == "/workplaces/"
    assert client.get("/workplaces/near/")["Location"] == "/workplaces/"


def test_where_somebody_is_stays_nowhere(client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """No cookie, no session, no log, no cache; and what the browser says too exactly is cut before anything is asked."""
    asked: list[tuple[float, float]] = []
    monkeypatch.setattr(nearby, "around", lambda latitude, longitude: asked.append((latitude, longitude)) or [])
    with caplog.at_level("DEBUG"):
        page = client.post("/workplaces/near/", {"latitude": "52.408213", "longitude": "-1.510477"})
    assert asked == [(52.41, -1.51)]
    assert not client.cookies
    assert "no-store" in page["Cache-Control"]
    assert not [word for word in ("52.4", "1.51") if word in caplog.text or word in page.content.decode()]


def test_only_the_page_with_the_button_may_ask_the_browser_where_it_is(client: Client) -> None:
    assert "geolocation=(self)" in client.get("/workplaces/")["Permissions-Policy"]
    for other in ("/", "/workplaces/add/", "/account/sign-in/"):
        assert "geolocation=()" in client.get(other)["Permissions-Policy"], other
    answer = client.post("/workplaces/near/", {"latitude": "52.41", "longitude": "-1.51"})
    assert "geolocation=()" in answer["Permissions-Policy"], "it has been told already"
