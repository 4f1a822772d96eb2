"""An HTML validator without Java or Node: html5lib's parse errors, and the rules of the standard that pages break most.

`problems(text)` works on the raw answer of a view, so that any test can use it; tests/stories/pages.py uses it on every page.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

#: Elements that may hold phrasing content only (legend and summary may hold a heading as well).
PHRASING_ONLY = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "span",
    "label",
    "button",
    "em",
    "strong",
    "b",
    "i",
    "small",
    "dt",
    "pre",
    "time",
    "code",
    "kbd",
    "mark",
    "cite",
    "abbr",
    "bdi",
    "bdo",
    "q",
    "sub",
    "sup",
    "legend",
    "summary",
}
#: Elements that are not phrasing content.
BLOCKS = {
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "dialog",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "table",
    "ul",
}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
LABELABLE = {"input", "select", "textarea", "button", "meter", "output", "progress"}
INTERACTIVE = {"a", "button", "input", "select", "textarea", "details", "label"}
CHILDREN = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"dt", "dd", "div", "script", "template"},
    "select": {"option", "optgroup", "hr"},
    "datalist": {"option"},
    "tr": {"th", "td"},
}
OBSOLETE = {"center", "font", "big", "strike", "tt", "marquee", "acronym", "applet", "frame", "frameset", "noframes"}
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "list", "form")
WHOLE = re.compile(r"\s*<!doctype html>", re.IGNORECASE)


def problems(text: str) -> list[str]:
    """What a validator would say about a page, or about a part of one where `text` has no doctype."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    whole = bool(WHOLE.match(text))
    tree = parser.parse(text) if whole else parser.parseFragment(text)
    found = [f"{code} at line {place[0]} {values or ''}".strip() for place, code, values in parser.errors]
    elements = [e for e in tree.iter() if isinstance(e.tag, str)]
    found += [*_ids(elements, whole=whole), *_names(elements), *_inline(elements)]
    for element in elements:
        found += _inside(element)
    return found + (_page(elements) if whole else [])


def _describe(element: Element) -> str:
    marks = "".join(f' {name}="{element.attrib[name]}"' for name in ("id", "class", "name", "for", "href") if name in element.attrib)
    return f"<{element.tag}{marks}>"


def _ids(elements: list[Element], *, whole: bool) -> Iterator[str]:
    ids = Counter(e.attrib["id"] for e in elements if "id" in e.attrib)
    yield from (f"the id {name!r} stands {count} times" for name, count in ids.items() if count > 1)
    yield from (f"{_describe(e)} has an id that is empty or has a space" for e in elements if "id" in e.attrib and not re.fullmatch(r"\S+", e.attrib["id"]))
    if not whole:
        return
    by_id = {e.attrib["id"]: e for e in elements if "id" in e.attrib}
    for element in elements:
        for attribute in REFERENCES:
            for name in element.attrib.get(attribute, "").split():
                if name not in by_id:
                    yield f"{_describe(element)} refers to {name!r} in {attribute}, which is not on the page"
        if element.tag == "label" and "for" in element.attrib:
            target = by_id.get(element.attrib["for"])
            if target is None or target.tag not in LABELABLE:
                yield f"{_describe(element)} labels nothing that can be labelled"
        if element.tag == "a" and element.attrib.get("href", "").startswith("#") and element.attrib["href"][1:] not in by_id:
            yield f"{_describe(element)} leads nowhere on the page"


def _names(elements: list[Element]) -> Iterator[str]:
    labelled = {e.attrib.get("for") for e in elements if e.tag == "label"}
    wrapped = {id(inner) for e in elements if e.tag == "label" for inner in e.iter()}
    for element in elements:
        kind = element.attrib.get("type", "")
        if element.tag in {"input", "select", "textarea"} and kind not in {"hidden", "submit", "button"}:
            named = element.attrib.get("id") in labelled or id(element) in wrapped or {"aria-label", "aria-labelledby"} & element.attrib.keys()
            if not named:
                yield f"{_describe(element)} has no label"
        if element.tag == "img" and "alt" not in element.attrib:
            yield f"{_describe(element)} has no alt"
        if element.tag in {"button", "a"} and not ("".join(element.itertext()).strip() or {"aria-label", "aria-labelledby"} & element.attrib.keys()):
            yield f"{_describe(element)} has no words"


def _inline(elements: list[Element]) -> Iterator[str]:
    for element in elements:
        if "style" in element.attrib or (element.tag == "style"):
            yield f"{_describe(element)} has inline style"
        if element.tag == "script" and "src" not in element.attrib:
            yield "a script stands in the page"
        yield from (f"{_describe(element)} has the inline script {name}" for name in element.attrib if name.startswith("on"))
        if element.tag in OBSOLETE:
            yield f"<{element.tag}> is obsolete"
        if element.tag == "a" and element.attrib.get("href", "").lower().startswith("javascript:"):
            yield f"{_describe(element)} is a script"


def _inside(element: Element) -> Iterator[str]:
    if element.tag in CHILDREN:
        yield from (f"<{c.tag}> stands directly in {_describe(element)}" for c in element if isinstance(c.tag, str) and c.tag not in CHILDREN[element.tag])
    if element.tag in PHRASING_ONLY:
        allowed = HEADINGS if element.tag in {"legend", "summary"} else set()
        for inner in element.iter():
            if inner is not element and isinstance(inner.tag, str) and inner.tag in BLOCKS - allowed:
                yield f"<{inner.tag}> stands in {_describe(element)}"
    if element.tag in {"a", "button"}:
        for inner in element.iter():
            if inner is not element and inner.tag in INTERACTIVE:
                yield f"<{inner.tag}> stands in {_describe(element)}"


def _page(elements: list[Element]) -> list[str]:
    found = []
    tags = Counter(e.tag for e in elements)
    titles = ["".join(e.itertext()).strip() for e in elements if e.tag == "title"]
    root = next(e for e in elements if e.tag == "html")
    if not root.attrib.get("lang"):
        found.append("the page does not say its language")
    if not (titles and titles[0]):
        found.append("the page has no title")
    found += [f"the page has {tags[tag]} <{tag}>" for tag in ("main", "h1") if tags[tag] != 1]
    levels = [int(e.tag[1]) for e in elements if e.tag in HEADINGS]
    found += [f"a heading jumps from {a} to {b}" for a, b in itertools.pairwise(levels) if b > a + 1]
    return found
