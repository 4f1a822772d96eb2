"""A cache that may be gone. What is only remembered is then forgotten; what guards a limit is counted in the database.

Keys that guard something (GUARDED) often hold a network address or a mail address. They are never written as they are,
neither to Redis nor to the database: the key is an HMAC under a key derived for the day, which nothing stores.
"""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from committees.base import crypto

log = logging.getLogger(__name__)

#: Beginnings of keys that count attempts or mark a code as used.
GUARDED = ("allauth", "limit:")
#: After a failure Redis is left alone for so long, or each call of a request would wait for it in turn.
PAUSE_SECONDS = 10.0


class Tallies(Protocol):
    """Where guarded keys are kept while Redis is gone (people.tallies). `seconds` None means for good."""

    def get(self, key: str) -> Any: ...
    def set(self, key: str, value: Any, seconds: float | None) -> None: ...
    def add(self, key: str, value: Any, seconds: float | None) -> bool: ...
    def delete(self, key: str) -> bool: ...


_tallies: Tallies | None = None


def fall_back_to(tallies: Tallies) -> None:
    """Called once by the room that owns the table."""
    global _tallies
    _tallies = tallies


def hidden_key(key: str) -> str:
    """The HMAC of a guarded key under the key of this day (UTC)."""
    of_the_day = crypto.derived_key(f"limits:{timezone.now().date().isoformat()}")
    return hmac.new(of_the_day, key.encode(errors="replace"), "sha256").hexdigest()


def _or[T](instead: T) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Answer `instead` where Redis does not answer, and leave it alone for a while."""

    def wrap(call: Callable[..., T]) -> Callable[..., T]:
        @wraps(call)
        def soft(self: SoftRedisCache, *args: Any, **kwargs: Any) -> T:
            return self.attempt(lambda: call(self, *args, **kwargs), lambda: instead)

        return soft

    return wrap


class SoftRedisCache(RedisCache):
    """Django's Redis cache that never raises because Redis is away."""

    paused_until = 0.0

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        # One try of half a second: who waits is a person, and the database stands ready.
        quick = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry": Retry(NoBackoff(), 0)}
        super().__init__(server, {**params, "OPTIONS": {**params.get("OPTIONS", {}), **quick}})

    def attempt[T](self, call: Callable[[], T], instead: Callable[[], T]) -> T:
        cls = type(self)
        if time.monotonic() < cls.paused_until:
            return instead()
        try:
            return call()
        except (RedisError, OSError) as gone:
            cls.paused_until = time.monotonic() + PAUSE_SECONDS
            log.warning("the cache does not answer (%s): limits are counted in the database", type(gone).__name__)
            return instead()

    def _seconds(self, timeout: Any) -> float | None:
        return self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout

    def make_key(self, key: Any, version: int | None = None) -> str:
        name = str(key)
        return super().make_key(f"guard:{hidden_key(name)}" if name.startswith(GUARDED) else name, version)

    def _guarded(self, key: Any) -> str | None:
        name = str(key)
        return hidden_key(name) if _tallies is not None and name.startswith(GUARDED) else None

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        def instead() -> Any:
            name = self._guarded(key)
            kept = _tallies.get(name) if name and _tallies else None
            return default if kept is None else kept

        return self.attempt(lambda: super(SoftRedisCache, self).get(key, default, version), instead)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        def instead() -> None:
            if (name := self._guarded(key)) and _tallies:
                _tallies.set(name, value, self._seconds(timeout))

        self.attempt(lambda: super(SoftRedisCache, self).set(key, value, timeout, version), instead)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        def instead() -> bool:
            name = self._guarded(key)
            return _tallies.add(name, value, self._seconds(timeout)) if name and _tallies else True

        return self.attempt(lambda: super(SoftRedisCache, self).add(key, value, timeout, version), instead)

    def delete(self, key: Any, version: int | None = None) -> bool:
        def instead() -> bool:
            name = self._guarded(key)
            return _tallies.delete(name) if name and _tallies else False

        return self.attempt(lambda: super(SoftRedisCache, self).delete(key, version), instead)

    @_or(False)
    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return super().touch(key, timeout, version)

    @_or(False)
    def has_key(self, key: Any, version: int | None = None) -> bool:
        return super().has_key(key, version)

    @_or({})
    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return super().get_many(keys, version)

    @_or([])
    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[Any]:
        return super().set_many(data, timeout, version)

    @_or(None)
    def delete_many(self, keys: Any, version: int | None = None) -> None:
        return super().delete_many(keys, version)

    @_or(0)
    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return super().incr(key, delta, version)

    @_or(None)
    def clear(self) -> None:
        super().clear()
