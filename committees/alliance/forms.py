"""What organizers type when committees come together. Validation only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from committees.alliance import queries
from committees.base.forms import LineField, Radios, TextField
from committees.base.once import OnceForm
from committees.bodies.models import Committee, Scope

LONGEST_REASON = 1000


class AskForm(OnceForm):
    """Which wider committee, and a word to its organizers."""

    wider = forms.ChoiceField(label=_("Which committee do you want to belong to?"), widget=Radios)
    why = TextField(
        label=_("A word to its organizers"),
        help_text=_("Who you are and what you want to do together. Only they and your own organizers read it."),
        max_length=LONGEST_REASON,
        required=False,
    )

    def __init__(self, *args: Any, candidates: list[Committee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._candidates = {each.slug: each for each in candidates}
        choices = [(each.slug, format_html("<bdi>{}</bdi> (<bdi>{}</bdi>)", each.name, queries.scope_words(each))) for each in candidates]
        self.fields["wider"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["wider"].initial = choices[0][0]

    def clean_wider(self) -> Committee:
        return self._candidates[self.cleaned_data["wider"]]


class ReasonForm(forms.Form):
    """Why one says no, or parts. The other side reads it."""

    reason = TextField(label=_("Why?"), help_text=_("Their organizers read this."), min_length=10, max_length=LONGEST_REASON)


class StartForm(OnceForm):
    """A wider committee that is to be: what it is about, and its name."""

    scope = forms.ChoiceField(label=_("Which committees should it bring together?"), widget=Radios)
    region = forms.ChoiceField(
        label=_("Which region?"), help_text=_("Only where it is for one region: those in which the directory has workplaces."), required=False
    )
    name = LineField(label=_("What is it called?"), help_text=_("For example “Parcel hubs in Ohio”. Anyone can read it."), max_length=120)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *args: Any, choices: list[tuple[str, str]], regions: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        if data and len(regions) > 1:
            scope, _dash, only = data.get("scope", "").partition("-")
            if scope == queries.PART and only:  # the page offered only this one, for the others are started
                data = {**{name: data[name] for name in data}, "scope": scope, "region": only}
        super().__init__(data, *args, **kwargs)
        self.fields["scope"].choices = choices  # type: ignore[attr-defined]
        self.fields["region"].choices = [("", _("Choose one")), *regions]  # type: ignore[attr-defined]
        if len(regions) < 2:
            del self.fields["region"]
        if len(choices) == 1:
            self.fields["scope"].initial = choices[0][0]
            if "region" in self.fields:
                self.fields["region"].required, self.fields["region"].help_text = True, _("Those in which the directory has workplaces.")

    def clean(self) -> dict[str, Any]:
        """`scope` as committees have it; `region`, where it is for one, the key of that one."""
        said = super().clean() or self.cleaned_data
        scope, _dash, only = said.get("scope", "").partition("-")
        within = scope == queries.PART
        said["region"] = (only or said.get("region", "")) if within else ""
        if within:
            said["scope"] = str(Scope.REGION)
            if not said["region"] and not self.has_error("region"):
                self.add_error("region", _("Choose the region."))
        return said


class FindForm(forms.Form):
    """What somebody looks for among the committees. What makes no sense is left out; a search is never refused."""

    q = LineField(label=_("Workplace, employer or name"), required=False, max_length=200)
    scope = forms.ChoiceField(label=_("How far it reaches"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, countries: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((code, queries.country_name(code)) for code in countries), key=lambda pair: pair[1])
        self.fields["country"].choices = [("", _("All countries")), *named]  # type: ignore[attr-defined]
        reaches = [(value, _("One country or region") if value == Scope.REGION else label) for value, label in Scope.choices]
        self.fields["scope"].choices = [("", _("All of them")), *reaches]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, str]:
        """The parts that make sense."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "scope", "country")}
