"""Writing pages of help: adding one, a new version in a language, back to an older one, publishing, putting them in order.

Whoever keeps the service running does it; each act stands in the platform's ledger. A version says after which one it was
written (`seen`): where somebody else saved meanwhile nothing is overwritten, and the second one is told.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from committees.base import languages
from committees.base.errors import Refused
from committees.guides import menu, queries
from committees.guides.drawing import html_of
from committees.guides.models import Guide, Version
from committees.ledger import commands as ledger
from committees.people import rules
from committees.people.models import Person


class Overtaken(Refused):
    """Somebody else saved this page in this language meanwhile."""


def _kept(guide: Guide) -> Guide:
    """The row of a page, held until the transaction ends. A built-in page has one from its first change on."""
    if guide._state.adding:
        Guide.objects.get_or_create(built_in=guide.built_in, defaults={"place": guide.place, "is_published": True})
    found = Guide.objects.select_for_update().filter(built_in=guide.built_in) if guide.built_in else Guide.objects.select_for_update().filter(pk=guide.pk)
    row = found.first()
    if row is None:
        raise Refused(_("This page is not there any more."))
    return row


def _follow(guide: Guide, language: str, *, seen: int, at: datetime, title: str = "", text: str = "") -> Version:
    """The next version, after the one that its writer has seen. The guide's row is held."""
    if language not in languages.of_screens():
        raise Refused(_("Choose a language from the list."), field="language")
    last = queries.newest(guide, language)
    if (last.number if last else 0) != seen:
        raise Overtaken(_("Nothing was saved: somebody else has saved this page meanwhile. Look at what stands there now."))
    html = html_of(text) if text else ""
    return Version.objects.create(guide=guide, language=language, number=seen + 1, title=title, text=text, html=html, written_at=at)


def _written_down(verb: str, guide: Guide, *, by: Person, at: datetime, **detail: str | int) -> None:
    ledger.record(verb, by=by, about=guide, at=at, detail=detail)
    transaction.on_commit(menu.renew, robust=True)


@transaction.atomic
def add(title: str, text: str, *, language: str, by: Person, at: datetime, form_key: UUID | None = None) -> Guide:
    """A new page, which nobody sees before it is published. The same form, posted twice, makes one. Refused to all others."""
    rules.require_keeper(by)
    if form_key and (made := Guide.objects.filter(form_key=form_key).first()):
        return made
    place = max((guide.place for guide in queries.rows(by)), default=0) + 1
    try:
        with transaction.atomic():
            guide = Guide.objects.create(place=place, form_key=form_key)
    except IntegrityError:
        return Guide.objects.get(form_key=form_key)
    _follow(guide, language, seen=0, title=title, text=text, at=at)
    _written_down("guide.added", guide, by=by, at=at, language=language)
    return guide


@transaction.atomic
def write(guide: Guide, title: str, text: str, *, language: str, seen: int, by: Person, at: datetime) -> Version:
    """A new version in one language; of a published page readers see it at once. Nobody is told.

    Refused to all others, and (Overtaken) where `seen` is not the last version any more.
    """
    rules.require_keeper(by)
    row = _kept(guide)
    made = _follow(row, language, seen=seen, title=title, text=text, at=at)
    _written_down("guide.written", row, by=by, at=at, language=language, version=made.number)
    return made


@transaction.atomic
def restore(guide: Guide, *, language: str, number: int, seen: int, by: Person, at: datetime) -> Version:
    """What an older version said is said again, as a new one. Refused as for `write`, and where that one said nothing."""
    rules.require_keeper(by)
    row = _kept(guide)
    old = Version.objects.filter(guide=row, language=language, number=number).first()
    if old is None or old.is_empty:
        raise Refused(_("There is no such version."))
    made = _follow(row, language, seen=seen, title=old.title, text=old.text, at=at)
    _written_down("guide.restored", row, by=by, at=at, language=language, version=made.number, restored=number)
    return made


@transaction.atomic
def withdraw(guide: Guide, *, language: str, seen: int, by: Person, at: datetime) -> None:
    """No words in this language any more: of a built-in page what the program brings along stands there again.

    Refused as for `write`, and for the last language of a published page.
    """
    rules.require_keeper(by)
    row = _kept(guide)
    last = queries.newest(row, language)
    if last is None or last.is_empty:
        raise Refused(_("There is no text in this language."))
    if row.is_published and not row.built_in and _languages_of(row) == {language}:
        raise Refused(_("This is the only text of a page that people read. Take the page away first, or write it in another language."))
    made = _follow(row, language, seen=seen, at=at)
    _written_down("guide.withdrawn", row, by=by, at=at, language=language, version=made.number)


def _languages_of(guide: Guide) -> set[str]:
    return {row.language for row in Version.objects.filter(guide=guide).newest() if not row.is_empty}


@transaction.atomic
def publish(guide: Guide, *, by: Person, at: datetime) -> None:
    """Everybody finds the page from now on. Refused to all others, and where it says nothing in any language. Twice is once."""
    rules.require_keeper(by)
    row = _kept(guide)
    if row.is_published:
        return
    if not _languages_of(row):
        raise Refused(_("Write the page in one language first."))
    Guide.objects.filter(pk=row.pk).update(is_published=True)
    _written_down("guide.published", row, by=by, at=at)


@transaction.atomic
def unpublish(guide: Guide, *, by: Person, at: datetime) -> None:
    """Only those who keep the service see the page from now on. Refused to all others, and for a built-in page. Twice is once."""
    rules.require_keeper(by)
    row = _kept(guide)
    if row.built_in:
        raise Refused(_("This page is part of the program. It can say something else, but it cannot be taken away."))
    if Guide.objects.filter(pk=row.pk, is_published=True).update(is_published=False):
        _written_down("guide.unpublished", row, by=by, at=at)


@transaction.atomic
def move(guide: Guide, *, up: bool, by: Person, at: datetime) -> None:
    """One place up or down in the list. At its end nothing happens. Refused to all others. One at a time."""
    rules.require_keeper(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('guides.order'))")
    row = _kept(guide)
    for each in queries.rows(by):
        _kept(each)  # its place is written down from now on
    order = [each.pk for each in queries.rows(by)]
    here = order.index(row.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    for place, pk in enumerate(order):
        Guide.objects.filter(pk=pk).update(place=place)
    _written_down("guide.moved", row, by=by, at=at, place=there)
