"""What stands in a line about a site."""

from __future__ import annotations

import re
import unicodedata

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from committees.base import dates
from committees.directory import names
from committees.directory.finding import Found

register = template.Library()

_PIECE = re.compile(r"(\s+|[^\s]+)")


@register.filter
def marked(text: str, found: Found | None) -> SafeString:
    """The text with those of its words marked that were meant; the comma behind a word is no part of it."""
    if not found:
        return conditional_escape(str(text))
    marks = found.marks
    return mark_safe("".join([marks.get(piece) or _marked(piece, found) for piece in _PIECE.findall(str(text))]))  # noqa: S308 (each is escaped)


def _marked(piece: str, found: Found) -> str:
    """One piece of a text as HTML. It is kept for this search: many lines say the same employer and town."""
    if any(found.means(word) for word in names.words(piece)):
        before, word, behind = map(escape, _bare(piece))
        done = f"{before}<mark>{word}</mark>{behind}"
    else:
        done = escape(piece)
    found.marks[piece] = done
    return done


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
