"""Somebody may not write for some days, or is suspended: in a case about them or what they wrote, by their own committee.

A removal from the committee is not among it: that takes two organizers (jointly.propose_removal).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import PRESENT
from committees.moderation import registry, rules
from committees.moderation.commands.deciding import record, require_words, settle
from committees.moderation.holding import held, locked, require
from committees.moderation.models import Act, Review, Sanction
from committees.notices import commands as notices

DAYS = {Sanction.Kind.SILENCE: rules.SILENCE_DAYS, Sanction.Kind.SUSPEND: rules.SUSPENSION_DAYS}


def silence(review: Review, *, days: int, rule: str, text: str, by: Membership, at: datetime) -> Sanction:
    """Whoever the case is about may read and not write, for 1, 3 or 7 days; they are told why."""
    return _sanction(review, Sanction.Kind.SILENCE, days=days, rule=rule, text=text, by=by, at=at)


def suspend(review: Review, *, days: int, rule: str, text: str, by: Membership, at: datetime) -> Sanction:
    """Whoever the case is about sees nothing of the committee for up to 14 days; they are told why, and come back by the
    clock. Refused for the last organizer."""
    return _sanction(review, Sanction.Kind.SUSPEND, days=days, rule=rule, text=text, by=by, at=at)


@transaction.atomic
def _sanction(review: Review, kind: Sanction.Kind, *, days: int, rule: str, text: str, by: Membership, at: datetime) -> Sanction:
    """A case about a person is decided by it; a case about a text must be decided first. Refused while the same runs."""
    act = Act(str(kind))
    now = locked(review)
    now = held(review, by=by, at=at) if now.is_open else now
    require(now, by)
    member = now.author
    if member is None or member.person_id is None or member.standing not in PRESENT:
        raise Refused(_("They are no longer here."))
    if member.committee_id != now.committee_id:
        raise PermissionDenied  # an office never reaches beyond its committee
    matter = registry.find(now.matter)
    if now.is_open and (matter is None or matter.is_text):
        raise Refused(_("Decide about the text first."))
    if days not in DAYS[kind]:
        raise Refused(_("Choose one of the lengths shown."), field="days")
    require_words(act, rule, text)
    try:
        with transaction.atomic():
            made = Sanction.objects.create(
                committee_id=now.committee_id, membership=member, review=now, kind=kind, rule=rule, text=text, begins_at=at,
                until=at + timedelta(days=days), decided_in_id=by.committee_id, by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("This runs already for them.")) from None
    if kind == Sanction.Kind.SUSPEND:
        membership.suspend(Membership.objects.select_related("committee").get(pk=member.pk), by=by.person, at=at, rule=rule)
    else:
        record(now, "member.silenced", by=by, at=at, rule=rule)
    if now.is_open:
        settle(now, act, rule=rule, text=text, by=by, at=at)
    notices.post("moderation/sanctioned", to=[member.person_id], about=made, committee=now.committee, at=at)
    return made


@transaction.atomic
def lift(sanction: Sanction, *, by: Membership, at: datetime) -> None:
    """A moderator ends it early; the member is told. Refused once it is over."""
    now = Sanction.objects.select_for_update(of=("self",)).select_related("review", "membership", "committee").get(pk=sanction.pk)
    require(now.review, by)
    if now.ended_at is not None:
        raise Refused(_("This is over already."))
    Sanction.objects.filter(pk=now.pk).update(lifted_at=at, ended_at=at)
    give_back(now, by=by, at=at)
    record(now.review, "sanction.lifted", by=by, at=at, rule=now.rule)


def give_back(sanction: Sanction, *, by: Membership | None, at: datetime) -> None:
    """What it took is given back, and the member is told, if they are still here."""
    member = sanction.membership
    notices.supersede(sanction)
    if sanction.kind == Sanction.Kind.SUSPEND and not membership.end_suspension(member, by=by.person if by else None, at=at):
        return
    if member.person_id:
        notices.post("moderation/sanction_ended", to=[member.person_id], about=sanction, committee=sanction.committee, at=at)
