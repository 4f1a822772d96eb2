"""Months in which anybody does anything, at random and mostly without the right to: what must hold holds after every act.

Each act is a command, given by whoever the dice choose, over whatever the dice choose. A refusal is an answer; anything else that a
command raises fails the test, and so does a row that the database had to refuse for it. Other months: `SEEDS=40 pytest` of this module.
"""

from __future__ import annotations

import logging
import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from committees.alliance import commands as ties
from committees.alliance.models import Affiliation
from committees.base.errors import Refused
from committees.bodies.models import Committee, Life
from committees.jointly import commands as jointly
from committees.jointly import queries as together
from committees.jointly.models import Deed, JointAct
from committees.jointly.models import State as ActState
from committees.ledger import verification
from committees.membership import commands as membership
from committees.membership import covers, queries, roles
from committees.membership.applications import OPEN, Application, Check, Decline, State
from committees.membership.covers import Cover
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import THAT_SEE, Power, Role, Standing
from committees.notices import registry
from committees.notices.models import Notice
from committees.people import commands as people
from committees.people.models import Person
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ACTS_EACH = 130
ENDED_BY_OTHERS = (State.DECLINED, State.SPAM, State.ADMITTED, State.EXPIRED)


class World:
    """Two committees under one alliance, people inside and outside, and a clock."""

    def __init__(self, seed: int, traveller: time_machine.Traveller) -> None:
        self.dice = random.Random(seed)
        self.clock = traveller
        cast = make.cast()
        self.committees = [cast.committee, make.committee(), make.alliance()]
        for committee in self.committees:
            for number in range(8):
                make.member(committee, roles=(Role.ORGANIZER,) if number < 2 else ())
        for committee in self.committees[:2]:
            make.affiliated(committee)
        self.strangers = [make.person() for _ in range(5)]
        self.came: Counter[str] = Counter()

    @property
    def now(self) -> datetime:
        return timezone.now()

    def member(self, power: Power | None = None, **where: Any) -> Membership:
        """Anybody who has or had a place; of `power` most often somebody who has it."""
        rows = Membership.objects.filter(person__isnull=False, **where)
        able = rows.with_power(power) if power and self.dice.random() < 0.85 else rows.none()
        return make.reloaded(self._one(able if able.exists() else rows))

    def another(self, member: Membership) -> Membership:
        """Most often somebody of the same committee, and now and then oneself."""
        return self.member(committee=member.committee) if self.dice.random() < 0.9 else member

    def person(self) -> Person:
        mine = self.member().person
        assert mine is not None  # `member` asks for those who have one
        return self.dice.choice([*self.strangers, mine])

    def application(self, **where: Any) -> Application:
        return self._one(Application.objects.filter(person__isnull=False, **where).select_related("committee__policy", "reviewed_in", "person"))

    def act(self) -> JointAct:
        rows = JointAct.objects.select_related("committee", "member")
        return self._one(rows.open() if self.dice.random() < 0.8 else rows)

    def reviewer_of(self, sent: Application) -> Membership:
        """Most often somebody who may."""
        able = queries.able_reviewers(sent)
        return make.reloaded(self._one(able)) if able.exists() and self.dice.random() < 0.8 else self.member()

    def _one(self, rows: Any) -> Any:
        found = list(rows.order_by("pk")[:60])
        if not found:
            raise Refused("there is none")
        return self.dice.choice(found)


def applies(w: World) -> None:
    person, committee = w.person(), w.dice.choice(w.committees)
    sent = make.answered(committee, person, at=w.now)
    membership.apply(sent, by=person, at=w.now)


def proposes_a_role(w: World) -> None:
    by = w.member(Power.GIVE_ROLE)
    jointly.propose_role(w.another(by), w.dice.choice(list(Role)), months=6, reason="They can.", by=by, at=w.now)


def agrees(w: World) -> None:
    act = w.act()
    able = together.seconds(act)
    jointly.agree(act, by=make.reloaded(w._one(able)) if w.dice.random() < 0.8 else w.member(), at=w.now)


def covers_for(w: World) -> None:
    by = w.member(Power.ARRANGE_COVER)
    day = w.now.date()
    asked = jointly.ask_cover(w.another(by), w.dice.choice(covers.COVERED), first=day, last=day + timedelta(days=w.dice.randint(1, 30)), by=by, at=w.now)
    jointly.accept_cover(asked, by=make.reloaded(asked.member), at=w.now)


def ends_a_cover(w: World) -> None:
    cover = w._one(Cover.objects.select_related("committee"))
    jointly.end_cover(cover, by=make.reloaded(w.dice.choice((cover.absent, cover.member, w.member()))), at=w.now)


def hands_a_code_over(w: World) -> None:
    by = w.member()
    sent = w.application(committee=by.committee, state__in=sorted(OPEN))
    membership.use_code(sent, membership.make_code(by, by=by, at=w.now), by=sent.person, at=w.now)


def reviews(act: Callable[[Application, Membership, World], Any]) -> Callable[[World], None]:
    def given(w: World) -> None:
        sent = w.application(sent_at__isnull=False) if w.dice.random() < 0.2 else w.application(state__in=sorted(OPEN), sent_at__isnull=False)
        act(sent, w.reviewer_of(sent), w)

    return given


def alone(act: Callable[[Membership, Membership, World], Any]) -> Callable[[World], None]:
    """What one does with one's own place; now and then somebody tries it with another's."""

    def given(w: World) -> None:
        by = w.member()
        act(by if w.dice.random() < 0.9 else w.another(by), by, w)

    return given


def on_another(power: Power, act: Callable[[Membership, Membership, World], Any]) -> Callable[[World], None]:
    def given(w: World) -> None:
        by = w.member(power)
        act(w.another(by), by, w)

    return given


def is_checked_and_let_in(w: World) -> None:
    sent = w.application(state__in=sorted(OPEN), sent_at__isnull=False)
    if not queries.able_reviewers(sent).exists():
        raise Refused("there is nobody to review it")
    make.admitted(sent, at=w.now)


def replies(w: World) -> None:
    sent = w.application()
    membership.reply(sent, "The north gate.", language="en", by=sent.person, at=w.now)


def withdraws(w: World) -> None:
    sent = w.application()
    membership.withdraw(sent, by=sent.person, at=w.now)


def goes_for_good(w: World) -> None:
    person = w.dice.choice(w.strangers)
    people.erase(person, by=person, at=w.now)
    w.strangers.remove(person)
    w.strangers.append(make.person())


def seldom(part: float, act: Callable[[World], Any]) -> Callable[[World], None]:
    return lambda w: act(w) if w.dice.random() < part else None


def objects(w: World) -> None:
    act = w.act()
    jointly.object_to(act, reason="", by=w.member(committee=act.committee), at=w.now)


def drops(w: World) -> None:
    act = w.act()
    jointly.drop(act, by=w.member(committee=act.committee), at=w.now)


def parts_or_asks(w: World) -> None:
    by = w.member(Power.AFFILIATE)
    tie = Affiliation.objects.filter(committee=by.committee).order_by("-pk").select_related("committee", "wider").first()
    if tie and tie.is_accepted:
        ties.end(tie, "Enough.", by=by, at=w.now)
    elif tie and tie.is_requested:
        ties.accept(tie, by=make.reloaded(make.organizer_of(tie.wider)), at=w.now)
    else:
        ties.ask(make.alliance(), by=by, at=w.now)


def comes_back(w: World) -> None:
    me = make.reloaded(w._one(Membership.objects.filter(standing=Standing.INACTIVE, person__isnull=False)))
    membership.stay(me, by=me, at=w.now)


def is_seen(w: World) -> None:
    everybody = list(Person.objects.present().order_by("pk"))
    for row in w.dice.sample(everybody, len(everybody) * 3 // 4):
        people.seen(row, on=w.now.date())


def time_goes_by(w: World) -> None:
    """Hours, days or months; then the clock of each room, in any order."""
    w.clock.shift(timedelta(hours=w.dice.choice((1, 20, 50, 60, 73, 74, 74, 24 * 15, 24 * 31))))
    ticks = list(registry.ticks())
    w.dice.shuffle(ticks)
    for tick in ticks:
        tick(w.now)


ACTS: tuple[Callable[[World], Any], ...] = (
    *[applies] * 3,
    *[time_goes_by] * 4,
    *[agrees] * 6,
    *[proposes_a_role] * 2,
    objects,
    drops,
    covers_for,
    ends_a_cover,
    hands_a_code_over,
    parts_or_asks,
    comes_back,
    *[is_seen] * 3,
    *[reviews(lambda sent, by, w: membership.add_check(sent, w.dice.choice([Check.Kind.TALK, Check.Kind.TALK, Check.Kind.CODE]), by=by, at=w.now))] * 4,
    *[reviews(lambda sent, by, w: membership.admit(sent, by=by, at=w.now))] * 4,
    *[is_checked_and_let_in] * 2,
    reviews(lambda sent, by, w: membership.decline(sent, Decline.NOT_CONFIRMED, by=by, at=w.now)),
    reviews(lambda sent, by, w: membership.mark_spam(sent, by=by, at=w.now)),
    reviews(lambda sent, by, w: membership.ask(sent, "Which gate?", language="en", by=by, at=w.now)),
    reviews(lambda sent, by, w: membership.recuse(sent, by=by, at=w.now)),
    replies,
    withdraws,
    seldom(0.4, alone(lambda who, by, w: membership.leave(who, by=by, at=w.now))),
    seldom(0.4, alone(lambda who, by, w: membership.step_aside(who, by=by, at=w.now))),
    alone(lambda who, by, w: membership.resign(who, w.dice.choice(list(Role)), by=by, at=w.now)),
    alone(lambda who, by, w: membership.attest(who, 1, by=by, at=w.now)),
    alone(lambda who, by, w: membership.change_handle(who, f"Name {w.dice.randint(1, 40)}", by=by, at=w.now)),
    on_another(Power.GIVE_ROLE, lambda who, by, w: jointly.propose_end(who, w.dice.choice(list(Role)), reason="", by=by, at=w.now)),
    on_another(Power.REMOVE_MEMBER, lambda who, by, w: jointly.propose_removal(who, reason="", for_employer=w.dice.random() < 0.5, by=by, at=w.now)),
    on_another(Power.ADMIT_MEMBER, lambda who, by, w: membership.confirm_anew(who, by=by, at=w.now)),
    lambda w: jointly.propose_export(reason="", by=w.member(Power.EXPORT_MEMBERS), at=w.now),
    seldom(0.2, lambda w: jointly.propose_closing(reason="", by=w.member(Power.CLOSE_COMMITTEE), at=w.now)),
    seldom(0.1, goes_for_good),
)


def organizers(committee: Committee) -> int:
    return int(Membership.objects.filter(committee=committee).with_office(Role.ORGANIZER).count())


def check(w: World) -> None:
    """What must hold after every act, whoever gave it."""
    at = w.now
    rows = list(Membership.objects.with_running_roles(at).select_related("person"))
    for row in rows:
        if row.standing != Standing.MEMBER:
            assert row.powers == roles.STANDING_GRANTS[Standing(row.standing)], f"{row.standing} with the powers of an office"
        if row.standing not in {*THAT_SEE, Standing.SUSPENDED}:
            assert not RoleTerm.objects.running(at).filter(membership=row).exists(), f"{row.standing}, and in office"
            assert Power.SEE_COMMITTEE not in row.powers
    twice = Membership.objects.filter(person__isnull=False).values("committee", "person").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.exists(), "one place for one person in one committee"
    inside = Membership.objects.filter(standing__in=sorted(THAT_SEE)).values_list("committee_id", "person_id")
    waiting = Application.objects.filter(state__in=sorted(OPEN), sent_at__isnull=False, person__isnull=False).values_list("committee_id", "person_id")
    assert not set(inside) & set(waiting), "whoever is inside does not wait outside"
    for sent in Application.objects.filter(state__in=ENDED_BY_OTHERS, person__isnull=False, sent_at__isnull=False):
        assert Notice.objects.about(sent).filter(kind__startswith="membership/application_").exists(), f"an application ended as {sent.state} without a word"
    acts = JointAct.objects.exclude(agreed_by=None).select_related("proposed_by", "agreed_by", "member")
    for act in acts:
        assert act.proposed_by.person_id != act.agreed_by.person_id or act.proposed_by.person_id is None, "one person alone"  # type: ignore[union-attr]
        if act.state == ActState.DONE and act.deed not in {Deed.SUPPORT, Deed.COVER}:
            assert act.happens_at is not None
            assert act.ended_at is not None
            assert act.happens_at <= act.ended_at
    for term in RoleTerm.objects.running(at).filter(stands_in_for__isnull=False).select_related("stands_in_for"):
        absent = RoleTerm.objects.running(at).filter(membership=term.stands_in_for, role=term.role, stands_in_for=None)
        assert absent.exists(), "nobody covers for an office that its holder no longer has"
    gone = Committee.objects.filter(life=Life.DISSOLVED)
    assert not Membership.objects.filter(committee__in=gone, standing__in=sorted(THAT_SEE)).exists(), "nobody is in a committee that is no more"
    assert not Affiliation.objects.filter(Q(committee__in=gone) | Q(wider__in=gone)).standing().exists()


@pytest.mark.parametrize("seed", range(int(os.environ.get("SEEDS", "3"))))
def test_whatever_anybody_does_what_must_hold_holds(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    with time_machine.travel(timezone.now(), tick=False) as traveller, caplog.at_level(logging.WARNING):
        w = World(seed, traveller)
        for _number in range(ACTS_EACH):
            act = w.dice.choice(ACTS)
            before = {committee.pk: organizers(committee) for committee in w.committees}
            ended = JointAct.objects.filter(deed=Deed.END_ROLE, state=ActState.DONE).count()
            try:
                with transaction.atomic():
                    act(w)
                w.came["done"] += 1
            except (Refused, PermissionDenied):
                w.came["refused"] += 1
            check(w)
            if JointAct.objects.filter(deed=Deed.END_ROLE, state=ActState.DONE).count() > ended and act is agrees:
                assert all(organizers(committee) or not before[committee.pk] for committee in w.committees), "two organizers left nobody in office"
        report = verification.verify(at=w.now)
    assert report.intact, report.faults
    assert w.came["done"] > ACTS_EACH / 4, w.came
    assert "the database refused" not in caplog.text
