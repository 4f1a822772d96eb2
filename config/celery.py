"""Celery: it only wakes workers. What is to be done stands in the database (docs/decisions/0003-outbox.md)."""

from __future__ import annotations

import os

from celery import Celery

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
)
app.autodiscover_tasks()
