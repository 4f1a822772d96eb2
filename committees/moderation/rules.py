"""The figures and pure questions of moderation: no query, no write. What flags weigh and when they hide stands here alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from committees.membership.roles import Power, Role, Standing
from committees.moderation.models import Act, FlagReason

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from committees.moderation.models import Review

#: What a flag weighs, by who gives it.
OF_A_NEW_MEMBER = Decimal("0.5")
OF_A_MEMBER = Decimal(1)
OF_A_DELEGATE = Decimal("1.5")
OF_A_MODERATOR = Decimal(3)
#: Of somebody whose flags were mostly dismissed, half counts.
ENOUGH_TO_JUDGE = 5
MOSTLY_WRONG = Decimal("0.33")

#: Flags alone hide at this weight, of so many people; where several committees read, of so many of them.
HIDES_AT = Decimal(4)
PEOPLE = 3
SITES = 2
#: The most that all flags of one site together weigh, where several committees read: less than it takes to hide.
OF_ONE_SITE = Decimal(3)

#: How long flags of doxxing alone keep something hidden without a decision.
DOXXING = timedelta(hours=12)
#: When something should have been decided, and when it is open to the wider committee's moderators too.
TARGET = timedelta(hours=12)
PASSED_ON = timedelta(hours=24)
#: A board is without a moderator for so long before everything on it passes.
WITHOUT_MODERATOR = timedelta(hours=72)
#: How long one moderator keeps a case to themself, and how long they may take a decision back.
CLAIMED = timedelta(minutes=15)
UNDO = timedelta(minutes=10)
#: The least that is written to somebody against whom something is decided.
SHORTEST_TEXT = 20
SILENCE_DAYS = (1, 3, 7)
SUSPENSION_DAYS = (1, 3, 7, 14)


#: What can be decided about a row that nobody has seen, and about one that was seen.
ABOUT_HELD = (Act.APPROVE, Act.SEND_BACK, Act.HIDE, Act.REMOVE)
ABOUT_SEEN = (Act.KEEP, Act.SEND_BACK, Act.HIDE, Act.REMOVE, Act.LOCK, Act.MOVE)
#: What takes back what; the owner's own act does it.
BACK = {Act.RESTORE: (Act.HIDE, Act.REMOVE), Act.UNLOCK: (Act.LOCK,)}


def decidable(review: Review) -> tuple[Act, ...]:
    """What a moderator can decide about the row of an open case, as far as its owner knows how to do it."""
    return ABOUT_HELD if review.is_held else ABOUT_SEEN


@dataclass(frozen=True)
class Weighed:
    """What counts of one flag."""

    person: int
    site: int
    weight: Decimal


def weight(by: Membership, *, in_committee: int, judged: int = 0, upheld: int = 0) -> Decimal:
    """What a flag of this member weighs on a thing of that committee.

    A moderator's office counts in their own committee only. `judged`: how many of their flags moderators have looked at,
    `upheld`: with how many of these they agreed.
    """
    if by.committee_id == in_committee and Power.MODERATE in by.powers:
        full = OF_A_MODERATOR
    elif by.standing != Standing.MEMBER:
        full = OF_A_NEW_MEMBER
    else:
        full = OF_A_DELEGATE if Role.DELEGATE in by.roles else OF_A_MEMBER
    careless = judged >= ENOUGH_TO_JUDGE and Decimal(upheld) / judged < MOSTLY_WRONG
    return full / 2 if careless else full


def total(flags: Iterable[Weighed], *, crosses_sites: bool) -> Decimal:
    """What all flags together weigh; where several committees read, one site's never more than OF_ONE_SITE."""
    of_site: dict[int, Decimal] = defaultdict(Decimal)
    for flag in flags:
        of_site[flag.site] += flag.weight
    return sum((min(each, OF_ONE_SITE) if crosses_sites else each for each in of_site.values()), Decimal(0))


def hides(flags: Iterable[Weighed], *, crosses_sites: bool) -> bool:
    """Whether these flags alone hide something until a moderator has looked."""
    known = list(flags)
    enough_people = len({flag.person for flag in known}) >= PEOPLE
    enough_sites = not crosses_sites or len({flag.site for flag in known}) >= SITES
    return enough_people and enough_sites and total(known, crosses_sites=crosses_sites) >= HIDES_AT


def hides_at_once(reason: str, by: Membership) -> bool:
    """Whether this flag alone hides for a while: a full member says that it gives somebody away."""
    return reason == FlagReason.DOXXING and by.standing == Standing.MEMBER


def answers_in(by: Membership, committees: Iterable[int | None]) -> bool:
    """Whether this member is a moderator of one of these committees."""
    return by.committee_id in set(committees) and Power.MODERATE in by.powers


def require_no_party(*, party: bool) -> None:
    """Nobody decides about their own, or about what they flagged. Raises PermissionDenied."""
    if party:
        raise PermissionDenied
