from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committees.base import crypto
from config.secrets import Keyring

ONE, TWO = b"1" * 32, b"2" * 32


@pytest.fixture
def keys(settings: Any) -> Any:
    def use(versions: dict[int, bytes]) -> None:
        settings.FIELD_KEYS = Keyring(versions)

    use({1: ONE})
    return use


@given(st.binary(max_size=2000))
def test_what_is_sealed_opens_again(plain: bytes) -> None:
    assert crypto.open_sealed(crypto.seal(plain, label="a.b"), label="a.b") == plain


@given(st.text(max_size=200), st.integers(0, 10_000), st.integers(1, 255))
def test_one_changed_bit_is_noticed(text: str, where: int, flip: int) -> None:
    sealed = bytearray(crypto.seal(text.encode(), label="a.b"))
    sealed[where % len(sealed)] ^= flip
    with pytest.raises(crypto.CannotOpen):
        crypto.open_sealed(bytes(sealed), label="a.b")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" * 13, b"\xff" * 40])
def test_a_fragment_does_not_open(keys: Any, sealed: bytes) -> None:
    with pytest.raises(crypto.CannotOpen):
        crypto.open_sealed(sealed, label="a.b")


def test_a_value_moved_to_another_column_does_not_open(keys: Any) -> None:
    sealed = crypto.seal(b"Room 4, side door", label="meetings.meeting.place")
    with pytest.raises(crypto.CannotOpen):
        crypto.open_sealed(sealed, label="meetings.meeting.link")


def test_the_same_text_is_never_sealed_the_same(keys: Any) -> None:
    assert len({crypto.seal(b"yes", label="a.b") for _ in range(50)}) == 50


def test_new_values_are_sealed_under_the_newest_key_and_old_ones_still_open(keys: Any) -> None:
    old = crypto.seal(b"old", label="a.b")
    keys({1: ONE, 2: TWO})
    new = crypto.seal(b"new", label="a.b")
    assert (crypto.sealed_version(old), crypto.sealed_version(new)) == (1, 2)
    assert crypto.open_sealed(old, label="a.b") == b"old"


def test_without_its_key_a_value_stays_shut_and_the_message_holds_nothing_of_it(keys: Any) -> None:
    old = crypto.seal(b"secret place", label="a.b")
    keys({2: TWO})
    with pytest.raises(crypto.CannotOpen) as problem:
        crypto.open_sealed(old, label="a.b")
    assert "secret" not in str(problem.value)


def test_a_look_up_survives_a_rotation_and_differs_by_purpose_and_server(keys: Any) -> None:
    before = crypto.lookup_hmac("a@b.example", purpose="contact")
    keys({1: ONE, 2: TWO})
    assert crypto.lookup_hmac("a@b.example", purpose="contact") == before
    assert crypto.lookup_hmac("a@b.example", purpose="removal") != before
    keys({1: TWO})
    assert crypto.lookup_hmac("a@b.example", purpose="contact") != before


def test_keys_for_different_purposes_differ(keys: Any) -> None:
    assert len({crypto.derived_key(purpose) for purpose in ("field", "lookup:contact", "ledger-signature", "limits:2026-11-22")}) == 4


def test_a_keyring_never_shows_its_keys() -> None:
    assert "1111" not in repr(Keyring({1: ONE})) + str(Keyring({1: ONE}))
