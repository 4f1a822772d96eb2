from __future__ import annotations

import uuid
from collections import Counter

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from committees.base import slugs, tokens
from committees.base.once import OnceForm, OnceKeyField
from committees.people.models import Person


def test_slugs_are_random_readable_and_all_different() -> None:
    made = [slugs.new() for _ in range(5000)]
    assert len(set(made)) == 5000
    assert {len(slug) for slug in made} == {slugs.LENGTH}
    assert set("".join(made)) == set(slugs.ALPHABET)
    assert not set(slugs.ALPHABET) & set("aeiouy01l")
    first_letters = Counter(slug[0] for slug in made)
    assert max(first_letters.values()) < 3 * min(first_letters.values())


def test_a_row_gets_its_slug_when_it_is_made_and_keeps_it(db: None) -> None:
    person = Person.objects.create(sign_in_name="ada")
    slug = person.slug
    person.save()
    person.refresh_from_db()
    assert person.slug == slug
    with pytest.raises(IntegrityError):
        Person.objects.create(sign_in_name="ben", slug=slug)


def test_a_token_is_given_once_and_stored_as_its_digest() -> None:
    token, kept = tokens.new()
    assert tokens.digest(token) == kept
    assert token not in kept
    assert len(kept) == 64
    assert len({tokens.new()[0] for _ in range(1000)}) == 1000


@given(st.text(st.characters(), max_size=100))
def test_anything_has_a_digest(token: str) -> None:
    """What arrives in a URL may be no text at all: never an error."""
    assert len(tokens.digest(token)) == 64


def test_a_creating_form_carries_a_fresh_key_each_time_it_is_drawn() -> None:
    drawn = {OnceForm()["form_key"].value() for _ in range(20)}
    assert len(drawn) == 20
    assert 'type="hidden"' in str(OnceForm()["form_key"])


@pytest.mark.parametrize("key", ["", "x", "1", "\x00", "0" * 500])
def test_a_form_without_its_key_is_refused(key: str) -> None:
    form = OnceForm({"form_key": key})
    assert not form.is_valid()


def test_the_key_comes_back_as_it_was_posted() -> None:
    key = uuid.uuid4()
    form = OnceForm({"form_key": str(key)})
    assert form.is_valid()
    assert form.cleaned_data["form_key"] == key


def test_the_column_is_unique_and_may_be_empty_for_rows_that_no_form_made() -> None:
    field = OnceKeyField()
    assert (field.unique, field.null, field.editable) == (True, True, False)
