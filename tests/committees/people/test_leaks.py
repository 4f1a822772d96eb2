"""What is not stored cannot leak: a dump, Redis, the logs and the mails' rows hold no address, no network address, no agent."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from allauth import account as allauth_account
from allauth import mfa as allauth_mfa
from django.conf import settings as django_settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from psycopg import sql
from redis import Redis

from committees.people import adapter, outbox
from committees.people.models import AccountMail, Person

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db

AGENT = "SentinelAgent/7.7"
PLACE = "198.51.100.23"
ADDRESS = "sentinel.worker@sentinel.example"


def everything_in_the_database() -> str:
    """Each row of each table as text, bytes as they lie there."""
    parts = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT string_agg(t::text, ' ') FROM {} t").format(sql.Identifier(table)))
            parts.append(cursor.fetchone()[0] or "")
            cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s AND data_type = 'bytea'", [table])
            for (column,) in cursor.fetchall():
                cursor.execute(sql.SQL("SELECT string_agg(encode({}, 'escape'), ' ') FROM {}").format(sql.Identifier(column), sql.Identifier(table)))
                parts.append(cursor.fetchone()[0] or "")
    return "\n".join(parts)


def everything_in_redis() -> str:
    redis = Redis.from_url(django_settings.REDIS_URL)
    return str([(key, redis.get(key)) for key in redis.keys("*") if redis.type(key) == b"string"])


def test_after_a_persons_whole_day_nothing_tells_who_they_are_or_where_they_were(
    carried: list[AccountMail], caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    where = {"REMOTE_ADDR": PLACE, "headers": {"user-agent": AGENT}}
    browser = Client(**where)
    browser.post("/account/join/email/", {"address": ADDRESS})
    browser.post("/account/join/code/", {"code": carried[-1].context["code"]})
    person = Person.objects.present().get()
    paper = browser.session["people.paper"]
    browser.post("/account/password/new/", {"password1": PASSWORD, "password2": PASSWORD})
    browser.post("/account/sign-out/")
    for data in ({"login": ADDRESS, "password": "wrong"}, {"login": ADDRESS, "password": PASSWORD}):
        browser.post("/account/sign-in/", data)
    browser.post("/account/again/", {"way": "send"})
    other = Client(**where)
    other.post("/account/sign-in/code/", {"email": ADDRESS})
    other.post("/account/sign-in/code/", {"email": f"unknown.{ADDRESS}"})
    other.post("/account/password/forgotten/", {"email": ADDRESS})
    other.get("/account/no-such-page/")
    assert browser.get("/account/addresses/").status_code == 200
    assert len(carried) >= 6

    codes = [mail.context["code"] for mail in carried if mail.context]
    for store in (everything_in_the_database(), everything_in_redis(), caplog.text):
        for secret in (ADDRESS, "sentinel.example", AGENT, PLACE, paper, person.get_session_auth_hash(), *codes):
            assert secret not in store
    assert person.sign_in_name not in caplog.text + everything_in_redis()


def test_no_mail_of_allauth_is_without_a_way_out_or_a_word_that_it_has_none() -> None:
    """Each template of a mail that allauth brings is one that we send, one that we replace, or one whose feature is off."""
    off = {
        "account/email/email_confirmation",
        "account/email/email_confirmation_signup",
        "account/email/email_confirm",
        "account/email/email_changed",
        "account/email/email_deleted",
        "account/email/account_already_exists",
        "account/email/password_reset_key",
        "account/email/base",
        "account/email/base_notification",
        "mfa/email/webauthn_added",
        "mfa/email/webauthn_removed",
    }
    brought = set()
    for package in (allauth_account, allauth_mfa):
        folder = Path(package.__path__[0]).parent / "templates" / package.__name__.split(".")[1] / "email"
        brought |= {f"{folder.parent.name}/email/{path.stem.removesuffix('_subject').removesuffix('_message')}" for path in folder.glob("*.txt")}
    assert len(brought) > 10
    assert brought - off == set(adapter.MAILS) | set(adapter.WARNINGS)


@pytest.mark.parametrize("kind", outbox.KINDS)
def test_every_account_mail_has_its_words_says_nothing_of_us_and_leads_nowhere(kind: str) -> None:
    for language in ("en", "es"):
        with translation.override(language):
            context = {"code": "BCDF-GHJK", "subject": "Notice"}
            subject = render_to_string(f"people/notices/{kind}.subject.txt", context).strip()
            text, html = (render_to_string(f"people/notices/{kind}.{ending}", context) for ending in ("txt", "html"))
        assert subject
        assert "\n" not in subject
        assert "BCDF" not in subject
        for words in (text, html):
            assert ("BCDF-GHJK" in words) == kind.endswith("_code")
            assert "http" not in words.replace("http-equiv", "")
            assert django_settings.SITE_NAME not in words
