"""What is typed into minutes, as values; and what one version says otherwise than the one before."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from organizing.minutes import rules

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from organizing.minutes.models import Minutes


@dataclass(frozen=True)
class Todo:
    """What somebody does by a day. `who`: the name that they use here; empty where nobody is known yet."""

    what: str
    who: str
    due: date


@dataclass(frozen=True)
class Words:
    """All that one save writes. `passages`: by their place on the agenda; those that the writer does not see are not in it, and stay."""

    general: str
    decisions: str
    language: str
    passages: Mapping[int, str]
    todos: tuple[Todo, ...]


@dataclass(frozen=True)
class Changed:
    """One line: `sign` is "+" where it is new, "-" where it is gone, else empty."""

    sign: str
    line: str


def lines(minutes: Minutes, member: Membership) -> list[str]:
    """What a version says to this member, line by line."""
    said = [str(minutes.general)]
    for each in minutes.passages:
        if rules.sees(each["visibility"], member) and each["text"]:
            said += [each["subject"], each["text"]]
    said += minutes.decided
    return [line.rstrip() for text in said for line in text.splitlines() if line.strip()]


def differences(before: Minutes, after: Minutes, member: Membership) -> list[Changed]:
    """The lines of two versions: what is new, what is gone, and what stands around it."""
    found = difflib.unified_diff(lines(before, member), lines(after, member), n=1, lineterm="")
    return list(_signed(found))


def _signed(found: Iterator[str]) -> Iterator[Changed]:
    for n, line in enumerate(found):
        if n >= 2 and not line.startswith("@@"):  # the first two name files
            yield Changed(line[0].strip(), line[1:])
