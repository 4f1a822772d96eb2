"""What is typed when joining, reviewing and belonging. Validation only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from committees.base import languages
from committees.base.forms import Checkboxes, LineField, Radios, TextField, Tiles
from committees.base.once import OnceForm, WordsForm
from committees.base.text import clean_line
from committees.bodies.models import Committee, Visibility
from committees.membership.applications import OFFERED, Application, ApplicationMessage, Check
from committees.membership.commands import Settings
from committees.membership.handles import LONGEST
from committees.membership.invitations import MOST_DAYS, MOST_USES, USUAL_DAYS, USUAL_USES
from committees.membership.models import Membership
from committees.membership.moves import Leaving, Move
from committees.membership.roles import GIVEN, Role
from committees.people import zones

NO_SHIFT = "-"
SHIFTS = [_("Day shift"), _("Evening shift"), _("Night shift"), _("Weekend"), _("It changes")]


class ShiftForm(forms.Form):
    """When and where someone works, from the committee's list or in their own words."""

    shift = forms.ChoiceField(label=_("When do you work?"), widget=Tiles)
    other = LineField(label=_("Or in your own words: shift or department"), max_length=60, required=False)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        initial = kwargs.setdefault("initial", {})
        shifts = application.committee.policy.shifts or [str(s) for s in SHIFTS]
        super().__init__(*args, **kwargs)
        self.fields["shift"].choices = [(s, s) for s in shifts] + [(NO_SHIFT, _("Something else"))]  # type: ignore[attr-defined]
        if application.shift:
            known = application.shift in shifts
            initial.update(shift=application.shift if known else NO_SHIFT, other="" if known else application.shift)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("shift") == NO_SHIFT and not data.get("other"):
            self.add_error("other", _("Say in your own words when or where you work, for example “Cleaning, early mornings”."))
        return data

    def answers(self) -> dict[str, Any]:
        chosen = self.cleaned_data["shift"]
        return {"shift": self.cleaned_data["other"] if chosen == NO_SHIFT else chosen}


class HandleForm(forms.Form):
    handle = LineField(
        label=_("Which name do you want to use here?"),
        help_text=_("Other members see only this name. Don’t use your real name. For example “Night shift, dock 4”."),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).update(handle=application.handle)
        super().__init__(*args, **kwargs)

    def answers(self) -> dict[str, Any]:
        return {"handle": self.cleaned_data["handle"]}


class WhyForm(forms.Form):
    why = TextField(
        label=_("Why do you want to join?"),
        help_text=_("A few words are enough. Only the people who check applications read it. It is erased 90 days after the answer."),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).update(why=application.why)
        super().__init__(*args, **kwargs)

    def answers(self) -> dict[str, Any]:
        return {"why": self.cleaned_data["why"]}


class QuestionsForm(forms.Form):
    """The committee's own questions, as they were when the application began."""

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = application.asked
        for number, item in enumerate(self.asked):
            self.fields[f"answer_{number}"] = TextField(label=item["question"], max_length=1000, initial=item["answer"])

    def answers(self) -> dict[str, Any]:
        return {"answers": [{"question": item["question"], "answer": self.cleaned_data[f"answer_{n}"]} for n, item in enumerate(self.asked)]}


class PromiseForm(forms.Form):
    """The attestation of the committee's charter."""

    promise = forms.BooleanField(label=_("This is true for me."))

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        self.version = application.committee.charters.first().version  # type: ignore[union-attr]
        kwargs.setdefault("initial", {}).update(promise=application.attested_version == self.version)
        super().__init__(*args, **kwargs)

    def answers(self) -> dict[str, Any]:
        return {"attested_version": self.version}


class MoveForm(forms.Form):
    """From which of their committees somebody comes, what of it may be shown, and when they leave it."""

    came_from = forms.ChoiceField(label=_("Which committee do you come from?"), widget=Radios)
    leaving = forms.ChoiceField(
        label=_("When do you leave it?"),
        choices=Leaving,
        initial=Leaving.WHEN_ACCEPTED,
        widget=Radios(
            hints={
                Leaving.WHEN_ACCEPTED: _("It ends by itself, and you are told. If you are declined, nothing changes."),
                Leaving.NOW: _("If you are declined, you belong to neither."),
                Leaving.NEVER: _("For example while you work at both sites."),
            }
        ),
    )
    shown = forms.BooleanField(
        label=_("Show the people who check applications there that I was confirmed at another site"),
        help_text=_("It tells them that you organized elsewhere. It never says who vouched for you."),
        required=False,
    )

    def __init__(self, data: Any = None, *, memberships: Sequence[Membership], move: Move | None = None) -> None:
        usual = {"came_from": memberships[0].slug if len(memberships) == 1 else None}
        said = {"came_from": move.came_from.slug, "leaving": move.leaving, "shown": move.shown} if move else usual
        super().__init__(data, initial=said)
        self._memberships = {member.slug: member for member in memberships}
        self.fields["came_from"].choices = [(m.slug, f"{m.committee.name} ({m.handle})") for m in memberships]  # type: ignore[attr-defined]

    def clean_came_from(self) -> Membership:
        return self._memberships[self.cleaned_data["came_from"]]


class AttestForm(forms.Form):
    """Which version of the words somebody has read, whose answer is the button itself."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class ConfirmForm(forms.Form):
    """Which member, of those who are in question, a reviewer has talked with."""

    who = forms.SlugField(max_length=24, widget=forms.HiddenInput)


class StartForm(OnceForm):
    """The few things a committee needs to exist."""

    name = LineField(label=_("Name of the committee"), help_text=_("Its members see it. It can be changed later."), max_length=120)
    languages = forms.MultipleChoiceField(label=_("Languages spoken there"), widget=Checkboxes, help_text=_("Notices go out in each person’s own language."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = [(code, name) for code, name in settings.LANGUAGES if code != "en-xa"]  # type: ignore[attr-defined]


#: Of a committee's own questions, and of the shifts it offers.
MOST_QUESTIONS, MOST_SHIFTS = 5, 20
FIRST_WEEKS = (0, 7, 14, 30, 60, 90)


class LinesField(TextField):
    """Several short texts, one on each line."""

    def __init__(self, *args: Any, most: int, longest: int, **kwargs: Any) -> None:
        super().__init__(*args, required=False, max_length=most * (longest + 1), **kwargs)
        self.most, self.longest = most, longest

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        lines = list(dict.fromkeys(line for each in (super().clean(value) or "").split("\n") if (line := clean_line(each))))
        if len(lines) > self.most:
            raise forms.ValidationError(_("At most %(n)s lines."), params={"n": self.most})
        if long := [line for line in lines if len(line) > self.longest]:
            raise forms.ValidationError(_("At most %(n)s letters in a line. This one is longer: %(line)s"), params={"n": self.longest, "line": long[0]})
        return lines


class SettingsForm(forms.Form):
    """How a committee is called, who finds it, and how one joins."""

    name = LineField(label=_("Name of the committee"), help_text=_("Members see it, and those of committees that belong together with yours."), max_length=120)
    visibility = forms.ChoiceField(
        label=_("Who finds the committee?"),
        choices=[(Visibility.LISTED, _("Everybody: it stands in the list of committees")), (Visibility.LINK, _("Only whoever has its link"))],
        widget=Radios,
    )
    languages = forms.MultipleChoiceField(label=_("Languages spoken there"), widget=Checkboxes)
    zone = forms.ChoiceField(label=_("Time zone"))
    checks_needed = forms.TypedChoiceField(
        label=_("How many checks before somebody can be accepted?"),
        help_text=_("A check is a member’s word for somebody, or a talk with them."),
        coerce=int,
        choices=[(n, str(n)) for n in range(4)],
        widget=Radios,
    )
    probation_days = forms.TypedChoiceField(
        label=_("How long are the first weeks?"), help_text=_("Until then posts are looked at first, and ballots are closed to them."), coerce=int
    )
    shifts = LinesField(label=_("Shifts and departments"), help_text=_("One on each line. Leave it empty for the usual ones."), most=MOST_SHIFTS, longest=60)
    questions = LinesField(
        label=_("Your own questions to those who apply"),
        help_text=_("One on each line. Ask nothing by which somebody could be found out."),
        most=MOST_QUESTIONS,
        longest=200,
    )

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        now = Settings.of(committee)
        kwargs["initial"] = asdict(now)
        super().__init__(*args, **kwargs)
        named = dict(languages.choices(now.languages)) | {code: name for code, name in settings.LANGUAGES if code != "en-xa"}
        days = sorted({*FIRST_WEEKS, now.probation_days})
        self.fields["languages"].choices = list(named.items())  # type: ignore[attr-defined]
        self.fields["zone"].choices = zones.choices(also=now.zone)  # type: ignore[attr-defined]
        self.fields["probation_days"].choices = [(n, ngettext_lazy("%(n)s day", "%(n)s days", n) % {"n": n}) for n in days]  # type: ignore[attr-defined]

    @property
    def settings(self) -> Settings:
        return Settings(**self.cleaned_data)


class MessageForm(WordsForm):
    """A message of the conversation about an application."""

    text = TextField(label=_("Your message"), max_length=2000)


class QuestionForm(MessageForm):
    """A question to the applicant: one that is ready in every language, or one's own words, or both."""

    phrase = forms.ChoiceField(
        label=_("A question that is ready"),
        choices=[("", _("None, I write my own")), *ApplicationMessage.Phrase.choices],
        required=False,
        help_text=_("They read it in their own language."),
    )
    text = TextField(label=_("Your question"), max_length=2000, required=False, help_text=_("The applicant reads it. They do not see who asks."))

    field_order = ("phrase", "text", "form_key")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("phrase") and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", _("Write a question, or choose one that is ready."))
        return cleaned


class NoteForm(MessageForm):
    text = TextField(label=_("Note for the other reviewers"), max_length=2000, help_text=_("The applicant never sees it."))


class CheckForm(forms.Form):
    kind = forms.ChoiceField(label=_("What makes you sure?"), choices=[(k.value, k.label) for k in (Check.Kind.TALK, Check.Kind.VOUCH)], widget=Radios)


class CodeForm(forms.Form):
    code = LineField(
        label=_("Code from a member"),
        help_text=_("Ten letters and numbers that a member gave you in person."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "class": "input--m"}),
    )


class MakeCodeForm(OnceForm):
    """Nothing is asked: the code is what is made."""


class RenameForm(forms.Form):
    handle = LineField(
        label=_("Your new name here"),
        help_text=_("Other members see only this name. Don’t use your real name. Your old name stays reserved for you."),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AdmitForm(forms.Form):
    text = TextField(label=_("A word of welcome"), max_length=1000, required=False)


class DeclineForm(forms.Form):
    code = forms.ChoiceField(label=_("Reason that the applicant reads"), choices=[(code.value, code.label) for code in OFFERED], widget=Radios)
    text = TextField(
        label=_("Anything to add"), max_length=1000, required=False, help_text=_("The applicant reads this too. Give nothing away that would help an impostor.")
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role until an election"), choices=[(r.value, r.label) for r in sorted(GIVEN) if r != Role.ORGANIZER], widget=Radios)


class InviteForm(OnceForm):
    """What an invitation is for, how long and for how many it is, and in which languages its sheet is printed."""

    APPLY, CHECKED = "apply", "check"
    MEANS = [(APPLY, _("Only to apply")), (CHECKED, _("To apply, and it counts as one check"))]
    HINTS = {
        APPLY: _("You check whoever applies as you always do. Right for a sheet on a wall."),
        CHECKED: _("As if you had vouched for each of them. Only for people to whom you give it yourself, 20 at most."),
    }

    label = LineField(
        label=_("What do you call it?"),
        help_text=_("For example “Canteen, March”. Only organizers and those who check applications see it. Use nobody’s name."),
        max_length=60,
    )
    days = forms.IntegerField(
        label=_("For how many days?"),
        help_text=_("From 1 to 90. After that the link leads nowhere."),
        min_value=1,
        max_value=MOST_DAYS,
        initial=USUAL_DAYS,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Enter a number of days from 1 to 90.")),
    )
    cap = forms.IntegerField(
        label=_("For how many people?"),
        help_text=_("From 1 to 500. Whoever sends an application by it counts."),
        min_value=1,
        max_value=MOST_USES,
        initial=USUAL_USES,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Enter a number of people from 1 to 500.")),
    )
    means = forms.ChoiceField(label=_("What is it good for?"), choices=MEANS, initial=APPLY, widget=Radios(hints=HINTS))
    languages = forms.MultipleChoiceField(label=_("Languages of the sheet"), widget=Checkboxes, help_text=_("Each language is a page of its own."))

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        known = languages.of_screens()
        kwargs.setdefault("initial", {})["languages"] = [code for code in committee.languages if code in known] or [get_language()]
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = [(code, languages.own_name(code)) for code in known]  # type: ignore[attr-defined]
        if committee.is_forming:  # founders are checked by people
            del self.fields["means"]

    def answers(self) -> dict[str, Any]:
        data = {name: self.cleaned_data[name] for name in ("label", "days", "cap", "languages", "form_key")}
        return data | {"counts_as_check": self.cleaned_data.get("means") == self.CHECKED}
