"""Emptying the test database between tests, where tables refuse to be emptied.

Django truncates every table after a test with real transactions. The ledger's triggers refuse that, as they must; only
here, in the statement that empties a test database, they are set aside (which takes a superuser, as our test server's is).
With them the foreign keys are set aside too, so that only those tables need to be emptied that hold anything.
"""

from __future__ import annotations

from typing import Any

import pytest

#: To truncate makes new files for every table and index there is; to delete a few rows is a hundred times quicker. What was
#: deleted stays in the files until something clears it, so a table that has grown is truncated, and all others with it.
_EMPTY = """
DO $$
DECLARE
  name text;
  filled boolean;
BEGIN
  IF EXISTS (SELECT FROM unnest(ARRAY[{tables}]) AS each WHERE pg_relation_size(each::regclass) > 512 * 1024) THEN
    {truncate}
  ELSE
    FOREACH name IN ARRAY ARRAY[{tables}] LOOP
      IF pg_relation_size(name::regclass) > 0 THEN
        EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO filled;
        IF filled THEN
          EXECUTE 'DELETE FROM ' || name;
        END IF;
      END IF;
    END LOOP;
  END IF;
END $$
"""


@pytest.fixture(autouse=True, scope="session")
def flushing_sets_triggers_aside() -> None:
    from django.db.backends.postgresql.operations import DatabaseOperations

    plain = DatabaseOperations.sql_flush

    def sql_flush(self: Any, style: Any, tables: list[str], *, reset_sequences: bool = False, allow_cascade: bool = False) -> list[str]:
        statements = plain(self, style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        if not statements:
            return []
        if not reset_sequences:
            names = ", ".join(f"'{self.quote_name(table)}'" for table in sorted(tables))
            statements = [_EMPTY.format(tables=names, truncate="\n    ".join(each.rstrip(";") + ";" for each in statements))]
        return ["SET LOCAL session_replication_role = replica", *statements]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
