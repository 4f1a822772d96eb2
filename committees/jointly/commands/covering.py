"""Who covers for an organizer or a moderator who is away, and who has to agree to it.

Whoever already has all that the office gives covers as soon as they accept. Anybody else gets powers that they did not have, for some
days: that takes a second organizer, and members can object, unless the committee has given the one who covers an office already.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.jointly import queries
from committees.jointly.commands import acting, ending
from committees.jointly.models import Deed, JointAct, State
from committees.membership import commands as membership
from committees.membership import rules, standing_in
from committees.membership.covers import Cover
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices import commands as notices


@transaction.atomic
def ask_cover(member: Membership, role: str, *, first: date, last: date, by: Membership, at: datetime, form_key: UUID | None = None) -> Cover:
    """An organizer or a moderator asks a member to cover for them (membership.ask_cover). Refused, too, where it would take a second
    organizer and there is none."""
    rules.require(by, Power.ARRANGE_COVER, in_committee=member.committee_id)
    cover = membership.ask_cover(member, role, first=first, last=last, by=by, at=at, form_key=form_key)
    if not standing_in.gives_nothing(member, role, at) and not queries.anybody_agrees(by.committee, by.person_id, member.person_id):
        raise Refused(_("There is nobody who could agree: no other organizer here, and none in the wider committee."))
    return cover


@transaction.atomic
def accept_cover(cover: Cover, *, by: Membership, at: datetime) -> Cover:
    """The member who was asked agrees. If it gives them nothing that they do not have, it is settled; else a second organizer is
    asked, as if the absent one had proposed it. Refused the second time, once it is too late, and where nobody could agree."""
    rules.require(by, Power.COVER, in_committee=cover.committee_id)
    now = membership.accept_cover(cover, by=by, at=at)
    if standing_in.gives_nothing(now.member, now.role, at):
        membership.begin_cover(now, at=at)
    else:
        rules.require(now.absent, Power.ARRANGE_COVER, in_committee=now.committee_id)
        acting.propose(Deed.COVER, by=now.absent, at=at, reason="", form_key=None, member=now.member, role=now.role, cover=now)
    now.refresh_from_db(fields=["state", "begins_at", "ends_at"])
    return now


@transaction.atomic
def end_cover(cover: Cover, *, by: Membership, at: datetime) -> None:
    """One of the two ends it at once (membership.end_cover); what still waited for others is dropped."""
    rules.require(by, Power.COVER, in_committee=cover.committee_id)
    membership.end_cover(cover, by=by, at=at)
    for act in JointAct.objects.open().filter(cover=cover).select_related("committee", "cover", "grant").select_for_update(of=("self",)):
        notices.supersede(act)
        ending.take_back(act, State.DROPPED, at=at)
        ending.record("dropped", act, by=by.person, at=at)
