"""Two groups at one workplace learn of each other and become one committee."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committees.alliance.models import Affiliation
from committees.base.errors import Refused
from committees.bodies.models import Committee, Life
from committees.jointly import commands as jointly
from committees.jointly import groups
from committees.jointly.models import Deed, Introduction, JointAct, State
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership import queries
from committees.membership.applications import Application
from committees.membership.applications import State as Applied
from committees.membership.models import Membership, ReservedHandle
from committees.membership.roles import Role, Standing
from committees.moderation import commands as moderation
from committees.moderation.models import FlagReason
from committees.notices import registry as kinds
from committees.notices.models import Delivery, Notice
from committees.people.models import Contact
from organizing.meetings import commands as meetings
from organizing.meetings.models import Answer, Meeting
from tests import make
from tests.committees.jointly.pairs import LATER, WHY, Two, now, text
from tests.organizing.forum.talking import begin
from tests.organizing.meetings.cast import plan

pytestmark = pytest.mark.django_db
#: What stays where it was: the rules and the joining of a committee that is no more, and which committee it became.
STAYS = {
    "bodies.Charter.committee",
    "bodies.JoiningPolicy.committee",
    "bodies.Committee.merged_into",
    "jointly.Introduction.first",
    "jointly.Introduction.second",
}


@pytest.fixture
def two() -> Two:
    return Two()


# -- Learning of each other ------------------------------------------------------------------------------------------------


def test_only_those_who_look_after_both_see_that_there_are_two(two: Two) -> None:
    wide = two.intake.committee.slug
    assert reverse("jointly:groups", args=[wide]) in text(two.intake, "jointly:acts", wide)
    page = text(two.intake, "jointly:groups", wide)
    assert two.one.name in page
    assert two.other.name in page
    for member, slug in ((two.ada, two.one.slug), (two.uma, two.other.slug)):
        assert (two.other if member is two.ada else two.one).name not in text(member, "jointly:acts", slug)
        assert "Bring them together" not in text(member, "jointly:groups", slug)


def test_a_group_that_only_its_link_leads_to_counts_too(two: Two) -> None:
    Committee.objects.filter(pk=two.one.pk).update(visibility="link")
    third = make.committee(site=two.one.workplace)
    elsewhere = make.committee()
    assert set(groups.side_by_side(make.alliance())) == {two.one, two.other, third}
    assert set(groups.beside(two.one)) == {two.other, third}
    assert not groups.beside(elsewhere)


def test_they_are_introduced_once_and_the_organizers_of_both_are_told(two: Two) -> None:
    wide = two.intake.committee.slug
    assert two.intake.person is not None
    for _ in range(2):
        made = make.client(two.intake.person).post(reverse("jointly:groups", args=[wide]), {"one": two.one.slug, "other": two.other.slug})
        assert made.status_code == 302
    assert Introduction.objects.count() == 1
    told = Notice.objects.filter(kind="jointly/introduced")
    assert {notice.committee_id for notice in told} == {two.one.pk, two.other.pk}
    assert two.other.name in text(two.ada, "jointly:acts", two.one.slug)
    assert two.one.name in text(two.uma, "jointly:acts", two.other.slug)
    assert two.other.name not in text(two.cleo, "jointly:acts", two.one.slug)


def test_nobody_else_introduces_anybody(two: Two) -> None:
    for who in (two.ada, two.uma, make.reloaded(make.organizer_of(make.committee()))):
        with pytest.raises(PermissionDenied):
            jointly.introduce(two.one, two.other, by=who, at=now())


def test_two_that_are_not_at_one_workplace_are_not_introduced(two: Two) -> None:
    with pytest.raises(Refused, match="not at one workplace"):
        jointly.introduce(two.one, make.committee(), by=two.intake, at=now())
    assert two.intake.person is not None
    answer = make.client(two.intake.person).post(reverse("jointly:groups", args=[two.intake.committee.slug]), {"one": two.one.slug, "other": "nowhere"})
    assert answer.status_code == 422


def test_the_list_costs_the_same_with_two_pairs_and_with_six(two: Two) -> None:
    assert two.intake.person is not None
    client, address = make.client(two.intake.person), reverse("jointly:groups", args=[two.intake.committee.slug])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    cost()
    before = cost()
    for _ in range(4):
        Two()
    assert cost() == before <= 8


# -- Agreeing ----------------------------------------------------------------------------------------------------------------


def test_nothing_happens_until_both_have_agreed(two: Two) -> None:
    two.introduced()
    act = two.agreed(two.ada, two.ben)
    assert jointly.carry_out(now() + LATER) == 0
    assert JointAct.objects.get(pk=act.pk).state == State.AGREED
    two.agreed(two.uma, two.udo)
    assert jointly.carry_out(now() + LATER) >= 1
    assert set(JointAct.objects.values_list("state", flat=True)) == {State.DONE}


def test_the_one_waits_two_weeks_for_the_other_and_no_longer(two: Two) -> None:
    two.introduced()
    act = two.agreed(two.ada, two.ben)
    assert jointly.carry_out(now() + timedelta(days=16)) == 0
    jointly.carry_out(now() + timedelta(days=18))
    assert JointAct.objects.get(pk=act.pk).state == State.OVERTAKEN


def test_members_of_either_stop_it(two: Two) -> None:
    two.introduced()
    two.agreed(two.ada, two.ben)
    theirs = two.agreed(two.uma, two.udo)
    jointly.object_to(theirs, reason="They let managers in.", by=make.reloaded(two.vera), at=now())
    jointly.carry_out(now() + LATER)
    assert Committee.objects.get(pk=two.other.pk).life != Life.DISSOLVED


def test_nobody_proposes_it_who_was_not_introduced(two: Two) -> None:
    pair = two.introduced()
    for who in (make.reloaded(make.organizer_of(make.committee())), two.cleo):
        with pytest.raises(PermissionDenied):
            jointly.propose_uniting(pair, reason=WHY, by=who, at=now())
        assert who.person is not None
        assert make.client(who.person).get(reverse("jointly:unite", args=[who.committee.slug, pair.slug])).status_code == 404


@pytest.fixture
def forming() -> tuple[Membership, Membership, Introduction, Membership]:
    """The founders of two groups that are still forming, brought together, and who looks after both."""
    site = make.workplace()
    first = make.forming(site=site)
    Committee.objects.filter(pk=first.committee_id).update(visibility="link")
    second = make.forming(site=site)
    intake = make.reloaded(make.organizer_of(make.alliance()))
    return first, second, jointly.introduce(first.committee, second.committee, by=intake, at=now()), intake


def test_groups_that_are_still_forming_become_one_three_days_later_too(forming: tuple[Membership, Membership, Introduction, Membership]) -> None:
    first, second, pair, intake = forming
    for founder in (first, second):
        act = jointly.propose_uniting(pair, reason=WHY, by=make.reloaded(founder), at=now())
        jointly.agree(act, by=make.reloaded(intake), at=now())
    jointly.carry_out(now())
    assert Committee.objects.get(pk=second.committee_id).life == Life.FORMING
    jointly.carry_out(now() + LATER)
    assert Committee.objects.get(pk=second.committee_id).merged_into_id == first.committee_id
    assert make.reloaded(second).committee_id == first.committee_id
    assert Role.ORGANIZER in make.reloaded(second).roles


def test_and_their_members_are_told_and_can_stop_it(forming: tuple[Membership, Membership, Introduction, Membership]) -> None:
    first, _second, pair, intake = forming
    friend = make.reloaded(make.member(first.committee))
    act = jointly.propose_uniting(pair, reason=WHY, by=make.reloaded(first), at=now())
    assert "can object for 3 days" in text(intake, "jointly:agree", intake.committee.slug, act.slug)
    act = jointly.agree(act, by=intake, at=now())
    told = kinds.kind("jointly/agreed").audience
    assert told is not None
    assert friend.person_id in set(told(Notice.objects.get(kind="jointly/agreed")))
    jointly.object_to(act, reason="No, not with them.", by=friend, at=now())
    assert JointAct.objects.get(pk=act.pk).state == State.STOPPED


def test_it_begins_on_the_page_of_what_is_proposed(two: Two) -> None:
    pair = two.introduced()
    assert two.uma.person is not None
    uma, form = make.client(two.uma.person), reverse("jointly:unite", args=[two.other.slug, pair.slug])
    assert f'href="{form}"' in text(two.uma, "jointly:acts", two.other.slug)
    assert f"All of you belong to <bdi>{two.one.name}</bdi> then" in uma.get(form).content.decode()
    key = uma.get(form).context["form"]["form_key"].value()
    assert uma.post(form, {"reason": WHY, "form_key": key}).status_code == 302
    assert JointAct.objects.get().deed == Deed.UNITING
    assert f'href="{form}"' not in text(two.uma, "jointly:acts", two.other.slug)


# -- Being one ---------------------------------------------------------------------------------------------------------------


def test_everybody_is_in_the_one_with_their_name_their_standing_and_their_role(two: Two) -> None:
    new = make.member(two.other, standing=Standing.PROBATION)
    two.united()
    udo, vera = make.reloaded(two.udo), make.reloaded(two.vera)
    assert udo.committee_id == vera.committee_id == two.one.pk
    assert Role.ORGANIZER in udo.roles
    assert make.reloaded(new).standing == Standing.PROBATION
    assert (make.reloaded(two.cleo).handle, vera.handle) == ("Dock four", "Dock four 2")
    assert ReservedHandle.objects.filter(committee=two.one, membership=vera).exists()
    told = set(Delivery.objects.filter(notice__kind="membership/committees_united").values_list("person", flat=True))
    assert {two.cleo.person_id, two.vera.person_id} <= told
    for chain in (two.one.slug, two.other.slug):
        assert Entry.objects.filter(chain=chain, verb="committee.united").count() == 1


def test_what_was_written_planned_and_asked_goes_on(two: Two) -> None:
    topic = begin(two.vera)
    meeting = meetings.call(meetings.draft(plan(day=(now() + timedelta(days=20)).date()), by=two.uma, at=now()), by=two.uma, at=now())
    meetings.answer(meeting, choice="yes", by=two.vera, at=now())
    waiting = make.application(two.other, at=now())
    two.united()
    cleo, vera = make.reloaded(two.cleo), make.reloaded(two.vera)
    for member in (cleo, vera):
        assert member.person is not None
        assert make.client(member.person).get(reverse("forum:topic", args=[topic.slug])).status_code == 200
        assert make.client(member.person).get(reverse("meetings:meeting", args=[two.one.slug, meeting.slug])).status_code == 200
    assert Answer.objects.get(meeting=meeting, membership=vera).choice == "yes"
    found = Application.objects.get(pk=waiting.pk)
    assert (found.state, found.committee_id, found.reviewed_in_id) == (Applied.PENDING, two.one.pk, two.one.pk)
    membership.add_check(found, "talk", by=make.reloaded(two.ada), at=now())


def test_whoever_was_removed_from_either_is_asked_about_in_the_one(two: Two) -> None:
    make.removed(two.vera, by=two.uma, second=two.udo)
    two.united()
    again = make.person()
    Contact.objects.filter(person=again).delete()
    Contact.objects.filter(person=two.vera.person).update(person=again)
    found = queries.removed_with_an_address_of(make.application(two.one, by=again, at=now()))
    assert found is not None
    assert found.pk == two.vera.pk


def test_whoever_applied_to_both_needs_only_one(two: Two) -> None:
    person = make.person()
    first, second = make.application(two.one, by=person, at=now()), make.application(two.other, by=person, at=now())
    insider = make.application(two.other, by=two.cleo.person, at=now())
    two.united()
    states = {each.pk: each.state for each in Application.objects.filter(pk__in=[first.pk, second.pk, insider.pk])}
    assert states == {first.pk: Applied.PENDING, second.pk: Applied.WITHDRAWN, insider.pk: Applied.WITHDRAWN}
    told = Delivery.objects.filter(notice__kind="membership/application_needless")
    assert set(told.values_list("person", flat=True)) == {person.pk, two.cleo.person_id}
    page = make.client(person).get(second.get_absolute_url()).content.decode()
    assert "Your application is no longer needed" in page
    assert "You took your application back" not in page
    assert Entry.objects.filter(chain=two.one.slug, verb="application.needless").count() == 2


def test_whoever_belongs_to_the_one_that_goes_no_longer_applies_to_the_other(two: Two) -> None:
    waiting = make.application(two.one, by=two.vera.person, at=now())
    two.united()
    assert Application.objects.get(pk=waiting.pk).state == Applied.WITHDRAWN
    assert Delivery.objects.filter(notice__kind="membership/application_needless", person=two.vera.person).exists()


def test_what_was_only_begun_gives_way_to_what_was_sent(two: Two) -> None:
    person = make.person()
    begun = membership.begin(two.one, by=person, at=now())
    sent = make.application(two.other, by=person, at=now())
    two.united()
    assert Application.objects.get(pk=begun.pk).state == Applied.WITHDRAWN
    found = Application.objects.get(pk=sent.pk)
    assert (found.state, found.committee_id) == (Applied.PENDING, two.one.pk)


@pytest.mark.parametrize("accepted", ["one", "other"])
def test_what_either_belonged_to_the_one_belongs_to(two: Two, accepted: str) -> None:
    """Also where the other had only asked."""
    ties = {name: make.affiliated(getattr(two, name)) for name in ("one", "other")}
    asked = ties["other" if accepted == "one" else "one"]
    Affiliation.objects.filter(pk=asked.pk).update(state="requested", answered_by=None, answered_at=None)
    two.united()
    assert list(Affiliation.objects.values_list("pk", "committee", "state")) == [(ties[accepted].pk, two.one.pk, "accepted")]


def test_both_were_invited_to_the_same_meeting(two: Two) -> None:
    alliance = make.alliance()
    host = make.reloaded(make.organizer_of(make.committee()))
    for committee in (host.committee, two.one, two.other):
        make.affiliated(committee, alliance)
    meeting = meetings.call(meetings.draft(plan(day=(now() + timedelta(days=20)).date()), by=host, at=now()), by=host, at=now())
    guests = {guest.invited_id: guest for guest in meetings.invite(meeting, [two.one, two.other], by=host, at=now())}
    meetings.accept_invitation(guests[two.other.pk], by=two.uma, at=now())
    meetings.answer(Meeting.objects.get(pk=meeting.pk), choice="yes", by=two.vera, at=now())
    two.united()
    (stays,) = meeting.guests.all() if hasattr(meeting, "guests") else type(guests[two.one.pk]).objects.filter(meeting=meeting)
    assert (stays.invited_id, stays.state) == (two.one.pk, "accepted")
    assert Answer.objects.get(meeting=meeting).committee_id == two.one.pk


def test_old_addresses_lead_to_the_new_place(two: Two) -> None:
    two.united()
    assert two.vera.person is not None
    vera = make.client(two.vera.person)
    old = reverse("meetings:of_committee", args=[two.other.slug])
    assert vera.get(f"{old}?page=2")["Location"] == f"{reverse('meetings:of_committee', args=[two.one.slug])}?page=2"
    assert vera.post(old).status_code == 404
    assert make.client(make.person()).get(old).status_code == 404
    assert vera.get(reverse("bodies:card", args=[two.other.slug]))["Location"] == reverse("bodies:card", args=[two.one.slug])


def test_nothing_names_the_one_that_is_no_more(two: Two) -> None:
    """Asked of every table, so that a new one is not forgotten."""
    make.affiliated(two.other)
    begin(two.vera)
    meetings.call(meetings.draft(plan(day=(now() + timedelta(days=20)).date()), by=two.uma, at=now()), by=two.uma, at=now())
    review = moderation.flag(two.vera, reason=FlagReason.AGENT, by=make.reloaded(two.udo), at=now()).review
    moderation.silence(review, days=1, rule="workers", text="There are reasons to doubt that you work here.", by=make.reloaded(two.uma), at=now())
    make.admitted(make.application(two.other, at=now()))
    jointly.propose_role(make.reloaded(two.vera), Role.MODERATOR, months=6, reason=WHY, by=make.reloaded(two.uma), at=now())
    membership.invite(two.other, by=make.reloaded(two.uma), at=now(), label="Canteen", days=14, cap=20, counts_as_check=False, languages=["en"])
    two.united()
    left = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Committee and model._base_manager.filter(**{field.name: two.other}).exists():
                left.add(f"{model._meta.label}.{field.name}")
    assert left <= STAYS, left - STAYS
    assert Committee.objects.get(pk=two.other.pk).life == Life.DISSOLVED
