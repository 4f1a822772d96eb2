"""`manage.py mailsink`: the local mail server that keeps every message and passes none on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.services import mailsink
from config.services.errors import ServiceFailed


class Command(BaseCommand):
    """Serves until Ctrl-C. `manage.py up` starts it by itself unless MAIL_URL names another server."""

    help = "Keep all mail that this server sends in var/mail and show it in a browser. Example: MAIL_READER_PORT=8025 manage.py mailsink"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            mailsink.run()
        except ServiceFailed as problem:
            raise CommandError(str(problem)) from None
