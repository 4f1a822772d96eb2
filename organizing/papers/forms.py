"""A file, what it is called, and the point on which it hangs. Validation only: cleaning.py judges what stands in it."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.base.forms import LineField
from committees.base.uploads import FileForm
from organizing.meetings.models import AgendaItem
from organizing.papers import rules
from organizing.papers.cleaning import LARGEST
from organizing.papers.models import LONGEST_NAME

#: What a phone offers to choose from.
ACCEPT = ".pdf,.txt,application/pdf,image/jpeg,image/png,image/webp,image/gif,text/plain"


class _PointField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.position}. {obj.subject}"


class PaperForm(forms.Form):
    """What a document is called, and where it hangs."""

    point = _PointField(label=_("Point of the agenda"), queryset=AgendaItem.objects.none(), to_field_name="key", empty_label=None)
    name = LineField(
        label=_("What members read"),
        max_length=LONGEST_NAME,
        help_text=_("Like “Shift plan for December”. Leave it empty, and the name of the file is taken."),
        required=False,
    )

    def __init__(self, *args: Any, points: list[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["point"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = AgendaItem.objects.filter(pk__in=[each.pk for each in points]).order_by("position")


class ChangeForm(PaperForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].help_text = ""


class AttachForm(PaperForm, FileForm):
    """A new document."""

    largest, too_large = LARGEST, rules.REASONS["too_large"]

    file = forms.FileField(
        label=_("The file"),
        help_text=_("A PDF, a picture or plain text, up to 10 MB. Who made it, where and when is taken out of it."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        allow_empty_file=True,
    )
    field_order = ("form_key", "file", "point", "name")

    def clean(self) -> dict[str, Any]:
        """Without a name the file's own is taken, as far as a name of ours may be so."""
        data = super().clean() or {}
        if not data.get("name") and data.get("file") is not None and "name" not in self.errors:
            stem = PurePath(str(data["file"].name).replace("\\", "/")).stem.replace("_", " ")[:LONGEST_NAME]
            try:
                data["name"] = self.fields["name"].clean(stem)
            except forms.ValidationError:
                data["name"] = ""
            if not data["name"]:
                self.add_error("name", _("Say what members are to read."))
        return data
