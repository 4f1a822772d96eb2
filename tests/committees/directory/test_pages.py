"""The pages of the directory as they are asked for: by anybody, by people with an account, by those who keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from committees.directory import commands as directory
from committees.directory import finding
from committees.directory.finding import Found
from committees.directory.models import Workplace
from committees.directory.registry import CardMaker, SiteCard
from committees.directory.templatetags.directory import marked
from committees.people.models import Person

pytestmark = pytest.mark.django_db
YARD = {"employer": "Acme Ltd", "name": "North yard", "city": "Leeds", "country": "GB", "kind": "depot"}
Browser = Callable[[Person], Client]


def posted(**fields: str) -> dict[str, str]:
    return {**YARD, "code": "", "region": "", "zone": "", "form_key": str(uuid4()), **fields}


def test_search_shows_what_is_asked_for(own_sites: list[Workplace], client: Client) -> None:
    page = client.get("/workplaces/", {"q": "coventry"}).content.decode()
    assert "2 workplaces match" in page
    assert "Amazon BHX4" in page
    assert "<mark>Coventry</mark>," in page, "the comma is no part of the word"
    assert 'value="coventry"' in page
    assert "Ulsan" not in page


def test_a_near_miss_is_a_question(own_sites: list[Workplace], client: Client) -> None:
    assert "Did you mean one of these?" in client.get("/workplaces/", {"q": "covntry"}).content.decode()
    empty = client.get("/workplaces/", {"q": "zzqxw"}).content.decode()
    assert "No workplace matches" in empty
    assert "?name=zzqxw" in empty, "what was looked for is carried to the page on which one adds it"


def test_what_is_being_typed_is_marked_too(own_sites: list[Workplace], client: Client) -> None:
    page = client.get("/workplaces/", {"q": "amazon cov"}).content.decode()
    assert "<mark>Amazon</mark>" in page
    assert "<mark>Coventry</mark>," in page


@pytest.mark.parametrize(
    ("text", "page"), [("(Leeds),", "(<mark>Leeds</mark>),"), ("“Leeds”", "“<mark>Leeds</mark>”"), ("<Leeds>", "&lt;<mark>Leeds</mark>&gt;")]
)
def test_only_the_word_is_marked(text: str, page: str) -> None:
    assert marked(text, Found(words=frozenset({"leeds"}))) == page


def test_a_search_that_takes_too_long_is_stopped_and_says_so(own_sites: list[Workplace], client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found until then is shown, and the next statement has as much time as before."""

    def long(*_args: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr(finding, "PATIENCE", 50)
    monkeypatch.setattr(finding._Search, "_rank_begun", long)
    assert "The search took too long" in client.get("/workplaces/", {"q": "coventr"}).content.decode()
    monkeypatch.setattr(finding, "widen", long)
    assert "The search took too long" in client.get("/workplaces/", {"q": "covntry"}).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), current_setting('enable_seqscan')")
        assert cursor.fetchone() == ("0", "on")


def test_with_scripts_only_the_results_come(own_sites: list[Workplace], client: Client) -> None:
    part = client.get("/workplaces/", {"q": "bhx4"}, headers={"HX-Request": "true"})
    page = part.content.decode()
    assert "<html" not in page
    assert "Amazon BHX4" in page


def test_whoever_comes_back_is_never_shown_the_results_without_the_page(client: Client) -> None:
    """A browser or a proxy that kept them would take them for the page, which has the same address."""
    assert client.get("/workplaces/", headers={"HX-Request": "true"}).headers["Cache-Control"] == "no-store"
    assert "HX-Request" in client.get("/workplaces/").headers["Vary"]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "<script>alert(1)</script>"},
        {"q": "x" * 3000},
        {"kind": "nonsense", "country": "??"},
        {"page": "999999999999"},
        {"page": "-1", "q": "amazon"},
        {"q": ["a", "b"]},
        {"after": "x"},
    ],
)
def test_no_search_is_refused(own_sites: list[Workplace], client: Client, query: dict[str, Any]) -> None:
    response = client.get("/workplaces/", query)
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_pages_of_results_and_of_all_sites(own_sites: list[Workplace], client: Client) -> None:
    seen: set[str] = set()
    address = "/workplaces/"
    for _ in range(20):
        response = client.get(address)
        seen |= {site.slug for site in response.context["sites"]}
        if not (older := response.context["page"].older):
            break
        address = f"/workplaces/?after={older}"
    assert len(seen) == len(own_sites)
    first = client.get("/workplaces/", {"q": "plant"})
    second = client.get("/workplaces/", {"q": "plant", "page": "2"})
    assert first.context["pages"] >= 2
    assert not {s.pk for s in first.context["sites"]} & {s.pk for s in second.context["sites"]}
    assert "Page 1 of" in first.content.decode()


def test_filters_work_without_a_word(own_sites: list[Workplace], client: Client) -> None:
    sites = client.get("/workplaces/", {"country": "PL"}).context["sites"]
    assert [site.title for site in sites] == ["Amazon POZ1"]
    assert {site.kind for site in client.get("/workplaces/", {"kind": ["mine", "school"]}).context["sites"]} == {"mine", "school"}


@pytest.mark.parametrize(
    ("query", "one"),
    [({}, {"country": "PL"}), ({"q": "amazon"}, {"country": "PL"}), ({"q": "covntry"}, {"kind": "hospital"}), ({"q": "amazon zzqxw"}, {"country": "PL"})],
)
def test_lists_cost_the_same_at_one_site_and_at_many(
    own_sites: list[Workplace], client: Client, query: dict[str, str], one: dict[str, str], *, django_assert_max_num_queries: Any, no_cards: list[CardMaker]
) -> None:
    counts = []
    for narrower in (one, {}):
        with django_assert_max_num_queries(12) as asked:
            client.get("/workplaces/", {**query, **narrower})
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_workplaces_page_costs_the_same_with_one_sister_and_with_many(
    own_sites: list[Workplace], client: Client, django_assert_num_queries: Any, no_cards: list[CardMaker]
) -> None:
    pages = [Workplace.objects.get(code="BHX4"), Workplace.objects.get(name="Worldport"), Workplace.objects.get(name="Silao Complex")]
    for site in pages:
        with django_assert_num_queries(3):  # the site, its sisters, the committees around it
            assert client.get(site.get_absolute_url()).status_code == 200


def test_what_a_workplaces_page_says(own_sites: list[Workplace], client: Client) -> None:
    page = client.get(Workplace.objects.get(code="BHX4").get_absolute_url()).content.decode()
    for words in (
        "Amazon BHX4",
        "Coventry fulfilment centre",
        "Lyons Park",
        "Coventry, England, United Kingdom",
        "Warehousing and support",
        "London time",
        "Polish",
        "Amazon KCVG",
    ):
        assert words in page, words
    assert "<title>Amazon BHX4" in page


def test_the_card_of_those_above_stands_on_the_page(own_sites: list[Workplace], client: Client, no_cards: list[CardMaker]) -> None:
    asked: list[int] = []

    def maker(sites: Any, _person: Any) -> dict[int, SiteCard]:
        asked.append(len(sites))
        return {site.pk: SiteCard("forming", "Forming", "info", "Co-workers start one.", "Join them", "/there/") for site in sites}

    no_cards.append(maker)
    site = Workplace.objects.get(code="BHX4")
    page = client.get(site.get_absolute_url()).content.decode()
    assert 'href="/there/"' in page
    assert "Co-workers start one." in page
    client.get("/workplaces/", {"q": "amazon"})
    assert len(asked) == 2, "once for all sites of a page"
    Workplace.objects.filter(pk=site.pk).update(state="closed")
    closed = client.get(site.get_absolute_url()).content.decode()
    assert "This workplace is closed" in closed
    assert closed.count("Co-workers start one.") == page.count("Co-workers start one.") - 1


def test_adding_a_workplace(ada: Person, browser_of: Browser, client: Client) -> None:
    assert client.get("/workplaces/add/").status_code == 302
    browser = browser_of(ada)
    assert 'value="Yard 9"' in browser.get("/workplaces/add/?name=Yard+9").content.decode()
    response = browser.post("/workplaces/add/", posted())
    site = Workplace.objects.get()
    assert (response.status_code, response["Location"]) == (302, site.get_absolute_url())
    page = browser.get(site.get_absolute_url())
    assert "Only you and those who keep the directory" in page.content.decode()
    assert "<title>Workplace " in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert client.get(site.get_absolute_url()).status_code == 404


def test_a_mistake_keeps_what_was_typed(ada: Person, browser_of: Browser) -> None:
    response = browser_of(ada).post("/workplaces/add/", posted(city="", employer="!!!"))
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("Enter the town.") == 2, "in the summary and at the field"
    assert 'value="North yard"' in page
    assert "in letters" in page
    assert not Workplace.objects.exists()


def test_likely_the_same_is_asked_before_saving(own_sites: list[Workplace], ada: Person, browser_of: Browser) -> None:
    browser = browser_of(ada)
    fields = posted(employer="Amazon", name="Coventry warehouse", city="Coventry")
    asked = browser.post("/workplaces/add/", fields)
    assert asked.status_code == 200
    assert "Is it one of these?" in asked.content.decode()
    assert "Amazon BHX4" in asked.content.decode()
    assert 'value="Coventry warehouse"' in asked.content.decode()
    assert not Workplace.objects.proposed().exists()
    assert browser.post("/workplaces/add/", {**fields, "sure": ["", "1"]}).status_code == 302
    assert Workplace.objects.proposed().count() == 1


def test_a_refusal_stands_in_the_form(own_sites: list[Workplace], ada: Person, browser_of: Browser) -> None:
    response = browser_of(ada).post("/workplaces/add/", posted(employer="Amazon", code="bhx4", city="Coventry", sure="1"))
    assert response.status_code == 422
    assert "already listed: Amazon BHX4" in response.content.decode()


def test_keepers_answer_and_nobody_else(ada: Person, ben: Person, keeper: Person, browser_of: Browser) -> None:
    site = directory.propose(by=ada, **YARD)
    paths = [f"/workplaces/{site.slug}/{verb}/" for verb in ("accept", "decline", "close")]
    for outsider in (ada, ben):
        assert browser_of(outsider).get("/workplaces/waiting/").status_code == 404
        assert [browser_of(outsider).post(path).status_code for path in paths] == [404, 404, 404]
    browser = browser_of(keeper)
    page = browser.get("/workplaces/waiting/").content.decode()
    assert "Acme Ltd North yard" in page
    assert ada.slug not in page
    assert ada.sign_in_name not in page
    assert browser.get(paths[0]).status_code == 405
    assert browser.post(paths[0]).status_code == 302
    assert Workplace.objects.get().state == "listed"
    assert "Nothing waits" in browser.get("/workplaces/waiting/").content.decode()
    assert browser.post(paths[0]).status_code == 302, "answered already: said on the next page"
    assert browser.post(paths[2]).status_code == 302
    assert Workplace.objects.get().state == "closed"


def test_a_hidden_site_answers_like_none(ada: Person, ben: Person, browser_of: Browser) -> None:
    site = directory.propose(by=ada, **YARD)
    browser = browser_of(ben)
    for client in (browser, Client()):
        assert [client.get(f"/workplaces/{slug}/").status_code for slug in (site.slug, "bcdfghjkmnpq")] == [404, 404]
    assert "North yard" not in browser.get("/workplaces/", {"q": "north yard leeds acme"}).content.decode().replace('value="north', "")
