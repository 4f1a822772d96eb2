"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.base import retention
from committees.bodies import register as bodies
from committees.bodies.models import Committee
from committees.membership import register as membership
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.people import registry as people
from committees.people.models import Person
from committees.support import commands, exporting, kinds, queries, register, showing
from committees.support.models import Visitor

#: What the committee's log calls what this room writes into the ledger.
VERBS = {
    "support.granted": _lazy("Two organizers let those who keep the service look at parts of the committee"),
    "support.looked": _lazy("Somebody who keeps the service opened a page"),
    "support.ended": _lazy("An organizer ended what those who keep the service could see"),
}


def who_looks(member: Membership, at: datetime) -> Section | None:
    """A part of the committee's page for full members while those who keep the service can look."""
    running = queries.running_in(member, at)
    return Section("support/_running.html", {"grant": running[-1], "committee": member.committee}) if running else None


def what_erasing_means(person: Person) -> Iterable[str]:
    if Visitor.objects.filter(person=person).exists():
        yield _("What you opened in committees that asked for help stays for their members to read, under a number.")


def _closing(committee: Committee, _by: int, at: datetime) -> None:
    commands.end_all(committee, at)


def connect() -> None:
    kinds.register_all()
    register.part(
        "settings",
        label=_lazy("settings and rules"),
        hint=_lazy("How the committee is called, who finds it, how one joins, and its rules."),
        show=showing.settings,
    )
    membership.say(VERBS)
    membership.add_section(who_looks)
    bodies.on_closing(_closing)
    bodies.on_uniting(commands.go_over)
    people.in_an_export("support_asked_for", exporting.asked)
    people.in_an_export("support_given", exporting.looked)
    people.in_an_erasure("support", says=what_erasing_means, erase=commands.erase_person)
    why = "what a committee let those who keep the service see, and what they opened: for its members to read"
    retention.keep("support.Grant", "reason", days=90, after="it ended", why="why organizers asked for help", purge=commands.forget)
    retention.keep("support.Grant", "asked_by", "asked_at", "begins_at", "ends_at", "erased_at", days=None, after="", why=why)
    retention.keep("support.Look", "visitor", "part", "at", days=None, after="", why=why)
    retention.keep("support.Visitor", "person", days=90, after="they last opened a page", why="who stands behind “Admin 1”", purge=commands.forget)
