"""Proves once that each part of a running server does its work: a page, a task, a tick, a mail."""

from __future__ import annotations

import secrets
import smtplib
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage as Mail
from django.utils.dateparse import parse_datetime
from kombu.exceptions import OperationalError

from config.celery import app
from config.env import VAR
from config.services import parts, paths
from config.services.errors import ServiceFailed
from config.services.mailbox_folder import Folder

NEWEST = 1000
PULSE = "committees.base.tasks.pulse"


def _until(found: Callable[[], bool], seconds: float, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not found():
        if time.monotonic() > deadline:
            raise ServiceFailed(otherwise)
        time.sleep(0.05)


def last_pulse(name: str) -> datetime | None:
    """When the named pulse last went through broker and worker."""
    return parse_datetime(cache.get(f"pulse:{name}") or "")


def page() -> str:
    status, body = parts.front_page()
    if status != 200 or b"<html" not in body:
        raise ServiceFailed(f"The front page answered {status or 'nothing'} instead of a page.")
    return f"{len(body) / 1024:.0f} KiB of HTML"


def task(seconds: float = 120) -> str:
    """Put a task into the broker; a real worker takes it and leaves a mark."""
    name = secrets.token_hex(8)
    began = time.monotonic()
    try:
        app.send_task(PULSE, args=[name], queue="default")
    except OperationalError as problem:
        raise ServiceFailed(f"The broker does not answer: {problem}") from None
    _until(lambda: last_pulse(name) is not None, seconds, f"No worker took a task within {seconds:.0f} seconds. See {VAR / 'log' / 'worker.log'}.")
    return f"through broker and worker in {time.monotonic() - began:.2f} s"


def tick(since: datetime, seconds: float = 60) -> str:
    """Wait for a pulse that the scheduler sent by itself."""

    def came() -> bool:
        last = last_pulse("scheduler")
        return last is not None and last > since

    _until(came, seconds, f"The scheduler did not tick within {seconds:.0f} seconds. See {VAR / 'log' / 'scheduler.log'}.")
    return "through scheduler, broker and worker"


def mail(seconds: float = 30) -> str:
    """Send a mail over SMTP and find it in the sink; with a mail server of one's own, only see that it takes a letter."""
    if "mail" not in paths.embedded():
        return mail_server()
    name = secrets.token_hex(8)
    folder = Folder(VAR / "mail")
    address = f"{name}@proof.invalid"
    seen = set(folder.names(limit=NEWEST))

    def arrived() -> bool:
        fresh = [each for each in folder.names(limit=NEWEST) if each not in seen]
        seen.update(fresh)
        return any(letter.envelope_to == address for each in fresh if (letter := folder.read(each)))

    Mail("Proof: mail leaves this server", "Sent by `manage.py up`.", to=[address]).send()
    _until(arrived, seconds, "A mail was sent and did not arrive in the sink.")
    return "over SMTP into the sink"


def mail_server() -> str:
    """See whether the mail server of our own takes a letter, without sending one."""
    where = urlsplit(settings.MAIL_URL)
    options = cast("dict[str, Any]", settings.MAILERS["default"]["OPTIONS"])
    kind = smtplib.SMTP_SSL if options.get("use_ssl") else smtplib.SMTP
    try:
        with kind(where.hostname or "localhost", options["port"], timeout=options.get("timeout", 10)) as line:
            if options.get("use_tls"):
                line.starttls()
            if options.get("username"):
                line.login(options["username"], options["password"])
            line.noop()
    except (OSError, smtplib.SMTPException) as problem:
        raise ServiceFailed(f"The mail server {where.hostname}:{options['port']} does not take our mail: {problem}") from None
    return f"{where.hostname} takes our mail (no letter was sent)"
