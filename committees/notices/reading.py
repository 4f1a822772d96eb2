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

#: The wishes under which notices wait for one another.
GATHERING = frozenset({Choice.When.DAILY.value, Choice.When.WEEKLY.value})


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

    lists: dict[int, dict[tuple[int | None, str], str]] = field(default_factory=dict)
    channels: dict[int, tuple[bool, str]] = field(default_factory=dict)
    quiet: dict[int, list[tuple[int, time, time]]] = field(default_factory=dict)
    epochs: dict[int, int] = field(default_factory=dict)
    digests: dict[int, tuple[time, int]] = field(default_factory=dict)

    def wish(self, person: int, committee_id: int | None, group: str, *, unasked: str = Choice.When.NOW) -> str:
        """When this person wants to be told of this list."""
        on, _level = self.channels.get(person, (True, ""))
        return rules.wish_for(self.lists.get(person, {}), committee_id=committee_id, group=group, unasked=unasked) if on else Choice.When.OFF

    def wants(self, person: int, committee_id: int | None, group: str, *, unasked: bool = True) -> bool:
        return self.wish(person, committee_id, group, unasked=Choice.When.NOW if unasked else Choice.When.OFF) != Choice.When.OFF

    def next_digest(self, reader: Reader, when: str, after: datetime) -> datetime:
        """When what this reader wants daily or weekly leaves."""
        at, weekday = self.digests.get(reader.person_id, (rules.DIGEST_AT, rules.DIGEST_DAY))
        return rules.next_digest(when, at, weekday, after=after, zone=reader.zone)

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
        chosen.lists.setdefault(person, {})[committee, group] = when
    ways = ChannelChoice.objects.filter(person_id__in=ids, channel=channel).values_list("person_id", "on", "level", "digest_at", "digest_on")
    for person, on, level, digest_at, digest_on in ways:
        chosen.channels[person] = (on, level)
        chosen.digests[person] = (digest_at, digest_on)
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
        elif (leaves := _gathered_until(notice, kind, these[person], chosen, at)) is not None:
            found[person] = NotNow(State.GATHERED, due_at=leaves)
        elif not kind.ignores_quiet_hours and (ends := chosen.quiet_until(these[person], at)) is not None:
            found[person] = NotNow(State.WAITING, due_at=ends)
        else:
            found[person] = Ready(these[person], contacts[person], chosen.level(person, contacts[person]), chosen.epochs.get(person, 0))
    return found


def _gathered_until(notice: Notice, kind: registry.Kind, reader: Reader, chosen: Wishes, at: datetime) -> datetime | None:
    """When the digest leaves in which this reader gets the notice; None where it goes by itself."""
    if not kind.may_be_gathered:
        return None
    when = chosen.wish(reader.person_id, notice.committee_id, kind.group)
    if when not in GATHERING:
        return None
    leaves = chosen.next_digest(reader, when, at)
    return leaves if rules.may_wait_for(leaves, notice.useful_until) else None
