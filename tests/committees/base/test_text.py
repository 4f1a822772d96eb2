from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committees.base import text

ANY = st.text(st.characters(), max_size=200)
HIDDEN = ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\u2060", "\U000e0041", "\x00", "\x1b", "\x7f", "\x9f", "\ud800"]


@given(ANY)
def test_a_clean_line_is_one_line_without_hidden_characters_and_stays_clean(typed: str) -> None:
    clean = text.clean_line(typed)
    assert text.clean_line(clean) == clean
    assert clean == clean.strip()
    assert "\n" not in clean
    assert "  " not in clean
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in clean)
    assert not any(c in clean for c in HIDDEN)


@pytest.mark.parametrize(("typed", "clean"), [("e\u200b\u0301", "é"), ("a \u200b b", "a b"), ("\u1100\u3164\u1161", "가")])
def test_what_a_hidden_character_kept_apart_comes_together(typed: str, clean: str) -> None:
    assert text.clean_line(typed) == clean


@given(ANY)
def test_a_clean_text_keeps_its_lines_and_stays_clean(typed: str) -> None:
    clean = text.clean_text(typed)
    assert text.clean_text(clean) == clean
    assert "\r" not in clean
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in clean)
    assert not any(c in clean for c in HIDDEN)
    clean.encode()  # no half of a surrogate pair is left: PostgreSQL and mail would refuse it


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_hides_or_turns_text_is_gone(hidden: str) -> None:
    assert text.clean_line(f"Night{hidden}shift") == "Nightshift"
    assert text.clean_text(f"Night{hidden}shift") == "Nightshift"


def test_what_languages_need_stays() -> None:
    for word in ("Zażółć", "نیروی کار", "夜勤の労働者", "काम", "Größe", "naïve"):
        assert text.clean_line(word) == unicodedata.normalize("NFKC", word)
    joined = "می\u200cخواهم"  # Persian needs the zero-width non-joiner
    assert text.clean_text(joined) == joined


def test_newlines_become_one_kind() -> None:
    assert text.clean_text("a\r\nb\rc\n") == "a\nb\nc"


LOOK_ALIKES = [
    ("Night shift", "NIGHT  SHIFT"),
    ("Night shift", "Nightshift"),
    ("Night shift", "night-shift"),
    ("Paolo", "Раоlо"),  # Cyrillic Р, а, о
    ("Paolo", "Pаоlо"),
    ("Ostap", "Оstар"),
    ("Zoe", "Zoë"),
    ("Robin", "R0bin"),
    ("Sil", "5i1"),
    ("Ada", "Ａｄａ"),  # full width
    ("Ada", "A\u200bda"),
    ("ada", "𝐚𝐝𝐚"),
    ("ava", "ανα"),  # Greek
]


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKES)
def test_names_that_a_reader_would_confuse_have_one_skeleton(one: str, other: str) -> None:
    assert text.skeleton(one) == text.skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("Dock 4", "Dock 7"), ("Ada", "Ana"), ("Зинаида", "Зоя"), ("夜勤", "日勤"), ("Ben", "Bea")])
def test_different_names_keep_different_skeletons(one: str, other: str) -> None:
    assert text.skeleton(one) != text.skeleton(other)


@given(ANY)
def test_a_skeleton_is_its_own_skeleton(typed: str) -> None:
    """Else a handle could be taken by giving its skeleton."""
    bone = text.skeleton(typed)
    assert text.skeleton(bone) == bone
    assert text.skeleton(typed.upper()) == text.skeleton(typed.upper().lower())


@pytest.mark.parametrize(("name", "mixed"), [("Pаolo", True), ("Ada Зинаида", False), ("Зинаида", False), ("Αda", True), ("夜勤 shift", False), ("", False)])
def test_a_word_of_two_alphabets_is_an_impostors(name: str, mixed: bool) -> None:
    assert text.mixes_scripts(name) is mixed
