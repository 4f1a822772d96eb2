"""The small parts: icons, tiles, banners, pager, title."""

from __future__ import annotations

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from committees.base.keyset import Page


def draw(text: str, **context: object) -> str:
    return Template(text).render(Context(context)).strip()


def test_an_icon_is_silent_and_points_the_other_way_in_arabic() -> None:
    drawn = draw('{% icon "arrow" dir=True %}')
    assert 'aria-hidden="true"' in drawn
    assert 'class="icon icon--dir"' in drawn
    assert drawn.endswith('#i-arrow"/></svg>')


@pytest.mark.parametrize(("handle", "initials"), [("Night shift, dock 4", "N4"), ("Зинаида", "З"), ("夜勤", "夜"), ("<script>", "S"), ("…", "?")])
def test_a_tile_has_initials_and_never_markup(handle: str, initials: str) -> None:
    assert f">{initials}<" in draw("{% tile handle %}", handle=handle)


def test_a_tile_keeps_its_colour() -> None:
    assert draw('{% tile "Twilight" %}') == draw('{% tile "Twilight" %}')


def test_a_banner_has_kind_title_and_role_and_escapes_what_it_is_given() -> None:
    drawn = draw('{% banner "warn" title=title role="status" %}<p>{{ words }}</p>{% endbanner %}', title="<i>", words="<b>")
    assert 'class="notice notice--warn"' in drawn
    assert 'role="status"' in drawn
    assert "&lt;i&gt;" in drawn
    assert "<p>&lt;b&gt;</p>" in drawn


def test_the_pager_keeps_the_search_and_drops_its_own_marks() -> None:
    request = RequestFactory().get("/workplaces/", {"q": "ford & co", "after": "old"})
    drawn = draw("{% pager page %}", page=Page([], older="O1", newer="N1"), request=request)
    assert 'href="?q=ford+%26+co&amp;after=O1"' in drawn
    assert 'href="?q=ford+%26+co&amp;before=N1"' in drawn


@pytest.mark.parametrize(("older", "newer", "links"), [(None, None, 0), ("a", None, 1), (None, "b", 1), ("a", "b", 2)])
def test_the_pager_offers_only_what_is_there(older: str | None, newer: str | None, links: int) -> None:
    assert draw("{% pager page %}", page=Page([], older=older, newer=newer)).count("<a ") == links


class Ask(forms.Form):
    q = forms.CharField()


def test_the_title_says_error_first_only_when_a_form_was_refused() -> None:
    assert draw("{% errortitle %}-", any_name=Ask({})) == "Error: -"
    assert draw("{% errortitle %}-", any_name=Ask({"q": "x"}), other=Ask()) == "-"
