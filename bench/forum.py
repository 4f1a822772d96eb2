"""What the forum's pages cost, how that grows, and how it compares with django-spirit:
`python -m bench.forum [--posts SMALL LARGE] [--long N N] [--members N N] [--boards N N] [--requests N] [--rounds N] [--searches N]
[--spirit]`.

Two servers with production settings, one with a small forum and one with a large one, asked in turn (A B A B …), page by
page; with `--spirit` two more, with the same forums in django-spirit on the same PostgreSQL, in turn with ours. Printed for
each page: SQL statements (writes among them), HTML, CPU milliseconds of web workers and PostgreSQL for one request, times,
failed answers, CPU of the large forum ÷ the small one, and ours ÷ theirs. Then how long searches take, by language.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import secrets
import statistics
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import astuple
from functools import partial
from typing import Any
from urllib.parse import urlencode

from bench import lib, made_forum, made_texts, worlds
from bench.spirit import Spirit, install

#: The targets of requests/s, ours ÷ django-spirit's (docs/performance.md).
AGAINST = {"topic": (3, 8), "topic *": (3, 6), "board": (2.5, 3.5), "board *": (3, 5), "long, last": (10, 25)}
GROWTH, DEPTH, SEARCH, MEMORY = (1.2, 1.1), (0.9, 0.95), (100, 50), (90, 70)
REPLY = "reply *"


# -- A world of its own process --------------------------------------------------------------------------------------------


def paths(forum: made_forum.Forum, pages: int) -> dict[str, str]:
    board, topic, long = forum.busiest.get_absolute_url(), forum.topics[made_forum.READ], forum.topics[made_forum.LONG]
    found = {"index": "/forum/open/", "board": board, "topic": topic, "long, page 1": long, "long, last": f"{long}?page={pages}"}
    return found | {"index *": "/forum/", "board *": board, "topic *": topic, "unread *": "/forum/unread/"}


def hold_a_world(size: made_forum.Size, *, spirit: bool) -> None:
    """Fills a forum, serves it (and the same in django-spirit), says where, and stays until nobody needs it."""
    python = install() if spirit else None  # before the world's own folder is the one that everything is kept in
    with lib.world() as folder, contextlib.ExitStack() as running:
        began = time.monotonic()
        forum = made_forum.fill(size)
        said: dict[str, Any] = {"took": time.monotonic() - began, "searches": forum.searches, **_ours(forum, size)}
        servers = {"ours": running.enter_context(lib.Server())}
        if python:
            theirs = Spirit(python, folder)
            said["spirit"] = theirs.look(forum.busiest.pk, pages_of(size))
            servers["spirit"] = running.enter_context(theirs.serve())
        said["servers"] = {name: {"port": server.port, "pid": server.process.pid} for name, server in servers.items()}
        worlds.tell(**said, postmaster=worlds.database_pid())


def pages_of(size: made_forum.Size) -> int:
    return -(-size.long // made_forum.ORDINARY)


def _ours(forum: made_forum.Forum, size: made_forum.Size) -> dict[str, Any]:
    """Our pages, the reader's session, what the pages ask the database, and what a reply is posted with."""
    from tests import make

    browser = make.client(forum.reader.person)
    session = browser.cookies["session"].value
    pages = paths(forum, pages_of(size))
    return {
        "ours": {"pages": pages, "session": session, "sql": worlds.statements(pages, session=session)},
        "reply": f"{forum.topics[made_forum.ANSWERED]}reply/",
    }


class World:
    """A forum held by another process, ours or django-spirit's, and how to ask it."""

    def __init__(self, held: worlds.Held, whose: str) -> None:
        self.said, self.postmaster, self.served = held.said[whose], held.said["postmaster"], held.served(whose)
        self.searches, self._reply = held.said["searches"], held.said["reply"]
        self._cookie = f"{'session' if whose == 'ours' else 'sessionid'}={self.said['session']}"

    def ask(self, name: str, requests: int) -> lib.Round:
        cookie = self._cookie if name.endswith("*") else ""
        return lib.round_of(self.served, self.said["pages"][name], requests=requests, cookie=cookie, database=self.postmaster)

    def search(self, language: str, number: int) -> lib.Round:
        found = [f"/forum/search/?{urlencode({'q': typed})}" for typed in self.searches[language][:number]]
        return lib.round_of(self.served, found, requests=len(found), database=self.postmaster)

    def reply(self, requests: int) -> lib.Round:
        """Posts to one topic, each of them another form."""
        token = secrets.token_hex(16)

        def form() -> dict[str, str]:
            said = {"text": f"The {secrets.token_hex(4)} on line 7 is still out of order.\n\nWe have written it down.", "language": "en", "do": "post"}
            return said | {"csrfmiddlewaretoken": token, "form_key": str(uuid.uuid4()), "shown_as": "site"}

        cookie = f"{self._cookie}; csrf={token}"
        return lib.round_of(self.served, self._reply, requests=requests, cookie=cookie, database=self.postmaster, status=302, form=form)


# -- What is printed -------------------------------------------------------------------------------------------------------

_HEAD = f"{'* signed in':<16}{'SQL':>8}{'writes':>8}{'KiB':>7}{'app ms':>9}{'db ms':>8}{'p50':>8}{'p95':>8}{'req/s':>8}{'failed':>8}"


def line(name: str, rounds: list[lib.Round], sql: tuple[int, int] | None) -> str:
    m = lib.median(rounds)
    asked, writes = (str(sql[0]), str(sql[1])) if sql else ("", "")
    return f"{name:<16}{asked:>8}{writes:>8}{m.size / 1024:>7.1f}{m.app_ms:>9.2f}{m.db_ms:>8.2f}{m.p50:>8.1f}{m.p95:>8.1f}{m.rate:>8.0f}{m.failed:>8}"


def verdict(figure: float, must: float, aim: float) -> str:
    """Whether more is wanted or less is seen by which of the two is the larger."""
    good = figure >= must if aim > must else figure <= must
    best = figure >= aim if aim > must else figure <= aim
    return f"{figure:.2f} (must {must}, aim {aim}: {'aim' if best else 'must' if good else 'MISSED'})"


def cpu(one: lib.Round) -> float:
    return max(one.app_ms + one.db_ms, 0.001)


def ratio(a: list[lib.Round], b: list[lib.Round], of: Callable[[lib.Round], float]) -> float:
    """The median of the ratios of rounds that were asked in turn."""
    return statistics.median(of(x) / of(y) for x, y in zip(a, b, strict=True))


def in_turn(asked: Mapping[str, Callable[[], lib.Round]], rounds: int) -> dict[str, list[lib.Round]]:
    """A B C D A B C D …, after one round of each that does not count."""
    for one in asked.values():
        one()
    found: dict[str, list[lib.Round]] = {name: [] for name in asked}
    for _ in range(rounds):
        for name, one in asked.items():
            found[name].append(one())
    return found


def page(name: str, every: Mapping[str, World], options: argparse.Namespace) -> dict[str, list[lib.Round]]:
    """One page, asked in turn of all worlds that have it."""
    having = {label: world for label, world in every.items() if name in world.said["pages"]}
    found = in_turn({label: partial(world.ask, name, options.requests) for label, world in having.items()}, options.rounds)
    for label, rounds in found.items():
        print(line(f"{name}", rounds, having[label].said["sql"][name]), f"  {label}")
    print(f"    CPU large ÷ small: {verdict(ratio(found['large'], found['small'], cpu), *GROWTH)}", end="")
    if "spirit, large" in found:
        print(f"; django-spirit's: {ratio(found['spirit, large'], found['spirit, small'], cpu):.2f}")
        for label in ("small", "large"):
            against(name, label, found[label], found[f"spirit, {label}"])
    print(flush=True)
    return found


def against(name: str, label: str, ours: list[lib.Round], theirs: list[lib.Round]) -> None:
    faster = ratio(ours, theirs, lambda one: one.rate)
    said = verdict(faster, *AGAINST[name]) if name in AGAINST else f"{faster:.2f}"
    print(f"    ours ÷ django-spirit, {label}: requests/s {said}; its CPU ÷ ours {ratio(theirs, ours, cpu):.2f}")


def searching(every: Mapping[str, World], options: argparse.Namespace) -> None:
    """Searches of every kind, by language, in turn in the small and the large forum."""
    print("\nSearch (whole page, not signed in)\n" + _HEAD)
    for language in made_texts.LANGUAGES:
        found = in_turn({label: partial(every[label].search, language, options.searches) for label in ("small", "large")}, options.rounds)
        for label, rounds in found.items():
            print(line(language, rounds, None), f"  {label}: p95 {verdict(lib.median(rounds).p95, *SEARCH)}", flush=True)


def replies(every: Mapping[str, World], options: argparse.Namespace) -> None:
    print("\nPosting a reply\n" + _HEAD)
    found = in_turn({label: partial(every[label].reply, min(options.requests, 40)) for label in ("small", "large")}, options.rounds)
    for label, rounds in found.items():
        print(line(REPLY, rounds, None), f"  {label}")
    print(f"    CPU large ÷ small: {verdict(ratio(found['large'], found['small'], cpu), *GROWTH)}", flush=True)


def report(every: Mapping[str, World], options: argparse.Namespace) -> None:
    print(_HEAD)
    found = {name: page(name, every, options) for name in every["large"].said["pages"]}
    for label in every:
        first, last = found["long, page 1"][label], found["long, last"][label]
        said = ratio(last, first, lambda one: one.rate)
        print(f"Last page of the long topic ÷ its first, {label}: requests/s {verdict(said, *DEPTH)}; CPU {ratio(last, first, cpu):.2f}")
    searching(every, options)
    replies(every, options)
    for label, world in every.items():
        print(f"Memory of a web worker (PSS), {label}: {verdict(worlds.memory(world.served), *MEMORY)} MB")
    print(f"Load averages at the end: {' '.join(f'{load:.1f}' for load in os.getloadavg())}; Python {platform.python_version()}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    pair: dict[str, Any] = {"type": int, "nargs": 2, "metavar": "N"}
    parser.add_argument("--posts", **pair, default=[1000, 4000])
    parser.add_argument("--long", **pair, default=[400, 400], help="posts of the longest topic")
    parser.add_argument("--members", **pair, default=[40, 40])
    parser.add_argument("--boards", **pair, default=[20, 20])
    parser.add_argument("--requests", type=int, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--searches", type=int, default=10, help="different ones in each language, 30 at most")
    parser.add_argument("--spirit", action="store_true", help="compare with django-spirit, installed from the registry")
    parser.add_argument("--hold", type=int, nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.hold:
        hold_a_world(made_forum.Size(*options.hold), spirit=options.spirit)
        return
    sizes = [made_forum.Size(*each) for each in zip(options.posts, options.long, options.members, options.boards, strict=True)]
    if options.spirit:
        install()
    held = [worlds.Held("bench.forum", "--hold", *map(str, astuple(size)), *(["--spirit"] if options.spirit else [])) for size in sizes]
    try:
        every = {}
        for whose, prefix in (("ours", ""), ("spirit", "spirit, ")) if options.spirit else (("ours", ""),):
            every |= {f"{prefix}{label}": World(one, whose) for label, one in zip(("small", "large"), held, strict=True)}
        for size, one in zip(sizes, held, strict=True):
            print(f"{size}: filled in {one.said['took']:.0f} s")
        report(every, options)
    finally:
        for one in held:
            one.end()


if __name__ == "__main__":
    main()
