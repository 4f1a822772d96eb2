"""What this room tells the rooms below it, once, when Django is ready; and the one matter that is there already: a member."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.bodies import register as bodies
from committees.bodies.models import Life
from committees.membership import register as membership
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.membership.roles import PRESENT, Power
from committees.moderation import commands, exporting, keeping, kinds, listed, queries
from committees.moderation.registry import Matter, register
from committees.notices import registry as notices
from committees.people import registry as people
from committees.people.models import Person

#: What a committee's log calls what this room writes into the ledger.
VERBS = {
    "flag.given": _lazy("Somebody flagged something"),
    "review.approved": _lazy("A moderator showed something that had waited"),
    "review.kept": _lazy("A moderator kept something that was flagged"),
    "review.sent_back": _lazy("A moderator asked an author to change something"),
    "review.hidden": _lazy("A moderator hid something"),
    "review.removed": _lazy("A moderator removed something"),
    "review.restored": _lazy("A moderator showed something again"),
    "review.locked": _lazy("A moderator closed something for answers"),
    "review.unlocked": _lazy("A moderator opened something for answers again"),
    "review.moved": _lazy("A moderator moved something to where it belongs"),
    "review.undone": _lazy("A moderator took a decision back"),
    "review.hidden_by_flags": _lazy("Something was hidden because of flags"),
    "review.came_back": _lazy("Something hidden came back, for nobody had decided in time"),
    "review.passed_on": _lazy("Something undecided went to the wider committee’s moderators too"),
    "member.silenced": _lazy("A member may not write for some days"),
    "sanction.lifted": _lazy("A moderator ended a limit early"),
}


def _present_beside(person: Person) -> QuerySet[Membership]:
    """The members of the committees to which this person belongs, without themself."""
    mine = Membership.objects.of(person).filter(standing__in=PRESENT).exclude(committee__life=Life.DISSOLVED)
    return Membership.objects.present().filter(committee__in=mine.values("committee")).exclude(person=person)


def _about(member: Membership) -> str:
    return f"{member.handle}\n{member.shift}" if member.shift else member.handle


#: "I think this is not a worker": nothing can be hidden, but somebody may be silenced or suspended.
A_MEMBER = Matter(
    name="membership.membership",
    label=_lazy("A member"),
    model=Membership,
    committee=lambda member: int(member.committee_id),
    author=lambda member: member,
    visible_to=_present_beside,
    excerpt=_about,
    language=lambda member: (member.committee.languages or ["en"])[0],
    url=lambda member: member.committee.get_absolute_url(),
    crosses_sites=lambda member: False,
    related=("committee",),
)


def waiting_here(member: Membership, at: datetime) -> Section | None:
    """A part of the committee's page for its moderators: what waits for them."""
    if Power.MODERATE not in member.powers or member.person is None:
        return None
    waiting = queries.waiting_for(member.person)
    return Section("moderation/_waiting.html", {"waiting": waiting}) if waiting else None


def what_erasing_means(person: Person) -> Iterable[str]:
    yield _("What moderators wrote to you, and what you wrote when you flagged something, is deleted. That something was decided stays, without you.")


def connect() -> None:
    register(A_MEMBER)
    listed.register_all()
    kinds.register_all()
    membership.say(VERBS)
    membership.add_section(waiting_here)
    membership.one_queue("moderation:queue")
    membership.keeps_suspended(queries.holds_suspended)
    bodies.on_uniting(commands.go_over)
    for tick in (commands.bring_back, commands.pass_on, commands.end_sanctions, commands.release_claims):
        notices.every_minute(tick)
    people.in_an_export("decisions", exporting.decisions)
    people.in_an_export("flags", exporting.flags)
    people.in_an_erasure("moderation", says=what_erasing_means, erase=commands.erase_person)
    keeping.promise()
