"""Which period an organizer looks at."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

#: Weeks to choose from; the first is shown where nothing, or nonsense, is asked for.
PERIODS = (12, 26, 52)


class PeriodForm(forms.Form):
    """How many weeks. What makes no sense is left out; the page is never refused."""

    weeks = forms.ChoiceField(label=_("How far back?"), choices=[("12", _("12 weeks")), ("26", _("26 weeks")), ("52", _("52 weeks"))], required=False)

    @property
    def asked(self) -> int:
        """The number of weeks that is asked for."""
        typed = self.cleaned_data.get("weeks") if self.is_valid() else ""
        return int(typed) if typed else PERIODS[0]
