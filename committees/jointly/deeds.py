"""What can be proposed: which power it takes, whether it is still possible, how it is carried out, and what it is called.

A ballot that decides the same calls the same commands of the rooms below; then its line here goes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committees.bodies import commands as bodies
from committees.bodies.commands import CharterWords
from committees.jointly import rules
from committees.jointly.models import Deed, JointAct
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Power, Role
from committees.people.models import Person


@dataclass(frozen=True)
class Means:
    """One kind of deed."""

    power: Power
    carry_out: Callable[[JointAct, Person | None, datetime], None]
    sentence: Callable[[JointAct], str]


def _member(act: JointAct) -> Membership:
    assert act.member is not None  # the database says so
    return act.member


def _give(act: JointAct, by: Person | None, at: datetime) -> None:
    membership.begin_term(_member(act), Role(act.role), until=at + rules.term(act.months or rules.TERMS[0]), by=by, at=at)


def _end(act: JointAct, by: Person | None, at: datetime) -> None:
    membership.end_term(_member(act), Role(act.role), by=by, at=at)


def _adopt(act: JointAct, by: Person | None, at: datetime) -> None:
    bodies.adopt_charter(act.committee, CharterWords(**(act.words or {})), by=by, at=at)


def _giving(act: JointAct) -> str:
    months = act.months or 0
    said = {"who": _member(act).handle, "role": Role(act.role).label, "n": months}
    return ngettext("%(who)s becomes %(role)s for %(n)s month", "%(who)s becomes %(role)s for %(n)s months", months) % said


def _ending(act: JointAct) -> str:
    return _("%(who)s is no longer %(role)s") % {"who": _member(act).handle, "role": Role(act.role).label}


def _adopting(_act: JointAct) -> str:
    return _("The committee gets new rules")


MEANS: dict[str, Means] = {
    Deed.GIVE_ROLE: Means(Power.GIVE_ROLE, _give, _giving),
    Deed.END_ROLE: Means(Power.GIVE_ROLE, _end, _ending),
    Deed.CHARTER: Means(Power.CHANGE_CHARTER, _adopt, _adopting),
}


def means(act: JointAct) -> Means:
    return MEANS[act.deed]


def sentence(act: JointAct) -> str:
    """What is to be done, or was, in one sentence with the handle of whom it is about. For members of that committee."""
    return means(act).sentence(act)
