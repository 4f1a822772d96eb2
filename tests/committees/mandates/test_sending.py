"""Whom a committee sends: proposed by one, agreed by a second, told to those who are named, begun, handed back, ended."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from committees.alliance import commands as alliance
from committees.alliance.models import Affiliation
from committees.base.errors import Refused
from committees.bodies.models import Scope
from committees.jointly import commands as jointly
from committees.jointly.commands.deeds import sentence
from committees.jointly.models import JointAct
from committees.jointly.models import State as Act
from committees.mandates import commands as mandates
from committees.mandates.models import Ending, Mandate, State
from committees.membership import commands as membership
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Power, Role, Standing
from committees.people import commands as people
from tests import make
from tests.at_once import at_once
from tests.committees.mandates.sending import DAY, TEXT, WHY, again, done, is_delegate, kinds, mandate_of, now, proposed, sent, told, verbs

pytestmark = pytest.mark.django_db


class TestProposing:
    def test_two_organizers_send_a_delegate_and_members_can_object(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        act = proposed(cast, tie)
        mandate = mandate_of(act)
        assert mandate.state == State.PROPOSED
        assert told("named") == {cast.ben.person_id, cast.mo.person_id}
        jointly.agree(act, by=make.reloaded(second), at=now())
        assert again(mandate).state == State.PROPOSED, "members can object for three days"
        assert not is_delegate(cast.ben)
        JointAct.objects.filter(pk=act.pk).update(happens_at=now())
        jointly.carry_out(now())
        mandate = again(mandate)
        assert mandate.is_running
        assert mandate.text == TEXT
        assert is_delegate(cast.ben)
        assert Power.TAKE_SEAT in make.reloaded(cast.ben).powers
        assert told("begun") == {cast.ben.person_id}
        assert verbs(cast) == ["mandate.begun"]

    def test_members_stop_it(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        act = jointly.agree(proposed(cast, tie), by=make.reloaded(second), at=now())
        for who in (cast.ben, cast.mo):
            if JointAct.objects.get(pk=act.pk).is_agreed:
                jointly.object_to(act, reason="He never reports anything.", by=make.reloaded(who), at=now())
        assert mandate_of(act).state == State.OFF
        assert not is_delegate(cast.ben)

    def test_whoever_would_take_over_is_not_the_second_to_agree(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        act = proposed(cast, tie, alternate=second)
        with pytest.raises(PermissionDenied):
            jointly.agree(act, by=make.reloaded(second), at=now())
        assert act.asks_wider, "there was no other organizer here: one of the wider committee is asked"
        jointly.agree(JointAct.objects.get(pk=act.pk), by=make.reloaded(make.organizer_of(tie.wider)), at=now())
        assert JointAct.objects.get(pk=act.pk).is_agreed

    def test_three_at_most_sit_in_one_committee(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        members = [make.member(cast.committee) for _ in range(4)]
        for member in members[:3]:
            proposed(cast, tie, delegate=member, alternate=None)
        with pytest.raises(Refused, match="3 delegates"):
            proposed(cast, tie, delegate=members[3], alternate=None)
        jointly.drop(JointAct.objects.order_by("pk").first(), by=make.reloaded(cast.ada), at=now())  # type: ignore[arg-type]
        proposed(cast, tie, delegate=members[3], alternate=None)

    def test_nobody_is_sent_where_the_committee_does_not_belong(self, cast: make.Cast, second: Membership) -> None:
        elsewhere = make.wider(Scope.EMPLOYER, cast.committee)
        with pytest.raises(Refused, match="does not belong"):
            mandates.propose(elsewhere, delegate=make.reloaded(cast.ben), alternate=None, text=TEXT, months=12, by=make.reloaded(cast.ada), at=now())

    def test_only_full_members_are_sent_and_nobody_proposes_themself(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        ada = make.reloaded(cast.ada)
        with pytest.raises(Refused, match="first weeks"):
            proposed(cast, tie, delegate=make.reloaded(cast.cleo))
        with pytest.raises(PermissionDenied):
            proposed(cast, tie, delegate=ada)
        for alternate in (ada, make.reloaded(cast.cleo), make.reloaded(cast.boss)):
            with pytest.raises(Refused, match="No other full member"):
                proposed(cast, tie, alternate=alternate)
        with pytest.raises(Refused, match="somebody else"):
            proposed(cast, tie, alternate=make.reloaded(cast.ben))
        with pytest.raises(PermissionDenied):
            proposed(cast, tie, delegate=make.reloaded(cast.boss))
        for nobody in (cast.ben, cast.mo, cast.cleo, cast.boss):
            with pytest.raises(PermissionDenied):
                proposed(cast, tie, delegate=make.reloaded(second), by=make.reloaded(nobody))

    def test_the_same_form_twice_makes_one(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        key = uuid4()
        assert proposed(cast, tie, form_key=key) == proposed(cast, tie, form_key=key)
        with pytest.raises(Refused, match="proposed as a delegate there already"):
            proposed(cast, tie)
        assert Mandate.objects.count() == 1

    def test_one_is_sent_somewhere_once(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        sent(cast, tie, second)
        done(proposed(cast, tie), second)
        assert Mandate.objects.get(delegate=cast.ben, state=State.RUNNING).renews is not None

    def test_a_lone_organizer_asks_the_wider_committee_which_reads_the_mandate_and_no_name(self, cast: make.Cast, tie: Affiliation) -> None:
        act = proposed(cast, tie)
        assert act.asks_wider
        intake = make.reloaded(make.organizer_of(tie.wider))
        browser = make.client(intake.person)  # type: ignore[arg-type]
        page = browser.get(reverse("jointly:agree", args=[tie.wider.slug, act.slug])).content.decode()
        assert TEXT in page
        assert cast.ben.handle not in page
        assert cast.mo.handle not in page
        done(act, intake)
        assert is_delegate(cast.ben)

    def test_the_bare_role_is_given_to_nobody(self, cast: make.Cast, second: Membership) -> None:
        with pytest.raises(Refused, match="mandate"):
            jointly.propose_role(make.reloaded(cast.ben), Role.DELEGATE, months=6, reason=WHY, by=make.reloaded(cast.ada), at=now())
        with pytest.raises(Refused, match="mandate"):
            jointly.propose_end(make.reloaded(cast.ben), Role.DELEGATE, reason=WHY, by=make.reloaded(cast.ada), at=now())

    def test_whoever_is_named_says_no_before_it_begins(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        act = proposed(cast, tie)
        mandates.hand_back(mandate_of(act), by=make.reloaded(cast.mo), at=now())
        assert mandate_of(act).alternate is None
        jointly.agree(act, by=make.reloaded(second), at=now())
        mandates.hand_back(mandate_of(act), by=make.reloaded(cast.ben), at=now())
        assert mandate_of(act).state == State.OFF
        act.refresh_from_db()
        assert act.state == Act.OVERTAKEN
        with pytest.raises(Refused, match="over already"):
            mandates.hand_back(mandate_of(act), by=make.reloaded(cast.ben), at=now())

    @pytest.mark.parametrize("who", ["ben", "mo"])
    def test_whoever_is_gone_before_it_begins(self, who: str, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        act = jointly.agree(proposed(cast, tie), by=make.reloaded(second), at=now())
        gone = make.reloaded(getattr(cast, who))
        membership.leave(gone, by=gone, at=now())
        mandates.drop_the_idle(now())
        jointly.carry_out(now() + 3 * DAY)
        mandate = mandate_of(act)
        assert (mandate.state, mandate.alternate) == ((State.OFF, cast.mo) if who == "ben" else (State.RUNNING, None))
        act.refresh_from_db()
        assert act.state == (Act.OVERTAKEN if who == "ben" else Act.DONE)

    def test_parted_before_it_begins(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        act = jointly.agree(proposed(cast, tie), by=make.reloaded(second), at=now())
        alliance.end(tie, "We go on alone from here.", by=make.reloaded(cast.ada), at=now())
        assert mandate_of(act).state == State.OFF
        assert mandates.drop_the_idle(now()) == 1
        assert mandates.drop_the_idle(now()) == 0


class TestHolding:
    def test_the_alternate_takes_over_when_it_is_handed_back(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second, ago=10 * DAY)
        mandates.hand_back(mandate, by=make.reloaded(cast.ben), at=now())
        mandate = again(mandate)
        assert (mandate.state, mandate.delegate, mandate.alternate, mandate.before) == (State.RUNNING, cast.mo, None, cast.ben)
        assert is_delegate(cast.mo)
        assert not is_delegate(cast.ben)
        assert mandate.due_at == mandate.passed_at + 30 * DAY  # type: ignore[operator]
        assert RoleTerm.objects.get(membership=cast.mo, role=Role.DELEGATE).ends_at == mandate.ends_at
        assert kinds() == ["mandates/named", "mandates/begun", "mandates/begun", "mandates/changed"]
        assert verbs(cast) == ["mandate.begun", "mandate.handed_back", "mandate.passed"]
        mandates.hand_back(mandate, by=make.reloaded(cast.mo), at=now())
        assert (again(mandate).state, again(mandate).ending) == (State.ENDED, Ending.BACK)
        assert not is_delegate(cast.mo)

    def test_nobody_else_hands_it_back(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second)
        for other in (cast.ada, second, cast.cleo, cast.boss, make.organizer_of(tie.wider)):
            with pytest.raises(PermissionDenied):
                mandates.hand_back(mandate, by=make.reloaded(other), at=now())

    @pytest.mark.parametrize("way", ["leaves", "steps aside", "is removed", "is inactive", "erases the account", "lapses"])
    @pytest.mark.parametrize("who", ["ben", "mo"])
    def test_the_seat_passes_or_stays_when_one_of_the_two_goes(self, way: str, who: str, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second)
        go(make.reloaded(getattr(cast, who)), way)
        mandates.pass_from_the_inactive(now())
        mandate = again(mandate)
        assert mandate.is_running
        if who == "ben":
            assert (mandate.delegate, mandate.alternate) == (cast.mo, None)
            assert is_delegate(cast.mo)
        else:
            expected = cast.mo if way == "is inactive" else None  # who may be back tomorrow
            assert (mandate.delegate, mandate.alternate) == (cast.ben, expected)
            assert is_delegate(cast.ben)
            go(make.reloaded(cast.ben), "leaves")
            assert again(mandate).ending == Ending.GONE

    def test_without_an_alternate_the_place_is_empty_and_organizers_are_told(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second, alternate=None)
        go(make.reloaded(cast.ben), "leaves")
        assert again(mandate).ending == Ending.GONE
        assert "mandates/changed" in kinds()
        assert told("ended") == {cast.ben.person_id}

    def test_whoever_is_suspended_keeps_it(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second)
        membership.suspend(make.reloaded(cast.ben), by=None, at=now())
        mandates.pass_from_the_inactive(now())
        assert again(mandate).delegate == cast.ben
        assert Power.TAKE_SEAT not in make.reloaded(cast.ben).powers

    def test_the_role_runs_until_the_last_of_ones_mandates(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        first = sent(cast, tie, second, months=3)
        wider = make.affiliated(cast.committee, make.wider(Scope.EMPLOYER, cast.committee))
        other = sent(cast, wider, second, months=24)
        assert RoleTerm.objects.get(membership=cast.ben, role=Role.DELEGATE).ends_at == other.ends_at
        mandates.end_mandate(other, at=now())
        assert RoleTerm.objects.get(membership=cast.ben, role=Role.DELEGATE).ends_at == first.ends_at
        assert is_delegate(cast.ben)
        mandates.end_mandate(first, at=now())
        assert not is_delegate(cast.ben)

    def test_the_office_is_not_resigned_past_the_mandate(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        sent(cast, tie, second)
        with pytest.raises(Refused, match="mandate"):
            membership.resign(make.reloaded(cast.ben), Role.DELEGATE, by=make.reloaded(cast.ben), at=now())


class TestEnding:
    def test_two_organizers_end_it_and_the_alternate_does_not_take_over(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second)
        act = mandates.propose_end(mandate, reason=WHY, by=make.reloaded(cast.ada), at=now())
        with pytest.raises(Refused, match="proposed already"):
            mandates.propose_end(mandate, reason=WHY, by=make.reloaded(second), at=now())
        done(act, second)
        assert (again(mandate).state, again(mandate).ending) == (State.ENDED, Ending.DECIDED)
        assert not is_delegate(cast.ben)
        assert told("ended") == {cast.ben.person_id, cast.mo.person_id}
        with pytest.raises(Refused, match="over already"):
            mandates.propose_end(again(mandate), reason=WHY, by=make.reloaded(cast.ada), at=now())

    def test_an_end_that_was_proposed_is_no_longer_possible_once_it_is_over(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second, alternate=None)
        act = mandates.propose_end(mandate, reason=WHY, by=make.reloaded(cast.ada), at=now())
        mandates.hand_back(mandate, by=make.reloaded(cast.ben), at=now())
        mandates.drop_the_idle(now())
        act.refresh_from_db()
        assert act.state == Act.OVERTAKEN
        assert again(mandate).ending == Ending.BACK

    def test_what_the_act_says_stays_true_after_the_mandate_is_over(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        begin = proposed(cast, tie)
        done(begin, second)
        end = mandates.propose_end(mandate_of(begin), reason=WHY, by=make.reloaded(cast.ada), at=now())
        done(end, second)
        assert sentence(JointAct.objects.get(pk=begin.pk)).endswith("for 12 months")
        assert "no longer" in sentence(JointAct.objects.get(pk=end.pk))

    def test_it_ends_with_its_term(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second, months=3)
        assert mandate.ends_at is not None
        assert mandates.tell_of_ends(mandate.ends_at - 15 * DAY) == 0
        assert mandates.tell_of_ends(mandate.ends_at - 14 * DAY) == 1
        assert mandates.tell_of_ends(mandate.ends_at - 13 * DAY) == 0
        assert mandates.end_the_overdue(mandate.ends_at - DAY) == 0
        assert mandates.end_the_overdue(mandate.ends_at) == 1
        assert mandates.end_the_overdue(mandate.ends_at) == 0
        assert again(mandate).ending == Ending.TERM

    @pytest.mark.parametrize("side", ["committee", "wider"])
    def test_it_ends_when_the_committees_part(self, side: str, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second)
        by = make.reloaded(cast.ada if side == "committee" else make.organizer_of(tie.wider))
        alliance.end(tie, "We go on alone from here.", by=by, at=now())
        assert again(mandate).ending == Ending.PARTED
        assert not is_delegate(cast.ben)

    @pytest.mark.parametrize("which", ["committee", "wider"])
    def test_it_ends_when_one_of_the_committees_closes(self, which: str, cast: make.Cast, second: Membership) -> None:
        there = make.affiliated(cast.committee, make.wider(Scope.EMPLOYER, cast.committee))
        mandate = sent(cast, there, second)
        closing = cast.committee if which == "committee" else there.wider
        membership.close(closing, by=make.reloaded(make.organizer_of(closing)), at=now())
        assert again(mandate).ending == Ending.PARTED
        assert not is_delegate(cast.ben)

    def test_what_it_said_is_erased_a_year_later(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second)
        assert mandates.forget(now() + 400 * DAY) == 0
        mandates.end_mandate(mandate, at=now())
        assert mandates.forget(now() + 300 * DAY) == 0
        assert mandates.forget(now() + 366 * DAY) == 1
        assert again(mandate).text == ""


class TestTheDatabase:
    def test_refuses_a_delegate_of_another_committee(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second)
        for column in ("delegate", "alternate", "asked_by", "seat"):
            more = {"seated_at": now()} if column == "seat" else {}
            with pytest.raises(IntegrityError):
                checked(mandate, **{column: cast.boss}, **more)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"alternate": "ben"},
            {"wider": "committee"},
            {"ends_at": None},
            {"state": "ended"},
            {"ending": "term"},
            {"state": "proposed"},
            {"months": 0},
            {"seated_at": "now"},
            {"passed_at": "now"},
        ],
        ids=str,
    )
    def test_refuses_what_makes_no_sense(self, wrong: dict[str, Any], cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second)
        named: dict[Any, Any] = {"ben": cast.ben, "committee": cast.committee, "now": now()}
        with pytest.raises(IntegrityError), transaction.atomic():
            Mandate.objects.filter(pk=mandate.pk).update(**{key: named.get(value, value) for key, value in wrong.items()})


def checked(mandate: Mandate, **fields: Any) -> None:
    """Writes what no command would, and has the database look at it now and not at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        Mandate.objects.filter(pk=mandate.pk).update(**fields)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def go(member: Membership, way: str) -> None:
    if way == "leaves":
        membership.leave(member, by=member, at=now())
    elif way == "steps aside":
        membership.step_aside(member, by=member, at=now())
    elif way == "is removed":
        membership.remove(member, for_employer=False, by=None, at=now())
    elif way in ("is inactive", "lapses"):
        Membership.objects.filter(pk=member.pk).update(asked_on=(now() - 31 * DAY).date())
        assert membership.become_inactive(now()) == 1
        if way == "lapses":
            Membership.objects.filter(pk=member.pk).update(changed_at=now() - 200 * DAY)
            membership.say_a_last_word(now() - 40 * DAY)
            membership.lapse(now())
            assert Membership.objects.get(pk=member.pk).standing == Standing.LAPSED
    else:
        assert member.person is not None
        people.erase(member.person, by=member.person, at=now())


@pytest.mark.django_db(transaction=True)
def test_of_many_proposed_at_once_three_come_through() -> None:
    cast = make.cast()
    tie = make.affiliated(cast.committee)
    make.member(cast.committee, roles=(Role.ORGANIZER,))
    members = [make.member(cast.committee) for _ in range(8)]
    at_once([lambda member=member: proposed(cast, tie, delegate=member, alternate=None) for member in members])  # type: ignore[misc]
    assert Mandate.objects.open().count() == 3
