"""What organizers say of a meeting that is open to visitors, and how a visitor wants to be called. Validation only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.base.forms import LineField, TextField
from committees.membership import handles
from organizing.visitors.models import MOST_ROOM


class OpeningForm(forms.Form):
    words = TextField(
        label=_("What outsiders should know"),
        required=False,
        max_length=2000,
        help_text=_("Everybody reads it. Write no name, no workplace detail and no way to get there."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    room = forms.IntegerField(
        label=_("Room for how many visitors"), required=False, min_value=1, max_value=MOST_ROOM, help_text=_("Leave it empty if there is room for all.")
    )


class RegisterForm(forms.Form):
    name = LineField(
        label=_("How should the organizers call you?"),
        max_length=handles.LONGEST,
        help_text=_("Only the organizers of this meeting see it. It need not be your real name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> Any:
        try:
            return handles.well_formed(self.cleaned_data["name"])
        except Refused as no:
            raise ValidationError(str(no)) from None
