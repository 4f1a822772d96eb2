from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from django.utils import timezone

from committees.base import prepared
from committees.base.prepared import Prepared, a_fork, a_number, a_row, a_word, an_instant, some_numbers
from committees.bodies.models import Charter, Committee
from committees.directory.models import Workplace
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.people.models import Person, Tally
from tests import make

START = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[True, False], ids=["planned once", "planned each time"], autouse=True)
def plans(request: pytest.FixtureRequest, settings: Any) -> None:
    settings.DATABASE_PREPARED = request.param


@pytest.fixture
def tallies() -> list[Tally]:
    return Tally.objects.bulk_create(Tally(key=f"{n:02} 100%", value=n, expires_at=START + timedelta(days=n)) for n in range(6))


@pytest.fixture
def sites() -> list[Workplace]:
    return [make.workplace(name=f"Depot {n}") for n in range(4)]


def later_than(number: int, at: datetime) -> models.QuerySet[Membership]:
    return Membership.objects.filter(pk__gt=number, joined_at__gt=at).exclude(handle__contains="%%").order_by("pk")


def test_it_finds_what_its_queryset_finds_with_one_query(django_assert_num_queries: Any) -> None:
    committee = make.committee()
    members = [make.member(committee) for _ in range(3)]
    query = Prepared(later_than, number=a_number, at=an_instant)
    for number in (0, members[1].pk, 40_000, 2_000_000_000, 5_000_000_000):
        for at in (START, members[1].joined_at, timezone.now() + timedelta(days=9)):
            with django_assert_num_queries(1):
                found = query(number=number, at=at)
            assert [vars(row) | {"_state": None} for row in found] == [vars(row) | {"_state": None} for row in later_than(number, at)]


def test_objects_come_with_what_was_read_along(django_assert_num_queries: Any) -> None:
    member = make.organizer_of(make.committee())
    query = Prepared(
        lambda person, at: Membership.objects.of(person).select_related("committee").with_running_roles(at).prefetch_related("terms"),
        person=a_row(Person),
        at=an_instant,
    )
    with django_assert_num_queries(2):
        (found,) = query(person=member.person, at=timezone.now())
        assert found == member
        assert found.committee.name == member.committee.name
        assert Power.CALL_MEETING in found.powers
        assert len(found.terms.all()) == 1


def test_numbers_of_32_bits_are_found_too() -> None:
    charter = make.committee().charters.get()
    query = Prepared(lambda version: Charter.objects.filter(version=version), version=a_number)
    assert charter in query(version=1)
    assert query(version=2) == []


def test_a_percent_sign_and_quotes_stay_what_they_are(tallies: list[Tally]) -> None:
    query = Prepared(lambda key: Tally.objects.filter(key=key).exclude(key="100% 'so' %s"), key=a_word)
    found = query.first(key="03 100%")
    assert found is not None
    assert found.value == 3
    assert query.first(key="' OR 1=1 --") is None


def test_any_number_of_ids_is_the_same_query(sites: list[Workplace]) -> None:
    query = Prepared(lambda ids: Workplace.objects.filter(pk__among=ids).order_by("pk"), ids=some_numbers)
    assert query(ids=[sites[3].pk, sites[1].pk]) == [sites[1], sites[3]]
    assert query(ids=[]) == []
    assert query.found(ids=(sites[2].pk,))


def test_a_fork_has_a_text_for_each_of_its_values(tallies: list[Tally]) -> None:
    query = Prepared(lambda most: Tally.objects.order_by("-value")[:most], most=a_fork)
    assert [row.value for row in query(most=1)] == [5]
    assert [row.value for row in query(most=2)] == [5, 4]
    assert [row.value for row in query(most=1)] == [5]


def test_what_a_row_may_differ_in_decides_the_text() -> None:
    committee = make.committee()
    member, organizer = make.member(committee), make.organizer_of(committee)
    query = Prepared(lambda by: Membership.objects.visible_to(by).order_by("pk"), by=a_row(Membership, "committee_id", same=("powers",)))
    for by in (make.reloaded(member), make.reloaded(organizer), make.reloaded(make.member(committee))):
        assert query(by=by) == list(Membership.objects.visible_to(by).order_by("pk"))


def test_nothing_asked_of_nothing_is_nothing(django_assert_num_queries: Any) -> None:
    query = Prepared(lambda key: Tally.objects.filter(key=key).none(), key=a_word)
    with django_assert_num_queries(0):
        assert query(key="x") == []


def test_it_goes_on_after_a_transaction_that_was_undone(tallies: list[Tally]) -> None:
    query = Prepared(lambda key: Tally.objects.filter(key=key), key=a_word)
    for n, tally in enumerate(tallies):
        with transaction.atomic():
            assert query(key=tally.key) == [tally]
            transaction.set_rollback(n % 2 == 0)


@pytest.mark.django_db(transaction=True)
def test_it_goes_on_after_a_migration_that_changed_a_column(tallies: list[Tally]) -> None:
    query = Prepared(lambda key: Tally.objects.filter(key=key), key=a_word)
    for length in (70, 64):
        for _ in range(3):
            assert query(key=tallies[0].key) == [tallies[0]]
        with contextlib.closing(connection.copy()) as another, another.cursor() as cursor:
            cursor.execute(f"ALTER TABLE people_tally ALTER COLUMN key TYPE varchar({length})")
        assert query(key=tallies[0].key) == [tallies[0]]


MISUSED = {
    "an argument that is counted with": Prepared(lambda at: Tally.objects.filter(expires_at__gt=at - timedelta(days=1)), at=an_instant),
    "one that is put into other words": Prepared(lambda key: Tally.objects.filter(key__contains=key), key=a_word),
    "one that is not used": Prepared(lambda value: Tally.objects.all(), value=a_number),
    "a clock that is read inside": Prepared(lambda key: Tally.objects.filter(key=key, expires_at__gt=timezone.now()), key=a_word),
    "a number that its column cannot hold": Prepared(lambda value: Committee.objects.filter(founding_number=value), value=a_number),
    "a number that is changed": Prepared(lambda value: Workplace.objects.filter(pk__gt=value).exclude(pk=value - 5), value=a_number),
}


@pytest.mark.parametrize("query", MISUSED.values(), ids=MISUSED)
def test_what_would_be_wrong_for_the_next_asker_is_refused(query: Prepared[Tally]) -> None:
    given = {name: {a_number: 1, an_instant: START, a_word: "x"}[slot] for name, slot in query._slots.items()}
    with pytest.raises(ImproperlyConfigured):
        query(**given)


def test_a_stand_in_answers_for_its_id_only() -> None:
    query = Prepared(lambda person: Tally.objects.filter(key=person.language), person=a_row(Person))
    with pytest.raises(Exception, match="does not exist"):
        query(person=make.person())


def test_every_argument_is_wanted_and_no_other() -> None:
    query = Prepared(lambda key: Tally.objects.filter(key=key), key=a_word)
    wrongs: list[dict[str, Any]] = [{}, {"value": 1, "key": "x"}]
    for wrong in wrongs:
        with pytest.raises(TypeError, match="wants key"):
            query(**wrong)


def test_kinds_of_askers_without_end_are_not_kept() -> None:
    query = Prepared(lambda most: Tally.objects.all()[:most], most=a_fork)
    for most in range(1, 3 * prepared._MOST_VARIANTS):
        query(most=most)
    assert len(query._made) <= prepared._MOST_VARIANTS
