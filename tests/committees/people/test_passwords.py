"""What passwords are hashed with. The tests themselves hash at a hundredth of this (tests/passwords.py)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, identify_hasher, make_password

from committees.people import conf


def test_the_site_hashes_with_argon2_at_no_less_than_its_usual_cost(settings: Any) -> None:
    settings.PASSWORD_HASHERS = conf.PASSWORD_HASHERS
    hashed = make_password("paper lamp in the river")
    hasher = identify_hasher(hashed)
    assert type(hasher) is Argon2PasswordHasher
    cost = hasher.decode(hashed)
    assert cost["variety"] == "argon2id"
    assert cost["memory_cost"] >= 100 * 1024
    assert cost["time_cost"] >= 2
    assert check_password("paper lamp in the river", hashed)
    assert not check_password("paper lamp in the lake", hashed)
