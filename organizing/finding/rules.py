"""Pure questions about polls: which times can be proposed, until when people answer, and which time is best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from committees.base.errors import Refused
from organizing.finding.models import State

if TYPE_CHECKING:
    from organizing.finding.models import Poll
    from organizing.meetings.plans import When

FEWEST, MOST = 2, 12
LONGEST_SUBJECT, LONGEST_QUESTION = 140, 500
#: So long people answer where nothing else is said.
USUALLY = timedelta(days=3)
REMIND_BEFORE = timedelta(hours=24)


@dataclass(frozen=True)
class Tally:
    """How many said what about one time."""

    slot_id: int
    starts_at: datetime
    works: int = 0
    if_need: int = 0
    no: int = 0

    @property
    def rank(self) -> tuple[int, int, int, datetime, int]:
        """The fewest whom it shuts out, then the most for whom it works, then the most who could; of equals the first one."""
        return (self.no, -self.works, -self.if_need, self.starts_at, self.slot_id)


def best_first(tallies: Iterable[Tally]) -> list[Tally]:
    """The same times, the best one first, in whatever order people answered."""
    return sorted(tallies, key=lambda tally: tally.rank)


def require_times(times: Sequence[When], *, ends_at: datetime, at: datetime) -> list[When]:
    """The times in order. Raises Refused for too few and too many, one that stands there twice, one that has passed, and an end that
    is past or not before the first of them."""
    found = sorted(times, key=lambda when: when.starts_at)
    if len(found) < FEWEST:
        raise Refused(_("Propose at least two different times."))
    if len(found) > MOST:
        raise Refused(_("Twelve times are the most."))
    if len({when.starts_at for when in found}) < len(found):
        raise Refused(_("The same time stands here twice. Change one of the two."))
    if found[0].starts_at <= at:
        raise Refused(_("One of these times has passed. Choose a later one."))
    if ends_at <= at:
        raise Refused(_("This time has passed. Choose a later one."), field="ends_clock")
    if ends_at >= found[0].starts_at:
        raise Refused(_("People have to answer before the first of these times. Choose an earlier end, or later times."), field="ends_day")
    return found


def require_open(poll: Poll) -> None:
    """Raises Refused, and says what came of it, once it is over."""
    said = {
        State.TAKEN: _("A time was taken meanwhile. Nothing was changed."),
        State.CLOSED: _("This was closed meanwhile, without a time. Nothing was changed."),
        State.WITHDRAWN: _("This was taken back meanwhile. Nothing was changed."),
    }
    if not poll.is_open:
        raise Refused(said[State(poll.state)])


def require_takable(poll: Poll) -> None:
    """Raises Refused, and says what came of it, unless one of its times can be taken."""
    if not poll.can_be_taken:
        require_open(poll)


def require_answerable(poll: Poll, *, at: datetime) -> None:
    """Raises Refused unless members can still answer."""
    require_open(poll)
    if at >= poll.ends_at:
        raise Refused(_("Answering has ended. An organizer now chooses a time."))
