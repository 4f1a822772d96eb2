"""What people write in Markdown, as HTML that can do no harm: made once, when it is written, and shown as it is.

CommonMark with tables, strikethrough, ticked lists and bare web addresses. HTML that somebody types stays text. What comes
out of the parser goes through an allow-list all the same; a link may lead to the web, to a mail program, or to one of our
own pages that `own` allows. Pictures are not shown, for showing one tells its server who reads.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

#: As deep as lists and quotes may stand in one another.
DEEPEST = 12
#: A post is one of many on a page whose headings are its own: all headings inside are of one kind.
HEADING = "h3"
TAGS = {
    *("p", "br", "hr", HEADING, "strong", "em", "s", "code", "pre", "blockquote", "a"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"),
}
#: Around a table, which may be wider than a phone: it scrolls by itself, also for whoever has only keys.
SCROLLER = '<div class="scroller" tabindex="0">'
_OUTSIDE = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_BARE = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
#: What ends a sentence is no part of the address before it.
_TAIL = ".,;:!?)]}*_~…"
_TICK = re.compile(r"\[([ xX])\](?=\s)")
_BLOCK = re.compile(r"</(?:p|h[23]|li|tr|pre|blockquote)>|<(?:br|hr)[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def _link_bare_addresses(state: StateCore) -> None:
    for block in state.tokens:
        if block.type == "inline" and block.children and "://" in block.content:
            block.children = _linked(block.children)


def _linked(tokens: list[Token]) -> list[Token]:
    out: list[Token] = []
    inside = 0
    for token in tokens:
        inside += (token.type == "link_open") - (token.type == "link_close")
        out += _split(token) if token.type == "text" and not inside else [token]
    return out


def _split(text: Token) -> list[Token]:
    """A piece of text with its addresses made links."""
    out, begin = [], 0
    for found in _BARE.finditer(text.content):
        address = _address(found[0])
        end = found.start() + len(address)
        out += [_text(text.content[begin : found.start()]), Token("link_open", "a", 1, {"href": address}), _text(address), Token("link_close", "a", -1)]
        begin = end
    return [*out, _text(text.content[begin:])]


def _address(found: str) -> str:
    """Without the marks that end a sentence; a closing bracket is part of it if it was opened inside."""
    while found.endswith(tuple(_TAIL)) and not (found.endswith(")") and found.count("(") >= found.count(")")):
        found = found[:-1]
    return found


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _tick_lists(state: StateCore) -> None:
    """`- [x] done` at the beginning of a list's item is a ticked box."""
    for before, paragraph, block in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if (before.type, paragraph.type, block.type) != ("list_item_open", "paragraph_open", "inline") or not block.children:
            continue
        first = block.children[0]
        if first.type == "text" and (tick := _TICK.match(first.content)):
            first.content = ("☐" if tick[1] == " " else "☑") + first.content[tick.end() :]


def _one_heading(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = HEADING


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])
    parser.core.ruler.push("bare_addresses", _link_bare_addresses)
    parser.core.ruler.push("ticked_lists", _tick_lists)
    parser.core.ruler.push("one_heading", _one_heading)
    return parser


@lru_cache(maxsize=8)
def _cleaner(own: str) -> nh3.Cleaner:
    ours = re.compile(own) if own else None

    def allowed(_tag: str, name: str, value: str) -> str | None:
        """A browser forgives blanks and line breaks inside an address; an address that needs it is none."""
        if name == "href":
            return value if _OUTSIDE.match(value) or (ours and ours.fullmatch(value)) else None
        return value if name in ("start", "rel") else None  # `rel` is the cleaner's own

    return nh3.Cleaner(
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"https", "http", "mailto"},
        link_rel="nofollow noreferrer noopener",
        attribute_filter=allowed,
    )


def render(source: str, *, own: str = "", heading: str = HEADING) -> str:
    """The HTML of what somebody wrote. `own`: a pattern of the site's own paths to which a link may lead; `heading`: what
    headings are where the text is a page of its own."""
    clean = _cleaner(own).clean(_parser().render(source))
    if heading != HEADING:
        clean = clean.replace(f"<{HEADING}>", f"<{heading}>").replace(f"</{HEADING}>", f"</{heading}>")  # as for tables below
    return clean.replace("<table>", f"{SCROLLER}<table>").replace("</table>", "</table></div>")  # what was cleaned has no other "<table>"


def plain(rendered: str) -> str:
    """The words alone of what `render` gave, a line for each block: for searching, and for lists of what waits."""
    lines = html.unescape(_TAG.sub("", _BLOCK.sub("\n", rendered))).split("\n")
    return "\n".join(line for each in lines if (line := each.strip()))
