"""A committee comes from another server: its meetings are written anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from committees.base import clock, languages
from committees.base.errors import Refused
from committees.resettling.chest import Chest, Line
from committees.resettling.register import Coming
from organizing.meetings.models import LONGEST_MINUTES, MOST_PLACES, AgendaItem, Answer, Choice, Held, Meeting, MeetingChange, Reveal, Series, State
from organizing.meetings.parcels import FILE
from organizing.meetings.rhythms import LONGEST_RULE, MOST_OFTEN, MOST_TIMES, Every

MOST_POINTS, MOST_CHANGES = 200, 1000
LONGEST_PLACE, LONGEST_WHY = 2000, 400
MOST_ANSWERS = 50_000


def unpack(coming: Coming, chest: Chest) -> None:
    """The meetings of a committee that came, with agenda, changes and answers."""
    known: dict[int, Series] = {}
    for line in chest.rows(FILE):
        meeting = _meeting(coming, line)
        _put_in_series(coming, known, meeting, line)
        meeting.save(force_insert=True)
        AgendaItem.objects.bulk_create(_point(meeting, at, each) for at, each in enumerate(line.lines("agenda", most=MOST_POINTS), start=1))
        MeetingChange.objects.bulk_create(made for each in line.lines("changes", most=MOST_CHANGES) if (made := _change(coming, meeting, each)))
        Answer.objects.bulk_create((_answer(coming, meeting, each) for each in line.lines("answers", most=MOST_ANSWERS)), batch_size=1000)


def _put_in_series(coming: Coming, known: dict[int, Series], meeting: Meeting, line: Line) -> None:
    """A meeting that repeats does so here too. Where whoever began the series is not known it stands for itself."""
    if not line.has("series"):
        return
    part = line.part("series")
    number = part.number("number", most=2**62)
    series = known.get(number) or _series(coming, part)
    if series is None:
        return
    known[number] = series
    meeting.series, meeting.series_day, meeting.series_clock = series, line.day("series_day"), line.clock("series_clock").replace(tzinfo=None)
    meeting.own_time, meeting.own_words, meeting.made_ahead = line.flag("own_time"), line.flag("own_words"), line.flag("made_ahead")


def _series(coming: Coming, line: Line) -> Series | None:
    by = coming.member(line.maybe_number("by"))
    if by is None:
        return None
    zone = line.text("zone", 48)
    made = Series(
        committee=coming.committee,
        every=line.choice("every", Every),
        interval=line.number("interval", least=1, most=MOST_OFTEN),
        own=line.text("own", LONGEST_RULE),
        count=line.maybe_number("count", least=1, most=MOST_TIMES),
        until=line.day("until") if line.has("until") else None,
        day=line.day("day"),
        clock=line.clock("clock").replace(tzinfo=None),
        zone=zone,
        by=by,
        begun_at=min(line.instant("begun_at"), coming.at),
        changed_at=min(line.instant("changed_at"), coming.at),
        sequence=line.number("sequence"),
        is_complete=line.flag("is_complete"),
        due_at=coming.at,
    )
    try:
        clock.validate_zone(zone)
        replace(made.rhythm, count=None, until=None).must_fit(made.start, zone)  # one that was ended may end before it began
    except (ValidationError, Refused):
        raise line.wrong("every") from None
    made.save(force_insert=True)
    return made


def _meeting(coming: Coming, line: Line) -> Meeting:
    state = line.choice("state", State)
    zone = line.text("zone", 48)
    try:
        clock.validate_zone(zone)
    except ValidationError:
        raise line.wrong("zone") from None
    if state == State.DRAFT:
        raise line.wrong("state")
    day, wall = line.day("day"), line.clock("clock")
    minutes = line.number("minutes", most=LONGEST_MINUTES, least=5)
    starts = clock.instant(datetime.combine(day, wall.replace(tzinfo=None)), zone)
    where = {name: line.text(name, LONGEST_PLACE) if line.has(name) else "" for name in ("place", "link", "dial_in")}
    ends = starts + timedelta(minutes=minutes)
    over = ends <= coming.at
    return Meeting(
        committee=coming.committee,
        state=state,
        subject=line.text("subject", 140, least=1),
        chair=line.text("chair", 60),
        day=day,
        clock=wall,
        zone=zone,
        minutes=minutes,
        starts_at=starts,
        ends_at=ends,
        held=line.choice("held", Held),
        place_shown=_place_shown(line),
        link_shown=line.choice("link_shown", Reveal),
        probation_sees_place=line.flag("probation_sees_place"),
        capacity=line.number("capacity", most=MOST_PLACES, least=1) if line.has("capacity") else None,
        place_erased_at=coming.at if over else None,
        languages=[code for code in line.words("languages", most=40, each=12) if languages.is_known(code)],
        sequence=line.number("sequence"),
        told_version=line.number("told_version"),
        asking=line.number("asking", least=1),
        reminded_for=starts if over else None,
        changed_at=min(line.instant("changed_at"), coming.at),
        **({} if over else where),
    )


def _place_shown(line: Line) -> Reveal:
    found = line.choice("place_shown", Reveal)
    if found == Reveal.AT_DOOR:
        raise line.wrong("place_shown")
    return found


def _point(meeting: Meeting, position: int, line: Line) -> AgendaItem:
    return AgendaItem(
        committee_id=meeting.committee_id,
        meeting=meeting,
        position=position,
        subject=line.text("subject", 140),
        minutes=line.maybe_number("minutes", most=LONGEST_MINUTES),
        presenter=line.text("presenter", 60),
        visibility=line.choice("visibility", AgendaItem.Visibility),
    )


def _change(coming: Coming, meeting: Meeting, line: Line) -> MeetingChange | None:
    """One thing that happened to it. By whom is known for all but those that a clock made; others are not the committee's."""
    kind = line.choice("kind", MeetingChange.Kind)
    by = coming.member(line.maybe_number("by"))
    if by is None and kind != MeetingChange.Kind.MOVED:
        return None
    started, starts = line.maybe_instant("started_at"), line.maybe_instant("starts_at")
    if kind == MeetingChange.Kind.MOVED and (started is None or starts is None):
        raise line.wrong("starts_at")
    return MeetingChange(
        committee_id=meeting.committee_id,
        meeting=meeting,
        sequence=line.number("sequence"),
        kind=kind,
        by=by,
        at=min(line.instant("at"), coming.at),
        why=line.text("why", LONGEST_WHY) or None,
        started_at=started,
        starts_at=starts,
        place_changed=line.flag("place_changed"),
        asked_again=line.flag("asked_again"),
        and_following=line.has("and_following") and line.flag("and_following"),
    )


def _answer(coming: Coming, meeting: Meeting, line: Line) -> Answer:
    by = coming.member(line.number("by"))
    if by is None:
        raise line.wrong("by")
    spoken = line.text("interpretation", 12)
    return Answer(
        committee_id=meeting.committee_id,
        meeting=meeting,
        membership=by,
        choice=line.choice("choice", Choice),
        asking=line.number("asking", least=1),
        interpretation=spoken if languages.is_known(spoken) else "",
        child_care=line.flag("child_care"),
        ride=line.flag("ride"),
        show_name=line.flag("show_name"),
        at=min(line.instant("at"), coming.at),
    )
