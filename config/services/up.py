"""`manage.py up`: from nothing to a server that answers, one step after the other, and down again in reverse."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from config.env import ROOT, VAR, env
from config.services import ensure, locks, parts, paths, ports, proofs
from config.services.errors import ServiceFailed
from config.services.supervisor import Part, Supervisor

UP_LOCK = "up.lock"


class Up:
    """One run. `say` prints a line to whoever started it."""

    def __init__(self, say: Callable[[str], None], *, prove: bool) -> None:
        self.say = say
        self.prove = prove
        self.began = time.monotonic()
        self.steps: list[dict[str, Any]] = []
        self.supervisor = Supervisor(ROOT, say)
        self.lock = locks.open_lock(paths.run_folder() / UP_LOCK)

    def run(self) -> None:
        """Start everything, then stay until told to stop (or leave at once after the proofs)."""
        self._refuse_a_second()
        with self.supervisor.signals():
            try:
                self._start()
                if not self.prove:
                    self.supervisor.watch()
            finally:
                self.supervisor.hush()
                self._stop()

    def _start(self) -> None:
        self._require_ports()
        self._services()
        with self._step("database") as told:
            told(self._migrate())
        with self._step("translations and static files") as told:
            told(self._files())
        began = timezone.now()
        # They read their code while the demo is played, in one transaction: workers see all of it or nothing, and nobody
        # knows the address before.
        together = self._parts()
        for part in together:
            self.supervisor.start(part)
        with self._step("demo") as told:
            told(self._demo())
        self._await(together)
        self.say(f"\n  {settings.SITE_NAME}: {settings.SITE_URL}\n")
        if self.prove:
            self._prove(began)
        else:
            with self._step("task") as told:
                told(proofs.task())
        self._tell()

    def _parts(self) -> list[Part]:
        """Started together: on two cores waiting for each in turn would double the time."""
        mail = [parts.mail_sink()] if "mail" in settings.EMBEDDED else []
        dispatcher = [parts.dispatcher()] if "dispatch" in get_commands() else []
        return [parts.web(), *mail, parts.worker(), parts.scheduler(), *dispatcher]

    def _await(self, together: list[Part]) -> None:
        for part in together:
            with self._step(part.name) as told:
                self.supervisor.wait_for(part)
                told("answers" if part.answers else "started")

    def _prove(self, began: datetime) -> None:
        proof: dict[str, Callable[[], str]] = {
            "proof: page": proofs.page,
            "proof: task": proofs.task,
            "proof: scheduler": lambda: proofs.tick(began),
            "proof: mail": proofs.mail,
        }
        for name, show in proof.items():
            with self._step(name) as told:
                told(show())
        for part in self.supervisor.parts:
            if not part.runs:
                raise ServiceFailed(f"The {part.name} ended. Its log is {part.log}.")

    # -- before the parts ------------------------------------------------------------------
    def _refuse_a_second(self) -> None:
        if not locks.take(self.lock):
            other = locks.read_note(paths.run_folder() / UP_LOCK)
            at = f" at {other['site']}" if "site" in other else ""
            raise ServiceFailed(f"This server already runs{at} (process {other.get('pid', '?')}). Stop that one with Ctrl-C, or set RANKFILE_VAR and PORT.")
        locks.write_note(self.lock, {"pid": os.getpid(), "site": settings.SITE_URL})

    def _require_ports(self) -> None:
        ports.require_free(parts.port(), variable="PORT", what="pages", host=parts.host())
        if "mail" in settings.EMBEDDED:
            ports.require_free(paths.mail_sink_port(), variable="MAIL_SINK_PORT", what="mail sink")
            ports.require_free(paths.mail_reader_port(), variable="MAIL_READER_PORT", what="mail reader")

    def _services(self) -> None:
        with self._step("PostgreSQL and Valkey") as told:
            started = ensure.services()
            ours = settings.EMBEDDED & {"postgres", "valkey"}
            told(f"started: {', '.join(started)}" if started else "were running" if ours else "of your own")

    def _migrate(self) -> str:
        try:
            connection.ensure_connection()
        except OperationalError as problem:
            raise ServiceFailed(f"The database does not answer: {str(problem).strip()}") from None
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            call_command("migrate", interactive=False, verbosity=0)
        connection.close()
        return f"{len(missing)} migrations applied" if missing else "up to date"

    def _files(self) -> str:
        """Compile catalogues and collect static files, unless nothing changed since the last time."""
        state = hashlib.sha256()
        for folder, pattern in ((ROOT / "static", "*"), (ROOT / "locale", "*.po")):
            for path in sorted(p for p in folder.rglob(pattern) if p.is_file()):
                info = path.stat()
                state.update(f"{path}|{info.st_size}|{info.st_mtime_ns}\n".encode())
        mark = VAR / "static.state"
        if mark.exists() and mark.read_text() == state.hexdigest() and settings.STATIC_ROOT.exists():
            return "unchanged"
        if "translations" in get_commands():
            call_command("translations", "compile", stdout=StringIO())
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(state.hexdigest())
        return "compiled and collected"

    def _demo(self) -> str:
        if not settings.DEMO:
            return "none on this server"
        if "load_demo" not in get_commands():
            return "this version brings none"
        if get_user_model()._default_manager.exists():
            connection.close()
            return "is there already"
        call_command("load_demo", stdout=StringIO())
        connection.close()
        return "loaded"

    # -- saying and stopping --------------------------------------------------------------------
    @contextmanager
    def _step(self, name: str) -> Iterator[Callable[[str], None]]:
        began = time.monotonic()
        word = ""

        def told(text: str) -> None:
            nonlocal word
            word = text

        yield told
        now = time.monotonic()
        self.steps.append({"step": name, "seconds": round(now - began, 2), "after": round(now - self.began, 2), "result": word})
        self.say(f"{now - self.began:6.1f} s  {name + ':':<31}{word} ({now - began:.1f} s)")

    def _tell(self) -> None:
        lines = ["", f"  {settings.SITE_NAME}:  {settings.SITE_URL}"]
        if "mail" in settings.EMBEDDED:
            lines.append(f"  Mail it sends:  http://localhost:{paths.mail_reader_port()}")
        lines += self._accounts()
        lines += [f"  Logs:  {VAR / 'log'}", "", "  Everything answers." + ("" if self.prove else " Ctrl-C stops it."), ""]
        self.say("\n".join(lines))

    def _accounts(self) -> list[str]:
        """The demo's accounts, as the demo wrote them: a list of rows, each a mapping of words."""
        path = VAR / "demo-accounts.json"
        if not settings.DEMO or not path.exists():
            return []
        rows = [[str(cell) for cell in row.values()] for row in json.loads(path.read_text())]
        widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=False)]
        return ["  Demo accounts:", *("    " + "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=False)).rstrip() for row in rows)]

    def _stop(self) -> None:
        if self.supervisor.parts:
            self.say("Stopping …")
        self.supervisor.stop()
        connection.close()
        if not ensure.release():
            self.say("PostgreSQL and Valkey stay up: another command uses them.")
        os.close(self.lock)
        self.say(f"Stopped after {time.monotonic() - self.began:.1f} s.")


def scheduler_pulse(*, prove: bool) -> None:
    """While proving, the scheduler's first tick should not keep us waiting."""
    if prove and not env("SCHEDULER_PULSE", default=""):
        os.environ["SCHEDULER_PULSE"] = "1"
