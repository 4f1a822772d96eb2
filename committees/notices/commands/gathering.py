"""Digests: what waits for one is taken along when its time has come, and fares as the mail does that it came in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Subquery
from django.utils import timezone

from committees.notices import reading, registry, waking
from committees.notices.commands import expanding
from committees.notices.commands.posting import post
from committees.notices.models import Channel, Choice, Delivery, Digest, Notice, State

KIND = "notices/digest"
#: A digest that could not be sent for so long is not sent any more; the next one is near.
USEFUL = timedelta(days=2)

_TAKE_ALONG = """
UPDATE notices_delivery SET digest = %(digest)s WHERE id IN (
    SELECT id FROM notices_delivery WHERE state = 'gathered' AND digest IS NULL AND due_at <= %(at)s FOR UPDATE SKIP LOCKED)
RETURNING person_id
"""
#: What became of the mail became of all that was in it.
_FOLLOW = """
UPDATE notices_delivery AS d SET state = mail.state, reason = mail.reason, language = mail.language, started_at = mail.started_at
FROM notices_delivery AS mail
WHERE d.state = 'gathered' AND d.digest IS NOT NULL AND mail.notice_id = d.digest AND mail.person_id = d.person_id
  AND mail.channel = %(channel)s AND mail.state NOT IN ('waiting', 'superseded')
"""
#: Its digest is gone (overtaken, erased): it was told to nobody.
_STRANDED = """
UPDATE notices_delivery AS d SET state = 'superseded' WHERE d.state = 'gathered' AND d.digest IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM notices_delivery AS mail
    WHERE mail.notice_id = d.digest AND mail.person_id = d.person_id AND mail.channel = %(channel)s AND mail.state <> 'superseded')
"""


@transaction.atomic
def gather(*, at: datetime) -> int:
    """Post one digest for each person whose time for one has come. Returns how many people get one. Of several at once each takes other
    rows, and four make what one makes."""
    if not Delivery.objects.gathered().filter(due_at__lte=at).exists():
        return 0
    notice = post(KIND, about=Digest.objects.create(at=at), to=[], at=at, useful_until=at + USEFUL)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_ALONG, {"digest": notice.pk, "at": at})
        people = {person for (person,) in cursor.fetchall()}
    expanding.add(notice, people, due_at=at)
    return len(people)


@transaction.atomic
def follow() -> int:
    """Write down of what digests took along what became of them. Returns how many rows."""
    with connection.cursor() as cursor:
        done = 0
        for statement in (_FOLLOW, _STRANDED):
            cursor.execute(statement, {"channel": Channel.EMAIL.value})
            done += cursor.rowcount
    return done


def let_go(notice: Notice, person_ids: set[int]) -> None:
    """Take out of a digest that is about to go what these people should not get any more: overtaken or of no more use, not meant for them
    any longer, switched off since. As many statements as there are different notices in it."""
    rows = Delivery.objects.taken_along(notice).filter(person_id__in=person_ids).select_related("notice")
    chosen = reading.wishes(person_ids, Channel.EMAIL)
    by_notice: dict[Notice, list[Delivery]] = {}
    for row in rows:
        by_notice.setdefault(row.notice, []).append(row)
    overtaken: list[int] = []
    off: list[int] = []
    for told, theirs in by_notice.items():
        meant = _meant(told, {row.person_id for row in theirs}, at=timezone.now())
        overtaken += [row.pk for row in theirs if row.person_id not in meant]
        off += [row.pk for row in theirs if row.person_id in meant and _is_off(chosen, row)]
    for pks, state in ((overtaken, State.SUPERSEDED), (off, State.OFF)):
        if pks:
            Delivery.objects.filter(pk__in=pks).update(state=state)


def _meant(told: Notice, person_ids: set[int], *, at: datetime) -> set[int]:
    if told.superseded_at is not None or not told.is_useful(at) or not registry.is_known(told.kind):
        return set()
    return set(reading.meant(told, person_ids))


def _is_off(chosen: reading.Wishes, row: Delivery) -> bool:
    return chosen.wish(row.person_id, row.notice.committee_id, registry.kind(row.notice.kind).group) == Choice.When.OFF


def ask_anew(person_ids: Iterable[int], *, at: datetime) -> None:
    """What waits for these people's digests is looked at again at once, as they wish by now. Called inside a command, after their
    wishes are written; what is already in a digest stays there (let_go asks about it)."""
    rows = Delivery.objects.gathered().filter(person_id__in=list(person_ids))
    notices = Notice.objects.filter(pk__in=Subquery(rows.values("notice_id")))
    if notices.update(settled_at=None):
        rows.update(state=State.WAITING, due_at=at)
        waking.after_commit("send")
