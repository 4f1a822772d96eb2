"""What is read again at the moment of sending: who still is meant, wants it, has a browser that may be told, and is awake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from committees.notices import reading, registry, rules
from committees.notices.devices import PushDevice
from committees.notices.models import Channel, Delivery, Level, Notice, State
from committees.notices.push import vapid
from committees.notices.reading import NotNow
from committees.notices.registry import Reader


@dataclass(frozen=True, slots=True)
class Ready:
    """One person who can be told now, and where."""

    reader: Reader
    devices: tuple[PushDevice, ...]
    level: Level
    #: Which of their browsers took it already, in an earlier try.
    told: tuple[int, ...] = ()

    def level_at(self, device: PushDevice, at: datetime) -> Level:
        """In a browser whose session has ended by waiting nobody is known to sit: there it says as little as can be."""
        return self.level if device.session.ends_on > at.date() else Level.NEUTRAL


def _devices(person_ids: Iterable[int]) -> dict[int, list[PushDevice]]:
    found: dict[int, list[PushDevice]] = {}
    living = PushDevice.objects.living(vapid=vapid.name()).filter(person_id__in=list(person_ids))
    for device in living.select_related("session").defer("session__content", "session__label").order_by("pk"):
        found.setdefault(device.person_id, []).append(device)
    return found


def _told(notice: Notice, person_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    rows = Delivery.objects.filter(notice=notice, channel=Channel.PUSH, person_id__in=list(person_ids), pushed_to__isnull=False)
    return {person: tuple(told or ()) for person, told in rows.values_list("person_id", "pushed_to")}


def read(notice: Notice, person_ids: set[int], *, at: datetime) -> Mapping[int, Ready | NotNow]:
    """For each of these people, whether and how they are pushed this notice at `at`. A fixed number of queries."""
    kind = registry.kind(notice.kind)
    meant = reading.meant(notice, person_ids)
    devices = _devices(meant) if meant else {}
    told = _told(notice, meant) if meant else {}
    wishes = reading.wishes(meant, Channel.PUSH) if meant else reading.Wishes()
    unasked = registry.is_pushed_unasked(kind.group)
    found: dict[int, Ready | NotNow] = {}
    for person in person_ids:
        if person not in meant:
            found[person] = NotNow(State.SUPERSEDED, "no longer meant")
        elif kind.may_be_off and not wishes.wants(person, notice.committee_id, kind.group, unasked=unasked):
            found[person] = NotNow(State.OFF)
        elif not (left := [each for each in devices.get(person, []) if each.pk not in told.get(person, ())]):
            found[person] = NotNow(State.ACCEPTED) if person in told else NotNow(State.OFF, "no device")
        elif not kind.ignores_quiet_hours and (ends := wishes.quiet_until(meant[person], at)) is not None:
            found[person] = NotNow(State.WAITING, due_at=ends)
        else:
            level = rules.level_for(wishes.channels.get(person, (True, ""))[1], at_work=False)
            found[person] = Ready(meant[person], tuple(left), level, told.get(person, ()))
    return found
