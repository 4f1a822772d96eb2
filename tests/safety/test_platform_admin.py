"""Platform admins keep the directory and the service. They learn nothing of committees, and nobody else sees their pages.

Every address of the resolver is asked for as the admin, with GET and with POST, in each of the committees. No answer holds a
word that belongs to a committee: who is in it, what it writes, who applies, where and when it meets.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from committees.directory import commands as directory
from committees.directory.imports.headings import FIELDS
from committees.directory.models import WorkplaceList
from committees.support import commands as support
from tests.house.code import listed
from tests.safety.asking import ask, taken_back
from tests.safety.leaks import without_what_was_granted
from tests.safety.routes import Route, named, routes
from tests.safety.table import ROLES
from tests.safety.words import WORDS
from tests.safety.world import World, fresh

pytestmark = pytest.mark.django_db

#: Kinds of words that are a committee's. (The name of a listed committee, its employer and its site are public.)
COMMITTEES_OWN = {
    "handle",
    "title",
    "item",
    "organizersitem",
    "place",
    "link",
    "dialin",
    "why",
    "answer",
    "question",
    "said",
    "note",
    "reply",
    "reason",
    "change",
    "flagnote",
    "decision",
    "topic",
    "post",
    "draft",
    "label",
    "asked",
    "advice",
}
#: What somebody wrote for anyone to read, and the name under which they did; and what was asked of those who keep the service.
SAID_IN_PUBLIC = {("topic", "public"), ("post", "public"), ("handle", "other.founder2"), ("asked", "service"), ("advice", "service")}
#: What organizers opened to everybody stands on public pages.
SAID_IN_PUBLIC |= {(kind, whose) for kind in ("title", "item") for whose in ("home.open", "other.open")}
#: What is seen by an organizer of the committee: a search that did not see it there would prove nothing.
SEEN_INSIDE = {
    "handle",
    "title",
    "item",
    "organizersitem",
    "place",
    "link",
    "why",
    "answer",
    "question",
    "said",
    "note",
    "reason",
    "topic",
    "post",
    "label",
    "asked",
    "advice",
}
#: GET would end the session.
NOT_ASKED = {"account_logout"}
ADMINS = [route for route in routes() if route.door == "platform_admin"]


def secrets_of_committees(world: World) -> dict[str, str]:
    """Word → whose and what it is."""
    found = {word: f"{kind} of {whose}" for kind in COMMITTEES_OWN for whose, word in WORDS.given.get(kind, {}).items() if (kind, whose) not in SAID_IN_PUBLIC}
    found |= {word: f"address of {whose}" for whose, word in WORDS.given["address"].items() if whose != "admin"}
    found[WORDS.given["committee"]["hush"]] = "name of the committee that only its link leads to"
    found[world.committees["hush"].slug] = "address of the committee that only its link leads to"
    return found


def addresses(world: World, route: Route) -> Iterator[str]:
    yield from sorted({world.url(route, committee) for committee in ("home", "other", "hush")})


def said_to(world: World, role: str, method: str) -> Iterator[tuple[str, str]]:
    """Address and answer, headers and all, for each address there is; without the address itself, which the asker knows."""
    browser = world.browser(role)
    for route in routes():
        if route.name in NOT_ASKED:
            continue
        for url in addresses(world, route):
            answer = ask(browser, method, url)
            body = without_what_was_granted(answer.body, url) if role == "admin" else answer.body
            text = "\n".join([body.decode(errors="replace"), *(f"{name}: {value}" for name, value in answer.response.headers.items())])
            yield url, text.replace(url, "").replace(quote(url, safe=""), "").lower()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_answer_to_a_platform_admin_holds_anything_of_a_committee(method: str, world: World) -> None:
    secrets, found, asked = secrets_of_committees(world), [], 0
    assert len(secrets) > 60
    for url, text in said_to(world, "admin", method):
        asked += 1
        found += [f"{method} {url}: the {what}" for word, what in secrets.items() if word.lower() in text]
    assert asked > 120
    assert not found, listed(found)


def test_what_a_committee_granted_is_seen_and_only_there_and_only_until_it_ends(world: World) -> None:
    """Home lets those who keep the service look at its settings and its boards; the others have asked, and nobody has agreed."""
    browser = world.browser("admin")
    topic, grant = world.things["topic of home"], world.things["grant of home"]
    pages = [reverse("support:part", args=[grant.slug, "settings"]), reverse("support:item", args=[grant.slug, "boards", topic.slug])]
    meetings = reverse("support:part", args=[grant.slug, "meetings"])
    with taken_back():
        assert [ask(browser, "GET", url).cell for url in pages] == ["200", "200"]
        assert WORDS.post("home") in ask(browser, "GET", pages[1]).body.decode()
        assert ask(browser, "GET", meetings).cell == "404", "it was not granted"
        for key in ("other", "hush"):
            for name in ("support:part", "support:item"):
                assert ask(browser, "GET", world.url(named(name), key)).cell == "404"
        assert WORDS.given["committee"]["hush"] not in ask(browser, "GET", reverse("support:keeping")).body.decode()
        assert [ask(world.browser("admin", recently=False), "GET", url).cell for url in pages] == ["again", "again"]
        support.end(grant, by=fresh(world.members["home.founder2"]), at=timezone.now())
        assert [ask(browser, "GET", url).cell for url in pages] == ["404", "404"]
        assert WORDS.joint("home") not in ask(browser, "GET", reverse("support:keeping")).body.decode()


def test_the_search_is_not_blind(world: World) -> None:
    """An organizer is shown what the admin is not."""
    seen = set()
    secrets = secrets_of_committees(world)
    for _url, text in said_to(world, "organizer", "GET"):
        seen |= {what.split()[0] for word, what in secrets.items() if word.lower() in text}
    assert seen >= SEEN_INSIDE, SEEN_INSIDE - seen


def test_lists_and_merges_tell_an_admin_nothing_of_a_committee_either(world: World) -> None:
    """The admin's own pages in the states in which they show most: a list that was read, two sites side by side."""
    keeper, secrets = world.person("admin"), secrets_of_committees(world)
    site = world.things["site of hush"]
    rows = f"Employer,Name,Code,Town,Country\n{site.employer.name},{site.name},{site.code},Coventry,GB\n{site.employer.name},New,,Coventry,GB\n"
    made = directory.hand_in(rows.encode(), name="sites.csv", by=keeper, at=timezone.now())
    columns = {"employer": 0, "name": 1, "code": 2, "city": 3, "country": 4}
    directory.settle_columns(made, columns={field: columns.get(field) for field in FIELDS}, country="", by=keeper)
    directory.work(made.pk)
    assert WorkplaceList.objects.get(pk=made.pk).counts == {"unchanged": 1, "new": 1}
    other = world.things["site of other"]
    for url in (f"/keeping/lists/{made.slug}/", f"/keeping/workplaces/{site.slug}/merge/?into={other.slug}", f"/keeping/workplaces/?q={site.name}"):
        answer = ask(world.browser("admin"), "GET", url)
        assert answer.cell == "200"
        assert not [what for word, what in secrets.items() if word in answer.body.decode()], url


def test_an_admin_has_pages() -> None:
    assert {
        "home:keeping",
        "keeping:workplaces",
        "keeping:lists",
        "accounts:find",
        "answering:overview",
        "notices:dead_letters",
        "support:keeping",
        "asking:keeping",
    } <= {r.name for r in ADMINS}


@pytest.mark.parametrize("route", ADMINS, ids=str)
def test_for_everybody_else_an_admin_s_page_is_not_there(route: Route, world: World) -> None:
    """The same answer as for an address that nothing has; who is not signed in is asked to sign in, as everywhere inside."""
    url = world.url(route)
    for role in (each for each in ROLES if each != "admin"):
        for method in ("GET", "POST"):
            assert ask(world.browser(role), method, url).cell == ("in" if role == "anonymous" else "404"), f"{method} as {role}"


@pytest.mark.parametrize("route", [route for route in routes() if route.door == "member"], ids=str)
def test_no_member_s_door_opens_to_an_admin(route: Route, world: World) -> None:
    for committee in ("home", "other", "hush"):
        for method in ("GET", "POST"):
            assert ask(world.browser("admin"), method, world.url(route, committee)).cell in ("404", "405"), f"{method} in {committee}"
