"""What the clock does for growth. Each asks its own rows what is due; twice, or four times at once, changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from committees.bodies.models import Committee
from committees.membership.commands.forgetting import ERASE_AFTER
from committees.notices.commands.sweeping import KEEP_DAYS as NOTICES_KEPT
from committees.resettling.chest import Chest
from committees.resettling.register import Coming
from organizing.growth import queries, rules
from organizing.growth.models import Picture, Week
from organizing.growth.queries import Went
from organizing.growth.rules import Counted
from organizing.meetings.commands.erasing import ANSWER_DAYS

#: Rows at a time: a server that was away, or that gets this table, catches up over some minutes.
AT_ONCE = 200
KEEP_DAYS = (queries.KEPT_WEEKS + 2) * 7


@transaction.atomic
def record_weeks(at: datetime) -> int:
    """Count each committee's whole weeks that have no row yet, those too that were missed while nothing ran. Nobody is told.

    What has been erased meanwhile is not guessed: such a number stays empty. Of several at once, the first writes; the others
    find nothing to do. Returns how many rows were filled.
    """
    due = list(queries.behind(at)[:AT_ONCE])
    begun = [week for committee in due for week in queries.missing(committee)][:AT_ONCE]
    if not begun:
        return 0
    Week.objects.bulk_create(begun, ignore_conflicts=True)
    mine = Week.objects.filter(recorded_at=None, committee__in=due).order_by("pk").select_for_update(of=("self",), skip_locked=True)
    held = [week.pk for week in mine]
    weeks = list(queries.counted(Week.objects.filter(pk__in=held)))
    mails = queries.went(weeks)
    for week in weeks:
        told = rules.told(_counted(week, mails[week.pk], at))
        week.withheld, week.recorded_at = told.withheld, at
        for name, number in told.numbers.items():
            setattr(week, name, number)
    Week.objects.bulk_update(weeks, ["withheld", "recorded_at", *rules.NUMBERS])
    return len(weeks)


def _counted(week: Any, mail: Went, at: datetime) -> Counted:
    """A week as it was, without what is no longer kept in full, and without mails while most are still on their way."""
    age = at - week.begins_at
    applications = age <= ERASE_AFTER
    mails = age <= timedelta(days=NOTICES_KEPT) and mail.waiting <= mail.delivered
    return Counted(
        members=week.n_members,
        joined=week.n_joined,
        left=week.n_left,
        applied=week.n_applied if applications else None,
        declined=week.n_declined if applications else None,
        answered=week.n_answered if at - week.since <= ERASE_AFTER else 0,
        median_hours=week.n_median,
        slow_hours=week.n_slow,
        meetings=week.n_meetings,
        coming=week.n_coming if age <= timedelta(days=ANSWER_DAYS) else None,
        delivered=mail.delivered if mails else None,
        undelivered=mail.undelivered if mails else None,
    )


@transaction.atomic
def take_pictures(at: datetime) -> int:
    """Once a month count how many members gave which shift, and put it in the place of the last picture. Nobody is told.

    Returns how many pictures were taken.
    """
    due: list[Any] = list(queries.to_picture(at)[:AT_ONCE])
    if not due:
        return 0
    held = {row.committee_id: row for row in Picture.objects.filter(committee__in=due).order_by("pk").select_for_update()}
    due = [committee for committee in due if not _is_of_this_month(held.get(committee.pk), committee)]  # taken while we waited
    shifts = queries.shifts_of(due)
    taken = []
    for committee in due:
        told = rules.by_shift(shifts[committee.pk])
        shown = [{"shift": shift, "from": number} for shift, number in told.shown.items()]
        taken.append(Picture(committee=committee, taken_on=committee.today, shifts=shown, others=told.others))
    first = [picture for picture in taken if picture.committee_id not in held]
    Picture.objects.bulk_create(first, ignore_conflicts=True)
    later = [picture for picture in taken if picture.committee_id in held]
    for picture in later:
        picture.pk = held[picture.committee_id].pk
    Picture.objects.bulk_update(later, ["taken_on", "shifts", "others"])
    return len(taken)


def _is_of_this_month(picture: Picture | None, committee: Any) -> bool:
    return picture is not None and (picture.taken_on.year, picture.taken_on.month) == (committee.today.year, committee.today.month)


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees become one: what was counted of the one is not added to the other, for nobody could tell what it means."""
    for model in (Week, Picture):
        model.objects.filter(committee=loser).delete()


def begin_here(coming: Coming, _chest: Chest) -> None:
    """A committee comes from another server: the weeks before it came were another server's to count, and stay empty here."""
    for committee in queries.behind(coming.at).filter(pk=coming.committee.pk):
        before = queries.missing(committee)
        for week in before:
            week.recorded_at = coming.at
        Week.objects.bulk_create(before)


def forget_weeks(at: datetime) -> int:
    """Erase weeks that no page shows any more."""
    return Week.objects.filter(ends_at__lt=at - timedelta(days=KEEP_DAYS)).delete()[0]
