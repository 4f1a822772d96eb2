"""Lookups that Django lacks."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, Lookup
from django.db.models.sql.compiler import SQLCompiler


@IntegerField.register_lookup
class Among(Lookup):
    """`id__among=[…]`: one of these numbers, given to PostgreSQL as one array. Unlike `in`, the query's text is the same
    for any number of them, so it can be prepared."""

    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        return self.rhs

    def get_db_prep_lookup(self, value: Any, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (list(value),)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", (*left_params, *right_params)
