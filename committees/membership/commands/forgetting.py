"""Erasing: what was only needed for an answer, and what leads to a person who erases their account."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from committees.membership import register
from committees.membership.applications import Application, ApplicationMessage, State, VouchCode
from committees.membership.commands.belonging import end_membership
from committees.membership.commands.emptying import dissolve_if_empty
from committees.membership.invitations import Invitation
from committees.membership.models import Membership
from committees.membership.moves import Move
from committees.membership.roles import REMOVABLE, Standing
from committees.notices import commands as notices
from committees.people.models import Person

ERASE_AFTER = timedelta(days=90)
CODES_AFTER = timedelta(days=30)


@transaction.atomic
def forget_applications(at: datetime) -> int:
    """90 days after its end an application that led nowhere is gone; of one that was accepted, who checked it is left."""
    old = Application.objects.filter(ended_at__lte=at - ERASE_AFTER)
    gone, _by_model = old.exclude(state=State.ADMITTED).delete()
    accepted = old.filter(erased_at=None)
    ApplicationMessage.objects.filter(application__in=accepted).delete()
    Move.objects.filter(application__in=accepted).delete()
    return gone + accepted.update(why="", answers=[], reply_note="", shift="", handle="", erased_at=at)


@transaction.atomic
def forget_codes(at: datetime) -> int:
    """Codes are needed only to count how many a member made in a month."""
    old, _by_model = VouchCode.objects.filter(made_at__lte=at - CODES_AFTER).filter(Q(used_at__isnull=False) | Q(expires_at__lte=at)).delete()
    return old


@transaction.atomic
def forget_invitations(at: datetime) -> int:
    """A link's letters go in the night after its end. 90 days later goes what organizers called it, and the row too, unless an
    application is kept that came by it: then that it did stays, as long as the application."""
    ended = Invitation.objects.ended_by(at)
    letters = ended.filter(digest__isnull=False).update(token="", digest=None)
    old = Invitation.objects.ended_by(at - ERASE_AFTER)
    gone, _by_model = old.exclude(Exists(Application.objects.filter(invitation=OuterRef("pk")))).delete()
    return letters + gone + old.filter(erased_at=None).update(label="", erased_at=at)


@transaction.atomic
def erase_person(person: Person) -> None:
    """Applications go, and nothing more is told about them; memberships end and stay as rows that lead to nobody, so that
    a committee's history still adds up. Handles stay reserved."""
    at = timezone.now()
    for application in Application.objects.of(person).select_related("committee"):
        notices.supersede(application)
        application.delete()
        dissolve_if_empty(application.committee, at=at)
    members = list(Membership.objects.filter(person=person).select_related("committee__verified_by").order_by("pk"))
    for member in members:
        if member.standing in REMOVABLE:
            end_membership(member, Standing.LEFT, at=at)
    register.emptied(members)
    Membership.objects.filter(person=person).update(person=None, shift="")
