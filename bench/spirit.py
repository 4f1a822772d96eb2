"""django-spirit with the same forum as ours, for the comparison of bench/forum.py.

It is installed from the registry into an environment of its own, made with the Python that runs this, and served by the same
program on the same PostgreSQL. Its tables are filled from ours: the same members, boards, topics, posts with their HTML, and
how far everybody has read.
"""

from __future__ import annotations

import json
import os
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import lib
from bench.made_forum import LONG, READ, bare

VERSION = "0.14.1"
WSGI = "spirit.extra.project_template.project_name.wsgi:application"
DATABASE = "spirit"

#: Its table and columns, and the question that gives the rows from ours. Its first two categories it makes itself.
_COPIES = {
    """auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)""": """
        SELECT i + 1, '!', false, 'member' || i, '', '', 'member' || i || '@mail.example', false, true, now() FROM bench_member""",
    """spirit_user_userprofile (user_id, slug, location, last_seen, last_ip, timezone, is_administrator, is_moderator, is_verified,
        topic_count, comment_count, last_post_hash, last_post_on, nickname, avatar, notify)""": """
        SELECT m.i + 1, 'member' || m.i, '', now(), NULL, 'UTC', false, false, true, 0, 0, '', NULL, f.handle, '', 25
        FROM bench_member m JOIN membership_membership f USING (id)""",
    """spirit_category_category (id, title, slug, description, color, sort, reindex_at, is_global, is_closed, is_removed, is_private)""": """
        SELECT id + 100, name, 'board-' || id, '', '', id, now(), true, false, false, false FROM forum_board WHERE name <> ''""",
    """spirit_topic_topic (id, user_id, category_id, title, slug, date, last_active, reindex_at, is_pinned, is_globally_pinned, is_closed,
        is_removed, view_count, comment_count)""": """
        SELECT t.id, m.i + 1, t.board_id + 100, t.title, 'topic', t.started_at, t.last_at, t.last_at, t.pinned > 0, false, false, false, 0,
        t.last_position FROM forum_topic t JOIN bench_member m ON m.id = t.started_by_id""",
    """spirit_comment_comment (id, user_id, topic_id, comment, comment_html, action, date, is_removed, is_modified, ip_address,
        modified_count, likes_count)""": """
        SELECT p.id, m.i + 1, p.topic_id, p.source, p.html, 0, p.published_at, false, false, NULL, 0, 0
        FROM forum_post p JOIN bench_member m ON m.id = p.membership_id""",
    """spirit_comment_bookmark_commentbookmark (user_id, topic_id, comment_number)""": """
        SELECT m.i + 1, r.topic_id, r.position FROM forum_readmark r JOIN bench_member m USING (person_id)""",
}


def install() -> Path:
    """Its Python; made once."""
    return lib.python_with("spirit", f"django-spirit=={VERSION}", *(f"{name}=={version(name)}" for name in ("granian", "psycopg", "psycopg-binary")))


class Spirit:
    """Its tables in a database beside ours, filled from it. To be made inside a world that holds a forum."""

    def __init__(self, python: Path, folder: Path) -> None:
        from django.db import connection

        ours: dict[str, Any] = {name: value for name, value in connection.get_connection_params().items() if name in ("host", "port", "user", "dbname")}
        self._python, self._ours = python, ours
        self.environment = {
            "SPIRIT_FOLDER": str(folder / "spirit"),
            "SPIRIT_DATABASE": DATABASE,
            "SPIRIT_HOST": str(ours["host"]),
            "SPIRIT_USER": str(ours.get("user") or ""),
        }
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {DATABASE}")
        self._run("prepare")
        self._fill()

    def _run(self, verb: str, said: Any = None) -> Any:
        env = os.environ | self.environment | {"DJANGO_SETTINGS_MODULE": "bench.spirit_settings", "PYTHONPATH": str(lib.ROOT)}
        argv = [self._python, "-c", f"from bench import spirit_inside; spirit_inside.run({verb!r})"]
        done = subprocess.run(argv, cwd=lib.ROOT, env=env, check=True, input=json.dumps(said), stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout) if done.stdout else None

    def _fill(self) -> None:
        import psycopg

        with psycopg.connect(**self._ours) as ours, psycopg.connect(**self._ours | {"dbname": DATABASE}, autocommit=True) as theirs:
            into = theirs.cursor()
            into.execute("SET maintenance_work_mem = '512MB'")
            for table, question in _COPIES.items():
                with (
                    bare(into, table.split(maxsplit=1)[0]),
                    ours.cursor().copy(f"COPY ({question}) TO STDOUT") as rows,
                    into.copy(f"COPY {table} FROM STDIN") as copied,
                ):
                    for block in rows:
                        copied.write(block)
            for table in _COPIES:
                name = table.split(maxsplit=1)[0]
                question = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"  # noqa: S608 (one of ours)
                theirs.execute(question)
            theirs.execute("VACUUM ANALYZE")

    def look(self, board: int, pages: int) -> dict[str, Any]:
        """Its pages beside ours, the session of its reader, and what the pages ask the database. `pages`: of the long topic."""
        paths = _paths(board, pages)
        return self._run("look", [paths, 1]) | {"pages": paths}

    def serve(self) -> lib.Server:
        return lib.Server(WSGI, settings="bench.spirit_settings", python=str(self._python), **self.environment)


def _paths(board: int, pages: int) -> dict[str, str]:
    """The names are those of our pages in bench/forum.py."""
    category, topic, long = f"/category/{board + 100}/board-{board}/", f"/topic/{READ + 1}/topic/", f"/topic/{LONG + 1}/topic/"
    paths = {"index": "/", "board": category, "topic": topic, "long, page 1": long, "long, last": f"{long}?page={pages}"}
    return paths | {"index *": "/", "board *": category, "topic *": topic}
