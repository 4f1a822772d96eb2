"""The nightly job that keeps the promises of the retention table, and the pulse that says the workers live."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from committees.base import retention


@shared_task
def erase_what_is_due() -> None:
    """Run every purge of the retention table once."""
    retention.run(timezone.now())


@shared_task
def pulse(name: str = "scheduler") -> None:
    """Leave a mark that a task went through broker and worker; `up` and `doctor` look for it."""
    cache.set(f"pulse:{name}", timezone.now().isoformat(), 3600)
