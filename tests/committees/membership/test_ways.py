"""The ways through the pages: in after signing up, out of sight where hidden, back and forth without losing a word."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.base.slugs import new as random_slug
from committees.bodies.models import Committee, Visibility
from committees.jointly import commands as jointly
from committees.membership import commands as membership
from committees.membership.applications import Application, Decline, State
from committees.membership.models import Membership
from committees.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db


def key_on(page: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found, "the form has no one-time key"
    return found.group(1)


def browser_of(member: Membership) -> Client:
    assert member.person is not None
    return make.client(member.person)


def begun(committee: Committee, person: Person) -> Application:
    return membership.begin(committee, by=person, at=timezone.now())


def test_join_leads_over_the_sign_up_back_to_joining(cast: make.Cast) -> None:
    join = reverse("membership:begin", args=[cast.committee.slug])
    card = Client().get(reverse("bodies:card", args=[cast.committee.slug])).content.decode()
    assert f"{reverse('account_signup')}?next={join}" in card
    assert Client().get(join).headers["Location"].startswith(reverse("account_login"))
    newcomer = make.person()
    browser = make.client(newcomer)
    assert browser.get(join).status_code == 200
    assert not Application.objects.filter(person=newcomer).exists()
    assert browser.post(join, follow=True).status_code == 200
    assert Application.objects.get(person=newcomer).state == State.STARTED
    assert browser.get(join).status_code == 302


def test_a_hidden_committee_is_none_to_all_but_its_own(cast: make.Cast) -> None:
    Committee.objects.filter(pk=cast.committee.pk).update(visibility=Visibility.LINK)
    outside = make.client(make.person())
    for name in ("bodies:card", "membership:begin"):
        for browser in (outside, Client()):
            hidden, none = (browser.get(reverse(name, args=[slug])) for slug in (cast.committee.slug, random_slug()))
            assert hidden.status_code == none.status_code
            assert hidden.status_code in (302, 404)
    assert outside.post(reverse("membership:begin", args=[cast.committee.slug])).status_code == 404
    assert browser_of(cast.ben).get(reverse("bodies:card", args=[cast.committee.slug])).status_code == 200
    assert make.client(cast.dina.person).get(reverse("bodies:card", args=[cast.committee.slug])).status_code == 200
    site = cast.committee.workplace
    assert site is not None
    assert cast.committee.slug not in Client().get(site.get_absolute_url()).content.decode()


def test_save_and_finish_later_keeps_what_was_typed(cast: make.Cast) -> None:
    newcomer = make.person()
    application = begun(cast.committee, newcomer)
    browser = make.client(newcomer)
    browser.post(reverse("membership:step", args=[application.slug, "name"]), {"handle": "Gate seven", "later": "1"})
    application.refresh_from_db()
    assert application.handle == "Gate seven"
    assert "When do you work?" in browser.get(reverse("membership:application", args=[application.slug]), follow=True).content.decode()


def test_a_changed_answer_leads_back_to_the_page_where_all_are_checked(cast: make.Cast) -> None:
    newcomer = make.person()
    application = make.answered(cast.committee, newcomer, at=timezone.now())
    browser, check = make.client(newcomer), reverse("membership:check", args=[application.slug])
    for step, typed in (
        ("shift", {"shift": "-", "other": "Cleaning"}),
        ("name", {"handle": "Gate seven"}),
        ("why", {"why": "New"}),
        ("promise", {"promise": "on"}),
    ):
        url = reverse("membership:step", args=[application.slug, step])
        assert url in browser.get(check).content.decode() or step == "promise"
        assert browser.post(url, typed).headers["Location"] == check, step
    page = browser.get(check).content.decode()
    assert all(words in page for words in ("Cleaning", "Gate seven", "New"))


def test_after_sending_only_the_name_can_be_changed(cast: make.Cast) -> None:
    browser = make.client(cast.dina.person)
    own = reverse("membership:application", args=[cast.dina.slug])
    assert browser.get(reverse("membership:step", args=[cast.dina.slug, "why"])).headers["Location"] == own
    name = reverse("membership:step", args=[cast.dina.slug, "name"])
    assert browser.get(name).status_code == 200
    assert browser.post(name, {"handle": "Twilight, gate one"}).headers["Location"] == own
    cast.dina.refresh_from_db()
    assert (cast.dina.handle, cast.dina.state) == ("Twilight, gate one", State.PENDING)


def test_a_code_goes_from_hand_to_hand(cast: make.Cast) -> None:
    vouch = reverse("membership:vouch", args=[cast.committee.slug])
    maker = browser_of(cast.ben)
    key = key_on(maker.get(vouch).content.decode())
    page = maker.post(vouch, {"form_key": key}).content.decode()
    found = re.search(r'class="receipt"><bdi>([^<]+)</bdi>', page)
    assert found
    again = maker.post(vouch, {"form_key": key})
    assert again.status_code == 422
    assert found.group(1) not in again.content.decode()
    own, applicant = reverse("membership:application", args=[cast.dina.slug]), make.client(cast.dina.person)
    wrong = applicant.post(own, {"code": "bcdfg-hjkmn"})
    assert wrong.status_code == 422
    assert "bcdfg-hjkmn" in wrong.content.decode()
    assert applicant.post(own, {"code": found.group(1)}).status_code == 302
    assert "Gave them a code in person" in browser_of(cast.ada).get(reverse("membership:case", args=[cast.dina.slug])).content.decode()
    assert browser_of(cast.cleo).get(vouch).status_code == 404


def test_a_reviewer_who_stays_out_leaves_it_to_others(cast: make.Cast) -> None:
    case, browser = reverse("membership:case", args=[cast.dina.slug]), browser_of(cast.ada)
    assert browser.post(case, {"act": "recuse"}).headers["Location"] == reverse("moderation:queue")
    assert browser.get(case).status_code == 404
    assert cast.dina.handle not in browser.get(reverse("membership:queue")).content.decode()
    assert browser_of(cast.mo).get(case).status_code == 200


def test_the_second_reviewer_is_shown_the_answer_of_the_first(cast: make.Cast) -> None:
    case, second = reverse("membership:case", args=[cast.dina.slug]), browser_of(cast.mo)
    membership.decline(cast.dina, Decline.NOT_CONFIRMED, by=cast.ada, at=timezone.now())
    page = second.post(case, {"act": "decline", "code": Decline.MANAGEMENT, "text": ""})
    assert page.status_code == 422
    assert "This application has already been answered." in page.content.decode()
    assert cast.ada.handle in page.content.decode()


def test_a_declined_applicant_reads_the_reason_and_the_day(cast: make.Cast) -> None:
    membership.decline(cast.dina, Decline.NOT_CONFIRMED, by=cast.ada, at=timezone.now(), text="Ask again when you have a shift.")
    page = make.client(cast.dina.person).get(reverse("membership:application", args=[cast.dina.slug])).content.decode()
    for words in ("We could not confirm that you work there.", "Ask again when you have a shift.", "You can apply again from this day on:"):
        assert words in page
    assert cast.ada.handle not in page


def test_another_name_in_the_browser(cast: make.Cast) -> None:
    rename, browser = reverse("membership:rename", args=[cast.committee.slug]), browser_of(cast.ben)
    refused = browser.post(rename, {"handle": cast.ada.handle})
    assert refused.status_code == 422
    assert cast.ada.handle in refused.content.decode()
    assert "Dock nine" in browser.post(rename, {"handle": "Dock nine"}, follow=True).content.decode()


def test_an_organizer_does_not_see_what_is_proposed_about_them(cast: make.Cast) -> None:
    second = make.member(cast.committee, roles=(make.Role.ORGANIZER,))
    make.member(cast.committee, roles=(make.Role.ORGANIZER,))
    act = jointly.propose_removal(cast.ada, reason="Talks to the plant manager.", by=second, at=timezone.now())
    slug = cast.committee.slug
    for address in (reverse("membership:member", args=[slug, cast.ada.slug]), reverse("jointly:acts", args=[slug]), reverse("home:today")):
        page = browser_of(cast.ada).get(address).content.decode()
        assert "plant manager" not in page
        assert act.slug not in page
    assert browser_of(cast.ada).get(act.url_in(slug)).status_code == 404
    assert browser_of(cast.ben).get(act.url_in(slug)).status_code == 404


def test_whoever_founds_is_shown_the_committee_of_the_same_employer_in_the_same_town(cast: make.Cast) -> None:
    here = cast.committee.workplace
    assert here is not None
    other = make.workplace(employer=here.employer.name, city=here.city)
    page = make.client(make.person()).get(reverse("membership:start", args=[other.slug])).content.decode()
    assert reverse("bodies:card", args=[cast.committee.slug]) in page


def test_the_last_organizer_is_told_what_follows(cast: make.Cast) -> None:
    leave = reverse("membership:leave", args=[cast.committee.slug])
    assert "You are the last organizer" in browser_of(cast.ada).get(leave).content.decode()
    assert "You are the last organizer" not in browser_of(cast.mo).get(leave).content.decode()
