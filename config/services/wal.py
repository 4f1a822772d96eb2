"""The write-ahead log, kept sealed from minute to minute, so that a lost disk costs minutes and not a day.

PostgreSQL itself calls `put` for each finished segment (archive_command) and `get` while it recovers (restore_command); `base` is a
copy of the whole cluster that the log continues. All of it is sealed to public keys (sealing.py). Each cluster has a folder under the
number it was made with, so that a new one never writes over what an old one left.

python -m config.services.wal put PATH NAME --folder FOLDER --recipients FILE     in the cluster's data folder
python -m config.services.wal base --folder FOLDER --recipients FILE              as a user who may replicate
python -m config.services.wal get NAME PATH --folder FOLDER/NUMBER --identity FILE
python -m config.services.wal check --folder FOLDER/NUMBER --identity FILE        that all of it opens
python -m config.services.wal restore DATA --folder FOLDER/NUMBER --identity FILE [--until "2026-05-01 12:00+00"]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import struct
import sys
import tarfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config.services import sealing
from config.services.errors import ServiceFailed
from config.services.postgres import program

KEPT = timedelta(days=30)
BASE = "base-{:%Y%m%dT%H%M%S%fZ}.tar" + sealing.SUFFIX
#: PostgreSQL takes a restore_command that ends so for broken; anything below 126 means “there is no such segment”, the end of the log.
BROKEN = 126


def number_of(data: Path) -> str:
    """The number that a cluster was made with: the first eight bytes of its control file."""
    return str(struct.unpack("=Q", (data / "global" / "pg_control").read_bytes()[:8])[0])


def put(segment: Path, name: str, folder: Path, to: list[Any]) -> None:
    """Seal one finished segment. Called again for the same one after a crash, it writes the same again."""
    kept = folder / number_of(Path()) / "wal"
    kept.mkdir(mode=0o750, parents=True, exist_ok=True)
    with segment.open("rb") as source:
        sealing.seal(source, kept / (name + sealing.SUFFIX), to)


def get(name: str, target: Path, folder: Path, keys: list[Any]) -> bool:
    """Open one segment for a server that recovers. False where there is none: the log ends there."""
    sealed = folder / "wal" / (name + sealing.SUFFIX)
    if not sealed.exists():
        return False
    with target.open("wb") as out:
        sealing.unseal(sealed, out, keys)
    return True


def base(folder: Path, to: list[Any], *, at: datetime, conninfo: str = "") -> Path:
    """A sealed copy of the running cluster with the log it needs to stand by itself; then what is too old goes."""
    import psycopg

    with psycopg.connect(conninfo or "dbname=postgres") as connection:
        major = connection.info.server_version // 10000
        row = connection.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
        assert row is not None
    kept = folder / str(row[0])
    kept.mkdir(mode=0o750, parents=True, exist_ok=True)
    command = [str(program("pg_basebackup", major)), "--format=tar", "--pgdata=-", "--wal-method=fetch", "--checkpoint=fast"]
    target = kept / BASE.format(at.astimezone(UTC))
    sealing.seal_output([*command, *([f"--dbname={conninfo}"] if conninfo else [])], target, to, env=os.environ)
    forget(kept, at=at)
    return target


def bases(folder: Path) -> list[Path]:
    """The copies of a cluster, oldest first."""
    return sorted(folder.glob("base-*.tar" + sealing.SUFFIX))


def made_at(copy: Path) -> datetime:
    return datetime.strptime(copy.name.removeprefix("base-").split(".")[0], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)


def forget(folder: Path, *, at: datetime) -> list[str]:
    """Let go of copies and segments that are older than thirty days. The newest copy, and what continues it, always stays."""
    copies = bases(folder)
    going = [copy for copy in copies[:-1] if made_at(copy) < at - KEPT]
    if copies:
        oldest = min(at - KEPT, made_at(copies[-1]))
        going += [path for path in (folder / "wal").glob("*" + sealing.SUFFIX) if path.stat().st_mtime < oldest.timestamp()]
    for path in going:
        path.unlink()
    return sorted(path.name for path in going)


def chosen(folder: Path, until: str = "") -> Path:
    """The newest copy, or the newest before a time."""
    wanted = datetime.fromisoformat(until) if until else None
    if wanted is not None and wanted.tzinfo is None:
        raise ServiceFailed(f"Say the zone of {until} too: 2026-05-01 12:00+00.")
    fitting = [copy for copy in bases(folder) if wanted is None or made_at(copy) < wanted]
    if not fitting:
        raise ServiceFailed(f"{folder} holds no copy{' of before ' + until if until else ''}.")
    return fitting[-1]


def check(folder: Path, keys: list[Any], *, until: str = "") -> int:
    """Open the copy and all that continues it to the end, and keep nothing: better before a server is stopped than after. The number of pieces."""
    copy = chosen(folder, until)
    pieces = [copy, *(path for path in sorted((folder / "wal").glob("*" + sealing.SUFFIX)) if path.stat().st_mtime >= made_at(copy).timestamp())]
    pieces += [path for path in (folder / "wal").glob("*.history" + sealing.SUFFIX) if path not in pieces]
    with open(os.devnull, "wb") as nowhere:
        for path in pieces:
            sealing.unseal(path, nowhere, keys)
    return len(pieces)


def restore(data: Path, folder: Path, identity: Path, *, until: str = "") -> Path:
    """Lay out a copy so that a server started on it plays the log to its end, or to a time.

    `data` must be empty. The server reads the private key while it recovers, and never again."""
    keys, copy = sealing.identities(identity.read_text()), chosen(folder, until)
    if data.exists() and any(data.iterdir()):
        raise ServiceFailed(f"{data} is not empty. Move it aside first; nothing is written over.")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with sealing.unsealing(copy, keys) as reader, tarfile.open(fileobj=reader, mode="r|") as archive:
        archive.extractall(data, filter=_ours)  # noqa: S202  filtered, and sealed by ourselves
        while reader.read(1 << 20):  # what tar pads its end with
            pass
    data.chmod(0o700)
    command = ["env", f"PYTHONPATH={_code()}", sys.executable, "-m", "config.services.wal", "get"]
    words = shlex.join([*command, "--folder", str(folder.resolve()), "--identity", str(identity.resolve())]).replace("%", "%%") + " %f %p"
    settings = {"restore_command": words, "recovery_target_timeline": "latest", "recovery_target_action": "promote"}
    settings |= {"recovery_target_time": until} if until else {}
    with (data / "postgresql.auto.conf").open("a") as out:
        out.writelines(f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items())
    (data / "recovery.signal").touch()
    return copy


def _ours(member: tarfile.TarInfo, into: str) -> tarfile.TarInfo:
    """The files belong to whoever lays them out, whatever number the server's user had on the lost machine."""
    return tarfile.tar_filter(member, into).replace(uid=None, gid=None, uname=None, gname=None, deep=False)  # type: ignore[arg-type]


def _code() -> Path:
    return Path(__file__).resolve().parent.parent.parent


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.services.wal", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    acts = parser.add_subparsers(dest="act", required=True)
    shared: dict[str, dict[str, Any]] = {
        "--folder": {"type": Path, "required": True, "help": "where the sealed files lie"},
        "--recipients": {"type": Path, "required": True, "help": "a file of public keys"},
        "--identity": {"type": Path, "required": True, "help": "a file with the private key"},
        "--until": {"default": "", "help": "recover to this time, with its zone; else to the end of the log"},
        "--conninfo": {"default": "", "help": "how the server is reached; else as libpq finds it"},
    }
    for act, places, options in (
        ("put", ("segment", "name"), ("--folder", "--recipients")),
        ("get", ("name", "target"), ("--folder", "--identity")),
        ("check", (), ("--folder", "--identity", "--until")),
        ("base", (), ("--folder", "--recipients", "--conninfo")),
        ("restore", ("data",), ("--folder", "--identity", "--until")),
    ):
        each = acts.add_parser(act)
        for place in places:
            each.add_argument(place, type=str if place == "name" else Path)
        for option in options:
            each.add_argument(option, **shared[option])
    return parser


def _do(options: argparse.Namespace) -> int:
    match options.act:
        case "put":
            put(options.segment, options.name, options.folder, sealing.recipients(options.recipients.read_text()))
        case "get":
            return 0 if get(options.name, options.target, options.folder, sealing.identities(options.identity.read_text())) else 1
        case "base":
            print(base(options.folder, sealing.recipients(options.recipients.read_text()), at=datetime.now(UTC), conninfo=options.conninfo))
        case "check":
            print(f"{check(options.folder, sealing.identities(options.identity.read_text()), until=options.until)} pieces open with this key")
        case "restore":
            print(restore(options.data, options.folder, options.identity, until=options.until))
    return 0


def main(words: Sequence[str] | None = None) -> int:
    os.umask(0o027)
    options = _parser().parse_args(words)
    try:
        return _do(options)
    except (ServiceFailed, OSError, ValueError) as problem:
        with contextlib.suppress(OSError):
            print(problem, file=sys.stderr)
        return BROKEN if options.act == "get" else 1


if __name__ == "__main__":
    sys.exit(main())
