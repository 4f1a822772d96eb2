"""What is drawn without templates is what Django's templates draw."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from committees.base import widgets
from committees.base.forms import Renderer

AWKWARD = "a \"quoted\" <b>&amp;</b> 'one'"
ATTRS: dict[str, Any] = {"id": "id_x", "class": "input", "required": True, "disabled": False, "data-n": 1234567, "title": AWKWARD, "maxlength": "20"}
GROUPS = [("", "–"), ("de", "Deutsch"), ("Others", [("fr", AWKWARD), (7, "seven")])]
DRAWN: list[tuple[forms.Widget, Any]] = [
    (forms.TextInput(), AWKWARD),
    (forms.TextInput(), None),
    (forms.TextInput(), mark_safe("<i>&amp;</i>")),
    (forms.NumberInput(), 1234567.5),
    (forms.EmailInput(), "a@b.example"),
    (forms.URLInput(), "https://example.org/?a=1&b=2"),
    (forms.PasswordInput(render_value=True), "secret"),
    (forms.HiddenInput(), 0),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), "yes"),
    (forms.Textarea(), AWKWARD + "\nsecond line"),
    (forms.Textarea(), None),
    (forms.Select(choices=GROUPS), "fr"),
    (forms.SelectMultiple(choices=GROUPS), ["de", "7"]),
    (forms.NullBooleanSelect(), True),
]


def flat(html: str) -> str:
    return re.sub(r">\s+<", "><", html.strip())


@pytest.mark.parametrize(("widget", "value"), DRAWN, ids=lambda one: type(one).__name__)
def test_it_is_what_djangos_templates_draw(widget: forms.Widget, value: Any) -> None:
    expected = widget.render("x", value, ATTRS, renderer=DjangoTemplates())
    assert flat(widget.render("x", value, ATTRS, renderer=Renderer())) == flat(expected)
    assert widget.template_name in widgets.DRAWN


def test_other_widgets_are_left_to_their_templates() -> None:
    assert widgets.drawn("django/forms/widgets/file.html", {}) is None
    assert 'type="file"' in Renderer().render("django/forms/widgets/file.html", forms.FileInput().get_context("x", None, {}), RequestFactory().get("/"))
