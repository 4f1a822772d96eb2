"""What members type when they flag something, and moderators when they decide. Validation only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from committees.base.forms import Radios, TextField
from committees.base.once import OnceForm
from committees.moderation import rulebook, rules
from committees.moderation.models import FlagReason

LONGEST = 1000


class FlagForm(OnceForm):
    """What is wrong, and a word to the moderators."""

    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=FlagReason.choices,
        widget=Radios(hints={FlagReason.DOXXING: _("If you are past your first weeks, it is hidden at once until a moderator has looked.")}),
    )
    note = TextField(
        label=_("Anything the moderators should know"),
        help_text=_("Only moderators read it. They do not see who wrote it."),
        max_length=LONGEST,
        required=False,
    )


class ReasonForm(forms.Form):
    """The rule that something breaks, and why. `language`: the author's, in which the ready-made words are."""

    rule = forms.ChoiceField(label=_("Which rule does it break?"))
    words = forms.ChoiceField(label=_("Ready-made words"), help_text=_("In the author’s language. Used if you write nothing yourself."), required=False)
    text = TextField(
        label=_("Or in your own words"),
        help_text=_("At least 20 letters. Its author reads it, and other members read it without names."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ready = rulebook.rules(language or None)
        self._words = {f"{rule.code}-{n}": words for rule in ready for n, words in enumerate(rule.words)}
        own = rulebook.rules()
        self.fields["rule"].choices = [("", _("Choose a rule")), *((rule.code, rule.title) for rule in own)]  # type: ignore[attr-defined]
        groups = [(rule.title, [(f"{rule.code}-{n}", words) for n, words in enumerate(rule.words)]) for rule in ready]
        self.fields["words"].choices = [("", _("None: I write my own")), *groups]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["text"] = data.get("text") or self._words.get(data.get("words") or "", "")
        if "text" not in self.errors and "words" not in self.errors and len(data["text"]) < rules.SHORTEST_TEXT:
            self.add_error("text", _("Say why in at least 20 letters, or choose ready-made words."))
        return data


class LimitForm(ReasonForm):
    """How long somebody is limited, by which rule, and why."""

    days = forms.TypedChoiceField(label=_("For how long?"), coerce=int)
    field_order = ["days", "rule", "words", "text"]
    choices: tuple[int, ...] = rules.SILENCE_DAYS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [(n, _("1 day") if n == 1 else _("%(n)s days") % {"n": n}) for n in self.choices]  # type: ignore[attr-defined]


class SuspendForm(LimitForm):
    choices = rules.SUSPENSION_DAYS


class MoveForm(ReasonForm):
    """Where something belongs, by which rule, and why. `places`: where it could go."""

    to = forms.ChoiceField(label=_("Where does it belong?"))
    field_order = ["to", "rule", "words", "text"]

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("Choose where")), *places]  # type: ignore[attr-defined]


class FilterForm(forms.Form):
    """What of the queue is shown. Nothing chosen, everything shown."""

    kind = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    language = forms.ChoiceField(label=_("Language"), required=False)
    age = forms.TypedChoiceField(
        label=_("Waits for"),
        coerce=int,
        required=False,
        choices=[("", _("Any time")), (12, _("12 hours or longer")), (24, _("A day or longer"))],
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", ""), *kinds]  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", _("All languages")), *settings.LANGUAGES]  # type: ignore[attr-defined]
