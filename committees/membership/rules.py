"""Pure questions about a membership in hand: no queries, no writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from committees.base import crypto
from committees.base.errors import Refused
from committees.membership.covers import COVERED
from committees.membership.roles import Power, Role

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from committees.people.models import Contact


def may(member: Membership, power: Power, *, in_committee: int) -> bool:
    """Whether this membership has `power` in the committee with that id. An organizer elsewhere is a nobody here."""
    return member.committee_id == in_committee and power in member.powers


def require(member: Membership, power: Power, *, in_committee: int) -> None:
    """First line of every member's command. Raises PermissionDenied."""
    if not may(member, power, in_committee=in_committee):
        raise PermissionDenied


def require_other(member: Membership, person_id: int | None) -> None:
    """Nobody decides about themself. Raises PermissionDenied."""
    if member.person_id is None or member.person_id == person_id:
        raise PermissionDenied


def require_self(by: Membership, member: Membership) -> None:
    """Only oneself. Raises PermissionDenied."""
    if by.pk != member.pk:
        raise PermissionDenied


def require_involved(*, recused: bool) -> None:
    """Not for a reviewer who said that they stay out. Raises PermissionDenied."""
    if recused:
        raise PermissionDenied


def require_word(by: Membership) -> None:
    """Whoever is in question vouches for nobody and confirms nobody, until somebody has vouched for them. Refused."""
    if by.revouch_since is not None:
        raise Refused(_("Somebody has to vouch for you first."))


def coverable(member: Membership) -> list[Role]:
    """The offices that a member holds themself, and that somebody could cover while they are away."""
    return [term.role for term in member.running_terms if term.role in COVERED and term.absent is None]


def mark(contact: Contact, committee_slug: str) -> str:
    """What an address is for one committee: the same for the same address, nothing to any other committee, and no way back."""
    return crypto.lookup_hmac(f"{committee_slug}:{contact.channel}:{contact.lookup}", purpose="removed")
