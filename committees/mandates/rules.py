"""When reports are due and who reads what: pure questions about a mandate in hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from committees.membership.roles import Power

if TYPE_CHECKING:
    from committees.mandates.models import Mandate
    from committees.membership.models import Membership

#: So many delegates a committee has in another one at a time: whoever sits there counts there, so a large committee could else outvote it.
MOST = 3
#: So long before a report is due the delegate is reminded.
REMIND_BEFORE = timedelta(days=3)
#: So long before the term ends the delegate and the organizers are told.
TELL_END_BEFORE = timedelta(days=14)


def due(mandate: Mandate) -> datetime | None:
    """When the next report is due: so many days after the last one, or after its delegate began. None where the term is over by then."""
    if not mandate.is_running or mandate.begins_at is None or mandate.ends_at is None:
        return None
    from_when = max(each for each in (mandate.begins_at, mandate.passed_at, mandate.reported_at) if each)
    at = from_when + timedelta(days=mandate.every)
    return at if at <= mandate.ends_at else None


def reads_all(member: Membership, mandate: Mandate) -> bool:
    """Whether a member who may see a mandate reads all of it: full members of the committee that gives it, and those who organize
    the one to which the delegate is sent. Its other members learn only who is sent, and by whom."""
    return member.committee_id == mandate.committee_id or (member.committee_id == mandate.wider_id and Power.AFFILIATE in member.powers)


def may_hand_back(member: Membership, mandate: Mandate) -> bool:
    """The delegate and the alternate, at any moment, before it begins too."""
    return mandate.state in ("proposed", "running") and member.pk in (mandate.delegate_id, mandate.alternate_id)
