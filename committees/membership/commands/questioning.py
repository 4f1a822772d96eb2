"""What follows where somebody who vouched for others is removed because they act for the employer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from committees.ledger import commands as ledger
from committees.membership.applications import Application, State
from committees.membership.models import Membership, MembershipQuerySet
from committees.membership.roles import REMOVABLE
from committees.notices import commands as notices


def admission(member: Membership) -> Application | None:
    """The application by which a member came in last; none for who came in without one, or once it is erased."""
    if member.person_id is None:
        return None
    admitted = Application.objects.filter(committee_id=member.committee_id, person_id=member.person_id, state=State.ADMITTED)
    return admitted.order_by("-ended_at").first()


def resting_on(agent: Membership) -> MembershipQuerySet:
    """Those who belong, in whatever committee, and of whose admission one reason was a check by this member."""
    theirs = Application.objects.filter(
        committee=OuterRef("committee"), person=OuterRef("person"), state=State.ADMITTED, ended_at__gte=OuterRef("joined_at"), checks__by=agent
    )
    return Membership.objects.filter(Exists(theirs), standing__in=REMOVABLE)


@transaction.atomic
def call_in_question(agent: Membership, *, at: datetime) -> int:
    """Somebody has to vouch anew for whoever this member vouched for; they are told, and keep every right. Returns how many.

    It goes no further by itself: whom those vouched for is asked about only if they are removed for the same reason.
    """
    members = list(resting_on(agent).select_related("committee").order_by("pk").select_for_update(of=("self",)))
    Membership.objects.filter(pk__in=[member.pk for member in members]).update(revouch_since=at)
    for member in members:
        ledger.record("member.in_question", by=None, about=member, committee=member.committee, at=at)
        told = [member.person_id] if member.person_id else []
        notices.post("membership/in_question", to=told, about=member, committee=member.committee, at=at, occasion=f"{at:%Y-%m-%d}")
    return len(members)
