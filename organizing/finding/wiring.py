"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.base import retention
from committees.bodies import register as bodies
from committees.membership import register
from committees.notices import registry as notices
from committees.people import registry as people
from committees.people.models import Person
from committees.resettling import register as resettling
from organizing.finding import commands, kinds, parcels, queries
from organizing.finding.models import Poll, Reply

#: What the committee's log calls what this room writes into the ledger.
VERBS = {
    "poll.begun": _lazy("Members were asked which time suits them for a meeting"),
    "poll.time_added": _lazy("One more time for a meeting was proposed"),
    "poll.taken": _lazy("A time for a meeting was taken from those proposed"),
    "poll.closed": _lazy("The search for a time was closed without one"),
    "poll.withdrawn": _lazy("The search for a time was taken back"),
}


def connect() -> None:
    kinds.register_all()
    notices.every_minute(commands.remind_due)
    bodies.shows_life(queries.last_in)
    bodies.on_closing(commands.call_off)
    bodies.on_uniting(commands.go_over)
    resettling.part(parcels.FILE, pack=parcels.pack, unpack=commands.unpack)
    register.on_ending(commands.leave_out)
    register.say(VERBS)
    people.in_an_export("times", _export)
    people.in_an_erasure("times", says=_says, erase=commands.forget)
    _keep()


def _export(person: Person) -> dict[str, Any]:
    """What somebody said about times, and the polls that they began."""
    said = Reply.objects.filter(membership__person=person).select_related("slot__poll").order_by("slot__starts_at", "pk")
    begun = Poll.objects.filter(by__person=person).select_related("committee").order_by("begun_at", "pk")
    return {
        "answers": [
            {"about": str(each.slot.poll.subject), "time": each.slot.starts_at.isoformat(), "word": each.word, "at": each.at.isoformat()} for each in said
        ],
        "begun": [
            {"committee": each.committee.name, "about": str(each.subject), "question": str(each.question), "at": each.begun_at.isoformat()} for each in begun
        ],
    }


def _says(person: Person) -> Iterable[str]:
    if Reply.objects.filter(membership__person=person).exists():
        yield _("What you said about times for meetings is erased.")


def _keep() -> None:
    """The rows of the retention table."""
    answers: dict[str, Any] = {"days": commands.ANSWER_DAYS, "after": "answering ended", "purge": commands.erase_answers}
    polls: dict[str, Any] = {"days": commands.POLL_DAYS, "after": "answering ended", "purge": commands.erase_old}
    retention.keep("finding.Reply", "membership", "word", "at", why="who can come when is not kept; with whoever leaves it goes at once", **answers)
    columns = ("by", "ended_by", "subject", "question", "form_key", "begun_at", "ended_at")
    retention.keep("finding.Poll", *columns, why="what organizers asked the members, and who ended it", **polls)
