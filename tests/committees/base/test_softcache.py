from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache, caches
from redis import Redis

from committees.base import softcache
from committees.people.models import Tally

CLIENT = "allauth.rl:login:ip:203.0.113.7"


@pytest.fixture
def no_redis(settings: Any) -> Iterator[Any]:
    """The cache as it is when nothing listens."""
    softcache.SoftRedisCache.paused_until = 0.0
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock?db=1"}}
    caches.close_all()
    yield caches["default"]
    softcache.SoftRedisCache.paused_until = 0.0


def everything_in_redis(settings: Any) -> bytes:
    redis = Redis.from_url(settings.REDIS_URL)
    return b"\n".join(key + b" " + (redis.get(key) or b"" if redis.type(key) == b"string" else b"") for key in redis.keys("*"))


def test_a_key_that_guards_a_limit_is_never_written_as_it_is(settings: Any) -> None:
    cache.set(CLIENT, [1, 2], 60)
    assert cache.get(CLIENT) == [1, 2]
    assert b"203.0.113.7" not in everything_in_redis(settings)
    cache.set("page:today", "x", 60)
    assert b"page:today" in everything_in_redis(settings)


def test_the_hidden_name_changes_with_the_day() -> None:
    with time_machine.travel(datetime(2026, 11, 22, 23, 59, tzinfo=UTC)):
        before = softcache.hidden_key(CLIENT)
        assert softcache.hidden_key(CLIENT) == before
    with time_machine.travel(datetime(2026, 11, 23, 0, 1, tzinfo=UTC)):
        assert softcache.hidden_key(CLIENT) != before


@pytest.mark.django_db
def test_without_redis_nothing_fails_and_what_is_only_remembered_is_forgotten(no_redis: Any) -> None:
    no_redis.set("page:today", "x")
    assert no_redis.get("page:today", "other") == "other"
    assert no_redis.add("page:today", "x") is True
    assert no_redis.get_many(["a"]) == {}
    assert no_redis.incr("a") == 0
    no_redis.delete("a")
    no_redis.clear()
    assert not Tally.objects.exists()


@pytest.mark.django_db
def test_without_redis_limits_are_counted_in_the_database(no_redis: Any) -> None:
    assert no_redis.add(CLIENT, 1, 60) is True
    assert no_redis.add(CLIENT, 1, 60) is False
    no_redis.set(CLIENT, [3, 4], 60)
    assert no_redis.get(CLIENT) == [3, 4]
    assert Tally.objects.get().key == softcache.hidden_key(CLIENT)
    no_redis.delete(CLIENT)
    assert no_redis.get(CLIENT) is None


@pytest.mark.django_db
def test_an_expired_count_starts_again(no_redis: Any) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 5, 40, tzinfo=UTC), tick=False) as clock:
        assert no_redis.add(CLIENT, 1, 60) is True
        clock.shift(61)
        assert no_redis.get(CLIENT) is None
        assert no_redis.add(CLIENT, 1, 60) is True


@pytest.mark.django_db
def test_after_a_failure_redis_is_left_alone_for_a_while(no_redis: Any, monkeypatch: Any) -> None:
    """Else every call of a request would wait for it in turn."""
    no_redis.get("a")
    tried: list[int] = []
    no_redis.attempt(lambda: tried.append(1), lambda: None)
    assert tried == []
    monkeypatch.setattr(softcache.SoftRedisCache, "paused_until", 0.0)
    no_redis.attempt(lambda: tried.append(1), lambda: None)
    assert tried == [1]
