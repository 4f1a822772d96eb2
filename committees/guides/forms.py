"""What somebody types who writes a page of help. Validation only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from committees.base import languages, markdown
from committees.base.forms import LineField, TextField
from committees.base.once import OnceForm
from committees.guides.drawing import html_of
from committees.guides.models import LONGEST_TEXT, LONGEST_TITLE


class WriteForm(forms.Form):
    """A page in one language: its title and its text."""

    title = LineField(
        label=_("Title"),
        help_text=_("It stands at the head of the page, and in the list at the end of every page."),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    text = TextField(
        label=_("Text"),
        help_text=_("Short sentences, plain words. A line that begins with ## is a heading. Pictures are not shown."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 20, "dir": "auto"}),
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not markdown.plain(html_of(text)):
            raise forms.ValidationError(_("Nothing of this would be seen. Write a sentence."))
        return text


class NewForm(OnceForm, WriteForm):
    """A page that is not there yet, in its first language."""

    language = forms.ChoiceField(label=_("In which language do you write it?"), help_text=_("You add the others when it is saved."))

    field_order = ("language", "title", "text")

    def __init__(self, data: Any = None) -> None:
        known = languages.of_screens()
        mine = get_language() or settings.LANGUAGE_CODE
        super().__init__(data, initial={"language": mine if mine in known else known[0]})
        fields: Any = self.fields
        fields["language"].choices = languages.choices(known)
