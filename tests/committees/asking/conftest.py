"""Ada organizes, Ben asks; somebody keeps the service, and the alliance has an organizer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from committees.asking import commands as asking
from committees.asking.models import Question
from committees.membership.models import Membership
from committees.people.models import Person
from tests import make, standing

cast = standing.scene(make.cast)
WORDS = "My roster shows two shifts at once. What do I do?"
type Ask = Callable[..., Question]


def own(member: Membership) -> str:
    return f"own-{member.committee.slug}"


def above() -> str:
    return f"wider-{make.alliance().slug}"


def ask(by: Membership | Person, to: str = "", *, at: datetime | None = None, text: str = WORDS, **more: Any) -> Question:
    """A member asks their own organizers, unless told otherwise."""
    person = by.person if isinstance(by, Membership) else by
    assert person is not None
    to = to or own(by)  # type: ignore[arg-type]
    return asking.ask(to, text, language="en", by=person, at=at or timezone.now(), **more)


def answer(question: Question, by: Any, text: str = "Come to the canteen at noon.", **more: Any) -> None:
    now = Question.objects.get(pk=question.pk)
    by = make.reloaded(by) if isinstance(by, Membership) else by
    asking.answer(question, text, language="en", seen=more.pop("seen", now.said), by=by, at=more.pop("at", timezone.now()), **more)


def fresh(question: Question) -> Question:
    return Question.objects.select_related("answered_in", "member").get(pk=question.pk)


@pytest.fixture
def intake(cast: make.Cast) -> Membership:
    """An organizer of the alliance."""
    return make.reloaded(make.organizer_of(make.alliance()))


@pytest.fixture
def keeper(cast: make.Cast) -> Person:
    """Of all those who keep the service in these tests, the only one who is there."""
    Person.objects.filter(is_platform_admin=True).update(is_platform_admin=False)
    return make.person(is_platform_admin=True)
