"""The frame of a page is drawn once for all who see it alike, and says to each what is theirs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from committees.base import framing
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_drawn() -> None:
    framing._drawn.clear()


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def field(html: str, name: str) -> set[str]:
    return set(re.findall(rf'name="{name}" value="([^"]*)"', html))


def test_each_page_comes_back_to_itself(client: Client) -> None:
    first = page(client, '/workplaces/?q=%22%3Cb%3E&kind=port"')
    assert field(first, "next") == {"/workplaces/?q=%22%3Cb%3E&amp;kind=port%22"}
    assert field(page(client, "/workplaces/?q=dock"), "next") == {"/workplaces/?q=dock"}
    assert framing._HERE not in first


def test_each_browser_gets_its_own_token() -> None:
    tokens = set()
    for _ in range(2):
        html = page(make.client(make.person()), "/account/")
        assert framing._TOKEN not in html
        tokens |= field(html, "csrfmiddlewaretoken")
    assert len(tokens) >= 2


def test_the_token_of_the_frame_opens_the_door_and_no_other_does() -> None:
    browser = make.client(make.person())
    browser.handler.enforce_csrf_checks = True
    (token, *_others) = field(page(browser, "/help/"), "csrfmiddlewaretoken")
    assert browser.post("/account/sign-out/", {"csrfmiddlewaretoken": "x" * len(token)}).status_code == 403
    assert browser.post("/account/sign-out/", {"csrfmiddlewaretoken": token}).status_code == 302


def test_whoever_has_not_signed_in_gets_no_cookie_for_a_frame(client: Client) -> None:
    assert not client.get("/help/").cookies


def test_it_differs_where_readers_differ(client: Client) -> None:
    def bar(html: str) -> str:
        return html.partition("<main")[0].partition("<body")[2]

    member = make.client(make.person())
    admin = make.client(make.person(is_platform_admin=True))
    seen = [bar(page(client, "/help/")), bar(page(client, "/workplaces/")), bar(page(member, "/help/")), bar(page(admin, "/help/"))]
    client.cookies["language"] = "es"
    assert len({*seen}) == 4
    assert ["/keeping/" in one for one in seen] == [False, False, False, True]
    assert [bar(page(each, path)) for each, path in ((client, "/workplaces/"), (member, "/help/"))] != seen[1:3]


def test_the_theme_and_the_name_of_the_site_are_not_anothers(client: Client, settings: Any) -> None:
    page(client, "/help/")
    client.cookies["theme"] = "dark"
    assert re.search(r'value="dark" aria-pressed="true"', page(client, "/help/"))
    settings.SITE_NAME = "Another name"
    assert '<span class="brand__name isolate">Another name</span>' in page(client, "/help/")


def test_it_is_drawn_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page(client, "/help/")
    drawn = dict(framing._drawn)
    assert len(drawn) == 2
    page(client, "/help/?x=1")
    assert framing._drawn == drawn


def test_it_does_not_grow_without_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "_MOST", 3)
    for path in ("/help/", "/workplaces/", "/help/safety/", "/help/privacy/"):
        page(client, path)
    assert len(framing._drawn) <= 3
