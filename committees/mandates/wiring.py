"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.alliance import register as alliance
from committees.base import lives as told
from committees.base import retention
from committees.bodies import register as bodies
from committees.mandates import commands, deeds, exporting, kinds, lives, queries
from committees.mandates.models import Mandate
from committees.membership import register
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.membership.roles import Power
from committees.notices import registry as notices
from committees.people import registry as people
from committees.people.models import Person

#: What the committee's log calls what this room writes into the ledger.
VERBS = {
    "mandate.begun": _lazy("A delegate was sent to a wider committee"),
    "mandate.renewed": _lazy("A delegate’s mandate was renewed"),
    "mandate.passed": _lazy("The alternate took over from a delegate"),
    "mandate.handed_back": _lazy("A delegate handed their mandate back"),
    "mandate.declined": _lazy("Somebody who was proposed as a delegate said no"),
    "mandate.alternate_gone": _lazy("The alternate of a delegate no longer stands in"),
    "mandate.ended": _lazy("A delegate’s mandate ended"),
}


def whom_we_send(member: Membership, at: datetime) -> Section | None:
    """A part of the committee's page for full members: whom it sends now, and whether a report is late; the way to who is sent here."""
    if Power.SEE_LOG not in member.powers:
        return None
    sent = queries.running_in(member, at)
    for each in sent:
        each.late = each.overdue_since(at)  # type: ignore[attr-defined]
    is_wide = member.committee.workplace_id is None
    if not sent and not is_wide and Power.GIVE_ROLE not in member.powers:
        return None
    return Section("mandates/_section.html", {"committee": member.committee, "sent": sent, "is_wide": is_wide}, beside=True)


def what_erasing_means(person: Person) -> Iterable[str]:
    if Mandate.objects.running(timezone.now()).filter(delegate__person=person).exists():
        yield _("Where you are a delegate, your alternate takes over at once.")


def _nothing_more(person: Person) -> None:
    """Every membership has ended before, and with it what this room holds."""


def connect() -> None:
    kinds.register_all()
    deeds.connect()
    told.tell(lives.MANDATE)
    register.add_section(whom_we_send)
    register.say(VERBS)
    register.on_ending(commands.member_goes)
    register.on_suspension(commands.suspend_seats, commands.let_back)
    register.keeps_suspended(queries.is_suspended_at_home)
    alliance.on_parting(commands.part)
    bodies.before_uniting(commands.settle_before_uniting)
    bodies.on_uniting(commands.go_over)
    for tick in (
        commands.end_the_overdue,
        commands.pass_from_the_inactive,
        commands.drop_the_idle,
        commands.remind_of_reports,
        commands.tell_of_ends,
    ):
        notices.every_minute(tick)
    people.in_an_export("mandates", exporting.mandates)
    people.in_an_erasure("mandates", says=what_erasing_means, erase=_nothing_more)
    promise()


def promise() -> None:
    """This room's rows of the retention table."""
    retention.keep("mandates.Mandate", "text", days=365, after="it was over", why="what a delegate was to say", purge=commands.forget)
    retention.keep(
        "mandates.Mandate",
        "delegate",
        "alternate",
        "before",
        "passed_at",
        "asked_by",
        "asked_at",
        "begins_at",
        "ends_at",
        "ended_at",
        "ending",
        "reported_at",
        "due_at",
        "told_soon_for",
        "told_late_for",
        "told_end_at",
        "seat",
        "seated_at",
        "erased_at",
        "renews",
        days=None,
        after="",
        why="the committee's history of whom it sent; points at memberships, which erasure empties",
    )
