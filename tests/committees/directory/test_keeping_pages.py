"""The pages on which the directory is kept: what an admin sees and does there, and how they are told what went wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from committees.base.uploads import InMemoryUpToALimit
from committees.directory import commands as directory
from committees.directory.imports.headings import FIELDS
from committees.directory.lists import LARGEST
from committees.directory.models import Employer, Stage, Workplace, WorkplaceList
from committees.directory.views import employers, keeping
from committees.notices import waking
from committees.people.models import Person

pytestmark = pytest.mark.django_db
LIST = b"Employer,Site name,City,Country,Note\nAcme Ltd,North yard,Leeds,GB,x\nAcme Ltd,Old shed,Leeds,GB,\n,Nobody's,Leeds,GB,=1+2\n"
COLUMNS = {"employer": "0", "name": "1", "city": "2", "country": "3"}


@pytest.fixture
def admin(keeper: Person, browser_of: Callable[[Person], Client]) -> Client:
    return browser_of(keeper)


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test gives the turns of a worker itself."""
    monkeypatch.setattr(waking, "after_commit", lambda *_args: None)


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def hand_in(admin: Client, content: bytes = LIST, *, name: str = "sites.csv") -> HttpResponse:
    return admin.post("/keeping/lists/", {"file": SimpleUploadedFile(name, content), "form_key": str(uuid4())})  # type: ignore[return-value]


@pytest.fixture
def checked(admin: Client) -> WorkplaceList:
    """A list that was handed in, settled and read through the pages."""
    answer = hand_in(admin)
    assert answer.status_code == 302
    assert admin.post(answer["Location"], {f"column_{field}": COLUMNS.get(field, "-") for field in FIELDS} | {"country": "-"}).status_code == 302
    listed = WorkplaceList.objects.get()
    directory.work(listed.pk)
    listed.refresh_from_db()
    return listed


# -- Sites and employers -----------------------------------------------------------------------------------------------


def test_an_admin_finds_a_site_and_mends_it(own_sites: list[Workplace], admin: Client) -> None:
    found = admin.get("/keeping/workplaces/", {"q": "bhx4"}).context["sites"]
    page = admin.get(f"/keeping/workplaces/{found[0].slug}/")
    said = {name: field.value() for name, field in ((f.name, f) for f in page.context["form"])}
    said |= {"name": "Lyons Park", "languages": "English, Polish, ro", "aliases": "The box\nThe box\n\nCoventry one"}
    assert admin.post(f"/keeping/workplaces/{found[0].slug}/", said).status_code == 302
    mended = Workplace.objects.get(code="BHX4")
    assert (mended.name, mended.languages) == ("Lyons Park", ["en", "pl", "ro"])
    assert {"The box", "Coventry one"} <= {alias.name for alias in mended.aliases.all()}


def test_a_form_that_says_what_is_known_changes_nothing(own_sites: list[Workplace], admin: Client) -> None:
    """Each fact comes back from its field as it was: codes, lists, zones."""
    before = list(Workplace.objects.order_by("pk").values())
    for site in own_sites[:40]:
        page = admin.get(f"/keeping/workplaces/{site.slug}/")
        said = {field.name: field.value() for field in page.context["form"]}
        answer = admin.post(f"/keeping/workplaces/{site.slug}/", said)
        assert answer.status_code == 302, (site.title, answer.context["form"].errors)
    assert list(Workplace.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("languages", "English, Klingonese", "We know no language called “Klingonese”."),
        ("aliases", "???", "Write each name in letters"),
        ("aliases", "x" * 201, "at most 200 of them"),
        ("aliases", "\n".join(f"Name {n}" for n in range(51)), "Write at most 50 names."),
        ("country", "XX", "Choose one of the answers shown"),
        ("zone", "Mars/Base", "Choose one of the answers shown"),
        ("name", " \u200b ", "Fill in “Name of the site”"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(own_sites: list[Workplace], admin: Client, field: str, typed: str, said: str) -> None:
    site = own_sites[0]
    page = admin.get(f"/keeping/workplaces/{site.slug}/")
    answer = admin.post(f"/keeping/workplaces/{site.slug}/", {each.name: each.value() for each in page.context["form"]} | {field: typed})
    assert answer.status_code == 422
    assert said in text(answer).replace("&#x27;", "'")


def test_two_entries_are_looked_at_side_by_side_and_merged(own_sites: list[Workplace], admin: Client) -> None:
    one, other = (next(site for site in own_sites if site.code == code) for code in ("BHX4", "POZ1"))
    page = text(admin.get(f"/keeping/workplaces/{one.slug}/merge/", {"q": "poz1"}))
    assert f"?into={other.slug}" in page
    page = text(admin.get(f"/keeping/workplaces/{one.slug}/merge/", {"into": other.slug}))
    assert "This entry goes" in page
    assert "cannot be taken back" in page
    answer = admin.post(f"/keeping/workplaces/{one.slug}/merge/", {"into": other.slug})
    assert answer["Location"] == f"/keeping/workplaces/{other.slug}/"
    assert admin.get(f"/workplaces/{one.slug}/").status_code == 301


MERGED = "One of the two is not there any more. Somebody else has merged them."


def test_whoever_comes_after_a_merge_is_led_to_what_is_left_and_told(own_sites: list[Workplace], keeper: Person, admin: Client) -> None:
    one, other, third = own_sites[:3]
    directory.merge(one, into=other, by=keeper, at=timezone.now())
    gone = f"/keeping/workplaces/{one.slug}/"
    for address in (gone, f"{gone}merge/"):
        assert admin.get(address)["Location"] == f"/keeping/workplaces/{other.slug}/"
    for address, said, words in (
        (f"{gone}merge/", {"into": third.slug}, MERGED),
        (gone, {"name": "North"}, "This workplace is not there any more."),
        (f"/workplaces/{one.slug}/close/", {}, "This workplace is not there any more."),
    ):
        answer = admin.post(address, said, follow=True)
        assert answer.redirect_chain == [(f"/keeping/workplaces/{other.slug}/", 302)]
        assert words in text(answer)
    chosen = admin.post(f"/keeping/workplaces/{third.slug}/merge/", {"into": one.slug})
    assert chosen.status_code == 422
    assert "The entry you chose is not there any more." in text(chosen)
    for never in ("/keeping/workplaces/2222222222/", "/keeping/workplaces/2222222222/merge/"):
        assert (admin.get(never).status_code, admin.post(never, {"into": ""}).status_code) == (404, 404)


@pytest.mark.parametrize("into", ["", "nonsense", "\x00", "own"])
def test_without_another_entry_nothing_is_merged(own_sites: list[Workplace], admin: Client, into: str) -> None:
    one = own_sites[0]
    answer = admin.post(f"/keeping/workplaces/{one.slug}/merge/", {"into": one.slug if into == "own" else into})
    assert answer.status_code == 422
    assert "Nothing was merged" in text(answer)


def test_a_site_is_closed_and_opened_from_its_page(own_sites: list[Workplace], admin: Client) -> None:
    one = own_sites[0]
    for verb, state in (("close", "closed"), ("close", "closed"), ("open-again", "listed"), ("open-again", "listed")):
        assert admin.post(f"/workplaces/{one.slug}/{verb}/")["Location"] == f"/keeping/workplaces/{one.slug}/"
        assert Workplace.objects.get(pk=one.pk).state == state


def test_an_admin_finds_an_employer_and_mends_it(own_sites: list[Workplace], admin: Client) -> None:
    (amazon,) = admin.get("/keeping/employers/", {"q": "amzn"}).context["page"].items
    address = f"/keeping/employers/{amazon.slug}/"
    said = {"name": "Amazon", "aliases": "AMZN", "domains": "@Amazon.example\nmail.amazon.example.", "industry": "H"}
    assert admin.post(address, said).status_code == 302
    amazon.refresh_from_db()
    assert (amazon.domains, amazon.industry_id) == (["amazon.example", "mail.amazon.example"], "H")
    refused = admin.post(address, said | {"domains": "not a domain"})
    assert (refused.status_code, "Enter domains like example.com" in text(refused)) == (422, True)
    taken = admin.post(address, said | {"name": next(e.name for e in Employer.objects.exclude(pk=amazon.pk))})
    assert "Merge the two instead" in text(taken)


def test_employers_are_merged_from_their_page(own_sites: list[Workplace], admin: Client) -> None:
    one, other = Employer.objects.order_by("pk")[:2]
    assert f"?into={other.slug}" in text(admin.get(f"/keeping/employers/{one.slug}/merge/", {"q": other.name}))
    assert admin.post(f"/keeping/employers/{one.slug}/merge/", {"into": "x"}).status_code == 422
    answer = admin.post(f"/keeping/employers/{one.slug}/merge/", {"into": other.slug})
    assert answer["Location"] == f"/keeping/employers/{other.slug}/"
    late = admin.post(f"/keeping/employers/{one.slug}/merge/", {"into": other.slug}, follow=True)
    assert late.redirect_chain == [(f"/keeping/employers/{other.slug}/", 302)]
    assert MERGED in text(late)
    assert admin.get(f"/keeping/employers/{one.slug}/merge/")["Location"] == f"/keeping/employers/{other.slug}/"


@pytest.mark.parametrize("page", [("/keeping/employers/", employers), ("/keeping/workplaces/", keeping), ("/keeping/lists/", None)])
def test_lists_cost_the_same_at_one_row_and_at_many(
    own_sites: list[Workplace], admin: Client, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch, page: tuple[str, Any]
) -> None:
    (address, room), counts = page, []
    hand_in(admin)
    for rows in (1, 6):
        if room is not None:
            monkeypatch.setattr(room, "PAGE", rows)
        else:
            for _ in range(rows - 1):
                hand_in(admin)
        with django_assert_max_num_queries(8) as asked:
            admin.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# -- Lists -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("sites.csv", b"x" * (LARGEST + 1), "larger than 20 MB"),
        ("sites.pdf", b"%PDF-1.7", "neither CSV nor Excel"),
        ("sites.csv", b"%PDF-1.7 and so on", "not what its name says"),
        ("sites.csv", b"PK\x03\x04", "not what its name says"),
        ("sites.xlsx", LIST, "not what its name says"),
        ("sites.csv", b"", "The file is empty."),
        ("sites.csv", b"Employer,Town\n", "holds no rows"),
    ],
)
def test_a_file_that_is_no_list_is_refused_at_its_field(admin: Client, name: str, content: bytes, said: str) -> None:
    answer = hand_in(admin, content, name=name)
    assert answer.status_code == 422
    assert said in text(answer)
    assert text(answer).count(said) >= 2, "in the summary and at the field"
    assert not WorkplaceList.objects.exists()


def test_without_a_file_one_is_asked_for(admin: Client) -> None:
    answer = admin.post("/keeping/lists/", {"form_key": str(uuid4())})
    assert "Choose the file that holds the list." in text(answer)  # type: ignore[arg-type]


def test_a_file_is_kept_for_no_other_page(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends one to a page that takes none, as a visitor to one that takes them, or too large a one, fills neither the memory nor the disk."""
    kept: list[int] = []
    complete = InMemoryUpToALimit.file_complete

    def watched(self: InMemoryUpToALimit, size: int) -> Any:
        file = complete(self, size)
        kept.append(len(file.read()))
        file.seek(0)
        return file

    monkeypatch.setattr(InMemoryUpToALimit, "file_complete", watched)
    stranger = Client(enforce_csrf_checks=True)  # who forges a form: it is read before it is refused
    stranger.get("/account/sign-in/")
    for address in ("/account/sign-in/", "/today/", "/workplaces/add/", "/keeping/lists/"):
        assert stranger.post(address, {"file": SimpleUploadedFile("a.csv", LIST)}).status_code == 403
    hand_in(admin, b"x" * (LARGEST + 1))
    hand_in(admin)
    assert kept == [0, 0, 0, 0, 0, len(LIST)]


def test_the_columns_are_shown_as_they_seem_and_can_be_changed(admin: Client) -> None:
    columns = hand_in(admin)["Location"]
    page = admin.get(columns)
    chosen = {field.name: field.value() for field in page.context["form"] if field.value() != "-"}
    assert chosen == {"column_employer": 0, "column_name": 1, "column_city": 2, "column_country": 3}
    assert "North yard" in text(page), "the first rows stand beside it"
    answer = admin.post(columns, {f"column_{field}": "-" for field in FIELDS} | {"column_latitude": "2", "country": "-"})
    assert answer.status_code == 422
    for said in ("names the employer", "says the country", "belong together"):
        assert said in text(answer)
    assert admin.post(columns, {"column_employer": "99"}).status_code == 422


def test_what_a_list_would_do_is_shown_before_it_is_done(admin: Client, checked: WorkplaceList) -> None:
    page = text(admin.get(f"/keeping/lists/{checked.slug}/"))
    assert "Acme Ltd · North yard · Leeds" in page
    assert "no employer" in page
    assert "Nothing is written until you say so." in page
    assert not Workplace.objects.exists()
    admin.post(f"/keeping/lists/{checked.slug}/confirm/")
    assert "being taken in" in text(admin.get(f"/keeping/lists/{checked.slug}/"))
    directory.work(checked.pk)
    assert "The list is taken in" in text(admin.get(f"/keeping/lists/{checked.slug}/"))
    assert Workplace.objects.count() == 2


def test_with_scripts_the_progress_asks_for_itself_and_then_for_the_page(admin: Client, checked: WorkplaceList) -> None:
    address, asks = f"/keeping/lists/{checked.slug}/", {"HX-Request": "true"}
    admin.post(f"{address}confirm/")
    part = admin.get(address, headers=asks)
    assert "<html" not in text(part)
    assert "0 of 3 rows" in text(part)
    directory.work(checked.pk)
    assert admin.get(address, headers=asks)["HX-Refresh"] == "true"


def test_the_rows_that_cannot_be_used_come_as_a_file_without_formulas(admin: Client, checked: WorkplaceList) -> None:
    answer = admin.get(f"/keeping/lists/{checked.slug}/unusable/")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(text(answer).removeprefix("\ufeff"))))
    assert rows == [["Row", "Why", "Employer", "Site name", "City", "Country", "Note"], ["4", "no employer", "", "Nobody's", "Leeds", "GB", "'=1+2"]]


def test_a_list_is_thrown_away(admin: Client, checked: WorkplaceList) -> None:
    admin.post(f"/keeping/lists/{checked.slug}/confirm/")
    assert admin.post(f"/keeping/lists/{checked.slug}/drop/")["Location"] == f"/keeping/lists/{checked.slug}/"
    directory.work(checked.pk)
    assert admin.post(f"/keeping/lists/{checked.slug}/drop/")["Location"] == "/keeping/lists/"
    assert not WorkplaceList.objects.exists()


def test_each_step_leads_to_where_the_list_is(admin: Client, checked: WorkplaceList) -> None:
    columns, one = f"/keeping/lists/{checked.slug}/columns/", f"/keeping/lists/{checked.slug}/"
    assert admin.get(columns).status_code == 200, "columns can still be changed"
    admin.post(f"{one}confirm/")
    assert admin.get(columns)["Location"] == one
    assert admin.post(f"{one}confirm/")["Location"] == one
    WorkplaceList.objects.update(stage=Stage.FAILED, content=None)
    assert "could not be read to its end" in text(admin.get(one))
