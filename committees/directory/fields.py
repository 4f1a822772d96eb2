"""A column of words, and the question whether some of them are there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Lookup


def quoted(word: str) -> str:
    """One word in PostgreSQL's notation for search documents and questions."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


class WordsField(SearchVectorField):
    """A set of words, as a search document without positions: no language, no stemming, exactly these words."""

    def get_prep_value(self, value: Any) -> Any:
        return " ".join(quoted(word) for word in value) if isinstance(value, list | tuple | set) else value


@WordsField.register_lookup
class Says(Lookup):
    """`words__says=anything([...])`: does the document meet this question?"""

    lookup_name = "says"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", (*left_params, str(self.rhs))


@WordsField.register_lookup
class SaysToo(Says):
    """The same question, asked of rows that were found otherwise: the function has no index, the operator has.

    A short beginning has so many words that collecting their sites first costs more than looking at each row.
    """

    lookup_name = "says_too"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"ts_match_vq({left}, %s::tsquery)", (*left_params, str(self.rhs))


def anything(words: Iterable[str]) -> str:
    """The question: is one of these words there?"""
    return "(" + "|".join(quoted(word) for word in sorted(words)) + ")"


def beginning(word: str) -> str:
    """The question: does a word begin like this?"""
    return quoted(word) + ":*"


def everything(questions: Iterable[str]) -> str:
    """The question: are all of these answered?"""
    return "(" + "&".join(questions) + ")"


def either(questions: Iterable[str]) -> str:
    """The question: is one of these answered?"""
    return "(" + "|".join(questions) + ")"
