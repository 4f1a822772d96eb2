"""What is typed about minutes. Validation only."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from committees.base import languages
from committees.base.forms import DayField, LineField, TextField
from organizing.minutes import queries, rules
from organizing.minutes.models import Item, Minutes
from organizing.minutes.words import Todo, Words

#: So many empty lines stand below what is to be done.
EMPTY = 3
YEARS = timedelta(days=3 * 366)
HANDLE = 40


def own_language() -> str:
    """The language of the page, in which one who begins will write."""
    return (get_language() or settings.LANGUAGE_CODE).split("-", maxsplit=1)[0]


class SeenForm(forms.Form):
    """A button about a draft. `seen`: when it was last changed, as it stood on the page; `heard`: how many objections stood there; `there`: the
    meeting that approved it, if one did."""

    seen = forms.DateTimeField(widget=forms.HiddenInput)
    heard = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6, required=False)
    there = forms.ChoiceField(label=_("Who approves it?"), required=False)

    def __init__(self, data: Any = None, *, book: queries.Book) -> None:
        super().__init__(data)
        at = [(each.slug, _("The meeting: %(subject)s") % {"subject": each.subject}) for each in book.approving]
        self.fields["there"].choices = [*([("", _("I do, as an organizer"))] if book.approves_alone else []), *at]  # type: ignore[attr-defined]


class WriteForm(forms.Form):
    """What was said at each point of the agenda, besides it, and decided."""

    general = TextField(
        label=_("Besides the agenda"),
        required=False,
        max_length=rules.LONGEST_TEXT,
        help_text=_("Who led the meeting, what else was said. Leave out names of people who did not agree to be named."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    decisions = TextField(
        label=_("Decisions"),
        required=False,
        max_length=rules.LONGEST_TEXT,
        help_text=_("One on each line."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Which language is it in?"))
    seen = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, minutes: Minutes, book: queries.Book) -> None:
        self.minutes, self.book = minutes, book
        self.points = queries.passages(minutes, book.member)
        initial: dict[str, Any] = {name: getattr(minutes, name) for name in ("general", "decisions", "language")}
        initial["seen"] = minutes.changed_at.isoformat()
        super().__init__(data, initial=initial)
        area: Any = {"rows": 4, "dir": "auto"}
        for each in self.points:
            self.fields[f"passage-{each.number}"] = TextField(
                label=format_html("<bdi>{}</bdi>", each.subject),
                required=False,
                max_length=rules.LONGEST_PASSAGE,
                initial=each.text,
                widget=forms.Textarea(attrs=area),
            )
        offered = [minutes.language, own_language(), *book.meeting.committee.languages, *languages.of_screens(), *languages.SPOKEN]
        self.fields["language"].choices = languages.choices(offered)  # type: ignore[attr-defined]

    @property
    def passages(self) -> list[tuple[queries.Passage, Any]]:
        """Each point of the agenda with its field."""
        return [(each, self[f"passage-{each.number}"]) for each in self.points]

    def words(self, todos: tuple[Todo, ...]) -> Words:
        data = self.cleaned_data
        said = {each.number: data[f"passage-{each.number}"] for each in self.points}
        return Words(data["general"], data["decisions"], data["language"], said, todos)

    def anew(self, minutes: Minutes) -> WriteForm:
        """The same with what was typed, so that the button works when it is pressed again on what the draft says now."""
        return WriteForm({**dict(self.data.items()), "seen": minutes.changed_at.isoformat()}, minutes=minutes, book=self.book)


def _day(value: date | None) -> None:
    today = timezone.localdate()
    if value is not None and not today - YEARS <= value <= today + YEARS:
        raise forms.ValidationError(_("Choose a day within three years."))


class TodoForm(forms.Form):
    """One line of what is to be done. An empty line is no line."""

    what = LineField(label=_("What"), required=False, max_length=rules.LONGEST_WHAT, widget=forms.TextInput(attrs={"dir": "auto"}))
    who = LineField(label=_("Who"), required=False, max_length=HANDLE)
    due = DayField(label=_("By when"), required=False, validators=[_day])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("what") and (data.get("who") or data.get("due")) and "what" not in self.errors:
            self.add_error("what", _("Say what is to be done."))
        if data.get("what") and not data.get("due") and "due" not in self.errors:
            self.add_error("due", _("Say by which day."))
        return data


class _Todos(forms.BaseFormSet):
    default_error_messages = {"missing_management_form": _("What is to be done did not arrive. Please try again.")}

    @property
    def filled(self) -> list[Any]:
        return [form for form in self.forms if form.cleaned_data.get("what")]

    @property
    def todos(self) -> tuple[Todo, ...]:
        return tuple(Todo(data["what"], data["who"], data["due"]) for data in (form.cleaned_data for form in self.filled))


_TodoSet = forms.formset_factory(TodoForm, formset=_Todos, extra=EMPTY, max_num=rules.MOST_ITEMS, absolute_max=rules.MOST_ITEMS, validate_max=True)


def todos(data: Any, minutes: Minutes) -> Any:
    """The lines of a draft, and empty ones below."""
    there = Item.objects.filter(minutes=minutes).select_related("owner").order_by("pk")
    rows = [{"what": each.what, "who": each.owner.handle if each.owner else "", "due": each.due} for each in there]
    return _TodoSet(data, initial=rows, prefix="todo")


class TakerForm(forms.Form):
    name = LineField(
        label=_("Who writes the minutes?"),
        required=False,
        max_length=HANDLE,
        help_text=_("The name of a full member here. Leave it empty so that only organizers write."),
    )


class ObjectForm(forms.Form):
    text = TextField(
        label=_("What is wrong?"),
        max_length=rules.LONGEST_REMARK,
        help_text=_("Only organizers read it, with your name here. You can object once to each draft that is shown."),
    )


class CorrectForm(forms.Form):
    reason = LineField(label=_("Why is it corrected?"), max_length=rules.LONGEST_REASON, help_text=_("It stands above the new version."))
    tells = forms.BooleanField(label=_("Tell members again once it is approved"), required=False)


class GiveForm(forms.Form):
    """Somebody else, another day. `seen`: in which round it was on the page."""

    name = LineField(
        label=_("Who does it?"), required=False, max_length=HANDLE, help_text=_("The name that they use here. Leave it empty if nobody is known yet.")
    )
    due = DayField(label=_("By when"), validators=[_day])
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class SettleForm(forms.Form):
    act = forms.ChoiceField(choices=[("done", ""), ("hand_back", ""), ("drop", "")])
