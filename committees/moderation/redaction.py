"""Taking out of a moderator's words what could point to a person, before other members read them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from committees.base.text import skeleton

GAP = "[…]"
_POINTS = re.compile(
    r"""
    \b[\w.+-]+@[\w-]+(?:\.[\w-]+)+       # an address
    | (?:https?://|www\.)\S+             # a link
    | (?<!\w)@[\w.-]+                    # somebody who is called by name
    | \+?\d(?:[\s().\-/]*\d){5,}         # a number of a phone, a badge, a day of birth
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WORD = re.compile(r"\w+", re.UNICODE)


def without_persons(text: str, handles: Iterable[str]) -> str:
    """The text without addresses, links, long numbers, and without these handles, however they are written."""
    out = _POINTS.sub(GAP, text)
    for handle in handles:
        out = _without(out, handle)
    return out


def _without(text: str, handle: str) -> str:
    """Every run of words that reads like the handle goes: in other letters, without its comma, in capitals."""
    key, words = skeleton(handle), list(_WORD.finditer(text))
    number = len(_WORD.findall(handle))
    if not key or not number:
        return text
    out, done, skip = [], 0, 0
    for first in range(len(words) - number + 1):
        if first < skip:
            continue
        begin, end = words[first].start(), words[first + number - 1].end()
        if skeleton(text[begin:end]) == key:
            out += [text[done:begin], GAP]
            done, skip = end, first + number
    return "".join([*out, text[done:]])
