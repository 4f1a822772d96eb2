"""The drill: a real database is dumped, destroyed and restored; the ledger verifies, members sign in, nothing else opens the file."""

from __future__ import annotations

import base64
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.bodies.models import Committee
from committees.people.models import Contact, Person
from config.services import dumps, sealing
from tests import make
from tests.deploy.conftest import ADDRESS, Cast, Disposable, command
from tests.safety.leaks import Search

pytestmark = pytest.mark.xdist_group("drill")


@pytest.fixture(autouse=True)
def on_the_disposable_database(disposable: Disposable, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield


def signed_in(cast: Cast) -> Client:
    browser = Client()
    assert browser.post("/account/sign-in/", {"login": cast.sign_in_name, "password": make.PASSWORD}).status_code == 302
    return browser


def inside(browser: Client, cast: Cast) -> int:
    return browser.get(reverse("membership:committee", args=[cast.slug])).status_code


def test_what_was_destroyed_is_restored(disposable: Disposable, cast: Cast, tmp_path: Path) -> None:
    old_browser = signed_in(cast)
    assert inside(old_browser, cast) == 200
    ends = tmp_path / "ends.json"
    ends.write_text(json.dumps(command("verify_ledger")))
    before = disposable.content()
    file = disposable.backup()

    disposable.destroy()
    assert dumps.tables() == []
    told = disposable.restore(file)

    assert (told["ledger"], told["migrations"]) == ("intact", 0)
    assert told["entries"] == json.loads(ends.read_text())["entries"] > 3
    assert told["sessions_ended"] > 0
    after = disposable.content()
    assert {table for table in before if before[table] != after[table]} == {"people_session"}
    assert command("verify_ledger", against=ends)["intact"]
    assert inside(old_browser, cast) == 302, "a session of before the restore must not count"
    assert inside(signed_in(cast), cast) == 200
    assert Contact.objects.get(person=cast.person).address == ADDRESS, "sealed values open with the keys, which were in no backup"


def test_life_goes_on_after_a_restore(disposable: Disposable, cast: Cast) -> None:
    file = disposable.backup()
    stranger = make.person(email="late@mail.example")
    disposable.restore(file, replace=True)
    assert not Person.objects.filter(pk=stranger.pk).exists(), "what came after the backup is not in it"
    make.member(Committee.objects.get(slug=cast.slug))
    assert command("verify_ledger")["intact"]
    assert disposable.restore(disposable.backup(), replace=True)["ledger"] == "intact", "a restored database can be backed up and restored again"


def test_a_full_database_is_not_overwritten_unasked(disposable: Disposable, cast: Cast) -> None:
    file, before = disposable.backup(), disposable.content()
    with pytest.raises(CommandError, match="not empty"):
        disposable.restore(file)
    assert disposable.content() == before


def test_trying_a_restore_changes_nothing(disposable: Disposable, cast: Cast) -> None:
    file, before = disposable.backup(), disposable.content()
    told = disposable.restore(file, replace=True, dry_run=True)
    assert told["dry_run"]
    assert disposable.content() == before


def test_only_the_keys_holder_opens_a_backup(disposable: Disposable, cast: Cast, tmp_path: Path) -> None:
    file, before = disposable.backup(), disposable.content()
    stranger = tmp_path / "stranger.key"
    stranger.write_text(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(CommandError, match="cannot be opened with this key"):
        disposable.restore(file, replace=True, identity=str(stranger))
    assert disposable.content() == before
    heap = file.read_bytes()
    assert heap.startswith(b"age-encryption.org/v1\n")
    assert not Search([cast.slug, ADDRESS, cast.sign_in_name]).found_in(heap)


@pytest.mark.parametrize("where", [0.3, 0.999])
def test_a_damaged_backup_is_known_before_anything_is_touched(disposable: Disposable, cast: Cast, tmp_path: Path, where: float) -> None:
    before, heap = disposable.content(), bytearray(disposable.backup().read_bytes())
    heap[int(len(heap) * where)] ^= 1
    damaged = tmp_path / "rankfile-20260101T000000000000Z.dump.age"
    damaged.write_bytes(heap)
    with pytest.raises(CommandError, match="damaged"):
        disposable.restore(damaged, replace=True)
    damaged.write_bytes(disposable.backup().read_bytes()[:-1])
    with pytest.raises(CommandError, match="damaged"):
        disposable.restore(damaged, replace=True)
    assert disposable.content() == before


def test_no_key_of_the_server_is_in_a_backup(disposable: Disposable, cast: Cast, tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    with opened.open("wb") as target:
        sealing.unseal(disposable.backup(), target, [disposable.pair])
    heap = opened.read_bytes()
    assert heap.startswith(b"PGDMP")
    assert cast.slug.encode() in heap, "the dump holds the data, so that what is not found is not there"
    secret = [settings.SECRET_KEY, settings.VAPID_PRIVATE_KEY]
    for key in settings.FIELD_KEYS.keys.values():
        secret.append(base64.b64encode(key).decode())
        assert key not in heap
        assert key.hex().encode() not in heap
    assert not Search([*secret, ADDRESS]).found_in(heap)


def test_a_changed_entry_is_found_after_a_restore(disposable: Disposable, cast: Cast) -> None:
    """Who has the private key can write a backup of their own: the ledger says so."""
    honest = disposable.backup()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE ledger_entry SET verb = 'nothing.happened' WHERE id = (SELECT min(id) FROM ledger_entry)")
        cursor.execute("SET session_replication_role = DEFAULT")
    forged = disposable.folder / "rankfile-20990101T000000000000Z.dump.age"
    disposable.backup().rename(forged)
    with pytest.raises(SystemExit):
        disposable.restore(forged, replace=True)
    forged.unlink()
    assert disposable.restore(honest, replace=True)["ledger"] == "intact"


def test_dumps_older_than_thirty_days_go(disposable: Disposable, cast: Cast) -> None:
    old, newer = (timezone.now() - timedelta(days=days) for days in (31, 29))
    names = [dumps.NAME.format(each) for each in (old, newer)]
    for name in names:
        (disposable.folder / name).write_bytes(b"")
    trial = command("backup", to=str(disposable.folder), key=[disposable.public], dry_run=True)
    assert trial["removed"] == [names[0]]
    assert (disposable.folder / names[0]).exists()
    told = command("backup", to=str(disposable.folder), key=[disposable.public])
    assert told["removed"] == [names[0]]
    assert not (disposable.folder / names[0]).exists()
    (disposable.folder / names[1]).unlink()


def test_a_dump_that_fails_leaves_no_file(disposable: Disposable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "_address", lambda: "dbname=there_is_no_such_database")
    with pytest.raises(CommandError, match="could not be sealed"):
        command("backup", to=str(tmp_path), key=[disposable.public])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("words", "said"), [({"key": []}, "No public key"), ({"key": ["age1no"]}, "no public key"), ({"to": "/nowhere/at/all"}, "no folder")])
def test_a_backup_that_cannot_be_made_says_why(disposable: Disposable, tmp_path: Path, words: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        command("backup", **{"to": str(tmp_path), "key": [disposable.public]} | words)


def test_a_backup_may_be_sealed_to_an_ssh_key_and_to_several(disposable: Disposable, cast: Cast, tmp_path: Path) -> None:
    ssh = Ed25519PrivateKey.generate()
    private = ssh.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    public = ssh.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    list_of_keys = tmp_path / "recipients"
    list_of_keys.write_text(f"# two of us\n{disposable.public}\n{public} somebody@laptop\n")
    file = Path(command("backup", to=str(disposable.folder), recipients=str(list_of_keys))["file"])
    for key in (disposable.private.read_text(), private):
        with open(os.devnull, "wb") as nowhere:
            sealing.unseal(file, nowhere, sealing.identities(key))
