"""A committee that only its link leads to answers as if it did not exist: to the byte, in every header, at the same cost.

So does everything below a committee to whoever is outside. And to somebody not signed in every inner path is the same.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from committees.base.slugs import new as random_slug
from tests.house.code import listed
from tests.safety.asking import Answer, ask
from tests.safety.routes import Route, routes
from tests.safety.table import ROLES
from tests.safety.world import WORDS_OF_PATHS, World

pytestmark = pytest.mark.django_db

#: With these the name in the path is the link that somebody was given (tests/house/test_doors.py).
BY_LINK = {"bodies:card", "membership:begin"}
OUTSIDE_HUSH = [role for role in ROLES if role != "anonymous"]
WITH_NAMES = [route for route in routes() if set(route.params) - WORDS_OF_PATHS]
#: Rooms that stand below committees: what their slugs name belongs to a person or to the directory.
BELOW = ("committees.people", "committees.guides", "committees.notices", "committees.directory")
OF_COMMITTEES = [route for route in WITH_NAMES if {"committee_slug", "slug"} & set(route.params) and route.room not in BELOW]
#: What no committee is asked: those who keep the service see it, whoever wrote it.
OF_NO_COMMITTEE = {"asking:kept"}
OF_COMMITTEES = [route for route in OF_COMMITTEES if route.name not in BY_LINK | OF_NO_COMMITTEE]


def differences(one: Answer, other: Answer, *, cost: bool = True) -> list[str]:
    """In what two answers differ for somebody who looks closely."""
    found = []
    if one.response.status_code != other.response.status_code:
        found.append(f"status {one.response.status_code} and {other.response.status_code}")
    if one.body != other.body:
        where = next((n for n, (a, b) in enumerate(zip(one.body, other.body, strict=False)) if a != b), min(len(one.body), len(other.body)))
        found.append(f"bytes from {where}: {one.body[where - 20 : where + 40]!r} and {other.body[where - 20 : where + 40]!r}")
    if one.headers != other.headers:
        found.append(f"headers {set(one.headers.items()) ^ set(other.headers.items())}")
    if cost and one.queries != other.queries:
        found.append(f"{one.queries} and {other.queries} queries")
    return found


def blurred(answer: Answer, url: str) -> Answer:
    """The answer without the path that was asked for, which whoever asked knows already."""
    content = answer.body.replace(url.encode(), b"{path}")
    answer.response.content = content
    for name in ("Location", "Content-Location"):
        if name in answer.response.headers:
            from urllib.parse import quote

            answer.response.headers[name] = (
                answer.response.headers[name].replace("next=" + quote(url, safe=""), "next={path}").replace("next=" + quote(url), "next={path}")
            )
    return answer


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("route", OF_COMMITTEES, ids=str)
def test_a_hidden_committee_answers_like_none(route: Route, method: str, world: World) -> None:
    """Names that are real but hidden, and names that nothing has."""
    problems = []
    for role in OUTSIDE_HUSH:
        browser = world.browser(role)
        hidden, nothing = ask(browser, method, world.url(route, "hush")), ask(browser, method, world.random_url(route))
        problems += [f"{role}: {what}" for what in differences(hidden, nothing)]
    assert not problems, listed(problems)


@pytest.mark.parametrize("route", [route for route in OF_COMMITTEES if route.door == "member"], ids=str)
def test_anothers_committee_answers_like_none(route: Route, world: World) -> None:
    """A listed one too: what goes on in it is nobody's business outside."""
    problems = []
    for role in ("registered", "applicant", "admin", "suspended", "aside", "left", "removed", "elsewhere", "elsewhere_org"):
        browser = world.browser(role)
        theirs, nothing = ask(browser, "GET", world.url(route, "home")), ask(browser, "GET", world.random_url(route))
        problems += [f"{role}: {what}" for what in differences(theirs, nothing)]
    assert not problems, listed(problems)


@pytest.mark.parametrize("route", [route for route in WITH_NAMES if route.room in ("committees.people", "committees.notices")], ids=str)
def test_what_belongs_to_another_person_answers_like_nothing(route: Route, world: World) -> None:
    if route.door == "public":
        return
    browser = world.browser("elsewhere")
    theirs, nothing = ask(browser, "GET", world.url(route)), ask(browser, "GET", world.random_url(route))
    assert not differences(theirs, nothing)


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_everybody_who_is_not_signed_in_is_asked_to_whatever_the_path(method: str, world: World) -> None:
    """One redirect for every inner path: it does not say whether there is anything behind it."""
    problems = []
    for route in routes():
        if route.door == "public":
            continue
        for committee in ("home", "hush"):
            url, nothing = world.url(route, committee), world.random_url(route)
            real = blurred(ask(world.browser("anonymous"), method, url), url)
            made_up = blurred(ask(world.browser("anonymous"), method, nothing), nothing)
            if real.cell not in ("in", "405"):
                problems.append(f"{route}: {real.cell}")
            problems += [f"{route}: {what}" for what in differences(real, made_up)]
    assert not problems, listed(problems)


@pytest.mark.parametrize("who", ["anonymous", "registered", "member", "admin"])
def test_a_page_that_is_not_there_never_repeats_what_was_asked(who: str, world: World) -> None:
    word = random_slug()
    for path in (f"/{word}", f"/committees/{word}/", f"/committees/{word}/{word}/", f"/workplaces/{word}/", f"/calendar/{word}.ics"):
        answer = ask(world.browser(who), "GET", path, {"q": word})
        assert word.encode() not in answer.body, path


def test_the_comparison_sees_a_difference(world: World) -> None:
    browser: Callable[[str], Answer] = lambda path: ask(world.browser("member"), "GET", path)  # noqa: E731
    page = browser(f"/committees/{world.committees['home'].slug}/meetings/")
    assert differences(page, browser(f"/committees/{random_slug()}/meetings/"))
    assert not differences(page, browser(f"/committees/{world.committees['home'].slug}/meetings/"))
