"""Two committees become one: what was under way in either ends with it, and nothing that one gave away reaches the other."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from committees.base.errors import Refused
from committees.bodies.models import Committee, Life
from committees.jointly import commands as jointly
from committees.jointly import queries
from committees.jointly.models import Deed, Introduction, JointAct, Objection, State
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.notices.models import Delivery, Notice
from committees.resettling.commands import packing
from tests import make
from tests.committees.jointly.pairs import WHY, Two

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def two() -> Two:
    return Two()


@pytest.fixture
def began(two: Two) -> datetime:
    """When both groups agreed to become one. They are one 73 hours later (`unite`)."""
    at = make.past(0)
    two.introduced()
    two.agreed(two.ada, two.ben, at=at)
    two.agreed(two.uma, two.udo, at=at)
    return at


def unite(two: Two, began: datetime) -> None:
    jointly.carry_out(began + 73 * HOUR)
    assert Committee.objects.get(pk=two.other.pk).merged_into_id == two.one.pk


def sides(two: Two) -> dict[str, tuple[Membership, Membership, Membership]]:
    """Two organizers and a member of the committee that stays, and of the one that goes."""
    return {"stays": (two.ada, two.ben, two.cleo), "goes": (two.uma, two.udo, two.vera)}


def state(act: JointAct) -> str:
    return JointAct.objects.get(pk=act.pk).state


BOTH = pytest.mark.parametrize("side", ["stays", "goes"])


# -- What could be fetched -------------------------------------------------------------------------------------------------


@BOTH
def test_a_list_that_one_of_the_two_let_go_has_nobody_of_the_other(two: Two, began: datetime, side: str) -> None:
    first, second, _member = sides(two)[side]
    act = jointly.agree(jointly.propose_export(reason=WHY, by=make.reloaded(first), at=began + 40 * HOUR), by=make.reloaded(second), at=began + 40 * HOUR)
    jointly.carry_out(began + 65 * HOUR)
    fetched = jointly.fetch(act, by=make.reloaded(first), at=began + 66 * HOUR)
    assert {member.committee_id for member in fetched} == {first.committee_id}
    unite(two, began)
    after = JointAct.objects.get(pk=act.pk)
    assert after.state == State.DONE
    assert not queries.can_be_fetched(after, began + 74 * HOUR)
    with pytest.raises(Refused, match="no longer be fetched"):
        jointly.fetch(after, by=make.reloaded(first), at=began + 74 * HOUR)


@BOTH
def test_nor_does_the_file_of_a_committee_that_leaves(two: Two, began: datetime, side: str) -> None:
    first, second, _member = sides(two)[side]
    act = jointly.agree(jointly.propose_leaving(reason=WHY, by=make.reloaded(first), at=began - 2 * HOUR), by=make.reloaded(second), at=began - 2 * HOUR)
    jointly.carry_out(began + 71 * HOUR)
    assert state(act) == State.DONE
    unite(two, began)
    with pytest.raises(Refused, match="no longer be taken"):
        packing.pack(JointAct.objects.get(pk=act.pk), by=make.reloaded(first), at=began + 74 * HOUR)


def test_what_the_one_agrees_to_afterwards_can_be_fetched(two: Two, began: datetime) -> None:
    unite(two, began)
    at = began + 80 * HOUR
    act = jointly.agree(jointly.propose_export(reason=WHY, by=make.reloaded(two.uma), at=at), by=make.reloaded(two.ben), at=at)
    jointly.carry_out(at + 25 * HOUR)
    assert {two.cleo.pk, two.vera.pk} <= {member.pk for member in jointly.fetch(act, by=make.reloaded(two.uma), at=at + 26 * HOUR)}


# -- What was open -----------------------------------------------------------------------------------------------------------


@BOTH
def test_neither_closes_the_one_that_they_have_become(two: Two, began: datetime, side: str) -> None:
    first, second, _member = sides(two)[side]
    act = jointly.agree(jointly.propose_closing(reason=WHY, by=make.reloaded(first), at=began + 60 * HOUR), by=make.reloaded(second), at=began + 60 * HOUR)
    unite(two, began)
    assert state(act) == State.OVERTAKEN
    assert Notice.objects.filter(kind="jointly/lapsed", about_id=act.pk).exists()
    assert Entry.objects.filter(chain=first.committee.slug, verb="joint.overtaken").count() == 1
    jointly.carry_out(began + 140 * HOUR)
    assert Committee.objects.get(pk=two.one.pk).life == Life.ACTIVE


def test_what_only_one_organizer_had_proposed_is_overtaken_too(two: Two, began: datetime) -> None:
    mine = jointly.propose_role(make.reloaded(two.cleo), Role.MODERATOR, months=6, reason=WHY, by=make.reloaded(two.ada), at=began + 40 * HOUR)
    theirs = jointly.propose_export(reason=WHY, by=make.reloaded(two.uma), at=began + 40 * HOUR)
    unite(two, began)
    assert state(mine) == state(theirs) == State.OVERTAKEN
    assert set(JointAct.objects.filter(deed=Deed.UNITING).values_list("state", flat=True)) == {State.DONE}


@BOTH
def test_whoever_two_had_agreed_to_remove_is_what_they_were_and_told_so(two: Two, began: datetime, side: str) -> None:
    first, second, member = sides(two)[side]
    act = jointly.propose_removal(make.reloaded(member), reason=WHY, by=make.reloaded(first), at=began + 10 * HOUR)
    jointly.agree(act, by=make.reloaded(second), at=began + 10 * HOUR)
    assert make.reloaded(member).standing == Standing.SUSPENDED
    unite(two, began)
    assert (make.reloaded(member).standing, make.reloaded(member).committee_id) == (Standing.MEMBER, two.one.pk)
    assert Delivery.objects.filter(notice__kind="jointly/you_stay", person=member.person).exists()
    assert Entry.objects.filter(chain=member.committee.slug, verb="member.suspension_ended").count() == 1
    jointly.carry_out(began + 300 * HOUR)
    assert make.reloaded(member).standing == Standing.MEMBER


def test_what_both_had_proposed_about_one_member_is_kept_with_what_was_objected(two: Two, began: datetime) -> None:
    theirs = make.member(two.other, by=two.cleo.person, handle="Gate nine")
    acts = []
    for member, (first, second, objecting) in ((two.cleo, (two.ada, two.ben, two.cleo)), (theirs, (two.uma, two.udo, two.vera))):
        act = jointly.propose_role(make.reloaded(member), Role.MODERATOR, months=6, reason=WHY, by=make.reloaded(first), at=began + 40 * HOUR)
        jointly.agree(act, by=make.reloaded(second), at=began + 40 * HOUR)
        JointAct.objects.filter(pk=act.pk).update(electorate=20)
        jointly.object_to(act, reason="They work days only.", by=make.reloaded(objecting), at=began + 41 * HOUR)
        acts.append(act)
    unite(two, began)
    assert [state(act) for act in acts] == [State.OVERTAKEN, State.OVERTAKEN]
    assert Objection.objects.filter(act__in=acts).count() == 2


# -- A third group -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def third(two: Two) -> Membership:
    """An organizer of a third group at the workplace."""
    committee = make.committee(site=make.workplace(employer=two.one.workplace.employer.name, city=two.one.workplace.city))  # type: ignore[union-attr]
    make.member(committee, roles=(Role.ORGANIZER,))
    return make.reloaded(make.organizer_of(committee))


def wanted(two: Two, third: Membership, partner: Committee, at: datetime) -> JointAct:
    pair = jointly.introduce(third.committee, partner, by=two.intake, at=at)
    return jointly.propose_uniting(pair, reason=WHY, by=make.reloaded(third), at=at)


@BOTH
def test_a_third_group_that_wanted_one_of_them_decides_anew(two: Two, began: datetime, third: Membership, side: str) -> None:
    act = wanted(two, third, two.one if side == "stays" else two.other, began + 70 * HOUR)
    unite(two, began)
    assert state(act) == State.OVERTAKEN
    pair = Introduction.objects.filter(first__in=(third.committee, two.one), second__in=(third.committee, two.one)).first()
    pair = pair or jointly.introduce(third.committee, two.one, by=two.intake, at=began + 74 * HOUR)
    assert jointly.propose_uniting(pair, reason=WHY, by=make.reloaded(third), at=began + 74 * HOUR).state == State.PROPOSED


def test_a_group_whose_partner_closes_can_propose_it_with_another(two: Two, third: Membership) -> None:
    at = make.past(0)
    act = wanted(two, third, two.other, at)
    membership.close(two.other, by=make.reloaded(two.uma), at=at + HOUR)
    with pytest.raises(Refused, match="no longer there"):
        jointly.propose_uniting(Introduction.objects.get(), reason=WHY, by=make.reloaded(third), at=at + HOUR)
    assert jointly.give_up(at + HOUR) == 1
    assert jointly.give_up(at + HOUR) == 0
    assert state(act) == State.OVERTAKEN
    assert wanted(two, third, two.one, at + HOUR).state == State.PROPOSED
