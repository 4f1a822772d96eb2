"""How a person wants to be told, as the page shows it on which they choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from committees.notices import letters, registry, rules
from committees.notices.models import Channel, ChannelChoice, Choice, Level, QuietHours
from committees.people.models import Person


@dataclass(frozen=True)
class Chosen:
    """What the preferences page shows as set."""

    email: bool
    level: Level
    lists: dict[tuple[int | None, str], str]
    quiet: list[QuietHours]
    push_level: Level
    push: dict[str, bool]
    digest: tuple[time, int]


def chosen_by(person: Person) -> Chosen:
    """How this person wants to be told, in three queries."""
    channels = {row.channel: row for row in ChannelChoice.objects.filter(person=person)}
    channel, push = channels.get(Channel.EMAIL), channels.get(Channel.PUSH)
    said = list(Choice.objects.filter(person=person).values_list("channel", "committee_id", "group", "when"))
    lists = [row[1:] for row in said if row[0] == Channel.EMAIL]
    return Chosen(
        email=channel.on if channel else True,
        level=Level(channel.level) if channel else Level.NEUTRAL,
        lists={(committee, group): when for committee, group, when in lists},
        digest=(channel.digest_at, channel.digest_on) if channel else (rules.DIGEST_AT, rules.DIGEST_DAY),
        quiet=list(QuietHours.objects.filter(person=person).order_by("weekday")),
        push_level=Level(push.level) if push else Level.NEUTRAL,
        push={group: when != Choice.When.OFF for by, committee, group, when in said if by == Channel.PUSH and committee is None},
    )


@dataclass(frozen=True)
class Sample:
    """How a subject line looks at one level."""

    label: str
    subject: str


def samples() -> list[Sample]:
    """For the preferences page: the subject of one kind of notice at the levels that need nothing of an event."""
    kind = next((each for each in registry.known() if each.may_be_off), None)
    neutral = Sample(str(Level.NEUTRAL.label), letters.neutral_subject())
    return [neutral] + ([Sample(str(Level.KIND.label), str(kind.label))] if kind else [])
