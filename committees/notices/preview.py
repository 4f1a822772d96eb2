"""What somebody will get, before it is sent: made by the very function that makes the mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from committees.notices import letters, registry
from committees.notices.letters import Letter
from committees.notices.models import Level, Notice
from committees.notices.registry import Reader

if TYPE_CHECKING:
    from committees.people.models import Person

_NOBODY = 0


def preview(
    kind: str,
    about: models.Model,
    *,
    person: Person | None = None,
    language: str = "",
    zone: str = "",
    level: Level = Level.NEUTRAL,
    committee: models.Model | None = None,
    version: int = 1,
) -> Letter:
    """The mail that `kind` about this thing makes, for a person or for a language and zone. Nothing is posted or sent.

    What only one reader has and is not shown to others (the unsubscribe link) is left as a sign.
    """
    meaning = registry.kind(kind)
    notice = Notice(kind=kind, about_type=about._meta.label, about_id=about.pk, version=version, committee_id=committee.pk if committee else None)
    notice.about = about
    reader = Reader(person.pk, language or person.language, zone or person.time_zone) if person else Reader(_NOBODY, language or "en", zone or "UTC")
    values = dict(meaning.personal(notice, {reader.person_id: reader}).get(reader.person_id, {})) if meaning.personal else {}
    return letters.letter(notice, language=reader.language, level=level).filled(values | {"unsubscribe": "#"})
