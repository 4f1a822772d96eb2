"""Finding posts: in each language's stems, without accents, by beginnings; and only what one may read."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizing.forum import commands as forum
from organizing.forum import words
from organizing.forum.queries import searching
from tests import make
from tests.organizing.forum.talking import begin, board, known, say

pytestmark = pytest.mark.django_db
NOW = timezone.now()

#: What is written, in which language, and what finds it.
FOUND = [
    ("They cancelled our breaks", "en", ["cancel", "break", "CANCELLED breaks", "breaks canc"]),
    ("Nos obligan a trabajar horas extraordinarias", "es", ["obligar", "extraordinaria", "hora extraord", "trabajo"]),
    ("La reunión del jueves fue aplazada", "es", ["reunion", "reuniones", "REUNIÓN"]),
    ("Die Überstunden werden nicht bezahlt", "de", ["uberstunden", "Überstunde", "bezahlt"]),
    ("Les heures supplémentaires sont imposées", "fr", ["supplementaire", "imposée", "heure"]),
    ("Сверхурочные часы не оплачены", "ru", ["сверхурочные", "оплачен"]),
    ("Na nocnej zmianie", "pl", ["nocnej", "zmian"]),
    ("我们不同意强制加班", "zh", ["加班", "强制", "不同意", "强", "加班 制"]),
    ("残業は自分で決める", "ja", ["残業", "自分"]),
    ("เราไม่ยอมทำงานล่วงเวลา", "th", ["ล่วงเวลา"]),
    ("ساعات العمل الإضافية", "ar", ["ساعات", "الإضافية"]),
    ("O'Brien said “shift-bidding” & more", "en", ["o'brien", "shift-bidding", "bidding"]),
]


@pytest.mark.parametrize(("written", "language", "asked"), FOUND, ids=[each[1] + each[0][:6] for each in FOUND])
def test_a_post_is_found_by_other_forms_of_its_words(cast: make.Cast, written: str, language: str, asked: list[str]) -> None:
    known(cast.ben)
    post = say(cast.ben, begin(cast.ada, text="Nothing of the kind"), written, language=language)
    for typed in asked:
        hits = searching.find(typed, reader=cast.mo.person)
        assert [hit.url for hit in hits] == [post.get_absolute_url()], typed
        assert "<mark>" in hits[0].extract, typed


@pytest.mark.parametrize("typed", ["", " ", "'", "\\", "& | !", ":*", "a" * 5000, "');--", "\x00", "<b>", "the", "-" * 300, "x & y:*'"])
def test_whatever_is_typed_breaks_nothing(cast: make.Cast, typed: str) -> None:
    begin(cast.ada)
    searching.find(typed, reader=cast.ben.person)


def test_only_what_one_may_read_is_found(cast: make.Cast) -> None:
    known(cast.ben)
    begin(cast.ada, text="heaters in the hall")
    begin(cast.ada, board(cast.committee, "strategy"), text="heaters and the plan")
    waits = forum.reply(begin(cast.ada), "heaters wait", language="en", by=cast.cleo, at=NOW)
    begin(cast.boss, text="heaters of others")
    gone = say(cast.ada, begin(cast.ada), "heaters hidden")
    forum.hide(gone, at=NOW)
    found = {who: {hit.extract for hit in searching.find("heaters", reader=who.person)} for who in (cast.ben, cast.cleo, cast.boss)}
    assert found[cast.ben] == {"<mark>heaters</mark> in the hall", "<mark>heaters</mark> and the plan"}
    assert found[cast.cleo] == {"<mark>heaters</mark> in the hall"}
    assert found[cast.boss] == {"<mark>heaters</mark> of others"}
    assert searching.find("heaters", reader=None) == []
    assert waits.is_waiting


def test_a_title_counts_more_than_a_text_and_goes_with_its_first_post(cast: make.Cast) -> None:
    begin(cast.ada, title="About hours", text="Some say the heaters are off")
    topic = begin(cast.ada, title="Heaters", text="Off again")
    assert [hit.title for hit in searching.find("heater", reader=cast.ben.person)] == ["Heaters", "About hours"]
    forum.hide(topic.posts.get(), at=NOW)
    assert [hit.title for hit in searching.find("heater", reader=cast.ben.person)] == ["About hours"]


def test_an_extract_is_text_and_never_html(cast: make.Cast) -> None:
    """And what stands between angle brackets is found like any other word."""
    begin(cast.ada, text="heaters `<script>alert(1)</script>` **off**")
    assert searching.find("script", reader=cast.ben.person)
    (hit,) = searching.find("heaters", reader=cast.ben.person)
    assert hit.extract.startswith("<mark>heaters</mark> ‹script›alert")
    assert "<script" not in hit.extract


def test_it_is_narrowed_to_a_board_and_a_language(cast: make.Cast) -> None:
    known(cast.ben)
    here = begin(cast.ada, text="heaters")
    begin(cast.ada, board(cast.committee, "strategy"), text="heaters")
    say(cast.ben, here, "heaters dicen en inglés", language="es")
    assert len(searching.find("heaters", reader=cast.ben.person)) == 3
    assert len(searching.find("heaters", reader=cast.ben.person, board=here.board.slug)) == 2
    assert len(searching.find("heaters", reader=cast.ben.person, board=here.board.slug, language="es")) == 1


def test_it_asks_the_same_number_of_questions_however_much_is_found(cast: make.Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            searching.find("heaters", reader=cast.ben.person)
        return len(captured)

    begin(cast.ada, text="heaters")
    before = cost()
    for _ in range(5):
        begin(cast.ada, text="heaters")
    assert cost() == before == 3


def test_every_language_that_has_a_stemmer_has_its_configuration() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cfgname FROM pg_ts_config WHERE cfgname LIKE 'words%'")
        assert {name for (name,) in cursor.fetchall()} == set(words.configurations())
