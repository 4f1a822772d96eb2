"""Committees never belong to each other in a circle, in whatever order they are tied, and however many at once."""

from __future__ import annotations

from itertools import permutations

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committees.alliance import commands as alliance
from committees.alliance import queries
from committees.alliance.models import Affiliation, State
from committees.base.errors import Refused
from committees.bodies.models import Committee, Life, Scope
from committees.membership.commands.entering import enter
from committees.membership.models import RoleTerm
from committees.membership.roles import Role, Standing
from tests import make, standing
from tests.at_once import at_once

NUMBER = 5


@transaction.atomic
def bodies(number: int) -> list[Committee]:
    """So many wide committees, any of which could belong to any other."""
    above, made = make.alliance(), []
    for n in range(number):
        body = Committee.objects.create(
            name=f"Region {n}", scope=Scope.REGION, region=f"Region {n}", life=Life.ACTIVE, verified_by=above, languages=["en"], founded_at=make.past()
        )
        founder = enter(body, make.person(), handle=f"Region founder {n}", standing=Standing.MEMBER, at=make.past())
        RoleTerm.objects.create(committee=body, membership=founder, role=Role.ORGANIZER, begins_at=make.past())
        made.append(body)
    return made


def request(lower: Committee, upper: Committee) -> Affiliation:
    return alliance.ask(upper, by=make.reloaded(make.organizer_of(lower)), at=timezone.now())


def say_yes(tie: Affiliation) -> None:
    alliance.accept(tie, by=make.reloaded(make.organizer_of(tie.wider)), at=timezone.now())


def is_free_of_circles() -> bool:
    """Asked of the table alone, without the queries that the site uses."""
    up: dict[int, set[int]] = {}
    for lower, upper in Affiliation.objects.filter(state=State.ACCEPTED).values_list("committee_id", "wider_id"):
        up.setdefault(lower, set()).add(upper)
    while leaves := [each for each, above in up.items() if not above & up.keys()]:
        for leaf in leaves:
            del up[leaf]
    return not up


class Tied:
    """Five wide committees, and whoever organizes each; asking and answering leaves them as they are."""

    def __init__(self) -> None:
        self.bodies = bodies(NUMBER)
        self.organizers = {body.pk: make.reloaded(make.organizer_of(body)) for body in self.bodies}


tied = standing.scene(Tied)


@pytest.mark.django_db
@given(pairs=st.lists(st.sampled_from(list(permutations(range(NUMBER), 2))), max_size=25, unique=True))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_and_accepted_in_whatever_order(tied: Tied, pairs: list[tuple[int, int]]) -> None:
    Affiliation.objects.all().delete()
    asked = []
    for lower, upper in pairs:
        try:
            asked.append(alliance.ask(tied.bodies[upper], by=tied.organizers[tied.bodies[lower].pk], at=timezone.now()))
        except Refused:
            continue
    for tie in asked:
        by = tied.organizers[tie.wider_id]
        if tie.committee_id in queries.above([tie.wider_id]):
            with pytest.raises(Refused, match="circle"):
                alliance.accept(tie, by=by, at=timezone.now())
        else:
            alliance.accept(tie, by=by, at=timezone.now())
    assert is_free_of_circles()


@pytest.mark.django_db
def test_a_circle_is_refused_when_it_is_asked_for() -> None:
    low, middle, high = bodies(3)
    say_yes(request(low, middle))
    say_yes(request(middle, high))
    with pytest.raises(Refused, match="circle"):
        request(high, low)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("length", [2, 4])
def test_of_ties_accepted_in_the_same_moment_one_is_refused(length: int) -> None:
    made = bodies(length)
    asked = [request(lower, made[(n + 1) % length]) for n, lower in enumerate(made)]
    answers = at_once([lambda tie=tie: say_yes(tie) for tie in asked])  # type: ignore[misc]
    refused = [str(answer) for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 1
    assert "circle" in refused[0]
    assert is_free_of_circles()
    assert connection.vendor == "postgresql"
