from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from committees.base import retention
from committees.ledger import commands, seals, verification
from committees.ledger.models import Entry, Head
from committees.ledger.verification import Report
from config.secrets import Keyring

NOW = timezone.now()
OLD = NOW - timedelta(days=400)


def faults(**kwargs: Any) -> list[tuple[int, str]]:
    return [(fault.position, fault.what) for fault in verification.verify(at=NOW, **kwargs).faults]


def test_an_untouched_ledger_holds(written: Any, site: Any) -> None:
    written(NOW, NOW, NOW)
    report = verification.verify(at=NOW)
    assert report.intact
    assert (report.entries, report.chains) == (3, 1)
    assert report.heads == {site.slug: [3, Head.objects.get().digest]}


def test_an_empty_ledger_holds(db: None) -> None:
    assert verification.verify(at=NOW).intact


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("UPDATE ledger_entry SET verb = 'nothing.happened' WHERE position = 2", {2}),
        ("UPDATE ledger_entry SET actor = gen_random_uuid() WHERE position = 2", {2}),
        ("UPDATE ledger_entry SET at = at + interval '1 microsecond' WHERE position = 2", {2}),
        ("""UPDATE ledger_entry SET detail = '{"n": 9}' WHERE position = 2""", {2}),
        ("UPDATE ledger_entry SET about = 'people.Person:other' WHERE position = 3", {3}),
        ("DELETE FROM ledger_entry WHERE position = 2", {3}),
        ("DELETE FROM ledger_entry WHERE position = 1", {2}),
        ("DELETE FROM ledger_entry WHERE position = 3", {3}),
        ("DELETE FROM ledger_entry", {3}),
        ("UPDATE ledger_entry SET position = 4 WHERE position = 3", {3, 4}),
        ("UPDATE ledger_entry SET chain = 'elsewhere' WHERE position = 3", {0, 3}),
        ("DELETE FROM ledger_head", {0}),
        ("UPDATE ledger_head SET position = 2", {2}),
        ("UPDATE ledger_head SET signature = ''", {3}),
        ("UPDATE ledger_head SET signature = 'not base64!'", {3}),
    ],
)
def test_what_a_superuser_changed_is_found_where_it_was_changed(written: Any, tamper: Any, change: str, where: set[int]) -> None:
    written(NOW, NOW, NOW)
    with tamper() as cursor:
        cursor.execute(change)
    found = {position for position, _ in faults()}
    assert where <= found, found


def rewrite_everything_after(position: int, cursor: Any) -> None:
    """Someone who knows how digests are made changes an act and recomputes all that follows."""
    previous = ""
    for entry in Entry.objects.order_by("position"):
        if entry.position >= position:
            entry.verb = "nothing.happened" if entry.position == position else entry.verb
            entry.previous = previous
            entry.digest = commands.digest_of(entry)
            cursor.execute("UPDATE ledger_entry SET verb = %s, previous = %s, digest = %s WHERE id = %s", [entry.verb, entry.previous, entry.digest, entry.pk])
        previous = entry.digest
    cursor.execute("UPDATE ledger_head SET digest = %s", [previous])


def test_a_rewritten_and_recomputed_chain_is_found_by_the_signature_of_its_end(written: Any, tamper: Any) -> None:
    written(NOW, NOW, NOW)
    with tamper() as cursor:
        rewrite_everything_after(2, cursor)
    assert faults() == [(3, "the signature of the chain's end does not hold")]


def test_a_beginning_removed_before_its_time_is_found(written: Any, site: Any, tamper: Any) -> None:
    """Even where a real checkpoint stands at its end."""
    written(NOW, NOW)
    commands.prune(site.slug, at=NOW)
    written(NOW)
    with tamper() as cursor:
        cursor.execute("DELETE FROM ledger_entry WHERE position <= 2")
    assert faults() == [(3, "entries before this one were removed before their time")]


def test_an_end_cut_off_is_found_by_a_checkpoint_behind_it(written: Any, site: Any, tamper: Any) -> None:
    """Rolling the head back to an earlier state, with its real signature of then."""
    written(NOW)
    earlier = Head.objects.get()
    written(NOW)
    commands.prune(site.slug, at=NOW)
    with tamper() as cursor:
        cursor.execute("DELETE FROM ledger_entry WHERE position = 2")
        cursor.execute("UPDATE ledger_head SET position = 1, digest = %s, signature = %s", [earlier.digest, earlier.signature])
    assert faults() == [(2, "a checkpoint was signed here, but the chain ends at 1")]


def test_a_whole_state_put_back_is_found_by_an_end_that_was_noted_elsewhere(written: Any, site: Any, tamper: Any, tmp_path: Path) -> None:
    written(NOW)
    earlier = Head.objects.get()
    written(NOW)
    kept = tmp_path / "kept.json"
    kept.write_text(run_json())
    with tamper() as cursor:
        cursor.execute("DELETE FROM ledger_entry WHERE position = 2")
        cursor.execute("UPDATE ledger_head SET position = 1, digest = %s, signature = %s", [earlier.digest, earlier.signature])
    assert faults() == []
    with pytest.raises(SystemExit) as stop:
        call_command("verify_ledger", against=kept, stdout=StringIO(), stderr=StringIO())
    assert stop.value.code == 1
    written(NOW)
    assert faults(noted={site.slug: (2, Head.objects.get().digest)}) == []
    assert faults(noted={site.slug: (2, "another")}) == [(2, "the entry is not the one that was noted elsewhere")]
    assert faults(noted={"gone": (5, "x")}) != []


def test_a_forged_checkpoint_is_found(written: Any, site: Any, tamper: Any) -> None:
    written(OLD, OLD, NOW)
    commands.prune(site.slug, at=NOW)
    with tamper() as cursor:
        cursor.execute("UPDATE ledger_checkpoint SET through = through - interval '1 day' WHERE position = 2")
    assert faults() == [(2, "the checkpoint's signature does not hold")]


def test_a_vanished_checkpoint_is_found(written: Any, site: Any, tamper: Any) -> None:
    written(OLD, OLD, NOW)
    commands.prune(site.slug, at=NOW)
    with tamper() as cursor:
        cursor.execute("DELETE FROM ledger_checkpoint WHERE position = 2")
    assert faults() == [(3, "entries before this one are missing, and no checkpoint stands in for them")]


def test_one_chain_alone(written: Any, site: Any, tamper: Any) -> None:
    written(NOW)
    written(NOW, chain=None)
    with tamper() as cursor:
        cursor.execute("UPDATE ledger_entry SET verb = 'nothing.happened' WHERE chain = 'platform'")
    assert faults(chain=site.slug) == []
    assert [position for position, _ in faults(chain="platform")] == [1]


def test_a_signature_needs_the_key_that_is_not_in_the_database(written: Any, settings: Any) -> None:
    """Another server's keys verify nothing, and a rotation of the sealing key changes nothing."""
    written(NOW)
    own = settings.FIELD_KEYS
    settings.FIELD_KEYS = Keyring({**own.keys, 200: b"n" * 32})
    assert faults() == []
    settings.FIELD_KEYS = Keyring({own.lookup: b"x" * 32})
    assert faults() == [(1, "the signature of the chain's end does not hold")]


def run_json() -> str:
    out = StringIO()
    call_command("verify_ledger", "--json", stdout=out)
    return out.getvalue()


def test_the_command_says_that_all_is_well(written: Any, site: Any, capsys: Any) -> None:
    written(NOW, NOW)
    call_command("verify_ledger")
    assert "Intact: 2 entries in 1 chains" in capsys.readouterr().out
    report = json.loads(run_json())
    assert report["intact"] is True
    assert report["heads"][site.slug][0] == 2
    assert report["public_key"] == seals.public_key()


def test_the_command_names_the_row_and_ends_with_one(written: Any, site: Any, tamper: Any, capsys: Any) -> None:
    written(NOW, NOW)
    with tamper() as cursor:
        cursor.execute("UPDATE ledger_entry SET verb = 'nothing.happened' WHERE position = 2")
    with pytest.raises(SystemExit) as stop:
        call_command("verify_ledger")
    assert stop.value.code == 1
    assert f"{site.slug}#2: the entry was changed" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"heads": {"a": 1}}', '{"heads": []}'])
def test_the_command_ends_with_two_where_it_cannot_compare(db: None, tmp_path: Path, content: str) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(content)
    with pytest.raises(CommandError) as problem:
        call_command("verify_ledger", against=bad)
    assert problem.value.returncode == 2
    with pytest.raises(CommandError):
        call_command("verify_ledger", against=tmp_path / "missing.json")


def test_pruning_is_part_of_the_nightly_job(written: Any) -> None:
    written(OLD, NOW)
    assert any(promise.purge is commands.prune_all for promise in retention.table())


def test_the_report_is_plain_data() -> None:
    assert json.dumps(Report().as_json())
