"""How every form of the site is drawn and cleaned: label, hint, error, input, in that order.

Page authors use Django's own fields; `Renderer` gives them the design. `LineField` and `TextField` clean what is typed,
`DayField` and `ClockField` use the phone's own pickers, `Tiles`, `Radios` and `Checkboxes` take a hint per choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.forms import boundfield, renderers
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.base import text, widgets


class BoundField(boundfield.BoundField):
    """A field on a page: knows its classes, whether it is optional, and where the error summary must lead."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        drawn = widget or self.field.widget
        if css := _css_class(drawn):
            attrs["class"] = " ".join(str(part) for part in (css, drawn.attrs.get("class"), attrs.get("class")) if part)
        if isinstance(drawn, forms.EmailInput | forms.URLInput) or attrs.get("type", drawn.attrs.get("type")) == "tel":
            attrs.setdefault("dir", "ltr")  # addresses and numbers read from left to right in every script
        return attrs

    @property
    def aria_describedby(self) -> str | None:
        ids = super().aria_describedby
        if ids is not None and self.counts_letters and self.auto_id:
            ids = f"{ids} {self.auto_id}_count".strip()
        return ids

    @property
    def counts_letters(self) -> int:
        """How many letters a long text may have; 0 for other fields, and where not letters are counted but lines."""
        if isinstance(self.field.widget, forms.Textarea) and getattr(self.field, "counts_letters", True):
            return getattr(self.field, "max_length", None) or 0
        return 0

    @property
    def is_single_choice(self) -> bool:
        """A checkbox that stands alone carries its own label."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def marked_optional(self) -> bool:
        """Says "you can leave this empty". Checkboxes don't: leaving them empty is an answer."""
        ticks = (forms.CheckboxInput, forms.CheckboxSelectMultiple)
        return not self.field.required and not self.field.disabled and not isinstance(self.field.widget, ticks)

    @property
    def problems(self) -> list[str]:
        """What is wrong, in words that say what to do. Messages of the form's author stand as they are; Django's own are reworded."""
        return [self._reworded(error) for error in self.errors.as_data()]

    def _reworded(self, error: forms.ValidationError) -> str:
        own = forms.Field.default_error_messages | self.field.default_error_messages
        said = error.messages[0]
        if error.code == "required" and error.message == own.get("required"):
            if self.is_single_choice:
                return _("Tick “%(label)s” to go on.") % {"label": self.label}
            if isinstance(self.field.widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple):
                return _("Choose an answer for “%(label)s”.") % {"label": self.label}
            return _("Fill in “%(label)s”.") % {"label": self.label}
        if error.code == "invalid_choice" and error.message == own.get("invalid_choice"):
            return _("Choose one of the answers shown for “%(label)s”.") % {"label": self.label}
        if error.code == "max_length" and error.params:
            return _("Make “%(label)s” shorter. It has %(show_value)s letters; %(limit_value)s is the most.") % {**error.params, "label": self.label}
        return said

    @property
    def first_input_id(self) -> str:
        """Where a link in the error summary leads: the input, or the first of a group."""
        return f"{self.auto_id}_0" if self.use_fieldset else self.id_for_label or self.auto_id


def _css_class(widget: forms.Widget) -> str:
    if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.MultiWidget)) or widget.is_hidden:
        return ""
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    return "input" if isinstance(widget, forms.widgets.Input) else ""


class Renderer(renderers.TemplatesSetting):
    """settings.FORM_RENDERER: every form of the site, the accounts library's too, is drawn with our parts."""

    form_template_name = "_ui/form.html"
    field_template_name = "_ui/field.html"
    bound_field_class = BoundField

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        drawn = widgets.drawn(template_name, context)
        return super().render(template_name, context, request) if drawn is None else drawn


class LineField(forms.CharField):
    """One line: hidden and control characters gone, runs of white space made one."""

    def to_python(self, value: Any) -> str:
        return text.clean_line(super().to_python(value) or "")


class TextField(forms.CharField):
    """Several lines; a counter says how many letters are left, unless a field has another measure."""

    counts_letters = True

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> str:
        return text.clean_text(super().to_python(value) or "")


class _Picker(forms.widgets.DateTimeBaseInput):
    """The phone's own picker. What was typed where there is none is shown again as text, for a picker would drop it."""

    pattern: str

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "input--m", **(attrs or {})}, format=self.pattern)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        try:
            datetime.strptime(shown or "", self.pattern)  # noqa: DTZ007 (only the form of the text is asked)
        except ValueError:
            context["widget"]["type"] = "text" if shown else self.input_type
        return context


class DayInput(_Picker):
    input_type = "date"
    pattern = "%Y-%m-%d"


class ClockInput(_Picker):
    input_type = "time"
    pattern = "%H:%M"


class DayField(forms.DateField):
    """A day, chosen in the phone's own calendar or typed."""

    widget = DayInput
    default_error_messages = {"invalid": gettext_lazy("Enter a date like 2026-11-22.")}


class ClockField(forms.TimeField):
    """A time of day, chosen in the phone's own clock or typed."""

    widget = ClockInput
    default_error_messages = {"invalid": gettext_lazy("Enter a time like 19:00.")}


class Suggestions(forms.TextInput):
    """A line with suggestions that the browser offers (<datalist>). Any other text can still be typed."""

    template_name = "_ui/suggestions.html"

    def __init__(self, suggestions: Iterable[str] = (), attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["suggestions"] = self.suggestions
        context["widget"]["list_id"] = f"{context['widget']['attrs'].get('id', name)}_list"
        return context


class _Hinted:
    """Choices that can each have a hint: `Radios(hints={"online": _("Nobody sees the link before.")})`."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = (), *, hints: Mapping[Any, Any] | None = None) -> None:
        super().__init__(attrs, choices)  # type: ignore[call-arg]
        self.hints = {str(value): hint for value, hint in (hints or {}).items()}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        option["hint"] = self.hints.get(str(value), "")
        return option


class Radios(_Hinted, forms.RadioSelect):
    """Plain radio buttons, one below the other."""


class Checkboxes(_Hinted, forms.CheckboxSelectMultiple):
    """Any number of choices."""


class Tiles(_Hinted, forms.RadioSelect):
    """Radio buttons in boxes: the whole box is the label. `Tiles(row=True)` puts short answers beside each other."""

    template_name = "_ui/tiles.html"

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = (), *, hints: Mapping[Any, Any] | None = None, row: bool = False) -> None:
        super().__init__(attrs, choices, hints=hints)
        self.row = row

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["row"] = self.row
        return context
