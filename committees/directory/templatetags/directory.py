"""What stands in a line about a site."""

from __future__ import annotations

import re
import unicodedata

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from committees.base import dates
from committees.directory import names
from committees.directory.finding import Found

register = template.Library()

_PIECE = re.compile(r"(\s+|[^\s]+)")


@register.filter
def marked(text: str, found: Found | None) -> SafeString:
    """The text with those of its words marked that were meant; the comma behind a word is no part of it."""
    pieces = []
    for piece in _PIECE.findall(str(text)):
        if found and any(found.means(word) for word in names.words(piece)):
            before, word, behind = _bare(piece)
            pieces.append((format_html("{}<mark>{}</mark>{}", before, word, behind),))
        else:
            pieces.append((piece,))
    return format_html_join("", "{}", pieces)


def _bare(piece: str) -> tuple[str, str, str]:
    """What stands before the word, the word, what stands behind it. (No pattern: vowel signs of India are no letters to it.)"""
    inside = [i for i, letter in enumerate(piece) if unicodedata.category(letter)[0] not in "PSZ"]
    return piece[: inside[0]], piece[inside[0] : inside[-1] + 1], piece[inside[-1] + 1 :]


@register.filter
def country(code: str) -> str:
    """The name of a country in the language in use."""
    return str(dates.locale().territories.get(code, code))


@register.filter
def language(code: str) -> str:
    """The name of a language in the language in use."""
    name = dates.locale().languages.get(code, code)
    return str(name[:1].upper() + name[1:])
