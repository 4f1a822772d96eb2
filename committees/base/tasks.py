"""The nightly job that keeps the promises of the retention table."""

from celery import shared_task
from django.utils import timezone

from committees.base import retention


@shared_task
def erase_what_is_due() -> None:
    """Run every purge of the retention table once."""
    retention.run(timezone.now())
