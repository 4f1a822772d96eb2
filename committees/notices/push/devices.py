"""The section about push on the page of one's wishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from committees.notices.devices import PushDevice
from committees.notices.push import vapid
from committees.people.models import Person


@dataclass(frozen=True)
class Line:
    """One browser that is told, by the name that its person gave it."""

    slug: str
    label: str
    allowed_on: date
    is_here: bool


@dataclass(frozen=True)
class Shown:
    """Which browsers are told, and what this one needs to become one of them."""

    lines: list[Line]
    key: str

    @property
    def is_here(self) -> bool:
        return any(line.is_here for line in self.lines)


def shown_to(person: Person, *, here: str) -> Shown:
    """In one query. `here`: the digest of the session that asks."""
    rows = PushDevice.objects.visible_to(person).living(vapid=vapid.name()).select_related("session").order_by("pk")
    return Shown([Line(row.slug, str(row.session.label), row.allowed_on, row.session.digest == here) for row in rows], vapid.public_key())
