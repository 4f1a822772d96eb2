"""A committee leaves with all that it has."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.jointly import queries as acts
from committees.jointly.models import Deed, JointAct
from committees.ledger import commands as ledger
from committees.membership import rules as belonging
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.resettling import parts, register
from committees.resettling.chest import Packing


@transaction.atomic
def pack(act: JointAct, *, by: Membership, at: datetime) -> bytes:
    """One of the two organizers takes all that the committee has, as it is now; whoever gives it away seals it (chest.sealed).

    Each time stands in the log. PermissionDenied for anybody else; refused once the days in which it can be taken are over,
    or the committee became one with another.
    """
    belonging.require(by, Power.CLOSE_COMMITTEE, in_committee=act.committee_id)
    if by.pk not in (act.proposed_by_id, act.agreed_by_id):
        raise PermissionDenied
    act = JointAct.objects.select_for_update(of=("self",)).select_related("committee").get(pk=act.pk)  # it does not become one with another meanwhile
    if not acts.can_be_fetched(act, at, Deed.LEAVING):
        raise Refused(_("It can no longer be taken. Propose it anew."))
    packing = Packing()
    parts.pack_committee(act.committee, packing)
    leaving = register.Leaving(act.committee, parts.pack_members(act.committee, act, packing))
    for part in register.parts():
        part.pack(leaving, packing)
    parts.pack_log(act.committee, packing)
    ledger.record("committee.packed", by=by.person, about=act, committee=act.committee, at=at)
    return packing.close()
