"""django-post-office and django-mailer with the same mails to the same server, for bench/notices.py.

They are installed from the registry into an environment of their own, made with the Python that runs this, with tables of their own
in a database beside ours, and are run by the commands that they ship. They keep what becomes of each mail, as ours does.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import lib
from bench.mail_server import MailServer

POST_OFFICE, MAILER = "django-post-office", "django-mailer"
VERSIONS = {POST_OFFICE: "3.12.0", MAILER: "2.3.2"}
DATABASE = "queues"


def install() -> Path:
    """Their Python; made once."""
    ours = (f"{name}=={version(name)}" for name in ("django", "psycopg", "psycopg-binary"))
    return lib.python_with("queues", *(f"{name}=={number}" for name, number in VERSIONS.items()), *ours)


@dataclass(frozen=True)
class Letter:
    """What all are sent, ready."""

    subject: str
    text: str
    html: str


class Queues:
    """Both with empty tables. To be made inside a world."""

    def __init__(self, python: Path, letter: Letter, mails: int, *, processes: int) -> None:
        from django.db import connection

        ours: dict[str, Any] = connection.get_connection_params()
        server = urlsplit(os.environ["MAIL_URL"])
        self._environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "bench.queues_settings",
            "PYTHONPATH": str(lib.ROOT),
            "QUEUES_DATABASE": DATABASE,
            "QUEUES_HOST": str(ours["host"]),
            "QUEUES_USER": str(ours.get("user") or ""),
            "QUEUES_MAIL_HOST": str(server.hostname),
            "QUEUES_MAIL_PORT": str(server.port),
        }
        self._python = python
        self._said = json.dumps({"subject": letter.subject, "text": letter.text, "html": letter.html, "mails": mails})
        self._commands = {POST_OFFICE: ["send_queued_mail", "--processes", str(processes)], MAILER: ["send_mail"]}
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {DATABASE}")
        subprocess.run([python, "-m", "django", "migrate", "--verbosity", "0"], cwd=lib.ROOT, env=self._environment, check=True)

    def fill(self, name: str) -> None:
        """So many mails wait."""
        argv = [self._python, "-c", f"from bench import queues_inside; queues_inside.fill({name!r})"]
        subprocess.run(argv, cwd=lib.ROOT, env=self._environment, check=True, input=self._said, text=True)

    @contextmanager
    def sending(self, name: str) -> Iterator[None]:
        """Its own command runs, until it has kept what became of each."""
        running = subprocess.Popen(
            [self._python, "-m", "django", *self._commands[name]], cwd=lib.ROOT, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            if running.wait(60):
                raise SystemExit(f"{name} failed")

    def rate(self, name: str, server: MailServer, *, mails: int, delay: float) -> float:
        """Mails a second, from the first acceptance to the last: what its command needs to start, and to keep the last batch, is given to it."""
        self.fill(name)
        server.expect(mails, delay=delay)
        with self.sending(name):
            first, last, _length = server.wait(seconds=600)
        return (mails - 1) / (last - first)
