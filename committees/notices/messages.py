"""The messages of a batch: letters rendered once and kept, what differs from reader to reader poured in."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db import Error as DatabaseError

from committees.base import crypto
from committees.notices import letters, moulds, registry, stops
from committees.notices.letters import Letter
from committees.notices.models import Channel, Errand, Level, Notice
from committees.notices.moulds import Mould, Slip
from committees.notices.reading import Ready
from committees.notices.stops import Stop
from committees.people.models import AccountMail

logger = logging.getLogger(__name__)
#: Letters kept by one run. More are made anew.
_KEPT = 200


class CannotMake(Exception):
    """A template or a kind failed: what of, in plain words without content."""


def _name(purpose: str, *parts: object) -> str:
    """A short opaque name, always the same for the same thing."""
    return crypto.lookup_hmac(":".join(str(part) for part in parts), purpose=purpose)[:24]


def message_id(notice: Notice, person_id: int) -> str:
    """Stays the same however often a delivery is tried, so that a mail program folds a second copy."""
    return f"{_name('message-id', notice.slug, person_id, Channel.EMAIL)}@{moulds.mail_domain()}"


def list_id(notice: Notice, kind: registry.Kind) -> str:
    """The list that a notice belongs to: a group in a committee. It names neither."""
    return _name("list-id", notice.committee_id or "", kind.group)[:16]


def mould_of(notice: Notice, *, language: str, level: Level) -> Mould:
    """The finished mail about a notice, but for what differs from reader to reader."""
    name = list_id(notice, registry.kind(notice.kind))
    return moulds.mould(letters.letter(notice, language=language, level=level), list_id=name, feedback_id=f"{name}:notice:rf")


@dataclass
class Maker:
    """Keeps the moulds of one run."""

    _kept: dict[tuple[int, str, Level], Mould | str] = field(default_factory=dict)

    def mould(self, notice: Notice, language: str, level: Level) -> Mould:
        """The mould for one notice, language and level. CannotMake, without rendering again, if it failed before."""
        key = (notice.pk, language, level)
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = self._make(notice, language, level)
        made = self._kept[key]
        if isinstance(made, str):
            raise CannotMake(made)
        return made

    def _make(self, notice: Notice, language: str, level: Level) -> Mould | str:
        try:
            return mould_of(notice, language=language, level=level)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever a template of another room does, only its own notice suffers)
            logger.error("%s in %s cannot be rendered: %s", notice.kind, language, type(error).__name__)
            return f"{notice.kind}: {type(error).__name__}"


@dataclass
class Messages:
    """The messages of one batch."""

    maker: Maker
    notice: Notice
    readers: Mapping[int, Ready]
    date: str

    @cached_property
    def kind(self) -> registry.Kind:
        return registry.kind(self.notice.kind)

    @cached_property
    def personal(self) -> Mapping[int, Mapping[str, str]]:
        """What each reader's slots are filled with, asked once for the batch."""
        return self.kind.personal(self.notice, {pk: ready.reader for pk, ready in self.readers.items()}) if self.kind.personal else {}

    @cached_property
    def thread(self) -> str | None:
        return self.kind.thread(self.notice) if self.kind.thread else None

    def slip(self, person_id: int, to: str) -> Slip:
        """What only this reader's message has."""
        ready, values = self.readers[person_id], dict(self.personal.get(person_id, {}))
        stop = ""
        if self.kind.may_be_off:
            stop = stops.link(Stop(person_id, self.notice.committee_id, self.kind.group, ready.epoch))
            values["unsubscribe"] = stop
        return Slip(
            to=to,
            message_id=message_id(self.notice, person_id),
            date=self.date,
            values=values,
            thread=f"{_name('thread', self.thread, person_id)}@{moulds.mail_domain()}" if self.thread else "",
            unsubscribe=stop,
        )

    def make(self, person_id: int, to: str) -> bytes:
        """The bytes for one reader, to be sent as they are. CannotMake if they cannot be made."""
        reader = self.readers[person_id].reader
        mould = self.maker.mould(self.notice, reader.language, self.readers[person_id].level)
        try:
            return mould.fill(self.slip(person_id, to))
        except KeyError as error:
            raise CannotMake(f"{self.notice.kind}: nothing fills {error}"[:80]) from None


def _account_letter(mail: AccountMail) -> Letter:
    try:
        return letters.account_letter(mail)
    except DatabaseError:
        raise
    except Exception as error:
        raise CannotMake(f"{mail.kind}: {type(error).__name__}") from error


def of_errand(errand: Errand, *, to: str, date: str) -> bytes:
    """The bytes of an account mail. CannotMake if its template fails."""
    mould = moulds.mould(_account_letter(errand.mail))
    identity = f"{_name('message-id', 'account', errand.mail.slug)}@{moulds.mail_domain()}"
    return mould.fill(Slip(to=to, message_id=identity, date=date, values={}))


def account_text(mail: AccountMail) -> str:
    """An account mail as a text message says it. CannotMake if its template fails."""
    return _account_letter(mail).text
