"""Pure questions about messages: what may be written, and how many may leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from committees.base import dates
from committees.base.errors import Refused

#: So that a taken-over account cannot flood a committee: so many messages leave it in so many hours, whoever sends them.
MOST, HOURS = 3, 24
LONGEST_SUBJECT, LONGEST_TEXT = 140, 8000


def since(at: datetime) -> datetime:
    """What was sent after this counts at `at`."""
    return at - timedelta(hours=HOURS)


def left(sent: Sequence[datetime], *, at: datetime) -> int:
    """How many more may leave at `at`, of the instants at which the committee's last ones left."""
    return max(0, MOST - sum(each > since(at) for each in sent))


def require_one_left(sent: Sequence[datetime], *, at: datetime) -> None:
    """Refused, with the time from which one may, once the committee has sent its share."""
    if left(sent, at=at):
        return
    latest = sorted(sent)[-MOST]
    raise Refused(
        _("Nothing was sent. Your committee has sent %(most)s messages in %(hours)s hours, which is the most. The next one can go from %(when)s on.")
        % {"most": MOST, "hours": HOURS, "when": dates.moment_with_zone(latest + timedelta(hours=HOURS), dates.zone_name(None))}
    )
