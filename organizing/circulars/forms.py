"""What an organizer types. Validation only."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from committees.alliance import rules as ties
from committees.base import languages
from committees.base.forms import LineField, Radios, TextField
from committees.base.once import OnceForm
from committees.bodies.models import Committee
from organizing.circulars import rules
from organizing.circulars.models import Circular, Reach


class WriteForm(OnceForm):
    """A message to everybody: its subject, its text, the language it is in; in a committee to which others may belong also to whom it goes.
    `seen`: when the draft was last changed that one began from."""

    reach = forms.ChoiceField(
        label=_("Who gets it?"),
        help_text=_("To the members of other committees it goes when a second organizer agrees."),
        choices=Reach.choices,
        widget=Radios,
        initial=Reach.OWN,
    )
    subject = LineField(
        label=_("What is it about?"),
        help_text=_("One line. It stands above the text, never in the subject of a mail."),
        max_length=rules.LONGEST_SUBJECT,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    text = TextField(
        label=_("Your message"),
        help_text=_("Everyone in the committee gets it, new members too. Some read it in their mail program. Leave out what a manager must not read."),
        max_length=rules.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Which language is it in?"))
    seen = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, committee: Committee, circular: Circular | None = None) -> None:
        mine = (get_language() or settings.LANGUAGE_CODE).split("-", maxsplit=1)[0]
        written: dict[str, Any] = {"language": mine}
        if circular:
            written = {name: getattr(circular, name) for name in ("subject", "text", "language", "reach")}
            written["seen"] = circular.changed_at.isoformat()
        super().__init__(data, initial=written)
        self.committee = committee
        fields: Any = self.fields
        fields["language"].choices = languages.choices([written["language"], mine, *committee.languages, *languages.of_screens(), *languages.SPOKEN])
        del fields["form_key" if circular else "seen"]
        if not ties.is_wide(committee):
            del fields["reach"]
        else:
            fields["text"].help_text = _("New members get it too. Some read it in their mail program. Leave out what a manager must not read.")

    def anew(self, circular: Circular | None) -> WriteForm:
        """The same with what was typed, so that the button works when it is pressed again: on that draft as it is now, or on a new one."""
        more = {"seen": circular.changed_at.isoformat()} if circular else {"form_key": str(uuid.uuid4())}
        return WriteForm({**dict(self.data.items()), **more}, committee=self.committee, circular=circular)


class SendForm(forms.Form):
    """The button that sends. `seen`: when the draft was last changed that stood on the page."""

    seen = forms.DateTimeField(widget=forms.HiddenInput)
