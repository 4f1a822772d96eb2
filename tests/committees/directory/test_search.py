"""A worker types what they type, and finds their site."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committees.directory import commands as directory
from committees.directory import finding, queries, terms
from committees.directory.models import Workplace
from committees.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("BHX4", "Amazon BHX4"),
        ("bhx 4", "Amazon BHX4"),
        ("bhx-4", "Amazon BHX4"),
        ("kcvg", "Amazon KCVG"),
        ("amzn coventry", "Amazon BHX4"),
        ("Lyons Park", "Amazon BHX4"),
        ("uhcw", "University Hospital Coventry"),
        ("dearborn truck", "Ford Motor Company Dearborn Truck Plant"),
        ("dearbon", "Ford Motor Company Dearborn Truck Plant"),
        ("kentuky truck", "Ford Motor Company Kentucky Truck Plant"),
        ("hospital coventry", "University Hospital Coventry"),
        ("st. thomas'", "St Thomas’ Hospital"),
        ("golcuk", "Ford Otosan Gölcük fabrikası"),
        ("sao jose", "Embraer, São José dos Campos"),
        ("SÃO JOSÉ", "Embraer, São José dos Campos"),
        ("Wolfsberg vw", "Volkswagen Stammwerk Wolfsburg"),
        ("leipsig", "Amazon LEJ1"),
        ("amazon deutschland", "Amazon LEJ1"),
        ("amazon germany", "Amazon LEJ1"),
        ("ups louisville", "United Parcel Service Worldport"),
        ("royalmail daventry", "Royal Mail Midlands Super Hub"),
        ("ديربورن", "Ford Motor Company Dearborn Truck Plant"),
        ("Дирборн", "Ford Motor Company Dearborn Truck Plant"),
        ("जमशेदपुर", "Tata Steel Jamshedpur Works"),
        ("Криворіжсталь", "ArcelorMittal Kryvyi Rih steelworks"),
        ("元町", "Toyota Motor Corporation Motomachi plant"),
        ("鴻海", "Foxconn Sriperumbudur plant"),
        ("현대 울산", "Hyundai Motor Company Ulsan plant"),
        ("amazon warehouse coventry birmingham", "Amazon BHX4"),
    ],
)
def test_the_site_meant_comes_first(own_sites: list[Workplace], typed: str, first: str) -> None:
    assert queries.search(typed)[0].title == first


@pytest.mark.parametrize("typed", ["leds", "leedz", "leesd", "lleds", "leedds"])
def test_a_slip_in_a_short_name(own_sites: list[Workplace], ada: Person, typed: str) -> None:
    site = directory.propose(by=ada, employer="Acme Ltd", name="North yard", city="Leeds", country="GB", kind="depot")
    assert site in queries.search(typed, person=ada)


@pytest.mark.parametrize(
    "typed",
    ["coventry amazon", "Amazon, Coventry", "COVENTRY amzn", "amazon cov", "cov amazon", "amazon c", "amzon covntry", "Амазон Ковентри", "アマゾン coventry"],
)
def test_two_words_in_any_order_and_any_dress(own_sites: list[Workplace], typed: str) -> None:
    assert queries.search(typed)[0].title == "Amazon BHX4"


def test_the_list_narrows_with_every_letter(own_sites: list[Workplace]) -> None:
    """Somebody types; from the third letter on, the site is among the first twenty, and it never drops out again."""
    for typed in ("coventry", "amazon coventry", "golcuk", "ford otosan", "wolfsburg"):
        meant = queries.search(typed)[0]
        missed = [typed[:n] for n in range(3, len(typed)) if meant not in queries.search(typed[:n])]
        assert not missed


def test_a_whole_word_stands_above_one_that_only_begins_so(own_sites: list[Workplace], ada: Person) -> None:
    site = directory.propose(by=ada, employer="Cove Ltd", name="Boat yard", city="Leeds", country="GB", kind="depot")
    found = queries.search("cove", person=ada)
    assert found[0] == site
    assert {other.city for other in found[1:]} == {"Coventry"}


def test_a_word_that_nobody_uses_does_not_hide_the_others(own_sites: list[Workplace]) -> None:
    found = finding.find("amazon zzqxw coventry")
    assert queries.in_order(found.ids, person=None)[0].title == "Amazon BHX4"
    assert found.exactness < 1


@pytest.mark.parametrize("typed", ["a", "co", "x" * 200, "qzxv " * 40, "a b c d e f g", "hospitl plnt wrehouse depott schol clinc", "1 2 3 4 5 6"])
def test_the_worst_that_can_be_typed_is_bounded(own_sites: list[Workplace], typed: str, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        found = finding.find(typed)
    assert len(found.ids) <= finding.RANKED
    assert not found.gave_up


@pytest.mark.parametrize("typed", ["hospital", "hos", "h", "amazon", "amazon c", "coventry hospital", "hospital h", "golcuk", "covntry", "plant bhx4"])
def test_a_large_directory_is_searched_like_a_small_one(own_sites: list[Workplace], monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """What is only done among very many sites finds the same at few."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_workplace")
    small = finding.find(typed)
    for room, name, few in ((finding, "MANY", 0), (finding, "PART", len(own_sites) + 50), (finding, "RARE", 0), (terms, "LISTED", 1)):
        monkeypatch.setattr(room, name, few)
    large = finding.find(typed)
    assert set(large.ids) == set(small.ids)
    monkeypatch.setattr(finding, "RANKED", 3)
    few_ranked = finding.find(typed)
    assert few_ranked.ids
    assert set(few_ranked.ids) <= set(small.ids)
    assert len(few_ranked.ids) <= 3
    assert few_ranked.is_capped or len(small.ids) < 3, "it says that there are more"


def test_what_others_propose_is_not_found_in_any_way(own_sites: list[Workplace], ada: Person, ben: Person, keeper: Person) -> None:
    site = directory.propose(by=ada, employer="Acme Ltd", name="Zwiebelturm", code="ZWT-77", city="Leeds", country="GB", kind="depot")
    for typed in ("Zwiebelturm", "zwt77", "zwt-77", "zwie", "zweibelturm", "acme leeds", "acme zzqxw leeds", "z"):
        for outsider in (None, ben):
            assert site.pk not in finding.find(typed, person=outsider).ids, f"{typed}: it is not even counted"
            assert site not in queries.search(typed, 50, person=outsider), typed
        for insider in (ada, keeper):
            assert site in queries.search(typed, 50, person=insider), typed
    assert [queries.in_order([site.pk], person=person) for person in (None, ben, ada)] == [[], [], [site]]


def test_a_town_in_another_script_leads_to_all_its_sites(own_sites: list[Workplace]) -> None:
    for typed in ("Ковентри", "كوفنتري", "कोवेंट्री", "covntry"):
        assert {site.city for site in queries.search(typed)} == {"Coventry"}, typed
        assert len(queries.search(typed)) == 2, typed


def test_the_better_match_stands_above_the_worse(own_sites: list[Workplace]) -> None:
    found = queries.search("dearbon")
    assert [site.city for site in found][:2] == ["Dearborn", "Durban"]
    assert {site.employer.name for site in queries.search("amazon", 50)} == {"Amazon"}
    assert len(queries.search("amazon", 50)) == 11


@pytest.mark.parametrize("typed", ["", " ", "!?", "'", "\\", "zzqxw", "%", "| & !", ":*", "' OR 1=1", "\x00", "x" * 5000])
def test_nothing_breaks_and_nothing_is_found(own_sites: list[Workplace], typed: str) -> None:
    assert queries.search(typed) == []


@given(typed=st.text(max_size=40))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_searched_for(own_sites: list[Workplace], typed: str) -> None:
    queries.search(typed)


def test_every_site_is_found_by_its_own_title(own_sites: list[Workplace]) -> None:
    missed = [site.title for site in own_sites[::3] if site not in queries.search(f"{site.title} {site.city}", 10)]
    assert not missed


def test_every_town_is_found_with_two_letters_turned(own_sites: list[Workplace]) -> None:
    towns = {site.city for site in own_sites if site.city.isascii() and site.city.isalpha() and len(site.city) > 5}
    assert len(towns) > 30
    missed = [town for town in towns if not any(site.city == town for site in queries.search(town[:3] + town[4] + town[3] + town[5:]))]
    assert not missed


def test_filters(own_sites: list[Workplace]) -> None:
    assert {site.title for site in queries.search("amazon", country="PL")} == {"Amazon POZ1"}
    assert {site.kind for site in queries.search("coventry", kinds=["hospital"])} == {"hospital"}
    assert queries.search("coventry", country="US") == []


def test_a_closed_site_is_found_below_an_open_one(own_sites: list[Workplace], keeper: Person) -> None:
    directory.close(Workplace.objects.get(code="BHX4"), by=keeper)
    assert [site.city for site in queries.search("coventry")] == ["Coventry", "Coventry"]
    assert queries.search("coventry")[-1].code == "BHX4"


@pytest.mark.parametrize("typed", ["coventry", "amazon", "covntry amzn", "zzqxw"])
def test_the_number_of_queries_does_not_depend_on_what_is_found(own_sites: list[Workplace], typed: str, django_assert_max_num_queries: Any) -> None:
    # A savepoint, how to search, words, up to twice sites or words like them, sites, back to the savepoint; then sites and their names.
    with django_assert_max_num_queries(11):
        queries.search(typed)


def test_words_are_kept_by_the_database(own_sites: list[Workplace], ada: Person) -> None:
    """A row written past all commands is found all the same, if it says its words."""
    site = Workplace.objects.get(code="BHX4")
    Workplace.objects.filter(pk=site.pk).update(words=["gobbledygook"])
    assert queries.search("gobbledygok") == [site]
