"""`manage.py up`: the whole server on one machine, with the services it needs."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.services import up
from config.services.errors import ServiceFailed
from config.services.supervisor import Stopped


class Command(BaseCommand):
    """Starts everything in order and stays until Ctrl-C. Exit code 0 after a clean stop, 1 with a plain reason."""

    help = (
        "Start PostgreSQL, Valkey, the web server, a worker, the scheduler, the dispatcher and a mail sink; stop with Ctrl-C. "
        "With DATABASE_URL, REDIS_URL, CELERY_BROKER_URL and MAIL_URL set, yours are used instead. "
        "Example: manage.py up --exit-when-ready"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--exit-when-ready", action="store_true", help="Prove each part once, say what each step took, and stop.")
        parser.add_argument("--json", action="store_true", help="With --exit-when-ready: print the steps as JSON at the end, nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["json"] and not options["exit_when_ready"]:
            raise CommandError("--json goes with --exit-when-ready.")
        prove = options["exit_when_ready"]
        up.scheduler_pulse(prove=prove)
        run = up.Up((lambda line: None) if options["json"] else self._say, prove=prove)
        problem = ""
        try:
            run.run()
        except Stopped:
            problem = "stopped before everything answered" if prove else ""
        except ServiceFailed as failed:
            problem = str(failed)
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not problem, "problem": problem, "steps": run.steps}))
        if problem:
            raise CommandError(problem)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
