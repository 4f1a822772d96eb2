"""What somebody types who brings a committee, answers, or takes a place. Validation only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.base.forms import LineField, TextField
from committees.base.once import OnceForm
from committees.resettling.chest import LARGEST

LONGEST_NOTE = 1000


class BringForm(OnceForm):
    """The file, the words that open it, and the code of whoever brings it."""

    file = forms.FileField(label=_("The file of your committee"), help_text=_("It ends with .age. An organizer took it from the other server."))
    passphrase = LineField(label=_("The words that open it"), help_text=_("Eight words. They stand where the file was taken."), max_length=200)
    code = LineField(
        label=_("Your own code"),
        help_text=_("It stands on the page of your committee on the other server. It makes you an organizer here again."),
        max_length=60,
    )
    note = TextField(
        label=_("How can the organizers of the alliance be sure that it is you?"),
        help_text=_("They talk with you before they let the committee come. Say how they reach you, if they do not know you."),
        max_length=LONGEST_NOTE,
        required=False,
    )

    def add_error(self, field: str | None, error: Any) -> None:
        """Of a form that is shown again browsers keep everything but the file."""
        super().add_error(field, error)
        if field != "file":
            self["file"].help_text = _("Choose the file again. Everything else is still there.")

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("This file is too large."))
        return file


class DeclineForm(forms.Form):
    """Why a committee may not come."""

    reason = TextField(label=_("Why not?"), help_text=_("Whoever brought it reads this."), min_length=10, max_length=LONGEST_NOTE)


class PlaceForm(forms.Form):
    """The code with which a member takes their place."""

    code = LineField(label=_("Your code"), help_text=_("It stands on the page of your committee on the server that it came from."), max_length=60)
