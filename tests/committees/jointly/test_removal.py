"""Two organizers remove a member: shut out at once, open to objection for three days."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct, State
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.moderation import commands as moderation
from committees.moderation.models import FlagReason
from committees.notices.models import Delivery, Notice
from committees.notices.registry import kind
from tests import make

pytestmark = pytest.mark.django_db
WHY = "He was seen handing our list to the plant manager."
LATER = timedelta(hours=73)
WORDS = {"rule": "workers", "text": "There are reasons to doubt that you work here."}


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))


def now() -> datetime:
    return timezone.now()


def proposed(cast: make.Cast, who: Membership | None = None) -> JointAct:
    return jointly.propose_removal(make.reloaded(who or cast.ben), reason=WHY, by=make.reloaded(cast.ada), at=now())


def agreed(cast: make.Cast, second: Membership) -> JointAct:
    return jointly.agree(proposed(cast), by=second, at=now())


def standing(member: Membership) -> str:
    return Membership.objects.get(pk=member.pk).standing


def told(kind: str, member: Membership) -> bool:
    return Delivery.objects.filter(notice__kind=kind, person=member.person).exists()


def test_nothing_happens_until_a_second_one_agrees(cast: make.Cast, second: Membership) -> None:
    act = proposed(cast)
    with pytest.raises(Refused, match="Another organizer"):
        jointly.agree(act, by=make.reloaded(cast.ada), at=now())
    assert standing(cast.ben) == Standing.MEMBER
    assert not told("jointly/about_you", cast.ben)


def test_from_then_on_they_see_nothing_and_read_why(cast: make.Cast, second: Membership) -> None:
    agreed(cast, second)
    assert standing(cast.ben) == Standing.SUSPENDED
    assert cast.ben.person is not None
    assert make.client(cast.ben.person).get(cast.committee.get_absolute_url()).status_code == 404
    assert told("jointly/about_you", cast.ben)


def test_after_three_days_they_are_out_and_told(cast: make.Cast, second: Membership) -> None:
    agreed(cast, second)
    jointly.carry_out(now() + LATER)
    assert standing(cast.ben) == Standing.REMOVED
    assert told("membership/removed", cast.ben)
    assert JointAct.objects.get().state == State.DONE


@pytest.mark.parametrize("new", [False, True], ids=["a full member", "a new member"])
def test_where_members_object_they_are_what_they_were_before(cast: make.Cast, second: Membership, new: bool) -> None:
    who = cast.cleo if new else cast.ben
    before = make.reloaded(who)
    act = jointly.agree(proposed(cast, who), by=second, at=now())
    objecting = act.electorate or 0
    for member in list(Membership.objects.filter(committee=cast.committee).standing_members())[: -(-objecting // 4)]:
        jointly.object_to(act, reason="Nobody has shown us anything.", by=make.reloaded(member), at=now())
    assert JointAct.objects.get().state == State.STOPPED
    after = make.reloaded(who)
    assert (after.standing, after.probation_until) == (before.standing, before.probation_until)
    assert told("jointly/you_stay", who)
    assert jointly.carry_out(now() + LATER) == 0


def test_whoever_is_to_go_is_not_counted_among_those_who_can_object(cast: make.Cast, second: Membership) -> None:
    full = Membership.objects.filter(committee=cast.committee).standing_members().count()
    assert agreed(cast, second).electorate == full - 1


def test_whoever_organizes_the_wider_committee_does_not_read_that_they_are_to_go(cast: make.Cast) -> None:
    wider = make.reloaded(make.organizer_of(make.alliance())).committee
    ben = make.reloaded(make.member(wider, by=cast.ben.person, roles=(Role.ORGANIZER,), handle="Wide one"))
    colleague = make.reloaded(make.member(wider, roles=(Role.ORGANIZER,)))
    act = proposed(cast)
    assert act.asks_wider
    assert ben.person is not None
    assert colleague.person is not None
    page = reverse("jointly:act", args=[wider.slug, act.slug])
    assert make.client(colleague.person).get(page).status_code == 200
    assert make.client(ben.person).get(page).status_code == 404
    assert act.slug not in make.client(ben.person).get(reverse("jointly:acts", args=[wider.slug])).content.decode()


def test_dropping_it_gives_everything_back(cast: make.Cast, second: Membership) -> None:
    jointly.drop(agreed(cast, second), by=second, at=now())
    assert standing(cast.ben) == Standing.MEMBER


def test_going_first_spares_nobody(cast: make.Cast, second: Membership) -> None:
    act = jointly.propose_removal(make.reloaded(cast.ben), reason=WHY, for_employer=True, by=make.reloaded(cast.ada), at=now())
    jointly.agree(act, by=second, at=now())
    ben = make.reloaded(cast.ben)
    membership.leave(ben, by=ben, at=now())
    jointly.carry_out(now() + LATER)
    found = Membership.objects.get(pk=cast.ben.pk)
    assert (found.standing, found.removed_for_employer) == (Standing.REMOVED, True)


def test_nor_does_going_before_the_second_one_agrees(cast: make.Cast, second: Membership) -> None:
    act = jointly.propose_removal(make.reloaded(cast.ben), reason=WHY, for_employer=True, by=make.reloaded(cast.ada), at=now())
    ben = make.reloaded(cast.ben)
    membership.leave(ben, by=ben, at=now())
    jointly.agree(act, by=second, at=now())
    jointly.carry_out(now() + LATER)
    found = Membership.objects.get(pk=cast.ben.pk)
    assert (found.standing, found.removed_for_employer) == (Standing.REMOVED, True)
    assert not told("jointly/about_you", cast.ben)


def test_an_inactive_member_is_removed_as_any_other(cast: make.Cast, second: Membership) -> None:
    make.put(cast.ben, Standing.INACTIVE)
    jointly.agree(proposed(cast), by=second, at=now())
    assert standing(cast.ben) == Standing.SUSPENDED
    jointly.carry_out(now() + LATER)
    assert standing(cast.ben) == Standing.REMOVED


def test_what_moderators_took_stays_taken_when_a_removal_is_dropped(cast: make.Cast, second: Membership) -> None:
    case = moderation.flag(cast.ben, reason=FlagReason.AGENT, by=cast.mo, at=now()).review
    moderation.suspend(case, days=14, by=make.reloaded(cast.ada), at=now(), **WORDS)
    act = agreed(cast, second)
    jointly.drop(act, by=second, at=now())
    assert standing(cast.ben) == Standing.SUSPENDED
    moderation.end_sanctions(now() + timedelta(days=15))
    assert standing(cast.ben) == Standing.MEMBER


def test_and_the_end_of_a_suspension_opens_nothing_while_members_can_object(cast: make.Cast, second: Membership) -> None:
    case = moderation.flag(cast.ben, reason=FlagReason.AGENT, by=cast.mo, at=now()).review
    limit = moderation.suspend(case, days=1, by=make.reloaded(cast.ada), at=now(), **WORDS)
    act = agreed(cast, second)
    moderation.lift(limit, by=make.reloaded(cast.ada), at=now())
    assert standing(cast.ben) == Standing.SUSPENDED
    jointly.drop(act, by=second, at=now())
    assert standing(cast.ben) == Standing.MEMBER


def test_an_inactive_member_is_inactive_again_when_it_is_dropped_and_no_day_is_won(cast: make.Cast, second: Membership) -> None:
    since = now() - timedelta(days=20)
    make.put(cast.ben, Standing.INACTIVE, changed_at=since)
    jointly.drop(agreed(cast, second), by=second, at=now())
    found = Membership.objects.get(pk=cast.ben.pk)
    assert (found.standing, found.changed_at, found.inactive_since) == (Standing.INACTIVE, since, None)
    me = make.reloaded(cast.ben)
    assert membership.stay(me, by=me, at=now())
    jointly.drop(agreed(cast, second), by=second, at=now())
    assert standing(cast.ben) == Standing.MEMBER


@pytest.mark.parametrize("who", ["ben", "cleo", "mo", "boss"])
def test_nobody_but_an_organizer_here_proposes_it(cast: make.Cast, who: str) -> None:
    target = cast.mo if who != "mo" else cast.ben
    with pytest.raises(PermissionDenied):
        jointly.propose_removal(target, reason=WHY, by=getattr(cast, who), at=now())


def test_whoever_is_to_go_neither_sees_nor_drops_nor_hears_of_it(cast: make.Cast, second: Membership) -> None:
    third = make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,)))
    act = proposed(cast, second)
    assert not JointAct.objects.visible_to(second).exists()
    assert not JointAct.objects.visible_to(make.reloaded(cast.ben)).exists()
    assert JointAct.objects.visible_to(third).exists()
    with pytest.raises(PermissionDenied):
        jointly.drop(act, by=second, at=now())
    with pytest.raises(PermissionDenied):
        jointly.agree(act, by=second, at=now())
    jointly.lapse(now() + LATER)
    lapsed = Notice.objects.get(kind="jointly/lapsed")
    assert second.person_id is not None
    assert third.person_id is not None
    meaning = kind("jointly/lapsed")
    assert meaning.matters is not None
    assert meaning.matters(lapsed, {second.person_id, third.person_id}) == {third.person_id}


def test_whoever_proposed_it_must_still_be_an_organizer(cast: make.Cast, second: Membership) -> None:
    act = jointly.propose_removal(make.reloaded(cast.ben), reason=WHY, by=second, at=now())
    membership.leave(second, by=second, at=now())
    make.organizer_of(make.alliance())
    third = make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,)))
    with pytest.raises(Refused, match="no longer an organizer"):
        jointly.agree(act, by=third, at=now())


def test_two_who_remove_each_other_are_not_both_removed(cast: make.Cast, second: Membership) -> None:
    third = make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,)))
    mine = proposed(cast, second)
    theirs = jointly.propose_removal(make.reloaded(cast.ada), reason=WHY, by=second, at=now())
    jointly.agree(mine, by=third, at=now())
    with pytest.raises(Refused, match="no longer an organizer"):
        jointly.agree(theirs, by=third, at=now())


def test_a_lone_organizer_asks_the_wider_committee(cast: make.Cast) -> None:
    intake = make.reloaded(make.organizer_of(make.alliance()))
    jointly.agree(proposed(cast), by=intake, at=now())
    assert standing(cast.ben) == Standing.SUSPENDED


def test_it_begins_on_the_members_page_and_leads_to_what_is_proposed_already(cast: make.Cast, second: Membership) -> None:
    assert cast.ada.person is not None
    ada, slug = make.client(cast.ada.person), cast.committee.slug
    form = reverse("jointly:remove", args=[slug, cast.ben.slug])
    assert f'href="{form}"' in ada.get(reverse("membership:member", args=[slug, cast.ben.slug])).content.decode()
    assert ada.post(form, {"reason": "no"}).status_code == 422
    key = ada.get(form).context["form"]["form_key"].value()
    said = {"reason": WHY, "for_employer": "on", "form_key": key}
    assert ada.post(form, said).status_code == ada.post(form, said).status_code == 302
    act = JointAct.objects.get()
    assert act.for_employer
    assert ada.get(form)["Location"] == act.url_in(slug)
    assert second.person is not None
    assert "They act for the employer" in make.client(second.person).get(act.url_in(slug)).content.decode()
