"""From a notice to its deliveries: one statement, whatever the size of the audience."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from committees.notices import registry, waking
from committees.notices.models import Channel, Notice, State
from committees.notices.registry import Reach

#: One row per person and channel; push only where somebody has a browser that may be told. What goes into the app has arrived by being written.
_INSERT = """
WITH added AS (INSERT INTO notices_delivery (notice_id, person_id, channel, state, due_at)
SELECT %(notice)s, audience.person_id, channels.channel, channels.state, %(due_at)s
FROM ({audience}) AS audience (person_id)
CROSS JOIN unnest(%(channels)s::varchar[], %(states)s::varchar[]) AS channels (channel, state)
WHERE audience.person_id IS NOT NULL {reach}
  AND (channels.channel <> 'push' OR EXISTS (SELECT 1 FROM notices_pushdevice AS device WHERE device.person_id = audience.person_id))
ON CONFLICT (notice_id, channel, person_id) DO NOTHING RETURNING channel)
SELECT count(*), count(*) FILTER (WHERE channel = 'push') FROM added
"""
#: Told means: it arrived, or nobody can say that it did not (started, and the worker died; in a digest that is on its way).
_TOLD = """
AND {no} EXISTS (
    SELECT 1 FROM notices_notice AS earlier JOIN notices_delivery AS told ON told.notice_id = earlier.id
    WHERE earlier.about_type = %(about_type)s AND earlier.about_id = %(about_id)s AND earlier.id <> %(notice)s
      AND earlier.version < %(version)s AND told.person_id = audience.person_id AND told.channel = channels.channel
      AND (told.state = 'accepted' OR told.started_at IS NOT NULL OR (told.state = 'gathered' AND told.digest IS NOT NULL)))
"""


@transaction.atomic
def expand(notice_id: int, *, at: datetime) -> int:
    """Make one delivery per person and channel of a due notice; nothing for one that is overtaken, too late or done.

    Returns how many rows were added. Four at once make the rows of one.
    """
    notice = Notice.objects.to_expand(at).select_for_update(skip_locked=True).filter(pk=notice_id).first()
    if notice is None:
        return 0
    if not notice.is_useful(at):
        Notice.objects.filter(pk=notice.pk).update(expanded_at=at, settled_at=at)
        return 0
    meaning = registry.kind(notice.kind)
    added, pushed = _insert(notice, meaning.audience(notice), due_at=notice.due_at, reach=_meant(meaning, notice))
    Notice.objects.filter(pk=notice.pk).update(expanded_at=at, settled_at=None)
    _wake(notice, added, pushed=bool(pushed))
    return added


def expand_due(*, at: datetime) -> int:
    """Expand every notice that is due. Returns how many rows were added."""
    return sum(expand(pk, at=at) for pk in Notice.objects.to_expand(at).order_by("due_at").values_list("pk", flat=True)[:500])


def add(notice: Notice, person_ids: Iterable[int], *, due_at: datetime) -> int:
    """Add these people to a notice, whoever of them is not among its deliveries yet, and wake who sends. Called inside a
    command."""
    added, pushed = _insert(notice, list(person_ids), due_at=due_at, reach=Reach.ALL)
    if added and notice.settled_at:
        Notice.objects.filter(pk=notice.pk).update(settled_at=None)
    if added:
        _wake(notice, added, pushed=bool(pushed))
    return added


def _insert(notice: Notice, audience: Any, *, due_at: datetime, reach: Reach) -> tuple[int, int]:
    """How many were added, and how many of them go by push."""
    meaning = registry.kind(notice.kind)
    channels = sorted(meaning.channels)
    values: dict[str, Any] = {
        "notice": notice.pk,
        "due_at": due_at,
        "channels": channels,
        "states": [State.ACCEPTED.value if c == Channel.INAPP else State.WAITING.value for c in channels],
        "about_type": notice.about_type,
        "about_id": notice.about_id,
        "version": notice.version,
    }
    people, more = _as_sql(audience)
    statement = _INSERT.format(audience=people, reach=_reach(notice, reach))
    with connection.cursor() as cursor:
        cursor.execute(statement, values | more)
        added, pushed = cursor.fetchone() or (0, 0)
    return int(added), int(pushed)


def _as_sql(audience: Any) -> tuple[str, dict[str, Any]]:
    """An audience as a table of one column: the QuerySet's own SQL, or the ids as an array."""
    if isinstance(audience, QuerySet):
        sql, params = audience.order_by().distinct().query.sql_with_params()
        names = {f"audience_{n}": value for n, value in enumerate(params)}
        return sql % tuple(f"%({name})s" for name in names), names
    ids = sorted({row[0] if isinstance(row, tuple) else row for row in audience})
    return "SELECT unnest(%(audience_ids)s::bigint[])", {"audience_ids": ids}


def _meant(meaning: registry.Kind, notice: Notice) -> Reach:
    return Reach.ALL if meaning.told_elsewhere and meaning.told_elsewhere(notice) else meaning.reach


def _reach(notice: Notice, reach: Reach) -> str:
    """What the reach adds to the statement. Where nothing earlier is on record (erased after its days), all are meant."""
    if reach is Reach.ALL:
        return ""
    if reach is Reach.UNTOLD:
        return _TOLD.format(no="NOT")
    earlier = Notice.objects.filter(about_type=notice.about_type, about_id=notice.about_id, version__lt=notice.version)
    return _TOLD.format(no="") if earlier.exists() else ""


def _wake(notice: Notice, added: int, *, pushed: bool) -> None:
    """As many senders as the deliveries keep busy."""
    if notice.due_at <= timezone.now():
        for _sender in range(min(settings.MAIL_CONNECTIONS, 1 + added // settings.NOTICES_BATCH)):
            waking.after_commit("send_urgent" if notice.urgent else "send")
        if pushed:
            waking.after_commit("push")
