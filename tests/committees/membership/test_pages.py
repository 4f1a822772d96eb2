"""The pages of joining, reviewing and belonging, as people use them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.bodies.models import Committee
from committees.membership import commands as membership
from committees.membership.applications import Application, Check
from committees.membership.models import Membership
from committees.membership.roles import Role
from tests import make

pytestmark = pytest.mark.django_db


def hidden_key(page: Any) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', page.content.decode())
    assert found
    return found.group(1)


def test_a_worker_joins_one_question_at_a_time() -> None:
    committee, cleo = make.committee(), make.person()
    browser = make.client(cleo)
    assert "Join this committee" in browser.get(reverse("bodies:card", args=[committee.slug])).content.decode()
    page = browser.post(reverse("membership:begin", args=[committee.slug]), follow=True)
    assert "When do you work?" in page.content.decode()
    slug = Application.objects.get(person=cleo).slug

    def answer(step: str, **data: str) -> Any:
        return browser.post(reverse("membership:step", args=[slug, step]), data, follow=True)

    refused = answer("shift", shift="-", other="")
    assert refused.status_code == 422
    assert "own words" in refused.content.decode()
    answer("shift", shift="-", other="Cleaning, mornings")
    assert "Why do you want to join?" in answer("name", handle="Early mornings").content.decode()
    sentence = "I do not hire, fire, discipline or report on workers for management."
    assert sentence in answer("why", why="Three of us are alone on the floor.").content.decode()
    check = answer("promise", promise="on")
    for shown in (sentence, "Check your answers", "Cleaning, mornings", "Early mornings", "Three of us are alone on the floor."):
        assert shown in check.content.decode()
    sent = browser.post(reverse("membership:check", args=[slug]), follow=True)
    assert "Application sent" in sent.content.decode()
    assert Application.objects.get(slug=slug).state == "pending"


def test_a_refused_name_is_shown_again_with_what_to_do(cast: make.Cast) -> None:
    someone = make.person()
    browser = make.client(someone)
    browser.post(reverse("membership:begin", args=[cast.committee.slug]))
    slug = Application.objects.get(person=someone).slug
    page = browser.post(reverse("membership:step", args=[slug, "name"]), {"handle": cast.ben.handle})
    assert page.status_code == 422
    assert cast.ben.handle in page.content.decode()
    assert "looks like it. Choose another." in page.content.decode()


def test_somebody_elses_application_does_not_exist(cast: make.Cast) -> None:
    assert cast.ben.person is not None
    for name in ("application", "check", "withdraw"):
        assert make.client(cast.ben.person).get(reverse(f"membership:{name}", args=[cast.dina.slug])).status_code == 404


def test_whoever_wants_to_accept_too_early_finds_the_check_that_is_missing_open() -> None:
    committee = make.committee()
    first, second = make.organizer_of(committee), make.member(committee, roles=(Role.ORGANIZER,))
    application = make.application(committee)
    membership.add_check(application, Check.Kind.TALK, by=make.reloaded(first), at=timezone.now())
    assert second.person is not None
    page = make.client(second.person).get(reverse("membership:case", args=[application.slug]), {"act": "admit"}).content.decode()
    assert "More checks are needed first." in page
    assert '<details class="disclose" open><summary>I have checked them' in page


def test_a_reviewer_checks_asks_and_accepts_in_the_browser() -> None:
    committee = make.committee()
    organizer = make.organizer_of(committee)
    application = make.application(committee)
    assert organizer.person is not None
    browser = make.client(organizer.person)
    assert application.handle in browser.get(reverse("membership:queue")).content.decode()
    case = reverse("membership:case", args=[application.slug])
    page = browser.get(case)
    asked = browser.post(case, {"act": "ask", "text": "Which gate do you use?", "form_key": hidden_key(page)}, follow=True)
    assert "Which gate do you use?" in asked.content.decode()
    too_early = browser.post(case, {"act": "admit", "text": ""})
    assert too_early.status_code == 422
    browser.post(case, {"act": "check", "kind": Check.Kind.TALK})
    done = browser.post(case, {"act": "admit", "text": "Welcome"}, follow=True)
    assert "Accepted. They are told now." in done.content.decode()
    assert Membership.objects.filter(committee=committee, person=application.person).exists()
    own = make.client(application.person).get(reverse("membership:application", args=[application.slug])).content.decode()
    assert "You are accepted" in own
    assert "Welcome" in own
    assert organizer.handle not in own


def test_a_question_that_is_ready_is_read_by_each_side_in_their_own_language() -> None:
    committee = make.committee()
    application = make.application(committee, by=make.person(language="es"))
    reviewer = make.organizer_of(committee).person
    assert reviewer is not None
    browser = make.client(reviewer)
    case = reverse("membership:case", args=[application.slug])
    page = browser.get(case)
    assert "They read this site in Spanish." in page.content.decode()
    nothing = browser.post(case, {"act": "ask", "phrase": "", "text": "", "form_key": hidden_key(page)})
    assert nothing.status_code == 422
    assert "Write a question, or choose one that is ready." in nothing.content.decode()
    asked = browser.post(case, {"act": "ask", "phrase": "way_in", "text": "The canteen too.", "form_key": hidden_key(page)}, follow=True).content.decode()
    assert "Which entrance do you use" in asked
    theirs = make.client(application.person)
    theirs.cookies["django_language"] = "es"
    own = theirs.get(reverse("membership:application", args=[application.slug])).content.decode()
    assert "¿Qué entrada usas" in own
    assert "The canteen too." in own
    assert "nglés" in own, "what was written freely says in which language"


def test_a_case_of_another_committee_does_not_exist(cast: make.Cast) -> None:
    for who in (cast.boss, cast.ben, cast.cleo):
        assert who.person is not None
        assert make.client(who.person).get(reverse("membership:case", args=[cast.dina.slug])).status_code == 404


def test_whoever_reviews_nowhere_has_no_queue(cast: make.Cast) -> None:
    assert cast.ben.person is not None
    assert make.client(cast.ben.person).get(reverse("membership:queue")).status_code == 404


def test_the_public_card_says_nothing_of_members_and_a_forming_one_only_that() -> None:
    founder = make.forming()
    page = Client().get(reverse("bodies:card", args=[founder.committee.slug])).content.decode()
    assert "Forming" in page
    assert founder.handle not in page
    assert founder.committee.name not in page


def test_a_member_sees_the_committee_and_an_outsider_the_same_as_nothing(cast: make.Cast) -> None:
    for who, status in ((cast.ben, 200), (cast.cleo, 200), (cast.boss, 404)):
        assert who.person is not None
        assert make.client(who.person).get(cast.committee.get_absolute_url()).status_code == status
    assert make.client(make.person()).get(cast.committee.get_absolute_url()).status_code == 404


def test_the_roster_is_for_organizers_who_have_just_signed_in(cast: make.Cast) -> None:
    roster = reverse("membership:roster", args=[cast.committee.slug])
    assert cast.ada.person is not None
    assert cast.ben.person is not None
    assert cast.ben.handle in make.client(cast.ada.person).get(roster).content.decode()
    assert make.client(cast.ben.person).get(roster).status_code == 404
    stale = Client()
    stale.force_login(cast.ada.person)
    assert stale.get(roster).status_code == 302


@pytest.mark.parametrize("page", ["me", "rights", "log", "committee"])
def test_the_inner_pages_answer(cast: make.Cast, page: str) -> None:
    assert cast.ben.person is not None
    assert make.client(cast.ben.person).get(reverse(f"membership:{page}", args=[cast.committee.slug])).status_code == 200


def test_pages_cost_the_same_at_one_and_at_three(cast: make.Cast, django_assert_max_num_queries: Any) -> None:
    assert cast.ada.person is not None
    browser = make.client(cast.ada.person)
    pages = [
        reverse("membership:queue"),
        reverse("membership:roster", args=[cast.committee.slug]),
        reverse("membership:log", args=[cast.committee.slug]),
        reverse("bodies:list"),
    ]
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def costs() -> list[int]:
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(page).status_code == 200
            found.append(len(queries))
        return found

    costs()  # the first request of a day notes the day
    costs()  # the first visit of a day writes that day
    before = costs()
    for _ in range(2):
        make.application(cast.committee)
        make.member(cast.committee)
        make.member(make.committee(), by=cast.ada.person)
    assert costs() == before
    assert max(before) <= 12


def test_a_listed_site_leads_to_its_committee_and_an_empty_one_to_a_new_one() -> None:
    committee = make.committee()
    assert committee.workplace is not None
    assert reverse("bodies:card", args=[committee.slug]) in Client().get(committee.workplace.get_absolute_url()).content.decode()
    empty = make.workplace()
    assert reverse("membership:start", args=[empty.slug]) in Client().get(empty.get_absolute_url()).content.decode()


def test_someone_starts_a_committee_in_the_browser() -> None:
    make.alliance()
    site, founder = make.workplace(), make.person()
    browser = make.client(founder)
    start = reverse("membership:start", args=[site.slug])
    page = browser.get(start)
    data = {"name": "Our committee", "languages": ["en", "es"], "form_key": hidden_key(page)}
    assert "When do you work?" in browser.post(start, data, follow=True).content.decode()
    browser.post(start, data)
    assert Committee.objects.filter(workplace=site).count() == 1
