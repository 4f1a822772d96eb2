"""Meetings that take place again and again: beginning a series, making its next meetings, and changing all that follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from organizing.meetings import rules
from organizing.meetings.commands import places
from organizing.meetings.commands.changing import change, locked, write_agenda
from organizing.meetings.commands.telling import foretell, post
from organizing.meetings.models import AgendaItem, Meeting, MeetingChange, Series, State
from organizing.meetings.plans import Scope, When, Where, Words
from organizing.meetings.recurrence import Occurrence
from organizing.meetings.rhythms import Rhythm

Kind = MeetingChange.Kind

#: So many meetings to come a series has as rows: they can be answered, moved and found in a calendar.
AHEAD = 6
#: None is made further ahead, whatever the rule says.
FURTHEST = timedelta(days=3 * 366)
#: Where none is to come because the next is too far ahead, we look again after so long.
LOOK_AGAIN = timedelta(days=1)


# -- Beginning -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def repeat(meeting: Meeting, rhythm: Rhythm, *, by: Membership, at: datetime) -> Series:
    """A meeting takes place again and again, from its own time on. Of one that was called members are told at once; a draft's series begins
    when that is called, and can be chosen anew until then.

    Refused without a time, for one that is over, cancelled or in a series already, and for a rhythm that does not fit its date.
    """
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    meeting = locked(meeting)
    start = meeting.wall_start
    if start is None:
        raise Refused(_("Choose a date and a time first."))
    if not meeting.is_draft:
        rules.require_coming(meeting, at=at)
        if meeting.series_id:
            raise Refused(_("This meeting repeats already."))
    rhythm.must_fit(start, meeting.zone)
    series = _write(meeting, rhythm, by=by, at=at)
    if meeting.is_scheduled:
        begin(meeting, by=by, at=at)
        post("meetings/repeats", meeting, committee=meeting.committee, at=at, useful_until=meeting.ends_at)  # guests are invited to this one alone
    return series


def _write(meeting: Meeting, rhythm: Rhythm, *, by: Membership, at: datetime) -> Series:
    said = {"every": rhythm.every, "interval": rhythm.interval, "own": rhythm.own, "count": rhythm.count, "until": rhythm.until}
    fields: dict[str, Any] = {**said, "day": meeting.day, "clock": meeting.clock, "zone": meeting.zone, "by": by, "changed_at": at}
    if meeting.series_id:
        Series.objects.filter(pk=meeting.series_id, begun_at=None).update(**fields)
        return Series.objects.get(pk=meeting.series_id)
    meeting.series = Series.objects.create(committee_id=meeting.committee_id, **fields)
    meeting.save(update_fields=["series"])
    return meeting.series


@transaction.atomic
def repeat_no_more(meeting: Meeting, *, by: Membership) -> None:
    """A draft takes place once after all. Refused once it was called: then the series is ended on its page."""
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    if not Meeting.objects.drafts().filter(pk=meeting.pk).update(series=None):
        raise Refused(_("This meeting has been called meanwhile. You can end its series on its page."))
    drop_unbegun()


def drop_unbegun() -> None:
    """Series whose draft is gone."""
    Series.objects.filter(begun_at=None, meetings=None).delete()


def begin(meeting: Meeting, *, by: Membership, at: datetime) -> None:
    """The series of a meeting that was just called begins with it: its next meetings are made. Nothing where it takes place once.
    Refused where its date was changed so that the rhythm does not fit any more."""
    if meeting.series_id is None:
        return
    series = Series.objects.select_for_update().get(pk=meeting.series_id)
    assert meeting.day is not None
    assert meeting.clock is not None
    series.day, series.clock, series.zone, series.by, series.begun_at, series.changed_at = meeting.day, meeting.clock, meeting.zone, by, at, at
    series.rhythm.must_fit(series.start, series.zone)
    series.save()
    meeting.series, meeting.series_day, meeting.series_clock = series, meeting.day, meeting.clock
    meeting.save(update_fields=["series_day", "series_clock"])
    ledger.record("meeting.series_begun", by=by.person, about=series, committee=meeting.committee, at=at)
    _make_ahead(series, at)


# -- The next ones ---------------------------------------------------------------------------------------------------------


def extend(at: datetime) -> int:
    """Make the next meetings of every series of which one was, so that six are to come. Called every minute. Returns how many were made.

    A committee that rests makes none; when it wakes its series go on, without those that would have been.

    Nobody is told: that it repeats was told when it began. Reminders come as for any meeting.
    """
    return sum(_extend(pk, at) for pk in list(Series.objects.due(at).order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _extend(pk: int, at: datetime) -> int:
    series = Series.objects.due(at).select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    return _make_ahead(series, at) if series else 0


def _make_ahead(series: Series, at: datetime) -> int:
    """The meetings that are missing: at the place and with the words of the latest that was not moved, not changed by itself."""
    rows = Meeting.objects.filter(series=series, series_day__isnull=False).order_by("-series_day", "-series_clock")
    last = rows.first()
    if last is None or last.series_wall is None:
        return 0
    missing = AHEAD - rows.filter(starts_at__gt=at).count()
    found: list[Occurrence] = []
    for each in series.rhythm.from_(series.start, series.zone):
        if each.wall <= last.series_wall or each.starts_at <= at:
            continue
        if len(found) >= missing or each.starts_at > at + FURTHEST:
            break
        found.append(each)
    else:
        series.is_complete = True
    usual = rows.filter(own_time=False).first() or last
    _make(series, Words.of(rows.filter(own_words=False).first() or last), usual, found, at)
    series.due_at = rows.filter(starts_at__gt=at).order_by("starts_at").values_list("starts_at", flat=True).first() or at + LOOK_AGAIN
    series.save(update_fields=["is_complete", "due_at"])
    return len(found)


def _make(series: Series, words: Words, usual: Meeting, found: list[Occurrence], at: datetime) -> None:
    where = Where.of(usual)
    made = Meeting.objects.bulk_create(
        _meeting(series, words, where, When(each.wall.date(), each.wall.time(), series.zone, usual.minutes), at=at) for each in found
    )
    called = {"committee_id": series.committee_id, "sequence": 0, "kind": Kind.CALLED, "by_id": series.by_id, "at": at}
    MeetingChange.objects.bulk_create(MeetingChange(meeting=each, **called) for each in made)
    AgendaItem.objects.bulk_create(
        AgendaItem(committee_id=series.committee_id, meeting=each, key=point.key or uuid4(), position=n, **point.fields())
        for each in made
        for n, point in enumerate(words.agenda, start=1)
    )
    for each in made:
        foretell(each, at=at)


def _meeting(series: Series, words: Words, where: Where, when: When, *, at: datetime) -> Meeting:
    return Meeting(
        committee_id=series.committee_id,
        state=State.SCHEDULED,
        told_version=1,
        made_ahead=True,
        changed_at=at,
        **words.fields(),
        **where.fields(),
        **when.fields(),
        **_place_in(series, when.wall),
    )


def _place_in(series: Series, wall: datetime) -> dict[str, Any]:
    return {"series": series, "series_day": wall.date(), "series_clock": wall.time()}


# -- Changing this one and all that follow ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Held:
    """A series whose rows are held until the transaction ends: the meeting that was opened, the first one that is meant, and the later ones
    in order, cancelled ones too. `apart` names the field that says of a meeting that it was changed by itself."""

    series: Series
    opened: Meeting
    first: Meeting
    later: list[Meeting]
    apart: str

    def stays(self, row: Meeting) -> bool:
        """Whether one was changed by itself and so keeps what it has; not the one that its organizer has before them."""
        return _is_apart(row, self.opened, self.apart)


def first_of(meeting: Meeting, scope: Scope, at: datetime) -> Meeting:
    """The meeting with which a move begins: this one, or of all the first that is still to come and was not moved by itself."""
    if scope is not Scope.ALL:
        return meeting
    return _first(Meeting.objects.filter(series=meeting.series_id, starts_at__gt=at).select_related("committee"), meeting, "own_time", at)


def _first(rows: Iterable[Meeting], opened: Meeting, apart: str, at: datetime) -> Meeting:
    coming = [row for row in rows if row.is_scheduled and row.starts_at and row.starts_at > at and not _is_apart(row, opened, apart)]
    return min(coming, key=_in_series, default=opened)


def _is_apart(row: Meeting, opened: Meeting, apart: str) -> bool:
    return bool(apart) and getattr(row, apart) and row.pk != opened.pk


def _in_series(row: Meeting) -> datetime:
    """When its series has it: each meeting of one that has begun has its time there."""
    assert row.series_wall is not None
    return row.series_wall


def shifted(meeting: Meeting, first: Meeting, when: When) -> When:
    """What a new time of one meeting of a series is for the first one that is meant: as many days later or earlier, at the same hour."""
    if first.pk == meeting.pk or meeting.series_day is None or first.series_day is None:
        return when
    return replace(when, day=first.series_day + (when.day - meeting.series_day))


@transaction.atomic
def move_series(meeting: Meeting, when: When, where: Where, *, scope: Scope, why: str = "", seen: int | None = None, by: Membership, at: datetime) -> Meeting:
    """Another time or place for this meeting and all later ones, or for all that are to come. One notice tells it, about the first of them.

    Those that were changed by themselves keep their time and place. Another day or hour begins a series of its own, so that what
    was before stays as it was. Refused as for `move`, and where one's own rule does not have the new day.
    """
    held = _held(meeting, scope, apart="own_time", seen=seen, by=by, at=at)
    series, first = held.series, held.first
    when = shifted(held.opened, first, when)
    what = rules.require_move(first, when, where, at=at)
    if when.wall != _in_series(first) or when.zone != series.zone:
        series = _continued(series, first, when, by=by, at=at)
        walls = series.rhythm.from_(series.start, series.zone)
        next(walls)
        times = [next(walls, None) for _row in held.later]
    else:
        times = [Occurrence(row.series_wall, row.starts_at) for row in held.later if row.series_wall and row.starts_at]
    for row, time in zip(held.later, times, strict=True):
        _follow(row, series, time, when, where, stays=held.stays(row), by=by, at=at)
    own = {"own_time": False, **_place_in(series, when.wall)}
    change(first, Kind.MOVED, by=by, at=at, why=why, fields={**what.fields, **own}, facts={**what.facts, "and_following": True})
    _make_ahead(series, at)
    return first


def _follow(row: Meeting, series: Series, time: Occurrence | None, when: When, where: Where, *, stays: bool, by: Membership, at: datetime) -> None:
    """One of the later ones goes along. Where the series has no time for it any more it does not take place."""
    if time is None:
        if row.is_scheduled:
            change(row, Kind.CANCELLED, by=by, at=at, fields={"state": State.CANCELLED}, facts={"and_following": True}, quietly=True)
        return
    own = _place_in(series, time.wall)
    new = When(time.wall.date(), time.wall.time(), when.zone, when.minutes)
    if row.is_cancelled or stays:
        Meeting.objects.filter(pk=row.pk).update(**own)
        return
    own["own_time"] = False
    if When.of(row) == new and Where.of(row) == where:
        Meeting.objects.filter(pk=row.pk).update(**own)
        return
    what = rules.require_move(row, new, where, at=at)
    change(row, Kind.MOVED, by=by, at=at, fields={**what.fields, **own}, facts={**what.facts, "and_following": True}, quietly=True)


def _continued(series: Series, first: Meeting, when: When, *, by: Membership, at: datetime) -> Series:
    """The series from a meeting on, at another time: the same one if that is its first meeting, else another, and the old one ends before."""
    wall = _in_series(first)
    rhythm, before = series.rhythm, series.rhythm.before(wall, series.start, series.zone)
    goes_on = replace(rhythm, count=rhythm.count - before if rhythm.count else None, until=max(rhythm.until, when.day) if rhythm.until else None)
    goes_on.must_fit(when.wall, when.zone, alone=True)
    new = series
    if Meeting.objects.filter(series=series, series_day__lt=wall.date()).exists():
        old = rhythm.ending_before(wall.date())
        Series.objects.filter(pk=series.pk).update(count=None, until=old.until, is_complete=True, changed_at=at)
        new = Series(committee_id=series.committee_id, every=series.every, interval=series.interval, own=series.own, begun_at=at)
    new.count, new.until, new.day, new.clock, new.zone = goes_on.count, goes_on.until, when.day, when.clock, when.zone
    new.by, new.changed_at, new.sequence, new.is_complete = by, at, series.sequence + 1, False
    new.save()
    ledger.record("meeting.series_moved", by=by.person, about=new, committee=first.committee, at=at)
    return new


@transaction.atomic
def edit_series(meeting: Meeting, words: Words, *, scope: Scope, seen: int | None = None, by: Membership, at: datetime) -> Meeting:
    """Other words for this meeting and all later ones, or for all that are to come, but for those that were changed by themselves. Those that
    are made later have them too. Nobody is told, as for `edit`."""
    held = _held(meeting, scope, apart="own_words", seen=seen, by=by, at=at)
    series, first = held.series, held.first
    for row in (first, *(each for each in held.later if each.is_scheduled and not held.stays(each))):
        room = row.capacity
        change(row, Kind.EDITED, by=by, at=at, fields={**words.fields(), "own_words": False}, facts={"and_following": True}, quietly=row.pk != first.pk)
        write_agenda(row, words.agenda)
        if row.capacity != room:
            places.resize(row, at=at)
    Series.objects.filter(pk=series.pk).update(sequence=series.sequence + 1, changed_at=at)
    return first


@transaction.atomic
def cancel_series(meeting: Meeting, *, scope: Scope, why: str = "", by: Membership, at: datetime) -> Meeting:
    """This meeting and all later ones, or all that are to come, do not take place: the series ends. One notice tells it. Refused as for `cancel`."""
    held = _held(meeting, scope, by=by, at=at)
    series, first = held.series, held.first
    ended = series.rhythm.ending_before(_in_series(first).date())
    Series.objects.filter(pk=series.pk).update(count=None, until=ended.until, is_complete=True, sequence=series.sequence + 1, changed_at=at)
    fields = {"state": State.CANCELLED}
    for row in held.later:
        if row.is_scheduled:
            change(row, Kind.CANCELLED, by=by, at=at, fields=fields, facts={"and_following": True}, quietly=True)
    change(first, Kind.CANCELLED, by=by, at=at, why=why, fields=fields, facts={"and_following": True})
    ledger.record("meeting.series_ended", by=by.person, about=series, committee=first.committee, at=at)
    return first


def _held(meeting: Meeting, scope: Scope, *, apart: str = "", seen: int | None = None, by: Membership, at: datetime) -> _Held:
    """The series first, then its meetings in one order: of two who change it at once the second sees the first's work. PermissionDenied,
    and Refused where the meeting is in none or cannot be changed."""
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    series = _series_of(meeting)
    meant = Q(pk=meeting.pk) | Q(starts_at__gt=at) if scope is Scope.ALL else Q(pk=meeting.pk)
    since = Meeting.objects.filter(meant, series=series).aggregate(day=Min("series_day"))["day"]
    coming = Meeting.objects.filter(series=series, series_day__gte=since).select_related("committee").order_by("pk").select_for_update(of=("self",))
    rows = sorted(coming, key=_in_series)
    opened = next(row for row in rows if row.pk == meeting.pk)
    rules.require_coming(opened, seen=seen, at=at)
    first = _first(rows, opened, apart, at) if scope is Scope.ALL else opened
    return _Held(series, opened, first, [row for row in rows if _in_series(row) > _in_series(first)], apart)


def _series_of(meeting: Meeting) -> Series:
    """The series of a meeting, held. Whoever waited for it may find that the meeting goes on in another one, and then holds that one too."""
    while True:
        its = Meeting.objects.filter(pk=meeting.pk).values("series")
        series = Series.objects.select_for_update().filter(pk__in=its, begun_at__isnull=False).first()
        if series is None:
            raise Refused(_("This meeting does not repeat."))
        if Meeting.objects.filter(pk=meeting.pk, series=series).exists():
            return series
