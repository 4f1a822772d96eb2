"""What must run in django-spirit's own Python, for bench/spirit.py: `prepare` makes its tables and files, `look` signs its
reader in and counts what its pages ask the database, given as JSON on standard input."""

from __future__ import annotations

import json
import sys


def prepare() -> None:
    from django.core.management import call_command

    for command, options in (("migrate", {}), ("createcachetable", {}), ("collectstatic", {"interactive": False})):
        call_command(command, verbosity=0, **options)


def look() -> None:
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from bench import worlds

    pages, reader = json.load(sys.stdin)
    client = Client()
    client.force_login(get_user_model().objects.get(pk=reader), settings.AUTHENTICATION_BACKENDS[0])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    print(json.dumps({"session": session, "sql": worlds.statements(pages, session=session, cookie=settings.SESSION_COOKIE_NAME)}))


def run(verb: str) -> None:
    import django

    django.setup()
    {"prepare": prepare, "look": look}[verb]()
