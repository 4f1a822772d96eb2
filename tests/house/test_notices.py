"""Every kind of notice has its words, says almost nothing outside, and is part of the search for leaks."""

from __future__ import annotations

import inspect
import re

import pytest
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template

from committees.notices import registry
from committees.people import outbox
from tests.house.code import listed
from tests.safety.telling import KINDS

#: What each kind needs. A `.html` is drawn from the `.txt` where it is missing.
ENDINGS = ("subject.txt", "txt")


def missing(path: str) -> bool:
    try:
        get_template(path)
    except TemplateDoesNotExist:
        return True
    return False


def test_there_are_kinds() -> None:
    assert registry.known()


@pytest.mark.parametrize("kind", registry.known(), ids=lambda kind: kind.name)
def test_a_kind_has_its_words(kind: registry.Kind) -> None:
    absent = [kind.template(ending) for ending in ENDINGS if missing(kind.template(ending))]
    assert not absent, listed(absent)


@pytest.mark.parametrize("name", outbox.KINDS)
def test_an_account_mail_has_its_words(name: str) -> None:
    absent = [path for ending in ENDINGS if missing(path := f"people/notices/{name}.{ending}")]
    assert not absent, listed(absent)


def test_every_kind_is_sent_in_the_search_for_leaks() -> None:
    """tests/safety/telling.py says how each is caused; a kind that is missing there is not searched."""
    assert {kind.name for kind in registry.known()} == set(KINDS), "tests/safety/telling.py: KINDS"


def test_every_kind_stands_on_a_line_of_the_preferences_page() -> None:
    lines = {group.name for group in registry.groups()}
    # Of a digest each list in it has its line; who stops the digest stops those.
    problems = [kind.name for kind in registry.known() if kind.may_be_off and kind.group not in lines | {registry.DIGESTS}]
    assert not problems, listed(problems)


def test_security_cannot_be_switched_off_and_only_meetings_wake_people() -> None:
    problems = [kind.name for kind in registry.known() if kind.security and kind.may_be_off]
    problems += [kind.name for kind in registry.known() if kind.ignores_quiet_hours and not (kind.urgent or kind.security)]
    assert not problems, listed(problems)


def test_what_is_asked_again_at_the_moment_of_sending_takes_many_people_at_once() -> None:
    """`matters` and `personal` get sets and mappings: one query for ten thousand, not ten thousand."""
    problems = []
    for kind in registry.known():
        for ask, names in ((kind.matters, 2), (kind.personal, 2), (kind.context, 3)):
            if ask is not None and len(inspect.signature(ask).parameters) != names:
                problems.append(f"{kind.name}: {ask.__qualname__}")
    assert not problems, listed(problems)


def test_a_subject_never_names_who_or_where() -> None:
    """Not even at the fullest level: it is read over a shoulder, in a list of mails."""
    never = re.compile(r"\{\{[^}]*\b(committee|employer|workplace|site|handle|person|place|link|address|name)\b[^}]*\}\}")
    problems = []
    for kind in registry.known():
        source = get_template(kind.template("subject.txt")).template.source  # type: ignore[attr-defined]
        problems += [f"{kind.template('subject.txt')}: {match[0]}" for match in never.finditer(source)]
    assert not problems, listed(problems)
