"""A server of this module alone: a database that may be destroyed, with a committee in it, and a pair of keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests import make

ADDRESS = "drill.sentinel@mail.example"


def command(name: str, *words: str, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command(name, *words, json=True, stdout=out, **options)
    return dict(json.loads(out.getvalue()))


@dataclass
class Disposable:
    """One database that a test may destroy, and where its backups lie."""

    name: str
    folder: Path
    pair: Any = field(default_factory=pyrage.x25519.Identity.generate)

    @property
    def private(self) -> Path:
        path = self.folder.parent / "private.key"
        path.write_text(f"# a drill's own\n{self.pair}\n")
        return path

    @property
    def public(self) -> str:
        return str(self.pair.to_public())

    def restore(self, file: Path, **options: Any) -> dict[str, Any]:
        return command("restore", str(file), **{"identity": str(self.private)} | options)

    def destroy(self) -> None:
        """As a lost disk would: the database is gone; an empty one stands in its place."""
        connection.close()
        with psycopg.connect(host=connection.settings_dict["HOST"], user=connection.settings_dict["USER"], dbname="postgres", autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            admin.execute(f'CREATE DATABASE "{self.name}" TEMPLATE template0')

    def remove(self) -> None:
        self.destroy()
        with psycopg.connect(host=connection.settings_dict["HOST"], user=connection.settings_dict["USER"], dbname="postgres", autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def backup(self) -> Path:
        return Path(command("backup", to=str(self.folder), key=[self.public])["file"])

    def content(self) -> dict[str, tuple[int, str]]:
        """A digest of the rows of each table."""
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            found = {}
            for table in tables:
                cursor.execute(f"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t")  # noqa: S608  Django's own list
                found[table] = cursor.fetchone()
        return found


@pytest.fixture(scope="module")
def disposable(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disposable]:
    folder = tmp_path_factory.mktemp("backups") / "dumps"
    folder.mkdir()
    tests_own = connection.settings_dict["NAME"]
    server = Disposable(f"{tests_own}_drill", folder)
    with django_db_blocker.unblock():
        server.destroy()
        connection.settings_dict["NAME"] = server.name
        ContentType.objects.clear_cache()
        try:
            call_command("migrate", verbosity=0, interactive=False)
            yield server
        finally:
            connection.close()
            connection.settings_dict["NAME"] = tests_own
            ContentType.objects.clear_cache()
            server.remove()


@dataclass
class Cast:
    slug: str
    sign_in_name: str
    person: Any


@pytest.fixture(scope="module")
def cast(disposable: Disposable) -> Cast:
    """A committee with a member who has a password, and somebody who applies."""
    committee = make.committee()
    ada = make.person(email=ADDRESS, password=make.PASSWORD)
    make.member(committee, by=ada)
    make.application(committee)
    return Cast(committee.slug, ada.sign_in_name, ada)
