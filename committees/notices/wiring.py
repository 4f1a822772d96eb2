"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from committees.base import retention
from committees.notices import commands, digests, kinds, rules
from committees.notices.commands.sweeping import KEEP_DAYS
from committees.notices.devices import needed
from committees.notices.models import ChannelChoice, Choice, Delivery, PushDevice, QuietHours
from committees.notices.registry import every_minute
from committees.people import commands as people
from committees.people import outbox, registry
from committees.people.models import Person


def connect() -> None:
    kinds.register_all()
    digests.register_all()
    outbox.carry(commands.carry)
    registry.in_a_panic(commands.stop_all_links)
    registry.when_less_is_meant(hold_back)
    registry.keeps_sessions(needed)
    registry.in_an_export("notices", export)
    registry.in_an_erasure("notices", says=says, erase=commands.forget_person)
    every_minute(people.tell_of_erasure)  # people have no clock of their own: it is this room's
    every_minute(people.erase_unused)
    promise()


def export(person: Person) -> dict[str, Any]:
    """What a person chose, and what lies in their inbox."""
    return {
        "lists": list(Choice.objects.filter(person=person).order_by("group").values("group", "channel", "when")),
        "channels": list(ChannelChoice.objects.filter(person=person).values("channel", "level", "on", "digest_at", "digest_on")),
        "quiet_hours": list(QuietHours.objects.filter(person=person).order_by("weekday").values("weekday", "since", "until")),
        "push": [day.isoformat() for day in PushDevice.objects.visible_to(person).order_by("pk").values_list("allowed_on", flat=True)],
        "inbox": [
            {"kind": row.notice.kind, "at": row.notice.due_at.isoformat(), "seen": row.seen}
            for row in Delivery.objects.visible_to(person).select_related("notice").order_by("-notice__due_at")
        ],
    }


def hold_back(person: Person) -> None:
    """What is on its way to a person whose account is closed, or whose address is gone, does not begin any more."""
    commands.hold_back([person.pk])


def says(person: Person) -> Iterable[str]:
    yield _("Your notices and how you want to be told are erased.")


def promise() -> None:
    """This room's rows of the retention table."""
    keep = retention.keep
    outbox_rows: dict[str, Any] = {
        "days": KEEP_DAYS,
        "after": "it was last of use",
        "purge": commands.forget,
        "why": "to send it, to show it to you, and to show how it went out",
    }
    keep("notices.Notice", "kind", "about_type", "about_id", "version", "occasion", "committee_id", "posted_at", "due_at", "useful_until", **outbox_rows)
    keep(
        "notices.Delivery",
        *("notice", "person", "channel", "language", "state", "due_at", "started_at", "attempts", "reason", "digest", "pushed_to", "seen"),
        **outbox_rows,
    )
    keep("notices.Digest", "at", **outbox_rows)
    keep("notices.Errand", "mail", "state", "due_at", "started_at", "attempts", "reason", **outbox_rows)
    back: dict[str, Any] = {
        "days": rules.SOFT_DAYS.days,
        "after": "it came back",
        "purge": commands.forget_returned,
        "why": "to see when an address takes no mail any more",
    }
    keep("notices.Returned", "digest", "came_on", "outcome", "contact", "of", "status", "reason", **back)
    _promise_wishes()


def _promise_wishes() -> None:
    """How somebody wants to be told."""
    keep = retention.keep
    wish = "until you change it or erase your account"
    keep("notices.Choice", "person", "committee_id", "group", "channel", "when", days=None, after="", why=wish)
    keep("notices.ChannelChoice", "person", "channel", "level", "on", "digest_at", "digest_on", days=None, after="", why=wish)
    keep(
        "notices.PushDevice",
        "person",
        "session",
        "endpoint",
        "lookup",
        "keys",
        "vapid",
        "allowed_on",
        days=None,
        after="",
        why="to tell your browser, until you sign out there or stop it",
    )
    keep("notices.QuietHours", "person", "weekday", "since", "until", days=None, after="", why=wish)
    keep("notices.UnsubscribeEpoch", "person", "number", days=None, after="", why="so that old links stay dead")
