"""What two organizers do about a mandate (jointly.register): with months it begins, without it ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committees.jointly import register
from committees.jointly.models import Deed, JointAct
from committees.jointly.register import Means
from committees.mandates import commands
from committees.mandates.models import Mandate, State
from committees.membership.roles import Power
from committees.people.models import Person


def _row(act: JointAct) -> Mandate:
    found: Mandate = register.row_of(act)
    return found


def _carry_out(act: JointAct, at: datetime) -> None:
    if act.months:
        commands.begin_mandate(_row(act), at=at)
    else:
        commands.end_mandate(_row(act), at=at)


def _call_off(act: JointAct, at: datetime) -> None:
    if act.months:
        commands.call_off(_row(act), at=at)


def _sentence(act: JointAct) -> str:
    said = {"who": act.member.handle if act.member else "", "wider": _row(act).wider.name, "n": act.months}
    if not act.months:
        return _("%(who)s is no longer a delegate to %(wider)s") % said
    return ngettext("%(who)s is a delegate to %(wider)s for %(n)s month", "%(who)s is a delegate to %(wider)s for %(n)s months", act.months) % said


def _rows(ids: Iterable[int]) -> Mapping[int, Any]:
    return Mandate.objects.select_related("committee", "wider", "delegate", "alternate").in_bulk(list(ids))


def _gains(act: JointAct) -> list[int | None]:
    """The alternate, where the mandate is to begin."""
    alternate = _row(act).alternate
    return [alternate.person_id] if act.months and alternate else []


def _gained_by(person: Person) -> Q:
    return Q(months__gt=0, row_id__in=Mandate.objects.filter(state=State.PROPOSED, alternate__person=person).values("pk"))


def _shown(act: JointAct, inside: bool) -> tuple[str, dict[str, Any]]:
    return "mandates/_act.html", {"mandate": _row(act), "inside": inside}


def connect() -> None:
    register.can_be_done(
        Deed.DELEGATE, Means(Power.GIVE_ROLE, _carry_out, _sentence, call_off=_call_off, rows=_rows, shown=_shown, gains=_gains, gained_by=_gained_by)
    )
