"""Two organizers close their committee, and what ends with it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.alliance.models import Affiliation
from committees.alliance.models import State as Tie
from committees.base.errors import Refused
from committees.bodies.models import Committee, Life
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct, State
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.applications import Application, Decline
from committees.membership.applications import State as Applied
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role, Standing
from committees.notices.models import Delivery, Notice
from committees.notices.registry import kind
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.meetings.models import State as Held
from tests import make
from tests.organizing.meetings.cast import plan

pytestmark = pytest.mark.django_db
WHY = "The plant closes at the end of the month."
LATER = timedelta(hours=73)


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))


def now() -> datetime:
    return timezone.now()


def closed(cast: make.Cast, second: Membership) -> None:
    act = jointly.propose_closing(reason=WHY, by=make.reloaded(cast.ada), at=now())
    jointly.agree(act, by=make.reloaded(second), at=now())
    jointly.carry_out(now() + LATER)
    assert JointAct.objects.get().state == State.DONE


def test_nobody_belongs_to_it_any_more_and_all_are_told(cast: make.Cast, second: Membership) -> None:
    inside = list(Membership.objects.filter(committee=cast.committee))
    closed(cast, second)
    assert Committee.objects.get(pk=cast.committee.pk).life == Life.DISSOLVED
    assert set(Membership.objects.filter(committee=cast.committee).values_list("standing", flat=True)) == {Standing.LEFT}
    assert not RoleTerm.objects.running(now() + LATER + timedelta(seconds=1)).filter(committee=cast.committee).exists()
    told = set(Delivery.objects.filter(notice__kind="membership/committee_closed").values_list("person", flat=True))
    assert told == {member.person_id for member in inside}
    assert Entry.objects.filter(chain=cast.committee.slug, verb="committee.closed").count() == 1


def test_its_pages_are_shut_to_those_who_belonged_and_to_everybody(cast: make.Cast, second: Membership) -> None:
    closed(cast, second)
    assert cast.ben.person is not None
    for client in (make.client(cast.ben.person), Client()):
        assert client.get(reverse("bodies:card", args=[cast.committee.slug])).status_code == 404
    assert make.client(cast.ben.person).get(cast.committee.get_absolute_url()).status_code == 404


def test_whoever_had_applied_is_told_that_it_is_closed(cast: make.Cast, second: Membership) -> None:
    begun = membership.begin(cast.committee, by=make.person(), at=now())
    closed(cast, second)
    ended = Application.objects.get(pk=cast.dina.pk)
    assert (ended.state, ended.decline_code) == (Applied.DECLINED, Decline.CLOSED)
    assert Delivery.objects.filter(notice__kind="membership/application_declined", person=cast.dina.person).exists()
    assert cast.dina.person is not None
    assert "The committee is closed." in make.client(cast.dina.person).get(ended.get_absolute_url()).content.decode()
    assert not Application.objects.filter(pk=begun.pk).exists()


def test_reviewers_cannot_choose_that_reason(cast: make.Cast) -> None:
    assert cast.ada.person is not None
    page = make.client(cast.ada.person).get(reverse("membership:case", args=[cast.dina.slug])).content.decode()
    assert "We asked a question" in page
    assert "The committee is closed." not in page


def test_its_meetings_do_not_take_place_and_guests_hear_it(cast: make.Cast, second: Membership) -> None:
    alliance = make.alliance()
    guests = make.committee()
    for committee in (cast.committee, guests):
        make.affiliated(committee, alliance)
    ada = make.reloaded(cast.ada)
    meeting = meetings.call(meetings.draft(plan(day=(now() + timedelta(days=20)).date()), by=ada, at=now()), by=ada, at=now())
    (guest,) = meetings.invite(meeting, [guests], by=ada, at=now())
    host = make.reloaded(make.organizer_of(guests))
    meetings.accept_invitation(guest, by=host, at=now())
    closed(cast, second)
    assert Meeting.objects.get(pk=meeting.pk).state == Held.CANCELLED
    notice = Notice.objects.get(kind="meetings/cancelled", committee_id=guests.pk)
    meaning = kind("meetings/cancelled")
    assert meaning.matters is not None
    assert host.person_id is not None
    assert cast.ben.person_id is not None
    assert meaning.matters(notice, {host.person_id, cast.ben.person_id}) == {host.person_id}
    assert host.person is not None
    assert make.client(host.person).get(reverse("meetings:meeting", args=[guests.slug, meeting.slug])).status_code == 200


def test_it_no_longer_belongs_to_wider_committees(cast: make.Cast, second: Membership) -> None:
    tie = make.affiliated(cast.committee)
    closed(cast, second)
    assert Affiliation.objects.get(pk=tie.pk).state == Tie.ENDED
    assert Notice.objects.filter(kind="alliance/parted", about_id=tie.pk).exists()


def test_others_can_start_anew_at_the_workplace(cast: make.Cast, second: Membership) -> None:
    site = cast.committee.workplace
    assert site is not None
    closed(cast, second)
    began = membership.start_committee(site, name="A new one", languages=["en"], by=make.person(), at=now())
    assert began.committee.life == Life.FORMING


def test_members_can_stop_it(cast: make.Cast, second: Membership) -> None:
    act = jointly.propose_closing(reason=WHY, by=make.reloaded(cast.ada), at=now())
    jointly.agree(act, by=second, at=now())
    jointly.object_to(act, reason="We go on without the plant.", by=make.reloaded(cast.ben), at=now())
    assert JointAct.objects.get().state == State.STOPPED
    assert jointly.carry_out(now() + LATER) == 0


def test_a_committee_that_is_still_forming_closes_three_days_later_too() -> None:
    founder = make.forming()
    friend = make.reloaded(make.member(founder.committee))
    act = jointly.propose_closing(reason=WHY, by=make.reloaded(founder), at=now())
    jointly.agree(act, by=make.reloaded(make.organizer_of(make.alliance())), at=now())
    jointly.carry_out(now())
    assert Committee.objects.get(pk=founder.committee_id).life == Life.FORMING
    jointly.object_to(act, reason="We have only just begun.", by=friend, at=now())
    assert JointAct.objects.get().state == State.STOPPED


def test_the_alliance_cannot_be_closed() -> None:
    intake = make.reloaded(make.organizer_of(make.alliance(organizers=2)))
    with pytest.raises(Refused, match="rely on"):
        jointly.propose_closing(reason=WHY, by=intake, at=now())
    assert intake.person is not None
    page = make.client(intake.person).get(reverse("membership:settings", args=[intake.committee.slug])).content.decode()
    assert reverse("jointly:close", args=[intake.committee.slug]) not in page


@pytest.mark.parametrize("who", ["ben", "mo", "cleo"])
def test_nobody_but_organizers_propose_it(cast: make.Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        jointly.propose_closing(reason=WHY, by=getattr(cast, who), at=now())


def test_it_begins_in_the_settings(cast: make.Cast, second: Membership) -> None:
    assert cast.ada.person is not None
    ada, slug = make.client(cast.ada.person), cast.committee.slug
    form = reverse("jointly:close", args=[slug])
    assert f'href="{form}"' in ada.get(reverse("membership:settings", args=[slug])).content.decode()
    assert ada.post(form, {"reason": ""}).status_code == 422
    key = ada.get(form).context["form"]["form_key"].value()
    assert ada.post(form, {"reason": WHY, "form_key": key}).status_code == 302
    again = ada.get(form).context["form"]["form_key"].value()
    refused = ada.post(form, {"reason": WHY, "form_key": again})
    assert (refused.status_code, WHY in refused.content.decode()) == (422, True)
