"""Writing pages of help: versions that follow one another, two admins at once, order, and what the ledger keeps of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction

from committees.base.errors import Refused
from committees.guides import commands as guides
from committees.guides import menu, queries
from committees.guides.commands import Overtaken
from committees.guides.models import Guide, Version
from committees.ledger.models import Entry
from committees.people.models import Person
from tests import make
from tests.at_once import at_once
from tests.committees.guides.conftest import NOW, added, page, say

pytestmark = pytest.mark.django_db


def verbs() -> list[str]:
    return list(Entry.objects.in_committee(None).filter(verb__startswith="guide.").order_by("position").values_list("verb", flat=True))


def texts(guide: Guide, language: str = "en") -> list[str]:
    return list(Version.objects.filter(guide=guide, language=language).order_by("number").values_list("text", flat=True))


# -- Versions ------------------------------------------------------------------------------------------------------------------


def test_each_text_is_a_version_and_none_is_lost(keeper: Person) -> None:
    guide = added(keeper)
    say(guide, "Heat", "Rest in the shade.", keeper)
    guides.restore(guide, language="en", number=1, seen=2, by=keeper, at=NOW)
    assert texts(guide) == ["Drink water.", "Rest in the shade.", "Drink water."]
    assert verbs() == ["guide.added", "guide.published", "guide.written", "guide.restored"]


def test_the_ledger_says_who_and_holds_no_text(keeper: Person) -> None:
    guide = added(keeper, published=False)
    say(guide, "Heat", "Rest in the shade.", keeper, language="es")
    entry = Entry.objects.in_committee(None).get(verb="guide.written")
    assert (entry.actor, entry.about, entry.detail) == (keeper.ledger_key, f"guides.Guide:{guide.slug}", {"language": "es", "version": 1})


def test_the_first_change_of_a_built_in_page_gives_it_a_row_and_the_second_the_same(keeper: Person) -> None:
    for n in range(2):
        say(page("safety", keeper), "Safe", f"Text {n}.", keeper)
    assert Guide.objects.get().built_in == "safety"
    assert [guide.name for guide in queries.rows(keeper)] == ["how", "safety"]


def test_the_second_of_two_who_wrote_at_the_same_time_is_told(keeper: Person) -> None:
    guide, other = added(keeper), make.person(is_platform_admin=True)
    guides.write(guide, "Heat", "First.", language="en", seen=1, by=keeper, at=NOW)
    with pytest.raises(Overtaken):
        guides.write(guide, "Heat", "Second.", language="en", seen=1, by=other, at=NOW)
    with pytest.raises(Overtaken):
        guides.restore(guide, language="en", number=1, seen=1, by=other, at=NOW)
    with pytest.raises(Overtaken):
        guides.write(guide, "Heat", "From nowhere.", language="en", seen=7, by=other, at=NOW)
    assert texts(guide) == ["Drink water.", "First."]
    guides.write(guide, "Calor", "Agua.", language="es", seen=0, by=other, at=NOW)  # another language is another text


def test_back_to_the_built_in_text_is_a_version_too_and_can_be_taken_back(keeper: Person) -> None:
    how = page("how", keeper)
    say(how, "How", "Ours.", keeper)
    guides.withdraw(page("how", keeper), language="en", seen=1, by=keeper, at=NOW)
    with pytest.raises(Refused):
        guides.withdraw(page("how", keeper), language="en", seen=2, by=keeper, at=NOW)
    with pytest.raises(Refused):
        guides.restore(page("how", keeper), language="en", number=2, seen=2, by=keeper, at=NOW)
    guides.restore(page("how", keeper), language="en", number=1, seen=2, by=keeper, at=NOW)
    assert texts(Guide.objects.get()) == ["Ours.", "", "Ours."]


def test_a_published_page_keeps_one_language(keeper: Person) -> None:
    guide = added(keeper)
    with pytest.raises(Refused, match="only text"):
        guides.withdraw(guide, language="en", seen=1, by=keeper, at=NOW)
    guides.unpublish(guide, by=keeper, at=NOW)
    guides.withdraw(guide, language="en", seen=1, by=keeper, at=NOW)
    with pytest.raises(Refused, match="in one language first"):
        guides.publish(guide, by=keeper, at=NOW)


def test_only_languages_of_the_site(keeper: Person) -> None:
    with pytest.raises(Refused):
        say(added(keeper), "x", "x", keeper, language="tlh")


def test_a_built_in_page_is_never_taken_away(keeper: Person) -> None:
    with pytest.raises(Refused):
        guides.unpublish(page("how", keeper), by=keeper, at=NOW)
    say(page("how", keeper), "x", "x", keeper)
    with pytest.raises(IntegrityError), transaction.atomic():
        Guide.objects.update(is_published=False)


def test_publishing_twice_is_once(keeper: Person) -> None:
    guide = added(keeper)
    guides.publish(guide, by=keeper, at=NOW)
    guides.unpublish(guide, by=keeper, at=NOW)
    guides.unpublish(guide, by=keeper, at=NOW)
    assert verbs() == ["guide.added", "guide.published", "guide.unpublished"]


def test_the_same_form_twice_makes_one_page(keeper: Person) -> None:
    key = uuid4()
    made = [guides.add("Heat", "Water.", language="en", by=keeper, at=NOW, form_key=key) for _ in range(2)]
    assert made[0] == made[1]
    assert Version.objects.count() == 1


def test_the_order_has_two_ends(keeper: Person) -> None:
    added(keeper, "Heat")
    names = [guide.name for guide in queries.rows(keeper)]
    guides.move(page("how", keeper), up=True, by=keeper, at=NOW)
    guides.move(page(names[2], keeper), up=False, by=keeper, at=NOW)
    assert [guide.name for guide in queries.rows(keeper)] == names
    guides.move(page(names[2], keeper), up=True, by=keeper, at=NOW)
    assert [guide.name for guide in queries.rows(keeper)] == [names[0], names[2], names[1]]
    assert verbs().count("guide.moved") == 1


ACTS: dict[str, Callable[[Guide, Person], Any]] = {
    "add": lambda _guide, by: guides.add("x", "x", language="en", by=by, at=NOW),
    "write": lambda guide, by: guides.write(guide, "x", "x", language="en", seen=1, by=by, at=NOW),
    "restore": lambda guide, by: guides.restore(guide, language="en", number=1, seen=1, by=by, at=NOW),
    "withdraw": lambda guide, by: guides.withdraw(guide, language="en", seen=1, by=by, at=NOW),
    "publish": lambda guide, by: guides.publish(guide, by=by, at=NOW),
    "unpublish": lambda guide, by: guides.unpublish(guide, by=by, at=NOW),
    "move": lambda guide, by: guides.move(guide, up=True, by=by, at=NOW),
}


@pytest.mark.parametrize("act", ACTS)
def test_only_those_who_keep_the_service_do_any_of_it(act: str, keeper: Person) -> None:
    guide = added(keeper, published=False)
    organizer = make.organizer_of(make.committee()).person
    assert organizer is not None
    with pytest.raises(Refused):
        ACTS[act](guide, organizer)
    ACTS[act](guide, keeper)


# -- Really at once ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_at_once_one_does_and_the_others_are_told() -> None:
    keeper = make.person(is_platform_admin=True)
    answers = at_once([lambda n=n: say_first(keeper, n) for n in range(6)])
    assert sum(isinstance(answer, Version) for answer in answers) == 1
    assert sum(isinstance(answer, Overtaken) for answer in answers) == 5
    assert Version.objects.count() == Guide.objects.count() == 1


def say_first(keeper: Person, n: int) -> Version:
    return guides.write(page("how", keeper), "How", f"Text {n}.", language="en", seen=0, by=keeper, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_publish_at_once_the_list_has_all() -> None:
    keeper = make.person(is_platform_admin=True)
    at_once([lambda n=n: added(keeper, f"Page {n}") for n in range(6)])
    assert sorted(title for *_rest, titles in cache.get(menu.KEY) for title in titles.values()) == [f"Page {n}" for n in range(6)]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_move_at_once_none_is_lost() -> None:
    keeper = make.person(is_platform_admin=True)
    for n in range(3):
        added(keeper, f"Page {n}")
    names = {guide.name for guide in queries.rows(keeper)}
    at_once([lambda name=name: guides.move(page(name, keeper), up=True, by=keeper, at=NOW) for name in names])
    found = queries.rows(keeper)
    assert {guide.name for guide in found} == names
    assert [guide.place for guide in found] == list(range(5))
