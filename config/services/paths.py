"""Where each service is: the address given in the environment, else the embedded one under VAR."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.env import PRODUCTION, VAR, env

#: Tests that start a worker of their own name the test database here.
DATABASE_NAME: str = env("RANKFILE_DATABASE", default="rankfile")
DATABASE_USER = "rankfile"

#: A unix socket's whole path must fit in 104 bytes (macOS; Linux allows 108). The longest name in the folder has 18.
LONGEST_SOCKET_FOLDER = 84


def run_folder(var: Path = VAR) -> Path:
    """The folder of sockets, locks and pid files: VAR/run, or one under the temp folder where that path is too long."""
    own = var / "run"
    if len(os.fsencode(own)) <= LONGEST_SOCKET_FOLDER:
        return own
    name = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"rankfile-{os.geteuid()}-{name}"


def embedded() -> frozenset[str]:
    """Which services this checkout runs by itself: those for which the environment names no other server."""
    ours = set()
    if not env("DATABASE_URL", default=""):
        ours.add("postgres")
    if not (env("REDIS_URL", default="") and env("CELERY_BROKER_URL", default="")):
        ours.add("valkey")
    if not env("MAIL_URL", default=""):
        ours.add("mail")
    if PRODUCTION and ours:
        names = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL and CELERY_BROKER_URL", "mail": "MAIL_URL"}
        missing = ", ".join(names[service] for service in sorted(ours))
        raise ImproperlyConfigured(f"Production needs its own servers. Set {missing} (docs/running.md, “Production”).")
    return frozenset(ours)


def database() -> dict[str, Any]:
    """Django's settings for the embedded PostgreSQL, reached through its socket."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE_NAME,
        "USER": DATABASE_USER,
        "HOST": str(run_folder()),
    }


def _number(db: int) -> int:
    """Test processes that share one Valkey each get their own pair of databases."""
    return db + env.int("RANKFILE_REDIS_OFFSET", default=0)


def redis_url(db: int) -> str:
    return f"unix://{run_folder()}/valkey.sock?db={_number(db)}"


def broker_url() -> str:
    return f"redis+socket://{run_folder()}/valkey.sock?virtual_host={_number(0)}"


def mail_reader_port() -> int:
    """Where a person reads the sink's mail in a browser."""
    return env.int("MAIL_READER_PORT", default=env.int("PORT", default=8000) + 25)


def mail_sink_port() -> int:
    """Where the sink speaks SMTP."""
    return env.int("MAIL_SINK_PORT", default=env.int("PORT", default=8000) + 26)


def mail_url() -> str:
    return f"smtp://127.0.0.1:{mail_sink_port()}"
