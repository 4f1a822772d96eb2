"""The frame of all mails."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import css_inline
import pytest
from django.template import Context, Template
from django.utils import translation

from committees.base import dates

MAIL = """{% extends "_ui/mail/base.html" %}
{% block preheader %}Sign in to see it.{% endblock %}
{% block lead %}<p><b>7:00 pm</b>, New York time</p>{% endblock %}
{% block body %}<p class="soft">{{ words }}</p>{% include "_ui/mail/answers.html" %}{% include "_ui/mail/button.html" with url="https://site.example/x" words="Sign in" %}{% endblock %}
{% block foot %}<p class="small">You asked for this.</p>{% endblock %}"""
TEXT = '{% extends "_ui/mail/base.txt" %}{% block body %}{{ words }}{% endblock %}{% block foot %}You asked for this.{% endblock %}'
WORDS = "Tom & <Jerry>"


def mail(language: str = "en", **more: object) -> str:
    given = {"subject": "You have a new date", "words": WORDS, "answers": [("Yes", "https://site.example/y"), ("No", "https://site.example/n")], **more}
    with translation.override(language):
        return css_inline.inline(Template(MAIL).render(Context(given)))


def test_the_sheet_is_written_into_the_elements_and_the_dark_one_stays() -> None:
    made = mail()
    assert '<p class="soft" style="' in made
    assert made.count("<style") == 1
    assert "prefers-color-scheme: dark" in made
    assert "!important" in made.split("</style>")[0]


def test_nothing_is_fetched_and_nothing_counts_openings() -> None:
    assert not re.search(r"<img|url\(|<link|src=|@import|@font-face", mail())


def test_what_people_wrote_is_escaped() -> None:
    assert "Tom &amp; &lt;Jerry&gt;" in mail()


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_it_reads_in_the_direction_of_its_language(language: str, direction: str) -> None:
    assert mail(language).count(f'dir="{direction}"') == 2
    assert f'<html lang="{language}"' in mail(language)


def test_the_leaf_stands_beside_the_heading_only_when_there_is_a_day() -> None:
    day = dates.leaf(datetime(2026, 11, 23, 0, 0, tzinfo=UTC), "America/New_York")
    assert (day.weekday, day.number, day.month) == ("Sun", 22, "Nov")
    made = mail(leaf=day)
    assert re.search(r'class="num"[^>]*>22<', made)
    assert 'class="num"' not in mail()


def test_the_text_part_is_plain() -> None:
    made = Template(TEXT).render(Context({"words": WORDS}))
    assert made.strip().splitlines() == [WORDS, "", "--", "You asked for this."]
