"""Celery: it only wakes workers. What is to be done stands in the database (docs/decisions/0003-outbox.md)."""

from __future__ import annotations

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init

from config.env import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("rankfile")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_default_queue="default",
    task_routes={"committees.notices.tasks.send_urgent": {"queue": "urgent"}, "committees.notices.tasks.*": {"queue": "mail"}},
    task_time_limit=240,
    task_soft_time_limit=200,
    timezone="UTC",
    broker_transport_options={"visibility_timeout": 300, "socket_connect_timeout": 1, "socket_timeout": 5},
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=1,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    beat_max_loop_interval=5,
    beat_schedule={
        # Says that scheduler, broker and worker live; `manage.py up` and `manage.py doctor` look at it.
        "pulse": {"task": "committees.base.tasks.pulse", "schedule": env.float("SCHEDULER_PULSE", default=10.0)},
        "notices-sweep": {"task": "committees.notices.tasks.sweep", "schedule": 60.0, "options": {"expires": 55}},
        "notices-tick": {"task": "committees.notices.tasks.tick", "schedule": 60.0, "options": {"expires": 55}},
        "notices-returned": {"task": "committees.notices.tasks.read_returned", "schedule": 60.0, "options": {"expires": 55}},
        "clocks": {"task": "organizing.meetings.tasks.follow_the_clocks", "schedule": crontab(hour=3, minute=37)},
        "retention": {"task": "committees.base.tasks.erase_what_is_due", "schedule": crontab(hour=3, minute=17)},
    },
)
app.autodiscover_tasks()


@worker_init.connect
def be_gentle(**kwargs: object) -> None:
    """Where both want the processor, somebody who waits for a page comes before the mails of a large sending."""
    os.nice(env.int("WORKER_NICE", default=5))
