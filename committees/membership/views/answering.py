"""Whether founders are answered, for those who keep the service running: numbers of committees, never of persons."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from committees.membership import doors, queries
from committees.people.requests import PersonRequest

#: An answer is promised within three days; after four a notice goes out to the wider committee by itself.
LATE_DAYS = 4


@doors.platform_admin
@require_safe
def overview(request: PersonRequest) -> HttpResponse:
    """How many founders wait, for how long, and whether there is anybody to answer them: to ring the bell, and no more."""
    now = timezone.now()
    lines = [{"each": each, "days": (now - each.oldest).days if each.oldest else None} for each in queries.answering()]
    return render(request, "membership/answering.html", {"lines": lines, "late": LATE_DAYS})
