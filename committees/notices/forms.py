"""How a person wants to be told."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.base import crypto
from committees.base.forms import ClockField, Tiles
from committees.notices import registry, rules
from committees.notices.chosen import Chosen
from committees.notices.commands import Wishes
from committees.notices.models import Choice, Level

DAYS = [(0, _("Mon")), (1, _("Tue")), (2, _("Wed")), (3, _("Thu")), (4, _("Fri")), (5, _("Sat")), (6, _("Sun"))]
WEEKDAYS = [(0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")), (5, _("Saturday")), (6, _("Sunday"))]
AS_ELSEWHERE = ""
#: Short, for they stand in a table on a phone.
WHEN = [(Choice.When.NOW, _("At once")), (Choice.When.DAILY, _("Daily")), (Choice.When.WEEKLY, _("Weekly")), (Choice.When.OFF, _("Off"))]
HINTS = {
    Level.NEUTRAL: _("“There is something new for you.” No workplace, no subject."),
    Level.KIND: _("“A meeting is called.” No workplace."),
    Level.FULL: _("Only if nobody else can see your mail."),
}

PUSH_HINTS = {
    Level.NEUTRAL: _("“There is something new for you.” This is what a locked screen shows."),
    Level.KIND: _("“A meeting is called.” No workplace."),
    Level.FULL: _("Only if nobody else sees your screen. Never a place, never a link to a call."),
}


def _short(committee_id: int) -> str:
    """A committee's name in a form: our numbers count, and are shown to nobody."""
    return crypto.lookup_hmac(str(committee_id), purpose="preferences")[:10]


class PreferencesForm(forms.Form):
    """One page for everything: what comes, by which way, how openly, and when not."""

    email = forms.BooleanField(label=_("Send me notices by email"), required=False)
    level = forms.ChoiceField(label=_("What a notice shows"), choices=Level.choices, widget=Tiles(hints=HINTS))
    push_level = forms.ChoiceField(label=_("What push shows"), choices=Level.choices, widget=Tiles(hints=PUSH_HINTS), required=False)
    since = ClockField(label=_("From"), required=False)
    until = ClockField(label=_("Until"), required=False)
    digest_at = ClockField(label=_("At what time"), required=False)
    digest_on = forms.TypedChoiceField(label=_("Weekly digests on"), choices=WEEKDAYS, coerce=int, required=False)
    days = forms.TypedMultipleChoiceField(label=_("On these days"), choices=DAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, chosen: Chosen, committees: dict[int, str]) -> None:
        self.committees = committees
        self.lists: dict[str, tuple[int | None, str]] = {}
        first = chosen.quiet[0] if chosen.quiet else None
        initial: dict[str, Any] = {
            "email": chosen.email,
            "level": chosen.level,
            "push_level": chosen.push_level,
            "since": first.since if first else None,
            "until": first.until if first else None,
            "days": [each.weekday for each in chosen.quiet],
            "digest_at": chosen.digest[0],
            "digest_on": chosen.digest[1],
        }
        super().__init__(data, initial=initial)
        for group in registry.groups():
            self._general(group, chosen)
            if group.name in registry.pushed_groups():
                wanted = chosen.push.get(group.name, group.pushed)
                self.fields[f"push_{group.name}"] = forms.BooleanField(label=str(group.label), required=False, initial=wanted)
            for committee_id, name in committees.items() if group.by_committee else ():
                self._in_committee(group, committee_id, name, chosen)

    def _general(self, group: registry.Group, chosen: Chosen) -> None:
        name = f"list_{group.name}"
        self.lists[name] = (None, group.name)
        said = chosen.lists.get((None, group.name), Choice.When.NOW)
        self.fields[name] = forms.ChoiceField(label=str(group.label), choices=WHEN, required=False, initial=said)

    def _in_committee(self, group: registry.Group, committee_id: int, committee: str, chosen: Chosen) -> None:
        name = f"list_{group.name}_{_short(committee_id)}"
        self.lists[name] = (committee_id, group.name)
        said = chosen.lists.get((committee_id, group.name))
        self.fields[name] = forms.ChoiceField(
            label=str(group.label),
            required=False,
            choices=[(AS_ELSEWHERE, _("As above")), *WHEN],
            initial=said or AS_ELSEWHERE,
        )

    @property
    def general(self) -> list[tuple[registry.Group, Any, Any]]:
        """The rows of the table: each group with its fields for mail and, where any of it may be pushed, for push."""
        return [(group, self[f"list_{group.name}"], self[f"push_{group.name}"] if f"push_{group.name}" in self.fields else None) for group in registry.groups()]

    @property
    def by_committee(self) -> list[tuple[str, list[Any]]]:
        """Each committee with its fields."""
        groups = [group for group in registry.groups() if group.by_committee]
        return [(name, [self[f"list_{group.name}_{_short(pk)}"] for group in groups]) for pk, name in self.committees.items()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until, days = cleaned.get("since"), cleaned.get("until"), cleaned.get("days")
        if self.errors:
            return cleaned
        if days and not (since and until):
            self.add_error("until" if since else "since", _("Enter when your quiet hours begin and end, or choose no day."))
        elif since and since == until:
            self.add_error("until", _("Choose an end that is not the beginning. For a whole day without email and push, turn them off above."))
        return cleaned

    def wishes(self) -> Wishes:
        """What was chosen, for the command."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        quiet: list[tuple[int, time, time]] = [(day, since, until) for day in self.cleaned_data["days"]] if since and until else []
        return Wishes(
            email=self.cleaned_data["email"],
            level=Level(self.cleaned_data["level"]),
            lists={self.lists[name]: self.cleaned_data[name] or None for name in self.lists},
            digest=(self.cleaned_data["digest_at"] or rules.DIGEST_AT, self.cleaned_data["digest_on"] or rules.DIGEST_DAY),
            quiet=quiet,
            push_level=Level(self.cleaned_data["push_level"] or Level.NEUTRAL),
            push=self._pushed(),
        )

    def _pushed(self) -> dict[str, bool | None]:
        """What is as it is for everybody is no choice, and is not written down."""
        said = {group: self.cleaned_data[f"push_{group.name}"] for group in registry.groups() if f"push_{group.name}" in self.fields}
        return {group.name: None if wanted == group.pushed else wanted for group, wanted in said.items()}
