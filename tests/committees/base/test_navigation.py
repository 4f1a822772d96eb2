"""Paths that are put together from pieces are those that Django gives."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, get_script_prefix, reverse, set_script_prefix

from committees.base.navigation import path_to

PAGES = {"directory:workplace": ("abc",), "meetings:meeting": ("a-b", "c9"), "membership:member": ("x", "stand-in-0-of-a-slug"), "membership:queue": ()}


@pytest.mark.parametrize(("name", "slugs"), PAGES.items())
def test_it_is_the_path_that_django_gives(name: str, slugs: tuple[str, ...]) -> None:
    for _ in range(2):
        assert path_to(name, *slugs) == reverse(name, args=slugs)


def test_also_where_the_site_has_a_folder_of_its_own() -> None:
    before = get_script_prefix()
    set_script_prefix("/workers/")
    try:
        assert path_to("directory:workplace", "abc") == "/workers/workplaces/abc/"
    finally:
        set_script_prefix(before)
    assert path_to("directory:workplace", "abc") == "/workplaces/abc/"


def test_a_page_that_is_none_is_said() -> None:
    with pytest.raises(NoReverseMatch):
        path_to("directory:workplace")
