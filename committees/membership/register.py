"""What rooms above add to a committee's page, and what the ledger says of a committee in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from committees.ledger.models import Entry

if TYPE_CHECKING:
    from committees.bodies.models import Committee
    from committees.membership.models import Membership


@dataclass(frozen=True)
class Section:
    """A part of the committee's page: a template, what it needs, and whether it stands beside what is new."""

    template: str
    context: dict[str, Any]
    beside: bool = False


type Maker = Callable[["Membership", datetime], Section | None]
_makers: list[Maker] = []


def add_section(maker: Maker) -> None:
    """Called from a room's `ready()`: `maker(member, at)` gives that room's part of the page, or None."""
    if maker not in _makers:
        _makers.append(maker)


def sections(member: Membership, *, at: datetime) -> list[Section]:
    """The parts of one member's committee page, in the order of the rooms."""
    return [section for maker in _makers if (section := maker(member, at))]


type Welcome = Callable[["Membership", datetime], None]
_welcomes: list[Welcome] = []


def on_admission(welcome: Welcome) -> None:
    """Called from a room's `ready()`: runs in the transaction in which someone becomes a member."""
    if welcome not in _welcomes:
        _welcomes.append(welcome)


def admitted(member: Membership, *, at: datetime) -> None:
    for welcome in _welcomes:
        welcome(member, at)


type Forget = Callable[["Membership", datetime], None]
_forgets: list[Forget] = []


def on_lapse(forget: Forget) -> None:
    """Called from a room's `ready()`: `forget(member, at)` erases what that room holds about a person because of one membership.
    Runs in the transaction in which the membership lapses, while its row still leads to the person."""
    if forget not in _forgets:
        _forgets.append(forget)


def lapsed(member: Membership, *, at: datetime) -> None:
    for forget in _forgets:
        forget(member, at)


_endings: list[Forget] = []


def on_ending(forget: Forget) -> None:
    """Called from a room's `ready()`: `forget(member, at)` erases what that room keeps for somebody only while they belong. Runs in
    the transaction in which a membership ends, however it does; of a whole committee that closes `bodies.register.on_closing` tells."""
    if forget not in _endings:
        _endings.append(forget)


def ended(member: Membership, *, at: datetime) -> None:
    for forget in _endings:
        forget(member, at)


type Emptying = Callable[[Sequence["Membership"]], None]
_emptyings: list[Emptying] = []


def on_emptying(forget: Emptying) -> None:
    """Called from a room's `ready()`: `forget(members)` erases what that room still holds because of memberships whose account is erased,
    those that ended long ago included. Runs in the transaction of the erasure, while the rows still lead to the person; whoever never
    belonged anywhere costs nothing."""
    if forget not in _emptyings:
        _emptyings.append(forget)


def emptied(members: Sequence[Membership]) -> None:
    for forget in _emptyings if members else ():
        forget(members)


type Suspension = Callable[["Membership", datetime], None]
_suspensions: list[tuple[Suspension, Suspension]] = []


def on_suspension(begin: Suspension, end: Suspension) -> None:
    """Called from a room's `ready()`: `begin(member, at)` runs in the transaction in which a member is suspended, `end(member, at)` in
    that in which they are what they were before."""
    if (begin, end) not in _suspensions:
        _suspensions.append((begin, end))


def suspended(member: Membership, *, at: datetime) -> None:
    for begin, _end in _suspensions:
        begin(member, at)


def let_back(member: Membership, *, at: datetime) -> None:
    for _begin, end in _suspensions:
        end(member, at)


type Holds = Callable[["Membership", datetime], bool]
_holds: list[Holds] = []


def keeps_suspended(holds: Holds) -> None:
    """Called from a room's `ready()`: `holds(member, at)` says whether that room still wants this member to be suspended."""
    if holds not in _holds:
        _holds.append(holds)


def is_held(member: Membership, *, at: datetime) -> bool:
    """Whether any room still wants this member to be suspended: of two who do, the last one to end gives the rights back."""
    return any(holds(member, at) for holds in _holds)


_queue = ["membership:queue"]


def one_queue(name: str) -> None:
    """Called from a room's `ready()`: the page with that name shows applications beside all else that waits."""
    _queue[:] = [name]


def queue_name() -> str:
    """Where a reviewer goes on after an answer."""
    return _queue[0]


#: What the committee's log calls each verb of the ledger. A verb without words is left out.
WORDS: dict[str, Any] = {
    "committee.founded": _("The committee was started"),
    "committee.set_up": _("The committee was set up"),
    "committee.settled": _("An organizer changed how the committee is called or how one joins"),
    "charter.adopted": _("The committee adopted new rules"),
    "committee.active": _("The first meeting was held, and the committee is active"),
    "committee.site_merged": _("The workplace was listed twice. The two entries are one now"),
    "committee.employer_merged": _("The employer was listed twice. The two entries are one now"),
    "application.sent": _("Someone applied"),
    "application.asked": _("A reviewer asked an applicant something"),
    "application.replied": _("An applicant wrote to the reviewers"),
    "application.noted": _("A reviewer made a note about an applicant"),
    "application.recused": _("A reviewer stays out of an application"),
    "application.handed_over": _("The wider committee took an application over"),
    "application.checked": _("Someone vouched for an applicant or talked with them"),
    "application.admitted": _("An applicant was accepted"),
    "application.declined": _("An applicant was declined"),
    "application.spam": _("An application was put aside as spam"),
    "application.withdrawn": _("An applicant withdrew"),
    "application.needless": _("An application ended, for two committees became one and one place is enough"),
    "member.probation_ended": _("A new member became a full member"),
    "member.renamed": _("A member took another name"),
    "member.seated": _("A delegate of another committee took their seat"),
    "member.unseated": _("The seat of a delegate ended"),
    "committee.closed": _("Two organizers closed the committee"),
    "committee.united": _("Two committees became one"),
    "member.left": _("A member left"),
    "member.stepped_aside": _("A member stepped aside"),
    "member.removed": _("A member was removed by two organizers"),
    "member.inactive": _("A member had not been here for three months, and is inactive now"),
    "member.returned": _("An inactive member came back"),
    "member.lapsed": _("A member had been inactive for six months. Their membership ended"),
    "member.in_question": _("Somebody has to vouch anew for a member, for one who had was removed"),
    "member.vouched_anew": _("Somebody vouched anew for a member"),
    "member.attested": _("A member said again that they are no manager"),
    "member.suspended": _("A member was suspended for some days"),
    "member.suspension_ended": _("A suspension ended"),
    "vouch.code_made": _("A member made a code for someone they know"),
    "invitation.made": _("An organizer made an invitation"),
    "invitation.revoked": _("An organizer stopped an invitation"),
    "role.given": _("A role was given"),
    "role.ended": _("A role was ended"),
    "cover.asked": _("An organizer or a moderator asked a member to cover for them"),
    "cover.accepted": _("A member agreed to cover for somebody"),
    "cover.declined": _("A member declined to cover for somebody"),
    "cover.arranged": _("It was settled that a member covers for somebody"),
    "cover.begun": _("A member began to cover for somebody"),
    "cover.ended": _("A member no longer covers for somebody"),
    "cover.off": _("Nobody covers for somebody after all"),
    "role.runs_on": _("The last organizer’s office runs on, until there is another organizer"),
    "committee.rests": _("The committee rests, for nothing had happened here for a long time"),
    "committee.woken": _("The committee was woken"),
}


def say(words: dict[str, Any]) -> None:
    """Called from a room's `ready()`: what the log calls that room's verbs."""
    WORDS.update(words)


def entries(committee: Committee) -> QuerySet[Entry]:
    """The committee's chain, as far as it has words."""
    return Entry.objects.filter(chain=committee.slug, verb__in=list(WORDS))
