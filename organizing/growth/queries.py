"""What is due to be counted, how it is counted, and what the page reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, DateField, DateTimeField, Exists, F, FloatField, Func, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce

from committees.base import clock
from committees.bodies.models import Committee
from committees.directory.models import Employer, Workplace
from committees.membership.applications import DECIDED, Application, State
from committees.membership.models import Membership
from committees.membership.roles import PRESENT, REMOVABLE
from committees.notices.models import Channel, Notice
from committees.notices.models import State as Sent
from organizing.growth.models import Picture, Week, WeekQuerySet
from organizing.meetings.models import Answer, Choice, Meeting

#: What was sent late on a Sunday has a day to arrive before it is counted.
SETTLES = timedelta(days=1)
#: So many weeks back a committee's first rows reach.
KEPT_WEEKS = 52
WEEK = timedelta(days=7)
ANSWERED_OVER = 4
UNDELIVERED = (Sent.BOUNCED, Sent.UNREACHABLE, Sent.DEAD, Sent.MISSED)
SISTERS = 10


# -- What is due ---------------------------------------------------------------------------------------------------------


def _day_there(instant: Any) -> Func:
    """The calendar day of an instant in the committee's zone."""
    return Cast(Func(F("zone"), instant, function="timezone", output_field=DateTimeField()), DateField())


def _monday_there(instant: Any) -> Func:
    return Cast(Func(Value("week"), Func(F("zone"), instant, function="timezone"), function="date_trunc", output_field=DateTimeField()), DateField())


def behind(at: datetime) -> QuerySet[Committee]:
    """Committees whose last whole week has no row yet. Adds `this_monday`, and `last`: the Monday of the last week that was counted."""
    settled = Value(at - SETTLES, output_field=DateTimeField())
    rows = Committee.objects.open().annotate(this_monday=_monday_there(settled), began_on=_day_there(F("founded_at")))
    latest = Week.objects.recorded().filter(committee=OuterRef("pk")).order_by().values("committee").annotate(last=Max("monday")).values("last")
    there = rows.filter(began_on__lt=F("this_monday")).annotate(last=Subquery(latest))
    return there.filter(Q(last=None) | Q(last__lt=F("this_monday") - WEEK)).order_by("pk")


def missing(committee: Any) -> list[Week]:
    """The rows that a committee which is behind has not got, the oldest first; a year at most."""
    monday: date = committee.this_monday
    first = max(monday - KEPT_WEEKS * WEEK, committee.began_on - timedelta(days=committee.began_on.weekday()))
    day = max(first, committee.last + WEEK) if committee.last else first
    weeks = []
    while day < monday:
        weeks.append(_week(committee, day))
        day += WEEK
    return weeks


def week_of(committee: Committee, at: datetime) -> Week:
    """The row, not yet written, of the week in which this instant lies."""
    day = clock.wall(at, committee.zone).date()
    return _week(committee, day - timedelta(days=day.weekday()))


def _week(committee: Committee, monday: date) -> Week:
    return Week(committee=committee, monday=monday, begins_at=_midnight(monday, committee.zone), ends_at=_midnight(monday + WEEK, committee.zone))


def _midnight(day: date, zone: str) -> datetime:
    return clock.instant(datetime.combine(day, time()), zone)


def to_picture(at: datetime) -> QuerySet[Committee]:
    """Committees without a picture of this month. Adds `today`, the day in their zone."""
    rows = Committee.objects.open().annotate(today=_day_there(Value(at, output_field=DateTimeField())))
    of_this_month = Picture.objects.filter(committee=OuterRef("pk"), taken_on__year=OuterRef("today__year"), taken_on__month=OuterRef("today__month"))
    return rows.filter(~Exists(of_this_month)).order_by("pk")


def shifts_of(committees: Sequence[Committee]) -> dict[int, dict[str, int]]:
    """How many members of each of these committees gave which shift, as they spelt it. One query."""
    found: dict[int, dict[str, int]] = {committee.pk: {} for committee in committees}
    rows = Membership.objects.filter(committee__in=committees, standing__in=REMOVABLE).values_list("committee", "shift")
    for pk, shift, n in rows.order_by().annotate(n=Count("pk")):
        name = shift.strip()
        found[pk][name] = found[pk].get(name, 0) + n
    return found


# -- Counting ------------------------------------------------------------------------------------------------------------


class Percentile(Func):
    """`percentile_cont`: what a share of the rows does not exceed. No Aggregate, so that it is of all rows of a subquery."""

    template = "percentile_cont(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def _number(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(n=Func(F("pk"), function="count"))[:1], output_field=IntegerField()), 0)


def counted(weeks: WeekQuerySet) -> WeekQuerySet:
    """Adds what a week's row is made from, but for deliveries: all sums, by the database, however many weeks."""
    begins, ends = OuterRef("begins_at"), OuterRef("ends_at")
    here = Membership.objects.filter(committee=OuterRef("committee"))
    asked = Application.objects.filter(committee=OuterRef("committee"))
    held = Meeting.objects.scheduled().filter(committee=OuterRef("committee"), starts_at__gte=begins, starts_at__lt=ends)
    said = Answer.objects.filter(committee=OuterRef("committee"), meeting__in=_meetings_of_outer(), asking=F("meeting__asking"), choice=Choice.YES)
    took = Func(F("ended_at") - F("sent_at"), template="(extract(epoch from %(expressions)s) / 3600)", output_field=FloatField())
    answered = asked.filter(state__in=DECIDED, sent_at__gte=OuterRef("since"), sent_at__lt=ends)
    since = F("begins_at") - Value((ANSWERED_OVER - 1) * WEEK)
    return weeks.annotate(since=since).annotate(
        n_members=_number(here.filter(Q(standing__in=REMOVABLE) | Q(changed_at__gte=ends), joined_at__lt=ends)),
        n_joined=_number(here.filter(joined_at__gte=begins, joined_at__lt=ends)),
        n_left=_number(here.exclude(standing__in=REMOVABLE).filter(changed_at__gte=begins, changed_at__lt=ends)),
        n_applied=_number(asked.filter(sent_at__gte=begins, sent_at__lt=ends)),
        n_declined=_number(asked.filter(state=State.DECLINED, ended_at__gte=begins, ended_at__lt=ends)),
        n_answered=_number(answered),
        n_median=Subquery(answered.order_by().values(n=Percentile(took, share="0.5"))[:1], output_field=FloatField()),
        n_slow=Subquery(answered.order_by().values(n=Percentile(took, share="0.9"))[:1], output_field=FloatField()),
        n_meetings=_number(held),
        n_coming=_number(said.filter(membership__standing__in=PRESENT)),
    )


def _meetings_of_outer() -> QuerySet[Any, Any]:
    week = {"starts_at__gte": OuterRef(OuterRef("begins_at")), "starts_at__lt": OuterRef(OuterRef("ends_at"))}
    return Meeting.objects.scheduled().filter(committee=OuterRef(OuterRef("committee")), **week).values("pk")


@dataclass
class Went:
    """How a week's mails went."""

    delivered: int = 0
    undelivered: int = 0
    waiting: int = 0


def went(weeks: Sequence[Week]) -> dict[int, Went]:
    """How the notices of these weeks went out by mail, by the row's id. One query, a row for each notice."""
    found = {week.pk: Went() for week in weeks}
    if not weeks:
        return found
    posted = {"posted_at__gte": min(week.begins_at for week in weeks), "posted_at__lt": max(week.ends_at for week in weeks)}
    by_mail = Q(deliveries__channel=Channel.EMAIL)
    sums = {
        "n_delivered": Count("deliveries", filter=by_mail & Q(deliveries__state=Sent.ACCEPTED)),
        "n_undelivered": Count("deliveries", filter=by_mail & Q(deliveries__state__in=UNDELIVERED)),
        "n_waiting": Count("deliveries", filter=by_mail & Q(deliveries__state=Sent.WAITING)),
    }
    notices = Notice.objects.filter(committee_id__in={week.committee_id for week in weeks}, **posted).annotate(**sums)
    of_committee: dict[int, list[Week]] = {}
    for week in weeks:
        of_committee.setdefault(week.committee_id, []).append(week)
    for committee, at, *numbers in notices.values_list("committee_id", "posted_at", *sums):
        for week in of_committee[committee]:
            if week.begins_at <= at < week.ends_at:
                mine = found[week.pk]
                mine.delivered, mine.undelivered, mine.waiting = (a + b for a, b in zip((mine.delivered, mine.undelivered, mine.waiting), numbers, strict=True))
    return found


# -- The page ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Growth:
    """All that the page shows of one committee. `weeks`: the oldest first."""

    weeks: list[Week]
    picture: Picture | None
    few: bool
    sisters: list[Workplace] = field(default_factory=list)
    more_sisters: bool = False
    employer: Employer | None = None

    @property
    def since(self) -> date | None:
        return self.weeks[0].monday if self.weeks else None


def growth(member: Membership, *, weeks: int, smallest: int) -> Growth:
    """What an organizer sees, in as many queries however large the committee and however long the period."""
    rows = list(Week.objects.visible_to(member).recorded().order_by("-monday")[:weeks])
    few = Membership.objects.filter(committee_id=member.committee_id, standing__in=REMOVABLE).count() < smallest
    employer = _employer(member)
    sisters = list(without_a_committee(member, employer)[: SISTERS + 1]) if employer else []
    return Growth(
        weeks=[] if few else rows[::-1],
        picture=None if few else Picture.objects.visible_to(member).first(),
        few=few,
        sisters=sisters[:SISTERS],
        more_sisters=len(sisters) > SISTERS,
        employer=employer,
    )


def _employer(member: Membership) -> Employer | None:
    return Employer.objects.filter(Q(workplaces__committees=member.committee_id) | Q(pk=member.committee.employer_id)).distinct().first()


def without_a_committee(member: Membership, employer: Employer) -> QuerySet[Workplace]:
    """Open sites of this employer where nobody can see a committee, the nearest country first. One that only its link leads to
    is none here, for every member but its own: their own site is left out."""
    listed = Committee.objects.listed().filter(workplace=OuterRef("pk"))
    own = member.committee.workplace
    sites = Workplace.objects.visible_to(member.person).open().of(employer.pk).exclude(Exists(listed)).exclude(pk=own.pk if own else 0)
    here = Case(When(country=own.country if own else "", then=Value(0)), default=Value(1), output_field=IntegerField())
    return sites.with_names().order_by(here, "place_key", "pk")
