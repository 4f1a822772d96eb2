"""Emptying the cache, over one connection that stays open: it is done before each test, and before each request of some.

The list of help pages is there again at once, as on a running server, where only the first page after a minute asks for it.
"""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from redis import Redis

from committees.base.softcache import SoftRedisCache
from committees.guides import menu


@lru_cache(maxsize=1)
def _cache() -> Redis:
    found: Redis = Redis.from_url(settings.CACHES["default"]["LOCATION"])
    return found


def forget() -> None:
    """Limits count from nothing, and a Redis that was absent is asked again."""
    SoftRedisCache.paused_until = 0.0
    _cache().flushdb()
    cache.set(menu.KEY, [], menu.SECONDS)
