"""What readers learn of where an author works: the site, or only the industry and the country; and how authors are called."""

from __future__ import annotations

from django.utils.translation import gettext as _

from committees.alliance.queries import country_name
from committees.bodies.models import Visibility
from committees.directory import industries
from organizing.forum.models import ShownAs


def name(handle: str | None, person_id: int | None) -> str:
    """How an author is called. Of an account that was erased nothing is left but that it was there."""
    return handle if handle and person_id else _("Former member")


def place(
    *,
    shown_as: str,
    visibility: str,
    country: str = "",
    industry: str = "",
    code: str | None = None,
    site: str | None = None,
    city: str | None = None,
    committee: str = "",
) -> str:
    """The line beside a handle for readers from other committees.

    Whoever writes for a committee that only its link leads to is known by industry and country alone, whatever they chose:
    the committee may have been hidden since.
    """
    if shown_as == ShownAs.SITE and visibility == Visibility.LISTED:
        if site is None:
            return committee  # members of a wider committee have no site
        named = code or site
        return named if not city or city in named else f"{named} {city}"
    return ", ".join(part for part in (industries.name_of(industry), country_name(country) if country else "") if part)
