"""What people type about workplaces: what they look for, and a site that is not there yet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.base import dates
from committees.base.forms import Checkboxes, LineField
from committees.base.once import OnceForm
from committees.base.text import clean_line
from committees.directory import names, places
from committees.directory.models import Kind
from committees.people import zones

MAX_TYPED = 200


def named_countries(codes: list[str]) -> list[tuple[str, str]]:
    """Codes with the names of the countries, in the order of the language in use."""
    territories = dates.locale().territories
    return sorted(((code, str(territories.get(code, code))) for code in codes), key=lambda pair: names.fold(pair[1]))


def _choose(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


class SearchForm(forms.Form):
    """What somebody looks for. What makes no sense is left out; a search is never refused."""

    q = LineField(label=_("Workplace, employer or town"), required=False, max_length=MAX_TYPED)
    kind = forms.MultipleChoiceField(label=_("Kind of work"), choices=Kind, required=False, widget=Checkboxes)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, countries: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "country", [("", _("All countries")), *named_countries(countries)])

    @property
    def asked(self) -> dict[str, Any]:
        """The parts that make sense: too long a text is cut, a country that has no site is none."""
        self.is_valid()
        typed = self.cleaned_data.get("q") or clean_line(str(self.data.get("q", "")))[:MAX_TYPED]
        return {"q": typed, "kind": self.cleaned_data.get("kind", []), "country": self.cleaned_data.get("country", "")}


class ProposeForm(OnceForm):
    """A site that is not in the directory. `sure` comes with the second post, after the likely same ones were shown."""

    employer = LineField(label=_("Employer"), max_length=200, help_text=_("The company or public body that pays you."))
    name = LineField(label=_("Name of the site"), max_length=200, help_text=_("What people there call it, for example “Coventry mail centre”."))
    code = LineField(label=_("Site code"), max_length=24, required=False, help_text=_("If it has one, for example BHX4."))
    city = LineField(label=_("Town"), max_length=120)
    region = LineField(label=_("State, province or region"), max_length=80, required=False)
    country = forms.ChoiceField(label=_("Country"))
    kind = forms.ChoiceField(label=_("Kind of work"), choices=[("", _("Choose one")), *Kind.choices])
    zone = forms.ChoiceField(label=_("Time there"), required=False, help_text=_("Only if your country has more than one time zone."))
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "country", [("", _("Choose one")), *named_countries(list(places.zones_of()))])
        _choose(self, "zone", [("", _("Worked out from the place")), *zones.choices()])
        for field, words in _MISSING.items():
            self.fields[field].error_messages["required"] = words

    def clean_employer(self) -> str:
        employer: str = self.cleaned_data["employer"]
        if not names.name_key(employer):
            raise forms.ValidationError(_("Write the employer’s name in letters."))
        return employer


_MISSING = {
    "employer": _("Enter the name of the employer."),
    "name": _("Enter what people call the site."),
    "city": _("Enter the town."),
    "country": _("Choose the country."),
    "kind": _("Choose the kind of work."),
}


class NearForm(forms.Form):
    """Where somebody's browser says that it is: degrees, cut to about a kilometre."""

    latitude = forms.FloatField(min_value=-90, max_value=90)
    longitude = forms.FloatField(min_value=-180, max_value=180)

    def clean(self) -> dict[str, Any]:
        """No more is known of the place than is needed, even where a browser says more."""
        return {name: round(value, 2) for name, value in self.cleaned_data.items()}
