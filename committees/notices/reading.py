"""What is read again at the moment of sending: who still is meant, wants it, can be reached, and is awake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time

from committees.notices import registry, rules
from committees.notices.models import Channel, ChannelChoice, Choice, Level, Notice, QuietHours, State, UnsubscribeEpoch
from committees.notices.registry import Reader
from committees.people import queries as people
from committees.people.models import Contact, Person


@dataclass(frozen=True, slots=True)
class Ready:
    """One person whose mail can go now."""

    reader: Reader
    contact: Contact
    level: Level
    epoch: int


@dataclass(frozen=True, slots=True)
class NotNow:
    """One person whose mail does not go, or (`due_at`) goes later."""

    state: State
    reason: str = ""
    due_at: datetime | None = None


@dataclass
class Wishes:
    """What a batch of people chose, in four queries."""

    lists: dict[int, dict[tuple[int | None, str], bool]] = field(default_factory=dict)
    channels: dict[int, tuple[bool, str]] = field(default_factory=dict)
    quiet: dict[int, list[tuple[int, time, time]]] = field(default_factory=dict)
    epochs: dict[int, int] = field(default_factory=dict)

    def wants(self, person: int, committee_id: int | None, group: str, *, unasked: bool = True) -> bool:
        on, _level = self.channels.get(person, (True, ""))
        return on and rules.is_wanted(self.lists.get(person, {}), committee_id=committee_id, group=group, unasked=unasked)

    def quiet_until(self, reader: Reader, at: datetime) -> datetime | None:
        windows = self.quiet.get(reader.person_id)
        return rules.quiet_until(windows, at, reader.zone) if windows else None

    def level(self, person: int, contact: Contact) -> Level:
        _on, level = self.channels.get(person, (True, ""))
        return rules.level_for(level, at_work=contact.employers)


def wishes(person_ids: Iterable[int], channel: Channel) -> Wishes:
    """What these people chose for one channel."""
    ids, chosen = list(person_ids), Wishes()
    rows = Choice.objects.filter(person_id__in=ids, channel=channel).values_list("person_id", "committee_id", "group", "when")
    for person, committee, group, when in rows:
        chosen.lists.setdefault(person, {})[committee, group] = when != Choice.When.OFF
    for person, on, level in ChannelChoice.objects.filter(person_id__in=ids, channel=channel).values_list("person_id", "on", "level"):
        chosen.channels[person] = (on, level)
    for person, weekday, since, until in QuietHours.objects.filter(person_id__in=ids).values_list("person_id", "weekday", "since", "until"):
        chosen.quiet.setdefault(person, []).append((weekday, since, until))
    chosen.epochs = dict(UnsubscribeEpoch.objects.filter(person_id__in=ids).values_list("person_id", "number"))
    return chosen


def meant(notice: Notice, person_ids: set[int], *, foreseen: bool = False) -> Mapping[int, Reader]:
    """Who of these is still here and still meant."""
    rows = Person.objects.present().filter(pk__in=person_ids).values_list("pk", "language", "time_zone")
    present = {pk: Reader(pk, language, zone) for pk, language, zone in rows}
    if foreseen or not present:
        return present
    kept = registry.kind(notice.kind).matters(notice, set(present))
    return {pk: reader for pk, reader in present.items() if pk in kept}


def read(notice: Notice, person_ids: set[int], *, at: datetime, foreseen: bool = False) -> Mapping[int, Ready | NotNow]:
    """For each of these people, whether and how this notice is mailed to them at `at`. A fixed number of queries.

    `foreseen`: it is not posted yet, so nothing can have overtaken it (preview.audience).
    """
    kind = registry.kind(notice.kind)
    these = meant(notice, person_ids, foreseen=foreseen)
    contacts = people.addresses(set(these), Channel.EMAIL) if these else {}
    chosen = wishes(these, Channel.EMAIL) if these else Wishes()
    found: dict[int, Ready | NotNow] = {}
    for person in person_ids:
        if person not in these:
            found[person] = NotNow(State.SUPERSEDED, "no longer meant")
        elif kind.may_be_off and not chosen.wants(person, notice.committee_id, kind.group):
            found[person] = NotNow(State.OFF)
        elif person not in contacts:
            found[person] = NotNow(State.UNREACHABLE)
        elif not kind.ignores_quiet_hours and (ends := chosen.quiet_until(these[person], at)) is not None:
            found[person] = NotNow(State.WAITING, due_at=ends)
        else:
            found[person] = Ready(these[person], contacts[person], chosen.level(person, contacts[person]), chosen.epochs.get(person, 0))
    return found
