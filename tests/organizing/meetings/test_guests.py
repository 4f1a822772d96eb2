"""Committees that belong together invite each other to meetings: asked, answered by organizers, told to members, never who comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.notices import commands as notices
from committees.notices.models import Channel, Delivery, Notice
from organizing.meetings import commands as meetings
from organizing.meetings import queries
from organizing.meetings.models import AgendaItem, Answer, Guest, GuestState, Held, Meeting, Reveal
from organizing.meetings.plans import Plan, Point, When, Where, Words
from tests import make, standing

pytestmark = pytest.mark.django_db


class Two:
    """Two committees of one alliance, and a meeting that the first has called."""

    def __init__(self) -> None:
        self.cast = make.cast()
        self.host, self.organizer = self.cast.committee, self.cast.ada
        self.invited = self.cast.boss.committee
        self.their_organizer = make.reloaded(make.organizer_of(self.invited))
        self.their_member = make.member(self.invited, handle="Sortation, nights")
        make.affiliated(self.host)
        make.affiliated(self.invited)
        self.meeting = self.called()

    def called(self) -> Meeting:
        day = timezone.now() + timedelta(days=5)
        plan = Plan(
            words=Words(
                subject="Overtime at both sites",
                languages=("en",),
                link_shown=Reveal.ON_YES,
                agenda=(Point("Facts", 10), Point("For members", 10, visibility="members"), Point("Who speaks", 5, visibility="organizers")),
            ),
            zone="Europe/London",
            day=day.date(),
            clock=day.time().replace(second=0, microsecond=0),
            where=Where(held=Held.ONLINE, link="https://meet.example/both"),
        )
        return meetings.call(meetings.draft(plan, by=self.organizer, at=timezone.now()), by=self.organizer, at=timezone.now())

    def invite(self) -> Guest:
        (guest,) = meetings.invite(self.meeting, [self.invited], by=self.organizer, at=timezone.now())
        return guest

    def accepted(self) -> Guest:
        guest = self.invite()
        meetings.accept_invitation(guest, by=self.their_organizer, at=timezone.now())
        return Guest.objects.get(pk=guest.pk)


two = standing.scene(Two)


def told(kind: str, about: object = None) -> set[int | None]:
    """Person ids of those to whom notices of that kind go by mail, of every committee."""
    for notice in Notice.objects.filter(kind=kind, superseded_at=None):
        notices.expand(notice.pk, at=timezone.now())
    return set(Delivery.objects.filter(notice__kind=kind, channel=Channel.EMAIL).values_list("person_id", flat=True))


def test_the_organizers_of_the_invited_committee_are_told_and_nobody_else(two: Two) -> None:
    two.invite()
    assert told("meetings/invited") == {two.their_organizer.person_id}
    assert queries.one(two.their_member, two.meeting.slug) is None, "an invitation alone opens nothing"


def test_after_a_yes_their_members_are_told_and_see_it(two: Two) -> None:
    two.accepted()
    assert {two.their_member.person_id, two.their_organizer.person_id} <= told("meetings/called")
    assert told("meetings/guest_answered") == {two.organizer.person_id}
    seen = queries.one(two.their_member, two.meeting.slug)
    assert seen
    assert seen.get_absolute_url() == reverse("meetings:meeting", args=[two.invited.slug, two.meeting.slug]), "by their own door"


def test_they_read_what_members_read_and_nothing_of_the_hosts_organizers(two: Two) -> None:
    two.accepted()
    for guest, expected in ((two.their_member, {"Facts", "For members"}), (two.their_organizer, {"Facts", "For members"})):
        assert set(AgendaItem.objects.visible_to(guest).values_list("subject", flat=True)) == expected
    new = make.member(two.invited, standing=Standing.PROBATION)
    assert set(AgendaItem.objects.visible_to(new).values_list("subject", flat=True)) == {"Facts"}


def test_the_link_is_theirs_after_a_yes_of_their_own(two: Two) -> None:
    two.accepted()
    assert two.their_member.person
    browser = make.client(two.their_member.person)
    page = reverse("meetings:meeting", args=[two.invited.slug, two.meeting.slug])
    assert "meet.example/both" not in browser.get(page).content.decode()
    answer = browser.post(reverse("meetings:answer", args=[two.invited.slug, two.meeting.slug]), {"choice": "yes", "asking": two.meeting.asking})
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"] == page
    assert "meet.example/both" in browser.get(page).content.decode()


def test_the_host_sees_how_many_come_and_never_who(two: Two) -> None:
    two.accepted()
    meetings.answer(two.meeting, choice="yes", show_name=True, by=two.their_member, at=timezone.now())
    meetings.answer(two.meeting, choice="yes", show_name=True, by=two.cast.ben, at=timezone.now())
    host = queries.one(two.organizer, two.meeting.slug)
    assert host
    assert host.yes == 2  # type: ignore[attr-defined]
    assert host.names == ["Dock four, nights"]  # type: ignore[attr-defined]
    groups, _needs = queries.answers(two.meeting, two.organizer)
    assert {each.membership.handle for group in groups for each in group.answers} == {"Dock four, nights"}
    theirs, _needs = queries.answers(two.meeting, two.their_organizer)
    assert {each.membership.handle for group in theirs for each in group.answers} == {"Sortation, nights"}


def test_each_committee_sees_only_how_its_own_notices_arrive(two: Two) -> None:
    two.accepted()
    told("meetings/called")
    own = sum(report.members for report in queries.reports(two.meeting, two.organizer))
    theirs = sum(report.members for report in queries.reports(two.meeting, two.their_organizer))
    assert own == Membership.objects.present().filter(committee=two.host).count()
    assert theirs == Membership.objects.present().filter(committee=two.invited).count()


def test_a_move_and_a_cancellation_reach_them_too(two: Two) -> None:
    two.accepted()
    told("meetings/called")
    when = When.of(two.meeting)
    assert when
    moved = meetings.move(
        two.meeting, When(when.day + timedelta(days=1), when.clock, when.zone, when.minutes), Where.of(two.meeting), by=two.organizer, at=timezone.now()
    )
    Delivery.objects.filter(notice__kind="meetings/called").update(state="accepted", started_at=timezone.now())
    assert two.their_member.person_id in told("meetings/moved")
    Delivery.objects.filter(notice__kind="meetings/moved").update(state="accepted", started_at=timezone.now())
    meetings.cancel(moved, by=two.organizer, at=timezone.now())
    assert two.their_member.person_id in told("meetings/cancelled")


def test_the_reminder_goes_to_them_as_well(two: Two) -> None:
    two.accepted()
    Meeting.objects.filter(pk=two.meeting.pk).update(starts_at=timezone.now() + timedelta(hours=20), ends_at=timezone.now() + timedelta(hours=21))
    two.meeting.changes.update(at=timezone.now() - timedelta(days=3))
    meetings.remind_due(timezone.now())
    assert two.their_member.person_id in told("meetings/reminder")


@pytest.mark.parametrize("end", ["decline", "withdraw"])
def test_after_the_end_they_see_and_count_nothing_any_more(two: Two, end: str) -> None:
    guest = two.accepted()
    meetings.answer(two.meeting, choice="yes", by=two.their_member, at=timezone.now())
    if end == "decline":
        meetings.decline_invitation(guest, by=two.their_organizer, at=timezone.now())
    else:
        meetings.withdraw_invitation(guest, by=two.organizer, at=timezone.now())
    assert queries.one(two.their_member, two.meeting.slug) is None
    assert not Meeting.objects.visible_to_person(two.their_member.person).exists()  # type: ignore[arg-type]
    host = queries.one(two.organizer, two.meeting.slug)
    assert host
    assert host.yes == 0  # type: ignore[attr-defined]
    from committees.notices import registry

    called = Notice.objects.get(kind="meetings/called", committee_id=two.invited.pk)
    called.about = two.meeting
    assert two.their_member.person_id
    assert registry.kind("meetings/called").matters(called, {two.their_member.person_id}) == set()


ACTS: dict[str, Callable[[Two, Guest, Membership], object]] = {
    "invite": lambda two, guest, by: meetings.invite(two.meeting, [two.invited], by=by, at=timezone.now()),
    "accept": lambda two, guest, by: meetings.accept_invitation(guest, by=by, at=timezone.now()),
    "decline": lambda two, guest, by: meetings.decline_invitation(guest, by=by, at=timezone.now()),
    "withdraw": lambda two, guest, by: meetings.withdraw_invitation(guest, by=by, at=timezone.now()),
}
SIDES = {"invite": "host", "accept": "guest", "decline": "guest", "withdraw": "host"}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["host organizer", "host member", "host moderator", "guest organizer", "guest member"])
def test_who_may_do_what_with_an_invitation(two: Two, act: str, who: str) -> None:
    guest = two.invite()
    people = {
        "host organizer": two.organizer,
        "host member": two.cast.ben,
        "host moderator": two.cast.mo,
        "guest organizer": two.their_organizer,
        "guest member": two.their_member,
    }
    if who == f"{SIDES[act]} organizer":
        ACTS[act](two, guest, people[who])
    else:
        with pytest.raises(PermissionDenied):
            ACTS[act](two, guest, people[who])
        guest.refresh_from_db()
        assert guest.is_asked


def test_guests_cannot_change_the_meeting(two: Two) -> None:
    two.accepted()
    assert two.their_organizer.person
    browser = make.client(two.their_organizer.person)
    for page in ("edit", "move", "cancel", "guests"):
        assert browser.get(reverse(f"meetings:{page}", args=[two.invited.slug, two.meeting.slug])).status_code == 404, page
    with pytest.raises(PermissionDenied):
        meetings.cancel(two.meeting, by=two.their_organizer, at=timezone.now())


def test_only_committees_that_belong_together_invite_each_other(two: Two) -> None:
    stranger = make.committee()
    with pytest.raises(Refused, match="not tied"):
        meetings.invite(two.meeting, [stranger], by=two.organizer, at=timezone.now())
    hidden = make.committee(listed=False)
    make.affiliated(hidden)
    with pytest.raises(Refused, match="not tied"):
        meetings.invite(two.meeting, [hidden], by=two.organizer, at=timezone.now())


def test_a_no_can_be_asked_again_and_a_yes_only_once(two: Two) -> None:
    guest = two.invite()
    meetings.decline_invitation(guest, by=two.their_organizer, at=timezone.now())
    again = two.invite()
    assert again == guest
    meetings.accept_invitation(again, by=two.their_organizer, at=timezone.now())
    with pytest.raises(Refused, match="already been answered"):
        meetings.accept_invitation(again, by=two.their_organizer, at=timezone.now())
    assert meetings.invite(two.meeting, [two.invited], by=two.organizer, at=timezone.now()) == []


def test_a_newcomer_of_the_guests_hears_of_it(two: Two) -> None:
    two.accepted()
    newcomer = make.admitted(make.application(two.invited))
    assert newcomer.person_id in told("meetings/called")


def test_whoever_leaves_the_guests_sees_it_no_more(two: Two) -> None:
    two.accepted()
    person = two.their_member.person
    assert person
    assert Meeting.objects.visible_to_person(person).exists()
    membership.leave(two.their_member, by=two.their_member, at=timezone.now())
    assert not Meeting.objects.visible_to_person(person).exists()


def test_a_member_of_both_has_it_once_and_by_the_hosts_door(two: Two) -> None:
    two.accepted()
    person = two.their_member.person
    assert person
    make.member(two.host, by=person)
    found = list(Meeting.objects.visible_to_person(person).select_related("committee"))
    assert [each.door for each in found] == [two.host.slug]


def test_the_database_refuses_an_answer_from_a_committee_that_does_not_come(two: Two) -> None:
    with pytest.raises(IntegrityError, match="not open to its giver"), transaction.atomic():
        Answer.objects.create(committee=two.invited, meeting=two.meeting, membership=two.their_member, choice="yes", asking=1, at=timezone.now())


def test_the_database_refuses_an_invitation_by_somebody_elses_organizer(two: Two) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="only_the_host_invites"), transaction.atomic():
        Guest.objects.create(committee=two.host, meeting=two.meeting, invited=two.invited, asked_by=two.their_organizer, asked_at=timezone.now())


def test_from_the_button_to_the_answer_in_the_browser(two: Two) -> None:
    assert two.organizer.person
    assert two.their_organizer.person
    ada, north = make.client(two.organizer.person), make.client(two.their_organizer.person)
    page = reverse("meetings:guests", args=[two.host.slug, two.meeting.slug])
    assert two.invited.name in ada.get(page).content.decode()
    assert ada.post(page, {"act": "invite"}).status_code == 422
    assert ada.post(page, {"act": "invite", "committees": [two.invited.slug]}).status_code == 302
    guest = Guest.objects.get()
    waiting = north.get(reverse("meetings:of_committee", args=[two.invited.slug])).content.decode()
    invitation = reverse("meetings:invitation", args=[two.invited.slug, guest.slug])
    assert invitation in waiting
    assert "Overtime at both sites" in north.get(invitation).content.decode()
    assert "meet.example" not in north.get(invitation).content.decode()
    assert north.post(invitation, {"act": "accept"}).status_code == 302
    assert "Overtime at both sites" in north.get(reverse("meetings:list")).content.decode()
    assert ada.post(page, {"act": "withdraw", "guest": guest.slug}).status_code == 302
    guest.refresh_from_db()
    assert guest.state == GuestState.WITHDRAWN
    assert north.get(invitation).status_code == 404
