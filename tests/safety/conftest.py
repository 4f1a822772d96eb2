from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.push_service import PushService
from tests.safety.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world of world.py, once for all tests of a module, in a transaction that is taken back after them.

    Its tests are marked `django_db` (else pytest-django makes no database); what each of them changes is taken back too.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        made = build()
        made.sign_everybody_in()  # here, for what a test makes itself is taken back with it
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def push_service(settings: Any) -> Iterator[PushService]:
    """A push service that takes what is sent to the browsers of a test (world.allow_push)."""
    running = PushService()
    settings.PUSH_TEST_ORIGIN = running.origin
    yield running
    running.close()
