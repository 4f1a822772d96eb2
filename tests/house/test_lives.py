"""The steps from state to state: the database allows those that the code tells and no other, and the docs show them."""

from __future__ import annotations

from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.sql import SQL, Identifier

from committees.base import lives
from committees.base.management.commands.lives import PAGE
from tests.house.code import listed

LIVES = {life.title: life for life in lives.told()}


def test_each_of_them_is_told() -> None:
    assert set(LIVES) == {"A committee", "An application", "A membership", "A mandate"}


@pytest.mark.parametrize("title", LIVES)
def test_every_state_is_reached_and_every_step_is_between_known_states(title: str) -> None:
    life = LIVES[title]
    reached = {str(state) for state in life.begins} | {after for _before, after in life.pairs}
    assert reached == set(life.states)
    assert {before for before, _after in life.pairs} <= set(life.states)
    assert len(life.pairs) == len(life.steps), "a step is told twice"


@pytest.mark.django_db
@pytest.mark.parametrize("title", LIVES)
def test_the_database_allows_the_steps_that_are_told_and_no_other(title: str) -> None:
    """Asked of a copy of the table that has the trigger and none of the other constraints."""
    life = LIVES[title]
    table, column = life.model._meta.db_table, life.column
    wrong: list[str] = []
    changed = SQL("UPDATE steps SET {} = %s").format(Identifier(column))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
        (defined,) = [text for name, text in cursor.fetchall() if name == "only_known_steps"]
        cursor.execute(SQL("CREATE TEMPORARY TABLE steps ({} text) ON COMMIT DROP").format(Identifier(column)))
        cursor.execute(defined.replace(f"public.{table}", "steps"))
        for before, after in permutations(life.states, 2):
            cursor.execute("TRUNCATE steps")
            cursor.execute("INSERT INTO steps VALUES (%s)", [before])
            try:
                with transaction.atomic():
                    cursor.execute(changed, [after])
                allowed = True
            except IntegrityError:
                allowed = False
            if allowed != ((before, after) in life.pairs):
                wrong.append(f"{before} -> {after}: the database {'allows' if allowed else 'refuses'} it")
    assert not wrong, listed(wrong)


def test_the_page_in_the_docs_is_drawn_from_it() -> None:
    assert PAGE.exists(), "manage.py lives --write"
    assert PAGE.read_text() == lives.page(), "docs/lives.md is not what the code says: manage.py lives --write"
