"""Templates and style sheets: nothing inline, nothing that only reads left to right, no word that cannot be translated."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from tests.house.code import ROOT, listed

TEMPLATES = ROOT / "templates"
#: Read by developers only, absent in production.
FOR_DEVELOPERS = {"_ui/components.html"}
#: Attributes that a person reads or hears.
SPOKEN = {"title", "alt", "placeholder", "aria-label", "aria-description", "aria-roledescription", "label", "content", "summary", "value"}
#: Elements whose words are the same in every language.
SAME_IN_ALL = {"code", "kbd", "samp", "style", "script"}
#: Block tags whose literals are names, paths or settings and not words.
NO_WORDS = {"extends", "load", "url", "static", "translate", "trans", "csrf_token", "partial", "partialdef", "block", "icon", "cycle", "get_current_language"}
LETTER = re.compile(r"[^\W\d_]")
#: A mail carries its own style sheet, for there is nowhere to link one.
MAILS = re.compile(r"^(_ui/mail/|[^/]+/notices/)")
#: `|safe` is for what our own code drew, and says so here.
OURS = {"mfa/totp/activate_form.html": "the QR code of a key, drawn by segno"}
#: Letters that are no word: a placeholder for a tag, an entity.
GAP = "\x01"


@lru_cache(maxsize=1)
def templates() -> tuple[Path, ...]:
    return tuple(sorted(path for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt")))


def named(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def without_tags(source: str) -> str:
    """The template with each tag and variable made a gap, and what stands in blocktranslate or a comment taken out."""
    out, inside = [], ""
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            if not inside and name in ("blocktranslate", "blocktrans", "comment"):
                inside = name
            elif inside and name == f"end{inside}":
                inside = ""
        gap = "\n" * token.contents.count("\n")
        out.append(gap if inside or token.token_type == TokenType.COMMENT else token.contents if token.token_type == TokenType.TEXT else GAP)
    return "".join(out)


class Words(HTMLParser):
    """Collects what a person would read: text and spoken attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.same = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.same += tag in SAME_IN_ALL
        given = dict(attrs)
        for name, value in attrs:
            if name in SPOKEN and value and LETTER.search(value) and self.is_spoken(tag, name, given):
                self.found.append(f'line {self.getpos()[0]}: {name}="{value.replace(GAP, "…")}"')

    def is_spoken(self, tag: str, name: str, given: dict[str, str | None]) -> bool:
        if name == "content":
            return tag == "meta" and given.get("name") in ("description", "application-name", "apple-mobile-web-app-title")
        if name == "value":
            return tag == "input" and given.get("type") in ("submit", "button", "reset")
        return True

    def handle_endtag(self, tag: str) -> None:
        self.same -= tag in SAME_IN_ALL

    def handle_data(self, data: str) -> None:
        for n, line in enumerate(data.split("\n")):
            if not self.same and LETTER.search(line):
                self.found.append(f"line {self.getpos()[0] + n}: {line.strip().replace(GAP, '…')[:80]}")


def untranslated(source: str, *, html: bool) -> list[str]:
    words = Words()
    plain = without_tags(source)
    if html:
        words.feed(plain)
        words.close()
    else:
        words.handle_data(plain)
    return words.found + literal_words(source)


def literal_words(source: str) -> list[str]:
    """`{% banner title="Sent" %}`: a word given to a tag or filter without `_()`."""
    found = []
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.contents.split() else ""
        if token.token_type not in (TokenType.BLOCK, TokenType.VAR) or (token.token_type == TokenType.BLOCK and name in NO_WORDS):
            continue
        for match in re.finditer(r"""(_\()?(["'])((?:(?!\2).)*)\2""", token.contents):
            text = match[3]
            if (
                not match[1]
                and re.match(r"[A-ZÁÉÍÓÚ][^\W\d_]*( |$|[.,!?…])", text)
                and LETTER.search(text)
                and not re.fullmatch(r"[A-Z][A-Z0-9_]*|[A-Za-z]", text)
            ):
                found.append(f'“{text}” in {{% {token.contents[:60]} %}} is not in _("…")')
    return found


def test_every_word_of_every_template_can_be_translated() -> None:
    problems = []
    for path in templates():
        if named(path) not in FOR_DEVELOPERS:
            problems += [f"templates/{named(path)} {what}" for what in untranslated(path.read_text(), html=path.suffix == ".html")]
    assert not problems, listed(problems)


INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a <style> element": re.compile(r"<style\b(?![^>]*\bdata-inline-from-static\b)", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\ssrc=)(?![^>]*type=\"application/(?:ld\+)?json\")", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "an hx-on handler": re.compile(r"\shx-on[:=-]", re.IGNORECASE),
    "words marked safe": re.compile(r"\|\s*safe\b|\{%\s*autoescape off", re.IGNORECASE),
}


@pytest.mark.parametrize("what", INLINE)
def test_nothing_is_inline(what: str) -> None:
    """The content security policy would block it, and a reader's browser says nothing about it."""
    problems = []
    for path in templates():
        exempt = (what == "a <style> element" and MAILS.match(named(path))) or (what == "words marked safe" and named(path) in OURS)
        if path.suffix == ".html" and not exempt:
            text = without_tags(path.read_text()) if what != "words marked safe" else path.read_text()
            problems += [f"templates/{named(path)}:{text[: m.start()].count(chr(10)) + 1} {what}" for m in INLINE[what].finditer(text)]
    assert not problems, listed(problems)


PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-\w+)?|left|right|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)\b"
    r"|(?<![\w-])(?:overflow|resize)-[xy]?\s*:\s*(?:left|right)\b"
)


#: As wide as its box: it stands on both sides. (Browsers before 2023 do not know `inline-start` here.)
BOTH_SIDES = "float: left; inline-size: 100%"


def style_sheets() -> list[Path]:
    return sorted(path for folder in ("static", "templates") for path in (ROOT / folder).rglob("*.css") if "vendor" not in path.parts)


def test_style_sheets_name_no_left_and_no_right() -> None:
    problems = []
    for path in style_sheets():
        text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), path.read_text().replace(BOTH_SIDES, ""), flags=re.DOTALL)
        problems += [f"{path.relative_to(ROOT)}:{text[: m.start()].count(chr(10)) + 1} {m[0]}" for m in PHYSICAL.finditer(text)]
    assert style_sheets()
    assert not problems, listed(problems)


# -- The questions themselves ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "<p>Save</p>",
        '<a title="Save">{{ x }}</a>',
        '<input type="submit" value="Save">',
        '{% banner "warn" title="Save it" %}{% endbanner %}',
        "{{ x|default:'None yet' }}",
        "{% if a %}or{% endif %}",
    ],
)
def test_an_untranslated_word_is_seen(source: str) -> None:
    assert untranslated(source, html=True)


@pytest.mark.parametrize(
    "source",
    [
        '<p class="Big">{% translate "Save" %}</p>',
        "{% blocktranslate trimmed %}Save {{ x }}{% endblocktranslate %}",
        '{% banner "warn" title=_("Save it") %}{% endbanner %}',
        '<input type="hidden" name="State" value="Open">',
        "<code>manage.py</code> · 24 %",
        '{% icon "arrow" dir=True %}{# A comment #}',
        '<meta name="viewport" content="width=device-width">',
    ],
)
def test_what_is_no_word_is_left_alone(source: str) -> None:
    assert not untranslated(source, html=True)


@pytest.mark.parametrize(
    "css", ["margin-left: 1px", "left: 0", "text-align: right", "border-left: 0", "float:left", "border-top-left-radius:2px", "border-left-color: red"]
)
def test_a_physical_property_is_seen(css: str) -> None:
    assert PHYSICAL.search(f".a {{ {css} }}")
    for logical in ("margin-inline-start: 1px", "inset-inline-start: 0", "text-align: start", "background-position: left 2px top", "--left: 1"):
        assert not PHYSICAL.search(f".a {{ {logical} }}")
