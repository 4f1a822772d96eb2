"""What members type in the forum. Validation only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from committees.base import languages
from committees.base.forms import Checkboxes, LineField, Radios, TextField
from committees.base.once import OnceForm
from committees.bodies.models import Committee
from organizing.forum import rules
from organizing.forum.audiences import Audience
from organizing.forum.commands.writing import LONGEST
from organizing.forum.models import Board, Policy, Post, ShownAs, Topic
from organizing.forum.queries import Seat

_CARE = _("Write in any language. Don’t write names, badge numbers, or anything that only you could know.")


def _languages(*first: str) -> list[tuple[str, str]]:
    """Every language that people write, those that come first on top."""
    top = [code for code in dict.fromkeys(first) if code]
    rest = languages.choices(code for code in (*languages.SPOKEN, *(code for code, _name in settings.LANGUAGES if "-x" not in code)) if code not in top)
    return [(code, languages.name(code)) for code in top] + rest


def _mine() -> str:
    return (get_language() or settings.LANGUAGE_CODE).split("-", maxsplit=1)[0]


class _Written(forms.Form):
    text = TextField(label=_("Text"), help_text=_CARE, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}))
    language = forms.ChoiceField(label=_("Which language is it in?"))


class _Composer(OnceForm, _Written):
    """A text, under one of the names that a person has here."""

    member = forms.ChoiceField(label=_("You post as"), widget=Radios)
    shown_as = forms.ChoiceField(label=_("What others see of where you work"), widget=Radios)

    def __init__(self, *args: Any, seats: list[Seat], board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seats = {seat.slug: seat for seat in seats}
        fields: Any = self.fields
        first = next(iter(seats), None)
        fields["member"].choices = [(seat.slug, f"{seat.member.handle} ({seat.member.committee.name})") for seat in seats]
        if first is not None:
            fields["member"].initial = first.slug
        if len(seats) == 1:
            fields["member"].required = False
            fields["member"].widget = forms.HiddenInput()
        ways = first.ways if first is not None and board.is_crossing else []
        if board.is_crossing and ways:
            fields["shown_as"].choices = ways if len(seats) == 1 else list(ShownAs.choices)
            fields["shown_as"].initial = ShownAs.INDUSTRY if board.audience == Audience.PUBLIC else ways[0][0]
        else:
            del fields["shown_as"]
        fields["language"].choices = _languages(_mine(), *board.languages)

    def clean_member(self) -> Seat:
        return self._seats[self.cleaned_data["member"]] if self.cleaned_data["member"] else next(iter(self._seats.values()))

    def written(self) -> dict[str, Any]:
        """For the command, beside the text itself."""
        said = self.cleaned_data
        return {
            "language": said["language"],
            "shown_as": said.get("shown_as") or ShownAs.SITE,
            "by": said["member"].member,
            "form_key": said["form_key"],
        }


class ReplyForm(_Composer):
    """An answer on a topic. `answers`: the place of the post that it answers, if any."""

    answers = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=10**9)

    field_order = ["text", "language", "member", "shown_as", "answers", "form_key"]

    def __init__(self, *args: Any, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, board=topic.board, **kwargs)
        self.fields["text"].label = _("Your reply")


def _title() -> LineField:
    return LineField(
        label=_("What is it about?"),
        help_text=_("One line. Your readers see it in lists."),
        max_length=160,
        min_length=3,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class StartForm(_Composer):
    """A new topic."""

    title = _title()

    field_order = ["title", "text", "language", "member", "shown_as", "form_key"]


class EditForm(_Written):
    """One's own post, as it is to be, with its topic's title where nobody else has seen that. `seen`: the version that was on the page."""

    title = _title()
    seen = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ["title", "text", "language", "seen"]

    def __init__(self, data: Any = None, *, post: Post) -> None:
        super().__init__(data, initial={"title": post.topic.title, "text": post.source, "language": post.language, "seen": post.version})
        if not rules.may_retitle(post):
            del self.fields["title"]
        self.fields["language"].choices = _languages(post.language, _mine())  # type: ignore[attr-defined]


class TranslateForm(_Written):
    """A post in another language. `seen`: the version that was on the page."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, post: Post) -> None:
        language = _mine() if _mine() != post.language else ""
        super().__init__(data, initial={"language": language, "seen": post.version})
        fields: Any = self.fields
        fields["text"].help_text = _("Say what it says, no more and no less. Your name here stands beside it.")
        fields["language"].label = _("Into which language?")
        fields["language"].choices = [(code, name) for code, name in _languages(_mine()) if code != post.language]


class BoardForm(OnceForm):
    """A new board: its name, its readers, how one posts."""

    name = LineField(label=_("What is it called?"), max_length=80, min_length=3)
    audience = forms.ChoiceField(label=_("Who can read and write?"), help_text=_("This never changes afterwards."), widget=Radios)
    policy = forms.ChoiceField(label=_("How does one post?"), choices=Policy, initial=Policy.OPEN, widget=Radios)
    languages = forms.MultipleChoiceField(label=_("In which languages?"), widget=Checkboxes, required=False)

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["audience"].choices = [(each.value, each.label) for each in rules.audiences_of(committee)]
        fields["languages"].choices = languages.choices([*committee.languages, *languages.of_screens()])
        fields["languages"].initial = committee.languages


class RenameForm(forms.Form):
    """Another name for a board."""

    name = LineField(label=_("What is it called?"), max_length=80, min_length=3)
    languages = forms.MultipleChoiceField(label=_("In which languages?"), widget=Checkboxes, required=False)

    def __init__(self, data: Any = None, *, board: Board) -> None:
        super().__init__(data, initial={"name": board.title, "languages": board.languages})
        self.fields["languages"].choices = languages.choices([*board.languages, *board.committee.languages, *languages.of_screens()])  # type: ignore[attr-defined]


class SearchForm(forms.Form):
    """What is looked for, and where."""

    q = LineField(label=_("Search posts"), max_length=200, required=False)
    board = forms.CharField(required=False, max_length=16)
    language = forms.CharField(required=False, max_length=12)
