"""Being here: by the code, ticked by an organizer; going, and coming back. The ledger keeps no names of these."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import PRESENT, Power
from organizing.live import code as codes
from organizing.live.commands.holding import changed, held, not_before, require_comes, require_door, silence
from organizing.live.models import Duty, Gathering, Knock, Presence

#: So many names are ticked at once.
MOST = 200


@transaction.atomic
def come(gathering: Gathering, code: str, *, by: Membership, at: datetime) -> Presence:
    """A member is here: they type the code that is shown in the room. Whoever left and comes back types it again; typed twice, they are
    here once. Refused for a wrong code, and where the meeting does not go on. How often somebody tries is limited before this (views)."""
    require_comes(gathering, by)
    now = held(gathering, at=at)
    if not codes.is_right(str(now.secret), code, at):
        raise Refused(_("This is not the code on the screen. It changes every minute: look again and type the new one."), field="code")
    return enter(now, by, way=Presence.Way.CODE, by=None, at=at)


def enter(gathering: Gathering, member: Membership, *, way: Presence.Way, by: Membership | None, at: datetime) -> Presence:
    """The row of somebody who is here from now on. Called by commands that hold the gathering."""
    found = Presence.objects.filter(gathering=gathering, membership=member).first()
    if found is None:
        return Presence.objects.create(gathering=gathering, committee_id=member.committee_id, membership=member, way=way, by=by, came_at=at)
    if found.left_at is not None:
        found.way, found.by, found.left_at = way, by, None
        found.save(update_fields=["way", "by", "left_at"])
    return found


@transaction.atomic
def leave(gathering: Gathering, *, by: Membership, at: datetime) -> None:
    """A member goes: they are not counted from now on, and wait no more to speak. Nothing where they are not here."""
    require_comes(gathering, by)
    _left(held(gathering, at=at), [by.pk], at=at)


def _left(gathering: Gathering, member_ids: Sequence[int], *, at: datetime) -> int:
    going = list(Presence.objects.filter(gathering=gathering, membership__in=member_ids, left_at=None).values_list("pk", flat=True))
    silence(gathering, at=at, presences=going)
    Knock.objects.filter(gathering=gathering, membership__in=member_ids, let_in=True).delete()  # whoever hung up asks at the door again
    return Presence.objects.filter(pk__in=going).update(left_at=not_before("came_at", at))


@transaction.atomic
def tick(gathering: Gathering, members: Sequence[Membership], *, by: Membership, at: datetime) -> int:
    """An organizer ticks those of their members who are here, up to two hundred at once; guests say so themselves. Returns how many came
    by that.

    Refused where one of them does not belong to the host any more.
    """
    membership.require(by, Power.CALL_MEETING, in_committee=gathering.committee_id)
    now = held(gathering, at=at)
    wanted = sorted({member.pk for member in members})
    able = list(Membership.objects.filter(pk__in=wanted, standing__in=PRESENT, committee_id=now.committee_id).order_by("pk"))
    if len(able) != len(wanted) or len(wanted) > MOST:
        raise Refused(_("Somebody you ticked does not belong to your committee any more. Look at the list again."))
    here = set(Presence.objects.filter(gathering=now, membership__in=wanted, left_at=None).values_list("membership_id", flat=True))
    coming = [member for member in able if member.pk not in here]
    for member in coming:
        enter(now, member, way=Presence.Way.TICKED, by=by, at=at)
    if coming:
        ledger.record("live.ticked", by=by.person, about=now, committee=now.committee, at=at, detail={"n": len(coming)})
    return len(coming)


@transaction.atomic
def mark_left(gathering: Gathering, members: Sequence[Membership], *, by: Membership, at: datetime) -> int:
    """Organizers and stewards say who has gone. Returns how many were here until then."""
    require_door(gathering, by)
    now = held(gathering, at=at)
    gone = _left(now, [member.pk for member in members], at=at)
    if gone:
        ledger.record("live.marked_left", by=by.person, about=now, committee=now.committee, at=at, detail={"n": gone})
    return gone


def leave_out(member: Membership, at: datetime) -> None:
    """Somebody belongs no more: that they came, spoke, waited or kept the door is nobody's business (membership.register.on_ending)."""
    for model in (Presence, Knock, Duty):
        model._default_manager.filter(membership=member).delete()
    for gathering in Gathering.objects.open().filter(committee_id=member.committee_id):
        changed(gathering)
