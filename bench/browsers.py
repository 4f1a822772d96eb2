"""Browsers that ask a measured server for pages, and how long they waited."""

from __future__ import annotations

import http.client
import itertools
import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass
class Browser:
    """One signed-in browser, with what it measured."""

    port: int
    cookie: str
    times: list[float] = field(default_factory=list)
    failed: int = 0

    def __post_init__(self) -> None:
        self._client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, path: str, form: dict[str, str] | None = None, *, status: tuple[int, ...] = (200,)) -> tuple[str, float]:
        """The answer's text, and milliseconds."""
        headers = {"Host": f"localhost:{self.port}", "Cookie": self.cookie}
        if "/now/" in path:
            headers |= {"HX-Request": "true"}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{self.port}"}
        start = time.perf_counter()
        self._client.request("POST" if form is not None else "GET", path, None if form is None else urlencode(form), headers)
        answer = self._client.getresponse()
        text = answer.read().decode()
        took = (time.perf_counter() - start) * 1000
        self.failed += answer.status not in status
        for set_cookie in answer.headers.get_all("Set-Cookie") or ():
            if set_cookie.startswith("csrf"):
                self.cookie = f"{self.cookie.split('; csrf', 1)[0]}; {set_cookie.split(';', 1)[0]}"
        return text, took


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return found[1] if found else ""


def after(seconds: float) -> threading.Event:
    """What is set so many seconds from now."""
    stop = threading.Event()
    timer = threading.Timer(seconds, stop.set)
    timer.daemon = True
    timer.start()
    return stop


def read(browser: Browser, paths: Iterable[str], stop: threading.Event, *, every: float = 1.0) -> list[float]:
    """One page after the other, so often (seconds), until then: milliseconds each time."""
    times = []
    for path in itertools.cycle(paths):
        if stop.is_set():
            break
        _text, took = browser.ask(path)
        times.append(took)
        time.sleep(max(0.0, every - took / 1000))
    return times


def at(times: list[float], share: float) -> float:
    """The quantile, like 0.95; nothing where nobody asked."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] if times else float("nan")
