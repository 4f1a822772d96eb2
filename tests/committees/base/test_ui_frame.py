"""The frame of every page: language, colours, quick exit, errors."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone

from committees.base import choices, context, views
from committees.people import commands as people
from committees.people.models import Person
from tests.valid_html import problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    made, _paper = people.create(at=timezone.now())
    return made


def text(response: Any) -> str:
    words: str = response.content.decode()
    return words


# -- Language and colours


def test_a_reader_changes_the_language_and_stays_on_the_page(client: Client) -> None:
    answer = client.post(reverse("base:set_language"), {"language": "es", "next": "/dev/components/?x=1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/dev/components/?x=1")
    assert 'lang="es"' in text(client.get("/dev/components/"))


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "", "\x00"])
def test_the_way_back_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    for name in ("set_language", "set_theme"):
        assert client.post(reverse(f"base:{name}"), {"language": "es", "theme": "dark", "next": elsewhere}).headers["Location"] == "/"


def test_a_language_that_is_not_on_offer_changes_nothing(client: Client) -> None:
    client.post(reverse("base:set_language"), {"language": "xx"})
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_rooms_above_hear_of_the_language(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(choices, "_language_keepers", [lambda request, language: heard.append(language)])
    client.post(reverse("base:set_language"), {"language": "es"})
    assert heard == ["es"]


def test_the_choice_of_a_member_is_kept_with_the_account(client: Client, person: Person) -> None:
    client.force_login(person)
    client.post(reverse("base:set_language"), {"language": "es"})
    person.refresh_from_db()
    assert person.language == "es"


def test_light_dark_and_back(client: Client) -> None:
    for theme in ("dark", "light"):
        client.post(reverse("base:set_theme"), {"theme": theme})
        assert f'data-theme="{theme}"' in text(client.get("/dev/components/"))
    client.post(reverse("base:set_theme"), {"theme": "system"})
    assert "data-theme" not in text(client.get("/dev/components/"))


def test_a_made_up_colour_is_never_written_into_the_page(client: Client) -> None:
    client.cookies[context.theme_cookie()] = '"><script>'
    assert "data-theme" not in text(client.get("/dev/components/"))


@pytest.mark.parametrize("name", ["set_language", "set_theme", "quick_exit"])
def test_what_another_site_sends_changes_nothing(client: Client, person: Person, name: str) -> None:
    client.force_login(person)
    answer = client.post(reverse(f"base:{name}"), {"language": "es", "theme": "dark"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 302
    assert not answer.cookies
    assert "Clear-Site-Data" not in answer.headers
    assert client.session.get("_auth_user_id")


@pytest.mark.parametrize("name", ["set_language", "set_theme", "quick_exit"])
def test_what_changes_something_is_never_a_link(client: Client, name: str) -> None:
    assert client.get(reverse(f"base:{name}")).status_code == 405


# -- Quick exit


def test_quick_exit_ends_the_session_and_clears_the_browser(person: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    key = client.session.session_key
    answer = client.post(reverse("base:quick_exit"))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("base:left"))
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert key
    assert not client.session.exists(key)


def test_the_page_in_between_leads_to_the_neutral_site_and_says_nothing(client: Client) -> None:
    answer = client.get(reverse("base:left"))
    assert answer.headers["Refresh"] == f"0; url={settings.NEUTRAL_EXIT_URL}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'content="0; url={settings.NEUTRAL_EXIT_URL}"' in text(answer)
    assert settings.SITE_NAME not in text(answer)
    assert "Rank" not in text(answer)


def test_quick_exit_stands_on_every_page(client: Client, person: Person) -> None:
    for _round in range(2):
        for path in ("/", "/dev/components/", "/nothing-here/"):
            assert f'action="{reverse("base:quick_exit")}"' in text(client.get(path, follow=True))
        client.force_login(person)


# -- Errors


def answer_of(view: str, status: int, *, user: Any = None) -> HttpResponse:
    request = RequestFactory().get("/committees/secret-slug/")
    request.resolver_match = None
    if user is not None:
        request.user = user
    handler = getattr(views, view)
    response: HttpResponse = handler(request) if view in ("server_error", "csrf_failure") else handler(request, PermissionDenied("secret words"))
    assert response.status_code == status
    return response


@pytest.mark.parametrize(("view", "status"), [("bad_request", 400), ("forbidden", 403), ("csrf_failure", 403), ("not_found", 404), ("server_error", 500)])
@pytest.mark.parametrize("signed_in", [True, False, None], ids=["member", "public", "before-anyone-is-known"])
def test_error_pages_are_whole_pages_that_repeat_nothing(view: str, status: int, signed_in: bool | None, person: Person) -> None:
    from django.contrib.auth.models import AnonymousUser

    response = answer_of(view, status, user={True: person, False: AnonymousUser(), None: None}[signed_in])
    assert problems(text(response)) == []
    assert "secret" not in text(response)
    assert response.headers["Cache-Control"] == "no-store"
    assert "noindex" in text(response)


def test_an_error_page_needs_no_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer_of("server_error", 500)
        answer_of("bad_request", 400)


def test_two_missing_pages_are_the_same_page(client: Client) -> None:
    one, other = client.get("/nothing-here/"), client.get("/nothing/there/at-all/?next=/x")
    assert one.status_code == other.status_code
    if one.status_code == 404:
        assert one.content == other.content


def test_a_stale_form_is_answered_with_advice() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})
    assert answer.status_code == 403
    assert "Nothing was sent" in text(answer)


# -- The pages of the frame


def test_the_developers_page_is_absent_in_production(client: Client) -> None:
    assert client.get(reverse("base:components")).status_code == 200
    with override_settings(PRODUCTION=True):
        assert client.get(reverse("base:components")).status_code == 404


def test_more_is_for_members(client: Client, person: Person) -> None:
    assert client.get(reverse("base:more")).status_code == 302
    client.force_login(person)
    answer = client.get(reverse("base:more"))
    assert answer.status_code == 200
    assert problems(text(answer)) == []
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_page_says_when_it_is_a_demonstration(client: Client) -> None:
    with override_settings(DEMO=True):
        assert "Demonstration data" in text(client.get("/dev/components/"))
    with override_settings(DEMO=False):
        assert "Demonstration" not in text(client.get("/dev/components/"))


def test_the_frame_carries_no_token_on_public_pages(client: Client) -> None:
    """So that finished public pages can be kept and given to many readers."""
    answer = client.get("/dev/components/")
    assert "csrfmiddlewaretoken" not in text(answer)
    assert settings.CSRF_COOKIE_NAME not in answer.cookies


def test_titles_begin_with_error_when_a_form_was_refused(client: Client) -> None:
    assert re.search(r"<title>Error: Components – ", text(client.get("/dev/components/"))), "the page of parts shows a refused form"


def test_a_request_without_a_person_has_a_frame() -> None:
    request: HttpRequest = RequestFactory().get("/x/")
    assert context.site(request)["frame"]["here"] == "/x/"
