"""The member's door: another's committee is the same as none."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from committees.base import doors
from committees.base.doors import View, platform_admin, public, recent, signed_in
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.people.models import Person

__all__ = ["MemberRequest", "member", "platform_admin", "public", "recent", "signed_in"]


class MemberRequest(HttpRequest):
    """A request that came through the member's door."""

    user: Person
    membership: Membership


def member(power: Power = Power.SEE_COMMITTEE) -> Callable[[View], View]:
    """Members of the committee named by `committee_slug` in the path who hold `power`. For all others: no such page.

    Sets `request.membership`, with its committee and running roles. Asked of the database at every request, so that a
    removal counts from the next one on.
    """

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, committee_slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return doors.sign_in_first(request)
            membership = (
                Membership.objects.of(request.user)
                .filter(committee__slug=committee_slug)
                .exclude(committee__life="dissolved")
                .select_related("committee", "person")
                .with_running_roles()
                .first()
            )
            if membership is None or power not in membership.powers:
                raise Http404
            request.membership = membership  # type: ignore[attr-defined]
            return doors.private(view(request, *args, **kwargs))

        guarded.power = power  # type: ignore[attr-defined]
        return doors.mark(guarded, "member")

    return door
