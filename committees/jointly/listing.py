"""The list of members as a file. What a member typed never becomes a formula in somebody's spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext as _

from committees.base.text import neutral_cell
from committees.membership.models import Membership


def as_csv(members: Iterable[Membership]) -> HttpResponse:
    """One row for each: the name here, where they stand, roles, shift, and the month since which they belong (UTC)."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="members.csv"'
    lines = csv.writer(response)
    lines.writerow([_("Name here"), _("Standing"), _("Roles"), _("Shift"), _("Since")])
    for member in members:
        roles = ", ".join(str(term.role.label) for term in member.running_terms if term.absent is None)
        lines.writerow([neutral_cell(member.handle), str(member.get_standing_display()), roles, neutral_cell(member.shift), f"{member.joined_at:%Y-%m}"])
    return response
