"""Other ways to send the same mails with the same Celery worker, for bench/notices.py: nothing of what they do is kept."""

from __future__ import annotations

import os
import pickle
import smtplib
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from committees.people import queries as people
from committees.people.models import Channel

SENDER = "notices@localhost"


def ready_mails() -> Path:
    """Where the mails lie that are sent as they are: a list of (address, bytes)."""
    return Path(os.environ["RANKFILE_VAR"]) / "bench-mails"


@lru_cache(maxsize=1)
def _mails() -> list[tuple[str, bytes]]:
    return pickle.loads(ready_mails().read_bytes())  # noqa: S301 (we have written it)


@lru_cache(maxsize=1)
def _line(_process: int) -> smtplib.SMTP:
    """One open connection for each process."""
    server = urlsplit(settings.MAIL_URL)
    line = smtplib.SMTP(server.hostname or "", server.port or 25, timeout=30)
    line.ehlo()
    return line


@shared_task(name="bench.raw")
def raw(first: int, after: int) -> None:
    """A batch of ready bytes over an open connection."""
    line = _line(os.getpid())
    for to, mail in _mails()[first:after]:
        line.mail(SENDER)
        line.rcpt(to)
        line.docmd("DATA")
        line.send(mail + b".\r\n")
        code, _text = line.getreply()
        assert code == 250


@shared_task(name="bench.one")
def one(person_id: int, subject: str, text: str, html: str) -> None:
    """The ordinary way: a task for each mail looks the address up, builds a Django message and sends it. Its words are ready."""
    contact = people.addresses([person_id], Channel.EMAIL)[person_id]
    mail = EmailMultiAlternatives(subject, text, SENDER, [str(contact.address)])
    mail.attach_alternative(html, "text/html")
    mail.send()
