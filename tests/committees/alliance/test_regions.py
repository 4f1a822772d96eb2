"""Committees of a region within a country: who can start one, what fits to it, and where people find it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from committees.alliance import commands as alliance
from committees.alliance import queries, rules
from committees.base.errors import Refused
from committees.bodies import commands as bodies
from committees.bodies import queries as bodies_queries
from committees.bodies.models import Committee, Life, Scope, Visibility
from committees.directory import commands as directory
from committees.directory import queries as sites
from committees.directory.models import Workplace
from committees.membership.models import Membership
from tests import make

pytestmark = pytest.mark.django_db

TEXAS = {"country": "US", "zone": "America/Chicago", "city": "Houston", "region": "Texas"}
OHIO = {"country": "US", "zone": "America/New_York", "city": "Toledo", "region": "Ohio"}
NOWHERE = {"country": "US", "zone": "America/New_York", "city": "Somewhere", "region": ""}


def committee_in(**place: Any) -> Committee:
    return make.committee(site=make.workplace(**place))


def of_region(beside: Committee, key: str = "texas") -> Committee:
    """The active committee of a region, started from a committee there."""
    return make.wider(Scope.REGION, beside, region=key)


def with_all(committee: Committee) -> Committee:
    return Committee.objects.select_related("workplace__employer__industry", "employer__industry", "industry").get(pk=committee.pk)


def fits(committee: Committee, wider: Committee) -> bool:
    return rules.fits(with_all(committee), with_all(wider))


def organizer(committee: Committee) -> Membership:
    return make.reloaded(make.organizer_of(committee))


def signed_in(member: Membership) -> Client:
    assert member.person
    return make.client(member.person)


def start_page(member: Membership) -> str:
    return reverse("alliance:start", args=[member.committee.slug])


# -- Starting one ----------------------------------------------------------------------------------------------------------


def test_an_organizer_starts_the_committee_of_their_region() -> None:
    houston = committee_in(**TEXAS)
    ada, page = signed_in(organizer(houston)), start_page(organizer(houston))
    text = ada.get(page).content.decode()
    assert "All workplaces in <bdi>Texas, United States</bdi>" in text
    assert "Which region?" not in text, "there is one only"
    typed = {"scope": "part-texas", "name": "Texas together", "form_key": ada.get(page).context["form"]["form_key"].value()}
    answer = ada.post(page, typed)
    made = Committee.objects.get(scope=Scope.REGION)
    assert (made.country, made.region, made.region_key, made.zone, made.life) == ("US", "Texas", "texas", "America/Chicago", Life.FORMING)
    assert ada.post(page, typed).headers["Location"] == answer.headers["Location"], "the same form makes one committee"
    choices = dict(ada.get(page).context["choices"])
    assert "part-texas" not in choices, "somebody has started it"
    assert "region" in choices, "the country's is another"


def test_from_the_whole_country_one_chooses_among_the_regions_that_have_a_listed_workplace() -> None:
    country = make.wider(Scope.REGION, committee_in(**TEXAS))
    committee_in(**OHIO)
    make.workplace(**NOWHERE)
    make.workplace(country="MX", zone="America/Mexico_City", region="Jalisco", city="Guadalajara")
    directory.propose(employer="Made up", name="Trap", by=make.person(), **OHIO | {"region": "Only proposed"})
    closed = make.workplace(**OHIO | {"region": "Nevada"})
    directory.close(closed, by=make.person(is_platform_admin=True))
    ada, page = signed_in(organizer(country)), start_page(organizer(country))
    form = ada.get(page).context["form"]
    assert [name for _key, name in form.fields["region"].choices] == ["Choose one", "Ohio", "Texas"]
    typed = {"scope": "part", "name": "Ohio together", "form_key": form["form_key"].value()}
    refused = ada.post(page, typed)
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"region": ["Choose the region."]}
    assert ada.post(page, typed | {"region": "jalisco"}).status_code == 422
    assert ada.post(page, typed | {"region": "ohio"}).status_code == 302
    made = Committee.objects.get(region="Ohio")
    assert (made.country, made.zone) == ("US", "America/New_York"), "the clocks of the region, not those of the country's committee"


def test_the_one_region_that_is_left_can_be_started_where_others_have_theirs() -> None:
    """The page shows it as the one choice there is, and means it also once it is sent."""
    country = make.wider(Scope.REGION, committee_in(**TEXAS))
    of_region(committee_in(**TEXAS))
    committee_in(**OHIO)
    ada, page = signed_in(organizer(country)), start_page(organizer(country))
    form = ada.get(page).context["form"]
    assert "part-ohio" in dict(form.fields["scope"].choices)
    typed = {"scope": "part-ohio", "name": "Ohio together", "form_key": form["form_key"].value()}
    assert ada.post(page, typed | {"name": ""}).context["form"]["region"].value() == "ohio", "what is missing is asked for, and the rest kept"
    answer = ada.post(page, typed)
    assert answer.status_code == 302
    assert Committee.objects.get(region="Ohio").name == "Ohio together"
    assert ada.post(page, typed).headers["Location"] == answer.headers["Location"], "the same form makes one committee"


def test_a_region_left_chosen_means_nothing_where_it_is_for_the_whole_country() -> None:
    houston = committee_in(**TEXAS | {"region": ""})
    committee_in(**TEXAS)
    committee_in(**OHIO)
    ada, page = signed_in(organizer(houston)), start_page(organizer(houston))
    key = ada.get(page).context["form"]["form_key"].value()
    assert ada.post(page, {"scope": "region", "region": "ohio", "name": "All of them", "form_key": key}).status_code == 302
    assert Committee.objects.get(scope=Scope.REGION).region == ""


def test_a_region_that_no_listed_workplace_has_any_more_is_refused_and_a_committee_that_is_there_stays() -> None:
    country = make.wider(Scope.REGION, committee_in(**TEXAS))
    toledo = committee_in(**OHIO)
    assert toledo.workplace
    made = of_region(toledo, "ohio")
    ada, page = signed_in(organizer(country)), start_page(organizer(country))
    reno = make.workplace(**OHIO | {"region": "Nevada", "city": "Reno"})
    elko = make.workplace(**OHIO | {"region": "Nevada", "city": "Elko"})
    key = ada.get(page).context["form"]["form_key"].value()
    for site in (reno, elko, toledo.workplace):
        directory.close(site, by=make.person(is_platform_admin=True))
    answer = ada.post(page, {"scope": "part", "region": "nevada", "name": "Nevada together", "form_key": key})
    assert answer.status_code == 422
    with pytest.raises(Refused, match="No workplace in the directory lies in this region now"):
        bodies.found_wider(Scope.REGION, name="Nevada", beside=with_all(country), region="nevada", by=make.person(), at=timezone.now())
    assert "Ohio, United States" in Client().get(reverse("alliance:committees")).content.decode()
    assert fits(toledo, made)


def test_a_committee_starts_that_of_no_other_region() -> None:
    houston = committee_in(**TEXAS)
    committee_in(**OHIO)
    with pytest.raises(Refused):
        bodies.found_wider(Scope.REGION, name="Ohio", beside=with_all(houston), region="ohio", by=make.person(), at=timezone.now())
    ada = signed_in(organizer(houston))
    key = ada.get(start_page(organizer(houston))).context["form"]["form_key"].value()
    for tampered in ({"scope": "part", "region": "ohio"}, {"scope": "part-ohio"}, {"scope": "part-texas\x00"}, {"scope": "alliance"}):
        assert ada.post(start_page(organizer(houston)), tampered | {"name": "Ohio", "form_key": key}).status_code == 422
    assert not Committee.objects.filter(scope=Scope.REGION).exists()


@pytest.mark.parametrize("spelt", ["texas", "TEXAS", " Texas ", "TX", "Téxas"])
def test_spellings_of_a_region_are_one(spelt: str) -> None:
    here, there = committee_in(**TEXAS), committee_in(**TEXAS | {"region": spelt})
    assert sites.regions_of("US") == {"texas": "Texas"}
    made = of_region(here)
    assert fits(there, made)
    assert queries.startable_regions(with_all(there)) == []
    with pytest.raises(Refused, match="Someone has started this committee already"):
        of_region(there)


def test_a_region_that_no_list_knows_is_called_as_most_of_its_workplaces_call_it() -> None:
    for spelt in ("ÎLE DE FRANCE", "Île-de-France", "Île-de-France"):
        make.workplace(country="FR", zone="Europe/Paris", city=f"Town of {spelt}", region=spelt)
    assert sites.regions_of("FR") == {"ile de france": "Île-de-France"}


def test_the_database_refuses_a_second_listed_committee_of_a_region() -> None:
    made = of_region(committee_in(**TEXAS))
    facts = {"name": "Second", "scope": Scope.REGION, "country": "US", "verified_by": make.alliance(), "founded_at": timezone.now()}
    with pytest.raises(IntegrityError, match="one_listed_committee_per_region"), transaction.atomic():
        Committee.objects.create(**facts, region="TEXAS")
    with pytest.raises(IntegrityError, match="a_region_is_told_apart_by_its_key"), transaction.atomic():
        Committee.objects.create(**facts, region="…")
    with pytest.raises(IntegrityError, match="only_a_regions_committee_has_a_region"), transaction.atomic():
        Committee.objects.filter(pk=make.alliance().pk).update(region="Texas", region_key="texas")
    Committee.objects.create(**facts, region="Texas", visibility=Visibility.LINK)
    Committee.objects.create(**facts, region="Ohio")
    Committee.objects.create(**facts)
    Committee.objects.filter(pk=made.pk).update(life=Life.DISSOLVED)
    Committee.objects.create(**facts, region="texas")


# -- What fits -------------------------------------------------------------------------------------------------------------


def test_what_fits_to_a_region_and_to_what_it_fits() -> None:
    houston, toledo, somewhere = committee_in(**TEXAS), committee_in(**OHIO), committee_in(**NOWHERE)
    leeds = committee_in(city="Leeds")
    texas, ohio, country = of_region(houston), of_region(toledo, "ohio"), make.wider(Scope.REGION, houston)
    employer = make.wider(Scope.EMPLOYER, houston)
    assert fits(houston, texas)
    assert not fits(toledo, texas)
    assert not fits(leeds, texas)
    assert fits(somewhere, texas), "the directory does not say where it lies: the region's organizers judge"
    assert fits(employer, texas), "an employer has sites in many: the region's organizers judge"
    assert fits(texas, country)
    assert fits(texas, make.alliance())
    assert not fits(country, texas), "the country's is no part of its own region's"
    assert not fits(ohio, texas)
    assert not fits(texas, employer)


def test_the_choices_are_what_fits() -> None:
    houston, toledo, somewhere = committee_in(**TEXAS), committee_in(**OHIO), committee_in(**NOWHERE)
    wide = [of_region(houston), of_region(toledo, "ohio"), make.wider(Scope.REGION, houston), make.wider(Scope.REGION, committee_in(city="Leeds"))]
    for committee in (houston, toledo, somewhere, *wide):
        fitting = {each for each in wide if fits(committee, each)}
        assert set(queries.candidates(organizer(committee))) & set(wide) == fitting, committee


def test_a_country_is_refused_by_its_own_region() -> None:
    houston = committee_in(**TEXAS)
    texas, country = of_region(houston), make.wider(Scope.REGION, houston)
    make.affiliated(houston, texas)
    make.affiliated(texas, country)
    make.affiliated(country)
    assert set(queries.above([houston.pk])) == {houston.pk, texas.pk, country.pk, make.alliance().pk}
    with pytest.raises(Refused, match="cannot belong"):
        alliance.ask(texas, by=organizer(country), at=timezone.now())


def test_what_the_directory_says_now_counts() -> None:
    """An admin mends the region of a site, or merges it into an entry elsewhere: its committee fits where it is now."""
    admin, houston, toledo = make.person(is_platform_admin=True), committee_in(**TEXAS), committee_in(**OHIO)
    texas, ohio = of_region(houston), of_region(toledo, "ohio")
    assert houston.workplace
    assert toledo.workplace
    site = Workplace.objects.select_related("employer").get(pk=houston.workplace.pk)
    directory.edit(site, by=admin, region="OH")
    assert (fits(houston, ohio), fits(houston, texas)) == (True, False)
    leeds = make.workplace(city="Leeds", employer=site.employer.name)
    directory.merge(site, into=leeds, by=admin, at=timezone.now())
    houston.refresh_from_db()
    assert houston.country == "GB"
    assert not fits(houston, ohio)


# -- Where it is found -----------------------------------------------------------------------------------------------------


def test_it_is_found_by_its_name_its_code_and_its_country_in_the_readers_language() -> None:
    houston = committee_in(**TEXAS)
    texas, country = of_region(houston), make.wider(Scope.REGION, houston)
    found = {q: set(queries.listed(q=q).filter(scope=Scope.REGION)) for q in ("texas", "TÉXAS", "TX", "United States", "Estados Unidos", "ohio", "…")}
    assert found == {
        "texas": {texas}, "TÉXAS": {texas}, "TX": {texas}, "United States": {country, texas}, "Estados Unidos": {country, texas}, "ohio": set(), "…": set(),
    }  # fmt: skip
    assert {texas, country} <= set(queries.listed(country="US"))
    page = Client().get(reverse("alliance:committees"), {"scope": "region"}).content.decode()
    assert "One region" in page
    assert "One country" in page
    assert "Texas, United States" in page
    with translation.override("es"):
        assert texas.area == "Texas, Estados Unidos"
        assert country.area == "Estados Unidos"


def test_the_page_of_a_workplace_leads_to_the_committees_around_it() -> None:
    houston, toledo = committee_in(**TEXAS), committee_in(**OHIO)
    site = make.workplace(**TEXAS)

    def shown(site: Workplace) -> list[str]:
        return [each.name for each in Client().get(site.get_absolute_url()).context["around"]]

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            shown(site)
        return len(asked)

    assert shown(site) == []
    alone = cost()
    country, texas, ohio = make.wider(Scope.REGION, houston), of_region(houston), of_region(toledo, "ohio")
    assert shown(site) == [texas.name, country.name], "the narrowest first, and none that is elsewhere"
    assert cost() == alone
    assert toledo.workplace
    assert shown(toledo.workplace) == [ohio.name, country.name]
    Committee.objects.filter(pk=texas.pk).update(visibility=Visibility.LINK)
    assert shown(site) == [country.name]
    directory.close(site, by=make.person(is_platform_admin=True))
    assert shown(site) == []


def test_of_a_hidden_committee_of_ones_region_nobody_learns() -> None:
    houston, other = committee_in(**TEXAS), committee_in(**TEXAS)
    hidden = of_region(houston)
    Committee.objects.filter(pk=hidden.pk).update(visibility=Visibility.LINK)
    assert hidden not in queries.candidates(organizer(other))
    assert queries.startable_regions(with_all(other)) == [("texas", "Texas")], "as if there were none"
    assert of_region(other).region == "Texas", "a listed one can be started beside it"
    assert hidden not in queries.listed(q="texas")


def test_the_choices_cost_one_question_more_however_many_regions() -> None:
    country = with_all(make.wider(Scope.REGION, committee_in(**TEXAS)))

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert bodies_queries.regions_beside(country)
        return len(asked)

    few = cost()
    for region in ("Ohio", "Nevada", "Utah"):
        make.workplace(**OHIO | {"region": region})
    assert cost() == few == 1


def test_the_page_asks_the_directory_for_its_regions_once() -> None:
    """In a large country that is a look at all its workplaces."""
    ada = organizer(committee_in(**TEXAS))
    browser = signed_in(ada)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(start_page(ada)).status_code == 200
    assert len([each for each in asked if 'COUNT("directory_workplace"."id")' in each["sql"]]) == 1
