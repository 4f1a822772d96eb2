"""Somebody who visits the site over TLS, from a loopback address of their own that is looked for in logs afterwards."""

from __future__ import annotations

import contextlib
import html
import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import urlencode, urljoin

FROM = "127.77.66.55"
AGENT = "sentinel-agent-4711"
PAUSE = 0.1
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


class Answer:
    def __init__(self, status: int, headers: Message, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


class Browser:
    """Cookies, hidden fields, redirects by hand; one connection for each request, so that none is counted as kept alive."""

    def __init__(self, domain: str, *, onion_port: int = 0) -> None:
        self.domain, self.onion_port = domain, onion_port
        self.origin = f"{'http' if onion_port else 'https'}://{domain}"
        self.cookies: dict[str, str] = {}

    def _connect(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.onion_port or 443), timeout=30, source_address=(FROM, 0))
        if self.onion_port:  # where tor hands on what came through its own encryption
            return line
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        return trusting.wrap_socket(line, server_hostname=self.domain)

    def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        with contextlib.closing(self._connect()) as line:
            asking = http.client.HTTPConnection(self.domain)
            asking.sock = line
            sent = {"User-Agent": AGENT, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(headers or {})}
            asking.request(method, path, body or None, sent)
            answer = asking.getresponse()
            content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name.strip()] = value
        return Answer(answer.status, answer.headers, content)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Fill in the form of a page, with the hidden fields that it has."""
        hidden = [dict(ATTRIBUTE.findall(tag)) for tag in HIDDEN.findall(self.get(path).text)]
        whole = {each["name"]: html.unescape(each.get("value", "")) for each in hidden if "name" in each} | dict(fields)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin, "Referer": self.origin + path}
        return self.ask("POST", path, urlencode(whole).encode(), headers)

    def follow(self, answer: Answer, path: str) -> Answer:
        for _ in range(5):
            if answer.status not in (301, 302, 303):
                return answer
            path = urljoin(path, answer.headers["Location"] or "")
            answer = self.get(path)
        return answer


def plain(domain: str, path: str) -> str:
    """What the site says without TLS: the status, and where it leads."""
    line = http.client.HTTPConnection("127.0.0.1", 80, timeout=10)
    line.request("GET", path, headers={"Host": domain})
    answer = line.getresponse()
    return f"{answer.status} {answer.headers['Location']}"


@dataclass
class Load:
    """What visitors met: how many answers of each kind, what failed, and the slowest answer in seconds."""

    counts: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    slowest: float = 0.0

    @property
    def requests(self) -> int:
        return sum(self.counts.values())

    def note(self, word: str, *, bad: bool, took: float) -> None:
        self.counts[word] = self.counts.get(word, 0) + 1
        self.slowest = max(self.slowest, took)
        if bad:
            self.failed.append(word)


def load(domain: str, enough: threading.Event, found: Load, threads: int = 4) -> None:
    """Pages and forms without pause until it is enough."""
    lock = threading.Lock()

    def visit(number: int) -> None:
        browser, turn = Browser(domain), number
        while not enough.is_set():
            turn, began = turn + 1, time.monotonic()
            try:
                # A sign-in that is refused is a form all the same: token, session, database, cache, and a page with the reason.
                form = {"login": f"nobody-{number}-{turn}", "password": "not this one"}
                answer = browser.post("/account/sign-in/", form) if turn % 4 == 0 else browser.get("/")
                word = f"{'POST' if turn % 4 == 0 else 'GET'} {answer.status}"
                bad = answer.status >= 500 or answer.status in (400, 403, 404)
            except (OSError, http.client.HTTPException) as problem:
                word, bad = type(problem).__name__, True
            with lock:
                found.note(word, bad=bad, took=time.monotonic() - began)
            enough.wait(PAUSE)  # people read; a load that fills the machine would measure the machine

    crowd = [threading.Thread(target=visit, args=(number,)) for number in range(threads)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()


def provoke(domain: str) -> dict[str, object]:
    """What makes servers write lines: pages that are not there, forms without a token, no TLS, broken requests, bodies too large."""
    browser = Browser(domain)
    seen = [browser.get("/no/such/page/").status, browser.ask("POST", "/account/sign-in/", b"login=x").status]
    seen += [browser.ask("BREW", "/").status, browser.get("/%00%ff/").status, browser.get("/static/../../etc/passwd").status]
    with contextlib.suppress(OSError, http.client.HTTPException):
        seen.append(browser.ask("POST", "/account/sign-in/", b"x" * 4_000_000).status)
    for port, words in (
        (443, b"GET / HTTP/1.0\r\n\r\n"),
        (443, b"\x16\x03\x01\x00\x05junk!"),
        (80, b"\x00\x01\x02 nonsense\r\n\r\n"),
        (80, b"GET /x HTTP/1.1\r\nHost: other.example\r\n\r\n"),
    ):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(FROM, 0)) as line:
            line.sendall(words)
            line.recv(1000)
    return {"statuses": seen}
