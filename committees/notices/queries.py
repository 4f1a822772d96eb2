"""Shapes over the outbox: a person's inbox, how a notice goes out, what could not be sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from babel import Locale
from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from committees.base import keyset, prepared
from committees.base.navigation import path_to
from committees.notices import registry
from committees.notices.models import (
    Channel,
    Delivery,
    DeliveryQuerySet,
    Errand,
    Notice,
    NoticeQuerySet,
    State,
)
from committees.notices.reasons import Reason
from committees.notices.registry import Reader
from committees.people import outbox
from committees.people.models import Person

# -- The inbox -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class InboxItem:
    """One line of an inbox, in the reader's language."""

    slug: str
    subject: str
    committee: str
    url: str
    at: datetime
    seen: bool


@dataclass(frozen=True)
class Unread:
    """The newest of what a person has not seen, and how many there are."""

    items: list[InboxItem]
    count: int


def _inbox(person: Person, committees: list[int], kinds: Kinds, at: datetime) -> DeliveryQuerySet:
    return Delivery.objects.visible_to(person, at).filter(_may_read(committees, kinds)).select_related("notice")


type Kinds = tuple[tuple[str, ...], tuple[str, ...]]


def _kinds() -> Kinds:
    """The kinds of which an inbox may hold something, and those of them that people outside a committee read too."""
    known = registry.known()
    return tuple([kind.name for kind in known]), tuple([kind.name for kind in known if not kind.members_only])


def _may_read(committees: list[int], kinds: Kinds) -> Q:
    known, open_to_all = kinds
    inside = Q(notice__committee_id__isnull=True) | Q(notice__committee_id__among=committees) | Q(notice__kind__in=open_to_all)
    return inside & Q(notice__kind__in=known)


_SLOTS = {"person": prepared.a_row(Person), "committees": prepared.some_numbers, "kinds": prepared.a_fork, "at": prepared.an_instant}
_INBOX = keyset.Listing(Delivery, _inbox, _SLOTS, order=("-notice__due_at", "-notice__slug"))


def inbox(request: HttpRequest, person: Person, committees: Iterable[int]) -> keyset.Page[Delivery]:
    """What has arrived for a person, of the committees that they may enter now. A removed member finds nothing."""
    return _INBOX.page(request, person=person, committees=list(committees), kinds=_kinds(), at=timezone.now())


_UNSEEN = prepared.Prepared(
    lambda limit, **who: _inbox(**who).unseen().order_by("-notice__due_at", "-notice__slug").annotate(total=models.Window(Count("pk")))[:limit],
    limit=prepared.a_fork,
    **_SLOTS,
)


def items(deliveries: Sequence[Delivery], person: Person, committees: dict[int, str]) -> list[InboxItem]:
    """These deliveries as lines. One query for each kind of thing that they are about, however many there are."""
    notices = [each.notice for each in deliveries]
    words = _headlines(notices, Reader(person.pk, translation.get_language() or "en", person.time_zone))
    return [
        InboxItem(
            slug=each.notice.slug,
            subject=words[each.notice_id],
            committee=committees.get(each.notice.committee_id or 0, ""),
            url=path_to("notices:go", each.notice.slug),
            at=each.notice.due_at,
            seen=each.seen,
        )
        for each in deliveries
    ]


def _headlines(notices: Sequence[Notice], reader: Reader) -> dict[int, str]:
    words = {notice.pk: str(registry.kind(notice.kind).label) for notice in notices}
    for name in {notice.kind for notice in notices}:
        headlines = registry.kind(name).headlines
        if headlines is not None:
            words |= headlines(attach([notice for notice in notices if notice.kind == name]), reader)
    return words


def attach(notices: Sequence[Notice]) -> list[Notice]:
    """Read what these notices are about, one query for each model. Those whose thing is gone are left out."""
    found: dict[tuple[str, int], Any] = {}
    for label in {notice.about_type for notice in notices}:
        ids = [notice.about_id for notice in notices if notice.about_type == label]
        rows = apps.get_model(label)._base_manager.fetch_mode(models.FETCH_PEERS).filter(pk__in=ids)
        found |= {(label, row.pk): row for row in rows}
    there = [notice for notice in notices if (notice.about_type, notice.about_id) in found]
    for notice in there:
        notice.about = found[notice.about_type, notice.about_id]
    return there


def unread(person: Person, *, limit: int) -> Unread:
    """The newest lines that the person has not marked as seen."""
    committees = registry.committees_of(person)
    newest = _UNSEEN(person=person, committees=list(committees), kinds=_kinds(), at=timezone.now(), limit=limit)
    return Unread(items(newest, person, committees), newest[0].total if newest else 0)


def destination(person: Person, slug: str) -> str | None:
    """Where the link of a notice leads for somebody it was meant for, by whatever channel; None for all others."""
    rows = Delivery.objects.filter(person_id=person.pk, notice__slug=slug).filter(_may_read(list(registry.committees_of(person)), _kinds()))
    delivery = rows.select_related("notice").first()
    if delivery is None:
        return None
    try:
        return registry.kind(delivery.notice.kind).url(delivery.notice)
    except ObjectDoesNotExist:
        return None


# -- How a notice goes out -----------------------------------------------------------------------------------------------

#: Groups smaller than this are not shown by themselves: a number must not point to one person.
SMALLEST_GROUP = 5


@dataclass
class Line:
    """How many deliveries of one channel (and language) stand where."""

    channel: Channel
    language: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def count(self, *states: State) -> int:
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def accepted(self) -> int:
        return self.count(State.ACCEPTED)

    @property
    def waiting(self) -> int:
        return self.count(State.WAITING)

    @property
    def still_to_come(self) -> int:
        """Also what comes with a digest."""
        return self.count(State.WAITING, State.GATHERED)

    @property
    def failed(self) -> int:
        """Whom it did not reach for a reason that an organizer may want to mend."""
        return self.count(State.BOUNCED, State.UNREACHABLE, State.DEAD)

    @property
    def language_name(self) -> str:
        """ "Spanish", in the language of the page."""
        if not self.language:
            return _("Other languages")
        return str(Locale.parse(self.language, sep="-").get_display_name(translation.get_language() or "en")).capitalize()

    def add(self, state: str, n: int) -> None:
        self.counts[state] = self.counts.get(state, 0) + n


@dataclass(frozen=True)
class Report:
    """How one notice goes out: people, not addresses."""

    notice: Notice
    members: int
    lines: list[Line]
    languages: list[Line]
    is_under_way: bool

    @property
    def main(self) -> Line:
        """The channel that people are reached by: mail where the kind is mailed."""
        return next((line for line in self.lines if line.channel == Channel.EMAIL), self.lines[0])

    @property
    def label(self) -> str:
        return str(registry.kind(self.notice.kind).label)

    @property
    def can_retry(self) -> bool:
        return any(line.count(State.DEAD) for line in self.lines)

    @property
    def sentence(self) -> str:
        """ "214 members: 198 delivered, 9 bounced, 7 unreachable". What is zero is left out."""
        if self.notice.expanded_at is None:
            return _("It has not left yet.")
        said = [
            (State.ACCEPTED, ngettext_lazy("%(n)s delivered", "%(n)s delivered", "n")),
            (State.WAITING, ngettext_lazy("%(n)s waiting", "%(n)s waiting", "n")),
            (State.GATHERED, ngettext_lazy("%(n)s in their next digest", "%(n)s in their next digest", "n")),
            (State.BOUNCED, ngettext_lazy("%(n)s bounced", "%(n)s bounced", "n")),
            (State.UNREACHABLE, ngettext_lazy("%(n)s without an address", "%(n)s without an address", "n")),
            (State.OFF, ngettext_lazy("%(n)s only in the app", "%(n)s only in the app", "n")),
            (State.DEAD, ngettext_lazy("%(n)s not sent", "%(n)s not sent", "n")),
            (State.MISSED, ngettext_lazy("%(n)s too late", "%(n)s too late", "n")),
            (State.SUPERSEDED, ngettext_lazy("%(n)s no longer needed", "%(n)s no longer needed", "n")),
        ]
        parts = [words % {"n": n} for state, words in said if (n := self.main.count(state)) or state == State.ACCEPTED]
        members = ngettext("%(n)s person", "%(n)s people", self.members) % {"n": self.members}
        return f"{members}: {', '.join(parts)}"


def watched(person: Person, slug: str) -> Notice | None:
    """The notice of that name if this person may see how it goes out, which its kind decides."""
    # Looked for only among one's own committees: another's notice costs as many queries as none.
    theirs = Q(committee_id__isnull=True) | Q(committee_id__in=list(registry.committees_of(person)))
    notice = Notice.objects.filter(theirs, slug=slug).first()
    may_watch = registry.kind(notice.kind).may_watch if notice else None
    return notice if notice and may_watch and may_watch(person, notice) else None


def with_counts(notices: NoticeQuerySet) -> NoticeQuerySet:
    """Adds `counts`: how many deliveries stand where, by channel, state and language. For `report`."""
    language = Coalesce(NullIf(F("language"), models.Value("")), F("person__language"))
    rows = Delivery.objects.filter(notice=models.OuterRef("pk")).values("channel", "state", said=language).annotate(n=Count("pk"))
    return notices.annotate(counts=ArraySubquery(rows.values(line=JSONObject(channel="channel", state="state", said="said", n="n"))))


_WITH_COUNTS = prepared.Prepared(lambda pk: with_counts(Notice.objects.filter(pk=pk)), pk=prepared.a_number)


def delivery_report(notice: Notice) -> Report:
    """How one notice goes out, in one query."""
    return report(_WITH_COUNTS(pk=notice.pk)[0])


def report(notice: Notice) -> Report:
    """How a notice goes out that was read `with_counts`. Never an address, never a name."""
    rows = [(line["channel"], line["state"], line["said"], line["n"]) for line in notice.counts]  # type: ignore[attr-defined]
    lines = {channel: Line(Channel(channel)) for channel in sorted(registry.kind(notice.kind).channels, reverse=True)}
    by_language: dict[str, Line] = {}
    for channel, state, said, n in rows:
        lines.setdefault(channel, Line(Channel(channel))).add(state, n)
        if channel == Channel.EMAIL:
            by_language.setdefault(said, Line(Channel.EMAIL, said)).add(state, n)
    waiting = notice.superseded_at is None and (notice.expanded_at is None or any(line.waiting for line in lines.values()))
    members = max((line.total for line in lines.values()), default=0)
    # A way that nobody of these has allowed is not a way.
    shown = [line for line in lines.values() if line.total or line.channel != Channel.PUSH]
    return Report(notice, members, shown, joined(by_language.values()), waiting)


def joined(by_language: Iterable[Line]) -> list[Line]:
    """Languages from the largest; small ones together, and none at all where what is left over would point to somebody."""
    ordered = sorted(by_language, key=lambda line: (-line.total, line.language))
    large = [line for line in ordered if line.total >= SMALLEST_GROUP]
    small = [line for line in ordered if line.total < SMALLEST_GROUP]
    while small and large and sum(line.total for line in small) < SMALLEST_GROUP:
        small.insert(0, large.pop())
    if small:
        rest = Line(Channel.EMAIL)
        for line in small:
            for state, n in line.counts.items():
                rest.add(state, n)
        large.append(rest)
    return large if len(large) > 1 else []


# -- What could not be sent ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DeadLetter:
    """What could not be sent of one notice, or of one kind of account mail, and why. Says nothing of whom or what."""

    label: str
    reasons: list[Reason]
    notice: Notice | None = None

    @property
    def n(self) -> int:
        return sum(reason.n for reason in self.reasons)


def _by_reason(rows: Iterable[tuple[Any, str, int]]) -> dict[Any, list[Reason]]:
    found: dict[Any, list[Reason]] = {}
    for key, reason, n in rows:
        found.setdefault(key, []).append(Reason(reason, n))
    return found


def dead_letters(notices: Sequence[Notice]) -> list[DeadLetter]:
    """The dead deliveries of these notices, by notice."""
    rows = Delivery.objects.dead().filter(notice__in=notices).values_list("notice_id", "reason").annotate(n=Count("pk")).order_by("notice_id", "reason")
    reasons = _by_reason(rows)
    labels = {kind.name: str(kind.label) for kind in registry.known()}
    return [DeadLetter(labels.get(notice.kind, notice.kind), reasons[notice.pk], notice) for notice in notices if notice.pk in reasons]


def with_dead_letters() -> models.QuerySet[Notice]:
    """Notices of which something could not be sent."""
    return Notice.objects.filter(models.Exists(Delivery.objects.dead().filter(notice=models.OuterRef("pk"))))


def dead_errands() -> list[DeadLetter]:
    """Account mails that could not be sent, by what they are for."""
    rows = Errand.objects.filter(state=State.DEAD).values_list("mail__kind", "reason").annotate(n=Count("pk")).order_by("mail__kind", "reason")
    return [DeadLetter(str(outbox.KINDS[kind].label) if kind in outbox.KINDS else kind, reasons) for kind, reasons in _by_reason(rows).items()]


def failed() -> tuple[int, int]:
    """How many notices and how many account mails could not be sent."""
    return with_dead_letters().count(), Errand.objects.filter(state=State.DEAD).count()
