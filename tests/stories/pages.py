"""What must be true of every page, whatever it is about: `assert_clean(page, url)`.

    def test_my_page(page, live_server):
        assert_clean(page, f"{live_server.url}/workplaces/")

opens the page once and looks at it at 320, 390, 768 and 1280 px, from left to right and from right to left, in light and dark:
nothing scrolls sideways, nothing to press is smaller than 44 px, axe-core (A, AA, best practice) and the HTML validator find
nothing, the console is silent, the content policy was not broken, and no request left for another origin. For pages that
come from a form, `watch(page)` before the first step and `watcher.assert_clean()` on the page that came.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

from tests.valid_html import WHOLE, problems

AXE = next((Path(__file__).parent.parent / "vendor").glob("axe-core-*/axe.min.js"))
WIDTHS = (320, 390, 768, 1280)
HEIGHT = 800

#: The rules of axe whose answer may change with the width; all others are asked once.
WIDE_RULES = ["aria-hidden-focus", "color-contrast", "landmark-unique", "page-has-heading-one", "region", "scrollable-region-focusable", "target-size"]

# What lies outside the window: the document is wider than the screen, and these elements stick out.
_SIDEWAYS = """ways => Object.fromEntries(ways.map(way => {
  document.documentElement.dir = way;
  const root = document.scrollingElement, wide = root.clientWidth;
  if (root.scrollWidth <= wide) return [way, null];
  const out = [...document.body.querySelectorAll('*')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > wide + 1 || box.left < -1) && getComputedStyle(e).position !== 'fixed' && !e.closest('.vh, .skip, .scroller, .subnav');
  });
  return [way, root.scrollWidth + ' px wide: ' + out.slice(0, 4).map(e => e.outerHTML.slice(0, 120)).join(' | ')];
}))"""

_SMALL = """() => [...document.querySelectorAll('button, summary, select, textarea, .btn, .mainnav a, .chip, .pager a, label.choice, input')]
  .filter(e => !['hidden', 'radio', 'checkbox'].includes(e.type) && e.checkVisibility() && !e.closest('.vh'))
  .filter(e => e.getBoundingClientRect().height < 43.5)
  .map(e => Math.round(e.getBoundingClientRect().height) + ' px high: ' + e.outerHTML.slice(0, 120))"""

# What lies under the bar that stays in view is not too small.
_AXE = """async only => (scrollTo(0, 0), await axe.run(document, {
    runOnly: only ? {type: 'rule', values: only} : {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']},
    resultTypes: ['violations'],
  })).violations.map(v => v.id + ': ' + v.help + ' — ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message || '')).join(' | '))"""


class Watcher:
    """Listens to a page from its first request on; `assert_clean` looks at the page that is open."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.add_init_script(path=AXE)
        self.answer: Response | None = None
        self.said: list[str] = []
        self.requested: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def open(self, url: str) -> None:
        """Go there, and forget what was before: a new window for each page takes longer than most pages."""
        self.answer, self.said[:], self.requested[:] = None, [], []
        self.page.goto(url)

    def _console(self, message: ConsoleMessage) -> None:
        answered = "Failed to load resource" in message.text and message.location.get("url") == self.page.url
        if message.type in ("error", "warning") and not answered:
            self.said.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        self.requested.append(request.url)

    def _response(self, response: Response) -> None:
        asked = response.request
        if asked.resource_type == "document" and asked.frame == self.page.main_frame and not 300 <= response.status < 400:
            self.answer = response
        elif response.status >= 400:
            self.said.append(f"{response.status} for {urlsplit(response.url).path}")

    def assert_clean(self, *, status: int = 200, never: tuple[str, ...] = ()) -> None:
        """All checks on the page that is open. `never`: words its title must not have (names of committees, workplaces …)."""
        found = [*self._answer(status, never), *self._sizes_and_colours()]
        assert not found, f"{self.page.url}\n  " + "\n  ".join(found)

    def _answer(self, status: int, never: tuple[str, ...]) -> list[str]:
        here = urlsplit(self.page.url)
        assert self.answer, "no page was opened"
        found = [] if self.answer.status == status else [f"answered {self.answer.status}, not {status}"]
        raw = self.answer.text()
        found += [f"html: {problem}" for problem in (problems(raw) if WHOLE.match(raw) else ["no doctype"])]
        found += self.said
        elsewhere = {url for url in self.requested if urlsplit(url).netloc != here.netloc and urlsplit(url).scheme not in ("data", "about")}
        found += [f"asked another site: {url}" for url in sorted(elsewhere)]
        title = self.page.title()
        return found + [f"the title says {word!r}" for word in never if word.casefold() in title.casefold()]

    def _sizes_and_colours(self) -> list[str]:
        """Each width once: to lay out a page anew, and to draw it, takes longer than to look at it. Contrast is looked at in light at
        one width and in dark at another; that each pair of colours is readable in both is asked of the colours themselves
        (tests/committees/base/test_ui_static.py)."""
        found: list[str] = []
        direction = self.page.evaluate("document.documentElement.dir")
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            if width == 390:
                found += [*self._small(width), *self._axe(width)]
            elif width == 1280:
                found += [*self._small(width), *self._axe(width, WIDE_RULES, scheme="dark")]
            found += self._sideways(width, direction)
        return found

    def _sideways(self, width: int, direction: str) -> list[str]:
        """Looked at the other way round first, and then as it is."""
        other = "ltr" if direction == "rtl" else "rtl"
        ways = self.page.evaluate(_SIDEWAYS, [other, direction])
        return [f"scrolls sideways at {width} px, {way}: {sideways}" for way, sideways in ways.items() if sideways]

    def _small(self, width: int) -> list[str]:
        return [f"too small at {width} px: {small}" for small in self.page.evaluate(_SMALL)]

    def _axe(self, width: int, only: list[str] | None = None, *, scheme: Literal["light", "dark"] = "light") -> list[str]:
        if scheme != "light":
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = [f"axe at {width} px, {scheme}: {violation}" for violation in self.page.evaluate(_AXE, only)]
        if scheme != "light":
            self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        return found


def watch(page: Page) -> Watcher:
    """Begin to listen, before the first step of a flow."""
    return Watcher(page)


def assert_clean(page: Page, url: str, *, status: int = 200, never: tuple[str, ...] = ()) -> Any:
    """Open the address and check all that this module checks. Give a page of your own fixture, signed in or not."""
    watcher = Watcher(page)
    page.goto(url)
    watcher.assert_clean(status=status, never=never)
    return watcher


# Words of ours that were not translated, on a page in the invented language en-xa: its texts have no plain vowels.
_ENGLISH = re.compile(r"\b(?!am\b|pm\b)[A-Za-z]*[aeiouAEIOU][A-Za-z]*\b")
_ADDRESS = re.compile(r"https?://\S+")
_TEXTS = """() => {
  const skip = 'bdi, time, code, kbd, script, style, textarea, option, datalist, [data-verbatim], .zone, .code, .receipt, .menu__short, .brand__name, .footer__fine';
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), out = [];
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement, lang = at.closest('[lang]').lang;
    if (lang === document.documentElement.lang && !at.closest(skip) && walk.currentNode.data.trim()) out.push(walk.currentNode.data.trim());
  }
  for (const e of document.querySelectorAll('[aria-label], [placeholder], [title]'))
    for (const name of ['aria-label', 'placeholder', 'title']) if (e.getAttribute(name)) out.push(e.getAttribute(name));
  return out;
}"""


def english_leftovers(page: Page, *, allowed: tuple[str, ...] = ()) -> list[str]:
    """Texts of the open page (shown in en-xa) that did not go through translation.

    What people wrote stands in <bdi>, or in an element with a `lang` or `data-verbatim`; `allowed` names other exceptions.
    """
    left = []
    for text in page.evaluate(_TEXTS):
        rest = _ADDRESS.sub("", text)
        for name in allowed:
            rest = rest.replace(name, "")
        if _ENGLISH.search(rest):
            left.append(text)
    return left


_BARE = """words => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), out = [];
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (words.some(word => walk.currentNode.data.includes(word)) && !at.closest('bdi, [dir=auto], [lang]:not(html), textarea, option, .vh, [data-verbatim]'))
      out.push(at.outerHTML.slice(0, 160));
  }
  return out;
}"""


def bare_words(page: Page, words: tuple[str, ...]) -> list[str]:
    """Where words that people wrote stand without <bdi>, `dir="auto"` or a `lang`: beside another script they would jump about."""
    found: list[str] = page.evaluate(_BARE, list(words))
    return found
