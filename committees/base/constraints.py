"""Migration operations for what Django's models cannot say."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL


def same_committee(
    table: str,
    column: str,
    to_table: str,
    *,
    name: str,
    committee_column: str = "committee_id",
    to_committee_column: str = "committee_id",
    deferrable: bool = True,
) -> RunSQL:
    """A composite foreign key: `table.column` may only point at rows of `to_table` in the same committee.

    Needs a unique (id, committee) on `to_table` (`unique_with_committee`). A link across committees is then impossible,
    whatever the code above does.
    """
    late = " DEFERRABLE INITIALLY DEFERRED" if deferrable else ""
    return RunSQL(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY ("{column}", "{committee_column}") '
        f'REFERENCES "{to_table}" (id, "{to_committee_column}"){late}',
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"',
    )


def unique_with_committee(table: str, *, name: str, committee_column: str = "committee_id") -> RunSQL:
    """The key that `same_committee` points at."""
    return RunSQL(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" UNIQUE (id, "{committee_column}")',
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"',
    )


def only_known_steps(table: str, column: str, *steps: tuple[str, str], name: str) -> RunSQL:
    """A row's `column` changes only by these steps, each `(before, after)`; whatever the code above does.

    Raises a check_violation named `name`. Replaces the function where an earlier migration made it.
    """
    pairs = ", ".join(f"('{before}', '{after}')" for before, after in steps)
    function = f"{table}_{name}"
    return RunSQL(
        f"""
        CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (OLD.{column}, NEW.{column}) NOT IN ({pairs}) THEN
                RAISE EXCEPTION '% does not become %', OLD.{column}, NEW.{column} USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
            END IF;
            RETURN NEW;
        END $$;
        DROP TRIGGER IF EXISTS {name} ON {table};
        CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON {table}
            FOR EACH ROW WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION {function}();
        """,
        f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {function}();",
    )
