"""Whom a message would reach, and what they would see. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices.preview import Audience, Sample, audience, samples
from organizing.circulars.models import Circular
from organizing.circulars.queries import SENT


@dataclass(frozen=True)
class Rehearsal:
    """What an organizer sees before they send."""

    audience: Audience
    samples: list[Sample]

    @property
    def by_mail(self) -> int:
        return self.audience.now + self.audience.later


def sending(circular: Circular, *, by: Membership, at: datetime) -> Rehearsal:
    """What sending this draft would tell, and whom."""
    membership.require(by, Power.SEND_MESSAGE, in_committee=circular.committee_id)
    who = audience(SENT, circular, committee=circular.committee, at=at)
    return Rehearsal(who, samples(SENT, circular, committee=circular.committee))
