"""Emptying the cache, over one connection that stays open: it is done before each test, and before each request of some."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from redis import Redis

from committees.base.softcache import SoftRedisCache


@lru_cache(maxsize=1)
def _cache() -> Redis:
    found: Redis = Redis.from_url(settings.CACHES["default"]["LOCATION"])
    return found


def forget() -> None:
    """Limits count from nothing, and a Redis that was absent is asked again."""
    SoftRedisCache.paused_until = 0.0
    _cache().flushdb()
