"""How an act ends that does not happen, and what that gives back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Model, Q

from committees.bodies.models import Committee
from committees.jointly import groups, rules
from committees.jointly.commands import deeds
from committees.jointly.models import JointAct, JointActQuerySet, State
from committees.ledger import commands as ledger
from committees.notices import commands as notices
from committees.people.models import Person


def record(verb: str, act: JointAct, *, by: Person | None, at: datetime) -> None:
    """One line of the log."""
    ledger.record(f"joint.{verb}", by=by, about=act, committee=act.committee, at=at, detail={"deed": act.deed})


def end(act: JointAct, state: State, *, at: datetime) -> None:
    """It is over."""
    act.state, act.ended_at = state, at
    act.save(update_fields=["state", "ended_at"])


def take_back(act: JointAct, state: State, *, at: datetime) -> None:
    """It does not happen; what held since two agreed holds no longer."""
    had_begun = act.is_agreed
    end(act, state, at=at)
    means = deeds.means(act)
    if had_begun and means.undo:
        means.undo(act, at)
    if means.call_off:
        means.call_off(act, at)


def overtake(act: JointAct, *, at: datetime) -> None:
    """What happened meanwhile has made it impossible; organizers are told."""
    take_back(act, State.OVERTAKEN, at=at)
    record("overtaken", act, by=None, at=at)
    notices.post("jointly/lapsed", about=act, committee=act.committee, version=2, at=at)


def _locked(acts: JointActQuerySet) -> list[JointAct]:
    """In the order of their committees' logs: two who write into several wait, and never for each other."""
    rows = acts.select_related("committee", "member__committee", "cover", "grant").order_by("committee__slug", "pk")
    return list(rows.select_for_update(of=("self",)))


@transaction.atomic
def end_all(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees are about to become one (bodies.register.before_uniting). What was proposed or agreed in either was so for
    that one alone: it is overtaken, and so is what a third group wanted with one of them. What could be fetched no longer can."""
    both = (loser.pk, winner.pk)
    theirs = Q(committee__in=both) | Q(introduction__first__in=both) | Q(introduction__second__in=both)
    for act in _locked(JointAct.objects.open().filter(theirs)):
        overtake(act, at=at)
    JointAct.objects.filter(committee__in=both, state=State.DONE, ended_at__gt=at - rules.TO_FETCH).update(shut_at=at)


@transaction.atomic
def overtake_about(row: Model, *, at: datetime) -> int:
    """For rooms above: what is open about a row of theirs is no longer possible. Returns how many."""
    acts = _locked(JointAct.objects.open().filter(matter=row._meta.label_lower, row_id=row.pk))
    for act in acts:
        overtake(act, at=at)
    return len(acts)


@transaction.atomic
def give_up(at: datetime) -> int:
    """A group that wanted to become one with another that is no more can propose the same with a third. Returns how many."""
    acts = _locked(JointAct.objects.open().filter(groups.WITH_ONE_THAT_IS_GONE))
    for act in acts:
        overtake(act, at=at)
    return len(acts)
