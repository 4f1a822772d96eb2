"""What stands in the bars and menus of every page, for the public and for people who are signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from committees.base.navigation import Link, Navigation, address, link, present
from committees.guides import menu, registry
from committees.membership import queries as membership
from committees.membership.roles import Power
from committees.people.models import Person


def _foot(request: HttpRequest, *, inside: bool = False) -> list[Any]:
    """Pages of help, in the order that those who keep the service gave them; the meetings that are open to everybody; a person, for whoever has
    an account; then what is made from the program."""
    person = link(request, _("Ask a person"), "asking:ask") if inside else None
    source = Link(_("Source code"), settings.SOURCE_URL) if settings.SOURCE_URL else None
    meetings = link(request, _("Open meetings"), "visitors:announced")
    return present([*menu.links(request), meetings, person, *(link(request, title, name) for title, name in registry.fixed()), source])


def _public(request: HttpRequest) -> Navigation:
    return Navigation(
        items=present(
            [
                link(request, _("Workplaces"), "directory:search"),
                link(request, _("Forum"), "forum:front"),
                link(request, _("How it works"), "home:how"),
                link(request, _("Sign in"), "account_login"),
            ]
        ),
        foot=_foot(request),
    )


def _reviews(request: HttpRequest, person: Person) -> bool:
    """Whether there is a queue for this person. A page of a committee has read their powers there already."""
    member = getattr(request, "membership", None)
    return (member is not None and Power.REVIEW_APPLICATIONS in member.powers) or membership.is_reviewer(person)


def _inside(request: HttpRequest, person: Person) -> Navigation:
    more = [
        link(request, _("Notices for you"), "notices:inbox", "bell"),
        link(request, _("Applications and flags"), "moderation:queue", "flag") if _reviews(request, person) else None,
        link(request, _("Your applications"), "membership:mine", "doc"),
        link(request, _("What you have asked"), "asking:mine", "chat"),
        link(request, _("What was decided about yours"), "moderation:mine", "shield"),
        link(request, _("What you are told, and how"), "notices:preferences", "bell"),
        link(request, _("Whom you blocked"), "forum:blocked", "eye-off"),
        link(request, _("Account and safety"), "people:settings", "shield"),
        link(request, _("Workplaces"), "directory:search", "search"),
    ]
    if person.is_platform_admin:
        more.append(link(request, _("Keep the service running"), "home:keeping", "tick-box"))
    return Navigation(
        items=present(
            [
                link(request, _("Today"), "home:today", "today"),
                link(request, _("Committees"), "bodies:list", "users"),
                link(request, _("Meetings"), "meetings:list", "calendar"),
                link(request, _("Forum"), "forum:front", "chat"),
            ]
        ),
        more=present(more),
        foot=_foot(request, inside=True),
        home=address("home:today") or "/",
    )


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Made only when a template draws the frame, for parts of pages do not."""

    def build() -> Navigation:
        person = getattr(request, "user", None)
        return _inside(request, person) if isinstance(person, Person) else _public(request)

    return {"nav": SimpleLazyObject(build)}
