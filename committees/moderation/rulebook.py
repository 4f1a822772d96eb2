"""The house rules and the words to begin a reason with, in each language: the project's own file, data/rules.toml.

A decision keeps a rule's code; a reader gets its words in their own language, and in English where they are not there yet.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

FILE = Path(__file__).parent / "data" / "rules.toml"
FALLBACK = "en"


@dataclass(frozen=True)
class Rule:
    """One house rule in one language. `language` is that of its words, which may not be the one asked for."""

    code: str
    title: str
    text: str
    #: What a moderator may begin with when they say why.
    words: tuple[str, ...]
    language: str


@cache
def _table() -> tuple[dict[str, Any], ...]:
    with open(FILE, "rb") as file:
        return tuple(tomllib.load(file)["rule"])


@cache
def codes() -> tuple[str, ...]:
    """Every rule, in the order of the page."""
    return tuple(row["code"] for row in _table())


@cache
def _in(language: str) -> dict[str, Rule]:
    found = {}
    for row in _table():
        said = language if language in row["titles"] else FALLBACK
        found[row["code"]] = Rule(row["code"], row["titles"][said], row["texts"][said], tuple(row["words"][said]), said)
    return found


def rules(language: str | None = None) -> list[Rule]:
    """All rules in that language (the reader's, if none is given)."""
    return list(_in(language or get_language() or FALLBACK).values())


def rule(code: str, language: str | None = None) -> Rule | None:
    """One rule; None for a code that the file no longer has."""
    return _in(language or get_language() or FALLBACK).get(code)


def languages() -> dict[str, set[str]]:
    """Code → the languages in which all of that rule is there."""
    return {row["code"]: set(row["titles"]) & set(row["texts"]) & {name for name, words in row["words"].items() if words} for row in _table()}
