"""Celery's front door to what follows from the clock. Reminders come by the outbox's own tick (wiring.py)."""

from celery import shared_task
from django.utils import timezone

from organizing.meetings import commands


@shared_task
def follow_the_clocks() -> None:
    """Every night: meetings in zones whose rules have changed keep their wall time, and people are told."""
    commands.follow_the_clocks(timezone.now())
