"""Proposing a site, answering the proposal, closing, naming: what happens, and to whom it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from committees.base.errors import Refused
from committees.directory import commands as directory
from committees.directory import queries, wiring
from committees.directory.models import Alias, Employer, Industry, State, Workplace
from committees.ledger.models import Entry
from committees.people import registry as people
from committees.people.models import Person

pytestmark = pytest.mark.django_db
YARD = {"employer": "Acme Ltd", "name": "North yard", "city": "Leeds", "country": "GB"}


def test_a_proposed_site_is_its_proposers_alone(ada: Person, ben: Person, keeper: Person) -> None:
    site = directory.propose(by=ada, **YARD)
    assert (site.state, site.zone, site.title) == ("proposed", "Europe/London", "Acme Ltd North yard")
    assert list(Workplace.objects.visible_to(ada)) == [site]
    assert list(Workplace.objects.visible_to(keeper)) == [site]
    for outsider in (ben, None):
        assert not Workplace.objects.visible_to(outsider).exists()
        assert not queries.search("north yard", person=outsider)
    assert queries.search("north yard", person=ada) == [site]
    assert not Entry.objects.exists(), "who works where is nobody's business, the ledger's neither"


def test_the_same_form_twice_makes_one_site(ada: Person, ben: Person) -> None:
    key = uuid4()
    first = directory.propose(by=ada, form_key=key, **YARD)
    assert directory.propose(by=ada, form_key=key, **YARD) == first
    with pytest.raises(Refused):
        directory.propose(by=ada, form_key=uuid4(), **YARD)
    second = directory.propose(by=ben, form_key=uuid4(), **YARD)
    assert second.pk != first.pk, "two who add the same site do not learn of one another"
    assert second.employer == first.employer


def test_what_is_listed_is_not_proposed_again(own_sites: list[Workplace], ada: Person) -> None:
    with pytest.raises(Refused, match="already listed"):
        directory.propose(by=ada, employer="AMZN", name="Something else", code="bhx-4", city="Coventry", country="GB")
    with pytest.raises(Refused, match="already listed"):
        directory.propose(by=ada, employer="royal mail", name="MOUNT PLEASANT MAIL CENTRE", city="london", region="England", country="GB")


def test_a_person_has_room_for_few_proposals(ada: Person) -> None:
    for n in range(10):
        directory.propose(by=ada, **{**YARD, "name": f"Yard {n}"})
    with pytest.raises(Refused, match="10 workplaces"):
        directory.propose(by=ada, **YARD)


def test_accepting_lists_the_site_and_forgets_who_proposed_it(ada: Person, ben: Person, keeper: Person) -> None:
    site = directory.propose(by=ada, form_key=uuid4(), **YARD)
    for outsider in (ada, ben):
        for verb in (directory.accept, directory.decline, directory.close):
            with pytest.raises(PermissionDenied):
                verb(site, by=outsider)
    listed = directory.accept(site, by=keeper)
    assert (listed.state, listed.proposed_by, listed.form_key) == ("listed", None, None)
    assert Workplace.objects.visible_to(None).get() == listed
    entry = Entry.objects.get(verb="workplace.listed")
    assert entry.actor == keeper.ledger_key
    with pytest.raises(Refused, match="already been answered"):
        directory.accept(site, by=keeper)


def test_the_second_of_two_proposals_is_not_listed_beside_the_first(ada: Person, ben: Person, keeper: Person) -> None:
    one, two = (directory.propose(by=person, **YARD) for person in (ada, ben))
    directory.accept(one, by=keeper)
    with pytest.raises(Refused, match="already listed"):
        directory.accept(two, by=keeper)
    directory.decline(two, by=keeper)
    assert list(Workplace.objects.all()) == [one]
    with pytest.raises(Refused):
        directory.decline(one, by=keeper)


def test_closing_keeps_the_page(own_sites: list[Workplace], keeper: Person) -> None:
    site = directory.close(Workplace.objects.get(code="BHX4"), by=keeper)
    assert site.is_closed
    assert site in queries.search("BHX4")
    with pytest.raises(Refused):
        directory.close(site, by=keeper)


def test_names_given_later_are_found_at_once(own_sites: list[Workplace]) -> None:
    amazon = Employer.objects.get(name="Amazon")
    directory.name_employer(amazon, aliases=["Jungle Parcels", "Jungle Parcels"], domains=["jungle.example"])
    directory.name_employer(amazon, aliases=["Jungle Parcels"], domains=["jungle.example"])
    assert amazon.aliases.filter(name="Jungle Parcels").count() == 1
    assert {site.employer_id for site in queries.search("jungle parcels", 50)} == {amazon.pk}
    site = Workplace.objects.get(code="BHX4")
    directory.name_site(site, aliases=["Die Halle"])
    assert queries.search("halle")[0] == site


def test_an_employers_domain_is_known_below_any_host(own_sites: list[Workplace]) -> None:
    assert people.employer_behind("mail.uk.amazon.com") == "Amazon"
    assert people.employer_behind("Amazon.co.uk") == "Amazon"
    for other in ("notamazon.com", "com", "example.org", ""):
        assert people.employer_behind(other) is None


def test_erasing_and_exporting_an_account(ada: Person) -> None:
    site = directory.propose(by=ada, form_key=uuid4(), **YARD)
    assert people.exports(ada)["workplaces_added"] == [{"workplace": "Acme Ltd North yard", "place": "Leeds, United Kingdom"}]
    assert list(wiring.what_erasing_means(ada))
    people.erasures()["directory"].erase(ada)
    site.refresh_from_db()
    assert (site.proposed_by, site.form_key, site.state) == (None, None, "proposed")


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"code": "BHX4"}, "one_site_code_per_employer"),
        ({"name": "Yard"}, "one_site_per_name_and_place"),
        ({"country": "Gb"}, "a_country_has_two_letters"),
        ({"zone": ""}, "a_site_has_a_clock"),
        ({"name": ""}, "a_site_has_a_name"),
        ({"latitude": 1}, "a_position_lies_on_the_globe"),
        ({"latitude": 91, "longitude": 0}, "a_position_lies_on_the_globe"),
    ],
)
def test_what_the_database_refuses(make: Callable[..., Workplace], fields: dict[str, Any], constraint: str) -> None:
    make(code="BHX4")
    make(name="Yard", code="")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(**{"name": "Other", "code": "", **fields})


def test_a_listed_site_cannot_keep_its_proposer(make: Callable[..., Workplace], ada: Person) -> None:
    with pytest.raises(IntegrityError, match="a_listed_site_forgets_who_proposed_it"), transaction.atomic():
        make(proposed_by=ada)
    with pytest.raises(IntegrityError, match="an_alias_names_one_thing"), transaction.atomic():
        Alias.objects.create(name="Nothing's")


@pytest.fixture
def make() -> Callable[..., Workplace]:
    def made(**fields: Any) -> Workplace:
        employer = Employer.objects.get_or_create(name_key="acme", defaults={"name": "Acme"})[0]
        plain: dict[str, Any] = {"name": "Works", "city": "Leeds", "country": "GB", "zone": "Europe/London", "state": State.LISTED}
        return Workplace.objects.create(employer=employer, **plain | fields)

    return made


def test_the_industries_stand_in_the_database() -> None:
    assert Industry.objects.count() == 109
    assert str(Industry.objects.get(code="53")) == "Postal and courier activities"


@pytest.mark.django_db(transaction=True)
def test_the_industries_come_back_when_a_test_has_emptied_the_tables() -> None:
    """The next test shows it: Django empties all tables after this one."""
    Industry.objects.all().delete()
