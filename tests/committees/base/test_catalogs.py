"""Catalogues without system tools: what is extracted, what is refused, what the invented languages show."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages import Catalog
from hypothesis import given
from hypothesis import strategies as st

from committees.base import catalogs


def messages_of(template: str) -> list[object]:
    found = catalogs.extract_template(io.BytesIO(template.encode()), catalogs.KEYWORDS, [], {})
    return [message for _line, _function, message, _comments in found]


def test_templates_give_their_plain_plural_and_multiline_messages() -> None:
    template = """
    {% translate "Find your workplace" %}
    {% blocktranslate trimmed with name=site.name %}
      {{ name }} is run
      by workers.
    {% endblocktranslate %}
    {% blocktranslate count n=3 %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}
    """
    found = messages_of(template)
    assert "Find your workplace" in found
    assert "%(name)s is run by workers." in found
    assert any(isinstance(m, tuple) and m[:2] == ("%(n)s day", "%(n)s days") for m in found)


def test_a_bracket_or_quote_inside_a_message_does_not_end_it() -> None:
    assert messages_of("{% translate \"Send it (now), or don’t say 'yes'\" %}") == ["Send it (now), or don’t say 'yes'"]


def test_the_sources_hold_messages_from_templates_and_from_code() -> None:
    template = catalogs.extract()
    texts = {m.id for m in template if m.id}
    assert "Stay safe at work and online" in texts
    assert "Choose a time zone from the list." in texts


@pytest.fixture
def kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(catalogs, "ROOT", tmp_path)
    return tmp_path


def sources(*texts: str) -> Catalog:
    catalog = Catalog()
    for text in texts:
        catalog.add(text)
    return catalog


def test_a_new_language_misses_everything_and_says_so(kept_elsewhere: Path) -> None:
    template = sources("Send my application")
    catalogs.update("es", template)
    assert [f.kind for f in catalogs.findings("es", template)] == ["missing"]


def test_a_changed_source_makes_its_translation_fuzzy_and_a_gone_one_leaves(kept_elsewhere: Path) -> None:
    catalogs.update("es", sources("Send my application", "Go"))
    path = catalogs.path_of("es")
    path.write_text(path.read_text().replace('msgid "Send my application"\nmsgstr ""', 'msgid "Send my application"\nmsgstr "Enviar"'))
    template = sources("Send my applications")
    catalogs.update("es", template)
    assert [f.kind for f in catalogs.findings("es", template)] == ["fuzzy"]
    assert 'msgid "Go"' not in path.read_text()


def test_a_lost_placeholder_is_found(kept_elsewhere: Path) -> None:
    template = sources("%(n)s people")
    catalogs.update("es", template)
    path = catalogs.path_of("es")
    path.write_text(path.read_text().replace('msgid "%(n)s people"\nmsgstr ""', 'msgid "%(n)s people"\nmsgstr "personas"'))
    assert [f.kind for f in catalogs.findings("es", template)] == ["placeholders differ"]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])), st.sampled_from(["en-xa", "ar"]))
def test_the_invented_languages_keep_placeholders_and_tags(text: str, language: str) -> None:
    message = f"{text} %(name)s <strong>{text}</strong> {{count}}"
    bent = catalogs.pseudo(message, language)
    for kept in ("%(name)s", "<strong>", "</strong>", "{count}"):
        assert kept in bent


def test_the_accented_language_grows_by_a_quarter_and_holds_no_plain_words() -> None:
    bent = catalogs.pseudo("Sign out everywhere", "en-xa")
    assert len(bent) >= len("Sign out everywhere") * 1.2
    assert not re.search(r"[aeiou]", bent)
