"""What somebody types who asks or answers. Validation only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from committees.asking.models import Question, Whom
from committees.asking.queries import Asking
from committees.asking.rules import LONGEST
from committees.base import languages
from committees.base.forms import Checkboxes, Radios, TextField
from committees.base.once import WordsForm


def _mine() -> str:
    return (get_language() or settings.LANGUAGE_CODE).split("-", maxsplit=1)[0]


class _Written(WordsForm):
    """A text, and the language it is in: the one that is most likely first."""

    text = TextField(label=_("What do you want to say?"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}))
    language = forms.ChoiceField(label=_("Which language is it in?"))

    def __init__(self, data: Any = None, *, first: tuple[str, ...] = (), **kwargs: Any) -> None:
        top = [code for code in dict.fromkeys((*first, _mine())) if languages.is_known(code)]
        kwargs["initial"] = {**kwargs.get("initial", {}), "language": top[0]}
        super().__init__(data, **kwargs)
        rest = languages.choices(code for code in (*languages.SPOKEN, *languages.of_screens()) if code not in top)
        self.fields["language"].choices = [(code, languages.name(code)) for code in top] + rest  # type: ignore[attr-defined]


class AskForm(_Written):
    """Whom one asks, in which language, and what."""

    to = forms.ChoiceField(label=_("Whom do you ask?"))
    sites = forms.MultipleChoiceField(
        label=_("May they see where you work?"),
        help_text=_("They see it only if you tick it, and only if you ask organizers who do not see your name."),
        required=False,
        widget=Checkboxes,
    )

    field_order = ("to", "text", "language", "sites")

    def __init__(self, data: Any = None, *, asking: Asking, to: str = "") -> None:
        choices = asking.choices
        known = [each.key for each in choices]
        chosen = to if to in known else known[0] if len(known) == 1 else None
        super().__init__(data, initial={"to": chosen})
        fields: Any = self.fields
        fields["to"].widget = Radios(hints={each.key: each.sees for each in choices})
        fields["to"].choices = [(each.key, each.label) for each in choices]
        fields["text"].label = _("Your question")
        fields["text"].help_text = _("Write in any language. Don’t write your name, a badge number, or anything that only you could know.")
        fields["language"].label = _("The language you write")
        if asking.sites and any(each.whom == Whom.WIDER for each in choices):
            fields["sites"].choices = [(site, format_html("<bdi>{}</bdi>", site)) for site in asking.sites]
        else:
            del fields["sites"]


class WriteForm(_Written):
    """One more word of whoever asked."""

    def __init__(self, data: Any = None, *, question: Question) -> None:
        super().__init__(data, first=(question.language,))


class AnswerForm(_Written):
    """An answer. `seen`: how many times something had been written when its page was opened."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, question: Question) -> None:
        super().__init__(data, initial={"seen": question.said})
        fields: Any = self.fields
        fields["text"].label = _("Your answer")
        fields["language"].help_text = _("They write in %(language)s. If you can, answer in that language.") % {"language": languages.name(question.language)}

    def anew(self, question: Question) -> AnswerForm:
        """The same with what was typed, so that the button works when it is pressed again: on what stands there now."""
        form = AnswerForm({**dict(self.data.items()), "seen": str(question.said)}, question=question)
        form.full_clean()
        return form


class SeenForm(forms.Form):
    """A button that closes. `seen` as in an answer."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
