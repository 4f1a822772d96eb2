"""What stands in a line about a site."""

from __future__ import annotations

import re
from collections.abc import Collection

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from committees.base import dates
from committees.directory import names

register = template.Library()

_PIECE = re.compile(r"(\s+|[^\s]+)")


@register.filter
def marked(text: str, words: Collection[str]) -> SafeString:
    """The text with those of its words marked that were searched for."""
    pieces = []
    for piece in _PIECE.findall(str(text)):
        hit = bool(words) and any(word in words for word in names.words(piece))
        pieces.append((format_html("<mark>{}</mark>", piece) if hit else piece,))
    return format_html_join("", "{}", pieces)


@register.filter
def country(code: str) -> str:
    """The name of a country in the language in use."""
    return str(dates.locale().territories.get(code, code))


@register.filter
def language(code: str) -> str:
    """The name of a language in the language in use."""
    name = dates.locale().languages.get(code, code)
    return str(name[:1].upper() + name[1:])
