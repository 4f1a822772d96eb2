"""What visitors leave behind on a server: nothing that says where they came from or with what."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path

from tests.safety.leaks import Search

#: Each of Linux's loopback addresses can be a visitor's own; the second is what a proxy would add.
NETWORK, FORWARDED = "127.77.88.{}", "203.0.113.{}"
AGENT, TYPED = "zqagentofavisitor", "zqtypedbyavisitor"
VISITORS = 8
#: A page, an inner one, one that is not there, a form without its token, one that is none, too much of everything.
ASKED = [
    ("GET", "/", ""),
    ("GET", "/today/", ""),
    ("GET", f"/no/such/{TYPED}/?q={TYPED}", ""),
    ("GET", f"/workplaces/?q={TYPED}", ""),
    ("POST", "/account/sign-in/", f"login={TYPED}@mail.example&password={TYPED}"),
    ("POST", f"/committees/{TYPED}/join/", "a=1"),
    ("GET", "/" + TYPED * 600, ""),
    ("BREW", f"/{TYPED}", ""),
]


def visit(port: int) -> int:
    """Eight visitors ask for all of it. Returns how many answers came."""
    answers = 0
    for number in range(VISITORS):
        for method, path, body in ASKED:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(NETWORK.format(10 + number), 0))
            headers = {"User-Agent": AGENT, "X-Forwarded-For": FORWARDED.format(10 + number), "Host": f"localhost:{port}"}
            if body:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            line.request(method, path, body=body or None, headers=headers)
            answers += line.getresponse().status > 0
            line.close()
    return answers


def left_behind(var: Path) -> Iterator[str]:
    """Every file below the folder that says anything of a visitor, and what."""
    search = Search([AGENT, TYPED, *(network.format(10 + number) for network in (NETWORK, FORWARDED) for number in range(VISITORS))])
    read = 0
    for path in sorted(var.rglob("*")):
        if path.is_file():
            read += 1
            yield from (f"{path.relative_to(var)} says {word}" for word in search.found_in(path.read_bytes()))
    assert read > 500, "hardly a file was read: the search would prove nothing"
