"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.base import retention
from committees.bodies import register as bodies
from committees.membership import register
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.membership.roles import Power
from committees.notices import registry as notices
from committees.people import panic
from committees.people import registry as people
from committees.people.models import Person
from committees.resettling import register as resettling
from committees.support import register as support
from organizing.meetings import commands, kinds, parcels, queries, supporting
from organizing.meetings.commands import erasing
from organizing.meetings.models import Answer, CalendarFeed

#: What the committee's log calls what this room writes into the ledger.
VERBS = {
    "meeting.called": _lazy("A meeting was called"),
    "meeting.moved": _lazy("A meeting was moved"),
    "meeting.edited": _lazy("The agenda of a meeting was changed"),
    "meeting.cancelled": _lazy("A meeting was cancelled"),
    "meeting.series_begun": _lazy("A meeting takes place again and again from now on"),
    "meeting.series_moved": _lazy("A series of meetings got another time"),
    "meeting.series_ended": _lazy("A series of meetings ended"),
    "meeting.guests_invited": _lazy("Another committee was invited to a meeting"),
    "meeting.guests_accepted": _lazy("The committee said that it comes to another’s meeting"),
    "meeting.guests_declined": _lazy("The committee said that it does not come to another’s meeting"),
    "meeting.guests_withdrawn": _lazy("An invitation of another committee was taken back"),
}


def next_meeting(member: Membership, at: datetime) -> Section:
    """A part of the committee's page: its next meeting."""
    coming = queries.next_in(member, at)
    return Section("meetings/_next.html", {"committee": member.committee, "meeting": coming, "may_call": Power.CALL_MEETING in member.powers})


def _welcome(member: Membership, at: datetime) -> None:
    commands.tell_newcomer(member, at=at)


def _panic(person: Person) -> None:
    commands.revoke_calendar(by=person)


def connect() -> None:
    kinds.register_all()
    notices.every_minute(commands.remind_due)
    notices.every_minute(commands.give_free_places)
    notices.every_minute(commands.extend)
    support.part(
        supporting.KEY,
        label=_lazy("list of meetings"),
        hint=_lazy("What they are about and when. Never a place or a link, nor who comes."),
        show=supporting.show,
    )
    bodies.shows_life(queries.last_in)
    bodies.on_closing(commands.call_off)
    bodies.on_uniting(commands.go_over)
    resettling.part(parcels.FILE, pack=parcels.pack, unpack=commands.unpack)
    register.on_admission(_welcome)
    register.add_section(next_meeting)
    register.say(VERBS)
    panic.register(_panic)
    people.in_an_export("meetings", _export)
    people.in_an_erasure("meetings", says=_says, erase=commands.forget)
    _keep()


def _export(person: Person) -> dict[str, Any]:
    """A person's answers and the setting of their calendar."""
    answers = Answer.objects.filter(membership__person=person).select_related("meeting").order_by("at", "pk")
    feed = CalendarFeed.objects.visible_to(person).first()
    given = [
        {
            "meeting": answer.meeting.subject,
            "starts_at": answer.meeting.starts_at.isoformat() if answer.meeting.starts_at else None,
            **{name: getattr(answer, name) for name in Answer.SAID},
            "at": answer.at.isoformat(),
        }
        for answer in answers
    ]
    return {"answers": given, "calendar": {"titles": feed.titles, "has_an_address": feed.digest is not None} if feed else None}


def _says(person: Person) -> Iterable[str]:
    if Answer.objects.filter(membership__person=person).exists():
        yield _("Your answers to meetings are erased.")
    if CalendarFeed.objects.visible_to(person).exclude(digest=None).exists():
        yield _("Your calendar address is dead.")


def _keep() -> None:
    """The rows of the retention table."""
    keep = retention.keep
    place: dict[str, Any] = {"days": erasing.PLACE_DAYS, "after": "the meeting ends", "purge": erasing.erase_places}
    answers: dict[str, Any] = {"days": erasing.ANSWER_DAYS, "after": "the meeting ends", "purge": erasing.erase_answers}
    keep("meetings.Meeting", "place", "link", "dial_in", why="where people meet is nobody's business afterwards", **place)
    keep(
        "meetings.Meeting",
        "subject",
        "chair",
        "form_key",
        days=None,
        after="",
        why="the committee's own record; a draft goes 90 days after its last change",
        purge=erasing.erase_drafts,
    )
    keep("meetings.AgendaItem", "subject", "presenter", days=None, after="", why="goes with the meeting; a presenter is a handle as it was written")
    keep("meetings.MeetingChange", "why", why="a reason may say where people meet", **answers)
    keep("meetings.MeetingChange", "by", days=None, after="", why="who called, moved or cancelled; points at a membership, which erasure empties")
    keep("meetings.Answer", "membership", *Answer.SAID, "at", why="who came, and what they needed, is not kept", **answers)
    keep(
        "meetings.Guest",
        "asked_by",
        "asked_at",
        "answered_by",
        "answered_at",
        days=None,
        after="",
        why="goes with the meeting; points at memberships, which erasure empties",
    )
    keep(
        "meetings.Series",
        *("every", "interval", "own", "count", "until", "day", "clock", "zone", "by", "begun_at"),
        days=None,
        after="",
        why="how the committee meets; by whom points at a membership, which erasure empties; of a draft it goes with it",
    )
    keep("meetings.CalendarFeed", "person", "digest", "titles", "made_on", days=None, after="", why="until the person ends the address, or the account goes")
