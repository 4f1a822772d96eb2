"""Pure questions about telling people: how openly, whether now, when again."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from committees.base import clock
from committees.notices.models import Choice, Level
from committees.notices.returned import Reason

#: (weekday on which it begins, since, until); `until` at or before `since` means the next day.
type Window = tuple[int, time, time]

#: After this many failed attempts, or so long after it was due, a delivery is a dead letter.
MOST_ATTEMPTS = 12
LONGEST = timedelta(days=3)
#: A message that was begun so often without a result kills its workers: it is not begun again.
MOST_STARTS = 5

#: When digests leave, on the reader's own clock, where they chose no other time: before an early shift has begun, and on Mondays.
DIGEST_AT, DIGEST_DAY = time(6, 0), 0
#: What is said in a digest must leave its reader a day at least: reminders of tomorrow, and calls for it, come by themselves.
DIGEST_LEAVES = timedelta(days=1)

#: So many letters that came back within so many days, on at least so many of them, stop an address. A full mailbox is emptied within a
#: week or never, and a server's bad day brings back all that was sent on it: neither must cost anybody the next cancellation.
SOFT_BOUNCES = 5
SOFT_DAYS = timedelta(days=14)
SOFT_ON_DAYS = 3
#: What a server has against us (our address on a list, a signature that fails, a letter too long) says nothing of the one we wrote to: it would
#: cost every member of a committee their notices at once. It is shown to those who keep the service, who alone can mend it.
ABOUT_US = frozenset(
    {
        Reason.SPAM,
        Reason.BLOCKED,
        Reason.NO_PTR,
        Reason.AUTHENTICATION,
        Reason.SECURITY,
        Reason.POLICY,
        Reason.RELAY,
        Reason.REJECTED,
        Reason.TOO_MANY,
        Reason.TOO_BIG,
        Reason.CONTENT,
        Reason.SYNTAX,
    }
)


def _windows_from(windows: Iterable[Window], day: datetime, zone: str) -> Iterable[tuple[datetime, datetime]]:
    """The quiet times, as instants, that begin on the days around `day` (a wall time)."""
    kept = list(windows)
    for offset in range(-1, 9):
        begins = (day + timedelta(days=offset)).date()
        for weekday, since, until in kept:
            if begins.weekday() == weekday:
                ends = begins if until > since else begins + timedelta(days=1)
                yield clock.instant(datetime.combine(begins, since), zone), clock.instant(datetime.combine(ends, until), zone)


def quiet_until(windows: Iterable[Window], at: datetime, zone: str) -> datetime | None:
    """When the quiet time in which `at` lies ends, or None if it lies in none.

    Quiet times that touch or overlap are one. Somebody whose whole week is quiet gets what they are sent: hours that
    never end would swallow it.
    """
    spans = sorted(_windows_from(windows, clock.wall(at, zone), zone))
    ends = at
    for since, until in spans:
        if since <= ends < until:
            ends = until
    if ends == at or ends - at >= timedelta(days=7):
        return None
    return ends


def level_for(chosen: Level | str | None, *, at_work: bool) -> Level:
    """How openly a mail may speak: neutral unless its reader chose otherwise, and always at an employer's address."""
    return Level.NEUTRAL if at_work or not chosen else Level(chosen)


def wish_for(choices: Mapping[tuple[int | None, str], str], *, committee_id: int | None, group: str, unasked: str = Choice.When.NOW) -> str:
    """What a person said about this list; else what they said about the group in general; else what goes for all."""
    return choices.get((committee_id, group)) or choices.get((None, group)) or unasked


def next_digest(when: str, time_of_day: time, weekday: int, *, after: datetime, zone: str) -> datetime:
    """The first instant after `after` at which a daily digest, or a weekly one (on that weekday, 0 is Monday), leaves: at that time on the
    wall of the reader's zone."""
    today = clock.wall(after, zone).date()
    days = (today + timedelta(days=n) for n in range(15))
    leaves = (clock.instant(datetime.combine(day, time_of_day), zone) for day in days if when == Choice.When.DAILY or day.weekday() == weekday)
    return next(instant for instant in leaves if instant > after)


def may_wait_for(digest: datetime, useful_until: datetime | None) -> bool:
    """Whether a notice that is of use until then may come with a digest: one that comes on the last day is taken for too late."""
    return useful_until is None or useful_until - digest >= DIGEST_LEAVES


def wait_before(attempt: int, *, base: float) -> timedelta:
    """How long after the failed attempt of this number (from 1) to try again: doubling up to eight hours, and not all at once."""
    return timedelta(seconds=min(base * 2 ** (attempt - 1), 8 * 3600) * random.uniform(0.8, 1.2))


def is_given_up(came_on: Iterable[date]) -> bool:
    """Whether letters came back so often, of those days within SOFT_DAYS, that the address takes none."""
    days = list(came_on)
    return len(days) >= SOFT_BOUNCES and len(set(days)) >= SOFT_ON_DAYS


def is_older_than_mending(sent_on: date, mended_on: date | None) -> bool:
    """Whether a letter left before its reader said that the address works again: then what came of it is no news."""
    return mended_on is not None and sent_on < mended_on


def is_hopeless(*, attempts: int, due_at: datetime, at: datetime) -> bool:
    """Whether a delivery was tried often or long enough."""
    return attempts >= MOST_ATTEMPTS or at - due_at > LONGEST
