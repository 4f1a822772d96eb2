"""Whom a message would reach, and what they would see. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices.preview import Audience, Sample, audience, samples
from organizing.circulars import queries, rules
from organizing.circulars.models import Circular
from organizing.circulars.queries import FURTHER, SENT, Reached


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


@dataclass(frozen=True)
class Further:
    """What an organizer sees before they propose to write to other committees: how many these are, and of people a band alone."""

    reached: Reached
    people: str
    samples: list[Sample]


def proposing(circular: Circular, *, by: Membership) -> Further:
    """Whom this draft would reach in all committees that belong here, and what they would see."""
    membership.require(by, Power.SEND_MESSAGE, in_committee=circular.committee_id)
    people = rules.people(queries.people_reached(circular.committee_id))
    return Further(queries.reached(circular.committee, by_organizers=True), people, samples(FURTHER, circular, committee=circular.committee))
