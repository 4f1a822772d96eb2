"""The one queue: applications, what is held, flags and proposed workplaces, the oldest first, at the same cost whatever its length."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committees.directory import commands as directory
from committees.membership.applications import Application
from committees.membership.models import Membership
from committees.moderation import commands as moderation
from committees.moderation import sources
from committees.moderation.models import Act, Reason, Review
from committees.people.models import Person
from tests import make
from tests.committees.moderation import leaflets
from tests.committees.moderation.leaflets import Leaflet
from tests.committees.moderation.test_deciding import decide
from tests.committees.moderation.test_flagging import flag

pytestmark = pytest.mark.django_db

QUEUE = reverse("moderation:queue")


def person_of(member: Membership) -> Person:
    assert member.person is not None
    return member.person


def browser_of(member: Membership) -> Client:
    return make.client(person_of(member))


def seen(person: Person, **wanted: Any) -> list[str]:
    """What the queue shows, page by page, going on where the last one ended."""
    found, asked = [], {}
    while True:
        page = sources.page(RequestFactory().get("/", asked), person, timezone.now(), sources.Filter(**wanted))
        found += [card.pick for card in page.items]
        if page.older is None:
            return found
        asked = {"after": page.older}


def backwards(person: Person, mark: str) -> list[str]:
    found, asked = [], {"before": mark}
    while True:
        page = sources.page(RequestFactory().get("/", asked), person, timezone.now(), sources.Filter())
        found = [card.pick for card in page.items] + found
        if page.newer is None:
            return found
        asked = {"before": page.newer}


def waits_since(row: Review | Application, at: datetime) -> None:
    field = "begun_at" if isinstance(row, Review) else "sent_at"
    type(row).objects.filter(pk=row.pk).update(**{field: at})


@pytest.fixture
def many(cast: make.Cast, wall: None) -> list[str]:
    """Fifty things of three kinds, in no order; the names of them, the oldest first."""
    at, named = timezone.now() - timedelta(days=3), []
    for n in range(50):
        since = at + timedelta(minutes=(n * 7) % 25)  # some of them in the same moment
        if n % 3 == 0:
            row: Review | Application = make.application(cast.committee)
            kind = "application"
        elif n % 3 == 1:
            row, kind = moderation.hold(leaflets.put_up(cast.cleo, state="queued"), why=Reason.PROBATION, at=since), "held"
        else:
            row, kind = flag(leaflets.put_up(cast.ben), cast.cleo).review, "flag"
        waits_since(row, since)
        named.append((since, kind, row.pk, f"{kind}:{row.slug}"))
    waits_since(cast.dina, at - timedelta(days=1))
    return [f"application:{cast.dina.slug}", *(name for *_order, name in sorted(named))]


def test_everything_stands_there_once_the_oldest_first_and_back_again(cast: make.Cast, many: list[str]) -> None:
    mo = person_of(cast.mo)
    assert seen(mo) == many
    assert sources.waiting_for(mo, timezone.now()) == len(many) == 51
    last = sources.page(RequestFactory().get("/"), mo, timezone.now(), sources.Filter())
    assert last.older
    third = sources.page(RequestFactory().get("/", {"after": last.older}), mo, timezone.now(), sources.Filter())
    assert third.newer
    assert backwards(mo, third.newer) == many[:20]


def test_it_is_sifted_by_kind_language_and_age(cast: make.Cast, many: list[str], wall: None) -> None:
    mo = person_of(cast.mo)
    for kind in ("application", "held", "flag"):
        assert seen(mo, kind=kind) == [name for name in many if name.startswith(kind)]
    spanish = flag(leaflets.put_up(cast.ben, language="es"), cast.cleo).review
    waits_since(spanish, timezone.now() - timedelta(hours=13))
    assert seen(mo, language="es") == [f"flag:{spanish.slug}"]
    assert seen(mo, hours=12) == [*many, f"flag:{spanish.slug}"]
    assert seen(mo, hours=24) == many


def test_a_page_costs_the_same_at_two_sizes(cast: make.Cast, wall: None) -> None:
    browser, costs = browser_of(cast.mo), []
    browser.get(QUEUE)  # the first visit of a day writes that day
    for number in (2, 12):
        for _ in range(number):
            make.application(cast.committee)
            flag(leaflets.put_up(cast.ben), cast.cleo)
            flag(make.member(cast.committee), cast.ben)
            moderation.hold(leaflets.put_up(cast.cleo), why=Reason.LINKS, at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(QUEUE).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert costs[1] <= 12, costs


def test_a_moderator_sees_nothing_of_another_committee(cast: make.Cast, many: list[str]) -> None:
    there = make.committee()
    outsider = make.reloaded(make.organizer_of(there))
    assert seen(person_of(outsider)) == []
    assert many[0] not in browser_of(outsider).get(QUEUE).content.decode()


@pytest.mark.parametrize("who", ["ben", "cleo"])
def test_whoever_moderates_nowhere_has_no_queue(cast: make.Cast, who: str) -> None:
    browser = browser_of(getattr(cast, who))
    assert browser.get(QUEUE).status_code == 404
    assert browser.get(reverse("moderation:together")).status_code == 404


def test_what_they_wrote_or_flagged_is_not_in_a_moderators_queue(cast: make.Cast, wall: None) -> None:
    own, flagged = flag(leaflets.put_up(cast.mo), cast.cleo).review, flag(leaflets.put_up(cast.ben), cast.mo).review
    assert seen(person_of(cast.mo), kind="flag") == []
    assert sorted(seen(person_of(cast.ada), kind="flag")) == sorted(f"flag:{each.slug}" for each in (own, flagged))
    for review in (own, flagged):
        assert browser_of(cast.mo).get(review.get_absolute_url()).status_code == 404


def test_those_who_keep_the_service_running_find_proposed_workplaces_and_nothing_of_committees(cast: make.Cast, many: list[str]) -> None:
    admin = make.person(is_platform_admin=True)
    sites = [directory.propose(by=make.person(), employer=f"Depot {n}", name=f"Yard {n}", city="Leeds", country="GB", zone="Europe/London") for n in range(23)]
    assert seen(admin) == [f"workplace:{site.slug}" for site in sites]
    page = make.client(admin).get(QUEUE).content.decode()
    assert "Yard 0" in page
    assert cast.dina.handle not in page
    assert "workplace" not in [source.kind for source in sources.of(person_of(cast.mo))]


def test_somebody_who_is_both_gets_all_of_it_in_one_list(cast: make.Cast, many: list[str]) -> None:
    mo = person_of(cast.mo)
    Person.objects.filter(pk=mo.pk).update(is_platform_admin=True)
    mo.refresh_from_db()
    sites = [directory.propose(by=make.person(), employer=f"Depot {n}", name=f"Yard {n}", city="Leeds", country="GB", zone="Europe/London") for n in range(23)]
    everything = [*(f"workplace:{site.slug}" for site in sites), *many]
    assert seen(mo) == everything
    first = sources.page(RequestFactory().get("/"), mo, timezone.now(), sources.Filter())
    second = sources.page(RequestFactory().get("/", {"after": first.older or ""}), mo, timezone.now(), sources.Filter())
    assert [card.pick for card in second.items] == everything[20:40]
    assert backwards(mo, second.newer or "") == everything[:20]


def test_a_forged_mark_begins_at_the_beginning(cast: make.Cast, many: list[str]) -> None:
    page = browser_of(cast.mo).get(QUEUE, {"after": "forged:mark"}).content.decode()
    assert many[0].partition(":")[2] in page


# -- Several together ---------------------------------------------------------------------------------------------------

TOGETHER = reverse("moderation:together")


def ticked(browser: Client, act: str, *picks: str, **reason: str) -> str:
    """The confirmation, then the answer."""
    asked = browser.get(TOGETHER, {"act": act, "pick": list(picks)})
    assert asked.status_code == 200, asked
    assert str(len(picks)) in asked.content.decode()
    return browser.post(TOGETHER, {"act": act, "pick": list(picks), "sure": "1", **reason}, follow=True).content.decode()


def test_several_are_answered_together_and_each_has_its_own_result(cast: make.Cast, wall: None) -> None:
    """Three are hidden; one was answered by another moderator after the page was opened."""
    rows = [leaflets.put_up(cast.ben) for _ in range(4)]
    reviews = [flag(row, cast.cleo).review for row in rows]
    decide(reviews[3], Act.KEEP, cast.ada)
    page = ticked(browser_of(cast.mo), "no", *(f"flag:{review.slug}" for review in reviews), rule="junk", words="junk-0", text="")
    assert "3 are done." in page
    assert re.search(r"1 was not done: Another moderator has answered already: Kept", page)
    assert [Leaflet.objects.get(pk=row.pk).state for row in rows] == ["hidden", "hidden", "hidden", "visible"]
    texts = {review.text for review in Review.objects.filter(act=Act.HIDE)}
    assert texts == {"It is an advertisement, or the same text again."}


def test_shown_and_kept_go_together_though_each_needs_another_act(cast: make.Cast, held: Review, leaflet: Leaflet) -> None:
    flagged = flag(leaflet, cast.cleo).review
    page = ticked(browser_of(cast.mo), "yes", f"held:{held.slug}", f"flag:{flagged.slug}")
    assert "2 are done." in page
    assert set(Review.objects.values_list("act", flat=True)) == {Act.APPROVE, Act.KEEP}


def test_applications_are_declined_together_with_one_reason(cast: make.Cast) -> None:
    others = [make.application(cast.committee) for _ in range(2)]
    page = ticked(browser_of(cast.mo), "no", *(f"application:{each.slug}" for each in (cast.dina, *others)), code="not_confirmed", text="")
    assert "3 are done." in page
    assert set(Application.objects.filter(committee=cast.committee).values_list("state", flat=True)) == {"declined"}


def test_things_that_ask_for_different_reasons_are_not_answered_together(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, cast.cleo).review
    answer = browser_of(cast.mo).get(TOGETHER, {"act": "no", "pick": [f"flag:{review.slug}", f"application:{cast.dina.slug}"]}, follow=True)
    assert "Tick things of one kind" in answer.content.decode()
    assert "Tick at least one" in browser_of(cast.mo).get(TOGETHER, {"act": "no"}, follow=True).content.decode()


def test_without_a_reason_nothing_is_done(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, cast.cleo).review
    answer = browser_of(cast.mo).post(TOGETHER, {"act": "no", "pick": [f"flag:{review.slug}"], "sure": "1", "rule": "", "words": "", "text": "short"})
    assert answer.status_code == 422
    review.refresh_from_db()
    assert review.is_open


def test_what_is_not_theirs_is_not_done_whatever_is_ticked(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, cast.cleo).review
    site = directory.propose(by=person_of(cast.ben), employer="Depot", name="Yard", city="Leeds", country="GB", zone="Europe/London")
    page = ticked(browser_of(cast.boss), "yes", f"flag:{review.slug}")
    assert "1 is no longer yours to answer." in page
    assert (
        "Tick at least one"
        in browser_of(cast.mo).get(TOGETHER, {"act": "yes", "pick": [f"workplace:{site.slug}", "no-such:thing", "flag"]}, follow=True).content.decode()
    )
    review.refresh_from_db()
    assert review.is_open


def test_the_pages_of_the_queue_keep_what_was_chosen(cast: make.Cast, many: list[str]) -> None:
    page = browser_of(cast.mo).get(QUEUE, {"kind": "held"}).content.decode()
    assert not re.search(r'class="pager', page), "17 held things are one page"
    page = browser_of(cast.mo).get(QUEUE, {"age": "12"}).content.decode()
    older = re.search(r'href="(\?[^"]*after=[^"]+)"', page)
    assert older
    assert parse_qs(urlsplit(older[1].replace("&amp;", "&")).query)["age"] == ["12"]


def test_the_heading_counts_what_is_shown_and_offers_what_can_be_done_with_it(cast: make.Cast, wall: None) -> None:
    flag(leaflets.put_up(cast.ben), cast.cleo)
    browser = browser_of(cast.mo)
    everything = browser.get(QUEUE).content.decode()
    assert "2 wait</h2>" in everything
    assert "Put aside as spam" in everything
    flagged = browser.get(QUEUE, {"kind": "flag"}).content.decode()
    assert "1 waits</h2>" in flagged
    assert "Put aside as spam" not in flagged
    assert "What you chose</h2>" in browser.get(QUEUE, {"language": "en"}).content.decode()
