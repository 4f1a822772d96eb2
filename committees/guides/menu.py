"""The list of help pages at the end of every page: kept in the cache for all processes, so that no page asks the database for it.

After each change it is read and put there anew, by one at a time, so that what stands there last is what was saved last.
Without a cache each page asks once. Whoever reads while somebody saves does not overwrite what that one puts there.
"""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.translation import get_language

from committees.base.navigation import Link, path_to
from committees.guides import queries, registry
from committees.guides.models import Guide

KEY = "guides:menu"
#: So long an old list can stand where the cache was away in the moment of a change.
SECONDS = 60
#: For each page: whether it is built in, its name, its place, its titles by language.
type Line = tuple[bool, str, int, dict[str, str]]


def read() -> list[Line]:
    """What is published, in order. One query."""
    found: dict[int, Line] = {}
    rows = Guide.objects.published().order_by("place", "pk", "versions__number")
    for pk, built_in, slug, place, language, title in rows.values_list("pk", "built_in", "slug", "place", "versions__language", "versions__title"):
        line = found.setdefault(pk, (bool(built_in), built_in or slug, place, {}))
        if title:
            line[3][language] = title
        elif language:
            line[3].pop(language, None)
    return list(found.values())


def renew() -> None:
    """After the commit of a change. Of two at once the second reads what both have done."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('guides.menu'))")
        cache.set(KEY, read(), SECONDS)


def _lines() -> list[Line]:
    lines: list[Line] | None = cache.get(KEY)
    if lines is None:
        lines = read()
        cache.add(KEY, lines, SECONDS)
    return lines


def links(request: HttpRequest) -> list[Link]:
    """The pages that this reader finds, each by its title in their language or in the one in which they will see it."""
    lines, known = _lines(), registry.built_in()
    kept = {name for is_built_in, name, _place, _titles in lines if is_built_in}
    lines = [*lines, *((True, name, n, {}) for n, name in enumerate(known) if name not in kept)]
    wanted, found = get_language() or settings.LANGUAGE_CODE, []
    for is_built_in, name, _place, titles in sorted(lines, key=lambda line: line[2]):
        if is_built_in and name not in known:
            continue
        language = queries.choose(titles, wanted, has_built_in=is_built_in)
        if language is None and not is_built_in:
            continue
        url = registry.address_of(name) if is_built_in else path_to("guides:guide", name)
        title = titles[language] if language else known[name].title
        found.append(Link(title, url, current=request.path == url, language=language or ""))
    return found
