"""What an admin mends in the directory: facts and names, what is there twice, what is closed. And what lists then mean by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model
from django.db.models.fields.reverse_related import ForeignObjectRel

from committees.base.errors import Refused
from committees.directory import commands as directory
from committees.directory import queries, registry
from committees.directory.imports.run import Import
from committees.directory.models import Employer, FormerAddress, Industry, Workplace, WorkplaceList
from committees.ledger.models import Entry
from committees.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HEAD = ["Employer", "Site name", "Site code", "City", "Country"]
YARD = ["Acme Ltd", "North yard", "", "Leeds", "GB"]
SHED = ["Acme Ltd", "Old shed", "", "Leeds", "GB"]
MILL = ["Beta plc", "Mill", "ML1", "York", "GB"]
Lists = Callable[..., Path]


@pytest.fixture
def taken_in(a_list: Lists) -> Callable[..., Import]:
    """`taken_in(row, row)`: a list of these rows, gone through."""

    def go(*rows: list[str]) -> Import:
        job = Import(a_list([HEAD, *rows]))
        list(job)
        return job

    return go


def site(name: str) -> Workplace:
    return Workplace.objects.select_related("employer").get(name=name)


def verbs() -> list[str]:
    return list(Entry.objects.order_by("position").values_list("verb", flat=True))


# -- Mending ----------------------------------------------------------------------------------------------------------


def test_a_name_that_a_site_loses_still_finds_it(taken_in: Any, keeper: Person) -> None:
    taken_in(YARD)
    mended = directory.edit(site("North yard"), by=keeper, name="Riverside depot", kind="plant", languages=["en", "pl"])
    assert mended.title == "Acme Ltd Riverside depot"
    assert [alias.name for alias in mended.aliases.all()] == ["North yard"]
    assert queries.search("north yard") == queries.search("riverside") == [mended]
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, set(entry.detail)) == ("workplace.changed", keeper.ledger_key, {"name", "kind", "languages"})


def test_what_was_mended_stays_mended_when_the_same_list_comes_again(taken_in: Any, keeper: Person) -> None:
    """By name, by place, and by a code that the site did not have: the row means the site, and changes nothing of it."""
    taken_in(YARD)
    for changes in ({"name": "Riverside depot"}, {"city": "Bradford"}, {"code": "LBA1"}):
        directory.edit(site("Riverside depot") if Workplace.objects.filter(name="Riverside depot") else site("North yard"), by=keeper, **changes)
        assert taken_in(YARD).counts == {"unchanged": 1}, changes
    row = Workplace.objects.get()
    assert (row.name, row.city, row.code) == ("Riverside depot", "Bradford", "LBA1")


def test_a_renamed_site_with_a_code_keeps_its_new_name(taken_in: Any, keeper: Person) -> None:
    taken_in(MILL)
    directory.edit(site("Mill"), by=keeper, name="Ouse works")
    assert taken_in(MILL).counts == {"unchanged": 1}
    assert site("Ouse works").code == "ML1"


def test_nothing_changed_is_nothing_done(taken_in: Any, keeper: Person) -> None:
    taken_in(YARD)
    directory.edit(site("North yard"), by=keeper, name="North yard", city="Leeds", aliases=[])
    assert not Entry.objects.exists()


def test_other_names_can_be_taken_away(taken_in: Any, keeper: Person) -> None:
    taken_in(YARD)
    directory.edit(site("North yard"), by=keeper, aliases=["The coal hole", "Gate four"])
    directory.edit(site("North yard"), by=keeper, aliases=["Gate four"])
    assert queries.search("gate four")
    assert not queries.search("coal hole")


def test_a_site_cannot_be_mended_into_another(taken_in: Any, keeper: Person) -> None:
    taken_in(YARD, SHED)
    with pytest.raises(Refused, match="Acme Ltd North yard") as no:
        directory.edit(site("Old shed"), by=keeper, name="North Yard!")
    assert no.value.field == "name"
    assert site("Old shed").name_key == "old shed"


def test_the_directory_is_mended_by_those_who_keep_it(taken_in: Any, ada: Person) -> None:
    taken_in(YARD, MILL)
    yard, mill = site("North yard"), site("Mill")
    listed = WorkplaceList.objects.create(content=b"x", handed_in_at=AT)
    acts: list[Callable[[], Any]] = [
        lambda: directory.edit(yard, by=ada, name="Mine now"),
        lambda: directory.merge(yard, into=mill, by=ada, at=AT),
        lambda: directory.reopen(yard, by=ada),
        lambda: directory.edit_employer(yard.employer, by=ada, name="Mine now", aliases=[], domains=[], industry=None),
        lambda: directory.merge_employers(yard.employer, into=mill.employer, by=ada, at=AT),
        lambda: directory.hand_in(b"a,b\n1,2\n", name="", by=ada, at=AT),
        lambda: directory.settle_columns(listed, columns={}, country="", by=ada),
        lambda: directory.confirm(listed, by=ada, at=AT),
        lambda: directory.drop(listed, by=ada, at=AT),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert not Entry.objects.exists()


def test_a_closed_site_opens_again(taken_in: Any, keeper: Person) -> None:
    taken_in(YARD)
    closed = directory.close(site("North yard"), by=keeper)
    assert directory.reopen(closed, by=keeper).state == "listed"
    with pytest.raises(Refused, match="Only a closed site"):
        directory.reopen(closed, by=keeper)
    assert verbs() == ["workplace.closed", "workplace.reopened"]


# -- Merging sites ------------------------------------------------------------------------------------------------------


def test_all_that_hangs_on_the_loser_moves(taken_in: Any, keeper: Person, client: Any) -> None:
    """Its names, its facts where the other has none, its address; and it is found by what it was called."""
    taken_in([*YARD[:2], "LBA1", *YARD[3:]], SHED)
    yard, shed = site("North yard"), site("Old shed")
    directory.edit(yard, by=keeper, address="1 Mill Lane", aliases=["Gate four"])
    kept = directory.merge(yard, into=shed, by=keeper, at=AT)
    assert (kept.pk, kept.address, kept.code) == (shed.pk, "1 Mill Lane", "LBA1")
    assert {alias.name for alias in kept.aliases.all()} == {"North yard", "Gate four"}
    assert Workplace.objects.count() == 1
    for words in ("north yard", "gate four", "lba1", "old shed"):
        assert queries.search(words) == [kept], words
    answer = client.get(yard.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (301, kept.get_absolute_url())
    assert verbs()[-1] == "workplace.merged"


def test_an_address_leads_on_through_every_later_merge(taken_in: Any, keeper: Person, client: Any) -> None:
    taken_in(YARD, SHED, MILL)
    yard, shed, mill = site("North yard"), site("Old shed"), site("Mill")
    directory.merge(yard, into=shed, by=keeper, at=AT)
    directory.merge(shed, into=mill, by=keeper, at=AT)
    for gone in (yard, shed):
        assert client.get(f"/workplaces/{gone.slug}/")["Location"] == mill.get_absolute_url()
    assert FormerAddress.objects.count() == 2
    assert client.get("/workplaces/2222222222/").status_code == 404


def test_an_old_list_does_not_bring_back_what_was_merged(taken_in: Any, keeper: Person) -> None:
    taken_in(YARD, SHED)
    directory.merge(site("North yard"), into=site("Old shed"), by=keeper, at=AT)
    assert taken_in(YARD, SHED).counts == {"unchanged": 2}
    assert Workplace.objects.count() == 1


def test_a_proposal_can_be_merged_into_what_it_meant(taken_in: Any, ada: Person, keeper: Person) -> None:
    taken_in(YARD)
    proposed = directory.propose(by=ada, employer="Acme Ltd", name="Nth yard", city="Leeds", country="GB")
    with pytest.raises(Refused, match="on the list first"):
        directory.merge(site("North yard"), into=proposed, by=keeper, at=AT)
    kept = directory.merge(proposed, into=site("North yard"), by=keeper, at=AT)
    assert queries.search("nth yard") == [kept]
    assert kept.proposed_by_id is None


def test_what_was_merged_is_not_proposed_again(taken_in: Any, ada: Person, keeper: Person) -> None:
    taken_in(YARD, SHED)
    directory.merge(site("North yard"), into=site("Old shed"), by=keeper, at=AT)
    with pytest.raises(Refused, match="already listed: Acme Ltd Old shed"):
        directory.propose(by=ada, employer="Acme Ltd", name="North yard", city="Leeds", country="GB")


def test_a_site_is_not_merged_with_itself_or_with_what_is_gone(taken_in: Any, keeper: Person) -> None:
    taken_in(YARD, SHED)
    yard, shed = site("North yard"), site("Old shed")
    with pytest.raises(Refused, match="with itself"):
        directory.merge(yard, into=yard, by=keeper, at=AT)
    directory.merge(yard, into=shed, by=keeper, at=AT)
    for loser, winner in ((yard, shed), (shed, yard)):
        with pytest.raises(Refused, match="Somebody else has merged them"):
            directory.merge(loser, into=winner, by=keeper, at=AT)


# -- Employers ------------------------------------------------------------------------------------------------------------


def test_an_employer_is_mended_with_its_sites(taken_in: Any, keeper: Person) -> None:
    taken_in(YARD, MILL)
    acme = Employer.objects.get(name="Acme Ltd")
    industry = Industry.objects.get(code="H")
    directory.edit_employer(acme, by=keeper, name="Zenith Freight", aliases=["ZNF"], domains=["zenith.example"], industry=industry)
    assert site("North yard").title == "Zenith Freight North yard"
    for words in ("zenith", "znf yard", "acme yard"):
        assert queries.search(words) == [site("North yard")], words
    assert queries.employer_with_domain("mail.zenith.example") == "Zenith Freight"
    assert taken_in(YARD).counts == {"unchanged": 1}, "a list that says the old name means the same employer"
    assert set(Entry.objects.get().detail) == {"name", "domains", "industry", "aliases"}


def test_two_employers_have_two_names(taken_in: Any, keeper: Person) -> None:
    taken_in(YARD, MILL)
    with pytest.raises(Refused, match=r"Beta plc\. Merge the two") as no:
        directory.edit_employer(Employer.objects.get(name="Acme Ltd"), by=keeper, name="BETA", aliases=[], domains=[], industry=None)
    assert no.value.field == "name"


def test_employers_become_one(taken_in: Any, keeper: Person) -> None:
    taken_in(YARD, MILL)
    acme, beta = Employer.objects.get(name="Acme Ltd"), Employer.objects.get(name="Beta plc")
    directory.name_employer(beta, aliases=["BTA"], domains=["beta.example"])
    directory.merge_employers(beta, into=acme, by=keeper, at=AT)
    assert site("Mill").employer == acme
    for words in ("acme ml1", "beta ml1", "bta ml1"):
        assert queries.search(words)[0].code == "ML1", words
    assert queries.employer_with_domain("beta.example") == "Acme Ltd"
    assert taken_in(YARD, MILL).counts == {"unchanged": 2}
    assert not Employer.objects.filter(pk=beta.pk).exists()


def test_the_address_of_an_employer_leads_on_through_every_later_merge(taken_in: Any, keeper: Person, client: Any) -> None:
    taken_in(YARD, MILL, ["Gamma AG", "Kiln", "KL1", "Ulm", "DE"])
    acme, beta, gamma = (Employer.objects.get(name=name) for name in ("Acme Ltd", "Beta plc", "Gamma AG"))
    directory.merge_employers(beta, into=acme, by=keeper, at=AT)
    directory.merge_employers(acme, into=gamma, by=keeper, at=AT)
    for gone in (acme, beta):
        answer = client.get(f"/employers/{gone.slug}/")
        assert (answer.status_code, answer["Location"]) == (301, f"/employers/{gamma.slug}/")
        led = make.client(keeper).get(f"/keeping/employers/{gone.slug}/")
        assert (led.status_code, led["Location"]) == (302, f"/keeping/employers/{gamma.slug}/")
    assert client.get("/employers/2222222222/").status_code == 404


def test_employers_with_the_same_site_are_not_merged_before_their_sites(taken_in: Any, keeper: Person) -> None:
    taken_in(YARD, ["Beta plc", "North yard", "", "Leeds", "GB"])
    acme, beta = Employer.objects.get(name="Acme Ltd"), Employer.objects.get(name="Beta plc")
    with pytest.raises(Refused, match="Both employers have this workplace: North yard"):
        directory.merge_employers(beta, into=acme, by=keeper, at=AT)
    assert Workplace.objects.filter(employer=beta).count() == 1
    directory.merge(Workplace.objects.get(employer=beta), into=Workplace.objects.get(employer=acme), by=keeper, at=AT)
    directory.merge_employers(beta, into=acme, by=keeper, at=AT)
    assert Employer.objects.get() == acme


# -- What hangs on them -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "movers"), [(Workplace, 0), (Employer, 1)])
def test_whatever_points_at_a_site_or_an_employer_is_moved_with_it(model: type[Model], movers: int) -> None:
    """A room that points there and registers no mover would lose its rows, or make a merge fail."""
    pointing = {
        relation.related_model._meta.label
        for relation in model._meta.get_fields(include_hidden=True)  # hidden: what has no name for the way back
        if isinstance(relation, ForeignObjectRel) and isinstance(relation.field, ForeignKey) and relation.related_model._meta.app_label != "directory"
    }
    assert pointing
    assert pointing == registry.movers()[movers]


def test_mending_costs_the_same_for_one_site_and_for_many(taken_in: Any, keeper: Person, django_assert_max_num_queries: Any) -> None:
    counts = []
    for number in (1, 30):
        rows = [[f"Firm {number}", f"Shed {n}", "", "Leeds", "GB"] for n in range(number)]
        assert taken_in(*rows).counts == {"new": number}
        firm = Employer.objects.get(name=f"Firm {number}")
        with django_assert_max_num_queries(60) as asked:
            directory.edit_employer(firm, by=keeper, name=f"Company {number}", aliases=[], domains=[], industry=None)
        counts.append(len(asked))
    assert counts[0] == counts[1]
