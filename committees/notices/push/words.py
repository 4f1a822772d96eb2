"""What a push says: one line, as the subject of the mail would be, and where it leads. Nothing else of a notice gets in here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db import Error as DatabaseError
from django.urls import reverse
from django.utils import translation

from committees.base import crypto
from committees.notices import letters, registry, slots
from committees.notices.messages import CannotMake
from committees.notices.models import Level, Notice
from committees.notices.push.reading import Ready

#: A subject that is longer says no more on a phone.
_LINE = 300
_LONGEST = timedelta(days=3)
_MINUTE = 60


def topic(notice: Notice, person_id: int) -> str:
    """What is about the same thing takes the place of what was told before and is still on its way, or still on the screen.
    Another one for each person: else the push service would learn who is told of the same thing."""
    return crypto.lookup_hmac(f"{notice.about_type}:{notice.about_id}:{person_id}", purpose="push-topic")[:32]


def time_to_live(notice: Notice, at: datetime) -> int:
    """For how many seconds a service keeps it for a browser that is away; in whole minutes, so that it says little."""
    left = min((notice.useful_until - at) if notice.useful_until else _LONGEST, _LONGEST)
    return max(int(left.total_seconds()) // _MINUTE * _MINUTE, 0)


@dataclass
class Words:
    """The messages of one batch: each line is rendered once for a language and level."""

    notice: Notice
    readers: Mapping[int, Ready]
    _lines: dict[tuple[str, Level], str] = field(default_factory=dict)

    @cached_property
    def personal(self) -> Mapping[int, Mapping[str, str]]:
        personal = registry.kind(self.notice.kind).personal
        return personal(self.notice, {pk: ready.reader for pk, ready in self.readers.items()}) if personal else {}

    def _line(self, language: str, level: Level) -> str:
        if (language, level) not in self._lines:
            self._lines[language, level] = letters.subject(self.notice, language=language, level=level)
        return self._lines[language, level]

    def make(self, person_id: int, level: Level) -> bytes:
        """What one reader's browser is told. CannotMake if it cannot be made."""
        language = self.readers[person_id].reader.language
        try:
            line = slots.fill(self._line(language, level), self.personal.get(person_id, {}))
        except DatabaseError:
            raise
        except Exception as error:
            raise CannotMake(f"{self.notice.kind}: {type(error).__name__}"[:80]) from error
        says = {
            "title": line[:_LINE],
            "path": reverse("notices:go", args=[self.notice.slug]),
            "tag": topic(self.notice, person_id),
            "lang": language,
            "dir": "rtl" if translation.get_language_info(language)["bidi"] else "ltr",
        }
        return json.dumps(says, ensure_ascii=False, separators=(",", ":")).encode()
