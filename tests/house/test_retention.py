"""Every column of the database is either in the retention table or known to say nothing about a person."""

from __future__ import annotations

from collections import Counter

import pytest
from django.apps import apps
from django.db import models

from committees.base import retention
from committees.base.fields import SealedTextField
from committees.base.management.commands.retention import PAGE
from tests.house.code import listed
from tests.house.columns import NOTHING_PERSONAL

#: Rows that are somebody: whoever points at one says something about a person.
SOMEBODY = {"people.Person", "people.Contact", "membership.Membership"}
#: What the specification promises (spec 7, "Privacy by design"): days after the event.
PROMISED = {
    ("meetings.Meeting", "place"): 7,
    ("meetings.Meeting", "link"): 7,
    ("meetings.Meeting", "dial_in"): 7,
    ("meetings.Answer", "choice"): 30,
    ("membership.Application", "answers"): 90,
    ("membership.Application", "why"): 90,
    ("notices.Notice", "kind"): 14,
    ("notices.Delivery", "person"): 14,
    ("ledger.Entry", "actor"): 365,
    ("people.Session", "content"): 14,
    ("people.AccountMail", "context"): 14,
}


def concrete() -> dict[str, type[models.Model]]:
    """Every table of the database, those of libraries and many-to-many ones too."""
    return {model._meta.label: model for model in apps.get_models(include_auto_created=True) if model._meta.managed}


def columns(model: type[models.Model]) -> dict[str, models.Field]:
    return {field.name: field for field in model._meta.local_concrete_fields if not field.primary_key or field.name != "id"}


def promised() -> dict[tuple[str, str], retention.Keep]:
    return {(promise.model, column): promise for promise in retention.table() for column in promise.columns}


def harmless() -> set[tuple[str, str]]:
    return {(model, column) for model, names in NOTHING_PERSONAL.items() for column in names.split()}


def test_every_column_is_classed() -> None:
    known = set(promised()) | harmless()
    problems = [f"{label}.{name}" for label, model in concrete().items() for name in columns(model) if (label, name) not in known]
    assert not problems, (
        "\nHow long is this kept? retention.keep(…) in the room's apps.ready(), or, if it says nothing about a person, tests/house/columns.py:"
        + listed(problems)
    )


def test_no_column_is_classed_twice() -> None:
    twice = [
        f"{model}.{column}" for (model, column), n in Counter([*((p.model, c) for p in retention.table() for c in p.columns), *harmless()]).items() if n > 1
    ]
    assert not twice, listed(twice)


def test_nothing_is_classed_that_is_gone() -> None:
    there = {(label, name) for label, model in concrete().items() for name in columns(model)} | {(label, "id") for label in concrete()}
    gone = [f"{model}.{column}" for model, column in (set(promised()) | harmless()) - there]
    assert not gone, listed(sorted(gone))


def test_what_points_at_somebody_or_is_sealed_is_never_harmless() -> None:
    problems = []
    for label, model in concrete().items():
        for name, field in columns(model).items():
            target = field.related_model
            points = isinstance(target, type) and target._meta.label in SOMEBODY
            if (points or isinstance(field, SealedTextField)) and (label, name) in harmless():
                problems.append(f"{label}.{name}")
    assert not problems, listed(problems)


def test_days_need_a_job_that_keeps_them() -> None:
    problems = [f"{p.model}: {', '.join(p.columns)}" for p in retention.table() if p.days is not None and p.purge is None]
    assert not problems, "\nWho erases this? Give retention.keep(…, purge=…):" + listed(problems)


def test_each_promise_says_after_what_and_why() -> None:
    problems = [
        f"{p.model}: {', '.join(p.columns)}" for p in retention.table() if not p.why.strip() or (p.days is not None and not p.after.strip()) or not p.columns
    ]
    assert not problems, listed(problems)


@pytest.mark.parametrize("column", PROMISED, ids=".".join)
def test_the_table_keeps_what_the_specification_promises(column: tuple[str, str]) -> None:
    promise = promised().get(column)
    assert promise is not None, f"{'.'.join(column)} is not in the retention table"
    assert promise.days is not None, f"{'.'.join(column)} is kept without end"
    assert promise.days <= PROMISED[column]


def test_the_page_in_the_docs_is_the_table() -> None:
    assert PAGE.exists(), "manage.py retention --write"
    assert PAGE.read_text() == retention.page(), "docs/retention.md is not what the code says: manage.py retention --write"


def test_no_column_could_hold_where_somebody_was_or_with_what() -> None:
    """Never stored: network address, browser, legal name, read receipts, clicks, time of last use."""
    never = {"ip", "ip_address", "remote_addr", "user_agent", "useragent", "browser", "first_name", "last_name", "full_name", "real_name", "legal_name"}
    never |= {"last_login", "last_seen", "last_active", "last_seen_at", "read_at", "seen_at", "opened_at", "clicked_at", "viewed_at", "date_of_birth", "badge"}
    problems = [
        f"{label}.{name}"
        for label, model in concrete().items()
        for name, field in columns(model).items()
        if name in never or isinstance(field, models.GenericIPAddressField)
    ]
    assert not problems, listed(problems)
