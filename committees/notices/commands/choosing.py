"""How a person wants to be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.notices import reading, rules
from committees.notices.commands import gathering
from committees.notices.commands.holding import hold_back
from committees.notices.commands.posting import post
from committees.notices.models import Channel, ChannelChoice, Choice, Delivery, Level, Notice, QuietHours, UnsubscribeEpoch
from committees.notices.registry import DIGESTS

if TYPE_CHECKING:
    from committees.people.models import Person


@dataclass(frozen=True)
class Wishes:
    """Everything that the preferences page holds. `lists` says for (committee or None, group) when mail is wanted (Choice.When); None takes
    back what was said. Quiet hours and the time of digests are on the person's own clock."""

    email: bool
    level: Level
    lists: Mapping[tuple[int | None, str], str | None]
    quiet: Iterable[tuple[int, time, time]]
    #: At what time digests leave, and on which weekday (0 is Monday) weekly ones.
    digest: tuple[time, int] = (rules.DIGEST_AT, rules.DIGEST_DAY)
    #: The same for push: how openly, and (group) whether; None leaves it as it is for all.
    push_level: Level = Level.NEUTRAL
    push: Mapping[str, bool | None] = field(default_factory=dict)


@transaction.atomic
def choose(wishes: Wishes, *, by: Person) -> None:
    """Set how the person is told. Held notices follow the new hours, waiting ones the new level: both are read on sending."""
    mail = {"on": wishes.email, "level": wishes.level, "digest_at": wishes.digest[0], "digest_on": wishes.digest[1]}
    ChannelChoice.objects.update_or_create(person=by, channel=Channel.EMAIL, defaults=mail)
    if wishes.push_level == Level.NEUTRAL:
        ChannelChoice.objects.filter(person=by, channel=Channel.PUSH).delete()
    else:
        ChannelChoice.objects.update_or_create(person=by, channel=Channel.PUSH, defaults={"level": wishes.push_level})
    for group, wants in wishes.push.items():
        _set(by, None, group, None if wants is None else Choice.When.NOW if wants else Choice.When.OFF, channel=Channel.PUSH)
    for (committee_id, group), when in wishes.lists.items():
        _set(by, committee_id, group, when)
    QuietHours.objects.filter(person=by).delete()
    QuietHours.objects.bulk_create(QuietHours(person=by, weekday=day, since=since, until=until) for day, since, until in wishes.quiet)
    hold_back([by.pk])
    gathering.ask_anew([by.pk], at=timezone.now())


@transaction.atomic
def stop(person_id: int, *, committee_id: int | None, group: str) -> None:
    """Send this person no more mail of one list. Asked for by the link in a mail, without signing in. Whoever stops digests stops each
    list that they get daily or weekly."""
    if group == DIGESTS:
        Choice.objects.filter(person_id=person_id, channel=Channel.EMAIL, when__in=reading.GATHERING).update(when=Choice.When.OFF)
    else:
        mine: dict[str, Any] = {"person_id": person_id, "committee_id": committee_id, "group": group, "channel": Channel.EMAIL}
        Choice.objects.update_or_create(**mine, defaults={"when": Choice.When.OFF})
    hold_back([person_id])
    gathering.ask_anew([person_id], at=timezone.now())


@transaction.atomic
def resume(person_id: int, *, committee_id: int | None, group: str) -> None:
    """Take a `stop` back. Of digests nothing is taken back: which lists came by them is not kept."""
    if group != DIGESTS:
        Choice.objects.update_or_create(person_id=person_id, committee_id=committee_id, group=group, channel=Channel.EMAIL, defaults={"when": Choice.When.NOW})


@transaction.atomic
def send_test(*, by: Person, at: datetime) -> None:
    """Send a person a notice about nothing, so that they see how one looks. Refused more often than once a minute."""
    minute = at.replace(second=0, microsecond=0).isoformat()
    if Notice.objects.about(by).filter(kind="notices/test", occasion=minute).exists():
        raise Refused(_("A test notice is on its way. Wait a minute for the next."))
    post("notices/test", about=by, to=[by.pk], occasion=minute, at=at)


def mark_seen(*, by: Person) -> int:
    """A person marks everything in their inbox as read. Nobody else learns of it. Returns how much was new."""
    return Delivery.objects.filter(person=by, channel=Channel.INAPP, seen=False, due_at__lte=timezone.now()).update(seen=True)


@transaction.atomic
def stop_all_links(person: Person) -> None:
    """Every unsubscribe link that this person was ever sent is dead."""
    epoch, made = UnsubscribeEpoch.objects.get_or_create(person=person, defaults={"number": 1})
    if not made:
        UnsubscribeEpoch.objects.filter(pk=epoch.pk).update(number=F("number") + 1)


#: All that this room holds about a person, in one statement.
_FORGET = """
WITH deliveries AS (DELETE FROM notices_delivery WHERE person_id = %(person)s),
     lists AS (DELETE FROM notices_choice WHERE person_id = %(person)s),
     ways AS (DELETE FROM notices_channelchoice WHERE person_id = %(person)s),
     links AS (DELETE FROM notices_unsubscribeepoch WHERE person_id = %(person)s)
DELETE FROM notices_quiethours WHERE person_id = %(person)s
"""


def forget_person(person: Person) -> None:
    """Erase what this room holds about a person: their deliveries, wishes and quiet hours. Part of erasing the account;
    the browsers that get push go with their sessions."""
    hold_back([person.pk])
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"person": person.pk})


def forget_wishes(person_id: int, *, committee_id: int) -> None:
    """Erase what a person had chosen for the notices of one committee. Part of erasing what leads from it to them."""
    Choice.objects.filter(person_id=person_id, committee_id=committee_id).delete()


def _set(person: Person, committee_id: int | None, group: str, when: str | None, *, channel: Channel = Channel.EMAIL) -> None:
    mine: dict[str, Any] = {"person": person, "committee_id": committee_id, "group": group, "channel": channel}
    if when is None:
        Choice.objects.filter(**mine).delete()
    else:
        Choice.objects.update_or_create(**mine, defaults={"when": when})
