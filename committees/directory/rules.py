"""Pure questions about sites and those who ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from committees.base.errors import Refused

if TYPE_CHECKING:
    from committees.people.models import Person

#: More than anybody works at, few enough that the list of proposals cannot be flooded.
MAX_WAITING = 10


def require_admin(by: Person) -> None:
    """The directory is kept in order by platform admins."""
    if not by.is_platform_admin:
        raise PermissionDenied


def require_room_for_proposal(waiting: int) -> None:
    """Each person may have a few proposals that wait for an answer."""
    if waiting >= MAX_WAITING:
        raise Refused(_("You have added %(n)s workplaces that nobody has checked yet. Wait until they are listed.") % {"n": waiting})
