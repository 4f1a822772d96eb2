"""Asking those who keep the service for help, letting them look, and ending it. Who has to agree is known to the room above (jointly)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies import commands as bodies
from committees.bodies.models import Committee
from committees.ledger import commands as ledger
from committees.membership import rules
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices import commands as notices
from committees.people.models import Person
from committees.support import register
from committees.support.models import HOURS, Grant, Look, State, Visitor

ERASE_AFTER = timedelta(days=90)


@transaction.atomic
def ask(parts: Sequence[str], *, hours: int, reason: str, by: Membership, at: datetime) -> Grant:
    """An organizer wants those who keep the service to look at these parts, for so many hours. Nobody sees anything yet.

    Refused for parts that there are not, and for other lengths of time.
    """
    rules.require(by, Power.GRANT_SUPPORT, in_committee=by.committee_id)
    keys = [each.key for each in register.granted(parts)]
    if not keys or len(keys) != len(set(parts)):
        raise Refused(_("Choose what they may look at."), field="parts")
    if hours not in HOURS:
        raise Refused(_("Choose for how long."), field="hours")
    return Grant.objects.create(committee=by.committee, parts=keys, hours=hours, reason=reason, asked_by=by, asked_at=at)


def _locked(grant: Grant) -> Grant:
    return Grant.objects.select_for_update(of=("self",)).select_related("committee").get(pk=grant.pk)


@transaction.atomic
def grant(asked: Grant, *, at: datetime) -> None:
    """Two organizers agreed: from now on, until the hours are over, those who keep the service may look; they are told. Whoever gives
    this command has asked who may. Refused the second time."""
    now = _locked(asked)
    if now.state != State.ASKED:
        raise Refused(_("This has already been done."))
    now.state, now.begins_at, now.ends_at = State.GIVEN, at, at + timedelta(hours=now.hours)
    now.save(update_fields=["state", "begins_at", "ends_at"])
    ledger.record("support.granted", by=None, about=now, committee=now.committee, at=at, detail={"hours": now.hours, "parts": "+".join(now.parts)})
    notices.post("support/granted", about=now, at=at)


@transaction.atomic
def call_off(asked: Grant, *, at: datetime) -> None:
    """No second organizer agreed: it is not granted."""
    Grant.objects.filter(pk=asked.pk, state=State.ASKED).update(state=State.OFF)


@transaction.atomic
def end(given: Grant, *, by: Membership, at: datetime) -> None:
    """Any organizer ends it: from the next request on there is nothing to see. Refused once it is over."""
    rules.require(by, Power.GRANT_SUPPORT, in_committee=given.committee_id)
    now = _locked(given)
    if not now.is_running(at):
        raise Refused(_("This is over already."))
    _end(now, by=by.person, at=at)


def _end(now: Grant, *, by: Person | None, at: datetime) -> None:
    Grant.objects.filter(pk=now.pk).update(ends_at=at)
    notices.supersede(now)
    ledger.record("support.ended", by=by, about=now, committee=now.committee, at=at)


@transaction.atomic
def look(given: Grant, part: str, *, by: Person, at: datetime) -> Grant:
    """Somebody who keeps the service opens a page of a part that was granted; that they did stands in the log and in the list that
    members read. PermissionDenied for everybody else, for other parts, and once it is over."""
    now = _locked(given)
    if not by.is_platform_admin or not by.is_active or not now.is_running(at) or part not in now.parts or not register.granted([part]):
        raise PermissionDenied
    visitor = Visitor.objects.filter(committee=now.committee, person=by).first() or _numbered(now.committee, by)
    Look.objects.create(committee=now.committee, grant=now, visitor=visitor, part=part, at=at)
    ledger.record("support.looked", by=by, about=now, committee=now.committee, at=at, detail={"part": part})
    return now


def _numbered(committee: Committee, person: Person) -> Visitor:
    """The committee's row is held, so that two who come at once get two numbers."""
    bodies.hold(committee.pk)
    last = Visitor.objects.filter(committee=committee).aggregate(last=Max("number"))["last"] or 0
    return Visitor.objects.get_or_create(committee=committee, person=person, defaults={"number": last + 1})[0]


@transaction.atomic
def end_all(committee: Committee, at: datetime) -> None:
    """What a committee grants ends, because the committee does."""
    Grant.objects.filter(committee=committee, state=State.ASKED).update(state=State.OFF)
    for each in Grant.objects.running(at).filter(committee=committee).select_related("committee").order_by("pk").select_for_update(of=("self",)):
        _end(each, by=None, at=at)


@transaction.atomic
def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """What the one grants ends, for it never meant the other's boards; what was opened in it stays to be read, under further numbers."""
    end_all(loser, at)
    last = Visitor.objects.filter(committee=winner).aggregate(last=Max("number"))["last"] or 0
    there = {visitor.person_id: visitor for visitor in Visitor.objects.filter(committee=winner, person__isnull=False)}
    Grant.objects.filter(committee=loser).update(committee=winner)
    Look.objects.filter(committee=loser).update(committee=winner)
    for number, visitor in enumerate(Visitor.objects.filter(committee=loser).order_by("number"), start=last + 1):
        if same := there.get(visitor.person_id):
            Look.objects.filter(visitor=visitor).update(visitor=same)
            visitor.delete()
        else:
            Visitor.objects.filter(pk=visitor.pk).update(committee=winner, number=number)


@transaction.atomic
def erase_person(person: Person) -> None:
    """What somebody opened stays for the committees to read, under a number that leads to nobody."""
    Visitor.objects.filter(person=person).update(person=None)


@transaction.atomic
def forget(at: datetime) -> int:
    """90 days after its end it is erased why it was asked, and who looked; that it was, and what was opened, stays as long as the committee."""
    over = Grant.objects.filter(erased_at=None, asked_at__lte=at - ERASE_AFTER).exclude(ends_at__gt=at - ERASE_AFTER)
    forgotten = over.update(reason="", erased_at=at)
    fresh = Look.objects.filter(at__gt=at - ERASE_AFTER).values("visitor")
    return forgotten + Visitor.objects.filter(person__isnull=False).exclude(pk__in=fresh).update(person=None)
