"""What is wrong with this server, and how to mend it: the questions `manage.py doctor` asks.

Each question answers in one finding and never stops the others. Nothing is changed, no letter is sent.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import redis
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.env import PRODUCTION, VAR
from config.services import dumps, ensure, locks, paths, proofs, up
from config.services.errors import ServiceFailed

OK, WARNING, WRONG = "ok", "warning", "wrong"
OLDEST_POSTGRES = 160000
EXTENSIONS = {"pg_trgm", "unaccent", "btree_gist"}
LEAST_FREE = 500_000_000
OLDEST_DUMP = timedelta(hours=26)  # one a night, and the night may be late


@dataclass(frozen=True)
class Finding:
    name: str
    state: str
    text: str
    remedy: str = ""


Answer = tuple[str, str, str]  # state, text, remedy


def python() -> Answer:
    number = ".".join(map(str, sys.version_info[:3]))
    return OK, f"Python {number}", ""


def services() -> Answer:
    """The embedded ones are started for the length of this command where they are not up."""
    if not settings.EMBEDDED & {"postgres", "valkey"}:
        return OK, "PostgreSQL and Redis of your own", ""
    try:
        started = ensure.services()
    except ServiceFailed as problem:
        return WRONG, str(problem), f"Read {VAR / 'log'}; `manage.py reset` begins anew where nothing there is worth keeping."
    running = "were not running; they start for this command alone" if started else "running"
    return OK, f"{running}, in {VAR}", ""


def database() -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, getdatabaseencoding(), current_setting('server_version')")
        number, encoding, version = cursor.fetchone()
        if number < OLDEST_POSTGRES:
            return WRONG, f"PostgreSQL {version}", "Use PostgreSQL 16 or newer (docs/decisions/0005-postgresql-floor.md)."
        if encoding != "UTF8":
            return WRONG, f"the database is in {encoding}", "Create it anew with ENCODING 'UTF8' (docs/running.md, “A database of your own”)."
        cursor.execute("SELECT array_agg(name::text) FROM pg_available_extensions")
        if missing := EXTENSIONS - set(cursor.fetchone()[0]):
            return WRONG, f"extensions are missing: {', '.join(sorted(missing))}", "Install PostgreSQL's contrib package."
    return OK, f"PostgreSQL {version.split()[0]}", ""


def letters() -> Answer:
    """Under the character type C trigram search finds nothing in Cyrillic, Arabic or Chinese."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
        if not cursor.fetchone()[0]:
            return WRONG, "search is not installed yet", "Run `manage.py migrate`."
        cursor.execute("SELECT cardinality(show_trgm('забастовка'))")
        if not cursor.fetchone()[0]:
            return WRONG, "search is blind for letters outside ASCII", "Create the database with LC_CTYPE 'C.UTF-8' (docs/running.md)."
    return OK, "search sees every script", ""


def migrations() -> Answer:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return WRONG, f"{len(missing)} migrations are not applied", "Run `manage.py migrate`."
    return OK, "all applied", ""


def cache_and_broker() -> Answer:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)
    try:
        client.ping()
        policy = client.config_get("maxmemory-policy").get("maxmemory-policy", "")
    except redis.ResponseError:
        policy = ""  # a hosted Redis may hide its configuration
    except (redis.RedisError, OSError) as problem:
        return WRONG, f"the cache cannot be reached ({type(problem).__name__})", "See REDIS_URL. Pages still work; limits are counted in the database."
    finally:
        client.close()
    if settings.REDIS_URL == settings.CELERY_BROKER_URL:
        return WARNING, "cache and broker share one database", "Give CELERY_BROKER_URL another number, or a flush of the cache empties the queues."
    if policy not in ("", "noeviction"):
        return WARNING, f"Redis evicts ({policy})", "Set maxmemory-policy noeviction: queued work must not be dropped."
    return OK, "cache and broker answer", ""


def workers() -> Answer:
    last = proofs.last_pulse("scheduler")
    if last is None:
        state = WRONG if PRODUCTION or locks.held_by_other(paths.run_folder() / up.UP_LOCK) else OK
        return state, "no scheduler and no worker has been seen in the last hour", "Start them (`make run`, or docs/running.md, “Production”)."
    age = datetime.now(UTC) - last
    if age > timedelta(minutes=2):
        return WARNING, f"the last pulse came {int(age.total_seconds() // 60)} minutes ago", "Is a worker running, and the scheduler?"
    return OK, f"last pulse {int(age.total_seconds())} s ago", ""


def mail() -> Answer:
    if "mail" in settings.EMBEDDED:
        return OK, f"kept in {VAR / 'mail'}, read at http://localhost:{paths.mail_reader_port()} while the server runs", ""
    try:
        return OK, proofs.mail_server(), ""
    except ServiceFailed as problem:
        return WRONG, str(problem), "See MAIL_URL, and whether this machine may reach the mail server."


def backups() -> Answer:
    """A dump of the last day, and a log that is being kept: what cannot be kept fills the disk."""
    if not PRODUCTION:
        return OK, "none of a demo", ""
    if not settings.BACKUP_FOLDER:
        return WARNING, "none are made here", "Set BACKUP_FOLDER and BACKUP_RECIPIENTS, and run `manage.py backup` each night (docs/deploying.md)."
    if stuck := _log_is_stuck():
        return WRONG, stuck, "Read PostgreSQL's own log. What is not kept stays in pg_wal, until the disk is full."
    made = [dumps.made_at(path) for path in dumps.kept(Path(settings.BACKUP_FOLDER))]
    if not made:
        return WARNING, f"{settings.BACKUP_FOLDER} holds no dump yet", "Run `manage.py backup`; the first night makes one too."
    age = datetime.now(UTC) - max(made)
    if age > OLDEST_DUMP:
        return WRONG, f"the last dump is {age.days * 24 + age.seconds // 3600} hours old", "Run `manage.py backup`, and see why the nightly one did not."
    return OK, f"the last dump is {age.seconds // 3600} hours old, {len(made)} are kept", ""


def _log_is_stuck() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('archive_mode'), last_failed_time > coalesce(last_archived_time, '-infinity') FROM pg_stat_archiver")
        mode, failing = cursor.fetchone()
    return "the write-ahead log cannot be kept" if mode != "off" and failing else ""


def clock() -> Answer:
    """Reminders and deadlines go by this clock; the database's rows by its own."""
    with connection.cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute("SELECT clock_timestamp()")
        apart = abs((cursor.fetchone()[0] - before).total_seconds())
    if apart > 2:
        return WRONG, f"this machine and the database differ by {apart:.0f} s", "Let both follow a time server (chrony, systemd-timesyncd)."
    return OK, f"differs from the database's by {apart:.2f} s", ""


def keys() -> Answer:
    """Every sealed value must have been sealed under a key we hold."""
    held = set(settings.FIELD_KEYS.keys)
    missing: dict[int, str] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            for field in model._meta.local_fields:
                if hasattr(field, "seal_label"):
                    column, table = connection.ops.quote_name(str(field.column)), connection.ops.quote_name(model._meta.db_table)
                    cursor.execute(f"SELECT DISTINCT get_byte({column}, 0) FROM {table} WHERE length({column}) > 0")  # noqa: S608  names of our own models
                    missing |= {version: field.seal_label for (version,) in cursor.fetchall() if version not in held}
    if missing:
        named = ", ".join(f"{version} (used by {label})" for version, label in sorted(missing.items()))
        return WRONG, f"field key {named} is not configured", "Put it back into FIELD_ENCRYPTION_KEYS: without it those values cannot be opened."
    return OK, f"field keys {', '.join(map(str, sorted(held)))}; {settings.FIELD_KEYS.current} seals", ""


def secrets() -> Answer:
    if PRODUCTION:
        return OK, "of your own", ""  # the settings refuse to load with a demo secret
    loose = [path.name for path in (VAR / "secrets").glob("*") if path.stat().st_mode & 0o077]
    if loose:
        return WRONG, f"others may read {', '.join(loose)}", f"Run `chmod 600 {VAR / 'secrets'}/*`."
    return OK, "made here for a demo; production refuses them", ""


def static_files() -> Answer:
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if settings.DEBUG or manifest.exists():
        return OK, "collected", ""
    return WRONG, "not collected", "Run `manage.py collectstatic --noinput`, or start with `make run`."


def disk() -> Answer:
    free = shutil.disk_usage(VAR if VAR.exists() else VAR.parent).free
    text = f"{free / 1e9:.1f} GB free"
    return (OK, text, "") if free > LEAST_FREE else (WRONG, text, f"Make room where {VAR} is: PostgreSQL stops when the disk is full.")


def demo() -> Answer:
    if (VAR / "demo-accounts.json").exists() and PRODUCTION:
        return WRONG, "demo accounts were loaded here", "Their passwords are public. Start with an empty database."
    if PRODUCTION:
        return OK, "none", ""
    return OK, "a demo server; not for real members", ""


def deployment() -> Answer:
    from django.core.checks import Tags, run_checks

    found = run_checks(tags=[Tags.security], include_deployment_checks=PRODUCTION)
    if found:
        return WARNING, "; ".join(f"{each.id}: {each.msg}" for each in found), "See `manage.py check --deploy`."
    return OK, "nothing found", ""


QUESTIONS: dict[str, Callable[[], Answer]] = {
    "python": python,
    "secrets": secrets,
    "services": services,  # before those that need them
    "database": database,
    "migrations": migrations,
    "search": letters,
    "keys": keys,
    "clock": clock,
    "cache": cache_and_broker,
    "workers": workers,
    "mail": mail,
    "backups": backups,
    "static files": static_files,
    "disk": disk,
    "demo": demo,
    "security": deployment,
}


def ask(name: str, question: Callable[[], Answer]) -> Finding:
    try:
        return Finding(name, *question())
    except Exception as problem:  # noqa: BLE001  a question that fails is itself a finding
        connection.close()
        first = str(problem).strip().splitlines()
        return Finding(name, WRONG, f"cannot be examined: {type(problem).__name__}{': ' + first[0] if first else ''}", "See the findings above.")


def findings() -> list[Finding]:
    cache.close()
    return [ask(name, question) for name, question in QUESTIONS.items()]


def summary(found: list[Finding]) -> dict[str, Any]:
    return {"ok": all(each.state != WRONG for each in found), "findings": [vars(each) for each in found]}
