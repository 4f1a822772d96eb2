"""A moderator takes a case for a while, so that two do not read the same one at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.membership.models import Membership
from committees.moderation import rules
from committees.moderation.holding import held
from committees.moderation.models import Review


@transaction.atomic
def claim(review: Review, *, by: Membership, at: datetime) -> None:
    """A moderator keeps a case to themself for a quarter of an hour; given again, the time begins anew. Refused while another
    who still moderates has it, and once it is decided."""
    now = held(review, by=by, at=at)
    Review.objects.filter(pk=now.pk).update(claimed_by=by, claimed_in=by.committee_id, claimed_until=at + rules.CLAIMED)


@transaction.atomic
def release(review: Review, *, by: Membership, at: datetime) -> None:
    """A moderator gives a case back that they took. Refused for a case that is not theirs."""
    held(review, by=by, at=at)
    if not Review.objects.open().filter(pk=review.pk, claimed_by=by).update(claimed_by=None, claimed_in=None, claimed_until=None):
        raise Refused(_("You have not taken this case."))
