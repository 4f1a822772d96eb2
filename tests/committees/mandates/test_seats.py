"""A delegate sits in the wider committee: as long as the mandate runs, never where they were removed, and never at the cost of a
place that is theirs by themselves."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from committees.alliance import commands as alliance
from committees.alliance.models import Affiliation
from committees.base.errors import Refused
from committees.bodies.models import Committee, Scope
from committees.ledger import commands as ledger
from committees.ledger.models import Entry
from committees.mandates import commands as mandates
from committees.mandates.models import Mandate
from committees.membership import commands as membership
from committees.membership import register
from committees.membership.applications import Decline
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role, Standing
from committees.notices.models import Notice
from committees.people.models import Contact
from tests import make
from tests.committees.mandates.sending import DAY, again, now, sent, sent_by_another

pytestmark = pytest.mark.django_db


@pytest.fixture
def mandate(cast: make.Cast, tie: Affiliation, second: Membership) -> Mandate:
    return sent(cast, tie, second, ago=10 * DAY)


def seated(cast: make.Cast, mandate: Mandate, handle: str = "Coventry speaks") -> Membership:
    return make.reloaded(mandates.take_seat(mandate, handle=handle, by=make.reloaded(cast.ben), at=now()))


def standing(member: Membership) -> str:
    return str(Membership.objects.get(pk=member.pk).standing)


class TestTakingIt:
    def test_the_delegate_is_a_full_member_there_at_once_under_a_name_of_their_own(self, cast: make.Cast, mandate: Mandate) -> None:
        seat = seated(cast, mandate)
        assert (seat.committee, seat.standing, seat.handle, seat.person) == (mandate.wider, Standing.MEMBER, "Coventry speaks", cast.ben.person)
        assert again(mandate).is_seated
        assert Notice.objects.filter(kind="mandates/seated", committee_id=mandate.wider_id).count() == 1
        assert Entry.objects.filter(chain=mandate.wider.slug, verb="member.seated").exists()
        with pytest.raises(Refused, match="belong to this committee already"):
            seated(cast, again(mandate), "Another name")

    def test_nobody_else_takes_it(self, cast: make.Cast, mandate: Mandate, second: Membership) -> None:
        for other in (cast.mo, cast.ada, second, cast.boss, make.organizer_of(mandate.wider)):
            with pytest.raises(PermissionDenied):
                mandates.take_seat(mandate, handle="Somebody", by=make.reloaded(other), at=now())

    def test_nobody_takes_it_once_the_term_is_over(self, cast: make.Cast, mandate: Mandate) -> None:
        ben = make.reloaded(cast.ben)
        assert mandate.ends_at is not None
        with pytest.raises(Refused, match="over already"):
            mandates.take_seat(mandate, handle="Somebody", by=ben, at=mandate.ends_at)
        mandates.end_mandate(mandate, at=now())
        with pytest.raises(Refused, match="over already"):
            mandates.take_seat(mandate, handle="Somebody", by=ben, at=now())

    def test_a_name_that_is_anothers_is_refused(self, cast: make.Cast, mandate: Mandate) -> None:
        with pytest.raises(Refused) as no:
            seated(cast, mandate, make.organizer_of(mandate.wider).handle)
        assert no.value.field == "handle"
        assert again(mandate).seat is None

    @pytest.mark.parametrize("was", [Standing.REMOVED, Standing.STEPPED_ASIDE])
    def test_whoever_was_removed_there_does_not_come_back_by_it(self, was: Standing, cast: make.Cast, mandate: Mandate) -> None:
        before = make.member(mandate.wider, by=cast.ben.person)
        make.put(before, was)
        with pytest.raises(Refused, match="Apply as anybody does"):
            seated(cast, mandate)

    def test_nor_with_another_account_at_the_same_address(self, cast: make.Cast, mandate: Mandate) -> None:
        other = make.member(mandate.wider)
        theirs = Contact.objects.get(person=other.person)
        membership.remove(make.reloaded(other), for_employer=False, by=None, at=now())
        mine = Contact.objects.get(person=cast.ben.person)
        lookup, address = theirs.lookup, theirs.address
        theirs.delete()  # removed people can erase an account and come anew
        Contact.objects.filter(pk=mine.pk).update(lookup=lookup, address=address)
        with pytest.raises(Refused, match="Apply as anybody does"):
            seated(cast, mandate)

    @pytest.mark.parametrize("how", ["declined", "spam"])
    def test_whoever_was_declined_there_does_not_come_in_by_it(self, how: str, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second)
        assert cast.ben.person is not None
        application, reviewer = make.application(tie.wider, by=cast.ben.person), make.reloaded(make.organizer_of(tie.wider))
        if how == "spam":
            membership.mark_spam(application, by=reviewer, at=now())
        else:
            membership.decline(application, Decline.NOT_CONFIRMED, by=reviewer, at=now())
        with pytest.raises(Refused, match="Apply as anybody does"):
            seated(cast, mandate)

    def test_whoever_was_only_told_that_another_committee_is_the_right_one_may_sit_there(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second)
        assert cast.ben.person is not None
        reviewer = make.reloaded(make.organizer_of(tie.wider))
        membership.decline(make.application(tie.wider, by=cast.ben.person), Decline.OTHER_COMMITTEE, by=reviewer, at=now())
        assert seated(cast, mandate).standing == Standing.MEMBER

    def test_a_seat_that_ended_ends_no_suspension_there(self, cast: make.Cast, mandate: Mandate, monkeypatch: pytest.MonkeyPatch) -> None:
        seat = seated(cast, mandate)
        monkeypatch.setattr(register, "_holds", [*register._holds, lambda member, _at: member.pk == seat.pk])  # as moderators there do
        membership.suspend(seat, by=None, at=now())
        mandates.hand_back(again(mandate), by=make.reloaded(cast.ben), at=now())
        assert standing(seat) == Standing.LEFT
        mandates.hand_back(again(mandate), by=make.reloaded(cast.mo), at=now())
        tie = Affiliation.objects.select_related("wider").get(committee=cast.committee)
        anew = sent(cast, tie, Membership.objects.get(committee=cast.committee, handle="Second organizer"))
        with pytest.raises(Refused, match="Apply as anybody does"):
            seated(cast, anew, "Here again")

    def test_whoever_is_suspended_at_home_in_that_moment_does_not_sit_there(self, cast: make.Cast, mandate: Mandate) -> None:
        read_before = make.reloaded(cast.ben)
        membership.suspend(make.reloaded(cast.ben), by=None, at=now())
        with pytest.raises(PermissionDenied):
            mandates.take_seat(mandate, handle="Too late", by=read_before, at=now())
        assert again(mandate).seat is None

    def test_whoever_left_there_before_may_sit_there(self, cast: make.Cast, mandate: Mandate) -> None:
        make.put(make.member(mandate.wider, by=cast.ben.person), Standing.LEFT)
        assert seated(cast, mandate).standing == Standing.MEMBER

    def test_whoever_has_applied_there_takes_that_back_first(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        there = make.affiliated(cast.committee, make.wider(Scope.EMPLOYER, cast.committee))
        mandate = sent(cast, there, second)
        assert cast.ben.person is not None
        make.application(there.wider, by=cast.ben.person)
        with pytest.raises(Refused, match="Take your application back"):
            seated(cast, mandate)


class TestItEnds:
    @pytest.mark.parametrize("way", ["handed back", "ended", "parted", "left", "term"])
    def test_with_the_mandate(self, way: str, cast: make.Cast, mandate: Mandate) -> None:
        seat = seated(cast, mandate)
        RoleTerm.objects.create(committee=seat.committee, membership=seat, role=Role.MODERATOR, begins_at=now())
        if way == "handed back":
            mandates.hand_back(again(mandate), by=make.reloaded(cast.ben), at=now())
        elif way == "ended":
            mandates.end_mandate(again(mandate), at=now())
        elif way == "parted":
            tie = Affiliation.objects.get(committee=cast.committee, wider=mandate.wider)
            alliance.end(tie, "We go on alone from here.", by=make.reloaded(cast.ada), at=now())
        elif way == "left":
            membership.leave(make.reloaded(cast.ben), by=make.reloaded(cast.ben), at=now())
        else:
            assert mandate.ends_at is not None
            mandates.end_the_overdue(mandate.ends_at)
        assert standing(seat) == Standing.LEFT
        assert again(mandate).seat is None
        assert not RoleTerm.objects.running(now() + 400 * DAY).filter(membership=seat).exists()
        assert Entry.objects.filter(chain=mandate.wider.slug, verb="member.unseated").exists()

    def test_the_alternate_takes_a_seat_of_their_own(self, cast: make.Cast, mandate: Mandate) -> None:
        seat = seated(cast, mandate)
        mandates.hand_back(again(mandate), by=make.reloaded(cast.ben), at=now())
        mandates.take_seat(again(mandate), handle="Mo speaks", by=make.reloaded(cast.mo), at=now())
        assert standing(seat) == Standing.LEFT
        assert again(mandate).is_seated

    def test_a_place_of_ones_own_stays(self, cast: make.Cast, mandate: Mandate) -> None:
        own = make.member(mandate.wider, by=cast.ben.person)
        with pytest.raises(Refused, match="already"):
            seated(cast, mandate)
        mandates.end_mandate(mandate, at=now())
        assert standing(own) == Standing.MEMBER

    def test_whoever_left_the_seat_and_came_by_themself_stays(self, cast: make.Cast, mandate: Mandate) -> None:
        seat = seated(cast, mandate)
        membership.leave(seat, by=seat, at=now())
        assert not again(mandate).is_seated
        make.member(mandate.wider, by=cast.ben.person, handle="By myself")  # the same row, joined anew
        mandates.end_mandate(again(mandate), at=now())
        assert standing(seat) == Standing.MEMBER

    def test_whoever_left_the_seat_may_take_it_again_and_whoever_was_removed_may_not(self, cast: make.Cast, mandate: Mandate) -> None:
        seat = seated(cast, mandate)
        membership.leave(seat, by=seat, at=now())
        again_there = seated(cast, again(mandate))
        membership.remove(again_there, for_employer=False, by=None, at=now())
        with pytest.raises(Refused, match="Apply as anybody does"):
            seated(cast, again(mandate))
        assert again(mandate).is_running, "whom a committee sends is its own matter"

    def test_another_committees_mandate_keeps_it(self, cast: make.Cast, mandate: Mandate) -> None:
        other = sent_by_another(cast)
        seat = seated(cast, mandate)
        mandates.end_mandate(again(mandate), at=now())
        assert standing(seat) == Standing.MEMBER
        assert again(other).is_seated
        mandates.end_mandate(again(other), at=now())
        assert standing(seat) == Standing.LEFT

    def test_the_last_organizer_of_the_alliance_stays(self, cast: make.Cast, mandate: Mandate) -> None:
        seat = seated(cast, mandate)
        RoleTerm.objects.create(committee=seat.committee, membership=seat, role=Role.ORGANIZER, begins_at=now())
        for other in Membership.objects.filter(committee=mandate.wider).exclude(pk=seat.pk):
            membership.remove(make.reloaded(other), for_employer=False, by=None, at=now())
        mandates.end_mandate(again(mandate), at=now())
        assert standing(seat) == Standing.MEMBER
        assert again(mandate).seat is None


class TestSuspended:
    def test_whoever_is_suspended_at_home_is_so_there_too_and_keeps_what_they_hold(self, cast: make.Cast, mandate: Mandate) -> None:
        seat = seated(cast, mandate)
        RoleTerm.objects.create(committee=seat.committee, membership=seat, role=Role.MODERATOR, begins_at=now())
        membership.suspend(make.reloaded(cast.ben), by=None, at=now())
        assert standing(seat) == Standing.SUSPENDED
        assert not membership.end_suspension(make.reloaded(seat), by=None, at=now()), "as long as they are so at home"
        assert membership.end_suspension(make.reloaded(cast.ben), by=None, at=now())
        assert standing(seat) == Standing.MEMBER
        assert Role.MODERATOR in make.reloaded(seat).roles

    def test_the_seat_is_as_at_home_where_another_mandate_holds_it_from_now_on(self, cast: make.Cast, mandate: Mandate) -> None:
        other = sent_by_another(cast)
        seat = seated(cast, mandate)
        membership.suspend(make.reloaded(cast.ben), by=None, at=now())
        assert standing(seat) == Standing.SUSPENDED
        mandates.end_mandate(again(mandate), at=now())
        assert again(other).is_seated
        assert standing(seat) == Standing.MEMBER, "nobody suspended them where they are sent from now"

    def test_the_seat_is_suspended_once_a_mandate_holds_it_from_where_they_are(self, cast: make.Cast, mandate: Mandate) -> None:
        other = sent_by_another(cast)
        seat = seated(cast, mandate)
        membership.suspend(make.reloaded(other.delegate), by=None, at=now())
        assert standing(seat) == Standing.MEMBER
        mandates.end_mandate(again(mandate), at=now())
        assert again(other).is_seated
        assert standing(seat) == Standing.SUSPENDED
        membership.end_suspension(make.reloaded(other.delegate), by=None, at=now())
        assert standing(seat) == Standing.MEMBER

    def test_a_place_of_ones_own_is_not(self, cast: make.Cast, mandate: Mandate) -> None:
        own = make.member(mandate.wider, by=cast.ben.person)
        membership.suspend(make.reloaded(cast.ben), by=None, at=now())
        assert standing(own) == Standing.MEMBER


@pytest.mark.parametrize("first", ["home", "wider"])
@pytest.mark.parametrize("way", ["handed back", "ended", "left", "suspended", "let back"])
def test_both_logs_are_held_in_one_order_so_that_two_who_go_at_once_never_wait_for_each_other(
    way: str, first: str, tie: Affiliation, cast: make.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for committee, slug in ((cast.committee, "a-home"), (tie.wider, "b-wider") if first == "home" else (tie.wider, "0-wider")):
        Committee.objects.filter(pk=committee.pk).update(slug=slug)
    second = make.member(cast.committee, roles=(Role.ORGANIZER,))
    mandate = sent(cast, Affiliation.objects.select_related("wider", "committee").get(pk=tie.pk), second)
    mandates.take_seat(mandate, handle="Coventry speaks", by=make.reloaded(cast.ben), at=now())
    if way == "let back":
        membership.suspend(make.reloaded(cast.ben), by=None, at=now())
    held: list[str] = []
    locked = ledger._locked_head
    monkeypatch.setattr(ledger, "_locked_head", lambda chain: held.append(chain) or locked(chain))  # type: ignore[func-returns-value]
    ben, ways = make.reloaded(cast.ben), ("a-home", "b-wider" if first == "home" else "0-wider")
    {
        "handed back": lambda: mandates.hand_back(again(mandate), by=ben, at=now()),
        "ended": lambda: mandates.end_mandate(again(mandate), at=now()),
        "left": lambda: membership.leave(ben, by=ben, at=now()),
        "suspended": lambda: membership.suspend(ben, by=None, at=now()),
        "let back": lambda: membership.end_suspension(ben, by=None, at=now()),
    }[way]()
    order = [chain for chain in dict.fromkeys(held) if chain in ways]
    assert order == sorted(ways)
