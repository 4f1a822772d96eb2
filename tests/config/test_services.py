"""The embedded PostgreSQL and Valkey: they come when needed, go with the last user, and no crash stands in their way."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from config.services import launch, locks, paths
from config.services.postgres import Postgres
from tests.config.own_server import OwnServer, wait_until

pytestmark = pytest.mark.timeout(180)

USE = "from config.services import ensure, paths; print(ensure.services(), flush=True)\n"
ASK = (
    USE
    + """
import psycopg
with psycopg.connect(host=str(paths.run_folder()), user="rankfile", dbname="rankfile", autocommit=True) as db:
    try:
        db.execute({first!r})
    except psycopg.IntegrityError:
        pass
    print(db.execute({sql!r}).fetchone()[0])
"""
)
STAY = USE + "import time; time.sleep(600)"


def ask(server: OwnServer, sql: str, *, first: str = "SELECT 1") -> str:
    """Start what is needed, run `first`, print the answer to `sql`, and end."""
    return server.python(ASK.format(first=first, sql=sql)).splitlines()[-1]


def gone(server: OwnServer) -> None:
    wait_until(lambda: not server.living(), 30)


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_start_finds_its_data_and_the_first_leaves_no_process(own_server: OwnServer) -> None:
    ask(own_server, "SELECT id FROM kept", first="CREATE TABLE kept AS SELECT 41 AS id")
    gone(own_server)
    assert ask(own_server, "SELECT id FROM kept") == "41"
    gone(own_server)


def test_what_valkey_holds_survives_a_stop(own_server: OwnServer) -> None:
    talk = USE + "import redis; r = redis.Redis.from_url(paths.redis_url(0)); print({what})"
    own_server.python(talk.format(what='r.set("kept", "1")'))
    gone(own_server)
    assert own_server.python(talk.format(what='r.get("kept")')).endswith("b'1'")


def test_two_commands_share_them_and_the_second_outlives_the_first(own_server: OwnServer) -> None:
    first, second = own_server.start_python(STAY), own_server.start_python(STAY)
    assert {said(first)[0], said(second)[0]} == {"["}
    first.kill()
    first.wait()
    assert own_server.python(ASK.format(first="SELECT 1", sql="SELECT 7")).splitlines() == ["[]", "7"]  # nothing had to be started
    second.kill()
    gone(own_server)


def test_kill_9_of_the_only_user_leaves_no_process(own_server: OwnServer) -> None:
    user = own_server.start_python(STAY)
    assert said(user) == "['PostgreSQL', 'Valkey']"
    assert own_server.pid_of("bin/postgres", "-D")
    user.kill()
    gone(own_server)


def test_kill_9_of_the_keeper_takes_the_servers_along_and_blocks_nothing(own_server: OwnServer) -> None:
    user = own_server.start_python(STAY)
    said(user)
    os.kill(own_server.pid_of("config.services.keeper"), signal.SIGKILL)
    assert ask(own_server, "SELECT 7") == "7"
    user.kill()
    gone(own_server)


def test_the_keeper_starts_a_killed_server_again(own_server: OwnServer) -> None:
    user = own_server.start_python(STAY)
    said(user)
    old = own_server.pid_of("bin/postgres", "-D")
    os.kill(old, signal.SIGKILL)
    os.kill(own_server.pid_of("valkey-server"), signal.SIGKILL)
    wait_until(lambda: [line for line in own_server.living() if "bin/postgres -D" in line and not line.startswith(f"{old} ")], 30)
    assert ask(own_server, "SELECT 7") == "7"


def test_nobody_is_told_that_they_answer_before_the_keeper_watches_them(own_server: OwnServer) -> None:
    (own_server.var / "run").mkdir(parents=True)
    (own_server.var / "run" / "keeper.lock").write_text('{"watching": true}')  # of a keeper that is gone
    slow = "from config.services.valkey import Valkey; wait = Valkey._wait; Valkey._wait = lambda self: (time.sleep(2), wait(self))"
    slow_keeper = own_server.start_python(f"import sys, time\n{slow}\nfrom config.services import keeper; sys.exit(keeper.main())")
    wait_until(lambda: locks.held_by_other(own_server.var / "run" / "keeper.lock"))
    said(own_server.start_python(STAY))
    os.kill(own_server.pid_of("valkey-server"), signal.SIGKILL)
    wait_until(lambda: any("valkey-server" in line for line in own_server.living()), 30)
    assert slow_keeper.poll() is None


def test_leftovers_of_a_crash_block_nothing(own_server: OwnServer) -> None:
    ask(own_server, "SELECT 1")
    gone(own_server)
    data, run = own_server.var / "postgres", own_server.var / "run"
    # The pid of a living process that is not ours: pids are given out again, in containers the same ones each time.
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n{run}\n\n  1 1\nready\n")
    (run / ".s.PGSQL.5432").touch()
    (run / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    (run / "valkey.sock").touch()
    (run / "valkey.pid").write_text(str(os.getpid()))
    for name in ("users.lock", "keeper.lock", "up.lock"):
        (run / name).write_text('{"pid": 1}')
    (own_server.var / "postgres.making").mkdir()
    data.chmod(0o755)  # a stray chmod -R
    assert ask(own_server, "SELECT 7") == "7"
    assert data.stat().st_mode & 0o777 == 0o700


def test_data_of_another_major_is_refused_with_advice(own_server: OwnServer) -> None:
    data = own_server.var / "postgres"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("13\n")
    status, out = own_server.run("manage.py", "showmigrations")
    assert status != 0
    assert "PostgreSQL 13" in out
    assert "pg_dump" in out
    assert "Traceback" not in out


def test_search_works_in_every_script(own_server: OwnServer) -> None:
    assert int(ask(own_server, "SELECT cardinality(show_trgm('забастовка'))", first="CREATE EXTENSION pg_trgm")) > 5


def test_the_database_log_holds_nothing_that_members_wrote(own_server: OwnServer) -> None:
    ask(own_server, "SELECT 1", first="CREATE TABLE t AS SELECT 'sentinel-4711'::text AS x; CREATE UNIQUE INDEX ON t (x)")
    ask(own_server, "SELECT 1", first="INSERT INTO t VALUES ('sentinel-4711')")
    log = (own_server.var / "log" / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "sentinel" not in log


def test_the_servers_do_not_see_our_environment(own_server: OwnServer) -> None:
    own_server.env["SECRET_KEY"] = "sentinel-" + "k" * 50
    user = own_server.start_python(STAY)
    said(user)
    for name in ("bin/postgres -D", "valkey-server"):
        assert b"sentinel" not in Path(f"/proc/{own_server.pid_of(name)}/environ").read_bytes()


def test_sockets_move_where_a_path_is_too_long(tmp_path: Path) -> None:
    short = Path("/srv/rankfile/var")
    assert paths.run_folder(short) == short / "run"
    long = tmp_path / ("x" * 120)
    assert len(os.fsencode(paths.run_folder(long))) < paths.LONGEST_SOCKET_FOLDER
    assert paths.run_folder(long) == paths.run_folder(long) != paths.run_folder(tmp_path / ("y" * 120))


def test_root_is_never_what_postgresql_runs_as(own_server: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch.os, "geteuid", lambda: 1000)
    assert launch.unprivileged_mode.__wrapped__() == launch.SELF
    monkeypatch.undo()
    if os.geteuid() == 0:
        assert launch.unprivileged_mode() in (launch.USER_NAMESPACE, launch.NOBODY)
    run = own_server.var / "run"
    run.mkdir(mode=0o700)
    own_server.var.chmod(0o755)
    monkeypatch.setattr("config.services.postgres.launch.unprivileged_mode", lambda: launch.NOBODY if os.geteuid() == 0 else launch.SELF)
    server = Postgres(own_server.var, run, throw_away=True)
    server.start()
    try:
        assert server.answers()
        assert server.process is not None
        owner = Path(f"/proc/{server.process.pid}").stat().st_uid
        assert owner == (launch.NOBODY_ID if os.geteuid() == 0 else os.geteuid())
    finally:
        server.stop()
