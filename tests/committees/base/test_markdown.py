"""Markdown becomes HTML that can do no harm, whatever somebody types."""

from __future__ import annotations

import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committees.base import markdown

OWN = r"/forum/t/[a-z0-9]{8,16}/p/[0-9]{1,9}/"


class Strict(HTMLParser):
    """Reads what came out as a browser would, and collects whatever is not allowed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in markdown.TAGS:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if (tag, name) == ("a", "href"):
                if not re.match(r"(https?:|mailto:)", value or "", re.IGNORECASE) and not re.fullmatch(OWN, value or ""):
                    self.wrong.append(f"href={value!r}")
            elif (tag, name) not in {("a", "rel"), ("ol", "start")}:
                self.wrong.append(f"{tag} {name}={value!r}")


def wrong(source: str) -> list[str]:
    reader = Strict()
    reader.feed(markdown.render(source, own=OWN).replace(f"{markdown.SCROLLER}<table>", "<table>"))
    reader.close()
    return reader.wrong


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**a** ~~b~~ `c`", "<p><strong>a</strong> <s>b</s> <code>c</code></p>\n"),
        ("# One\n\n###### Two", "<h3>One</h3>\n<h3>Two</h3>\n"),
        ("see https://a.example/x.", '<p>see <a href="https://a.example/x" rel="nofollow noreferrer noopener">https://a.example/x</a>.</p>\n'),
        ("- [ ] do\n- [x] done", "<ul>\n<li>☐ do</li>\n<li>☑ done</li>\n</ul>\n"),
        ("(see https://a.example/(x))", '<p>(see <a href="https://a.example/(x)" rel="nofollow noreferrer noopener">https://a.example/(x)</a>)</p>\n'),
        ("![who reads](https://a.example/x.png)", '<p>!<a href="https://a.example/x.png" rel="nofollow noreferrer noopener">who reads</a></p>\n'),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("[here](/forum/t/bcdfghjkmnpq/p/7/)", '<p><a href="/forum/t/bcdfghjkmnpq/p/7/" rel="nofollow noreferrer noopener">here</a></p>\n'),
    ],
)
def test_what_is_written_reads_as_it_was_meant(source: str, expected: str) -> None:
    assert markdown.render(source, own=OWN) == expected


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "/account/hide/", "/forum/t/bcdfghjkmnpq/p/7/../../", "vbscript:x",
     "\tjavascript:x", "&#106;avascript:x", "http:evil.example", "file:///etc/passwd", "tel:1", "#top", "?x", "../x"],
)  # fmt: skip
def test_a_link_leads_to_the_web_to_mail_or_to_a_post_and_nowhere_else(address: str) -> None:
    assert not wrong(f"[x]({address}) <{address}> [x](<{address}>)\n\n[r]\n\n[r]: {address}")


def test_nothing_of_a_sanitizers_attacks_comes_through(shared_data: Path) -> None:
    cases = json.loads((shared_data / "sanitizer" / "dompurify.json").read_text())
    assert len(cases) > 200
    assert not [case["payload"][:80] for case in cases if wrong(case["payload"]) or wrong(f"- > {case['payload']}")]


def test_no_naughty_string_breaks_it(shared_data: Path) -> None:
    for text in json.loads((shared_data / "sanitizer" / "blns.json").read_text()):
        assert not wrong(text)


def examples(shared_data: Path, name: str) -> list[dict[str, str]]:
    read = json.loads((shared_data / "markdown" / name).read_text())
    found: list[dict[str, str]] = read if isinstance(read, list) else read["testCases"]
    return found


#: Where we differ on purpose: addresses without https:// and mail addresses stay text, a ticked box is a sign, `~x~` is no strike.
OTHERWISE = ("Autolinks", "Task list items", "Strikethrough")


@pytest.mark.parametrize("name", ["commonmark-0.31.json", "gfm-0.29.json"])
def test_the_standards_own_examples_come_out_as_they_should(shared_data: Path, name: str) -> None:
    """But for HTML and pictures, and for headings, which are all of one kind."""
    told, differ = examples(shared_data, name), []
    assert len(told) > 600
    for case in told:
        assert not wrong(case["markdown"]), case["markdown"]
        if "<" in case["markdown"] or "![" in case["markdown"] or any(each in case["section"] for each in OTHERWISE):
            continue
        expected = markdown._cleaner("").clean(re.sub(r"(</?)h[1-6]", r"\1h3", case["html"]))
        expected = expected.replace("<table>", f"{markdown.SCROLLER}<table>").replace("</table>", "</table></div>")
        if re.sub(r">\s+<", "><", markdown.render(case["markdown"])) != re.sub(r">\s+<", "><", expected):
            differ.append(case["markdown"])
    assert not differ


@given(st.text(alphabet="<>&\"'`*_~[]()!#-:/\\ \n\tabjs\u202e\u200b" + "https://x.example javascript:", max_size=300))
def test_nothing_that_can_be_typed_comes_through(source: str) -> None:
    assert not wrong(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [("**a** & <b>\n\n- c\n- d", "a & <b>\nc\nd"), ("| a | b |\n|---|---|\n| c | d |", "a\nb\nc\nd"), ("```\nx < y\n```", "x < y"), ("", "")],
)
def test_its_plain_words_are_what_a_reader_reads(source: str, words: str) -> None:
    assert markdown.plain(markdown.render(source)) == words


def test_a_table_scrolls_by_itself_also_by_keys_and_nobody_can_type_what_does_that() -> None:
    made = markdown.render("| a | b |\n|---|---|\n| c | d |\n\n<table>x</table>\n\n`<table>`")
    assert made.count('<div class="scroller" tabindex="0"><table>') == made.count("</table></div>") == 1
    assert made.count("<div") == made.count("</div>") == made.count("tabindex") == 1


@pytest.mark.parametrize("piece", ["word ", "*a ", "[a](b) ", "> ", "- a\n  ", "| a ", "`", "# a\n"])
def test_ten_thousand_letters_are_made_quickly(piece: str) -> None:
    source = (piece * 10_000)[:10_000]
    markdown.render(source)
    began = time.process_time()
    markdown.render(source)
    assert time.process_time() - began < 0.5
