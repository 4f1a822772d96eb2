"""Every view has a door, and every door is one of those we know."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from committees.base.doors import ClosedByDefault
from tests.house.code import ROOT, listed
from tests.safety.routes import routes

#: What somebody who is no member may ask for with a committee's name in the path, and why.
OUTSIDE = {
    "bodies:card": "a listed committee's card is public; of one reached by link only, the name in the path is the link",
    "membership:begin": "whoever sees the card may ask to join",
}
DOORS = {"public", "signed_in", "platform_admin", "member"}


def test_every_view_has_a_door() -> None:
    problems = [f"{route.pattern} → {route.view.__module__}.{route.view.__qualname__}" for route in routes() if route.door not in DOORS]
    assert not problems, listed(problems)


def test_a_public_page_says_why_nothing_on_it_is_secret() -> None:
    problems = [route.name for route in routes() if route.door == "public" and len(getattr(route.view, "because", "")) < 15]
    assert not problems, listed(problems)


def test_a_committee_in_the_path_means_the_member_s_door() -> None:
    """A page below a committee that asks less would tell strangers that the committee is there."""
    problems = [route.name for route in routes() if "committee_slug" in route.params and route.door != "member" and route.name not in OUTSIDE]
    assert not problems, listed(problems)


def test_what_stands_outside_is_still_there() -> None:
    assert set(OUTSIDE) <= {route.name for route in routes()}


def test_no_path_counts() -> None:
    """Random slugs: a number in an address tells how many there are, and invites to try the next."""
    problems = [route.pattern for route in routes() if re.search(r"<int:|<pk|<\w+:(?:pk|id)>|_id>", route.pattern)]
    assert not problems, listed(problems)


def test_every_route_has_a_name_of_its_own() -> None:
    twice = [name for name, n in Counter(route.name for route in routes()).items() if n > 1]
    assert not twice, listed(twice)


def test_a_view_without_a_door_stays_shut() -> None:
    def forgotten(request: HttpRequest) -> HttpResponse:
        return HttpResponse("secret")

    with pytest.raises(ImproperlyConfigured, match="has no door"):
        ClosedByDefault(forgotten).process_view(RequestFactory().get("/"), forgotten, (), {})


def test_only_doors_mark_views() -> None:
    """`view.door = …` anywhere else would open a page without a check behind it."""
    allowed = {"committees/base/doors.py", "committees/membership/doors.py"}
    problems = [
        f"{path.relative_to(ROOT)}"
        for house in ("committees", "organizing")
        for path in (ROOT / house).rglob("*.py")
        if re.search(r"\.door\s*=|\bdoors\.mark\(|from committees\.base\.doors import [^\n]*\bmark\b", path.read_text())
        and path.relative_to(ROOT).as_posix() not in allowed
    ]
    assert not problems, listed(problems)
