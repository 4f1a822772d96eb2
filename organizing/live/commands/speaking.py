"""The list of those who want to speak."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.membership.models import Membership
from organizing.live import queries
from organizing.live.commands.holding import held, not_before, require_chair, require_comes
from organizing.live.models import LONGEST_TURN, Gathering, Presence, Turn


@transaction.atomic
def ask(gathering: Gathering, *, is_point: bool = False, by: Membership, at: datetime) -> Turn:
    """Somebody who is here asks to speak, or raises a point of order; asked twice, they stand there once.

    Refused for whoever is not here, and where the list is closed: not for a point of order.
    """
    require_comes(gathering, by)
    now = held(gathering, at=at)
    here = Presence.objects.filter(gathering=now, membership=by, left_at=None).first()
    if here is None:
        raise Refused(_("First say that you are here."))
    open_one = Turn.objects.filter(gathering=now, presence=here, is_point=is_point, ended_at=None).first()
    if open_one is not None:
        return open_one
    if not is_point and not now.takes_speakers:
        raise Refused(_("The list is closed. You can still raise a point of order."))
    return Turn.objects.create(gathering=now, presence=here, is_point=is_point, asked_at=at)


@transaction.atomic
def withdraw(gathering: Gathering, *, by: Membership, at: datetime) -> None:
    """Somebody does not want to speak any more: all that they asked for. Whoever speaks is done."""
    require_comes(gathering, by)
    Turn.objects.filter(gathering=held(gathering, at=at), presence__membership=by, ended_at=None).update(ended_at=not_before("asked_at", at))


def _finish(gathering: Gathering, *, at: datetime) -> int:
    return Turn.objects.filter(gathering=gathering, began_at__isnull=False, ended_at=None).update(ended_at=not_before("began_at", at))


@transaction.atomic
def call_next(gathering: Gathering, *, seen: str = "", by: Membership, at: datetime) -> Turn | None:
    """Whoever leads the meeting calls the next one, by the order that the list shows; whoever speaks is done. None where nobody waits.

    `seen`: the slug of the turn that was next on the page. Refused where somebody else is by now, for a button pressed twice must not
    take the floor from whoever was just called.
    """
    require_chair(gathering, by)
    now = held(gathering, at=at)
    waiting = queries.waiting(now)
    first = waiting[0] if waiting else None
    if seen and (first is None or first.slug != seen):
        raise Refused(_("The list has changed meanwhile. Look who is next now."))
    _finish(now, at=at)
    if first is not None:
        first.began_at = max(at, first.asked_at)
        first.save(update_fields=["began_at"])
    return first


@transaction.atomic
def finish(gathering: Gathering, *, by: Membership, at: datetime) -> None:
    """Whoever speaks is done, and nobody is called. Nothing where nobody speaks."""
    require_chair(gathering, by)
    _finish(held(gathering, at=at), at=at)


@transaction.atomic
def drop(turn: Turn, *, by: Membership, at: datetime) -> None:
    """Whoever leads the meeting takes somebody off the list."""
    require_chair(turn.gathering, by)
    Turn.objects.filter(pk=turn.pk, gathering=held(turn.gathering, at=at), ended_at=None).update(ended_at=not_before("asked_at", at))


@transaction.atomic
def take_speakers(gathering: Gathering, *, takes: bool, by: Membership, at: datetime) -> None:
    """Opens the list or closes it; who stands on it stays, and points of order are always heard."""
    require_chair(gathering, by)
    Gathering.objects.filter(pk=held(gathering, at=at).pk).update(takes_speakers=takes)


@transaction.atomic
def set_limit(gathering: Gathering, minutes: int | None, *, by: Membership, at: datetime) -> None:
    """For how many minutes one speaks, from now on and for whoever speaks; None for as long as they want."""
    require_chair(gathering, by)
    if minutes is not None and not 1 <= minutes <= LONGEST_TURN:
        raise Refused(_("Choose between one minute and an hour."), field="minutes")
    Gathering.objects.filter(pk=held(gathering, at=at).pk).update(limit=minutes)
