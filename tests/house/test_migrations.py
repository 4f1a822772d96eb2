"""Migrations say what the models say, and run on the database we bring and on any other."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

from tests.house.code import ROOT, listed


@pytest.mark.django_db
def test_no_model_changed_without_its_migration() -> None:
    out = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out, stderr=out, verbosity=1)
    except SystemExit as missing:
        pytest.fail(f"makemigrations would write ({missing.code}):\n{out.getvalue()}")


def test_no_migration_needs_what_the_embedded_server_has_not() -> None:
    """It is built without ICU, pgcrypto and TLS."""
    needs = re.compile(r"pgcrypto|provider\s*=\s*[\"']icu|CryptoExtension|CITextExtension", re.IGNORECASE)
    problems = [
        str(path.relative_to(ROOT))
        for house in ("committees", "organizing")
        for path in (ROOT / house).rglob("migrations/*.py")
        if needs.search(path.read_text())
    ]
    assert not problems, listed(problems)


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in ("committees", "organizing")]


def test_constraints_are_named_as_sentences() -> None:
    """`one_open_application`, not `unique_abc_12`: the name is what a log shows when it holds."""
    problems = [
        f"{model._meta.label}: {each.name}"
        for model in ours()
        for each in model._meta.constraints
        if not re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", each.name) or re.search(r"_(uniq|unique|check|chk|idx|uq|ck)$", each.name)
    ]
    assert not problems, listed(problems)


def test_what_has_a_page_is_reached_by_a_random_slug() -> None:
    """A model with an address of its own has a slug; no counter stands in an address."""
    problems = [model._meta.label for model in ours() if "get_absolute_url" in vars(model) and "slug" not in {f.name for f in model._meta.fields}]
    assert not problems, listed(problems)


#: Foreign keys that point at rows of another committee on purpose, each with the reason.
ACROSS = {
    "membership.Application.decided_by": "founders are admitted by the wider committee's organizers",
    "membership.ApplicationMessage.author": "founders are asked by the wider committee's organizers",
    "membership.Check.by": "founders are checked by the wider committee's organizers",
    "jointly.JointAct.agreed_by": "where there is no other organizer, one of the wider committee agrees; a trigger asks which",
    "circulars.Circular.agreed_by": "what goes to other committees says whom that act names",
    "moderation.Review.author": "on a board that several committees share, whoever wrote may belong to another one",
    "meetings.Answer.meeting": "members of a committee that comes as a guest answer too; a trigger asks whether it does",
    **dict.fromkeys(
        ("live.Presence.gathering", "live.Knock.gathering"),
        "members of a committee that comes as a guest come too; a trigger asks whether it does",
    ),
    **dict.fromkeys(
        ("live.Presence.by", "live.Knock.answered_by"),
        "whoever lets somebody of a guest in belongs to the host",
    ),
    **dict.fromkeys(
        ("membership.ApplicationMessage.application", "membership.Check.application", "membership.Recusal.application"),
        "these stand in the committee whose reviewers answer, for founders the wider one",
    ),
}


@pytest.mark.django_db
def test_rows_of_one_committee_cannot_point_into_another() -> None:
    """A foreign key between two models that both have a committee is backed by a composite one in the database.

    Where it points elsewhere on purpose it stands below, with the reason.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, array_agg(a.attname ORDER BY a.attname) FROM pg_constraint c "
            "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) "
            "WHERE c.contype = 'f' AND array_length(c.conkey, 1) > 1 GROUP BY c.oid, 1"
        )
        composite = {(table.strip('"'), column) for table, columns in cursor.fetchall() for column in columns}
    problems, used = [], set()
    for model in ours():
        if "committee" not in {f.name for f in model._meta.fields}:
            continue
        for field in model._meta.fields:
            target = field.related_model
            if not isinstance(field, models.ForeignKey) or not isinstance(target, type) or "committee" not in {f.name for f in target._meta.fields}:
                continue
            name = f"{model._meta.label}.{field.name}"
            if name in ACROSS:
                used.add(name)
            elif (model._meta.db_table, field.column) not in composite:
                problems.append(f"{name} may point at a {target._meta.label} of another committee: add constraints.same_committee(…)")
    assert not problems, listed(problems)
    assert used == set(ACROSS), f"no longer there: {set(ACROSS) - used}"
