"""Worlds held by processes of their own, so that several can be asked in turn; and what their pages ask the database.

A measurement that can hold a world has an option `--hold`: it fills, serves, prints one line of JSON (`tell`), and stays until
its standard input is closed. `Held` starts it and reads that line.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import lib

_WRITES = ("INSERT", "UPDATE", "DELETE")


def tell(**said: Any) -> None:
    """The line of a process that holds a world; returns when nobody needs it any more."""
    print(json.dumps(said), flush=True)
    sys.stdin.read()


class Held:
    """A process that holds a world, and what it said of it."""

    def __init__(self, module: str, *arguments: str) -> None:
        argv = [sys.executable, "-m", module, *arguments]
        self._process = subprocess.Popen(argv, cwd=lib.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._said: dict[str, Any] | None = None

    @property
    def said(self) -> dict[str, Any]:
        """Waits until the world is there."""
        if self._said is None:
            assert self._process.stdout is not None
            line = self._process.stdout.readline()
            if not line:
                raise SystemExit("a world could not be made")
            self._said = json.loads(line)
        return self._said

    def served(self, name: str = "") -> lib.Served:
        where = self.said["servers"][name] if name else self.said
        return lib.Served(where["port"], where["pid"])

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(120)


def database_pid() -> int:
    """The first process of the database server."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    fields = Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[1])


def statements(pages: dict[str, str], *, session: str, cookie: str = "session") -> dict[str, tuple[int, int]]:
    """SQL statements of one answer, and how many of them write; counted in this process, at the second asking, so that
    nothing is warmed up by it. Pages whose name ends in * are asked with the session."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    found = {}
    for name, path in pages.items():
        client = Client(headers={"host": "localhost"})
        if name.endswith("*"):
            client.cookies[cookie] = session
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        asked = [each["sql"].lstrip().upper() for each in queries]
        found[name] = (len(asked), sum(each.startswith(_WRITES) for each in asked))
    return found


def memory(served: lib.Served) -> float:
    """Proportional set size of the largest web worker, in megabytes."""
    return max(lib.memory_of(pid) for pid in served.workers() - {served.pid}) / 1024
