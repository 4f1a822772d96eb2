"""Proofs that take something away: a release, a process, the disk, the database, the machine. Each says how long it took to come back."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

from deploy.proof import looks, visitor
from deploy.proof.drilled import DOMAIN, INSIDE, Drill
from deploy.proof.root import Failed

MOST_LOST = 300
MOST_AWAY = 900


def ask(drill: Drill, question: str) -> str:
    return drill.root.does("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "psql", "-XtAqd", "rankfile", "-c", question)


def backups(drill: Drill) -> str:
    """The nightly services make a dump and a copy, PostgreSQL goes on afterwards, and Debian's own `age` opens the dump with the private key."""
    before = looks.main_pid(drill.root, "postgresql@17-main.service")
    for unit in ("rankfile-copy.service", "rankfile-backup.service", "rankfile-doctor.service"):
        drill.root.does("systemctl", "start", unit)
    if ask(drill, "SELECT 1") != "1" or looks.main_pid(drill.root, "postgresql@17-main.service") != before:
        raise Failed("PostgreSQL was hurt by a backup.")
    newest = drill.root.does("sh", "-c", "ls -1 /var/backups/rankfile/dumps/*.age | tail -1")
    listed = drill.root.does("sh", "-c", f"age --decrypt -i - {newest} | gunzip | pg_restore --list | grep -c 'TABLE DATA'", text=drill.key + "\n")
    secret = drill.root.does("sh", "-c", "grep -o 'FIELD_ENCRYPTION_KEYS=.*' /etc/rankfile/secrets.env").split(":")[-1]
    opened = drill.root.does("sh", "-c", f"age --decrypt -i - {newest} | gunzip | grep -c -a -F -e {secret} || true", text=drill.key + "\n")
    if int(listed) < 20 or opened != "0":
        raise Failed(f"The dump holds {listed} tables; lines with a field key: {opened}")
    return f"{newest.rsplit('/', 1)[1]}: {listed} tables, no field key; only the private key opens it"


def _under_load(drill: Drill, act: Callable[[], str]) -> tuple[str, visitor.Load, float]:
    """Do something while visitors ask for pages and send forms."""
    enough, found = threading.Event(), visitor.Load()
    with drill.root.network():
        crowd = threading.Thread(target=visitor.load, args=(DOMAIN, enough, found))
        crowd.start()
    try:
        time.sleep(3)
        began = time.monotonic()
        said = act()
        took = time.monotonic() - began
        time.sleep(3)
    finally:
        enough.set()
        crowd.join()
    if found.failed:
        raise Failed(f"{len(found.failed)} of {found.requests} requests failed: {found.counts}")
    return said, found, took


def upgrade(drill: Drill) -> str:
    """A newer release while people use the site: a backup first, then one web server after the other."""
    drill.first = drill.root.does("readlink", "-f", "/opt/rankfile/current")
    change = "import pathlib; p = pathlib.Path('static/robots-proof.txt'); p.write_text('proof\\n')"
    git = f"cd {INSIDE} && git -c user.name=proof -c user.email=proof@example.org"
    drill.root.does("sh", "-ec", f'cd {INSIDE} && python3 -c "{change}" && git add -A && {git} commit --quiet -m "A release to go to" && git tag proof')
    _cached_wheels(drill)
    said, found, took = _under_load(drill, lambda: drill.install("proof", command="upgrade"))
    now = drill.root.does("readlink", "-f", "/opt/rankfile/current")
    if now == drill.first or "manage.py backup" not in said:
        raise Failed(f"{now} runs; a backup was {'made' if 'manage.py backup' in said else 'not made'}")
    looks.all_up(drill.root)
    for unit in looks.PARTS:
        where = drill.root.does("readlink", f"/proc/{looks.main_pid(drill.root, unit)}/cwd")
        if where != now:
            raise Failed(f"{unit} still runs from {where}")
    return f"{found.requests} requests during {took:.0f} s, none failed, the slowest took {found.slowest:.1f} s"


def _cached_wheels(drill: Drill) -> None:
    """The booted machine has no network but its own loopback: what the first install fetched is given to the second as files."""
    done = drill.root.enter(
        "sh",
        "-c",
        f"/opt/rankfile/current/.venv/bin/python -m pip download -q --no-deps --only-binary=:all: --require-hashes -r {drill.first}/requirements.lock -d /srv/wheels",
    )
    if done.returncode:
        raise Failed(f"The packages could not be fetched: {done.stdout[-800:]}")
    (drill.root.folder / "etc" / "pip.conf").write_text("[global]\nno-index = true\nfind-links = /srv/wheels\n")


def rollback(drill: Drill) -> str:
    """And back again, while people use the site."""
    _said, found, took = _under_load(drill, lambda: drill.install(command="rollback"))
    now = drill.root.does("readlink", "-f", "/opt/rankfile/current")
    if now != drill.first:
        raise Failed(f"{now} runs, not {drill.first}")
    looks.all_up(drill.root)
    return f"{found.requests} requests during {took:.0f} s, none failed, the slowest took {found.slowest:.1f} s"


def killed(drill: Drill) -> str:
    """Every part is killed hard, one after the other, and comes back by itself."""
    slowest = 0.0
    for unit in looks.RUNNING:
        pid, began = looks.main_pid(drill.root, unit), time.monotonic()
        drill.root.does("kill", "-9", str(pid))
        while looks.main_pid(drill.root, unit) in (0, pid):
            if time.monotonic() - began > 60:
                raise Failed(f"{unit} did not come back.")
            time.sleep(0.2)
        looks.all_up(drill.root)
        slowest = max(slowest, time.monotonic() - began)
    with drill.root.network():
        status = visitor.Browser(DOMAIN).get("/").status
    if status != 200:
        raise Failed(f"The front page answers {status}.")
    return f"{len(looks.RUNNING)} parts, the slowest was back after {slowest:.0f} s"


def lost_disk(drill: Drill) -> str:
    """The database's folder is destroyed while it runs. What is lost is what was written after the last piece of the log was kept."""
    written = time.monotonic()
    with drill.root.network():
        newcomer = visitor.Browser(DOMAIN).post("/account/join/without/", {})
    if newcomer.status != 302:
        raise Failed(f"Opening an account answers {newcomer.status}.")
    before = ask(drill, "SELECT count(*), max(slug) FROM people_person")
    piece = ask(drill, "SELECT pg_walfile_name(pg_current_wal_lsn())")
    while ask(drill, f"SELECT coalesce(last_archived_wal, '') >= '{piece}' FROM pg_stat_archiver") != "t":  # noqa: S608  a name that PostgreSQL gave
        if time.monotonic() - written > MOST_LOST:
            raise Failed(f"{piece} was not kept within {MOST_LOST} s.")
        time.sleep(1)
    kept_after = time.monotonic() - written
    drill.root.does("sh", "-c", "kill -9 $(head -1 /var/lib/postgresql/17/main/postmaster.pid); rm -rf /var/lib/postgresql/17/main")
    with drill.root.network():
        away = visitor.Browser(DOMAIN).get("/account/sign-in/").status
    began = time.monotonic()
    said = drill.root.does(f"{INSIDE}/deploy/recover", "--identity", "-", text=drill.key + "\n")
    looks.all_up(drill.root)
    looks.sign_in(drill.root, DOMAIN, drill.accounts[1])
    took = time.monotonic() - began
    if (after := ask(drill, "SELECT count(*), max(slug) FROM people_person")) != before:
        raise Failed(f"People before and after: {before}, {after}")
    if "Intact" not in said or took > MOST_AWAY or ask(drill, "SELECT count(*) FROM pg_settings WHERE name = 'restore_command' AND setting <> ''") != "0":
        raise Failed(f"After {took:.0f} s:\n{said[-800:]}")
    return f"a row was kept {kept_after:.0f} s after it was written; without its database a page answers {away}; recovered and signed in after {took:.0f} s"


def restored(drill: Drill) -> str:
    """The last dump, into an empty database and in the place of a full one, with the private key on standard input alone."""
    drill.root.does("systemctl", "start", "rankfile-backup.service")
    people = ask(drill, "SELECT count(*) FROM people_person")
    newest = drill.root.does("sh", "-c", "ls -1 /var/backups/rankfile/dumps/*.age | tail -1")
    drill.root.does("systemctl", "stop", *looks.PARTS)
    began = time.monotonic()
    ask(drill, "DROP SCHEMA public CASCADE")
    ask(drill, "CREATE SCHEMA public AUTHORIZATION pg_database_owner")
    told = _restore(drill, newest)
    refused = drill.root.inside("rankfile", "restore", newest, "--identity", "-", text=drill.key + "\n")
    if refused.returncode != 1 or "not empty" not in refused.stdout:
        raise Failed(f"A full database was not refused: {refused.stdout[-300:]}")
    told = _restore(drill, newest, "--replace")  # by the database's own role, which is no superuser
    drill.root.does("systemctl", "start", *looks.PARTS)
    looks.all_up(drill.root)
    looks.sign_in(drill.root, DOMAIN, drill.accounts[1])
    took = time.monotonic() - began
    if told["ledger"] != "intact" or ask(drill, "SELECT count(*) FROM people_person") != people or took > MOST_AWAY:
        raise Failed(f"{told}, after {took:.0f} s")
    return f"the ledger is {told['ledger']} ({told['entries']} entries); signed in after {took:.0f} s"


def _restore(drill: Drill, file: str, *words: str) -> dict[str, object]:
    said = drill.rankfile("restore", file, "--identity", "-", "--json", *words, text=drill.key + "\n")
    return dict(json.loads(said.splitlines()[-1]))


def restart(drill: Drill) -> str:
    """The machine is told to stop, and started again: everything is there without anybody's hand."""
    drill.root.does("systemd-cat", "-t", "rankfile-proof", "echo", "a line of before the restart")
    drill.root.shut_down()
    began = time.monotonic()
    drill.root.boot()
    looks.all_up(drill.root)
    said = looks.sign_in(drill.root, DOMAIN, drill.accounts[1])
    if "a line of before the restart" not in drill.root.does("journalctl", "--no-pager", "-o", "cat", "-t", "rankfile-proof"):
        raise Failed("The journal of before the restart is gone.")
    drill.root.inside("systemctl", "stop", "proof-sink.service")
    return f"{said} {time.monotonic() - began:.0f} s after the start"
