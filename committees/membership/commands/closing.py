"""How a committee ends. Who decides about that is known to the room above (jointly, later the ballots)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies import commands as bodies
from committees.bodies import register
from committees.bodies.models import Committee, Scope
from committees.ledger import commands as ledger
from committees.membership.applications import Application, ApplicationEvent, Decline, State
from committees.membership.commands.applying import event
from committees.membership.commands.offices import end_terms
from committees.membership.covers import Cover
from committees.membership.covers import State as Covering
from committees.membership.invitations import Invitation
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import REMOVABLE, Standing
from committees.notices import commands as notices


@transaction.atomic
def close(committee: Committee, *, by: Membership, at: datetime) -> None:
    """The committee is no more: nobody is in it, nobody finds it, and its workplace is free for another.

    Whoever belonged is told, and whoever had applied, with a reason; rooms above end what they hold (bodies.register). Whoever
    gives this command has asked who may; `by` is the organizer who proposed it. Refused the second time, and for the alliance.

    The row is held so that others may still name it as they commit: else whoever holds what this ends would wait for the committee.
    """
    now = Committee.objects.select_for_update(of=("self",), no_key=True).get(pk=committee.pk)
    if now.scope == Scope.ALLIANCE:
        raise Refused(_("Other committees rely on this one. It cannot be closed."))
    inside = Membership.objects.filter(committee=now, standing__in=REMOVABLE)
    told = list(inside.filter(person__isnull=False).order_by("person_id").values_list("person_id", flat=True))
    register.closing(now, by.pk, at=at)
    _end_applications(now, by=by, at=at)
    end_terms(RoleTerm.objects.filter(committee=now).filter(Q(ends_at=None) | Q(ends_at__gt=at)), at)
    Cover.objects.not_over(at).filter(committee=now).update(state=Covering.OFF)
    Invitation.objects.filter(committee=now, revoked_at=None, expires_at__gt=at).update(revoked_at=at, revoked_by=by)
    inside.update(standing=Standing.LEFT, changed_at=at, probation_until=None)
    bodies.dissolve(now, by=by.person, at=at)
    notices.hold_back(told)
    notices.post("membership/committee_closed", to=told, about=now, committee=now, at=at)


def _end_applications(committee: Committee, *, by: Membership, at: datetime) -> None:
    """Each ends in a message; those that were never sent are just gone."""
    Application.objects.filter(committee=committee, state=State.STARTED).delete()
    for application in Application.objects.waiting().filter(committee=committee).select_related("committee").select_for_update(of=("self",)):
        Application.objects.filter(pk=application.pk).update(
            state=State.DECLINED, decline_code=Decline.CLOSED, ended_at=at, decided_by=by, reviewed_in=committee
        )
        event(application, State.DECLINED, ApplicationEvent.Part.PLATFORM, at)
        ledger.record("application.declined", by=None, about=application, committee=committee, at=at)
        notices.post("membership/application_declined", to=[application.person_id], about=application, committee=committee, at=at)
