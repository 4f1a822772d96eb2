"""Doctor names what is wrong and the remedy, one finding a question, and is well where all is well."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from committees.people.models import Contact
from config.secrets import Keyring
from config.services import checkup, dumps
from tests.mail_sink import MailSink

pytestmark = pytest.mark.django_db


def finding(name: str) -> checkup.Finding:
    return checkup.ask(name, checkup.QUESTIONS[name])


def test_all_is_well_here() -> None:
    assert [each for each in checkup.findings() if each.state == checkup.WRONG] == []


def test_the_exit_code_says_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    call_command("doctor", json=True, stdout=out)
    assert json.loads(out.getvalue())["ok"]
    monkeypatch.setattr(checkup, "LEAST_FREE", 10**18)
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("doctor", stdout=out)
    assert left.value.code == 1
    assert "→ Make room" in out.getvalue()


def test_a_question_that_fails_is_a_finding_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> checkup.Answer:
        raise RuntimeError("sky fell")

    monkeypatch.setitem(checkup.QUESTIONS, "clock", broken)
    found = {each.name: each for each in checkup.findings()}
    assert found["clock"].state == checkup.WRONG
    assert "sky fell" in found["clock"].text
    assert found["disk"].state == checkup.OK


def test_a_missing_migration_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'contenttypes' AND name LIKE '0002%'")
    assert finding("migrations").state == checkup.WRONG
    assert "migrate" in finding("migrations").remedy


def test_a_sealed_value_without_its_key_is_named(settings: Any) -> None:
    Contact.objects.create(channel="email", address="someone@example.org", lookup="0" * 64)
    assert finding("keys").state == checkup.OK
    settings.FIELD_KEYS = Keyring({7: b"k" * 32})
    assert finding("keys").state == checkup.WRONG
    assert "1 (used by people.contact.address)" in finding("keys").text


def test_an_old_pulse_is_worth_a_look() -> None:
    cache.set("pulse:scheduler", timezone.now().isoformat(), 60)
    assert finding("workers").state == checkup.OK
    cache.set("pulse:scheduler", (datetime.now(UTC) - timedelta(minutes=10)).isoformat(), 60)
    assert finding("workers").state == checkup.WARNING
    assert "10 minutes ago" in finding("workers").text


def test_a_cache_that_is_gone_is_named(settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock?db=1"
    assert finding("cache").state == checkup.WRONG
    settings.REDIS_URL = settings.CELERY_BROKER_URL = settings.CACHES["default"]["LOCATION"]
    assert finding("cache").state == checkup.WARNING


def test_a_mail_server_is_asked_without_a_letter(settings: Any, mail_sink: MailSink) -> None:
    settings.EMBEDDED = frozenset()
    settings.MAIL_URL = f"smtp://127.0.0.1:{mail_sink.port}"
    monkey = pytest.MonkeyPatch()
    monkey.setattr("config.services.paths.embedded", frozenset)
    try:
        assert finding("mail").state == checkup.OK, finding("mail").text
        assert mail_sink.messages == []
        mail_sink.refuse()
        assert finding("mail").state == checkup.WRONG
    finally:
        monkey.undo()


def test_secrets_that_others_may_read_are_named() -> None:
    folder = Path(os.environ["RANKFILE_VAR"]) / "secrets"
    path = folder / "secret-key"
    path.chmod(0o644)
    try:
        assert finding("secrets").state == checkup.WRONG
        assert "secret-key" in finding("secrets").text
    finally:
        path.chmod(0o600)


def test_static_files_that_were_not_collected_are_named(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    assert finding("static files").state == checkup.WRONG


def test_backups_are_looked_after(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert finding("backups").state == checkup.OK  # a demo needs none
    monkeypatch.setattr(checkup, "PRODUCTION", True)
    assert "none are made" in finding("backups").text
    settings.BACKUP_FOLDER = str(tmp_path)
    assert finding("backups").state == checkup.WARNING
    assert "no dump yet" in finding("backups").text
    (tmp_path / dumps.NAME.format(timezone.now() - timedelta(hours=27))).touch()
    assert (finding("backups").state, finding("backups").text) == (checkup.WRONG, "the last dump is 27 hours old")
    (tmp_path / dumps.NAME.format(timezone.now() - timedelta(hours=3))).touch()
    assert (finding("backups").state, finding("backups").text) == (checkup.OK, "the last dump is 3 hours old, 2 are kept")
