"""What readers see of a page of help: in which language, made of what, and at what cost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from committees.base.softcache import SoftRedisCache
from committees.guides import commands as guides
from committees.guides import menu
from committees.people.models import Person
from tests import make
from tests.committees.guides.conftest import NOW, added, page, say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("committed")]


def read(path: str, language: str = "en", *, status: int = 200) -> str:
    client = Client()
    client.cookies["language"] = language
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == status
    return answer.content.decode()


def foot(html: str) -> list[str]:
    """The links at the end of a page, in order."""
    return [re.sub("<[^>]*>", "", each) for each in re.findall(r'<li><a href="[^"]*"[^>]*>(.*?)</a>', html.partition("footer__cols")[2].partition("</ul>")[0])]


BUILT_IN = ["How committees work", "Stay safe at work and online", "Open meetings", "Rules of the forum", "What we keep about you", "Accessibility"]


# -- What the program brings along ----------------------------------------------------------------------------------------


def test_without_anybody_s_doing_the_pages_say_what_the_program_brings_along() -> None:
    assert "Everyone who works there" in read("/help/")
    assert "Press Quick exit" in read("/help/safety/")
    assert "Quién puede" in read("/help/", "es")
    assert foot(read("/help/")) == BUILT_IN


def test_a_text_of_ours_takes_the_place_of_the_program_s(keeper: Person) -> None:
    say(page("how", keeper), "How we work", "We meet **on Sundays**.", keeper)
    shown = read("/help/")
    assert "<strong>on Sundays</strong>" in shown
    assert "Everyone who works there" not in shown
    assert foot(shown)[0] == "How we work"
    assert "Press Quick exit" in read("/help/safety/")


def test_back_to_the_program_s_own_text(keeper: Person) -> None:
    how = page("how", keeper)
    written = say(how, "How we work", "We meet on Sundays.", keeper)
    guides.withdraw(how, language="en", seen=written.number, by=keeper, at=NOW)
    assert "Everyone who works there" in read("/help/")
    assert foot(read("/help/")) == BUILT_IN


# -- Languages --------------------------------------------------------------------------------------------------------------


LACKS = "This page is not there in your language"


def test_each_reader_gets_their_language(keeper: Person) -> None:
    guide = added(keeper)
    say(guide, "Calor en el trabajo", "Bebe agua.", keeper, language="es")
    path = guide.get_absolute_url()
    assert ("Drink water." in read(path), LACKS in read(path)) == (True, False)
    spanish = read(path, "es")
    assert "Bebe agua." in spanish
    assert '<article class="guide" lang="es"' in spanish
    assert "Calor en el trabajo" in foot(spanish)


def test_where_it_lacks_they_get_the_server_s_with_a_word_that_says_so(keeper: Person) -> None:
    guide = added(keeper)
    spanish = read(guide.get_absolute_url(), "es")
    assert "Drink water." in spanish
    assert '<article class="guide" lang="en"' in spanish
    assert "(Español)" in spanish
    assert '<bdi lang="en">Heat at work</bdi>' in spanish.partition("footer__cols")[2], "a screen reader speaks it as English"


def test_a_built_in_page_that_lacks_both_is_the_program_s(keeper: Person) -> None:
    say(page("how", keeper), "Cómo trabajamos", "Nos reunimos los domingos.", keeper, language="es")
    assert "Everyone who works there" in read("/help/")
    assert "domingos" in read("/help/", "es")
    assert foot(read("/"))[0] == "How committees work"


def test_an_added_page_that_lacks_both_is_shown_in_what_it_has(keeper: Person) -> None:
    guide = added(keeper, "Calor", "Bebe agua.", language="es")
    shown = read(guide.get_absolute_url())
    assert "Bebe agua." in shown
    assert LACKS in shown


def test_a_language_that_is_taken_away_is_gone(keeper: Person) -> None:
    guide = added(keeper)
    spanish = say(guide, "Calor", "Bebe agua.", keeper, language="es")
    guides.withdraw(guide, language="es", seen=spanish.number, by=keeper, at=NOW)
    assert "Drink water." in read(guide.get_absolute_url(), "es")


# -- Published or not ---------------------------------------------------------------------------------------------------------


def test_what_is_not_published_is_there_for_nobody_but_those_who_keep_the_service(keeper: Person, admin: Client) -> None:
    guide = added(keeper, published=False)
    path = guide.get_absolute_url()
    read(path, status=404)
    assert make.client(make.person()).get(path).status_code == 404
    shown = admin.get(path)
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert "Heat at work" not in foot(read("/"))
    assert "Heat at work" not in foot(admin.get("/keeping/").content.decode())


def test_published_it_is_on_every_page_at_once_and_taken_away_on_none(keeper: Person) -> None:
    before = read("/")
    guide = added(keeper)
    assert foot(read("/")) == [*BUILT_IN[:2], "Heat at work", *BUILT_IN[2:]]
    guides.unpublish(guide, by=keeper, at=NOW)
    read(guide.get_absolute_url(), status=404)
    assert foot(read("/")) == foot(before)


def test_a_new_title_is_on_every_page_at_once(keeper: Person) -> None:
    guide = added(keeper)
    read("/")
    say(guide, "When it is hot", "Drink water.", keeper)
    assert "When it is hot" in foot(read("/"))
    assert "Heat at work" not in foot(read("/"))


def test_the_order_is_the_one_that_was_chosen(keeper: Person) -> None:
    guide = added(keeper)
    guides.move(guide, up=True, by=keeper, at=NOW)
    assert foot(read("/"))[:3] == ["How committees work", "Heat at work", "Stay safe at work and online"]
    guides.move(page("how", keeper), up=False, by=keeper, at=NOW)
    assert foot(read("/"))[:3] == ["Heat at work", "How committees work", "Stay safe at work and online"]


# -- What a text cannot carry ---------------------------------------------------------------------------------------------------

BAD = """
<script>alert(1)</script> <img src="https://tracker.example/x.png" onerror="x()"> <b onclick="x()">b</b>

![picture](https://tracker.example/y.png) [run](javascript:alert(1)) [data](data:text/html,x) [out](//tracker.example/z)

<iframe src="https://tracker.example"></iframe><style>@import "https://tracker.example"</style>

[sign out](/account/sign-out/) [help](/help/safety/) [far](https://union.example/page)
"""


def test_it_carries_no_script_no_picture_and_nothing_that_is_fetched(keeper: Person) -> None:
    guide = added(keeper, text=BAD)
    article = read(guide.get_absolute_url()).partition("<article")[2].partition("</article>")[0]
    tags = set(re.findall(r"<([a-z0-9]+)", article))
    assert tags <= {"p", "a"}
    leads = set(re.findall(r'href="([^"]*)"', article))
    assert {"/help/safety/", "https://union.example/page"} <= leads
    assert {link for link in leads if not link.startswith("https://")} == {"/help/safety/"}, "no script, no data, no page of ours that does something"
    assert 'rel="nofollow noreferrer noopener"' in article
    assert not re.search(r"<[a-z][^>]*\s(src|on\w+|style|srcset|background)=", article)


def test_headings_are_one_below_the_title(keeper: Person) -> None:
    shown = read(added(keeper, text="# Big\n\nx\n\n#### Small").get_absolute_url())
    assert "<h2>Big</h2>" in shown
    assert "<h2>Small</h2>" in shown
    assert "<h3>" not in shown.partition("<article")[2].partition("</article>")[0]


def test_html_is_made_when_it_is_written_and_not_when_it_is_read(keeper: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = added(keeper)

    def never(*_args: Any, **_how: Any) -> str:
        raise AssertionError

    monkeypatch.setattr("committees.base.markdown.render", never)
    assert "Drink water." in read(guide.get_absolute_url())


# -- What it costs ----------------------------------------------------------------------------------------------------------------


def cost(path: str, client: Client | None = None) -> int:
    client = client or Client()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_a_page_costs_one_query_and_the_list_at_the_end_none(keeper: Person) -> None:
    before = cost("/help/accessibility/")
    guide = added(keeper)
    for n in range(3):
        say(added(keeper, f"Page {n}"), f"Seite {n}", "x", keeper, language="es")
    assert cost(guide.get_absolute_url()) == cost("/help/") == cost("/help/safety/") == 1
    assert cost("/help/accessibility/") == before == 0


def test_without_the_cache_the_list_costs_one_and_is_right(keeper: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    added(keeper)
    monkeypatch.setattr(SoftRedisCache, "attempt", lambda _self, _call, instead: instead())
    assert cost("/help/accessibility/") == 1
    assert "Heat at work" in foot(read("/"))


def test_an_empty_cache_is_filled_by_the_first_who_reads(keeper: Person) -> None:
    added(keeper)
    cache.delete(menu.KEY)
    assert [cost("/help/accessibility/"), cost("/help/accessibility/")] == [1, 0]


def test_whoever_reads_while_somebody_saves_does_not_put_the_old_list_back(keeper: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.delete(menu.KEY)
    really = menu.read

    def slow() -> Any:
        lines = really()
        monkeypatch.setattr(menu, "read", really)
        added(keeper)
        return lines

    monkeypatch.setattr(menu, "read", slow)
    read("/")
    assert "Heat at work" in foot(read("/"))
