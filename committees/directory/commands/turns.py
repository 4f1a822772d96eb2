"""Whoever changes what a site is recognised by waits for their turn."""

from __future__ import annotations

from django.db import connection


def wait_for_turn() -> None:
    """One at a time, until the transaction ends: imports, edits and merges would otherwise take each other's sites for new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('directory.take_in'))")
