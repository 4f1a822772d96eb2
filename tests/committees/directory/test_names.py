"""What is the same name, and by which words something is found."""

from __future__ import annotations

from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committees.directory import names, scripts
from committees.directory.terms import _slips, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wacker-Chemie AG", "WACKER CHEMIE"),
        ("Yale University", "yale  university."),
        ("Equity Residential Services, L.L.C.", "Equity Residential Services LLC"),
        ("S.A. Cimenteries CBR", "Cimenteries CBR"),
        ("Aperam Châtelet", "APERAM CHATELET"),
        ("Albertson's LLC", "Albertson’s"),
        ("Pacific Gas & Electric Co.", "Pacific Gas and Electric Company"),
        ("The Mount Sinai Hospital", "Mount Sinai Hospital"),
        ("POLDI TRADE a.s.", "Poldi Trade, a. s."),
        ("ООО «Ромашка»", "Ромашка"),
        ("株式会社トヨタ", "トヨタ"),
        ("Novo Nordisk A/S", "Novo Nordisk"),
        ("Heinrich Meier Eisengiesserei GmbH & Co KG", "Heinrich Meier Eisengießerei"),
    ],
)
def test_one_name_in_two_spellings(one: str, other: str) -> None:
    assert names.name_key(one) == names.name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("voestalpine Stahl GmbH", "voestalpine Stahl Donawitz GmbH"),
        ("Ford Motor Company", "Ford Otosan"),
        ("University of Leeds", "University of Leeds Union"),
        ("Kia", "Ikea"),
    ],
)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert names.name_key(one) != names.name_key(other)


def test_a_name_that_is_only_a_legal_form_is_still_a_name() -> None:
    assert names.name_key("Company") == "company"
    assert names.name_key("AG") == "ag"


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(text: str) -> None:
    """Folding twice changes nothing, and nothing breaks on any text."""
    key = names.name_key(text)
    assert names.name_key(key) == key or names.name_key(names.name_key(key)) == names.name_key(key)
    assert names.fold(names.fold(text)) == names.fold(text)
    assert all(len(word) <= names.MAX_WORD + 1 for word in names.search_words([text]))
    assert not any("\x00" in word or " " in word for word in names.search_words([text]))


@given(st.text(max_size=60))
def test_whatever_is_typed_as_it_is_written_is_found(text: str) -> None:
    """The words of a site hold every form of every word that somebody reads on its gate and types."""
    have = set(names.search_words([text]))
    assert all(have.issuperset(names.forms(word)) for word in names.words(text))


@given(st.text(max_size=40))
def test_folded_words_stay_as_they_are(text: str) -> None:
    """Case, marks and width make no second word: what was folded once is folded."""
    for word in names.words(text):
        assert names.fold(word) == word
        assert names.fold(word.upper()) == names.fold(word.upper().lower())


@given(st.from_regex(r"[A-Za-z]{2,4}[0-9]{1,4}", fullmatch=True), st.sampled_from(["", "-", " ", "/", ".", " - "]))
def test_a_code_is_one_code_however_it_is_divided(code: str, between: str) -> None:
    letters, digits = code.rstrip("0123456789"), code.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert names.code_key(f"{letters}{between}{digits}") == names.code_key(code.lower()) == code.upper()
    typed = terms(f"{letters}{between}{digits}")
    assert all(code.lower() in term.written for term in typed), "however it is typed, the whole code is asked for"


@given(st.text(ascii_lowercase, min_size=4, max_size=5), st.data())
def test_any_slip_of_the_finger_in_a_short_word_is_thought_of(word: str, data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(word) - 2))
    letter = data.draw(st.sampled_from(ascii_lowercase))
    typed = {
        word[:i] + word[i + 1] + word[i] + word[i + 2 :],
        word[:i] + word[i + 1 :],
        word[:i] + letter + word[i + 1 :],
        word[:i] + letter + word[i:],
    }
    assert all(word in _slips(one) for one in typed - {word})


@pytest.mark.parametrize(
    ("word", "heard"),
    [("Coventry", "kfntr"), ("Ковентри", "kfntr"), ("koventri", "kfntr"), ("كوفنتري", "kfntr"), ("कोवेंट्री", "kfntr"), ("Κόβεντρι", "kfntr")],
)
def test_a_town_sounds_the_same_in_every_alphabet(word: str, heard: str) -> None:
    assert scripts.sound(scripts.latin(names.fold(word))) == heard


def test_short_words_have_no_sound_of_their_own() -> None:
    assert scripts.sound("leo") == ""
    assert scripts.sound("bhx4") == ""


def test_scripts_without_spaces_are_found_by_their_parts() -> None:
    assert {"富士", "士康"} <= set(names.search_words(["富士康"]))


def test_codes_are_compared_without_dress() -> None:
    assert names.code_key("bhx-4") == names.code_key("BHX 4") == "BHX4"


def test_a_place_is_its_town_region_and_country() -> None:
    assert names.place_key("St. Louis", "Missouri", "US") == names.place_key("Saint Louis", "missouri", "US")
    assert names.place_key("Springfield", "Illinois", "US") != names.place_key("Springfield", "Ohio", "US")
    assert names.place_key("Springfield", "", "US") != names.place_key("Springfield", "", "CA")
