"""What somebody types who brings a committee, answers, or takes a place. Validation only."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.base.forms import LineField, TextField
from committees.base.uploads import FileForm
from committees.resettling.chest import LARGEST

LONGEST_NOTE = 1000


class BringForm(FileForm):
    """The file, the words that open it, and the code of whoever brings it."""

    largest = LARGEST

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


class DeclineForm(forms.Form):
    """Why a committee may not come."""

    reason = TextField(label=_("Why not?"), help_text=_("Whoever brought it reads this."), min_length=10, max_length=LONGEST_NOTE)


class PlaceForm(forms.Form):
    """The code with which a member takes their place."""

    code = LineField(label=_("Your code"), help_text=_("It stands on the page of your committee on the server that it came from."), max_length=60)
