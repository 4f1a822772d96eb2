"""What may be told of a count. Questions about numbers in hand: no query, no write.

Who reads the page may keep every page they ever saw, knows the list of members, and can add and subtract. So that nobody is
found by arithmetic:

- **Whole weeks, written once.** A week's numbers are counted when it is over and never change. Looking twice, or choosing
  another period, shows the same numbers: there is nothing between two views to subtract, and somebody who erases their account
  changes no number of the past.
- **No number from one to four**, of whatever counts people. It is not stored either; the database refuses it.
- **Members, came and went** are tied by one sum: members now = members before + came - went. So when either of the two is one
  to four, both are withheld, and the page does not say which of them was small. Even whoever knows each number of members
  exactly is left with at least four pairs that fit, and weeks are not tied to each other: what is shown of one narrows no other.
  Both are withheld too where the week began or ended with fewer than five, for else that number would follow, and in the week
  in which another committee became one with this one: its members are no new ones, and how many they were would follow.
- **Few members** (under twenty) stand in fives, so that a step of the line is not the coming of one person.
- **Nothing else is tied by a sum.** Applications are not accepted + declined + waiting, for some are withdrawn, expire or are
  rubbish, and how many waited before the committee had five members is not told. Answers to meetings and deliveries are parts
  of no total that is shown.
- **How long answers took** is told of the applications of four weeks, once five of them are answered. That says of a withheld
  number of applications only that it is not alone in these weeks, and nothing of those who were accepted: they may have
  applied before.
- **By shift** there is one picture a month, in fives, and the one before is not kept. A step from one picture to the next is
  therefore a step across a multiple of five among all who came and went in a month. Shifts with fewer than five are withheld
  together, with further ones while they are alone, are under five together, or so many that all of them must be four. The number
  of all is not in the picture; whoever knows it from elsewhere still cannot find a shift that is withheld (the tests go through
  every small committee there can be and ask).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from committees.membership.queries import SMALLEST_SHOWN

#: Below it members stand in steps of five.
IN_FIVES_BELOW = 20
STEP = 5
#: Above two days hours say no more than half days.
FINE_HOURS, COARSE = 48, 12


#: All that a week's row tells.
NUMBERS = ("members", "joined", "left", "applied", "declined", "median_hours", "slow_hours", "meetings", "coming", "delivered", "undelivered")


@dataclass(frozen=True)
class Counted:
    """One week as it was. None: it could not be counted any more."""

    members: int
    joined: int
    left: int
    applied: int | None
    declined: int | None
    answered: int
    median_hours: float | None
    slow_hours: float | None
    meetings: int
    coming: int | None
    delivered: int | None
    undelivered: int | None


@dataclass(frozen=True)
class Told:
    """What of it is kept and shown. `withheld` names the rest."""

    numbers: dict[str, int | None]
    withheld: list[str]


def is_small(number: int | None) -> bool:
    """One to four: it may point to somebody. None at all points to nobody."""
    return number is not None and 0 < number < SMALLEST_SHOWN


def in_fives(number: int) -> int:
    return number // STEP * STEP


def told(week: Counted, *, withheld: Iterable[str] = ()) -> Told:
    """What may be told of a week; of what was `withheld` from the beginning nothing."""
    numbers: dict[str, int | None] = {
        "members": week.members if week.members >= IN_FIVES_BELOW else in_fives(week.members),
        "joined": week.joined,
        "left": week.left,
        "applied": week.applied,
        "declined": week.declined,
        "meetings": week.meetings,
        "coming": week.coming,
        "delivered": week.delivered,
        "undelivered": week.undelivered,
        "median_hours": _hours(week.median_hours, week),
        "slow_hours": _hours(week.slow_hours, week),
    }
    if week.members < SMALLEST_SHOWN:
        hidden = {name for name, number in numbers.items() if name != "meetings" and number is not None}
    else:
        hidden = {name for name in ("applied", "declined", "coming", "delivered", "undelivered") if is_small(numbers[name])}
        if is_small(week.joined) or is_small(week.left) or week.members - week.joined + week.left < SMALLEST_SHOWN:
            hidden |= {"joined", "left"}
    hidden |= set(withheld)
    return Told(numbers | dict.fromkeys(hidden), sorted(hidden))


def _hours(hours: float | None, week: Counted) -> int | None:
    if hours is None or week.answered < SMALLEST_SHOWN:
        return None
    return max(1, round(hours)) if hours < FINE_HOURS else round(hours / COARSE) * COARSE


@dataclass(frozen=True)
class Shifts:
    """The picture by shift: for each that is shown the five in which its number lies, the largest first."""

    shown: dict[str, int]
    others: bool


def by_shift(counts: Mapping[str, int]) -> Shifts:
    """What may be told of how many gave which shift. "" stands for those who gave none."""
    there = {shift: n for shift, n in counts.items() if n > 0}
    hidden = [n for n in there.values() if n < SMALLEST_SHOWN]
    shown = sorted(((n, shift) for shift, n in there.items() if n >= SMALLEST_SHOWN), reverse=True)
    while shown and hidden and not _is_a_crowd(hidden):
        least = in_fives(shown[-1][0])  # all that would look alike go together: which of them went would say something
        hidden += [n for n, _shift in shown if in_fives(n) == least]
        shown = [(n, shift) for n, shift in shown if in_fives(n) > least]
    return Shifts({shift: in_fives(n) for n, shift in shown}, bool(hidden))


def _is_a_crowd(numbers: list[int]) -> bool:
    """Whether what is withheld may be known in sum, and none of it follows."""
    return len(numbers) > 1 and sum(numbers) >= SMALLEST_SHOWN and (max(numbers) >= SMALLEST_SHOWN or sum(numbers) < (SMALLEST_SHOWN - 1) * len(numbers))
