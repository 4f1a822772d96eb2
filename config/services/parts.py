"""The parts of a running server: what each is started with, and how to know that it answers."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from config.env import ROOT, VAR, env
from config.services import paths, ports, processes
from config.services.errors import ServiceFailed
from config.services.supervisor import Part, python

QUEUES = "urgent,mail,default"


def host() -> str:
    return str(env("HOST", default="127.0.0.1"))


def port() -> int:
    return env.int("PORT", default=8000)


def _log(name: str) -> Path:
    return VAR / "log" / f"{name}.log"


def _environment(**more: str) -> dict[str, str]:
    """Ours, for the children. Only the web server keeps connections open between two pieces of work."""
    base = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    return os.environ | base | {"DATABASE_POOLED": "0"} | more


def web() -> Part:
    """Granian over WSGI. Its threads stay below the connection pool, so that no request waits for a connection."""
    pool = env.int("DATABASE_POOL", default=8)
    threads = max(1, min(env.int("WEB_THREADS", default=pool - 1), pool))
    options = {
        "--interface": "wsgi",
        "--host": host(),
        "--port": str(port()),
        "--workers": str(env.int("WEB_WORKERS", default=1)),
        "--blocking-threads": str(threads),
        "--backpressure": str(env.int("WEB_BACKPRESSURE", default=16 * threads)),
        "--workers-kill-timeout": "10",
        "--log-level": "warning",
    }
    flags = [word for pair in options.items() for word in pair]
    command = python("-m", "granian", *flags, "--no-ws", "--respawn-failed-workers", "config.wsgi:application")
    return Part("web server", command, _environment(DATABASE_POOLED="1"), _log("web"), page_answers)


def page_answers() -> bool:
    status, _body = front_page()
    if status == 400:
        raise ServiceFailed("The front page refuses its own name: is the host of SITE_URL in ALLOWED_HOSTS?")
    if status > 400:
        raise ServiceFailed(f"The front page answers with error {status}. The log is {_log('web')}.\n{processes.tail(_log('web'))}")
    return 200 <= status < 400


def front_page() -> tuple[int, bytes]:
    site = urlsplit(str(env("SITE_URL", default="http://localhost")))
    address = "127.0.0.1" if host() in ("0.0.0.0", "::") else host()  # noqa: S104  a comparison, not a binding
    return ports.page(port(), "/", address, named=site.hostname or "localhost", secure=site.scheme == "https")


def worker() -> Part:
    concurrency = str(env.int("WORKER_CONCURRENCY", default=2))
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    command = python("-m", "celery", "-A", "config", "worker", "-Q", QUEUES, "-c", concurrency, "-l", "WARNING", *quiet)
    return Part("worker", command, _environment(), _log("worker"))


def scheduler() -> Part:
    """Celery beat. No pid file: one that a crash left behind would keep it from starting."""
    (VAR / "beat").mkdir(mode=0o700, parents=True, exist_ok=True)
    command = python("-m", "celery", "-A", "config", "beat", "-s", str(VAR / "beat" / "schedule"), "--pidfile=", "-l", "WARNING")
    return Part("scheduler", command, _environment(), _log("scheduler"))


def dispatcher() -> Part:
    """Sends what is due without a broker, so that mail flows when Redis is away."""
    return Part("dispatcher", python("manage.py", "dispatch"), _environment(), _log("dispatcher"))


#: What a service manager runs for good (`python -m config.services.run NAME`); deploy/ has a unit for each.
PARTS: dict[str, Callable[[], Part]] = {"web": web, "worker": worker, "scheduler": scheduler, "dispatcher": dispatcher}


def mail_sink() -> Part:
    def answers() -> bool:
        return ports.smtp_answers("127.0.0.1", paths.mail_sink_port()) and ports.page(paths.mail_reader_port(), "/")[0] == 200

    return Part("mail sink", python("-m", "config.services.mailsink"), _environment(), _log("mailsink"), answers)
