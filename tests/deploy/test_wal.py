"""A real cluster whose log is archived: it is destroyed, and comes back as it was when the last segment was kept, or at an hour before."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest

from config.services import checkup, launch, postgres, sealing, wal
from config.services.errors import ServiceFailed

ROOT = Path(wal.__file__).resolve().parent.parent.parent


@dataclass
class Cluster:
    """A server that archives, in a folder of its own, with the private key on “another machine”."""

    top: Path
    server: postgres.Postgres
    pair: Any

    @property
    def archive(self) -> Path:
        return self.top / "archive" / wal.number_of(self.server.data)

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.conninfo, autocommit=True)

    @contextmanager
    def cursor(self) -> Iterator[psycopg.Cursor[Any]]:
        """As Django's connection gives one."""
        with self.connect() as line, line.cursor() as cursor:
            yield cursor

    @property
    def conninfo(self) -> str:
        return f"host={self.top / 'run'} user=rankfile dbname=rankfile"

    def write(self, word: str) -> None:
        """Commit a word and wait until the segment it stands in is kept."""
        with self.connect() as line:
            line.execute("CREATE TABLE IF NOT EXISTS said (word text, at timestamptz DEFAULT clock_timestamp())")
            line.execute("INSERT INTO said VALUES (%s)", [word])
            (name,) = line.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or ("",)
        deadline = time.monotonic() + 60
        while not (self.archive / "wal" / f"{name}.age").exists():
            assert time.monotonic() < deadline, f"{name} was not archived: {self.server.log.read_text()[-800:]}"
            time.sleep(0.05)

    def words(self) -> list[str]:
        with self.connect() as line:
            return [row[0] for row in line.execute("SELECT word FROM said ORDER BY at")]

    def lose(self) -> Path:
        """The data folder is gone; what was archived lies where it lies."""
        archive = self.archive
        self.server.stop()
        shutil.rmtree(self.server.data)
        return archive

    def recover(self, archive: Path, **options: str) -> None:
        wal.restore(self.server.data, archive, self.top / "private.key", **options)
        self.server.start()
        deadline = time.monotonic() + 60
        with self.connect() as line:
            while line.execute("SELECT pg_is_in_recovery()").fetchone() == (True,):
                assert time.monotonic() < deadline
                time.sleep(0.05)


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    top = Path(tempfile.mkdtemp(prefix="rankfile-wal-"))
    pair = pyrage.x25519.Identity.generate()
    (top / "recipients").write_text(f"{pair.to_public()}\n")
    (top / "private.key").write_text(f"{pair}\n")
    for name in ("run", "archive"):
        (top / name).mkdir(mode=0o700)
    command = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "config.services.wal", "put"]
    put = shlex.join([*command, "--folder", str(top / "archive"), "--recipients", str(top / "recipients")]) + " %p %f"
    monkeypatch.setattr(postgres, "SETTINGS", postgres.SETTINGS | {"archive_mode": "on", "archive_command": put, "max_connections": "20"})
    server = postgres.Postgres(top, top / "run", throw_away=True)
    if server.mode == launch.NOBODY:
        for path in (top, *top.rglob("*")):
            launch.give_to(path, server.mode)
    server.start()
    yield Cluster(top, server, pair)
    server.stop()
    shutil.rmtree(top)


@pytest.mark.slow
def test_a_lost_disk_costs_what_was_not_yet_kept_and_no_more(cluster: Cluster) -> None:
    copy = wal.base(cluster.top / "archive", [cluster.pair.to_public()], at=datetime.now(UTC), conninfo=cluster.conninfo)
    cluster.write("first, after the copy")
    with cluster.connect() as line:
        (hour,) = line.execute("SELECT clock_timestamp()").fetchone() or (None,)
    cluster.write("second, a sentinel word")
    assert not any(b"a sentinel word" in path.read_bytes() for path in (cluster.top / "archive").rglob("*.age"))
    assert copy.read_bytes().startswith(b"age-encryption.org/v1\n")

    archive = cluster.lose()
    assert wal.check(archive, [cluster.pair]) >= 3
    with pytest.raises(ServiceFailed, match="cannot be opened"):
        wal.check(archive, [pyrage.x25519.Identity.generate()])
    cluster.recover(archive, until=hour.isoformat())
    assert cluster.words() == ["first, after the copy"]
    cluster.write("third, on the next timeline")  # a recovered server archives on, beside what the lost one left

    assert cluster.lose() == archive
    cluster.recover(archive)
    assert cluster.words() == ["first, after the copy", "third, on the next timeline"]


def test_a_damaged_segment_stops_the_recovery_and_is_not_taken_for_the_end(tmp_path: Path) -> None:
    pair = pyrage.x25519.Identity.generate()
    key = tmp_path / "key"
    key.write_text(str(pair))
    (tmp_path / "wal").mkdir()
    (tmp_path / "segment").write_bytes(b"log" * 1000)
    with (tmp_path / "segment").open("rb") as source:
        sealing.seal(source, tmp_path / "wal" / "0001.age", [pair.to_public()])

    def get(name: str) -> int:
        return wal.main(["get", name, str(tmp_path / "out"), "--folder", str(tmp_path), "--identity", str(key)])

    assert get("0001") == 0
    assert (tmp_path / "out").read_bytes() == b"log" * 1000
    assert get("0002") == 1
    heap = bytearray((tmp_path / "wal" / "0001.age").read_bytes())
    heap[-3] ^= 1
    (tmp_path / "wal" / "0001.age").write_bytes(heap)
    assert get("0001") == wal.BROKEN


def test_a_segment_that_cannot_be_kept_is_reported_so_that_postgresql_tries_again(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "config.services.wal", "put", "x", "0001", "--folder", str(tmp_path), "--recipients", str(tmp_path / "none")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_what_is_older_than_thirty_days_goes_and_the_newest_copy_stays(tmp_path: Path) -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    (tmp_path / "wal").mkdir()
    for days in (40, 31, 29):
        (tmp_path / wal.BASE.format(at - timedelta(days=days))).touch()
        segment = tmp_path / "wal" / f"{days}.age"
        segment.touch()
        moment = (at - timedelta(days=days)).timestamp()
        os.utime(segment, (moment, moment))
    assert [name for name in wal.forget(tmp_path, at=at) if name[0].isdigit()] == ["31.age", "40.age"]
    assert len(wal.bases(tmp_path)) == 1
    assert wal.forget(tmp_path, at=at + timedelta(days=300)) == [], "an old copy is better than none, and its log belongs to it"
    assert (tmp_path / "wal" / "29.age").exists()


def test_a_restore_writes_over_nothing(tmp_path: Path) -> None:
    data, key = tmp_path / "data", tmp_path / "key"
    data.mkdir()
    (data / "PG_VERSION").write_text("18")
    key.write_text(str(pyrage.x25519.Identity.generate()))
    (tmp_path / wal.BASE.format(datetime.now(UTC))).touch()
    with pytest.raises(ServiceFailed, match="not empty"):
        wal.restore(data, tmp_path, key)


def test_the_doctor_names_a_log_that_cannot_be_kept(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """The archiver's own words, from a cluster whose archive has gone."""
    monkeypatch.setattr(checkup, "connection", cluster)
    assert checkup._log_is_stuck() == ""
    (cluster.top / "recipients").unlink()
    with cluster.connect() as line:
        line.execute("CREATE TABLE said (word text)")
        line.execute("SELECT pg_switch_wal()")
    deadline = time.monotonic() + 60
    while not checkup._log_is_stuck():
        assert time.monotonic() < deadline
        time.sleep(0.1)
