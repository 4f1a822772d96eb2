"""Every text of ours goes through gettext under a name that the extraction knows: any other is English for everybody."""

from __future__ import annotations

import ast

from committees.base.catalogs import KEYWORDS
from tests.house.code import listed, sources

#: What Django's translation module has that takes no text.
NO_TEXT = {"activate", "check_for_language", "get_language", "get_language_bidi", "get_language_from_request", "get_language_info", "override", "to_locale"}


def test_translated_texts_are_found_by_the_extraction() -> None:
    unknown = []
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                names = [(each.name, each.asname or each.name) for each in node.names]
                unknown += [f"{source.at(node)} {name} as {known_as}" for name, known_as in names if name not in NO_TEXT and known_as not in KEYWORDS]
    assert not unknown, listed(unknown)
