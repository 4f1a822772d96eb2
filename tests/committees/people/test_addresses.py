"""One way to write an address, whatever somebody types."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from committees.people import addresses, names
from committees.people.models import Channel


@pytest.mark.parametrize(
    ("typed", "sent_to"),
    [
        ("Ada.Lovelace@Example.ORG", "Ada.Lovelace@example.org"),
        ("  ada@example.org ", "ada@example.org"),
        ("mailto:ada@example.org", "ada@example.org"),
        ("ada@example.org.", "ada@example.org"),
        ("ada@münchen.example", "ada@xn--mnchen-3ya.example"),
        ("ada@XN--MNCHEN-3YA.example", "ada@xn--mnchen-3ya.example"),
        ("ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "ada@example.org"),
    ],
)
def test_an_email_address_is_cleaned(typed: str, sent_to: str) -> None:
    assert addresses.email(typed).sent_to == sent_to


def test_capitals_blanks_and_scripts_of_the_domain_lead_to_the_same_contact() -> None:
    spellings = ["Ada@münchen.example", "ada@MÜNCHEN.example", " ada@xn--mnchen-3ya.example "]
    assert len({addresses.email(typed).lookup for typed in spellings}) == 1


@pytest.mark.parametrize("typed", ["+44 7700 900123", "0044 7700-900123", "+44 (7700) 900.123", "＋447700900123"])
def test_a_phone_number_is_one_however_it_is_grouped(typed: str) -> None:
    assert addresses.phone(typed).sent_to == "+447700900123"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@@example.org",
        "a b@c",
        "ada@-x.org",
        "ada@example..org",
        "x" * 300 + "@example.org",
        "\x00@\x00",
        "ada@\ud800.org",
    ],
)
def test_what_is_no_email_address_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"like name@example\.org"):
        addresses.email(typed)


@pytest.mark.parametrize("typed", ["07700 900123", "+0 123", "+44", "12345678901234567890", "+44x7700900123"])
def test_a_number_without_its_country_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValidationError, match="country code"):
        addresses.phone(typed)


def test_an_alias_tells_nothing_and_differs_by_channel() -> None:
    address = addresses.email("worker@example.org")
    assert "worker" not in address.alias
    assert address.alias.endswith("@email.invalid")
    assert addresses.Address(Channel.PHONE, address.sent_to, address.found_by).lookup != address.lookup


@given(st.text(max_size=80))
def test_no_text_makes_it_stumble(typed: str) -> None:
    for understand in (addresses.email, addresses.phone, addresses.either):
        try:
            address = understand(typed)
        except ValidationError:
            continue
        assert understand(address.sent_to) == address


def test_made_up_names_are_words_and_a_number_and_are_found_however_they_are_typed() -> None:
    name = names.sign_in_name()
    *words, number = name.split("-")
    assert len(words) == 3
    assert set(words) <= set(names.words())
    assert 100 <= int(number) <= 999
    assert names.clean_sign_in_name(f" {' '.join(words).title()} {number} ") == name


def test_the_words_are_short_plain_and_each_there_once() -> None:
    words = names.words()
    assert len(words) == len(set(words)) >= 400
    assert all(word.isascii() and word.islower() and 3 <= len(word) <= 9 for word in words)


def test_a_code_for_the_paper_is_known_without_its_dashes_and_capitals() -> None:
    code = names.paper_code()
    assert len(code) == 24
    assert names.paper_digest(code.lower().replace("-", "")) == names.paper_digest(f" {code} ")
    assert names.paper_digest(code) != names.paper_digest(names.paper_code())
