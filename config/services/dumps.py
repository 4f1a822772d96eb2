"""Dumps of the database that only the holder of a key can read, and the way back.

A dump holds the whole database and no key of the server: sealed columns stay sealed in it. It is read in one snapshot while the
site runs; restoring happens in one transaction, all of it or nothing.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from config.services import sealing
from config.services.errors import ServiceFailed
from config.services.postgres import program

KEPT = timedelta(days=30)  # what was erased is gone from the backups a month later, too
NAME = "rankfile-{:%Y%m%dT%H%M%S%fZ}.dump" + sealing.SUFFIX
PATTERN = "rankfile-*.dump" + sealing.SUFFIX


def make(folder: Path, to: Iterable[Any], *, at: datetime) -> Path:
    """Dump the database into a new sealed file of the folder."""
    if not folder.is_dir():
        raise ServiceFailed(f"There is no folder {folder} to put backups into.")
    target = folder / NAME.format(at.astimezone(UTC))
    # Packed by us, around the whole: what is packed inside and outside is packed twice.
    command = [_program("pg_dump"), "--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--dbname={_address()}"]
    sealing.seal_output(command, target, to, env=_environment())
    return target


def kept(folder: Path) -> list[Path]:
    """The dumps of a folder, oldest first: their names say when they were made."""
    return sorted(folder.glob(PATTERN))


def made_at(path: Path) -> datetime:
    return datetime.strptime(path.name.split("-")[1].split(".")[0], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)


def spent(folder: Path, *, at: datetime) -> list[Path]:
    """The dumps that are kept no longer. The newest stays, however old: an old backup is better than none."""
    return [path for path in kept(folder)[:-1] if made_at(path) < at - KEPT]


def tables() -> list[str]:
    """The tables that the database holds now."""
    return sorted(connection.introspection.table_names())


def restore(sealed: Path, keys: Iterable[Any], *, replace: bool, only_try: bool = False) -> None:
    """Put a dump into the database, in one transaction. Refused where the database holds anything, unless it is to be replaced."""
    keys = list(keys)
    with open(os.devnull, "wb") as nowhere:
        sealing.unseal(sealed, nowhere, keys)  # a damaged file is known before anything is touched
    there = tables()
    if there and not replace:
        raise ServiceFailed(f"The database is not empty ({len(there)} tables). Only --replace puts the backup in the place of what is there.")
    if only_try:
        return
    if there:
        _empty()
    command = [_program("pg_restore"), "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={_address()}"]
    connection.close()
    with sealing.unsealing(sealed, keys) as dump:
        done = subprocess.run(command, stdin=dump, capture_output=True, text=True, env=_environment(), check=False)
    if done.returncode:
        raise ServiceFailed(f"The backup could not be restored: {done.stderr.strip()[-1000:]}")


def _empty() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


def end_sessions() -> int:
    """Sign everybody out: the backup may hold a session that its owner has ended since. Works on the tables of an older release too."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(apps.get_model('people', 'Session')._meta.db_table)}")  # noqa: S608  our own model
        return int(cursor.rowcount)


def _program(name: str) -> str:
    connection.ensure_connection()
    return str(program(name, connection.connection.info.server_version // 10000))


def _address() -> str:
    """Where the database is, as libpq's own words. The password goes by the environment: a command line can be read by all."""
    connection.ensure_connection()
    return make_conninfo(**connection.connection.info.get_parameters())


def _environment() -> dict[str, str]:
    connection.ensure_connection()
    bare = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC", "HOME": "/nonexistent"}
    password = connection.connection.info.password
    return bare | ({"PGPASSWORD": password} if password else {})
