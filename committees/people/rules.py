"""Pure questions about an account. No queries, no writes."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.people.models import Contact, Person, Session


@dataclass(frozen=True)
class Ways:
    """How a person can get into their account."""

    password: bool
    passkeys: int
    app: bool
    contacts: int
    paper: bool

    @property
    def any(self) -> bool:
        """True once there is something to sign in with next time."""
        return self.password or self.passkeys > 0 or self.contacts > 0


def may_drop_contact(ways: Ways) -> bool:
    """Not the last address of somebody who has neither a password nor a passkey."""
    return ways.contacts > 1 or ways.password or ways.passkeys > 0


def may_drop_passkey(ways: Ways) -> bool:
    """Not the last passkey of somebody who has neither a password nor an address."""
    return ways.passkeys > 1 or ways.password or ways.contacts > 0


def may_return_by_mail(person: Person, *, has_paper: bool) -> bool:
    """A hidden account comes back by its paper code; by a code to its address only where no paper code was ever made."""
    return person.hidden_on is not None and person.erased_on is None and person.disabled_on is None and not has_paper


def require_own(thing: Contact | Session, by: Person) -> None:
    """Addresses and devices are touched by the person they belong to, and by nobody else."""
    if thing.person_id is None or thing.person_id != by.pk:
        raise PermissionDenied


def require_keeper(by: Person | None) -> None:
    """Somebody who keeps the service running. Raises Refused."""
    if by is None or not by.is_platform_admin:
        raise Refused(_("Only somebody who keeps the service running can do that."))
