"""What organizers type when they send a delegate, and a delegate when they take a seat. Validation only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from committees.alliance.queries import scope_words
from committees.base.forms import LineField, Radios, TextField
from committees.base.once import OnceForm
from committees.bodies.models import Committee
from committees.mandates.models import EVERY, TERMS

LONGEST_MANDATE = 4000
LONGEST_REASON = 1000


class SendForm(OnceForm):
    """Where, whom, who takes over, what they may say, for how long and how often they report."""

    wider = forms.ChoiceField(label=_("To which committee?"), widget=Radios)
    delegate = LineField(label=_("Who goes?"), help_text=_("The name that they use here. They are told, and can say no at any moment."), max_length=40)
    alternate = LineField(
        label=_("Who takes over when they no longer can?"),
        help_text=_("The name that they use here. Without an alternate nobody speaks for you there until you send somebody else."),
        max_length=40,
        required=False,
    )
    text = TextField(
        label=_("What may they say and agree to there?"),
        help_text=_("The mandate. Your full members read it, and the organizers of the committee to which you send them."),
        min_length=10,
        max_length=LONGEST_MANDATE,
    )
    months = forms.TypedChoiceField(label=_("For how long?"), coerce=int, widget=Radios, initial=12)
    every = forms.TypedChoiceField(label=_("How often do they report to you?"), coerce=int, widget=Radios, initial=30)

    def __init__(self, *args: Any, places: list[Committee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {each.slug: each for each in places}
        fields: Any = self.fields
        fields["wider"].choices = [(each.slug, format_html("<bdi>{}</bdi> (<bdi>{}</bdi>)", each.name, scope_words(each))) for each in places]
        if len(places) == 1:
            fields["wider"].initial = places[0].slug
        fields["months"].choices = [(n, ngettext_lazy("%(n)s month", "%(n)s months", n) % {"n": n}) for n in TERMS]
        fields["every"].choices = [(n, ngettext_lazy("Every %(n)s day", "Every %(n)s days", n) % {"n": n}) for n in EVERY]

    def clean_wider(self) -> Committee:
        return self._places[self.cleaned_data["wider"]]


class EndForm(OnceForm):
    """Why a mandate should end before its time."""

    reason = TextField(label=_("Why?"), help_text=_("All full members read this."), min_length=10, max_length=LONGEST_REASON)


class SeatForm(forms.Form):
    """The name that a delegate takes in the wider committee."""

    handle = LineField(label=_("Your name there"), help_text=_("Not your real name. It can be another one than here."), min_length=2, max_length=40)
