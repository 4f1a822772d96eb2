"""What organizers type when they propose something, and members when they object. Validation only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from committees.base import languages
from committees.base.forms import Checkboxes, DayField, LineField, Radios, TextField
from committees.base.once import OnceForm
from committees.bodies.commands import CharterWords
from committees.bodies.models import QUORUM, QUORUMS, Charter, Committee
from committees.jointly import rules
from committees.membership.models import Membership
from committees.membership.roles import GIVEN, Role
from committees.support import register as support
from committees.support.models import HOURS

LONGEST_REASON = 1000
LONGEST_CHARTER = 6000
LONGEST_SENTENCE = 400


class ReasonForm(OnceForm):
    """Why something is proposed; for what says all else by itself, this is the whole form."""

    reason = TextField(label=_("Why?"), help_text=_("All full members read this."), min_length=10, max_length=LONGEST_REASON)


def _terms() -> list[tuple[int, object]]:
    return [(n, ngettext_lazy("%(n)s month", "%(n)s months", n) % {"n": n}) for n in rules.TERMS]


class RoleForm(ReasonForm):
    """A role for a member, and for how long; or one that they hold, to end it."""

    role = forms.ChoiceField(label=_("Which role?"), widget=Radios)
    months = forms.TypedChoiceField(label=_("For how long?"), coerce=int, widget=Radios, initial=12)
    field_order = ("role", "months", "reason")

    def __init__(self, *args: Any, member: Membership, ending: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settled = {term.role for term in member.running_terms if not term.interim and term.absent is None}
        offered = sorted(member.roles & GIVEN) if ending else [role for role in Role if role in GIVEN - settled]
        self.fields["role"].choices = [(role.value, role.label) for role in offered]  # type: ignore[attr-defined]
        if ending:
            del self.fields["months"]
        else:
            self.fields["months"].choices = _terms()  # type: ignore[attr-defined]
        self.is_empty = not offered

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class VolunteerForm(ReasonForm):
    """For how long somebody offers to organize."""

    months = forms.TypedChoiceField(label=_("For how long?"), coerce=int, widget=Radios, initial=12)
    field_order = ("months", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].choices = _terms()  # type: ignore[attr-defined]
        self.fields["reason"].help_text = _("All full members read this, and the organizers of the wider committee, who learn no name.")


class RemovalForm(ReasonForm):
    """Why a member should go, and whether they act for the employer."""

    for_employer = forms.BooleanField(
        label=_("They act for the employer"), required=False, help_text=_("Then somebody else has to vouch again for each person they vouched for.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "The other organizers read it now. Once one of them agrees, all full members do, and the one who is to go. Name nobody who told you."
        )


class CharterForm(ReasonForm):
    """A new charter, in one language. An empty text stays the site's own."""

    language = forms.ChoiceField(label=_("Which language is it in?"))
    text = TextField(
        label=_("What the committee is for"),
        help_text=_("Anyone can read it. Leave it empty to keep the words of this site."),
        max_length=LONGEST_CHARTER,
        required=False,
    )
    who_may_join = TextField(label=_("Who may join"), max_length=LONGEST_CHARTER, required=False)
    how_we_decide = TextField(label=_("How you decide"), help_text=_("Only members read it."), max_length=LONGEST_CHARTER, required=False)
    attestation = TextField(
        label=_("What everyone who joins has to say of themselves"),
        help_text=_("One sentence. Leave it empty to keep the one of this site, which each person reads in their own language."),
        max_length=LONGEST_SENTENCE,
        required=False,
    )
    quorum = forms.TypedChoiceField(
        label=_("How many have to take part before something counts as decided?"),
        help_text=_("Of the full members. Whoever is inactive is not counted."),
        coerce=int,
        required=False,
    )
    field_order = ("language", "text", "who_may_join", "how_we_decide", "quorum", "attestation", "reason")
    WORDS = ("language", "text", "who_may_join", "how_we_decide", "attestation", "quorum")

    def __init__(self, *args: Any, committee: Committee, charter: Charter | None, **kwargs: Any) -> None:
        initial = {name: getattr(charter, name) for name in self.WORDS} if charter else {}
        super().__init__(*args, initial=initial, **kwargs)
        self._before = initial
        offered = dict.fromkeys([*committee.languages, charter.language if charter else "en", "en"])
        self.fields["language"].choices = languages.choices(offered)  # type: ignore[attr-defined]
        now = charter.quorum if charter else QUORUM
        self.fields["quorum"].choices = [(n, _("%(n)s in 100") % {"n": n}) for n in sorted({*QUORUMS, now})]  # type: ignore[attr-defined]
        self.fields["quorum"].empty_value = now  # type: ignore[attr-defined]
        self.fields["quorum"].initial = now

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self._before and all(cleaned.get(name) == value for name, value in self._before.items()):
            raise forms.ValidationError(_("Nothing is changed. Write what should be different."))
        return cleaned

    @property
    def words(self) -> CharterWords:
        return CharterWords(**{name: self.cleaned_data[name] for name in self.WORDS})


class CoverForm(OnceForm):
    """Which office, who covers, and from which day to which. Nobody is asked why they are away."""

    role = forms.ChoiceField(label=_("Which office?"), widget=Radios)
    name = LineField(label=_("Who covers for you?"), help_text=_("The name that they use here. They are asked first."), max_length=40)
    first = DayField(label=_("First day on which you are away"))
    last = DayField(label=_("Last day"), help_text=_("60 days at most. You can end it earlier."))

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        if len(roles) == 1:
            self.fields["role"].widget = forms.HiddenInput()
            self.fields["role"].initial = roles[0].value


class SupportForm(ReasonForm):
    """What those who keep the service may look at, and for how long."""

    parts = forms.MultipleChoiceField(label=_("What may they look at?"), help_text=_("Never the list of members, applications, ballots, or what you plan."))
    hours = forms.TypedChoiceField(label=_("For how long?"), coerce=int, widget=Radios, initial=4)
    field_order = ("parts", "hours", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = support.parts()
        self.fields["parts"].widget = Checkboxes(hints={each.key: each.hint for each in offered})
        self.fields["parts"].choices = [(each.key, capfirst(each.label)) for each in offered]  # type: ignore[attr-defined]
        self.fields["hours"].choices = [(n, ngettext_lazy("%(n)s hour", "%(n)s hours", n) % {"n": n}) for n in HOURS]  # type: ignore[attr-defined]
        self.fields["reason"].help_text = _("All full members read this, and those who keep the service.")


class ObjectionForm(forms.Form):
    """Why a member does not want it."""

    reason = TextField(label=_("Why do you object?"), help_text=_("All full members read this, without your name."), min_length=10, max_length=LONGEST_REASON)
