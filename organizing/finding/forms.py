"""What organizers and members type about times. Validation only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from committees.base import clock, dates
from committees.base.forms import ClockField, DayField, LineField, Radios, TextField, Tiles
from committees.base.once import OnceForm
from committees.bodies.models import Committee
from committees.people import zones
from organizing.finding import rules
from organizing.finding.models import Word
from organizing.finding.queries import Time
from organizing.meetings.forms import FURTHEST, LENGTHS
from organizing.meetings.plans import When

_duration = lazy(dates.duration, str)
#: So many empty lines a new form has.
LINES = 3
PREFIX = "time"


def _near(day: Any) -> Any:
    today = timezone.now().date()
    if day is not None and not today <= day <= today + FURTHEST:
        raise ValidationError(_("Choose a date from today on, at most three years ahead."))
    return day


class TimeForm(forms.Form):
    """One of the times. An empty line is no time."""

    day = DayField(label=_("Date"), required=False)
    clock = ClockField(label=_("Starts"), required=False)

    def clean_day(self) -> Any:
        return _near(self.cleaned_data["day"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for one, other in (("day", "clock"), ("clock", "day")):
            if data.get(one) is None and data.get(other) is not None and one not in self.errors:
                self.add_error(one, _("Choose a date and a time, or leave both empty."))
        return data


class _Times(forms.BaseFormSet):
    default_error_messages = {"missing_management_form": _("The times did not arrive. Please try again.")}

    def times(self, zone: str, minutes: int) -> list[When]:
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("day") and form.cleaned_data.get("clock")]
        return [When(data["day"], data["clock"], zone, minutes) for data in filled]


TimesForm = forms.formset_factory(TimeForm, formset=_Times, extra=0, max_num=rules.MOST, absolute_max=rules.MOST, validate_max=True)


class ProposeForm(OnceForm):
    """What the meeting is about, how long it is, whose clocks count, until when people answer."""

    subject = LineField(
        label=_("What is the meeting about?"),
        max_length=rules.LONGEST_SUBJECT,
        help_text=_("Members see this after they sign in. It is never in a text message or an email subject."),
        widget=forms.TextInput(attrs={"class": "input--full"}),
    )
    question = TextField(
        label=_("Anything members should know"),
        max_length=rules.LONGEST_QUESTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    minutes = forms.TypedChoiceField(label=_("Length"), coerce=int, choices=[(n, _duration(n)) for n in LENGTHS], initial=60)
    zone = forms.ChoiceField(label=_("Time zone"), help_text=_("The place whose clocks count. Everyone sees the time on their own clock."))
    ends_day = DayField(label=_("People answer until"), help_text=_("It has to be before the first of the times."))
    ends_clock = ClockField(label=_("At"))

    def __init__(self, data: Any = None, *, committee: Committee, initial: Mapping[str, Any] | None = None) -> None:
        ends = clock.wall(timezone.now() + rules.USUALLY, committee.zone).replace(second=0, microsecond=0)
        usual = {"zone": committee.zone, "ends_day": ends.date(), "ends_clock": ends.time()}
        super().__init__(data, initial={**usual, **(initial or {})})
        self.fields["zone"].choices = zones.choices()  # type: ignore[attr-defined]

    def clean_ends_day(self) -> Any:
        return _near(self.cleaned_data["ends_day"])

    @property
    def ends_at(self) -> datetime:
        data = self.cleaned_data
        return clock.instant(datetime.combine(data["ends_day"], data["ends_clock"]), data["zone"])


def typed_lines(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines as they were typed, right or wrong."""
    typed = str(data.get(f"{PREFIX}-TOTAL_FORMS", ""))
    number = int(typed) if len(typed) <= 2 and typed.isascii() and typed.isdigit() else 0
    return [{name: data.get(f"{PREFIX}-{row}-{name}", "") for name in TimeForm.base_fields} for row in range(min(number, rules.MOST))]


class AddForm(forms.Form):
    """One more time, in the zone of the others."""

    day = DayField(label=_("Date"))
    clock = ClockField(label=_("Starts"))

    def clean_day(self) -> Any:
        return _near(self.cleaned_data["day"])


class AnswerForm(forms.Form):
    """What somebody says about each time. Each field has its time, so that a page can draw the two together."""

    def __init__(self, data: Any = None, *, times: Iterable[Time]) -> None:
        super().__init__(data)
        self.times = list(times)
        for time in self.times:
            said = dates.moment_with_zone(time.starts_at)
            self.fields[time.slot.slug] = forms.ChoiceField(
                label=said,
                choices=Word.choices,
                widget=Tiles(row=True),
                initial=time.mine or None,
                error_messages={"required": _("Say whether this time works for you.")},
            )

    @property
    def rows(self) -> list[tuple[Time, Any]]:
        return [(time, self[time.slot.slug]) for time in self.times]


class TakeForm(forms.Form):
    """Which time is taken: the name of one of them."""

    slot = forms.SlugField()


class EndForm(forms.Form):
    """How a search ends without a time."""

    how = forms.ChoiceField(
        label=_("How does it end?"),
        choices=[("close", _("Close it: what was answered stays to be seen for a month")), ("withdraw", _("Take it back: all answers are erased now"))],
        widget=Radios,
        initial="close",
    )
