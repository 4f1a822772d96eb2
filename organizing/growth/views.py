"""The organizers' page of how their committee grows."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from committees.base import charts
from committees.membership import doors
from committees.membership.queries import SMALLEST_SHOWN
from committees.membership.roles import Power
from organizing.growth import queries
from organizing.growth.figures import figures, from_to
from organizing.growth.forms import PeriodForm


@doors.member(Power.SEE_GROWTH)
@require_GET
def growth(request: doors.MemberRequest) -> HttpResponse:
    """Numbers of all together, week by week; by shift; and where the same employer's workers have no committee yet."""
    member = request.membership
    form = PeriodForm(request.GET)
    found = queries.growth(member, weeks=form.asked, smallest=SMALLEST_SHOWN)
    shifts = [(each["shift"], from_to(each["from"]), each["from"]) for each in found.picture.shifts] if found.picture else []
    most = max((number for _shift, _words, number in shifts), default=1)
    context = {
        "committee": member.committee,
        "member": member,
        "form": form,
        "asked": form.asked,
        "found": found,
        "figures": figures(found.weeks) if found.weeks else [],
        "shifts": [(shift, words, f"{100 * number / most:.1f}%") for shift, words, number in shifts],
        "smallest": charts.number(SMALLEST_SHOWN),
    }
    return render(request, "growth/growth.html", context)
