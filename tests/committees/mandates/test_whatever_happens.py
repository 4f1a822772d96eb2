"""Whatever organizers, members and the clock do, in whatever order: what has to be true of delegates stays true. And two at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from committees.alliance import commands as alliance
from committees.alliance.models import Affiliation
from committees.base.errors import Refused
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.mandates import commands as mandates
from committees.mandates.models import Mandate, State
from committees.membership import commands as membership
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import PRESENT, REMOVABLE, Role, Standing
from tests import make
from tests.at_once import at_once
from tests.committees.mandates.sending import DAY, TEXT, again, now, sent

ACTS = ("propose", "agree", "hand back", "leave", "resign as alternate", "suspend", "let back", "inactive", "end", "seat", "leave seat", "part", "clock")


class Play:
    """One committee, five who could be sent, two organizers, and a clock."""

    def __init__(self) -> None:
        cast = make.cast()
        self.tie = make.affiliated(cast.committee)
        self.at = now()
        self.first = cast.ada
        self.second = make.member(cast.committee, roles=(Role.ORGANIZER,))
        self.members = [make.member(cast.committee) for _ in range(4)]
        self.names = count(1)

    def does(self, what: str, who: int, other: int) -> None:
        member = make.reloaded(self.members[who])
        mandate = Mandate.objects.open().order_by("pk")[who % 2 : who % 2 + 1].first() or Mandate.objects.open().first()
        ways: dict[str, Callable[[], object]] = {
            "propose": lambda: self.propose(member, other),
            "agree": self.agree,
            "leave": lambda: membership.leave(member, by=member, at=self.at),
            "suspend": lambda: membership.suspend(member, by=None, at=self.at),
            "let back": lambda: membership.end_suspension(member, by=None, at=self.at),
            "inactive": lambda: self.inactive(member),
            "part": lambda: self.part() if who == 0 else None,
            "clock": lambda: self.tick(timedelta(days=30 * (other + 1))),
        }
        about: dict[str, Callable[[Mandate], object]] = {
            "hand back": lambda m: mandates.hand_back(m, by=make.reloaded(m.delegate), at=self.at),
            "resign as alternate": lambda m: m.alternate and mandates.hand_back(m, by=make.reloaded(m.alternate), at=self.at),
            "end": lambda m: mandates.end_mandate(m, at=self.at),
            "seat": lambda m: mandates.take_seat(m, handle=f"Seat number {next(self.names)}", by=make.reloaded(m.delegate), at=self.at),
            "leave seat": lambda m: m.seat and membership.leave(make.reloaded(m.seat), by=make.reloaded(m.seat), at=self.at),
        }
        with suppress(Refused, PermissionDenied), transaction.atomic():
            if what in ways:
                ways[what]()
            elif mandate is not None:
                about[what](mandate)

    def propose(self, member: Membership, other: int) -> None:
        people = {"delegate": member, "alternate": make.reloaded(self.members[other]) if other < 3 else None}
        mandates.propose(self.tie.wider, **people, text=TEXT, months=3 if other % 2 else 12, by=make.reloaded(self.first), at=self.at)

    def agree(self) -> None:
        act = JointAct.objects.open().order_by("pk").first()
        if act is not None:
            jointly.agree(act, by=make.reloaded(self.second), at=self.at)
            JointAct.objects.filter(pk=act.pk).update(happens_at=self.at)
            jointly.carry_out(self.at)

    def inactive(self, member: Membership) -> None:
        Membership.objects.filter(pk=member.pk, standing__in=PRESENT).update(standing=Standing.INACTIVE)
        mandates.pass_from_the_inactive(self.at)

    def part(self) -> None:
        if Affiliation.objects.standing().filter(pk=self.tie.pk).exists():
            alliance.end(self.tie, "We go on alone from here.", by=make.reloaded(self.first), at=self.at)
            self.tie = make.affiliated(self.first.committee)

    def tick(self, later: timedelta) -> None:
        self.at += later
        for tick in (mandates.end_the_overdue, mandates.pass_from_the_inactive, mandates.drop_the_idle, mandates.remind_of_reports, mandates.tell_of_ends):
            tick(self.at)

    def holds(self) -> None:
        at: datetime = self.at
        running = list(Mandate.objects.filter(state=State.RUNNING).select_related("delegate", "seat"))
        sent_now = {m.delegate_id for m in Mandate.objects.running(at)}
        terms = RoleTerm.objects.running(at).filter(role=Role.DELEGATE, committee=self.first.committee_id)
        assert set(terms.values_list("membership_id", flat=True)) == sent_now, "the role of a delegate, as long as a mandate runs"
        assert len({(m.delegate_id, m.wider_id) for m in running}) == len(running), "nobody is sent somewhere twice"
        assert all(m.delegate.standing in REMOVABLE for m in running), "whoever is gone speaks for nobody"
        assert all(m.alternate_id != m.delegate_id for m in running)
        seats = {m.seat_id for m in running if m.is_seated}
        there = Membership.objects.filter(committee=self.tie.wider, handle__startswith="Seat number", standing__in=REMOVABLE)
        assert set(there.values_list("pk", flat=True)) == seats, "a seat, as long as the mandate runs by which it was taken"
        for m in running:
            if m.is_seated and m.seat is not None:
                assert (m.seat.standing == Standing.SUSPENDED) == (m.delegate.standing == Standing.SUSPENDED)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.django_db
@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.integers(0, 3)), min_size=8, max_size=30))
def test_whatever_happens(steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        play = Play()
        for what, who, other in [("propose", 0, 1), ("agree", 0, 0), ("seat", 0, 0), *steps]:
            play.at += timedelta(minutes=1)
            play.does(what, who, other)
            play.holds()
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    @pytest.fixture
    def mandate(self, cast: make.Cast, tie: Affiliation, second: Membership) -> Mandate:
        return sent(cast, tie, second, ago=DAY)

    def test_the_delegate_hands_it_back_while_the_alternate_leaves(self, cast: make.Cast, mandate: Mandate) -> None:
        ben, mo = make.reloaded(cast.ben), make.reloaded(cast.mo)
        at_once([lambda: mandates.hand_back(mandate, by=ben, at=now()), lambda: membership.leave(mo, by=mo, at=now())])
        assert again(mandate).state == State.ENDED
        assert not RoleTerm.objects.running(now()).filter(role=Role.DELEGATE).exists()

    def test_a_button_pressed_twice_passes_it_once(self, cast: make.Cast, mandate: Mandate) -> None:
        ben = make.reloaded(cast.ben)
        answers = at_once([lambda: mandates.hand_back(mandate, by=ben, at=now())] * 2)
        assert sum(isinstance(answer, Refused) for answer in answers) == 1
        assert (again(mandate).state, again(mandate).delegate) == (State.RUNNING, cast.mo)

    def test_the_seat_is_taken_while_the_mandate_ends(self, cast: make.Cast, mandate: Mandate) -> None:
        ben = make.reloaded(cast.ben)
        at_once([lambda: mandates.take_seat(mandate, handle="Coventry speaks", by=ben, at=now()), lambda: mandates.end_mandate(mandate, at=now())])
        assert again(mandate).state == State.ENDED
        assert not Membership.objects.filter(handle="Coventry speaks", standing__in=REMOVABLE).exists()

    def test_the_delegate_leaves_while_the_mandate_begins(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        act = mandates.propose(
            tie.wider, delegate=make.reloaded(cast.ben), alternate=make.reloaded(cast.mo), text=TEXT, months=12, by=make.reloaded(cast.ada), at=now()
        )
        mandate = Mandate.objects.get(pk=act.row_id)
        ben = make.reloaded(cast.ben)
        at_once([lambda: mandates.begin_mandate(mandate, at=now()), lambda: membership.leave(ben, by=ben, at=now())])
        now_it_is = again(mandate)
        assert (now_it_is.state, now_it_is.delegate) in ((State.OFF, cast.ben), (State.RUNNING, cast.mo))
        held = set(RoleTerm.objects.running(now()).filter(role=Role.DELEGATE).values_list("membership_id", flat=True))
        assert held == ({cast.mo.pk} if now_it_is.is_running else set())
