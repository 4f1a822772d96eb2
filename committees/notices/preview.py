"""What somebody will get, before it is sent: made by the very function that makes the mail. And who will get it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from committees.base import dates, languages
from committees.notices import letters, reading, registry
from committees.notices.letters import Letter
from committees.notices.models import Channel, Level, Notice, State
from committees.notices.queries import Line, joined
from committees.notices.registry import Reader
from committees.people.models import Person

_NOBODY = 0


@dataclass(frozen=True)
class Audience:
    """Whom a notice would reach if it went now. Numbers, never names."""

    people: int
    #: By mail at once; by mail when their quiet hours end; only here, because they want no mail or have no address.
    now: int
    later: int
    only_here: int
    #: Small languages stand together: a number must not point to one person.
    languages: list[Line]


@dataclass(frozen=True)
class Sample:
    """The notice in one language: as it comes to those who chose nothing, and to those who want to know everything."""

    language: str
    name: str
    direction: str
    sender: str
    neutral: Letter
    full: Letter


def audience(kind: str, about: models.Model, *, committee: models.Model | None = None, person_ids: Iterable[int] | None = None, at: datetime) -> Audience:
    """Whom `kind` about this thing would reach at `at`: those whom the kind itself names, or these. Nothing is posted."""
    meaning = registry.kind(kind)
    notice = Notice(kind=kind, about_type=about._meta.label, about_id=about.pk, committee_id=committee.pk if committee else None)
    notice.about = about
    named = meaning.audience(notice) if person_ids is None else person_ids
    ids = {row[0] if isinstance(row, tuple) else row for row in named}
    spoken = dict(Person.objects.present().filter(pk__in=ids).values_list("pk", "language"))
    found = reading.read(notice, set(spoken), at=at, foreseen=True).values()
    lines = [Line(Channel.EMAIL, language, {State.WAITING: n}) for language, n in Counter(spoken.values()).items()]
    now, later = sum(isinstance(each, reading.Ready) for each in found), sum(isinstance(each, reading.NotNow) and each.due_at is not None for each in found)
    return Audience(len(spoken), now, later, len(spoken) - now - later, joined(lines))


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
    return letters.letter(notice, language=reader.language, level=level).filled(values | {"unsubscribe": "…"})


def samples(kind: str, about: models.Model, *, committee: models.Model) -> list[Sample]:
    """What `kind` about this thing looks like in each language of the screens, on the clock of whoever asks."""
    return [_sample(kind, about, committee, language) for language, _own in settings.LANGUAGES]


def _sample(kind: str, about: models.Model, committee: models.Model, language: str) -> Sample:
    neutral, full = (
        preview(kind, about, language=language, zone=dates.zone_name(None), level=level, committee=committee) for level in (Level.NEUTRAL, Level.FULL)
    )
    with translation.override(language):
        sender = _("Notices")
    direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
    return Sample(language, languages.own_name(language), direction, sender, neutral, full)
