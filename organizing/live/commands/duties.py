"""Who leads a meeting and who keeps its door, besides the organizers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power, Standing
from organizing.live.commands.holding import held
from organizing.live.models import Duty, Gathering


@transaction.atomic
def give_duty(gathering: Gathering, member: Membership, kind: str, *, by: Membership, at: datetime) -> Duty:
    """An organizer asks a full member to lead this meeting or to keep its door. Given twice it is given once.

    Refused for whoever is not a full member of the host.
    """
    membership.require(by, Power.CALL_MEETING, in_committee=gathering.committee_id)
    now = held(gathering, at=at)
    kind = Duty.Kind(kind)
    if not Membership.objects.filter(pk=member.pk, committee_id=now.committee_id, standing=Standing.MEMBER).exists():
        raise Refused(_("Only a full member of your committee can do this."), field="handle")
    duty, new = Duty.objects.get_or_create(gathering=now, membership=member, kind=kind, defaults={"committee_id": now.committee_id, "by": by, "at": at})
    if new:
        ledger.record("live.duty_given", by=by.person, about=now, committee=now.committee, at=at, detail={"kind": str(kind)})
    return duty


@transaction.atomic
def take_duty(duty: Duty, *, by: Membership, at: datetime) -> None:
    """An organizer takes it back."""
    membership.require(by, Power.CALL_MEETING, in_committee=duty.committee_id)
    now = held(duty.gathering, at=at)
    if Duty.objects.filter(pk=duty.pk).delete()[0]:
        ledger.record("live.duty_taken", by=by.person, about=now, committee=now.committee, at=at, detail={"kind": str(duty.kind)})
