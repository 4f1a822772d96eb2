"""Looking for strings in everything the server writes: the database's dump, its files, Redis, the logs.

A sentinel is a made-up word that stands nowhere else. What is looked for is the word itself and the forms in which it
might hide: hexadecimal (a dump's bytea), base64 in its three alignments, and UTF-16.
"""

from __future__ import annotations

import base64
import binascii
import io
import logging
import logging.config
import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from redis import Redis

from tests.safety.words import WORDS


@lru_cache(maxsize=512)
def forms(word: str) -> tuple[bytes, ...]:
    """The ways in which a word may stand in a heap of bytes, in lower case where case says nothing."""
    plain = word.encode()
    found = {plain.lower(), binascii.hexlify(plain), plain.decode().encode("utf-16-le").lower()}
    return tuple(found)


@lru_cache(maxsize=512)
def encoded(word: str) -> tuple[bytes, ...]:
    """Base64 of the word, wherever it begins in a longer text."""
    plain = word.encode()
    found = set()
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + plain).rstrip(b"=")
        begin, end = (0, 2, 3)[shift], len(whole) - 1
        found |= {whole[begin:end], whole[begin:end].replace(b"+", b"-").replace(b"/", b"_")}
    return tuple(found)


class Search:
    """Many words at once: one pass over a heap finds the beginnings of all of them, and only where one begins is looked further."""

    STEM = 6

    def __init__(self, words: Iterable[str]) -> None:
        self._folded: dict[bytes, list[tuple[bytes, str]]] = defaultdict(list)
        self._exact: dict[bytes, list[tuple[bytes, str]]] = defaultdict(list)
        for word in words:
            for into, ways in ((self._folded, forms(word)), (self._exact, encoded(word))):
                for way in ways:
                    assert len(way) >= self.STEM, f"{word} is too short to be looked for"
                    into[way[: self.STEM]].append((way, word))
        self._begins = [(_beginning(stems), stems) for stems in (self._folded, self._exact) if stems]

    def found_in(self, heap: bytes) -> set[str]:
        """Those of the words that stand in the heap in any of their forms."""
        found: set[str] = set()
        for begins, stems in self._begins:
            where = heap.lower() if stems is self._folded else heap
            for stem in {where[match.start() : match.start() + self.STEM] for match in begins.finditer(where)}:
                found |= {word for way, word in stems[stem] if way in where}
        return found


def _beginning(stems: Iterable[bytes]) -> re.Pattern[bytes]:
    """Any of the stems, which all are equally long; only the first letter is eaten, so that one may begin inside another."""
    rests: dict[bytes, list[bytes]] = defaultdict(list)
    for stem in stems:
        rests[stem[:1]].append(re.escape(stem[1:]))
    return re.compile(b"|".join(re.escape(first) + b"(?=" + b"|".join(each) + b")" for first, each in rests.items()), re.DOTALL)


def holds(heap: bytes, word: str) -> bool:
    """Whether the word stands in the heap in any of its forms."""
    return bool(Search([word]).found_in(heap))


# -- What is written ----------------------------------------------------------------------------------------------------


def dump() -> bytes:
    """A full dump of the test's database, as a backup would hold it."""
    from config.services.postgres import binaries

    database = settings.DATABASES["default"]
    done = subprocess.run(
        [binaries() / "pg_dump", "-h", database["HOST"], "-U", database["USER"], "--no-owner", connection.settings_dict["NAME"]],
        capture_output=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    )
    assert b"people_person" in done.stdout
    return done.stdout


def data_files(*, since: float = 0.0) -> Iterator[tuple[str, bytes]]:
    """The files of the server's data folder: tables, indexes and the write-ahead log; those written to since that time
    (seconds of the epoch), and of all databases only the test's own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid::text FROM pg_database WHERE datname = current_database()")
        (ours,) = cursor.fetchone()
        cursor.execute("CHECKPOINT")
    folder = Path(os.environ["RANKFILE_VAR"]) / "postgres"
    found = set()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if path.is_file() and path.stat().st_mtime >= since and (inside[:1] != ("base",) or inside[1:2] == (ours,)):
            found.add(inside[0])
            yield "/".join(inside), path.read_bytes()
    assert {"base", "pg_wal"} <= found, "neither a table nor the write-ahead log was read"


def in_redis() -> bytes:
    """Every key of every database of the test's Valkey, with all it holds: cache and broker."""
    heap = []
    for number in range(64):
        redis = Redis(unix_socket_path=settings.REDIS_URL.split("://")[1].split("?")[0], db=number)
        for key in redis.scan_iter(count=1000):
            heap += [key, redis.dump(key) or b"", _values(redis, key)]
        redis.close()
    return b"\n".join(heap)


def _values(redis: Any, key: bytes) -> bytes:
    match redis.type(key):
        case b"string":
            return bytes(redis.get(key) or b"")
        case b"list":
            return b"\n".join(redis.lrange(key, 0, -1))
        case b"set":
            return b"\n".join(redis.smembers(key))
        case b"hash":
            return b"\n".join(part for pair in redis.hgetall(key).items() for part in pair)
        case b"zset":
            return b"\n".join(redis.zrange(key, 0, -1))
    return b""


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """What the server would write to its log at level INFO, made by its own formatters and filters."""
    stream = io.StringIO()
    config = {
        **settings.LOGGING,
        "handlers": {name: {**handler, "stream": stream} for name, handler in settings.LOGGING["handlers"].items()},
        "root": {**settings.LOGGING["root"], "level": "INFO"},
        "loggers": {
            name: {**logger, "level": max(logger.get("level", "INFO"), "INFO", key=logging.getLevelName)}
            for name, logger in settings.LOGGING["loggers"].items()
        },
    }
    logging.config.dictConfig(config)
    try:
        yield stream
    finally:
        logging.config.dictConfig(settings.LOGGING)


#: What stands on the boards that the committee at home lets those who keep the service see, and why it asked them.
GRANTED = [("joint", "home"), ("joint", "late"), *((kind, whose) for kind in ("topic", "post") for whose in ("home", "late", "home.reply", "answer"))]


def without_what_was_granted(body: bytes, url: str) -> bytes:
    """Of a page of support, what the committee at home let those who keep the service see: its own boards, and why it asked. On any
    other page of theirs, and of any other committee, the same words are a leak."""
    if not url.startswith("/keeping/support/"):
        return body
    for kind, whose in GRANTED:
        word = WORDS.given.get(kind, {}).get(whose)
        body = body.replace(word.encode(), b"") if word else body
    return body
