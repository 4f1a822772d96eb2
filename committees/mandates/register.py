"""What a report is, as a room above says it: this one only counts them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from committees.mandates.models import Mandate
from committees.membership.models import Membership


@dataclass(frozen=True)
class Report:
    """One report, for those who may read it."""

    title: str
    language: str
    url: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Reporting:
    """`reports(mandate, member)`: those that this member may read, the latest first. `write(mandate, member)`: where the delegate
    writes one; empty where they cannot."""

    reports: Callable[[Mandate, Membership], Sequence[Report]]
    write: Callable[[Mandate, Membership], str]


_reporting: list[Reporting] = []


def reports_by(reporting: Reporting) -> None:
    """Called once from the `ready()` of the room in which reports are written."""
    _reporting[:] = [reporting]


def reports(mandate: Mandate, member: Membership) -> Sequence[Report]:
    return _reporting[0].reports(mandate, member) if _reporting else ()


def write(mandate: Mandate, member: Membership) -> str:
    return _reporting[0].write(mandate, member) if _reporting else ""
