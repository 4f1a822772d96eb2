"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.asking import commands, exporting, kinds, queries, rules
from committees.base import retention
from committees.bodies import register as bodies
from committees.membership import register as membership
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.notices import registry as notices
from committees.people import registry as people
from committees.people.models import Person

#: What the committee's log calls what this room writes into the ledger. That somebody asks for help is nobody else's matter, so
#: nothing of it stands there; that organizers shut somebody's question does.
VERBS = {"question.spam": _lazy("An organizer closed a question as spam")}


def ask_here(member: Membership, at: datetime) -> Section:
    """A part of the committee's page: the way to ask its organizers. It asks the database nothing."""
    return Section("asking/_here.html", {"committee": member.committee}, beside=True)


def what_erasing_means(person: Person) -> Iterable[str]:
    if queries.of_person(person).exists():
        yield _("What you asked organizers or those who keep the service is deleted, with the answers.")


def _keep() -> None:
    ended: dict[str, Any] = {"days": rules.KEPT_DAYS, "after": "the question was closed; open ones close after 30 quiet days", "purge": commands.forget}
    retention.keep("asking.Question", "person", "member", "site", "language", "number", "said", why="who asked for help, and what they let be seen", **ended)
    retention.keep(
        "asking.Question",
        *("whom", "state", "ended", "asked_at", "changed_at", "waits_since", "reminded_at", "offered_at", "withheld", "passed_to"),
        *("taken_by", "taken_by_keeper", "taken_until"),
        why="how far it is, and who is answering",
        **ended,
    )
    retention.keep("asking.Message", "text", "language", "by_asker", "author", "keeper", "at", why="what was said", **ended)


def connect() -> None:
    kinds.register_all()
    membership.say(VERBS)
    membership.add_section(ask_here)
    membership.on_ending(commands.out)
    membership.on_lapse(commands.lapse)
    bodies.on_closing(commands.close_committee)
    bodies.before_uniting(commands.before_uniting)
    bodies.on_uniting(commands.go_over)
    people.in_a_panic(commands.release)
    people.in_an_export("questions_asked", exporting.asked)
    people.in_an_export("questions_answered", exporting.answered)
    people.in_an_erasure("asking", says=what_erasing_means, erase=commands.erase_person)
    for tick in (commands.remind, commands.offer, commands.rest):
        notices.every_minute(tick)
    _keep()
