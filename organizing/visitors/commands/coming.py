"""Somebody registers for a meeting that is open to visitors, or does not come after all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.notices import commands as notices
from committees.people.models import Person
from organizing.visitors import queries, rules
from organizing.visitors.models import Opening, Visit


@transaction.atomic
def register(opening: Opening, name: str, *, by: Person, at: datetime) -> Visit:
    """A person registers under a name that the host sees, or changes that name; they are told what they need in the language they chose.

    Refused where nobody can register any more, all places are taken, they were turned away or put out of the host, or they come as a member already.
    """
    now = held(opening)
    rules.require_takes(now, at=at)
    mine = Visit.objects.of(by).filter(opening=now).first()
    if mine is not None and mine.state == Visit.State.TURNED_AWAY:
        raise Refused(_("The organizers do not let you come to this meeting."))
    if mine is None or mine.state != Visit.State.COMING:
        _require_stranger(now, by)
        if now.room is not None and Visit.objects.coming().filter(opening=now).count() >= now.room:
            raise Refused(_("All places are taken. If somebody does not come after all, you can register then."))
    says = {"name": name, "state": Visit.State.COMING}
    visit, _made = Visit.objects.update_or_create(opening=now, person=by, defaults=says, create_defaults={**says, "registered_at": at})
    if now.is_public:
        # A meeting that was moved and told of is told at its version; who registers later is added to what went out.
        notices.post("visitors/registered", about=now.meeting, to=[by.pk], version=now.meeting.told_version, at=at, useful_until=now.meeting.ends_at)
    visit.opening = now
    return visit


@transaction.atomic
def withdraw(visit: Visit, *, by: Person) -> None:
    """They do not come after all; their place is free. A second time changes nothing."""
    held(visit.opening)
    gone = Visit.objects.of(by).coming().filter(pk=visit.pk)
    gone.update(state=Visit.State.WITHDRAWN, asked_in="", asked_at=None, let_in=None, answered_by=None, answered_at=None)
    notices.hold_back([by.pk])


def held(opening: Opening) -> Opening:
    """The row as it is now, held until the transaction ends: of two who want the last place one gets it."""
    return Opening.objects.select_related("meeting", "committee").select_for_update(of=("self",)).get(pk=opening.pk)


def _require_stranger(opening: Opening, by: Person) -> None:
    here = queries.stands(opening, by)
    if here.is_barred:
        raise Refused(_("The organizers do not let you come to this meeting."))
    if here.is_member:
        raise Refused(_("You are a member of a committee that comes to this meeting. You find it among your meetings."))
