"""Emptying the test database between tests, where tables refuse to be emptied.

Django truncates every table after a test with real transactions. The ledger's triggers refuse that, as they must; only
here, in the statement that empties a test database, they are set aside (which takes a superuser, as our test server's is).
"""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True, scope="session")
def flushing_sets_triggers_aside() -> None:
    from django.db.backends.postgresql.operations import DatabaseOperations

    plain = DatabaseOperations.sql_flush

    def sql_flush(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        statements = plain(self, *args, **kwargs)
        return ["SET LOCAL session_replication_role = replica", *statements] if statements else []

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
