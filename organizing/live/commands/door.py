"""The door of an online meeting: asking to be let in, and the stewards' answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base import crypto
from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership.models import Membership
from committees.membership.roles import PRESENT
from organizing.live import rules
from organizing.live.commands.coming import enter
from organizing.live.commands.holding import held, require_comes, require_door
from organizing.live.models import Gathering, Knock, Presence


def fingerprint(session_key: str) -> str:
    """What is kept of the session in which somebody asked: enough to know it again, and nothing that opens anything."""
    return crypto.lookup_hmac(session_key, purpose="door")


@transaction.atomic
def knock(gathering: Gathering, session_key: str, *, by: Membership, at: datetime) -> Knock:
    """A member asks to be let in; the page in this browser leads on when a steward lets them. Asked in another browser, or after they were
    turned away, they wait anew; asked twice in one they keep their place.

    Refused where the meeting has no door.
    """
    require_comes(gathering, by)
    now = held(gathering, at=at)
    if not rules.has_door(now.meeting):
        raise Refused(_("This meeting has no door to wait at. How to get there stands on its page."))
    asked_in = fingerprint(session_key)
    found = Knock.objects.filter(gathering=now, membership=by).first()
    if found is not None and found.asked_in == asked_in and found.let_in is not False:
        return found
    waits = {"asked_in": asked_in, "asked_at": at, "let_in": None, "answered_by": None, "answered_at": None, "committee_id": by.committee_id}
    return Knock.objects.update_or_create(gathering=now, membership=by, defaults=waits)[0]


@transaction.atomic
def answer(knock: Knock, *, let_in: bool, by: Membership, at: datetime) -> None:
    """A steward lets somebody in, who is here from now on, or turns them away, who may ask again. Refused where another one answered
    first, and for somebody who does not belong to the meeting any more."""
    require_door(knock.gathering, by)
    now = held(knock.gathering, at=at)
    member = Membership.objects.filter(pk=knock.membership_id, standing__in=PRESENT).first()
    if member is None or not now.meeting.is_open_to(member.committee_id):
        raise Refused(_("They do not belong to this meeting any more."))
    if not Knock.objects.filter(pk=knock.pk, asked_at=knock.asked_at, let_in=None).update(let_in=let_in, answered_by=by, answered_at=at):
        raise Refused(_("Another steward has answered, or they ask anew. Look again."))
    if let_in:
        enter(now, member, way=Presence.Way.DOOR, by=by, at=at)
    ledger.record("live.let_in" if let_in else "live.turned_away", by=by.person, about=now, committee=now.committee, at=at)
