"""Somebody who was removed applies again from another account: reviewers are asked a question, and told nothing else."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from committees.membership import commands as membership
from committees.membership import queries
from committees.membership.models import Membership, RemovedAddress
from committees.membership.roles import Role
from committees.people import commands as people
from committees.people.models import Contact, Person
from tests import make

pytestmark = pytest.mark.django_db
QUESTION = "It may be the same person"


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,)))


def another_account_with_the_address_of(person: Person | None) -> Person:
    """The first account gives its address up, and another one takes it."""
    found = make.person()
    Contact.objects.filter(person=found).delete()
    Contact.objects.filter(person=person).update(person=found)
    return found


def page(by: Membership, application: object) -> str:
    assert by.person is not None
    return make.client(by.person).get(reverse("membership:case", args=[application.slug])).content.decode()  # type: ignore[attr-defined]


def test_reviewers_read_whose_address_it_was_and_that_it_proves_nothing(cast: make.Cast, second: Membership) -> None:
    make.removed(cast.ben, by=cast.ada, second=second)
    again = make.application(cast.committee, by=another_account_with_the_address_of(cast.ben.person), at=timezone.now())
    shown = page(cast.ada, again)
    assert QUESTION in shown
    assert cast.ben.handle in shown
    assert QUESTION not in page(cast.ada, cast.dina)


def test_it_is_asked_also_where_the_first_account_was_erased(cast: make.Cast, second: Membership) -> None:
    make.removed(cast.ben, by=cast.ada, second=second)
    first = Person.objects.get(pk=cast.ben.person_id)
    other = another_account_with_the_address_of(first)
    people.erase(first, by=first, at=timezone.now())
    assert QUESTION in page(cast.ada, make.application(cast.committee, by=other, at=timezone.now()))


def test_another_committee_learns_nothing(cast: make.Cast, second: Membership) -> None:
    make.removed(cast.ben, by=cast.ada, second=second)
    elsewhere = make.application(cast.boss.committee, by=another_account_with_the_address_of(cast.ben.person), at=timezone.now())
    assert queries.removed_with_an_address_of(elsewhere) is None
    assert QUESTION not in page(cast.boss, elsewhere)


def test_the_marks_of_two_committees_have_nothing_in_common(cast: make.Cast, second: Membership) -> None:
    """Nobody who reads the table can tell that it was the same person."""
    assert cast.ben.person is not None
    make.member(cast.boss.committee, by=cast.ben.person)
    there = Membership.objects.get(committee=cast.boss.committee, person=cast.ben.person)
    make.removed(cast.ben, by=cast.ada, second=second)
    other = make.reloaded(make.member(cast.boss.committee, roles=(Role.ORGANIZER,)))
    make.removed(there, by=cast.boss, second=other)
    marks = list(RemovedAddress.objects.values_list("mark", flat=True))
    assert len(marks) == len(set(marks)) == 2


def test_whoever_belongs_again_has_no_mark_any_more(cast: make.Cast, second: Membership) -> None:
    make.removed(cast.ben, by=cast.ada, second=second)
    assert membership.forget_marks(timezone.now()) == 0
    Membership.objects.filter(pk=cast.ben.pk).update(standing="member")
    assert membership.forget_marks(timezone.now()) == 1
    assert not RemovedAddress.objects.exists()


def test_whoever_leaves_by_themself_leaves_no_mark(cast: make.Cast) -> None:
    membership.leave(cast.ben, by=cast.ben, at=timezone.now())
    assert not RemovedAddress.objects.exists()
