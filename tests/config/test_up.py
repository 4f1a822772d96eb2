"""`manage.py up` as a person runs it: it proves itself, refuses plainly, stops wholly, and starts again after any end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from config.services import ports
from tests.config.own_server import OwnServer, wait_until

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


@pytest.fixture
def running(own_server: OwnServer) -> Iterator[subprocess.Popen[str]]:
    process = own_server.start(*UP, DEMO="0")
    read_until(process, "Everything answers")
    return process


def gone(server: OwnServer) -> None:
    wait_until(lambda: not server.living(), 40)


def test_each_part_is_proved_twice_and_nothing_is_left(own_server: OwnServer) -> None:
    status, out = own_server.run(*UP, "--exit-when-ready", "--json", timeout=200, DEMO="0")
    assert status == 0, out
    first = steps(out)
    assert {"proof: page", "proof: task", "proof: scheduler", "proof: mail"} <= first.keys()
    assert "migrations applied" in first["database"]
    gone(own_server)
    status, out = own_server.run(*UP, "--exit-when-ready", timeout=200, DEMO="0")
    assert status == 0, out
    assert "up to date" in out
    assert "unchanged" in out
    assert f"http://localhost:{own_server.port}" in out
    assert f"http://localhost:{own_server.env['MAIL_READER_PORT']}" in out
    gone(own_server)


def test_ctrl_c_stops_everything_cleanly_and_a_second_start_is_refused_before(own_server: OwnServer, running: subprocess.Popen[str]) -> None:
    status, out = own_server.run(*UP, DEMO="0")
    assert status == 1
    assert "already runs" in out
    assert str(own_server.port) in out
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 0, out
    assert own_server.living() == []


def test_kill_9_leaves_no_process_and_the_next_start_finds_its_data(own_server: OwnServer, running: subprocess.Popen[str]) -> None:
    own_server.python("from django.core.cache import cache; import django; django.setup(); cache.set('kept', 1)", DJANGO_SETTINGS_MODULE="config.settings")
    running.kill()
    running.wait()
    gone(own_server)
    again = own_server.start(*UP, DEMO="0")
    assert "up to date" in read_until(again, "Everything answers")
    # Any part that dies comes back.
    old = own_server.pid_of("celery", "beat")
    os.kill(old, signal.SIGKILL)
    read_until(again, "The scheduler ended (SIGKILL)")
    wait_until(lambda: [line for line in own_server.living() if "beat" in line and not line.startswith(f"{old} ")])
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=60)
    assert again.returncode == 0
    assert own_server.living() == []


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


def test_with_servers_of_ones_own_it_starts_none(own_server: OwnServer, mail_sink: Any, tmp_path: Any) -> None:
    """The throw-away pair of this test run plays the external servers."""
    from django.conf import settings
    from django.db import connection

    name = f"external_{own_server.port}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    socket_folder = settings.DATABASES["default"]["HOST"]
    external = {
        "DATABASE_URL": f"postgres://rankfile@{socket_folder.replace('/', '%2F')}/{name}",
        "REDIS_URL": f"unix://{socket_folder}/valkey.sock?db=61",
        "CELERY_BROKER_URL": f"redis+socket://{socket_folder}/valkey.sock?virtual_host=60",
        "MAIL_URL": f"smtp://127.0.0.1:{mail_sink.port}",
    }
    process = own_server.start(*UP, DEMO="0", **external)
    out = read_until(process, "Everything answers")
    assert "of your own" in out
    mine = own_server.living()
    assert not [line for line in mine if "postgres -D" in line or "valkey-server" in line or "mailsink" in line or "keeper" in line]
    assert not (own_server.var / "postgres").exists()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_what_fails_is_said_plainly_and_stops_the_rest(own_server: OwnServer) -> None:
    """A page that cannot be served: the host name is refused."""
    status, out = own_server.run(*UP, "--exit-when-ready", DEMO="0", ALLOWED_HOSTS="elsewhere.example", timeout=200)
    assert status == 1
    assert "web server" in out or "front page" in out
    assert "Traceback" not in out
    gone(own_server)


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


def test_doctor_names_the_trouble_and_the_remedy(own_server: OwnServer) -> None:
    status, out = own_server.run("manage.py", "doctor", "--json")
    assert status == 1
    found = {each["name"]: each for each in json.loads(out.strip().splitlines()[-1])["findings"]}
    assert found["migrations"]["state"] == "wrong"
    assert "migrate" in found["migrations"]["remedy"]
    assert own_server.run("manage.py", "migrate", "-v0")[0] == 0
    assert own_server.run("manage.py", "collectstatic", "--noinput", "-v0")[0] == 0
    status, out = own_server.run("manage.py", "doctor")
    assert status == 0, out
    (own_server.var / "secrets" / "secret-key").chmod(0o644)
    status, out = own_server.run("manage.py", "doctor")
    assert status == 1
    assert "chmod 600" in out
