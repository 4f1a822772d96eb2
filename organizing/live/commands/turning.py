"""Whoever leads the meeting says which point of the agenda it is at."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.membership.models import Membership
from organizing.live import queries
from organizing.live.agenda import current
from organizing.live.commands.holding import held, require_chair
from organizing.live.models import Gathering


@transaction.atomic
def turn_to(gathering: Gathering, key: UUID | None, *, seen: UUID | None = None, by: Membership, at: datetime) -> None:
    """The meeting is at that point of its agenda from now on; None: at none. The same point again goes on as it was.

    `seen`: the point that the page showed as the one that is on. Refused where it is another one by now, for a button pressed twice must
    not skip a point; and where the point is not on the agenda that this member sees.
    """
    require_chair(gathering, by)
    now = held(gathering, at=at)
    points = queries.points(now, by)
    on = current(now.point_key, points)
    if key is not None and current(key, points) is None:
        raise Refused(_("This point is not on the agenda any more."))
    if key is not None and on is not None and on.key == key:
        return
    if (on.key if on else None) != seen:
        raise Refused(_("The meeting is at another point by now. Look where it is."))
    Gathering.objects.filter(pk=now.pk).update(point_key=key, point_since=max(at, now.began_at) if key else None)
