"""Pure questions about messages: what may be written, to whom, and how many may leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from committees.base import dates
from committees.base.errors import Refused
from organizing.circulars.models import Reach


@dataclass(frozen=True)
class Share:
    """So many messages leave a committee in so many hours, whoever sends them: a taken-over account cannot flood anybody."""

    most: int
    hours: int

    def since(self, at: datetime) -> datetime:
        """What was sent after this counts at `at`."""
        return at - timedelta(hours=self.hours)

    def left(self, sent: Sequence[datetime], at: datetime) -> int:
        return max(0, self.most - sum(each > self.since(at) for each in sent))

    def free_from(self, sent: Sequence[datetime], at: datetime) -> datetime:
        """From when on one more may leave."""
        return at if self.left(sent, at) else sorted(sent)[-self.most] + timedelta(hours=self.hours)


MOST, HOURS = 3, 24
#: Of what goes to all committees that belong to one, fewer leave: it reaches people who never chose those who write.
SHARES: dict[str, tuple[Share, ...]] = {Reach.OWN: (Share(MOST, HOURS),), Reach.FURTHER: (Share(1, 24), Share(3, 7 * 24))}
LONGEST_SUBJECT, LONGEST_TEXT = 140, 8000
#: The least number of people that is said where others' members count; and where each further band begins.
BANDS = (10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000)


def since(reach: str, at: datetime) -> datetime:
    """What was sent after this counts at `at`."""
    return min(share.since(at) for share in SHARES[reach])


def left(sent: Sequence[datetime], reach: str, *, at: datetime) -> int:
    """How many more may leave at `at`, of the instants at which the committee's last ones of that reach left."""
    return min(share.left(sent, at) for share in SHARES[reach])


def require_one_left(sent: Sequence[datetime], reach: str, *, at: datetime) -> None:
    """Refused, with the time from which one may, once the committee has sent its share."""
    if left(sent, reach, at=at):
        return
    when = dates.moment_with_zone(max(share.free_from(sent, at) for share in SHARES[reach]), dates.zone_name(None))
    if reach == Reach.FURTHER:
        raise Refused(
            _(
                "Nothing was sent. One message in 24 hours and three in seven days can go to all committees that belong here. The next one can go from %(when)s on."
            )
            % {"when": when}
        )
    raise Refused(
        _("Nothing was sent. Your committee has sent %(most)s messages in %(hours)s hours, which is the most. The next one can go from %(when)s on.")
        % {"most": MOST, "hours": HOURS, "when": when}
    )


def people(number: int) -> str:
    """So many people, never nearer than a band: how many members other committees have is theirs, and a number that is read again after
    one of them came or went would tell it."""
    least = max((each for each in BANDS if each <= number), default=0)
    beyond = next((each for each in BANDS if each > number), None)
    if not least:
        return _("fewer than %(n)s people") % {"n": BANDS[0]}
    if beyond is None:
        return _("more than %(n)s people") % {"n": least}
    return _("%(least)s to %(most)s people") % {"least": least, "most": beyond - 1}
