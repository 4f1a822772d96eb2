"""`manage.py up` as a person runs it: it proves itself, refuses plainly, stops wholly, and starts again after any end."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from config.services import paths, ports
from tests.config.own_server import OwnServer, an_own_server, wait_until
from tests.config.traces import AGENT, ASKED, TYPED, VISITORS, left_behind, visit
from tests.mail_sink import MailSink

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]
UP = ("manage.py", "up")


def steps(out: str) -> dict[str, str]:
    """The JSON line of `up --json`: result by step."""
    answer = json.loads(out.strip().splitlines()[-1])
    assert answer["ok"], answer["problem"]
    return {each["step"]: each["result"] for each in answer["steps"]}


def read_until(process: subprocess.Popen[str], words: str, seconds: float = 150) -> str:
    """What it printed up to a line with these words."""
    assert process.stdout is not None
    heard, deadline = "", time.monotonic() + seconds
    while words not in heard:
        line = process.stdout.readline()
        heard += line
        assert line, f"it ended: {heard}"
        assert time.monotonic() < deadline, heard
    return heard


def gone(server: OwnServer) -> None:
    wait_until(lambda: not server.living(), 40)


@pytest.fixture(scope="module")
def proved() -> Iterator[tuple[Path, str]]:
    """A server that was started from nothing, proved itself and stopped: its folder, and what it said."""
    with contextlib.contextmanager(an_own_server)() as server:
        status, out = server.run(*UP, "--exit-when-ready", "--json", timeout=200, DEMO="0")
        assert status == 0, out
        gone(server)
        yield server.var, out


@pytest.fixture
def grown_server(own_server: OwnServer, proved: tuple[Path, str]) -> OwnServer:
    """A server whose database is made already."""
    shutil.copytree(proved[0], own_server.var, dirs_exist_ok=True)
    return own_server


def test_each_part_is_proved(proved: tuple[Path, str]) -> None:
    """That nothing of it is left running, `proved` has seen."""
    found = steps(proved[1])
    assert {"proof: page", "proof: task", "proof: scheduler", "proof: mail"} <= found.keys()
    assert "migrations applied" in found["database"]


def test_a_life_of_a_server(grown_server: OwnServer) -> None:
    """A second start beside it is refused; kill -9 leaves nothing; the next finds its data, mends its parts, stops on Ctrl-C.

    Neither its logs nor Valkey nor the database know where its visitors came from.
    """
    first = grown_server.start(*UP, DEMO="0")
    heard = read_until(first, "Everything answers")
    assert f"http://localhost:{grown_server.port}" in heard
    assert f"http://localhost:{grown_server.env['MAIL_READER_PORT']}" in heard
    status, out = grown_server.run(*UP, DEMO="0")
    assert status == 1
    assert "already runs" in out
    assert str(grown_server.port) in out

    first.kill()
    first.wait()
    gone(grown_server)

    again = grown_server.start(*UP, DEMO="0")
    heard = read_until(again, "Everything answers")
    assert "up to date" in heard
    assert "unchanged" in heard
    old = grown_server.pid_of("config beat")
    os.kill(old, signal.SIGKILL)
    read_until(again, "The scheduler ended (SIGKILL)")
    wait_until(lambda: [line for line in grown_server.living() if "config beat" in line and not line.startswith(f"{old} ")])
    assert visit(grown_server.port) == VISITORS * len(ASKED)
    again.send_signal(signal.SIGINT)
    out, _ = again.communicate(timeout=60)
    assert again.returncode == 0, out
    assert grown_server.living() == []
    assert not list(left_behind(grown_server.var)), "where visitors came from is written nowhere"
    assert not [word for word in (AGENT, TYPED, "203.0.113.", "127.77.88.") if word in heard + out]


@pytest.mark.parametrize(("variable", "what"), [("PORT", "pages"), ("MAIL_SINK_PORT", "mail sink"), ("MAIL_READER_PORT", "mail reader")])
def test_a_port_in_use_is_said_plainly(own_server: OwnServer, variable: str, what: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(own_server.env[variable])))
        other.listen()
        status, out = own_server.run(*UP)
    assert status == 1
    assert f"Port {own_server.env[variable]} ({what}) is in use" in out
    assert f"{variable}=" in out
    assert "Traceback" not in out
    gone(own_server)


def test_a_port_on_the_other_loopback_address_counts_as_in_use() -> None:
    with socket.socket(socket.AF_INET6) as other:
        other.bind(("::1", 0))
        other.listen()
        assert ports.taken(other.getsockname()[1])
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        number = other.getsockname()[1]
    assert not ports.taken(number)


def test_with_servers_of_ones_own_it_starts_none(own_server: OwnServer, mail_sink: MailSink, django_db_setup: None) -> None:
    """The throw-away pair of this test run plays the external servers, with a copy of its empty database."""
    folder = paths.run_folder()
    name, made = f"external_{own_server.port}", connection.settings_dict["NAME"]
    connection.close()  # nobody may be looking at what is copied
    with psycopg.connect(host=str(folder), user="rankfile", dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {made}")
    external = {
        "DATABASE_URL": f"postgres://rankfile@/{name}?host={folder}",
        "REDIS_URL": f"unix://{folder}/valkey.sock?db=61",
        "CELERY_BROKER_URL": f"redis+socket://{folder}/valkey.sock?virtual_host=60",
        "MAIL_URL": f"smtp://127.0.0.1:{mail_sink.port}",
    }
    process = own_server.start(*UP, DEMO="0", **external)
    assert "of your own" in read_until(process, "Everything answers")
    mine = own_server.living()
    assert len(mine) >= 4
    assert not [line for line in mine if any(part in line for part in ("postgres -D", "valkey-server", "mailsink", "keeper"))]
    assert not (own_server.var / "postgres").exists()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_what_fails_is_said_plainly_and_stops_the_rest(grown_server: OwnServer) -> None:
    """A page that cannot be served: the host name is refused."""
    status, out = grown_server.run(*UP, "--exit-when-ready", DEMO="0", ALLOWED_HOSTS="elsewhere.example", timeout=200)
    assert status == 1
    assert "ALLOWED_HOSTS" in out
    assert "Traceback" not in out
    gone(grown_server)


def test_reset_empties_the_folder_but_not_under_a_running_server(own_server: OwnServer) -> None:
    user = own_server.start_python("from config.services import ensure; ensure.services(); print('up', flush=True); import time; time.sleep(600)")
    assert user.stdout is not None
    assert user.stdout.readline().strip() == "up"
    status, out = own_server.run("manage.py", "reset", "--yes")
    assert status == 1
    assert "in use" in out
    user.kill()
    gone(own_server)
    _, out = own_server.run("manage.py", "reset", "--dry-run", "--json")
    assert "postgres" in json.loads(out)["removed"]
    assert (own_server.var / "postgres").exists()
    status, out = own_server.run("manage.py", "reset", "--yes")
    assert status == 0, out
    assert [path.name for path in own_server.var.iterdir() if path.name != "secrets"] == []
