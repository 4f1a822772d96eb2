"""The commonest inputs drawn without templates: a list of eighty languages is one piece of text, not 160 includes.

What they write is what Django's own templates of the same names write; radio buttons and tick boxes are our own.
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


def _choice(option: Widget, *, tile: bool = False, row: bool = False) -> str:
    """One radio button or tick box inside its label; as a tile, the whole box is the label."""
    attrs, words = option["attrs"], _text(option["label"])
    target = f' for="{_text(attrs["id"])}"' if attrs.get("id") else ""
    if tile:
        words = f'<span class="{"strong" if row else "choice__big"}">{words}</span>'
    if option.get("hint"):
        words += f' <span class="choice__hint">{_text(option["hint"])}</span>'
    css = "choice choice--tile" if tile else "choice"
    return f'<label class="{css}"{target}>{drawn_input(option)}<span class="choice__text">{words}</span></label>'


def drawn_choices(widget: Widget) -> str:
    """Radio buttons or tick boxes, one below the other."""
    parts = []
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<p class="strong">{_text(group)}</p>')
        parts += [_choice(option) for option in options]
    return "".join(parts)


def drawn_tiles(widget: Widget) -> str:
    """Radio buttons in boxes; with `row`, short answers beside each other."""
    row = widget["row"]
    tiles = [_choice(option, tile=True, row=row) for _group, options, _index in widget["optgroups"] for option in options]
    return f'<div class="tiles{" tiles--row" if row else ""}">{"".join(tiles)}</div>'


_INPUTS = ("text", "hidden", "number", "email", "url", "password", "checkbox", "date", "time")
DRAWN: dict[str, Callable[[Widget], str]] = {f"django/forms/widgets/{kind}.html": drawn_input for kind in _INPUTS} | {
    "django/forms/widgets/textarea.html": drawn_textarea,
    "django/forms/widgets/select.html": drawn_select,
    "django/forms/widgets/radio.html": drawn_choices,
    "django/forms/widgets/checkbox_select.html": drawn_choices,
    "_ui/tiles.html": drawn_tiles,
}


def drawn(template: str, context: Mapping[str, Any]) -> SafeString | None:
    """The widget that this template would draw; None for templates that are left to the template engine."""
    draw = DRAWN.get(template)
    return mark_safe(draw(context["widget"])) if draw else None  # noqa: S308 (every part is escaped above)
