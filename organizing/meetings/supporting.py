"""What those who keep the service see of a committee's meetings while it lets them: a list, never a place, a link or who comes."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from committees.base import keyset
from committees.support.models import Grant
from committees.support.register import Shown
from organizing.meetings.models import Meeting
from organizing.meetings.queries import LATEST

KEY = "meetings"


def show(grant: Grant, item: str, request: HttpRequest) -> Shown | None:
    """What was called in the committee itself, the latest first."""
    if item:
        return None
    rows = Meeting.objects.called().filter(committee_id=grant.committee_id, starts_at__isnull=False).defer("place", "link", "dial_in")
    return Shown(_("Meetings"), "meetings/_support_list.html", {"page": keyset.page(rows, request, order=LATEST)})
