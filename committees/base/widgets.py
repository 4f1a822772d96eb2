"""The commonest inputs drawn without templates: a list of eighty languages is one piece of text, not 160 includes.

What they write is what Django's own templates of the same names write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

type Widget = Mapping[str, Any]


def _text(value: Any) -> str:
    """A value as the templates' `stringformat:"s"` gives it: without regard to language, escaped unless it is safe."""
    return conditional_escape(value if isinstance(value, SafeString) else str(value))


def attributes(attrs: Mapping[str, Any]) -> str:
    """Each with a space before it. True stands alone, False is left out."""
    return "".join(f" {name}" if value is True else f' {name}="{_text(value)}"' for name, value in attrs.items() if value is not False)


def drawn_input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{value}{attributes(widget["attrs"])}>'


def drawn_textarea(widget: Widget) -> str:
    return f'<textarea name="{_text(widget["name"])}"{attributes(widget["attrs"])}>\n{_text(widget["value"] or "")}</textarea>'


def _option(option: Widget) -> str:
    return f'<option value="{_text(option["value"])}"{attributes(option["attrs"])}>{_text(option["label"])}</option>'


def drawn_select(widget: Widget) -> str:
    parts = [f'<select name="{_text(widget["name"])}"{attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{_text(group)}">')
        parts += [_option(option) for option in options]
        if group:
            parts.append("</optgroup>")
    return "\n".join([*parts, "</select>"])


_INPUTS = ("text", "hidden", "number", "email", "url", "password", "checkbox", "date", "time")
DRAWN: dict[str, Callable[[Widget], str]] = {f"django/forms/widgets/{kind}.html": drawn_input for kind in _INPUTS} | {
    "django/forms/widgets/textarea.html": drawn_textarea,
    "django/forms/widgets/select.html": drawn_select,
}


def drawn(template: str, context: Mapping[str, Any]) -> SafeString | None:
    """The widget that this template would draw; None for templates that are left to the template engine."""
    draw = DRAWN.get(template)
    return mark_safe(draw(context["widget"])) if draw else None  # noqa: S308 (every part is escaped above)
