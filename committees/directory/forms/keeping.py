"""What those who keep the directory type: the facts of a site or an employer, a file, which of its columns is what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

from babel import Locale
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from committees.base.forms import LineField, TextField
from committees.base.once import OnceForm
from committees.base.text import clean_line
from committees.directory import names, places
from committees.directory.forms.public import named_countries
from committees.directory.imports.headings import FIELDS
from committees.directory.imports.propose import Reading, missing
from committees.directory.lists import LARGEST
from committees.directory.models import Employer, Headcount, Industry, Kind, Workplace, WorkplaceList
from committees.people import zones

MOST_NAMES = 50
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")
#: How files begin that are no lists, whatever they are called.
_NO_LISTS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
    b"MZ",
    b"RIFF",
    b"<!DOCTYPE",
    b"<html",
    b"<?xml",
    b"{\\rtf",
)

#: What each column of a list may be, in the words of the screens.
FIELD_WORDS: dict[str, Any] = {
    "employer": _("Employer"),
    "name": _("Name of the site"),
    "code": _("Site code"),
    "address": _("Street address"),
    "postcode": _("Postal code"),
    "city": _("Town"),
    "region": _("State, province or region"),
    "country": _("Country"),
    "place": _("Town and region in one cell"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "position": _("Latitude and longitude in one cell"),
    "kind": _("Kind of work"),
    "industry": _("Industry"),
    "headcount": _("Number of people"),
    "headcount_band": _("Number of people"),
    "languages": _("Languages spoken there"),
    "zone": _("Time zone"),
    "aliases": _("Other names of the site"),
    "employer_aliases": _("Other names of the employer"),
    "domains": _("Mail domains of the employer"),
}


def _set_choices(form: forms.Form, name: str, choices: Iterable[Any]) -> None:
    cast("forms.ChoiceField", form.fields[name]).choices = list(choices)


class NamesField(TextField):
    """Other names, one to a line."""

    counts_letters = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=MOST_NAMES * 210, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)

    def clean(self, value: Any) -> list[str]:
        lines = [clean_line(line) for line in super().clean(value).split("\n")]
        found = list(dict.fromkeys(line for line in lines if line))
        for line in found:
            if len(line) > 200 or not names.name_key(line):
                raise forms.ValidationError(_("Write each name in letters, at most 200 of them: “%(name)s”."), params={"name": line[:40]})
        if len(found) > MOST_NAMES:
            raise forms.ValidationError(_("Write at most %(n)s names."), params={"n": MOST_NAMES})
        return found


class DomainsField(NamesField):
    """Mail domains, one to a line."""

    def clean(self, value: Any) -> list[str]:
        found = [line.lower().removeprefix("@").strip(".") for line in super().clean(value)]
        for domain in found:
            if not _DOMAIN.fullmatch(domain):
                raise forms.ValidationError(_("Enter domains like example.com, without www: “%(domain)s”."), params={"domain": domain[:40]})
        return list(dict.fromkeys(found))


class LanguagesField(LineField):
    """Languages by name or code, with commas between them. Cleans to their codes."""

    def clean(self, value: Any) -> list[str]:
        found = {}
        for said in super().clean(value).replace(";", ",").split(","):
            if line := said.strip():
                if not (code := places.language(line)) or len(code) > 12:
                    raise forms.ValidationError(_("We know no language called “%(name)s”."), params={"name": line[:40]})
                found[code] = True
        return list(found)

    def prepare_value(self, value: Any) -> Any:
        """Names of the two languages in which names are understood."""
        if not isinstance(value, list):
            return value
        known = Locale.parse("es" if (get_language() or "en").startswith("es") else "en").languages
        return ", ".join(str(known.get(code, code)) for code in value)


class SiteForm(forms.Form):
    """All that may be mended of a site."""

    name = LineField(label=FIELD_WORDS["name"], max_length=200, help_text=_("If you change it, the old name stays one of its other names."))
    code = LineField(label=FIELD_WORDS["code"], max_length=24, required=False)
    aliases = NamesField(label=_("Other names"), help_text=_("One to a line. People find the workplace by each of them."))
    kind = forms.ChoiceField(label=FIELD_WORDS["kind"], choices=Kind)
    address = LineField(label=FIELD_WORDS["address"], max_length=300, required=False)
    postcode = LineField(label=FIELD_WORDS["postcode"], max_length=16, required=False)
    city = LineField(label=FIELD_WORDS["city"], max_length=120, required=False)
    region = LineField(label=FIELD_WORDS["region"], max_length=80, required=False)
    country = forms.ChoiceField(label=FIELD_WORDS["country"])
    zone = forms.ChoiceField(label=_("Time there"))
    languages = LanguagesField(
        label=FIELD_WORDS["languages"], max_length=400, required=False, help_text=_("With commas between them, for example English, Spanish.")
    )
    headcount_band = forms.ChoiceField(label=_("People who work there"), choices=[("", _("Not known")), *Headcount.choices], required=False)

    def __init__(self, *args: Any, site: Workplace, **kwargs: Any) -> None:
        facts = {name: getattr(site, name) for name in self.base_fields if name != "aliases"}
        kwargs["initial"] = facts | {"aliases": "\n".join(alias.name for alias in site.aliases.all())}
        super().__init__(*args, **kwargs)
        _set_choices(self, "country", named_countries(list(places.zones_of())))
        _set_choices(self, "zone", zones.choices(also=site.zone))


class EmployerForm(forms.Form):
    """All that may be mended of an employer."""

    name = LineField(label=_("Name"), max_length=200, help_text=_("If you change it, the old name stays one of its other names."))
    aliases = NamesField(label=_("Other names"), help_text=_("One to a line, for example what stands on the stock exchange."))
    domains = DomainsField(label=_("Mail domains"), help_text=_("One to a line. Whoever adds an address there is warned, and mails to it say almost nothing."))
    industry = forms.ModelChoiceField(label=FIELD_WORDS["industry"], queryset=Industry.objects.none(), required=False, empty_label=_("Not known"))

    def __init__(self, *args: Any, employer: Employer, **kwargs: Any) -> None:
        said = {"name": employer.name, "domains": "\n".join(employer.domains), "industry": employer.industry_id}
        kwargs["initial"] = said | {"aliases": "\n".join(alias.name for alias in employer.aliases.all())}
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["industry"]).queryset = Industry.objects.all()


class FindForm(forms.Form):
    """What an admin looks for among sites."""

    q = LineField(label=_("Name, site code or town"), required=False, max_length=200)

    @property
    def asked(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))


class FindEmployerForm(FindForm):
    """The same among employers."""

    q = LineField(label=_("One of its names, or a part of it"), required=False, max_length=200)


class FileForm(OnceForm):
    """A list of workplaces as a file."""

    file = forms.FileField(
        label=_("The list"),
        help_text=_("A CSV or Excel file (.xlsx) of at most 20 MB, with one workplace in each row. The columns may have any names."),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS), "class": "input"}),
        error_messages={"required": _("Choose the file that holds the list."), "empty": _("The file is empty.")},
    )

    def clean_file(self) -> UploadedFile:
        """Refused, in words, for what is no list; whether it can be read as one is seen when it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("The file is larger than 20 MB. Cut it in two, or have it taken in on the server."))
        if not (file.name or "").lower().endswith(ENDINGS):
            raise forms.ValidationError(_("This is neither CSV nor Excel (.xlsx). Save the list as one of them."))
        head = file.read(64)
        file.seek(0)
        is_spreadsheet = (file.name or "").lower().endswith(".xlsx")
        if head.lstrip().startswith(_NO_LISTS) or is_spreadsheet != head.startswith(b"PK\x03\x04"):
            raise forms.ValidationError(_("The file is not what its name says. Save the list anew as CSV or Excel (.xlsx)."))
        return file


class ColumnsForm(forms.Form):
    """Which column of a list is what. Each question has an answer, if only that there is no such column."""

    def __init__(self, *args: Any, listed: WorkplaceList, **kwargs: Any) -> None:
        chosen = {f"column_{field}": NONE if index is None else index for field, index in listed.proposed_columns.items()}
        kwargs["initial"] = chosen | {"country": listed.country or listed.outline.get("home", "") or NONE}
        super().__init__(*args, **kwargs)
        columns = [(NONE, _("No such column")), *((str(i), heading) for i, heading in enumerate(listed.headings))]
        for field in FIELDS:
            self.fields[f"column_{field}"] = forms.ChoiceField(label=FIELD_WORDS[field], choices=columns)
            if field == "country":
                countries = [(NONE, _("None: each row names its own")), *named_countries(list(places.zones_of()))]
                self.fields["country"] = forms.ChoiceField(label=_("Country of the rows that name none"), choices=countries)

    def needed(self) -> list[forms.BoundField]:
        """The questions about what makes a workplace."""
        return [bound for bound in self if bound.name not in _BESIDES]

    def besides(self) -> list[forms.BoundField]:
        """The questions about what a list may say besides."""
        return [bound for bound in self if bound.name in _BESIDES]

    def clean(self) -> dict[str, Any]:
        said = {name: value for name, value in (super().clean() or {}).items() if value != NONE}
        columns = {field: int(said[f"column_{field}"]) for field in FIELDS if f"column_{field}" in said}
        if len({"latitude", "longitude"} & columns.keys()) == 1:
            self.add_error("column_latitude", _("Latitude and longitude belong together: choose both, or neither."))
            columns = {field: index for field, index in columns.items() if field not in {"latitude", "longitude"}}
        country = str(said.get("country", ""))
        for gap in missing(Reading(columns, home=country)):
            if f"column_{gap}" not in self.errors:
                self.add_error(f"column_{gap}", _GAPS[gap])
        return {"columns": {field: columns.get(field) for field in FIELDS}, "country": country}


#: Stands for "no such column": every select box has an answer.
NONE = "-"
_BESIDES = {f"column_{field}" for field in FIELDS[FIELDS.index("kind") :]}
_GAPS = {
    "employer": _("Choose the column that names the employer."),
    "city": _("Choose the column that says the town, or those with the coordinates."),
    "country": _("Choose the column that says the country, or choose one country for all rows."),
}
