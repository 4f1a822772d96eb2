"""Translation catalogues without system tools: Babel extracts, merges, compiles and checks what gettext would.

One catalogue per language, `locale/<language>/LC_MESSAGES/django.po`, committed; the compiled `.mo` files are made at
start. Two invented languages are made from the English text for tests: `en-xa`, accented and 40 % longer, shows what
is not translatable and what breaks when words grow; `ar` in Arabic letters shows the page from right to left.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation.template import templatize

ROOT = Path(settings.LOCALE_PATHS[0]).parent
SOURCES = ("committees", "organizing", "config", "templates")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "_lazy": None,  # beside `gettext as _` in one file
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_CALL = re.compile(r"(?<![A-Za-z_])(?:gettext|_|ngettext|pgettext|npgettext)\(")
_PLACEHOLDER = re.compile(r"%\([a-zA-Z_]\w*\)[sd]|%[sd%]|\{[a-zA-Z_]?\w*\}|<[^>]+>|&[a-z]+;")


def _end_of_call(text: str, start: int) -> int:
    """The position after the bracket that closes the one at `start`."""
    depth, quote, at = 0, "", start
    while at < len(text):
        char = text[at]
        if quote:
            if char == "\\":
                at += 1
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return len(text)


def extract_template(source: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Babel extraction method for Django templates: Django turns them into calls, Babel reads the calls."""
    text = templatize(source.read().decode())
    for match in _CALL.finditer(text):
        call = text[match.start() : _end_of_call(text, match.end() - 1)].replace("\n", "\\n")
        line = text.count("\n", 0, match.start()) + 1
        for _line, function, message, comments in extract_python(io.BytesIO(call.encode()), keywords, comment_tags, {"encoding": "utf-8"}):
            yield line, function, message, comments


METHODS = [("**.py", "python"), ("**.html", "committees.base.catalogs:extract_template"), ("**.txt", "committees.base.catalogs:extract_template")]


def _has_sources(folder: str | os.PathLike[str]) -> bool:
    """Babel leaves out what begins with an underscore; the parts of our pages stand in templates/_ui."""
    return not Path(folder).name.startswith((".", "__"))


def extract() -> Catalog:
    """Every translatable string of the sources, in a stable order."""
    catalog = Catalog(project=settings.SITE_NAME, charset="utf-8", header_comment="# Messages of the project. AGPL-3.0-or-later.\n")
    for folder in SOURCES:
        found = extract_from_dir(
            ROOT / folder, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True, directory_filter=_has_sources
        )
        for name, _line, message, comments, context in found:
            if message:
                catalog.add(message, locations=[(f"{folder}/{name}", 1)], auto_comments=comments, context=context)
    return catalog


def path_of(language: str) -> Path:
    return ROOT / "locale" / language.replace("-", "_") / "LC_MESSAGES" / "django.po"


def languages() -> list[str]:
    """The languages that have a catalogue to keep (English is the source, invented ones are made)."""
    return sorted(p.parent.parent.name for p in (ROOT / "locale").glob("*/LC_MESSAGES/django.po"))


def read(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, template: Catalog) -> Catalog:
    """The language's catalogue with the sources' strings: new ones empty, gone ones dropped, changed ones marked fuzzy."""
    path = path_of(language)
    catalog = read(language) if path.exists() else Catalog(locale=language, project=settings.SITE_NAME, charset="utf-8")
    catalog.update(template, no_fuzzy_matching=False)
    catalog.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, no_location=True, omit_header=False, include_previous=True)
    return catalog


@dataclass(frozen=True)
class Finding:
    """What is wrong with one message of one language."""

    language: str
    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.language}: {self.kind}: {self.message}"


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (value or "",)


def findings(language: str, template: Catalog) -> list[Finding]:
    """Missing, fuzzy, left-over and broken messages (placeholders and tags must be the same)."""
    catalog, result = read(language), []
    for source in template:
        if not source.id:
            continue
        message = catalog.get(source.id[0] if isinstance(source.id, (list, tuple)) else source.id, source.context)
        shown = _strings(source.id)[0]
        if message is None or not all(_strings(message.string)):
            result.append(Finding(language, "missing", shown))
        elif message.fuzzy:
            result.append(Finding(language, "fuzzy", shown))
        elif any(set(_PLACEHOLDER.findall(_strings(source.id)[-1])) != set(_PLACEHOLDER.findall(text)) for text in _strings(message.string)[-1:]):
            result.append(Finding(language, "placeholders differ", shown))
    known = {(m.id[0] if isinstance(m.id, (list, tuple)) else m.id, m.context) for m in template if m.id}
    for message in catalog:
        key = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
        if message.id and (key, message.context) not in known:
            result.append(Finding(language, "not in the sources", key))
    return result


_ACCENTS = str.maketrans("AEIOUYaeiouyncszdlrtg", "ÅÉÎÖÛÝåéîöûýñçšžðļŕţĝ")
_ARABIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابسدهفغحيجكلمنوبقرستعفخظيز")


def pseudo(text: str, language: str) -> str:
    """The text in an invented language, with placeholders and tags left alone."""
    parts, last = [], 0
    for match in _PLACEHOLDER.finditer(text):
        parts += [_bend(text[last : match.start()], language), match.group()]
        last = match.end()
    parts.append(_bend(text[last:], language))
    body = "".join(parts)
    return body if language == "ar" or not text.strip() else f"[{body}{'·' * max(1, len(text) // 4)}]"


def _bend(text: str, language: str) -> str:
    return text.lower().translate(_ARABIC) if language == "ar" else text.translate(_ACCENTS)


def make_pseudo(language: str, template: Catalog) -> Catalog:
    """A complete catalogue of an invented language."""
    catalog = Catalog(locale="ar" if language == "ar" else "en", charset="utf-8")
    for message in template:
        if message.id:
            texts = [pseudo(t, language) for t in _strings(message.id)]
            string = tuple(texts[:1] + texts[-1:] * (catalog.num_plurals - 1)) if isinstance(message.id, (list, tuple)) else texts[0]
            catalog.add(message.id, string, context=message.context)
    return catalog


def compile_all(*, invented: bool = False) -> list[Path]:
    """Write the `.mo` files whose sources are newer; invented languages go below settings.INVENTED_LOCALES."""
    written = []
    for language in languages():
        source = path_of(language)
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _write(read(language), target)
            written.append(target)
    if invented:
        template = extract()
        for language in ("en-xa", "ar"):
            folder = "en_XA" if language == "en-xa" else language
            target = Path(settings.INVENTED_LOCALES) / folder / "LC_MESSAGES" / "django.mo"
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(make_pseudo(language, template), target)
            written.append(target)
    return written


def _write(catalog: Catalog, target: Path) -> None:
    temporary = target.with_suffix(f".{os.getpid()}.tmp")  # two test processes may compile at once
    with temporary.open("wb") as file:
        write_mo(file, catalog)
    temporary.replace(target)


def name_in_own_language(code: str) -> str:
    """How a language calls itself."""
    return str(get_language_info(code)["name_local"])
