"""The row of a case as it is now, held until the transaction ends, for those who may decide it. Other commands use this."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.membership.models import Membership
from committees.moderation import queries, rules
from committees.moderation.models import Review, State


def require(review: Review, by: Membership) -> None:
    """Moderators of the committees that answer for it, never a party to it. Raises PermissionDenied."""
    if not rules.answers_in(by, (review.committee_id, review.passed_to_id)):
        raise PermissionDenied
    rules.require_no_party(party=queries.is_party(review, by.person_id))


def locked(review: Review) -> Review:
    """The case as it is now. Nobody else changes it until the transaction ends."""
    return Review.objects.select_for_update(of=("self",)).select_related("committee", "author__person", "author__committee", "claimed_by").get(pk=review.pk)


def result(review: Review) -> Refused:
    """What the second of two moderators is shown: the first one's answer."""
    if review.state == State.DROPPED:
        return Refused(_("Its author has taken it back."))
    return Refused(_("Another moderator has answered already: %(act)s.") % {"act": review.get_act_display()})


def held(review: Review, *, by: Membership, at: datetime) -> Review:
    """The case, open and decidable by this member. Refused where another was first, or has taken it and still moderates."""
    now = locked(review)
    require(now, by)
    if not now.is_open:
        raise result(now)
    if now.claimed_by and now.is_claimed_by_another(by, at) and queries.able(now).filter(pk=now.claimed_by.pk).exists():
        raise Refused(_("Another moderator has taken this case. It is free again in a quarter of an hour at the latest."))
    return now
