"""The member's door: another's committee is the same as none."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from committees.base import doors, prepared
from committees.base.doors import View, platform_admin, private, public, recent, signed_in
from committees.bodies.models import Committee
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.people.models import Person

__all__ = ["MemberRequest", "member", "platform_admin", "private", "public", "recent", "signed_in"]


_MINE_HERE = prepared.Prepared(
    lambda person, slug, at: (
        Membership.objects.of(person)
        .filter(committee__slug=slug)
        .exclude(committee__life="dissolved")
        .select_related("committee__workplace", "person")
        .with_running_roles(at)
    ),
    person=prepared.a_row(Person),
    slug=prepared.a_word,
    at=prepared.an_instant,
)


def _led_on(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the committee became part of another one to which this person belongs: the same page there. Else as if there were none."""
    there = Membership.objects.of(request.user).filter(committee__in=Committee.objects.filter(slug=slug).values("merged_into"))  # type: ignore[arg-type]
    new = there.values_list("committee__slug", flat=True).first()
    if new is None or request.method not in ("GET", "HEAD"):
        raise Http404
    return redirect(request.get_full_path().replace(f"/committees/{slug}/", f"/committees/{new}/", 1))


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
            membership = _MINE_HERE.first(person=request.user, slug=committee_slug, at=timezone.now())
            if membership is None:
                return _led_on(request, committee_slug)
            if power not in membership.powers:
                raise Http404
            request.membership = membership  # type: ignore[attr-defined]
            return doors.private(view(request, *args, **kwargs))

        guarded.power = power  # type: ignore[attr-defined]
        return doors.mark(guarded, "member")

    return door
