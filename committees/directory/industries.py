"""ISIC's sections and divisions: read from the project's own file, and recognised in what lists call them."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from typing import Any

from django.apps import AppConfig
from django.apps import apps as global_apps
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS, router
from django.utils.translation import get_language

from committees.directory import names
from committees.directory.places import DATA

#: The two-digit sectors of NAICS (North America) as ISIC sections.
_NAICS = {
    "11": "A", "21": "B", "22": "D", "23": "F", "31": "C", "32": "C", "33": "C", "42": "G", "44": "G", "45": "G", "48": "H", "49": "H",
    "51": "J", "52": "K", "53": "L", "54": "M", "55": "M", "56": "N", "61": "P", "62": "Q", "71": "R", "72": "I", "81": "S", "92": "O",
}  # fmt: skip
_CODE = re.compile(r"^([A-Ua-u])?[ .-]?(\d{2})?(?:[.\d]*)$")


@cache
def table() -> tuple[dict[str, str], ...]:
    """The rows of data/isic.csv: code, section, en, es."""
    with open(DATA / "isic.csv", encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _names() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in table()}


def name_of(code: str) -> str:
    """An industry in the language in use, without asking the database; "" for a code that is none."""
    row = _names().get(code)
    return (row.get((get_language() or "en").split("-", maxsplit=1)[0]) or row["en"]) if row else ""


def after_migrate(app_config: AppConfig, using: str = DEFAULT_DB_ALIAS, apps: Apps = global_apps, **_kwargs: Any) -> None:
    """Put the file's rows into the database, once its table stands; renamed industries are renamed.

    `migrate` passes the models of the state it reached; `flush`, which emptied the table, passes none: then today's are meant.
    """
    if not router.allow_migrate(using, app_config.label, model_name="industry"):
        return
    try:
        model = apps.get_model("directory", "Industry")
    except LookupError:  # migrated back to nothing
        return
    rows = [model(code=row["code"], section=row["section"], names={"en": row["en"], "es": row["es"]}) for row in table()]
    model._default_manager.using(using).bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=["section", "names"])


@cache
def _by_words() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in table():
        for language in ("en", "es"):
            said = " ".join(names.words(row[language]))
            found.setdefault(said, row["code"])
            found.setdefault(said.removeprefix("manufacture of ").removeprefix("fabricacion de "), row["code"])
    with open(DATA / "industry_words.csv", encoding="utf-8", newline="") as file:
        found |= {" ".join(names.words(row["word"])): row["code"] for row in csv.DictReader(file)}
    return found


@cache
def _codes() -> frozenset[str]:
    return frozenset(row["code"] for row in table())


@lru_cache(maxsize=4096)
def code_of(said: str, *, naics: bool = False) -> str:
    """The ISIC code of an industry as a list names it: a code ("C24", "24.10", NAICS if the column says so) or plain words.

    Empty when it is not known: a wrong industry is worse than none.
    """
    said = said.strip()
    if naics and (digits := re.match(r"\d{2}", said)):
        return _NAICS.get(digits.group(), "")
    if match := _CODE.match(said):
        division = match.group(2) or (match.group(1) or "").upper()
        if division in _codes():
            return division
    return _by_words().get(" ".join(names.words(said)), "")
