"""What members type and choose while a meeting goes on. Validation only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from committees.base import dates
from committees.base.forms import LineField, Radios
from organizing.live.models import Duty

LIMITS = (1, 2, 3, 5, 10, 15)
_duration = lazy(dates.duration, str)


def key(typed: str | None) -> UUID | None:
    """A point of the agenda as a button names it; None for none, and for what is no key one that no point has."""
    try:
        return UUID(typed) if typed else None
    except ValueError:
        return UUID(int=0)


class CodeForm(forms.Form):
    code = LineField(
        label=_("The code on the screen"),
        max_length=20,
        help_text=_("Six digits. They change every minute; the ones from a minute ago still work."),
        widget=forms.TextInput(attrs={"class": "input--m", "inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}),
    )


class LimitForm(forms.Form):
    minutes = forms.TypedChoiceField(label=_("How long one speaks"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, now: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = sorted({*LIMITS, *([now] if now else [])})
        self.fields["minutes"].choices = [("", _("As long as they want")), *((n, _duration(n)) for n in offered)]  # type: ignore[attr-defined]
        self.fields["minutes"].initial = now or ""


class DutyForm(forms.Form):
    handle = LineField(label=_("Which member?"), max_length=40, help_text=_("Their name here, as it stands in your list of members."))
    kind = forms.ChoiceField(label=_("What do they do in this meeting?"), choices=Duty.Kind, widget=Radios)


class SearchForm(forms.Form):
    q = LineField(label=_("Find a name"), max_length=40, required=False)
