"""Some days without writing, or without the committee: by their own moderators, with rule and reason, and over by the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Power, Role, Standing
from committees.moderation import commands as moderation
from committees.moderation import queries
from committees.moderation.models import Act, Review, Sanction
from tests import make
from tests.committees.moderation import leaflets
from tests.committees.moderation.leaflets import Leaflet
from tests.committees.moderation.test_deciding import RULE, WHY, WORDS, decide
from tests.committees.moderation.test_flagging import flag, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def about_ben(cast: make.Cast) -> Review:
    """Somebody thinks that Ben is no worker."""
    return flag(cast.ben, cast.cleo).review


def now_of(member: Membership) -> Membership:
    return make.reloaded(member)


@pytest.mark.parametrize("days", [1, 3, 7])
def test_somebody_may_not_write_for_some_days_and_may_again(cast: make.Cast, about_ben: Review, days: int) -> None:
    at = timezone.now()
    made = moderation.silence(about_ben, days=days, by=cast.mo, at=at, **WORDS)
    assert made.until == at + timedelta(days=days)
    assert queries.is_silenced(cast.ben, at)
    assert dict(queries.silenced_until([cast.ben.pk, cast.cleo.pk])) == {cast.ben.pk: made.until}
    assert not queries.is_silenced(cast.ben, made.until), "to the minute, whenever the clock ticks"
    assert told("moderation/sanctioned") == {cast.ben.person_id}
    about_ben.refresh_from_db()
    assert (about_ben.act, about_ben.decided_by) == (Act.SILENCE, cast.mo)
    assert Power.ANSWER_MEETINGS in now_of(cast.ben).powers, "they still come to meetings"
    assert moderation.end_sanctions(made.until) == 1
    assert moderation.end_sanctions(made.until) == 0
    assert told("moderation/sanction_ended") == {cast.ben.person_id}


@pytest.mark.parametrize("standing", [Standing.MEMBER, Standing.PROBATION])
def test_a_suspended_member_is_out_and_comes_back_as_what_they_were(cast: make.Cast, standing: Standing) -> None:
    member = make.member(cast.committee, standing=standing)
    review = flag(member, cast.ben).review
    made = moderation.suspend(review, days=14, by=cast.mo, at=timezone.now(), **WORDS)
    assert (now_of(member).standing, now_of(member).powers) == (Standing.SUSPENDED, {Power.LEAVE})
    assert told("moderation/sanctioned") == {member.person_id}
    moderation.end_sanctions(made.until)
    assert now_of(member).standing == standing
    assert told("moderation/sanction_ended") == {member.person_id}
    assert set(Entry.objects.filter(verb__startswith="member.susp").values_list("verb", flat=True)) == {"member.suspended", "member.suspension_ended"}


@pytest.mark.parametrize(("verb", "days"), [("silence", 2), ("silence", 14), ("suspend", 15), ("suspend", 0), ("suspend", -1)])
def test_other_lengths_are_refused(cast: make.Cast, about_ben: Review, verb: str, days: int) -> None:
    with pytest.raises(Refused, match="lengths shown"):
        getattr(moderation, verb)(about_ben, days=days, by=cast.mo, at=timezone.now(), **WORDS)


@pytest.mark.parametrize("verb", ["silence", "suspend"])
@pytest.mark.parametrize(("rule", "text"), [("", WHY), (RULE, "too short")])
def test_a_limit_needs_a_rule_and_a_reason(cast: make.Cast, about_ben: Review, verb: str, rule: str, text: str) -> None:
    with pytest.raises(Refused):
        getattr(moderation, verb)(about_ben, days=1, rule=rule, text=text, by=cast.mo, at=timezone.now())
    assert not Sanction.objects.exists()
    assert now_of(cast.ben).standing == Standing.MEMBER


def test_parties_and_outsiders_limit_nobody(cast: make.Cast, about_ben: Review) -> None:
    for who in (cast.ben, cast.cleo, cast.boss):
        with pytest.raises(PermissionDenied):
            moderation.suspend(about_ben, days=1, by=who, at=timezone.now(), **WORDS)
    review = flag(cast.mo, cast.ben).review
    with pytest.raises(PermissionDenied):
        moderation.silence(review, days=1, by=cast.mo, at=timezone.now(), **WORDS)


def test_a_text_is_decided_before_its_author_is_limited(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, cast.cleo).review
    with pytest.raises(Refused, match="text first"):
        moderation.silence(review, days=1, by=cast.mo, at=timezone.now(), **WORDS)
    decide(review, Act.HIDE, cast.mo)
    moderation.silence(review, days=1, by=cast.mo, at=timezone.now(), **WORDS)
    with pytest.raises(Refused, match="runs already"):
        moderation.silence(review, days=3, by=cast.ada, at=timezone.now(), **WORDS)
    moderation.suspend(review, days=1, by=cast.mo, at=timezone.now(), **WORDS)


def test_an_office_never_reaches_into_another_committee(cast: make.Cast, wall: None) -> None:
    """The boss wrote on a wall of this committee that others read too: it can be hidden here, but not they."""
    review = flag(leaflets.put_up(cast.boss, committee_id=cast.committee.pk, shared=True), cast.cleo).review
    decide(review, Act.HIDE, cast.mo)
    with pytest.raises(PermissionDenied):
        moderation.silence(review, days=1, by=cast.mo, at=timezone.now(), **WORDS)
    assert not queries.is_silenced(cast.boss)


def test_the_last_organizer_is_not_suspended(cast: make.Cast) -> None:
    review = flag(cast.ada, cast.ben).review
    with pytest.raises(Refused, match="last organizer"):
        moderation.suspend(review, days=1, by=cast.mo, at=timezone.now(), **WORDS)
    assert now_of(cast.ada).standing == Standing.MEMBER
    make.member(cast.committee, roles=(Role.ORGANIZER,))
    moderation.suspend(review, days=1, by=cast.mo, at=timezone.now(), **WORDS)
    assert Power.MODERATE not in now_of(cast.ada).powers, "an office counts for nothing meanwhile"
    moderation.end_sanctions(timezone.now() + timedelta(days=1))
    assert Power.MODERATE in now_of(cast.ada).powers


def test_a_limit_is_ended_early(cast: make.Cast, about_ben: Review) -> None:
    made = moderation.suspend(about_ben, days=7, by=cast.mo, at=timezone.now(), **WORDS)
    with pytest.raises(PermissionDenied):
        moderation.lift(made, by=cast.cleo, at=timezone.now())
    moderation.lift(made, by=cast.ada, at=timezone.now())
    assert now_of(cast.ben).standing == Standing.MEMBER
    with pytest.raises(Refused, match="over already"):
        moderation.lift(made, by=cast.ada, at=timezone.now())
    assert told("moderation/sanction_ended") == {cast.ben.person_id}


def test_whoever_left_meanwhile_does_not_come_back_by_the_clock(cast: make.Cast, about_ben: Review) -> None:
    made = moderation.suspend(about_ben, days=1, by=cast.mo, at=timezone.now(), **WORDS)
    ben = now_of(cast.ben)
    membership.leave(ben, by=ben, at=timezone.now())
    moderation.end_sanctions(made.until)
    assert now_of(cast.ben).standing == Standing.LEFT
    made.refresh_from_db()
    assert made.ended_at


def test_what_is_longer_than_two_weeks_is_impossible_in_the_database(cast: make.Cast, about_ben: Review) -> None:
    made = moderation.suspend(about_ben, days=14, by=cast.mo, at=timezone.now(), **WORDS)
    for broken in ({"until": made.until + timedelta(seconds=1)}, {"kind": "silence"}, {"until": made.begins_at}, {"by": cast.ben}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sanction.objects.filter(pk=made.pk).update(**broken)
