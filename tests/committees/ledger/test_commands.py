from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone as now_in

from committees.ledger import commands, queries, verification
from committees.ledger.models import PLATFORM, Checkpoint, Entry, Head
from committees.people.models import Person

NOW = now_in.now()
OLD = NOW - timedelta(days=400)
INSERT = "INSERT INTO ledger_entry (chain, position, at, verb, about, detail, previous, digest) SELECT "


def test_an_act_is_sealed_to_the_one_before_it(ada: Person, site: Any) -> None:
    first = commands.record("committee.founded", by=ada, about=ada, committee=site)
    second = commands.record("member.admitted", by=None, about=ada, committee=site, detail={"role": "organizer", "days": 14})
    assert (first.position, first.previous) == (1, "")
    assert (second.position, second.previous) == (2, first.digest)
    assert (first.actor, second.actor) == (ada.ledger_key, None)
    assert second.about == f"people.Person:{ada.slug}"
    assert Head.objects.get(chain=site.slug).digest == second.digest


def test_each_committee_has_its_own_chain_and_the_platform_one(ada: Person, site: Any) -> None:
    commands.record("member.admitted", by=ada, about=ada, committee=site)
    elsewhere = commands.record("person.disabled", by=ada, about=ada)
    assert (elsewhere.chain, elsewhere.position) == (PLATFORM, 1)


@pytest.mark.parametrize(
    "detail",
    [{"why": "she said so"}, {"to": "a@b.example"}, {"note": "x" * 61}, {"list": ["a"]}, {"share": 0.5}, {"with blank": 1}, {"who": "Зинаида"}],
)
def test_text_addresses_and_lists_are_refused(ada: Person, detail: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not text"):
        commands.record("member.admitted", by=ada, about=ada, detail=detail)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("verb", ["Admitted", "admitted", "member admitted", "member.", ""])
def test_a_verb_is_noun_dot_done(ada: Person, verb: str) -> None:
    with pytest.raises(ValueError, match="not a verb"):
        commands.record(verb, by=ada, about=ada)


def test_an_act_undone_with_its_transaction_leaves_no_gap(ada: Person, site: Any) -> None:
    commands.record("meeting.called", by=ada, about=ada, committee=site)
    with transaction.atomic():
        commands.record("meeting.called", by=ada, about=ada, committee=site)
        transaction.set_rollback(True)
    assert commands.record("meeting.moved", by=ada, about=ada, committee=site).position == 2
    assert verification.verify(at=NOW).intact


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET verb = 'nothing.happened'",
        "UPDATE ledger_entry SET actor = NULL",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
        "UPDATE ledger_head SET digest = 'other'",
        "UPDATE ledger_head SET position = position - 1",
        "DELETE FROM ledger_head",
        "TRUNCATE ledger_head",
        "INSERT INTO ledger_head (chain, position, digest, signature) VALUES ('another', 7, 'x', '')",
        "UPDATE ledger_checkpoint SET digest = 'other'",
        "DELETE FROM ledger_checkpoint",
        "TRUNCATE ledger_checkpoint",
        # An entry that leaves a gap, and one that does not follow.
        INSERT + "chain, position + 2, at, verb, about, detail, digest, 'd' FROM ledger_entry ORDER BY position DESC LIMIT 1",
        INSERT + "chain, position + 1, at, verb, about, detail, 'other', 'd' FROM ledger_entry ORDER BY position DESC LIMIT 1",
    ],
)
def test_the_database_refuses(written: Any, site: Any, statement: str) -> None:
    """As the owner of the tables, with plain SQL."""
    written(NOW, NOW)
    commands.prune(site.slug, at=NOW)
    assert Checkpoint.objects.count() == 1
    with pytest.raises((IntegrityError, DatabaseError), match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verification.verify(at=NOW).intact


def test_old_entries_alone_are_not_enough_to_delete_them(written: Any) -> None:
    """Without a checkpoint that stands in for them they stay."""
    written(OLD, OLD)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.all().delete()


def test_pruning_leaves_a_signed_checkpoint_in_the_place_of_what_went(written: Any, site: Any) -> None:
    entries = written(OLD, OLD + timedelta(days=1), NOW, NOW)
    assert commands.prune_all(NOW) == 2
    assert list(Entry.objects.values_list("position", flat=True).order_by("position")) == [3, 4]
    mark = Checkpoint.objects.get(position=2)
    assert (mark.digest, mark.through) == (entries[1].digest, OLD + timedelta(days=1))
    assert verification.verify(at=NOW).intact
    assert commands.prune_all(NOW) == 0


def test_only_a_whole_beginning_goes(written: Any) -> None:
    """An act noted with an early time after a recent one waits for that one."""
    written(OLD, NOW, OLD)
    assert commands.prune_all(NOW) == 1
    assert verification.verify(at=NOW).intact


def test_a_chain_of_which_everything_is_old_goes_and_can_grow_again(written: Any, site: Any) -> None:
    entries = written(OLD, OLD)
    assert commands.prune_all(NOW) == 2
    assert not Entry.objects.exists()
    assert verification.verify(at=NOW).intact
    (after,) = written(NOW)
    assert (after.position, after.previous) == (3, entries[1].digest)
    assert verification.verify(at=NOW).intact


def test_each_night_signs_where_the_chain_stands(written: Any, site: Any) -> None:
    written(NOW)
    commands.prune_all(NOW)
    commands.prune_all(NOW)
    written(NOW)
    commands.prune_all(NOW)
    assert list(Checkpoint.objects.values_list("position", flat=True).order_by("position")) == [1, 2]


def test_a_year_of_nights_keeps_one_checkpoint_of_what_is_gone(written: Any, site: Any) -> None:
    for days in (420, 410, 400):
        written(NOW - timedelta(days=days))
        commands.prune(site.slug, at=NOW - timedelta(days=390))  # too early for anything to go
    written(NOW)
    assert Checkpoint.objects.count() == 3
    commands.prune_all(NOW)
    assert list(Checkpoint.objects.values_list("position", flat=True).order_by("position")) == [3, 4]


def test_erasing_a_person_destroys_the_way_back_to_their_acts(ada: Person, site: Any) -> None:
    commands.record("meeting.called", by=ada, about=ada, committee=site)
    assert queries.of_person(ada).count() == 1
    Person.objects.filter(pk=ada.pk).update(ledger_key=None, is_active=False, erased_on=NOW.date())
    ada.refresh_from_db()
    assert not queries.of_person(ada).exists()
    assert verification.verify(at=NOW).intact


def test_the_time_may_be_given_in_any_zone(ada: Person, site: Any) -> None:
    commands.record(
        "meeting.called", by=ada, about=ada, committee=site, at=datetime(2026, 3, 29, 3, 30, 1, 999_999, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    )
    assert Entry.objects.get().at == datetime(2026, 3, 28, 21, 45, 1, 999_999, tzinfo=UTC)
    assert verification.verify(at=NOW).intact


def test_history_reads_from_the_beginning(ada: Person, site: Any) -> None:
    other = Person.objects.create(sign_in_name="ben")
    for verb, row in [("meeting.called", ada), ("meeting.called", other), ("meeting.moved", ada)]:
        commands.record(verb, by=ada, about=row, committee=site)
    assert [entry.verb for entry in queries.history_of(ada)] == ["meeting.called", "meeting.moved"]
    assert [entry.position for entry in queries.of_committee(site)] == [3, 2, 1]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_leave_no_gap_and_no_two_in_one_place() -> None:
    """Two chains, twenty threads with a connection each, and a walk in between that sees one moment."""
    person = Person.objects.create(sign_in_name="ada")
    places = [SimpleNamespace(slug="one"), SimpleNamespace(slug="two")]
    go, failed = threading.Barrier(20), []

    def append(number: int) -> None:
        go.wait()
        try:
            for n in range(5):
                commands.record("member.admitted", by=person, about=person, committee=places[(number + n) % 2], detail={"n": n})  # type: ignore[arg-type]
        except Exception as problem:  # noqa: BLE001  reported by the test
            failed.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=append, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert verification.verify(at=now_in.now()).faults == []
    assert failed == []
    for place in places:
        assert list(Entry.objects.filter(chain=place.slug).values_list("position", flat=True).order_by("position")) == list(range(1, 51))
    assert verification.verify(at=now_in.now()).intact


def test_the_actor_is_a_key_and_not_a_person(ada: Person) -> None:
    assert isinstance(commands.record("person.disabled", by=ada, about=ada).actor, UUID)
    assert not [field for field in Entry._meta.get_fields() if field.is_relation]
