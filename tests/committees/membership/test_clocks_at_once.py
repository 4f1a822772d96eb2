"""Four schedulers at once, and a person who answers in the moment in which the clock decides: each thing happens once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from committees.bodies.models import Committee, Life
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.notices.models import Delivery, Notice
from committees.people.models import Person
from tests import make
from tests.at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
DAY = timedelta(days=1)
MEMBERS = 12


def four(tick: Callable[[datetime], int], at: datetime) -> int:
    return sum(at_once([lambda: tick(at)] * 4))


@pytest.fixture
def here() -> Committee:
    return make.committee()


@pytest.fixture
def members(here: Committee) -> list[Membership]:
    return [make.member(here) for _ in range(MEMBERS)]


def told(kind: str) -> int:
    """How many were told, by how many notices: each once."""
    deliveries = Delivery.objects.filter(notice__kind=f"membership/{kind}", channel="email").count()
    assert deliveries == Notice.objects.filter(kind=f"membership/{kind}").count()
    return deliveries


def test_four_schedulers_ask_and_let_go_of_each_member_once(here: Committee, members: list[Membership]) -> None:
    at, theirs = timezone.now(), Membership.objects.filter(pk__in=[m.pk for m in members])
    Person.objects.update(seen_on=at.date())
    Membership.objects.update(joined_at=at - 400 * DAY)
    Person.objects.filter(memberships__in=theirs).update(seen_on=at.date() - 70 * DAY)
    people = list(theirs.values_list("person", flat=True))
    assert four(membership.ask_the_unseen, at) == MEMBERS
    assert told("still_there") == MEMBERS
    assert four(membership.become_inactive, at + 30 * DAY) == MEMBERS
    assert told("inactive") == MEMBERS
    assert four(membership.say_a_last_word, at + 183 * DAY) == MEMBERS
    assert four(membership.lapse, at + 213 * DAY) == MEMBERS
    assert told("lapsed") == MEMBERS
    for verb in ("member.inactive", "member.lapsed"):
        assert Entry.objects.filter(chain=here.slug, verb=verb).count() == MEMBERS
    assert set(theirs.values_list("standing", "person")) == {(Standing.LAPSED, None)}
    assert Person.objects.filter(pk__in=people, is_active=True).count() == MEMBERS


def test_four_schedulers_ask_and_remind_of_their_word_once(members: list[Membership]) -> None:
    at = timezone.now()
    Membership.objects.update(attested_at=at)
    Membership.objects.filter(pk__in=[m.pk for m in members]).update(attested_at=at - 366 * DAY)
    assert four(membership.ask_for_their_word, at) == MEMBERS
    assert four(membership.remind_of_their_word, at + 14 * DAY) == MEMBERS
    assert told("attest") == 2 * MEMBERS


def test_four_schedulers_let_each_committee_rest_once() -> None:
    made = [make.committee() for _ in range(4)]
    at = timezone.now()
    Committee.objects.update(founded_at=at - 60 * DAY, look_at=None)
    four(membership.look_at_the_quiet, at - 15 * DAY)
    four(membership.look_at_the_quiet, at)
    assert Committee.objects.filter(life=Life.DORMANT).count() == len(made)
    for kind in ("quiet", "rests"):
        assert Notice.objects.filter(kind=f"membership/committee_{kind}").count() == len(made)
    assert Entry.objects.filter(verb="committee.rests").count() == len(made)


def test_of_many_who_wake_it_at_once_one_does(here: Committee, members: list[Membership]) -> None:
    Committee.objects.filter(pk=here.pk).update(life=Life.DORMANT, rests_since=timezone.now())
    woke = at_once([lambda by=by: membership.wake(here, by=by, at=timezone.now()) for by in map(make.reloaded, members)])
    assert woke.count(True) == 1
    assert woke.count(False) == MEMBERS - 1
    assert Entry.objects.filter(verb="committee.woken").count() == 1


def test_whoever_comes_back_in_the_moment_in_which_they_lapse_is_either_back_or_gone(here: Committee, members: list[Membership]) -> None:
    at = timezone.now()
    for member in members:
        Membership.objects.filter(pk=member.pk).update(standing=Standing.INACTIVE, changed_at=at - 184 * DAY, asked_on=(at - 31 * DAY).date())
        me = make.reloaded(member)
        back, _gone = at_once([lambda me=me: membership.stay(me, by=me, at=at), lambda: membership.lapse(at)])
        row = Membership.objects.get(pk=member.pk)
        assert (row.standing, row.person_id) == ((Standing.MEMBER, me.person_id) if back is True else (Standing.LAPSED, None))
    returned = Entry.objects.filter(chain=here.slug, verb="member.returned").count()
    assert returned + Entry.objects.filter(chain=here.slug, verb="member.lapsed").count() == MEMBERS
