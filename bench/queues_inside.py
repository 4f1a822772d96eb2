"""What must run in the Python of django-post-office and django-mailer, for bench/queues.py: so many mails, given as JSON on standard
input, are put into the queue of one of them, in the way that it documents for many."""

from __future__ import annotations

import json
import sys

SENDER = "notices@localhost"


def fill(name: str) -> None:
    import django

    django.setup()
    said = json.load(sys.stdin)
    people = [f"large{number}@mail.example" for number in range(said["mails"])]
    {"django-post-office": _post_office, "django-mailer": _mailer}[name](people, said)


def _post_office(people: list[str], said: dict[str, str]) -> None:
    from post_office import mail  # type: ignore[import-not-found]

    common = {"sender": SENDER, "subject": said["subject"], "message": said["text"], "html_message": said["html"]}
    mail.send_many([{"recipients": [each], **common} for each in people])


def _mailer(people: list[str], said: dict[str, str]) -> None:
    import mailer  # type: ignore[import-not-found]
    from django.db import transaction

    with transaction.atomic():
        for each in people:
            mailer.send_html_mail(said["subject"], said["text"], said["html"], SENDER, [each])
