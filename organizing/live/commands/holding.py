"""What all commands of a meeting that goes on begin with: its row, held, and what the member may do in it."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import F, Value
from django.db.models.functions import Greatest

from committees.membership.models import Membership
from organizing.live import queries, rules
from organizing.live.models import Gathering, Turn


def held(gathering: Gathering, *, at: datetime) -> Gathering:
    """The row as it is now, held until the transaction ends, so that of two at once the second sees the first's work; and what its
    pages show is older from now on. Refused where it does not go on."""
    now = Gathering.objects.select_related("committee", "meeting").select_for_update(of=("self",)).get(pk=gathering.pk)
    rules.require_open(now, at)
    changed(now)
    return now


def changed(gathering: Gathering) -> None:
    """Its pages are older from now on."""
    Gathering.objects.filter(pk=gathering.pk).update(version=F("version") + 1)


def not_before(column: str, at: datetime) -> Greatest:
    """`at`, or what stands in that column where it is later: of two who act at the same moment, the second to get the row may have looked
    at the clock first."""
    return Greatest(F(column), Value(at))


def require_chair(gathering: Gathering, by: Membership) -> None:
    """Raises PermissionDenied unless they lead it."""
    rules.require(rules.chairs(gathering.meeting, by, queries.duties_of(gathering, by)))


def require_door(gathering: Gathering, by: Membership) -> None:
    """Raises PermissionDenied unless they keep its door."""
    rules.require(rules.keeps_door(gathering.meeting, by, queries.duties_of(gathering, by)))


def require_comes(gathering: Gathering, by: Membership) -> None:
    """Raises PermissionDenied unless it is open to them."""
    if not rules.may_come(gathering.meeting, by):
        raise PermissionDenied


def silence(gathering: Gathering, *, at: datetime, presences: list[int] | None = None) -> None:
    """Whoever waits to speak, or speaks, does so no more; of these alone where `presences` says whom."""
    turns = Turn.objects.filter(gathering=gathering, ended_at=None)
    (turns if presences is None else turns.filter(presence__in=presences)).update(ended_at=not_before("asked_at", at))
