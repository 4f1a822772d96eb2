"""A list comes in: each row has its verdict, a bad one stops no other, and the second time nothing changes."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from committees.directory.imports.run import Import
from committees.directory.models import Alias, Employer, State, Workplace
from tests.committees.directory.conftest import OWN_LIST, reasons, verdicts

pytestmark = pytest.mark.django_db
HEAD = ["Employer", "Site name", "Site code", "Town", "Country"]
COVENTRY = ["Amazon", "Coventry fulfilment centre", "BHX4", "Coventry", "United Kingdom"]


def snapshot() -> list[tuple[object, ...]]:
    fields = ["slug", "employer__name", "name", "code", "city", "region", "country", "latitude", "longitude", "zone", "kind", "address", "postcode", "state"]
    return list(Workplace.objects.order_by("pk").values_list(*fields))


def test_our_own_list_twice() -> None:
    assert set(verdicts(Import(OWN_LIST))) == {"new"}
    before = snapshot()
    assert set(verdicts(Import(OWN_LIST))) == {"unchanged"}
    assert snapshot() == before
    amazon = Employer.objects.get(name="Amazon")
    assert "AMZN" in {alias.name for alias in amazon.aliases.all()}
    assert "amazon.com" in amazon.domains
    assert amazon.industry_id == "52"
    site = Workplace.objects.with_names().get(code="BHX4")
    assert (site.city, site.region, site.country, site.zone, site.kind) == ("Coventry", "England", "GB", "Europe/London", "warehouse")
    assert "Lyons Park" in site.also_called


def test_a_dry_run_says_the_same_and_writes_nothing(a_list: Callable[..., Path]) -> None:
    path = a_list([HEAD, COVENTRY, COVENTRY, ["", "x", "", "y", "GB"]])
    said = verdicts(Import(path, dry_run=True))
    assert not Workplace.objects.exists()
    assert not Employer.objects.exists()
    assert said == verdicts(Import(path)) == ["new", "duplicate", "error"]


@pytest.mark.parametrize(
    ("name", "least_new", "allowed"),
    [
        ("industrial-sites-europe.csv", 1430, {"no employer", "same site as an earlier row"}),
        ("nlrb-union-elections.csv", 2700, {"same site as an earlier row"}),
        ("work-stoppages-us.csv", 1450, {"same site as an earlier row", "no town and no position"}),
        ("tech-worker-actions.json", 100, None),
    ],
)
def test_the_shared_lists(shared_data: Path, name: str, least_new: int, allowed: set[str] | None) -> None:
    first = Import(shared_data / "workplaces" / name)
    rows = len(verdicts(first))
    assert rows == sum(first.counts.values())
    assert first.counts["new"] >= least_new
    assert allowed is None or set(first.reasons) <= allowed
    before = snapshot()
    again = Import(shared_data / "workplaces" / name)
    assert len(verdicts(again)) == rows
    assert again.counts == Counter({**first.counts, "new": 0, "unchanged": first.counts["new"] + first.counts["unchanged"]}) - Counter()
    assert snapshot() == before


def test_units_of_one_case_are_one_site(a_list: Callable[..., Path]) -> None:
    """A list that names no sites: the site is the employer in that town."""
    rows = [
        ["01-RC-1", "Yale University", "New Haven", "CT", "A"],
        ["01-RC-1", "YALE UNIVERSITY", "NEW HAVEN", "CT", "B"],
        ["01-RC-2", "Yale University", "North Haven", "CT", "A"],
    ]
    job = Import(a_list([["Case Number", "Case Name", "Unit City", "Unit State", "Unit ID"], *rows]), given={"employer": "Case Name"})
    assert verdicts(job) == ["new", "duplicate", "new"]
    assert sorted(str(site) for site in Workplace.objects.select_related("employer")) == ["Yale University, New Haven", "Yale University, North Haven"]


def test_identity_is_the_site_code_within_its_employer(a_list: Callable[..., Path]) -> None:
    rows = [COVENTRY, ["Amazon", "Another name", "bhx-4", "Coventry", "GB"], ["Acme", "Coventry fulfilment centre", "BHX4", "Coventry", "GB"]]
    assert verdicts(Import(a_list([HEAD, *rows]))) == ["new", "duplicate", "new"]
    renamed = ["Amazon", "Lyons Park fulfilment centre", "BHX4", "Coventry", "GB"]
    job = Import(a_list([HEAD, renamed]))
    (answer,) = job
    assert (answer.verdict, answer.changed) == ("changed", ("name",))
    assert Workplace.objects.get(employer__name="Amazon").name == "Lyons Park fulfilment centre"


def test_a_site_code_in_another_country_is_another_site_or_a_slip(a_list: Callable[..., Path]) -> None:
    Workplace.objects.none()
    verdicts(Import(a_list([HEAD, COVENTRY])))
    assert reasons(Import(a_list([HEAD, [*COVENTRY[:4], "France"]]))) == {2: "same site code in another country"}


def test_without_a_code_name_and_place_make_the_site(a_list: Callable[..., Path]) -> None:
    head = ["Employer", "Site name", "Town", "State"]
    rows = [
        ["Acme Inc", "Plant 1", "Springfield", "IL"],
        ["ACME, INC.", "PLANT 1", "SPRINGFIELD", "Illinois"],
        ["Acme Inc", "Plant 1", "Springfield", "OH"],
        ["Acme Inc", "Plant 2", "Springfield", "IL"],
    ]
    assert verdicts(Import(a_list([head, *rows]), country="US")) == ["new", "duplicate", "new", "new"]


def test_spelling_alone_is_no_change_and_gaps_erase_nothing(a_list: Callable[..., Path]) -> None:
    head = ["Employer", "Site name", "Town", "Country", "Address", "lat", "lon"]
    verdicts(Import(a_list([head, ["Acme", "Works", "Leeds", "GB", "1 Mill Lane", "53.8", "-1.55"]])))
    assert verdicts(Import(a_list([head, ["ACME Ltd", "WORKS", "LEEDS", "England", "1 MILL LANE", "", ""]]))) == ["unchanged"]
    moved = Import(a_list([head, ["Acme", "Works", "Leeds", "GB", "2 Mill Lane", "53.81", "-1.55"]]))
    assert [answer.changed for answer in moved] == [("address", "position")]
    site = Workplace.objects.get()
    assert (site.address, float(site.latitude or 0)) == ("2 Mill Lane", 53.81)


def test_an_alias_leads_to_its_employer(own_sites: list[Workplace], a_list: Callable[..., Path]) -> None:
    assert verdicts(Import(a_list([HEAD, ["AMZN", "", "BHX4", "Coventry", "GB"]]))) == ["unchanged"]
    shared = Employer.objects.create(name="Rainforest Ltd")
    Alias.objects.create(employer=shared, name="AMZN")
    assert verdicts(Import(a_list([HEAD, ["AMZN", "", "BHX4", "Coventry", "GB"]]))) == ["new"], "an alias of two is nobody's"


def test_a_proposal_is_not_what_a_list_compares_with(own_sites: list[Workplace], a_list: Callable[..., Path]) -> None:
    verdicts(Import(a_list([HEAD, ["Acme", "Yard", "", "Leeds", "GB"]])))
    Workplace.objects.filter(employer__name="Acme").update(state=State.PROPOSED)
    assert verdicts(Import(a_list([HEAD, ["Acme", "Yard", "", "Leeds", "GB"]]))) == ["new"]


def test_a_closed_site_stays_closed(own_sites: list[Workplace]) -> None:
    Workplace.objects.filter(code="BHX4").update(state=State.CLOSED)
    assert set(verdicts(Import(OWN_LIST))) == {"unchanged"}
    assert Workplace.objects.get(code="BHX4").is_closed


def test_bad_rows_stop_no_good_ones(a_list: Callable[..., Path]) -> None:
    path = a_list(
        [
            HEAD,
            COVENTRY,
            ["", "Site without employer", "", "Leeds", "GB"],
            ["12345", "Number for a name", "", "Leeds", "GB"],
            ["Acme", "Nowhere", "", "", "GB"],
            ["Acme", "Unknown land", "", "Leeds", "Ruritania"],
            ["Acme", "No land", "", "Leeds", ""],
            ["=cmd|' /C calc'!A0", "Formula", "", "Leeds", "GB"],
            ["Ac\x00me", "Damaged", "", "Leeds", "GB"],
            ["A" * 300, "Too long", "", "Leeds", "GB"],
            ["Acme", "Surplus", "", "Leeds", "GB", "x", "y"],
            ["Acme"],
            [],
            ['="Acme"', "Text as a formula", "", "Leeds", "GB"],
            ["Beta", "Good", "", "York", "GB"],
        ]
    )
    job = Import(path)
    assert reasons(job) == {
        3: "no employer", 4: "employer is not a name", 5: "no town and no position", 6: "country not recognised", 7: "no country",
        8: "formula instead of a value", 9: "damaged text", 10: "text too long", 11: "more cells than headings", 12: "no country",
    }  # fmt: skip
    assert job.counts == {"new": 3, "error": 10}
    assert set(Workplace.objects.values_list("employer__name", flat=True)) == {"Amazon", "Acme", "Beta"}


def test_no_query_stands_in_a_loop(a_list: Callable[..., Path], django_assert_max_num_queries: Any) -> None:
    """Thirty rows of thirty employers cost as many queries as three."""
    counts = []
    for rows in (3, 30):
        path = a_list([HEAD, *[[f"Firm {rows} {n}", f"Shed {n}", "", "Leeds", "GB"] for n in range(rows)]])
        with django_assert_max_num_queries(60) as asked:
            assert set(verdicts(Import(path))) == {"new"}
        counts.append(len(asked))
        with django_assert_max_num_queries(60) as asked:
            assert set(verdicts(Import(path))) == {"unchanged"}
        counts.append(len(asked))
    assert counts[:2] == counts[2:]


def test_several_places_of_one_employer_are_several_sites(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(
        '[{"companies": ["uber"], "locations": ["london-uk", "nottingham-uk"], "latlngs": [[51.51, -0.07], [52.95, -1.15]]},'
        ' {"companies": ["uber", "bolt"], "locations": ["nairobi-kenya"]},'
        ' {"companies": ["a", "b"], "locations": ["paris-france", "lyon-france"]}, {"companies": null, "locations": ["leeds-uk"]}]'
    )
    job = Import(tmp_path / "x.json")
    assert reasons(job) == {3: "several employers and several places", 4: "no employer"}
    found = {(str(site), site.country, site.zone, site.latitude is not None) for site in Workplace.objects.select_related("employer")}
    assert found == {
        ("uber, London", "GB", "Europe/London", True), ("uber, Nottingham", "GB", "Europe/London", True),
        ("uber, Nairobi", "KE", "Africa/Nairobi", False), ("bolt, Nairobi", "KE", "Africa/Nairobi", False),
    }  # fmt: skip


_TEXT = st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["Acme", "ACME Ltd", "Leeds", "York", "GB", "Ruritania", "", "AB1", "=1", "\x00"]
)
_ROWS = st.lists(
    st.tuples(_TEXT, _TEXT, st.sampled_from(["", "AB1", "AB2", "ab-1"]), _TEXT, st.sampled_from(["GB", "United Kingdom", "FR", "", "?"])), max_size=12
)


@given(rows=_ROWS, shuffled=st.randoms())
@example(rows=[("A", "", "AB1", "0", "GB"), ("A", "", "AB1", "0", "FR"), ("A", "", "AB1", "0", "FR")], shuffled=random.Random(1))
@example(rows=[("A", "", "AB1", "0", "FR"), ("A", "", "AB1", "0", "GB"), ("A", "", "AB1", "0", "GB")], shuffled=random.Random(3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_list_twice_and_in_any_order(rows: list[tuple[str, ...]], shuffled: object, tmp_path: Path) -> None:
    """Whatever the cells: a verdict for each row, the second run changes nothing, another order finds the same sites."""
    Workplace.objects.all().delete()
    Employer.objects.all().delete()
    rows = [row for row in rows if any(cell.strip() for cell in row)] + [tuple(COVENTRY)]
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    turned = list(rows)
    shuffled.shuffle(turned)  # type: ignore[attr-defined]
    for place, some in ((path, rows), (other, turned)):
        with place.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEAD, *some])
    given_columns = dict(zip(("employer", "name", "code", "city", "country"), HEAD, strict=True))
    first = Import(path, given=given_columns)
    answers = verdicts(first)
    before = snapshot()
    second = Import(path, given=given_columns)
    assert len(verdicts(second)) == len(answers) == sum(first.counts.values())
    assert second.counts["new"] == 0
    assert snapshot() == before
    again = Import(other, given=given_columns)
    verdicts(again)
    assert again.counts["new"] == 0
    assert again.counts["error"] == first.counts["error"]
    assert Workplace.objects.count() == first.counts["new"]
