"""Passwords are hashed by the site's own hasher at a hundredth of its cost: hundreds of accounts are made, dozens sign in.

Servers that a test starts as processes of their own hash as ever; tests/committees/people/test_passwords.py looks at the real setting.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import override_settings


class QuickArgon2(Argon2PasswordHasher):
    time_cost, memory_cost, parallelism = 1, 1024, 1


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.QuickArgon2"]):
        yield
