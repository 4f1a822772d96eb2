"""A committee asks to belong to a wider one; that one's organizers answer; either side ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from committees.alliance import commands as alliance
from committees.alliance import queries
from committees.alliance.models import Affiliation, State
from committees.base.errors import Refused
from committees.bodies.models import Committee, Life, Scope, Visibility
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.notices import commands as notices
from committees.notices import registry
from committees.notices.models import Delivery, Notice
from tests import make

pytestmark = pytest.mark.django_db


def organizer(committee: Committee) -> Membership:
    return make.reloaded(make.organizer_of(committee))


def asked(cast: make.Cast) -> Affiliation:
    return alliance.ask(make.alliance(), why="We sort the same parcels.", by=cast.ada, at=timezone.now())


def told(kind: str) -> set[int | None]:
    """Person ids of those to whom that kind goes."""
    notice = Notice.objects.get(kind=kind)
    notices.expand(notice.pk, at=timezone.now())
    return set(Delivery.objects.filter(notice=notice).values_list("person_id", flat=True))


def test_an_organizer_asks_and_the_wider_ones_organizers_are_told(cast: make.Cast) -> None:
    tie = asked(cast)
    assert tie.state == State.REQUESTED
    assert told("alliance/requested") == {organizer(make.alliance()).person_id}
    assert queries.above([cast.committee.pk]) == [cast.committee.pk], "a request opens nothing"


def test_a_yes_ties_both_and_all_members_hear_of_it(cast: make.Cast) -> None:
    tie = asked(cast)
    alliance.accept(tie, by=organizer(make.alliance()), at=timezone.now())
    assert set(queries.above([cast.committee.pk])) == {cast.committee.pk, make.alliance().pk}
    assert set(queries.below(make.alliance().pk)) == {cast.committee.pk, make.alliance().pk}
    assert told("alliance/accepted") == {member.person_id for member in (cast.ada, cast.ben, cast.cleo, cast.mo)}


def test_a_no_has_its_reason_and_opens_nothing(cast: make.Cast) -> None:
    tie = asked(cast)
    alliance.decline(tie, "You belong to the committee of your employer first.", by=organizer(make.alliance()), at=timezone.now())
    tie.refresh_from_db()
    assert (tie.state, tie.reason) == (State.DECLINED, "You belong to the committee of your employer first.")
    assert queries.above([cast.committee.pk]) == [cast.committee.pk]
    assert told("alliance/declined") == {cast.ada.person_id}


def test_what_was_declined_can_be_asked_again(cast: make.Cast) -> None:
    alliance.decline(asked(cast), "Not yet, please wait a month.", by=organizer(make.alliance()), at=timezone.now())
    assert asked(cast).is_requested


def test_a_request_is_taken_back_and_nobody_is_told_any_more(cast: make.Cast) -> None:
    tie = asked(cast)
    alliance.withdraw(tie, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="taken back"):
        alliance.accept(tie, by=organizer(make.alliance()), at=timezone.now())
    assert Notice.objects.get(kind="alliance/requested").superseded_at


@pytest.mark.parametrize("side", ["the committee", "the wider one"])
def test_either_side_ends_it(cast: make.Cast, side: str) -> None:
    tie = make.affiliated(cast.committee)
    by = cast.ada if side == "the committee" else organizer(make.alliance())
    alliance.end(tie, "We go on alone for a while.", by=by, at=timezone.now())
    tie.refresh_from_db()
    assert (tie.state, tie.ended_in_id) == (State.ENDED, by.committee_id)
    assert queries.above([cast.committee.pk]) == [cast.committee.pk]
    assert told("alliance/ended") == {member.person_id for member in (cast.ada, cast.ben, cast.cleo, cast.mo)}
    assert told("alliance/parted") == {organizer(make.alliance()).person_id}
    with pytest.raises(Refused, match="already been done"):
        alliance.end(tie, "We go on alone for a while.", by=by, at=timezone.now())


ACTS: dict[str, Callable[[Affiliation, Membership], object]] = {
    "accept": lambda tie, by: alliance.accept(tie, by=by, at=timezone.now()),
    "decline": lambda tie, by: alliance.decline(tie, "Because I can say so.", by=by, at=timezone.now()),
    "withdraw": lambda tie, by: alliance.withdraw(tie, by=by, at=timezone.now()),
    "end": lambda tie, by: alliance.end(tie, "Because I can say so.", by=by, at=timezone.now()),
}
#: Whose organizer each act is for, of a tie between a committee and a wider one.
SIDES = {"accept": "wider", "decline": "wider", "withdraw": "own", "end": "both"}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["ada", "ben", "cleo", "mo", "boss", "intake"])
def test_who_may_do_what_with_a_tie(cast: make.Cast, act: str, who: str) -> None:
    tie = make.affiliated(cast.committee) if act == "end" else asked(cast)
    by = organizer(make.alliance()) if who == "intake" else getattr(cast, who)
    may = {"wider": who == "intake", "own": who == "ada", "both": who in ("ada", "intake")}[SIDES[act]]
    if may:
        ACTS[act](tie, by)
    else:
        before = Affiliation.objects.get(pk=tie.pk).state
        with pytest.raises(PermissionDenied):
            ACTS[act](tie, by)
        assert Affiliation.objects.get(pk=tie.pk).state == before


@pytest.mark.parametrize("who", ["ben", "cleo", "mo"])
def test_only_an_organizer_asks(cast: make.Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        alliance.ask(make.alliance(), by=getattr(cast, who), at=timezone.now())


def test_it_is_asked_once(cast: make.Cast) -> None:
    asked(cast)
    with pytest.raises(Refused, match="asked them already"):
        asked(cast)


def test_a_forming_committee_asks_nobody() -> None:
    founder = make.forming()
    with pytest.raises(Refused, match="first meeting"):
        alliance.ask(make.alliance(), by=founder, at=timezone.now())


def test_a_committee_asks_only_where_it_fits(cast: make.Cast) -> None:
    elsewhere = make.wider(Scope.EMPLOYER, cast.boss.committee)
    with pytest.raises(Refused, match="cannot belong"):
        alliance.ask(elsewhere, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="cannot belong"):
        alliance.ask(cast.boss.committee, by=cast.ada, at=timezone.now())
    assert elsewhere not in queries.candidates(cast.ada)
    assert make.alliance() in queries.candidates(cast.ada)


def test_a_dissolved_committee_ties_nobody(cast: make.Cast) -> None:
    own = make.wider(Scope.EMPLOYER, cast.committee)
    make.affiliated(cast.committee, own)
    make.affiliated(own)
    assert make.alliance().pk in queries.above([cast.committee.pk])
    Committee.objects.filter(pk=own.pk).update(life=Life.DISSOLVED)
    assert queries.above([cast.committee.pk]) == [cast.committee.pk]


def test_both_committees_can_read_what_was_done(cast: make.Cast) -> None:
    tie = make.affiliated(cast.committee)
    alliance.end(tie, "We go on alone for a while.", by=cast.ada, at=timezone.now())
    for committee in (cast.committee, make.alliance()):
        verbs = list(Entry.objects.filter(chain=committee.slug, verb__startswith="affiliation").order_by("position").values_list("verb", flat=True))
        assert verbs == ["affiliation.requested", "affiliation.accepted", "affiliation.ended"]


def test_organizers_see_every_tie_and_members_those_that_stand(cast: make.Cast) -> None:
    tie = asked(cast)
    assert list(Affiliation.objects.visible_to(cast.ada)) == [tie]
    assert not Affiliation.objects.visible_to(cast.ben).exists()
    assert not Affiliation.objects.visible_to(cast.boss).exists()
    alliance.accept(tie, by=organizer(make.alliance()), at=timezone.now())
    assert list(Affiliation.objects.visible_to(cast.ben)) == [tie]


def test_a_hidden_committee_is_known_to_the_wider_ones_organizers_alone(cast: make.Cast) -> None:
    hidden = make.committee(listed=False)
    tie = make.affiliated(hidden)
    make.affiliated(cast.committee)
    ordinary = make.member(make.alliance())
    assert tie in Affiliation.objects.visible_to(organizer(make.alliance()))
    assert tie not in Affiliation.objects.visible_to(ordinary)
    assert hidden not in queries.siblings(cast.ada)
    Committee.objects.filter(pk=hidden.pk).update(visibility=Visibility.LISTED)
    assert tie in Affiliation.objects.visible_to(ordinary)
    assert hidden in queries.siblings(cast.ada)


def test_no_tie_opens_a_list_of_members(cast: make.Cast) -> None:
    make.affiliated(cast.committee)
    assert not Membership.objects.visible_to(organizer(make.alliance())).filter(committee=cast.committee).exists()


def test_the_database_refuses_an_answer_from_elsewhere(cast: make.Cast) -> None:
    tie = asked(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="the_wider_committee_answers"), transaction.atomic():
        Affiliation.objects.filter(pk=tie.pk).update(state=State.ACCEPTED, answered_by=cast.ada, answered_at=timezone.now())


def test_what_was_written_is_erased_three_months_after_the_end(cast: make.Cast) -> None:
    tie = asked(cast)
    alliance.decline(tie, "You belong to the committee of your employer first.", by=organizer(make.alliance()), at=timezone.now())
    alliance.forget(timezone.now() + timedelta(days=89))
    tie.refresh_from_db()
    assert tie.why
    alliance.forget(timezone.now() + timedelta(days=91))
    tie.refresh_from_db()
    assert (tie.why, tie.reason) == ("", "")


def test_whoever_organized_and_is_out_is_told_nothing_more(cast: make.Cast) -> None:
    make.member(cast.committee, roles=(Role.ORGANIZER,))
    tie = asked(cast)
    alliance.decline(tie, "You belong to the committee of your employer first.", by=organizer(make.alliance()), at=timezone.now())
    notice = Notice.objects.get(kind="alliance/declined")
    notice.about = tie
    membership.leave(cast.ada, by=cast.ada, at=timezone.now())
    assert cast.ada.person_id is not None
    assert registry.kind(notice.kind).matters(notice, {cast.ada.person_id}) == set()
