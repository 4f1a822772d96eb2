"""What differs from reader to reader in a text that is rendered once for all of them.

A template writes `{{ personal.time }}` and gets a mark; the marks are filled in for each reader afterwards. A mark holds
a random word of this process, so that nothing a member writes can be taken for one.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

_WORD = secrets.token_hex(6)
_MARK = re.compile(f"\ue000{_WORD}:([a-z_]+)\ue001")


def hole(name: str) -> str:
    """What stands in the rendered text until it is filled."""
    return f"\ue000{_WORD}:{name}\ue001"


class Personal:
    """What a template knows as `personal`: every name on it is a slot."""

    def __getitem__(self, name: str) -> str:
        return hole(name)


def pieces(text: str) -> list[str]:
    """The text cut at its slots: fixed text at even places, names of slots at odd ones."""
    return _MARK.split(text)


def names(text: str) -> set[str]:
    """The slots of a text."""
    return set(_MARK.findall(text))


def fill(text: str, values: Mapping[str, Any], *, escape: Any = str) -> str:
    """The text with its slots filled. KeyError for a slot without a value: half a message is not sent."""
    return _MARK.sub(lambda found: str(escape(values[found[1]])), text)
