"""Visitors at the door of an online meeting: after the meeting voted for it, or where its link is given there alone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership.models import Membership
from committees.people.models import Person
from organizing.live import rules as live
from organizing.live.commands.door import fingerprint
from organizing.live.commands.holding import held as gathered
from organizing.live.commands.holding import require_door
from organizing.live.models import Gathering
from organizing.meetings.models import Meeting
from organizing.visitors import rules
from organizing.visitors.commands.coming import held
from organizing.visitors.models import Opening, Visit, Way


@transaction.atomic
def voted(gathering: Gathering, *, by: Membership, at: datetime) -> Opening:
    """A steward writes down that the meeting voted to let in visitors whom nobody has invited. From then on there is an address at which they
    ask. Refused for a committee that is not listed, and where the meeting is not online or not open. Given twice it is one."""
    require_door(gathering, by)
    now = gathered(gathering, at=at)
    rules.require_may_open(now.meeting, now.committee, at=at)
    if not now.meeting.is_online:
        raise Refused(_("There is no door to an online meeting here: people are in the room."))
    begun = {"committee_id": now.committee_id, "way": Way.VOTED, "begun_by": by, "begun_at": at}
    opening, made = Opening.objects.get_or_create(meeting=now.meeting, defaults=begun)
    again = not made and Opening.objects.filter(pk=opening.pk, closed_at__isnull=False).update(closed_at=None)
    if made or again:
        Meeting.objects.filter(pk=now.meeting_id).update(has_visitors=True)
        ledger.record("visitors.voted", by=by.person, about=now.meeting, committee=now.committee, at=at)
    return opening


@transaction.atomic
def knock(visit: Visit, session_key: str, *, by: Person, at: datetime) -> None:
    """A visitor asks to be let in, while the meeting is open. Asked in another browser, or after they were answered no, they wait anew; asked
    twice in one they keep their place. Refused where there is no door, or where it is shut."""
    opening = held(visit.opening)
    if not rules.has_door(opening):
        raise Refused(_("This meeting has no door to wait at. How to get there stands on its page."))
    gathering = Gathering.objects.open().select_related("meeting").filter(meeting=opening.meeting).first()
    if gathering is None or not live.is_open(gathering, at):
        raise Refused(_("The meeting is not open yet, or it is over."))
    asked_in = fingerprint(session_key)
    mine = Visit.objects.of(by).coming().filter(pk=visit.pk).first()
    if mine is None:
        raise Refused(_("Say first that you come."))
    if mine.asked_in == asked_in and mine.let_in is not False:
        return
    Visit.objects.filter(pk=mine.pk).update(asked_in=asked_in, asked_at=at, let_in=None, answered_by=None, answered_at=None)
    Gathering.objects.filter(pk=gathering.pk).update(version=F("version") + 1)


@transaction.atomic
def answer(visit: Visit, gathering: Gathering, *, let_in: bool, by: Membership, at: datetime) -> None:
    """A steward lets a visitor in, who is not counted among those who decide, or does not. Refused where another one answered first, and where
    they do not come any more."""
    require_door(gathering, by)
    now = gathered(gathering, at=at)
    waits = Visit.objects.waiting().filter(pk=visit.pk, opening__meeting=now.meeting, asked_at=visit.asked_at)
    if not waits.update(let_in=let_in, answered_by=by, answered_at=at):
        raise Refused(_("Another steward has answered, or they ask anew. Look again."))
    ledger.record("live.let_in" if let_in else "live.turned_away", by=by.person, about=now, committee=now.committee, at=at)
