"""The pages on which help is written: what an admin sees, what is refused, and that nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from committees.guides import commands as guides
from committees.guides.models import Guide, Version
from committees.people.models import Person
from tests import make
from tests.committees.guides.conftest import NOW, added, page, say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("committed")]


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def seen(html: str) -> str:
    return re.findall(r'name="seen" value="(\d+)"', html)[0]


def test_it_is_reached_from_the_entrance_of_those_who_keep_the_service(admin: Client) -> None:
    assert 'href="/keeping/help/"' in text(admin.get("/keeping/"))
    listed = text(admin.get("/keeping/help/"))
    for title in ("How committees work", "Stay safe at work and online"):
        assert title in listed
    assert "nobody can change them here" in listed
    for fixed in ("/help/rules/", "/help/privacy/", "/help/accessibility/"):
        assert f'<li><a href="{fixed}">' in listed


@pytest.mark.parametrize("name", ["rules", "privacy", "accessibility", "nothing"])
def test_what_the_program_makes_has_no_form(admin: Client, name: str) -> None:
    for address in (f"/keeping/help/{name}/", f"/keeping/help/{name}/en/"):
        assert admin.get(address).status_code == 404
        assert admin.post(address, {"title": "x", "text": "x", "seen": "0"}).status_code in (404, 405)


def test_whoever_changes_a_built_in_page_begins_with_its_text(admin: Client) -> None:
    english, spanish = (text(admin.get(f"/keeping/help/how/{code}/")) for code in ("en", "es"))
    assert "## Who can join\n\nEveryone who works there" in english
    assert "## Quién puede" in spanish
    assert "- Use your own phone" in text(admin.get("/keeping/help/safety/en/"))


def test_the_text_it_begins_with_comes_out_as_it_was(admin: Client) -> None:
    form = admin.get("/keeping/help/safety/en/").context["form"]
    admin.post("/keeping/help/safety/en/", {**form.initial, "seen": "0", "do": "save"})
    shown = text(Client().get("/help/safety/"))
    assert "<h2>Your phone</h2>" in shown
    assert "<li>Press Quick exit when someone comes." in shown


def test_a_preview_shows_and_saves_nothing(admin: Client) -> None:
    answer = admin.post("/keeping/help/how/en/", {"title": "How", "text": "We **meet**.", "seen": "0", "do": "preview"})
    assert answer.status_code == 200
    assert "<strong>meet</strong>" in text(answer)
    assert ">We **meet**.</textarea>" in text(answer).replace("\n", "")
    assert not Version.objects.exists()
    answer = admin.post("/keeping/help/new/", {"title": "How", "text": "We **meet**.", "language": "es", "form_key": str(uuid4()), "do": "preview"})
    assert "<strong>meet</strong>" in text(answer)
    assert not Guide.objects.exists()


def test_a_page_is_added_published_translated_and_read(admin: Client) -> None:
    answer = admin.post("/keeping/help/new/", {"title": "Heat", "text": "Drink.", "language": "en", "form_key": str(uuid4()), "do": "save"})
    here = answer["Location"]
    guide = Guide.objects.get()
    assert here == f"/keeping/help/{guide.slug}/"
    assert Client().get(guide.get_absolute_url()).status_code == 404
    admin.post(f"{here}publish/")
    assert "Drink." in text(Client().get(guide.get_absolute_url()))
    translating = text(admin.get(f"{here}es/"))
    assert "The same page in another language" in translating
    assert "Drink." in translating
    assert admin.post(f"{here}es/", {"title": "Calor", "text": "Bebe.", "seen": seen(translating), "do": "save"})["Location"] == here
    assert "Spanish: written" in text(admin.get("/keeping/help/")).replace("\n", " ")
    admin.post(f"{here}take-away/")
    assert Client().get(guide.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": "", "text": "x"}, "Fill in “Title”."),
        ({"title": "x" * 81, "text": "x"}, "80 is the most"),
        ({"title": "x", "text": " \u200b "}, "Fill in “Text”."),
        ({"title": "x", "text": "x" * 20_001}, "20000 is the most"),
        ({"title": "x", "text": "![only a picture]()\n\n[a]: https://x.example"}, ""),
        ({"title": "x", "text": "[a]: https://x.example"}, "Nothing of this would be seen."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(admin: Client, typed: dict[str, str], said: str) -> None:
    answer = admin.post("/keeping/help/how/en/", {**typed, "seen": "0", "do": "save"})
    if said:
        assert answer.status_code == 422
        assert said in text(answer).replace("20,000", "20000")
        assert answer.context["form"]["text"].value() == typed["text"]
        assert not Version.objects.exists()


def test_the_second_of_two_is_told_and_loses_nothing(admin: Client, keeper: Person) -> None:
    guide = added(keeper)
    here = f"/keeping/help/{guide.slug}/en/"
    form = text(admin.get(here))
    say(guide, "Heat", "Words of the **other** one.", keeper)
    mine = {"title": "My title", "text": "My words.", "do": "save"}
    answer = admin.post(here, {**mine, "seen": seen(form)})
    told = text(answer)
    assert answer.status_code == 422
    assert "somebody else has saved this page meanwhile" in told
    assert "Words of the <strong>other</strong> one." in told
    assert ">My words.</textarea>" in told.replace("\n", "")
    assert Version.objects.filter(guide=guide).count() == 2
    assert admin.post(here, {**mine, "seen": seen(told)}).status_code == 302, "having seen it, they decide"
    assert list(Version.objects.filter(guide=guide).order_by("number").values_list("text", flat=True))[1:] == ["Words of the **other** one.", "My words."]


@pytest.mark.parametrize("number", ["", "-1", "x", "99", "9" * 30, "²"])
def test_a_number_that_is_none_overwrites_nothing(admin: Client, keeper: Person, number: str) -> None:
    guide = added(keeper)
    assert admin.post(f"/keeping/help/{guide.slug}/en/", {"title": "x", "text": "x", "seen": number, "do": "save"}).status_code == 422
    assert Version.objects.count() == 1


def test_a_preview_after_somebody_saved_does_not_hide_that(admin: Client, keeper: Person) -> None:
    guide = added(keeper)
    here = f"/keeping/help/{guide.slug}/en/"
    say(guide, "Heat", "Other.", keeper)
    shown = text(admin.post(here, {"title": "x", "text": "Mine.", "seen": "1", "do": "preview"}))
    assert seen(shown) == "1"
    assert admin.post(here, {"title": "x", "text": "Mine.", "seen": seen(shown), "do": "save"}).status_code == 422


def test_an_older_version_is_looked_at_and_brought_back(admin: Client, keeper: Person) -> None:
    guide = added(keeper)
    say(guide, "Heat", "Second.", keeper)
    here = f"/keeping/help/{guide.slug}/en/"
    first, second = (f"{here}versions/{each.slug}/" for each in Version.objects.order_by("number"))
    assert first in text(admin.get(here))
    old = text(admin.get(first))
    assert "Drink water." in old
    assert admin.post(first, {"seen": seen(old)})["Location"] == here
    assert "Drink water." in text(Client().get(guide.get_absolute_url()))
    refused = admin.post(second, {"seen": "2"})
    assert (refused.status_code, "meanwhile" in text(refused)) == (422, True)
    assert admin.get(f"{here}versions/2222222222/").status_code == 404
    assert admin.get(first.replace("/en/", "/es/")).status_code == 404
    assert "This is what stands there now." in text(admin.get(f"{here}versions/{Version.objects.get(number=3).slug}/"))


def test_back_to_the_text_of_the_program(admin: Client, keeper: Person) -> None:
    say(page("how", keeper), "Ours", "Ours.", keeper)
    shown = text(admin.get("/keeping/help/how/en/"))
    assert "Back to the program’s own text" in shown
    admin.post("/keeping/help/how/en/withdraw/", {"seen": seen(shown)})
    assert "Everyone who works there" in text(Client().get("/help/"))
    assert "Everyone who works there" in text(admin.get("/keeping/help/how/en/")), "who changes it again begins with it"


def test_the_list_is_put_in_order_there(admin: Client) -> None:
    admin.post("/keeping/help/safety/move/", {"to": "up"})
    assert [each.guide.name for each in admin.get("/keeping/help/").context["pages"]] == ["safety", "how"]
    admin.post("/keeping/help/safety/move/", {"to": "down"})
    assert [each.guide.name for each in admin.get("/keeping/help/").context["pages"]] == ["how", "safety"]


@pytest.mark.parametrize("code", ["tlh", "en-xa", "EN", "x" * 40])
def test_there_is_no_form_for_a_language_that_the_site_has_not(admin: Client, code: str) -> None:
    assert admin.get(f"/keeping/help/how/{code}/").status_code == 404


def test_nobody_else_finds_any_of_it(keeper: Person) -> None:
    guide = added(keeper)
    for browser, status in ((make.client(make.person()), 404), (Client(), 302)):
        for address in ("", "new/", "how/", f"{guide.slug}/", "how/en/", f"{guide.slug}/en/versions/{Version.objects.get().slug}/"):
            assert browser.get(f"/keeping/help/{address}").status_code == status


def test_the_list_costs_the_same_with_one_page_and_with_three(admin: Client, keeper: Person) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            admin.get("/keeping/help/")
        return len(queries)

    added(keeper)
    cost()
    before = cost()
    for n in range(2):
        say(added(keeper, f"Page {n}"), "Calor", "x", keeper, language="es")
    guides.unpublish(added(keeper), by=keeper, at=NOW)
    assert cost() == before
