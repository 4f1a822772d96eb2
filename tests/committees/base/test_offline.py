"""What the worker keeps: one page, the files that draw it, and another version for every change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from committees.base import context, offline
from tests import make


def kept_by(browser: Client) -> Any:
    """What the worker of this browser is told to keep."""
    script = browser.get(reverse("base:worker")).content.decode()
    return json.loads(script.partition("\n")[0].removeprefix("const KEPT = ").removesuffix(";"))


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("Sin conexión", {"latin"}),
        ("Ƥšéûðö", {"latin", "latin-ext"}),
        ("Нет сети", {"latin", "cyrillic"}),
        ("لا توجد شبكة", {"latin", "arabic"}),
        ("Không có mạng", {"latin", "vietnamese"}),
        ("网络", set()),
    ],
)
def test_only_the_letters_that_the_page_needs_are_kept(text: str, scripts: set[str]) -> None:
    found = {
        part
        for name in offline.fonts(text)
        for part in ("latin-ext", "cyrillic-ext", "latin", "cyrillic", "arabic", "greek", "vietnamese")
        if f"-{part}-" in name
    }
    assert found == scripts


def test_the_version_follows_what_is_kept() -> None:
    versions = set()
    for language, theme in (("en", ""), ("en", "dark"), ("es", ""), ("es", "light")):
        with translation.override(language):
            versions.add(offline.kept(theme).version)
            assert f'lang="{language}"' in offline.kept(theme).page
    assert len(versions) == 4
    plain = offline.Kept("page", ("a",))
    assert len({plain.version, offline.Kept("page", ("b",)).version, offline.Kept("other", ("a",)).version}) == 3


def test_the_page_asks_for_no_file_that_is_not_kept_and_runs_no_script() -> None:
    kept = offline.kept("")
    assert "<script" not in kept.page
    assert "<form" not in kept.page
    for asked in (part.partition('"')[0].partition("#")[0] for part in kept.page.split('href="')[1:]):
        assert asked == "" or asked in kept.files


@pytest.mark.django_db
def test_the_worker_stands_at_the_root_for_who_is_signed_in() -> None:
    ada = make.client(make.person(language="es"))
    answer = ada.get(reverse("base:worker"))
    assert reverse("base:worker") == "/worker.js"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "private, max-age=86400"
    assert "Service-Worker-Allowed" not in answer.headers, "it answers for what lies below it, and that is the whole site"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    with translation.override("es"):
        kept = offline.kept("")
        assert kept_by(ada) == {"version": kept.version, "page": "/offline/", "files": list(kept.files)}
        assert ada.get("/offline/").content.decode() == kept.page
    assert f'data-worker="/worker.js?v={kept.version}"' in ada.get("/more/").content.decode()


@pytest.mark.django_db
def test_a_visitor_gets_a_worker_that_goes_and_no_page_that_asks_for_one() -> None:
    nobody = Client()
    assert kept_by(nobody) is None
    assert nobody.get(reverse("base:worker")).headers["Cache-Control"] == "no-store"
    for page in ("/", reverse("home:safety"), reverse("account_login"), "/offline/", "/nothing-here/"):
        text = nobody.get(page).content.decode()
        assert "data-worker" not in text
        assert "js/offline" not in text


@pytest.mark.django_db
def test_it_is_the_same_for_everybody_who_reads_alike() -> None:
    ada, ben = make.client(make.person()), make.client(make.person())
    assert ada.get("/offline/").content == ben.get("/offline/").content
    assert kept_by(ada) == kept_by(ben)
    ada.cookies[context.theme_cookie()] = "dark"
    assert kept_by(ada) != kept_by(ben)
    ada.cookies[context.theme_cookie()] = "<script>"
    assert kept_by(ada) == kept_by(ben)


@pytest.mark.django_db
def test_a_session_that_has_ended_takes_along_what_the_browser_kept() -> None:
    ada = make.client(make.person())
    assert "Clear-Site-Data" not in ada.get("/today/").headers
    ada.session.delete()
    answer = ada.get("/today/")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert answer.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert "Clear-Site-Data" not in Client().get("/today/").headers
