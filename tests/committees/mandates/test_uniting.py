"""Two groups become one: whom either sent goes on being sent, once."""

from __future__ import annotations

import pytest

from committees.alliance.models import Affiliation
from committees.bodies.models import Committee
from committees.mandates import commands as mandates
from committees.mandates.models import Ending, Mandate, State
from committees.membership import commands as membership
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role
from tests import make
from tests.committees.mandates.sending import DAY, again, mandate_of, now, proposed, sent
from tests.organizing.forum import talking

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(cast: make.Cast) -> Committee:
    """Another group at the same workplace, which only its link leads to."""
    Committee.objects.filter(pk=cast.committee.pk).update(visibility="link")
    return make.committee(site=cast.committee.workplace)


def delegates(committee: Committee) -> dict[int, object]:
    terms = RoleTerm.objects.running(now()).filter(role=Role.DELEGATE, committee=committee)
    return dict(terms.values_list("membership_id", "ends_at"))


def test_mandates_reports_and_the_role_go_over(cast: make.Cast, tie: Affiliation, second: Membership, other: Committee) -> None:
    mandate = sent(cast, tie, second, ago=DAY)
    topic = talking.begin(make.reloaded(cast.ben), mandate=mandate)
    waiting = proposed(cast, tie, delegate=make.reloaded(second))
    membership.unite(cast.committee, other, at=now())
    mandate = again(mandate)
    assert (mandate.committee, mandate.state, mandate.delegate) == (other, State.RUNNING, cast.ben)
    assert delegates(other) == {cast.ben.pk: mandate.ends_at}
    topic.refresh_from_db()
    assert (topic.mandate, topic.committee) == (mandate, other)
    assert mandate_of(waiting).state == State.OFF


def test_of_two_of_one_person_to_the_same_committee_one_goes_on(cast: make.Cast, tie: Affiliation, second: Membership, other: Committee) -> None:
    first = sent(cast, tie, second, ago=DAY)
    there = make.affiliated(other, tie.wider)
    both = make.member(other, by=cast.ben.person)
    act = mandates.propose(
        there.wider, delegate=both, alternate=None, text="Speak for all of us.", months=24, by=make.reloaded(make.organizer_of(other)), at=now()
    )
    stays = mandates.begin_mandate(Mandate.objects.get(pk=act.row_id or 0), at=now())
    membership.unite(cast.committee, other, at=now())
    assert again(first).ending == Ending.UNITED
    assert again(stays).is_running
    assert delegates(other) == {both.pk: again(stays).ends_at}
