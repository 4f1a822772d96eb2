"""How a mandate begins, passes to the alternate, and ends. Who decides about that is known to `proposing` (later to the ballots).

The row of the mandate is the only one that is held: whoever leaves in the same moment waits for it, and then sees what came of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from committees.alliance.models import Affiliation
from committees.base.errors import Refused
from committees.jointly import commands as jointly
from committees.jointly.rules import DAYS_A_MONTH
from committees.ledger import commands as ledger
from committees.mandates import rules
from committees.mandates.commands import seating
from committees.mandates.models import Ending, Mandate, MandateQuerySet, State
from committees.membership import commands as membership
from committees.membership import rules as members
from committees.membership.models import Membership
from committees.membership.roles import Power, Role, Standing
from committees.notices import commands as notices
from committees.people.models import Person

FIELDS_THAT_GO_ON = ["due_at", "told_soon_for", "told_late_for", "seat", "seated_at"]
FIELDS_OF_A_PASSING = ["delegate", "alternate", "before", "passed_at", "due_at"]


_ALONG = ("committee", "wider", "delegate__committee", "alternate__committee")


def held(rows: MandateQuerySet) -> list[Mandate]:
    """These rows as they are now, held until the transaction ends, with all whom they name. `rows` asks of their own columns alone.

    First the lock, then the members: a row that has passed to the alternate meanwhile would not be found with the delegate before.
    """
    pks = [row.pk for row in rows.order_by("pk").select_for_update(of=("self",))]
    return list(Mandate.objects.filter(pk__in=pks).select_related(*_ALONG).order_by("pk"))


def locked(mandate: Mandate) -> Mandate:
    """One of them."""
    (found,) = held(Mandate.objects.filter(pk=mandate.pk))
    return found


def whom(*members: Membership | None) -> list[int]:
    """To whom a notice about these goes."""
    return [each.person_id for each in members if each and each.person_id]


def record(verb: str, mandate: Mandate, *, by: Person | None, at: datetime, **detail: str) -> None:
    """One line of the log of the committee that sends."""
    ledger.record(f"mandate.{verb}", by=by, about=mandate, committee=mandate.committee, at=at, detail=detail)


def follow(member: Membership, *, at: datetime) -> None:
    """The role of a delegate runs as long as one of the member's mandates does."""

    def until() -> datetime | None:
        running = Mandate.objects.filter(delegate=member, state=State.RUNNING, ends_at__gt=at)  # also one that began in this very moment
        last: datetime | None = running.aggregate(last=Max("ends_at"))["last"]
        return last

    membership.keep_office(member, Role.DELEGATE, until=until, at=at)


def is_able(member: Membership | None) -> bool:
    """Whether somebody could speak for the committee now: a full member who is there."""
    return member is not None and member.standing == Standing.MEMBER and member.person_id is not None


def is_free(member: Membership, mandate: Mandate) -> bool:
    """Whether a member is not sent there already by another mandate."""
    return not Mandate.objects.filter(delegate=member, wider=mandate.wider, state=State.RUNNING).exclude(pk=mandate.pk).exists()


def enough() -> Refused:
    """What is said where the committee has as many delegates there as it may."""
    return Refused(_("You can have %(n)s delegates there at a time. Wait until a mandate ends, or end one.") % {"n": rules.MOST}, field="wider")


@transaction.atomic
def begin_mandate(mandate: Mandate, *, at: datetime) -> Mandate:
    """From now on the delegate speaks for the committee, until the term is over; they are told. Whoever gives this command has
    asked who may: two organizers whom nobody stopped, later a ballot.

    Where it renews the mandate that they hold, that one ends with it; the seat, and what they are there, goes over. An alternate who is
    not there any more is left out. Refused for a delegate who is not, where the two committees no longer belong together, for whoever
    is sent there by another mandate since it was proposed, and where the committee has enough delegates there by now.
    """
    rows = {row.pk: row for row in held(Mandate.objects.filter(pk__in=[each for each in (mandate.pk, mandate.renews_id) if each]))}
    now, before = rows[mandate.pk], rows.get(mandate.renews_id or 0)
    if not now.is_proposed:
        raise Refused(_("This has already been done."))
    if not is_able(now.delegate):
        raise Refused(_("Only members past their first weeks can be sent."))
    if not Affiliation.objects.standing().filter(committee=now.committee, wider=now.wider).exists():
        raise Refused(_("Your committee no longer belongs to that one."))
    now.state, now.begins_at, now.ends_at = State.RUNNING, at, at + timedelta(days=round(now.months * DAYS_A_MONTH))
    now.alternate = now.alternate if is_able(now.alternate) else None
    now.due_at = rules.due(now)
    goes_on = before is not None and before.is_running and before.delegate_id == now.delegate_id
    if before is not None and goes_on:
        _replace(before, now, at=at)
    elif Mandate.objects.filter(committee=now.committee, wider=now.wider, state=State.RUNNING).count() >= rules.MOST:
        raise enough()
    try:
        with transaction.atomic():
            now.save(update_fields=["state", "begins_at", "ends_at", "alternate", *FIELDS_THAT_GO_ON])
    except IntegrityError:
        raise Refused(_("They are a delegate there already.")) from None
    follow(now.delegate, at=at)
    record("renewed" if goes_on else "begun", now, by=None, at=at)
    notices.post("mandates/begun", to=whom(now.delegate), about=now, committee=now.committee, at=at)
    return now


def _replace(before: Mandate, now: Mandate, *, at: datetime) -> None:
    """The delegate goes on by another mandate: they stay where they sit, and a report that is due, or late, stays so. Both rows are held;
    the caller writes `now`."""
    now.seat, now.seated_at = before.seat, before.seated_at
    due = before.due_at
    if due is not None and (now.due_at is None or due < now.due_at):
        now.due_at, now.told_soon_for, now.told_late_for = due, before.told_soon_for, before.told_late_for
    before.state, before.ending, before.ended_at, before.due_at = State.ENDED, Ending.RENEWED, at, None
    before.seat = before.seated_at = None
    before.save(update_fields=["state", "ending", "ended_at", "due_at", "seat", "seated_at"])


@transaction.atomic
def call_off(mandate: Mandate, *, at: datetime) -> None:
    """What was proposed does not come about. Nothing happens to a mandate that has begun."""
    now = locked(mandate)
    if now.is_proposed:
        Mandate.objects.filter(pk=now.pk).update(state=State.OFF, ended_at=at)


@transaction.atomic
def hand_back(mandate: Mandate, *, by: Membership, at: datetime) -> None:
    """The delegate hands the mandate back, without saying why: the alternate is the delegate at once, or the place is empty; organizers
    are told. Before it has begun it does not come about; nor does one that was to renew it. An alternate is none any more. Refused once it is over."""
    members.require(by, Power.LEAVE, in_committee=mandate.committee_id)
    if by.pk not in (mandate.delegate_id, mandate.alternate_id):
        raise PermissionDenied
    if by.pk == mandate.delegate_id:
        to_come = Mandate.objects.filter(Q(pk=mandate.pk) | Q(renews=mandate, delegate=by), state=State.PROPOSED)
        for each in to_come.order_by("pk"):
            jointly.overtake_about(each, at=at)  # which calls it off; its row is held before the mandate's, as where it is carried out
    now = locked(mandate)
    ledger.hold(now.committee, now.wider)
    if by.pk == now.alternate_id and (now.is_proposed or now.is_running):
        record("alternate_gone", now, by=by.person, at=at)
        lose_alternate(now, at=at)
    elif now.is_running and by.pk == now.delegate_id:
        record("handed_back", now, by=by.person, at=at)
        vacate(now, Ending.BACK, at=at)
    elif mandate.is_proposed and by.pk == now.delegate_id:
        call_off(now, at=at)
        record("declined", now, by=by.person, at=at)
    else:
        raise Refused(_("This is over already."))


def lose_alternate(mandate: Mandate, *, at: datetime) -> None:
    """Nobody would take over any more; organizers are told where it runs. The row is held."""
    Mandate.objects.filter(pk=mandate.pk).update(alternate=None)
    mandate.alternate = None
    if mandate.is_running:
        notices.post("mandates/changed", about=mandate, committee=mandate.committee, at=at)


def vacate(mandate: Mandate, ending: Ending, *, at: datetime) -> None:
    """The delegate no longer can: the alternate is the delegate from now on, for the rest of the term; where there is none who could,
    it ends. Organizers are told, and the alternate. The row is held."""
    old, new = mandate.delegate, mandate.alternate
    if new is None or not is_able(new) or not is_free(new, mandate):
        finish(mandate, ending, at=at)
        return
    ledger.hold(mandate.committee, mandate.wider)
    seating.leave(mandate, at=at)
    mandate.delegate, mandate.alternate, mandate.before, mandate.passed_at = new, None, old, at
    mandate.due_at = rules.due(mandate)
    mandate.save(update_fields=FIELDS_OF_A_PASSING)
    follow(old, at=at)
    follow(new, at=at)
    record("passed", mandate, by=None, at=at)
    notices.post("mandates/begun", to=whom(new), about=mandate, committee=mandate.committee, version=2, at=at)
    notices.post("mandates/changed", about=mandate, committee=mandate.committee, version=2, at=at)


@transaction.atomic
def end_mandate(mandate: Mandate, *, at: datetime) -> None:
    """The delegate is none any more; they are told, and the alternate. Whoever gives this command has asked who may. Refused once it
    is over."""
    now = locked(mandate)
    if not now.is_running:
        raise Refused(_("This is over already."))
    finish(now, Ending.DECIDED, at=at)


def finish(mandate: Mandate, ending: Ending, *, at: datetime) -> None:
    """It ends: the role with it, and the seat in the wider committee. The row is held."""
    ledger.hold(mandate.committee, mandate.wider)  # the seat's end stands in the log of the one, the mandate's in that of the other
    seating.leave(mandate, at=at)
    mandate.state, mandate.ending, mandate.ended_at, mandate.due_at = State.ENDED, ending, at, None
    mandate.save(update_fields=["state", "ending", "ended_at", "due_at"])
    follow(mandate.delegate, at=at)
    record("ended", mandate, by=None, at=at, why=str(ending))
    notices.post("mandates/ended", to=whom(mandate.delegate, mandate.alternate), about=mandate, committee=mandate.committee, at=at)
    if ending in (Ending.BACK, Ending.GONE, Ending.TERM):
        notices.post("mandates/changed", about=mandate, committee=mandate.committee, version=3, at=at)


@transaction.atomic
def count_reports(mandate_id: int, *, last: datetime | None) -> None:
    """The room in which reports are written says when the last one was made that can be read: the next one is due so many days later."""
    now = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate_id)
    now.reported_at = last
    now.due_at = rules.due(now)
    now.save(update_fields=["reported_at", "due_at"])
