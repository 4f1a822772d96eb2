"""What others wait for stands on the page of those who can answer, and of nobody else."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committees.alliance import commands as alliance
from committees.alliance.models import Affiliation
from committees.membership.models import Membership
from committees.people.models import Person
from organizing.meetings import commands as meetings
from organizing.meetings.models import Guest
from organizing.meetings.plans import Plan, Words
from tests import make

pytestmark = pytest.mark.django_db


def page(person: Person) -> str:
    return make.client(person).get(reverse("home:today")).content.decode()


def asked_by(cast: make.Cast) -> tuple[Affiliation, Membership]:
    """The cast's committee asks the alliance; and an organizer there."""
    wider = make.alliance()
    return alliance.ask(wider, by=make.reloaded(cast.ada), at=timezone.now()), make.organizer_of(wider)


def invited_by(cast: make.Cast, *, days: int = 3) -> Guest:
    """The cast's committee invites the other one, both of one alliance, to a meeting in so many days."""
    if not Affiliation.objects.exists():
        make.affiliated(cast.committee)
        make.affiliated(cast.boss.committee)
    now = timezone.now()
    plan = Plan(Words("Overtime at both sites"), "Europe/London", 60, (now + timedelta(days=days)).date(), time(19, 0))
    meeting = meetings.call(meetings.draft(plan, by=make.reloaded(cast.ada), at=now), by=make.reloaded(cast.ada), at=now)
    return meetings.invite(meeting, [cast.boss.committee], by=make.reloaded(cast.ada), at=now)[0]


def test_a_request_leads_the_wider_committees_organizers_to_the_answer(cast: make.Cast) -> None:
    tie, organizer = asked_by(cast)
    shown = page(organizer.person)
    assert f"{cast.committee.name} wants to belong to your committee" in shown
    assert f'href="{tie.url_in(tie.wider.slug)}"' in shown


@pytest.mark.parametrize("who", ["ada", "ben", "boss"])
def test_nobody_else_is_told_of_a_request(cast: make.Cast, who: str) -> None:
    asked_by(cast)
    assert "wants to belong" not in page(getattr(cast, who).person)


def test_an_answered_request_waits_no_more(cast: make.Cast) -> None:
    tie, organizer = asked_by(cast)
    alliance.decline(tie, "You belong to another alliance already.", by=make.reloaded(organizer), at=timezone.now())
    assert "wants to belong" not in page(organizer.person)


def test_an_invitation_leads_the_invited_committees_organizers_to_the_answer(cast: make.Cast) -> None:
    guest = invited_by(cast)
    shown = page(cast.boss.person)
    assert f"{cast.committee.name} invites your committee to a meeting" in shown
    assert f'href="{reverse("meetings:invitation", args=[cast.boss.committee.slug, guest.slug])}"' in shown


def test_nobody_else_is_told_of_an_invitation(cast: make.Cast) -> None:
    invited_by(cast)
    member = make.member(cast.boss.committee)
    for person in (cast.ada.person, cast.ben.person, member.person):
        assert "invites your committee" not in page(person)


def test_an_answered_or_withdrawn_invitation_or_one_to_a_cancelled_meeting_waits_no_more(cast: make.Cast) -> None:
    answered, withdrawn, cancelled = (invited_by(cast, days=days) for days in (3, 5, 7))
    assert page(cast.boss.person).count("invites your committee") == 3
    meetings.decline_invitation(answered, by=make.reloaded(cast.boss), at=timezone.now())
    meetings.withdraw_invitation(withdrawn, by=make.reloaded(cast.ada), at=timezone.now())
    meetings.cancel(cancelled.meeting, by=make.reloaded(cast.ada), at=timezone.now())
    assert "invites your committee" not in page(cast.boss.person)


def test_all_that_others_wait_for_is_asked_in_the_statements_of_one(cast: make.Cast) -> None:
    browser, day = make.client(cast.boss.person), reverse("home:today")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(day).status_code == 200
        return len(queries)

    invited_by(cast)
    cost()
    before = cost()
    for days in (4, 6, 8):
        invited_by(cast, days=days)
        make.application(cast.boss.committee)
    assert cost() == before <= 11
