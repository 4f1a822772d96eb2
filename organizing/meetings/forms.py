"""What organizers and members type about meetings. Validation only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from committees.base import dates, languages
from committees.base.forms import Checkboxes, ClockField, DayField, LineField, Radios, TextField, Tiles
from committees.base.once import OnceForm
from committees.bodies.models import Committee
from committees.people import zones
from organizing.meetings.answers import OFFERED
from organizing.meetings.models import LONGEST_MINUTES, MOST_PLACES, AgendaItem, CalendarFeed, Held, Meeting, Reveal
from organizing.meetings.plans import Plan, Point, Scope, When, Where, Words
from organizing.meetings.repeating import WhichFields

MOST_ITEMS = 30
#: Nobody plans further ahead; and no calendar reaches to the year 9999 in every zone.
FURTHEST = timedelta(days=3 * 366)
LENGTHS = (15, 30, 45, 60, 75, 90, 105, 120, 150, 180, 240, 300, 360, 480, 600, 720)
_duration = lazy(dates.duration, str)


class WhenFields(forms.Form):
    """Date, start, length, zone."""

    day = DayField(label=_("Date"))
    clock = ClockField(label=_("Starts"))
    minutes = forms.TypedChoiceField(label=_("Length"), coerce=int, choices=[(n, _duration(n)) for n in LENGTHS], initial=60)
    zone = forms.ChoiceField(label=_("Time zone"), help_text=_("The place whose clocks count. Everyone sees the time on their own clock."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = zones.choices()  # type: ignore[attr-defined]

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day is not None and not timezone.now().date() - timedelta(days=1) <= day <= timezone.now().date() + FURTHEST:
            raise ValidationError(_("Choose a date from today on, at most three years ahead."))
        return day

    @property
    def when(self) -> When:
        data = self.cleaned_data
        return When(data["day"], data["clock"], data["zone"], data["minutes"])


class WhereFields(forms.Form):
    """Online or in person, and the lines that only those who are entitled see."""

    held = forms.ChoiceField(label=_("Where"), choices=Held, initial=Held.ONLINE, widget=Radios)
    place = TextField(
        label=_("Room or address"),
        max_length=300,
        required=False,
        help_text=_("It is never in a mail, a calendar or on a locked phone. It is erased 7 days after the meeting."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    link = forms.URLField(
        label=_("Link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("To the online room that you use. Members find it on the page of the meeting."),
        error_messages={"invalid": _("Enter a link like https://meet.example.org/room")},
    )
    dial_in = LineField(label=_("Phone number to call in"), max_length=120, required=False)

    def clean_link(self) -> str:
        link = str(self.cleaned_data["link"])
        if link and not link.startswith(("https://", "http://")):
            raise ValidationError(_("Enter a link like https://meet.example.org/room"))
        return link

    @property
    def where(self) -> Where:
        data = self.cleaned_data
        return Where(data["held"], data["place"], data["link"], data["dial_in"])


class WordsFields(forms.Form):
    """What can be changed later without telling everybody."""

    subject = LineField(
        label=_("Subject"),
        max_length=140,
        widget=forms.TextInput(attrs={"class": "input--full"}),
        help_text=_("Members see this after they sign in. It is never in a text message or an email subject."),
    )
    chair = LineField(label=_("Who chairs"), max_length=60, required=False, help_text=_("A name as it is used here, not a legal name."))
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken or interpreted"), required=False, widget=Checkboxes, help_text=_("Each person gets the notice in their own language.")
    )
    place_shown = forms.ChoiceField(
        label=_("Show the room or address"), choices=[each for each in Reveal.choices if each[0] != Reveal.AT_DOOR], initial=Reveal.ON_YES
    )
    link_shown = forms.ChoiceField(label=_("Show the link and the phone number"), choices=Reveal, initial=Reveal.HALF_HOUR)
    probation_sees_place = forms.BooleanField(
        label=_("New members may see it too"), required=False, help_text=_("Else only people who are past their first weeks here.")
    )

    capacity = forms.IntegerField(
        label=_("For how many is there room?"),
        help_text=_("Leave it empty for as many as come. Who says yes later waits, and gets the next place that is free, until two hours before the start."),
        required=False,
        min_value=1,
        max_value=MOST_PLACES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input--min"}),
        error_messages={"invalid": _("Enter a number, like 40."), "min_value": _("There has to be room for at least one.")},
    )

    def offer_languages(self, committee: Committee, chosen: Iterable[str] = ()) -> None:
        offered = [*committee.languages, *languages.of_screens(), *chosen]
        self.fields["languages"].choices = languages.choices(offered)  # type: ignore[attr-defined]

    def words(self, agenda: tuple[Point, ...]) -> Words:
        data = self.cleaned_data
        return Words(
            data["subject"],
            data["chair"],
            tuple(data["languages"]),
            agenda,
            data["place_shown"],
            data["link_shown"],
            data["probation_sees_place"],
            data["capacity"],
        )


class EditForm(WhichFields, WordsFields):
    """The words of a meeting that members already know of."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)

    def __init__(self, *args: Any, committee: Committee, chosen: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_languages(committee, chosen)


class PlanForm(WordsFields, WhereFields, WhenFields, OnceForm):
    """A whole meeting. A draft may still lack its date and time."""

    field_order = ("form_key", "subject", "day", "clock", "minutes", "zone", "held", "place", "link", "dial_in", "chair", "languages")

    def __init__(self, *args: Any, committee: Committee, chosen: Iterable[str] = (), only_save: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_languages(committee, chosen)
        for name in ("day", "clock"):
            self.fields[name].required = not only_save

    def plan(self, agenda: tuple[Point, ...]) -> Plan:
        data = self.cleaned_data
        return Plan(self.words(agenda), data["zone"], data["minutes"], data["day"], data["clock"], self.where)


class MoveForm(WhichFields, WhereFields, WhenFields):
    """Another time or another place, and why."""

    why = LineField(label=_("Why"), max_length=200, required=False, help_text=_("Members read this on the page of the meeting."))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)
    field_order = ("day", "clock", "minutes", "zone", "held", "place", "link", "dial_in", "why", "scope", "seen")


class CancelForm(WhichFields):
    why = LineField(label=_("Why"), max_length=200, required=False, help_text=_("Members read this on the page of the meeting."))


class KeyField(forms.UUIDField):
    """Which line of the agenda it was before. Whatever does not read as a key is a new line's."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> UUID | None:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None


class PointForm(forms.Form):
    """One line of the agenda. An empty line is no line."""

    key = KeyField(required=False)
    subject = LineField(label=_("Point"), max_length=140, required=False, widget=forms.TextInput(attrs={"class": "input--full"}))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=0,
        max_value=LONGEST_MINUTES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input--min"}),
        error_messages={"invalid": _("Enter the minutes as a number, like 15.")},
    )
    presenter = LineField(label=_("Who presents"), max_length=60, required=False)
    visibility = forms.ChoiceField(label=_("Who sees this point"), choices=AgendaItem.Visibility, initial=AgendaItem.Visibility.ALL)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("subject") and (data.get("minutes") is not None or data.get("presenter")) and "subject" not in self.errors:
            self.add_error("subject", _("Say what this point is about."))
        return data


def _number(typed: Any) -> int:
    text = str(typed if typed is not None else "").strip()
    return int(text) if len(text) <= 4 and text.isascii() and text.isdigit() else 0


class _Agenda(forms.BaseFormSet):
    default_error_messages = {"missing_management_form": _("The agenda did not arrive. Please try again.")}

    @property
    def points(self) -> tuple[Point, ...]:
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("subject")]
        return tuple(Point(data["subject"], data["minutes"], data["presenter"], data["visibility"], data["key"]) for data in filled)

    @property
    def minutes_planned(self) -> int:
        return sum(_number(form["minutes"].value()) for form in self.forms)


AgendaForm = forms.formset_factory(PointForm, formset=_Agenda, extra=0, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS, validate_max=True)
PREFIX = "point"


def agenda_rows(meeting: Meeting | None) -> list[dict[str, Any]]:
    """The lines of a meeting's agenda as a form shows them; three empty ones for a new meeting."""
    points = Words.of(meeting).agenda if meeting else ()
    rows: list[dict[str, Any]] = [{"key": p.key, **p.fields()} for p in points]
    return rows or [{}, {}, {}]


def typed_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines as they were typed, right or wrong."""
    try:
        number = min(int(data.get(f"{PREFIX}-TOTAL_FORMS", 0)), MOST_ITEMS)
    except ValueError:
        number = 0
    return [{name: data.get(f"{PREFIX}-{row}-{name}", "") for name in PointForm.base_fields} for row in range(max(number, 0))]


def rearranged(rows: list[dict[str, Any]], do: str) -> list[dict[str, Any]] | None:
    """The lines after a press on "add", "remove-2", "up-2" or "down-2"; None where `do` is none of these."""
    what, _dash, row = do.partition("-")
    if what == "add":
        return [*rows, {}] if len(rows) < MOST_ITEMS else rows
    at = _number(row)
    if what not in ("remove", "up", "down") or str(at) != row or at >= len(rows):
        return None
    rows = list(rows)
    line = rows.pop(at)
    if what != "remove":
        rows.insert(max(0, at - 1) if what == "up" else at + 1, line)
    return rows


def typed(form: forms.Form) -> dict[str, Any]:
    """What stands in the fields of a bound form, to draw it again without judging it."""
    return {name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name)) for name, field in form.fields.items()}


def _choice(label: Any) -> forms.ChoiceField:
    offered = [(choice.value, choice.label) for choice in OFFERED]
    return forms.ChoiceField(label=label, choices=offered, widget=Tiles(row=True), error_messages={"required": _("Choose yes, maybe or no.")})


class AnswerForm(forms.Form):
    """Are you coming, and what do you need?"""

    choice = _choice(_("Are you coming?"))
    interpretation = forms.ChoiceField(label=_("I need interpretation into"), required=False)
    child_care = forms.BooleanField(label=_("I need child care"), required=False)
    ride = forms.BooleanField(label=_("I need a ride"), required=False)
    show_name = forms.BooleanField(label=_("Members may see my name"), required=False, help_text=_("Organizers see it in any case."))
    asking = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6, required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [*languages.SPOKEN, *meeting.committee.languages, *meeting.languages]
        self.fields["interpretation"].choices = [("", _("No interpretation")), *languages.choices(offered)]  # type: ignore[attr-defined]
        if not meeting.is_in_person:
            del self.fields["ride"]
        self.fields["asking"].initial = meeting.asking


class AnswerAllForm(forms.Form):
    """Are you coming, to all dates of a series that are to come?"""

    choice = _choice(_("Your answer for all these dates"))


class TitlesForm(forms.Form):
    """What a calendar may show of a meeting."""

    titles = forms.ChoiceField(
        label=_("In my calendar a meeting is called"),
        choices=CalendarFeed.Titles,
        widget=Radios(hints={CalendarFeed.Titles.FULL: _("Anyone who sees your calendar can read it, at work too.")}),
    )


def form_for(
    meeting: Meeting | None, committee: Committee, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None, only_save: bool = False
) -> PlanForm | EditForm:
    """The form for a new meeting, a draft, or the words of one that was called."""
    chosen = meeting.languages if meeting else ()
    if meeting is None or meeting.is_draft:
        return PlanForm(data, committee=committee, chosen=chosen, initial=initial, only_save=only_save)
    form = EditForm(data, committee=committee, chosen=chosen, initial=initial)
    form.ask_which(meeting)
    return form


def written(meeting: Meeting | None, committee: Committee) -> dict[str, Any]:
    """What the form shows first: what was written, or what the committee usually does."""
    if meeting is None:
        return {"zone": committee.zone, "languages": committee.languages}
    fields = {*WordsFields.base_fields, *WhereFields.base_fields, *WhenFields.base_fields}
    return {name: getattr(meeting, name) for name in fields} | {"seen": meeting.sequence}


def moved_from(meeting: Meeting, data: Mapping[str, Any]) -> dict[str, Any]:
    """The first values of the form that moves a meeting: its own, or what was typed when someone steps back from the check."""
    own = {name: getattr(meeting, name) for name in (*WhenFields.base_fields, *WhereFields.base_fields)} | {"seen": meeting.sequence, "why": ""}
    own |= {"scope": Scope.ONE}
    return own | ({name: data.get(name, "") for name in own} if data.get("do") == "back" else {})


def touched(rows: list[dict[str, Any]], do: str) -> int | None:
    """The line on which the reader should find themselves after a press on a button of the agenda."""
    what, _dash, row = do.partition("-")
    if what == "add":
        return len(rows) - 1
    if what in ("up", "down", "remove") and rows:
        return min(max(0, _number(row) + {"up": -1, "down": 1, "remove": 0}[what]), len(rows) - 1)
    return None


class InviteForm(forms.Form):
    """Which other committees to invite."""

    committees = forms.MultipleChoiceField(label=_("Which committees do you invite?"), widget=Checkboxes)

    def __init__(self, *args: Any, committees: list[Committee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by_slug = {each.slug: each for each in committees}
        self.fields["committees"].choices = [(each.slug, format_html("<bdi>{}</bdi>", each.name)) for each in committees]  # type: ignore[attr-defined]

    def clean_committees(self) -> list[Committee]:
        return [self._by_slug[slug] for slug in self.cleaned_data["committees"]]
