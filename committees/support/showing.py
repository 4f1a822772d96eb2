"""The part that stands in no other room: how a committee is set up, and its rules."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from committees.base import languages
from committees.membership import queries as membership
from committees.support.models import Grant
from committees.support.register import Shown


def settings(grant: Grant, item: str, _request: HttpRequest) -> Shown | None:
    """How it is called, who finds it, how one joins, and what its charter says."""
    if item:
        return None
    committee = grant.committee
    context = {"committee": committee, "policy": committee.policy, "charter": membership.charter(committee), "languages": languages.names(committee.languages)}
    return Shown(_("Settings and rules"), "support/_settings.html", context)
