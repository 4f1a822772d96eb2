"""The validator that all page tests rely on finds what it must find."""

from __future__ import annotations

import pytest

from tests.valid_html import problems

PAGE = '<!doctype html><html lang="en"><head><title>x</title></head><body><main><h1>x</h1>{}</main></body></html>'


def test_a_clean_page_is_clean() -> None:
    body = '<h2 id="a">y</h2><p><a href="#a">go</a></p><label for="q">Q</label><input id="q" aria-describedby="a"><ul><li>1</li></ul>'
    assert problems(PAGE.format(body)) == []
    assert problems("<li>part</li>") == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>open <b>bold</p>", "unexpected-end-tag"),
        ("<p>a<div>b</div></p>", "unexpected-end-tag"),
        ('<i id="a"></i><i id="a"></i>', "stands 2 times"),
        ('<label for="nobody">x</label>', "labels nothing"),
        ('<input name="q">', "no label"),
        ('<span><div class="d">x</div></span>', "<div> stands in <span>"),
        ("<button><div>x</div></button>", "stands in <button>"),
        ('<a href="/x"><button>y</button></a>', "<button> stands in <a"),
        ("<ul><div>x</div></ul>", "stands directly in <ul>"),
        ('<p style="color:red">x</p>', "inline style"),
        ("<script>1</script>", "script"),
        ('<p onclick="x()">x</p>', "inline script"),
        ('<p aria-describedby="gone">x</p>', "'gone'"),
        ('<p><a href="#gone">x</a></p>', "leads nowhere"),
        ('<a href="/x"></a>', "no words"),
        ('<img src="/x">', "no alt"),
        ("<h4>x</h4>", "jumps from 1 to 4"),
        ("<h1>again</h1>", "2 <h1>"),
        ("<center>x</center>", "obsolete"),
        ("<p>&nosuchthing; &amp</p>", "entity"),
    ],
)
def test_it_finds(body: str, words: str) -> None:
    assert any(words in problem for problem in problems(PAGE.format(body))), problems(PAGE.format(body))


def test_a_page_says_its_language_and_has_a_title() -> None:
    found = problems("<!doctype html><html><head></head><body><main><h1>x</h1></main></body></html>")
    assert "the page does not say its language" in found
    assert "the page has no title" in found
