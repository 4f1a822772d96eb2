"""What is typed when joining, reviewing and belonging. Validation only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from committees.base.forms import Checkboxes, LineField, Radios, TextField, Tiles
from committees.base.once import OnceForm
from committees.membership.applications import Application, Check, Decline
from committees.membership.handles import LONGEST
from committees.membership.roles import Role

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


class MessageForm(OnceForm):
    """A message of the conversation about an application."""

    text = TextField(label=_("Your message"), max_length=2000)


class QuestionForm(MessageForm):
    text = TextField(label=_("Your question"), max_length=2000, help_text=_("The applicant reads it. They do not see who asks."))


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
    code = forms.ChoiceField(label=_("Reason that the applicant reads"), choices=Decline.choices, widget=Radios)
    text = TextField(
        label=_("Anything to add"), max_length=1000, required=False, help_text=_("The applicant reads this too. Give nothing away that would help an impostor.")
    )


class RemovalForm(forms.Form):
    reason = TextField(
        label=_("Why should this member go?"), max_length=2000, help_text=_("The other organizers read it. Nothing happens until one of them agrees.")
    )
    for_employer = forms.BooleanField(
        label=_("They act for the employer"), required=False, help_text=_("Then somebody else has to vouch again for each person they vouched for.")
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role until an election"), choices=[(r.value, r.label) for r in Role if r != Role.ORGANIZER], widget=Radios)
