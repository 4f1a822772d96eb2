"""What takes two: how each kind of deed is carried out and called, and what rooms above add, each about rows of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from committees.jointly.models import WITH_A_ROW, Deed, JointAct
from committees.membership.roles import Power
from committees.people.models import Person


@dataclass(frozen=True)
class Means:
    """One kind of deed."""

    power: Power
    carry_out: Callable[[JointAct, datetime], None]
    sentence: Callable[[JointAct], str]
    #: What holds from the second one's agreement on, while members can object; and how that is taken back where it does not happen.
    begin: Callable[[JointAct, Person | None, datetime], None] | None = None
    undo: Callable[[JointAct, datetime], None] | None = None
    #: What follows where it does not happen, whether a second one had agreed or not.
    call_off: Callable[[JointAct, datetime], None] | None = None
    #: Of a deed about a row of a room above: those rows by their ids, in one query.
    rows: Callable[[Iterable[int]], Mapping[int, Any]] | None = None
    #: What whoever is asked reads of that row before they agree, and members afterwards: a template and what stands in it. `inside`: for
    #: members of that committee; those of the wider one that is asked read no name.
    shown: Callable[[JointAct, bool], tuple[str, dict[str, Any]] | None] | None = None
    #: Whom that row names besides the member of the act, as ids of people: they gain by it, so none of them is the second one.
    gains: Callable[[JointAct], Sequence[int | None]] | None = None
    #: The same of many acts in one statement: those by which this person gains. They do not wait for them.
    gained_by: Callable[[Person], Q] | None = None
    #: Whether only those who can agree read that before two have agreed.
    for_those_asked: bool = False
    #: Whether members are told that it was done; not where what is done tells them.
    tells: bool = True


MEANS: dict[str, Means] = {}


def can_be_done(deed: Deed, means: Means) -> None:
    """Called from `ready()`: from now on this can be proposed."""
    assert (deed in WITH_A_ROW) == (means.rows is not None)
    MEANS[deed] = means


def gained_by(person: Person) -> Q:
    """The acts by which this person gains although they are not about them."""
    named = Q(pk__in=[])
    for deed, means in MEANS.items():
        if means.gained_by:
            named |= Q(deed=deed) & means.gained_by(person)
    return named


def bring(acts: Sequence[JointAct]) -> None:
    """Give each act about a row of a room above that row, or None where it is no more: one query for each kind."""
    for deed in {each.deed for each in acts if each.row_id}:
        of_kind = [each for each in acts if each.deed == deed and each.row_id]
        ask = MEANS[deed].rows
        assert ask is not None
        found = ask(sorted({each.row_id for each in of_kind if each.row_id}))
        for each in of_kind:
            each.row = found.get(each.row_id)  # type: ignore[arg-type]


def row_of(act: JointAct) -> Any:
    """The row of the room above that this act is about; None where it is no more."""
    if not hasattr(act, "row"):
        bring([act])
    return act.row


def parties(act: JointAct) -> list[int | None]:
    """Whoever proposed it and whoever gains by it, as ids of people."""
    gains = MEANS[act.deed].gains
    named = gains(act) if gains and row_of(act) is not None else ()
    return [act.proposed_by.person_id, act.member.person_id if act.member else None, *named]


def shown(act: JointAct, *, inside: bool, asked: bool) -> tuple[str, dict[str, Any]] | None:
    """What is read of that row, if there is one. `asked`: by somebody who can propose and agree to such things."""
    means = MEANS[act.deed]
    if means.shown is None or (act.is_proposed and means.for_those_asked and not asked) or row_of(act) is None:
        return None
    return means.shown(act, inside)
