"""Covering for an organizer or a moderator who is away. Who has to agree besides is known to the room above (jointly).

Nobody is asked why they are away. What a cover gives begins and ends by instants in its rows; the tick only tells people.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base import clock
from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership import rules, standing_in
from committees.membership.commands.offices import end_cover_now, whom
from committees.membership.covers import COVERED, LONGEST, Cover, State
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Power, Standing
from committees.notices import commands as notices

DAY = timedelta(days=1)
#: How far ahead somebody can say that they will be away.
AHEAD = timedelta(days=365)
AT_ONCE = 200


@transaction.atomic
def ask_cover(member: Membership, role: str, *, first: date, last: date, by: Membership, at: datetime, form_key: UUID | None = None) -> Cover:
    """An organizer or a moderator asks a full member to cover for them from one day to another; the member is told.

    Days are those of the committee's zone. Refused for an office that one does not hold oneself, for whoever is no full member,
    for days in the past or more than 60, and while somebody covers for them then, or the member for somebody.
    """
    rules.require(by, Power.ARRANGE_COVER, in_committee=member.committee_id)
    rules.require_other(by, member.person_id)
    if form_key and (made := Cover.objects.filter(form_key=form_key, absent=by).first()):
        return made
    committee = by.committee
    _require_days(first, last, today=clock.wall(at, committee.zone).date())
    begins, ends = (clock.instant(datetime.combine(day, time()), committee.zone) for day in (first, last + DAY))
    own = standing_in.own_term(by, role, at) if role in COVERED else None
    if own is None:
        raise Refused(_("You do not hold this office yourself."), field="role")
    if own.ends_at and own.ends_at <= max(begins, at):
        raise Refused(_("Your office ends before that."), field="first")
    if member.standing != Standing.MEMBER:
        raise Refused(_("Only members past their first weeks can cover for somebody."), field="name")
    try:
        with transaction.atomic():
            cover = Cover.objects.create(
                form_key=form_key, committee=committee, role=role, absent=by, member=member, begins_at=max(begins, at), ends_at=ends, asked_at=at
            )
    except IntegrityError:
        raise Refused(_("In these days somebody covers for you already, or they for somebody else."), field="first") from None
    ledger.record("cover.asked", by=by.person, about=cover, committee=committee, at=at, detail={"role": str(role)})
    notices.post("membership/cover_asked", to=whom(member), about=cover, committee=committee, at=at)
    return cover


def _require_days(first: date, last: date, *, today: date) -> None:
    if first < today:
        raise Refused(_("This day is over. Choose today or a later one."), field="first")
    if first > today + AHEAD:
        raise Refused(_("This is more than a year ahead. Choose an earlier day."), field="first")
    if last < first:
        raise Refused(_("The last day is before the first."), field="last")
    if (last - first).days + 1 > LONGEST:
        raise Refused(_("Somebody can cover for 60 days at most. For longer, hand your office over."), field="last")


@transaction.atomic
def accept_cover(cover: Cover, *, by: Membership, at: datetime) -> Cover:
    """The member who was asked agrees; the absent one is told. Refused the second time, and once it is too late."""
    rules.require(by, Power.COVER, in_committee=cover.committee_id)
    now = _answered(cover, by=by, at=at)
    Cover.objects.filter(pk=now.pk).update(state=State.ACCEPTED, answered_at=at)
    ledger.record("cover.accepted", by=by.person, about=now, committee=now.committee, at=at, detail={"role": now.role})
    notices.post("membership/cover_accepted", to=whom(now.absent), about=now, committee=now.committee, at=at)
    now.state = State.ACCEPTED
    return now


@transaction.atomic
def decline_cover(cover: Cover, *, by: Membership, at: datetime) -> None:
    """The member who was asked declines, without saying why; the absent one is told. Refused the second time."""
    rules.require(by, Power.COVER, in_committee=cover.committee_id)
    now = _answered(cover, by=by, at=at)
    Cover.objects.filter(pk=now.pk).update(state=State.DECLINED, answered_at=at)
    ledger.record("cover.declined", by=by.person, about=now, committee=now.committee, at=at, detail={"role": now.role})
    notices.post("membership/cover_declined", to=whom(now.absent), about=now, committee=now.committee, at=at)


def _locked(cover: Cover) -> Cover:
    rows = Cover.objects.select_for_update(of=("self",)).select_related("committee", "absent__committee", "member__committee")
    return rows.get(pk=cover.pk)


def _answered(cover: Cover, *, by: Membership, at: datetime) -> Cover:
    rules.require_self(by, cover.member)
    now = _locked(cover)
    if not now.is_asked:
        raise Refused(_("This has already been answered."))
    if at >= now.ends_at:
        raise Refused(_("These days are over."))
    return now


@transaction.atomic
def begin_cover(cover: Cover, *, at: datetime) -> None:
    """It is settled: in those days the member holds the powers of the office too. Whoever gives this command has asked who may.

    It ends with the absent one's own office at the latest. Refused where one of the two cannot any more.
    """
    now = _locked(cover)
    rows = Membership.objects.filter(pk__in=(now.absent_id, now.member_id)).order_by("pk").select_for_update(of=("self",))
    if now.state != State.ACCEPTED or at >= now.ends_at or any(each.standing != Standing.MEMBER for each in rows):
        raise Refused(_("This is no longer possible."))
    own = standing_in.own_term(now.absent, now.role, at)
    begins = max(now.begins_at, at)
    if own is None or (own.ends_at and own.ends_at <= begins):
        raise Refused(_("Their office has ended."))
    ends = min(now.ends_at, own.ends_at or now.ends_at)
    if not standing_in.gives_nothing(now.member, now.role, at):
        try:
            with transaction.atomic():
                RoleTerm.objects.create(
                    committee_id=now.committee_id, membership=now.member, role=now.role, begins_at=begins, ends_at=ends, stands_in_for=now.absent
                )
        except IntegrityError:
            raise Refused(_("They hold this role already.")) from None
    Cover.objects.filter(pk=now.pk).update(state=State.ARRANGED, begins_at=begins, ends_at=ends)
    ledger.record("cover.arranged", by=None, about=now, committee=now.committee, at=at, detail={"role": now.role})


@transaction.atomic
def call_off_cover(cover: Cover, *, at: datetime) -> None:
    """Others have not agreed to it: it does not happen. Both are told. Nothing happens to one that is over or arranged."""
    now = _locked(cover)
    if now.state in (State.ASKED, State.ACCEPTED):
        end_cover_now(now, by=None, at=at)


@transaction.atomic
def end_cover(cover: Cover, *, by: Membership, at: datetime) -> None:
    """One of the two ends it at once: the absent one is back, or the other cannot any more. Both are told. Refused once it is over."""
    rules.require(by, Power.COVER, in_committee=cover.committee_id)
    if by.pk not in (cover.absent_id, cover.member_id):
        raise PermissionDenied
    now = _locked(cover)
    if now.state not in (State.ASKED, State.ACCEPTED, State.ARRANGED) or at >= now.ends_at:
        raise Refused(_("This is over already."))
    end_cover_now(now, by=by.person, at=at)


@transaction.atomic
def tell_of_covers(at: datetime) -> int:
    """Both are told when it begins and when it has ended; that it does stands in the rows. Returns how many."""
    arranged = Cover.objects.filter(state=State.ARRANGED).select_related("committee", "absent", "member")
    begun = list(
        arranged.filter(told_begun_at=None, begins_at__lte=at, ends_at__gt=at).order_by("pk").select_for_update(of=("self",), skip_locked=True)[:AT_ONCE]
    )
    ended = list(arranged.filter(told_ended_at=None, ends_at__lte=at).order_by("pk").select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for name, rows in (("begins", begun), ("ends", ended)):
        for cover in rows:
            verb = "cover.begun" if name == "begins" else "cover.ended"
            ledger.record(verb, by=None, about=cover, committee=cover.committee, at=at, detail={"role": cover.role})
            both = [*whom(cover.member), *whom(cover.absent)]
            notices.post(f"membership/cover_{name}", to=both, about=cover, version=1 if name == "begins" else 2, committee=cover.committee, at=at)
    Cover.objects.filter(pk__in=[cover.pk for cover in begun]).update(told_begun_at=at)
    Cover.objects.filter(pk__in=[cover.pk for cover in ended]).update(told_ended_at=at)
    return len(begun) + len(ended)
