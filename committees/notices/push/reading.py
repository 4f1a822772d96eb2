"""What is read again at the moment of sending: who still is meant, wants it, has a browser that may be told, and is awake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from committees.notices import reading, registry, rules
from committees.notices.devices import PushDevice
from committees.notices.models import Channel, Level, Notice, State
from committees.notices.push import vapid
from committees.notices.reading import NotNow
from committees.notices.registry import Reader


@dataclass(frozen=True, slots=True)
class Ready:
    """One person who can be told now, and where."""

    reader: Reader
    devices: tuple[PushDevice, ...]
    level: Level


def _devices(person_ids: Iterable[int], at: datetime) -> dict[int, list[PushDevice]]:
    found: dict[int, list[PushDevice]] = {}
    for device in PushDevice.objects.living(vapid=vapid.name(), on=at.date()).filter(person_id__in=list(person_ids)).order_by("pk"):
        found.setdefault(device.person_id, []).append(device)
    return found


def read(notice: Notice, person_ids: set[int], *, at: datetime) -> Mapping[int, Ready | NotNow]:
    """For each of these people, whether and how they are pushed this notice at `at`. A fixed number of queries."""
    kind = registry.kind(notice.kind)
    meant = reading.meant(notice, person_ids)
    devices = _devices(meant, at) if meant else {}
    wishes = reading.wishes(meant, Channel.PUSH) if meant else reading.Wishes()
    unasked = registry.is_pushed_unasked(kind.group)
    found: dict[int, Ready | NotNow] = {}
    for person in person_ids:
        if person not in meant:
            found[person] = NotNow(State.SUPERSEDED, "no longer meant")
        elif kind.may_be_off and not wishes.wants(person, notice.committee_id, kind.group, unasked=unasked):
            found[person] = NotNow(State.OFF)
        elif person not in devices:
            found[person] = NotNow(State.OFF, "no device")
        elif not kind.ignores_quiet_hours and (ends := wishes.quiet_until(meant[person], at)) is not None:
            found[person] = NotNow(State.WAITING, due_at=ends)
        else:
            level = rules.level_for(wishes.channels.get(person, (True, ""))[1], at_work=False)
            found[person] = Ready(meant[person], tuple(devices[person]), level)
    return found
