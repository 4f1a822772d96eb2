"""What organizers type about meetings that repeat. Validation only."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from committees.base.forms import DayField, LineField, Radios
from organizing.meetings.models import Meeting
from organizing.meetings.plans import Scope
from organizing.meetings.rhythms import LONGEST_RULE, MOST_OFTEN, MOST_TIMES, Every, Rhythm


class WhichFields(forms.Form):
    """For which meetings of its series a change is. Of a meeting that takes place once nothing is asked."""

    scope = forms.ChoiceField(
        label=_("For which meetings?"),
        choices=Scope,
        initial=Scope.ONE,
        widget=Radios(hints={Scope.FOLLOWING: _("What was changed for one date alone stays as it is."), Scope.ALL: _("Past ones stay as they were.")}),
    )

    def ask_which(self, meeting: Meeting | None) -> None:
        if meeting is None or meeting.series_id is None or meeting.is_draft:
            del self.fields["scope"]

    @property
    def which(self) -> Scope:
        return Scope(self.cleaned_data.get("scope", Scope.ONE))


def _count(label: Any, *, least: int, most: int, wrong: Any, **more: Any) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "input--min"})
    errors = {"invalid": wrong, "min_value": wrong, "max_value": wrong}
    return forms.IntegerField(label=label, min_value=least, max_value=most, required=False, widget=widget, error_messages=errors, **more)


class RepeatForm(forms.Form):
    """How often, and until when."""

    class Ends:
        NEVER, COUNT, UNTIL = "never", "count", "until"

    every = forms.ChoiceField(label=_("How often?"), widget=Radios)
    interval = _count(
        _("Interval"),
        least=1,
        most=MOST_OFTEN,
        wrong=_("Enter a number from 1 to 52."),
        help_text=_("With 2 it is every second day, week, month or year. Empty is every one."),
    )
    own = LineField(
        label=_("Your own rule"),
        max_length=LONGEST_RULE,
        required=False,
        help_text=_("Only if none of the others fits: as calendars write it, like FREQ=WEEKLY;BYDAY=MO,TH"),
        widget=forms.TextInput(attrs={"dir": "ltr", "class": "input--full", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    ends = forms.ChoiceField(
        label=_("When does it end?"),
        choices=[(Ends.NEVER, _("It goes on until somebody ends it")), (Ends.COUNT, _("After a number of times")), (Ends.UNTIL, _("On a day"))],
        initial=Ends.NEVER,
        widget=Radios,
    )
    count = _count(_("How many times?"), least=2, most=MOST_TIMES, wrong=_("Enter a number from 2 to 500."))
    until = DayField(label=_("The last day"), required=False)

    def __init__(self, *args: Any, first: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = (Every.RULE.value, Every.RULE.label)
        offered = [(each.value, capfirst(Rhythm(each).words(first))) for each in Every if each is not Every.RULE and _fits(each, first)]
        self.fields["every"].choices = [*offered, own]  # type: ignore[attr-defined]
        self.fields["every"].initial = Every.WEEK

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("every") == Every.RULE and not data.get("own"):
            self.add_error("own", ValidationError(_("Write the rule, or choose how often above.")))
        ends = data.get("ends")
        for name, missing in (("count", _("Say how many times.")), ("until", _("Choose the last day."))):
            if ends == name and not data.get(name) and name not in self.errors:
                self.add_error(name, missing)
        return data

    @property
    def rhythm(self) -> Rhythm:
        data = self.cleaned_data
        by_rule = data["every"] == Every.RULE
        return Rhythm(
            data["every"],
            1 if by_rule else data["interval"] or 1,
            data["own"] if by_rule else "",
            data["count"] if data["ends"] == self.Ends.COUNT else None,
            data["until"] if data["ends"] == self.Ends.UNTIL else None,
        )


def chosen(meeting: Meeting) -> dict[str, Any]:
    """What the form shows first: how a draft was to repeat."""
    series = meeting.series
    if series is None:
        return {}
    ends = RepeatForm.Ends.COUNT if series.count else RepeatForm.Ends.UNTIL if series.until else RepeatForm.Ends.NEVER
    return {"every": series.every, "interval": series.interval, "own": series.own, "count": series.count, "until": series.until, "ends": ends}


def _fits(every: Every, first: date) -> bool:
    """The last week of a month is offered only in it, a fifth one never, nor the days that some months lack."""
    last = monthrange(first.year, first.month)[1]
    if every is Every.MONTH_LAST:
        return first.day + 7 > last
    return every is not Every.MONTH_DAY or first.day <= 28
