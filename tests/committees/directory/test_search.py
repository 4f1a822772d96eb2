"""A worker types what they type, and finds their site."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committees.directory import commands as directory
from committees.directory import queries
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
    with django_assert_max_num_queries(9):  # a savepoint, the index, words, twice sites, the savepoint; then sites and their names
        queries.search(typed)


def test_words_are_kept_by_the_database(own_sites: list[Workplace], ada: Person) -> None:
    """A row written past all commands is found all the same, if it says its words."""
    site = Workplace.objects.get(code="BHX4")
    Workplace.objects.filter(pk=site.pk).update(words=["gobbledygook"])
    assert queries.search("gobbledygok") == [site]
