"""What the clock does: a day without an answer, three days without a moderator, ninety days after a decision."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from committees.base import retention
from committees.membership import commands as membership
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role
from committees.moderation import commands as moderation
from committees.moderation import queries
from committees.moderation.models import Act, Flag, FlagReason, Review
from committees.people import commands as people
from committees.people import registry
from tests import make
from tests.committees.moderation.leaflets import Leaflet, state_of
from tests.committees.moderation.test_deciding import WORDS, decide
from tests.committees.moderation.test_flagging import flag, told

pytestmark = pytest.mark.django_db


def intake() -> Membership:
    return make.reloaded(make.organizer_of(make.alliance()))


def opened(review: Review, at: datetime) -> None:
    Review.objects.filter(pk=review.pk).update(begun_at=at)


def test_after_a_day_the_wider_committees_moderators_may_decide_too(cast: make.Cast, leaflet: Leaflet) -> None:
    review, wide, at = flag(leaflet, cast.cleo).review, intake(), timezone.now()
    assert wide.person is not None
    opened(review, at - timedelta(hours=23, minutes=59))
    assert moderation.pass_on(at) == 0
    assert queries.case(wide.person, review.slug) is None
    opened(review, at - timedelta(hours=24))
    assert (moderation.pass_on(at), moderation.pass_on(at)) == (1, 0)
    assert told("moderation/passed_on") == {wide.person_id}
    found = queries.case(wide.person, review.slug)
    assert found is not None
    decide(review, Act.HIDE, wide)
    review.refresh_from_db()
    assert (state_of(leaflet), review.decided_in) == ("hidden", make.alliance())


def test_its_own_moderators_keep_it_as_well(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, cast.cleo).review
    opened(review, timezone.now() - timedelta(days=2))
    moderation.pass_on(timezone.now())
    decide(review, Act.KEEP, cast.mo)


def test_where_nobody_has_moderated_for_three_days_all_of_it_passes_at_once(cast: make.Cast, leaflet: Leaflet) -> None:
    review, at = flag(leaflet, cast.cleo).review, timezone.now()
    RoleTerm.objects.filter(committee=cast.committee).update(ends_at=at - timedelta(hours=71))
    assert moderation.pass_on(at) == 0
    RoleTerm.objects.filter(committee=cast.committee).update(ends_at=at - timedelta(hours=73))
    assert moderation.pass_on(at) == 1
    review.refresh_from_db()
    assert review.passed_to == make.alliance()


def test_moderators_who_left_three_days_ago_are_none(cast: make.Cast, leaflet: Leaflet) -> None:
    flag(leaflet, cast.cleo)
    at = timezone.now()
    for member in (cast.mo, cast.ada):
        membership.leave(make.reloaded(member), by=make.reloaded(member), at=at - timedelta(hours=73))
    assert moderation.pass_on(at) == 1


def test_the_alliance_has_nobody_to_pass_to() -> None:
    wide = make.alliance(organizers=2)
    first, second = Membership.objects.filter(committee=wide).order_by("pk")
    review = flag(first, second).review
    opened(review, timezone.now() - timedelta(days=3))
    assert moderation.pass_on(timezone.now()) == 0


def test_what_was_written_is_erased_after_ninety_days_and_the_decision_stays(cast: make.Cast) -> None:
    at = timezone.now()
    review = flag(cast.ben, cast.cleo, FlagReason.AGENT, note="He was promoted.").review
    made = moderation.silence(review, days=1, by=cast.mo, at=at, **WORDS)
    moderation.end_sanctions(made.until)
    assert moderation.forget_words(at + timedelta(days=89)) == 0
    retention.run(at + timedelta(days=92))
    review.refresh_from_db()
    made.refresh_from_db()
    assert (review.text, made.text, Flag.objects.get().note) == ("", "", "")
    assert (review.act, review.rule, made.rule) == (Act.SILENCE, "names", "names")


def test_whoever_erases_their_account_leaves_no_words(cast: make.Cast, leaflet: Leaflet) -> None:
    assert cast.ben.person is not None
    assert cast.cleo.person is not None
    review = flag(leaflet, cast.cleo, note="He means my sister.").review
    decide(review, Act.HIDE, cast.mo)
    people.erase(cast.ben.person, by=cast.ben.person, at=timezone.now())
    people.erase(cast.cleo.person, by=cast.cleo.person, at=timezone.now())
    review.refresh_from_db()
    assert (review.text, Flag.objects.get().note, review.act) == ("", "", Act.HIDE)


def test_everybody_takes_with_them_what_was_decided_and_what_they_flagged(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, cast.cleo, note="He means my sister.").review
    decide(review, Act.HIDE, cast.mo)
    moderation.silence(review, days=1, by=cast.mo, at=timezone.now(), **WORDS)
    assert cast.ben.person is not None
    assert cast.cleo.person is not None
    theirs, hers = registry.exports(cast.ben.person), registry.exports(cast.cleo.person)
    assert [each["decided"] for each in theirs["decisions"]] == ["hide", "silence"]
    assert (theirs["flags"], hers["decisions"]) == ([], [])
    assert hers["flags"][0]["note"] == "He means my sister."


def test_a_role_elsewhere_says_nothing_of_who_moderates_here(cast: make.Cast, leaflet: Leaflet) -> None:
    flag(leaflet, cast.cleo)
    at = timezone.now()
    RoleTerm.objects.filter(committee=cast.committee).update(ends_at=at - timedelta(hours=73))
    assert cast.ben.person is not None
    make.member(make.committee(), by=cast.ben.person, roles=(Role.MODERATOR,))
    assert moderation.pass_on(at) == 1
