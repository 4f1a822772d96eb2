"""How something comes before the moderators: it is held, a member flags it, or a moderator takes it up."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.moderation import queries, registry, rules
from committees.moderation.models import Flag, FlagReason, Reason, Review, State
from committees.moderation.registry import Matter
from committees.notices import commands as notices


def _open_of(row: Any) -> Review | None:
    """The case about this row that waits, held until the transaction ends."""
    waits = Review.objects.open().of_row(row).select_for_update(of=("self",))
    return waits.select_related("committee", "author__person", "author__committee").first()


def _opened(row: Any, reason: Reason, *, at: datetime) -> tuple[Review, bool]:
    """The open case about a row, made if there is none; and whether it was made now. Two at once make one."""
    matter = registry.of(row)
    if (there := _open_of(row)) is not None:
        return there, False
    try:
        with transaction.atomic():
            made = Review.objects.create(
                committee_id=matter.committee(row),
                matter=matter.name,
                row_id=row.pk,
                author=matter.author(row),
                reason=reason,
                language=matter.language(row),
                crosses_sites=matter.crosses_sites(row),
                begun_at=at,
            )
    except IntegrityError:
        there = _open_of(row)
        if there is None:
            raise
        return there, False
    notices.post("moderation/waits", about=made, committee=made.committee, at=at)
    return made, True


@transaction.atomic
def hold(row: Any, *, why: Reason, at: datetime) -> Review:
    """A row waits to be looked at before others see it; the committee's moderators are told. Once for each row: given again
    while it waits, it is the same case."""
    review, _made = _opened(row, why, at=at)
    return review


@transaction.atomic
def drop(row: Any, *, at: datetime) -> None:
    """Its author took the row back, or it is gone: nobody has to look any more. Nothing happens where nothing waits."""
    for review in Review.objects.open().of_row(row).select_for_update():
        Review.objects.filter(pk=review.pk).update(state=State.DROPPED, decided_at=at, hidden_until=None, claimed_by=None, claimed_in=None, claimed_until=None)
        notices.supersede(review)


@transaction.atomic
def take_up(row: Any, *, by: Membership, at: datetime) -> Review:
    """A moderator opens a case without a flag. Refused for their own."""
    matter = registry.of(row)
    membership.require(by, Power.MODERATE, in_committee=matter.committee(row))
    author = matter.author(row)
    rules.require_no_party(party=author is not None and author.person_id == by.person_id)
    review, _made = _opened(row, Reason.MODERATOR, at=at)
    rules.require_no_party(party=queries.is_party(review, by.person_id))
    return review


@transaction.atomic
def flag(row: Any, *, reason: FlagReason, note: str = "", by: Membership, at: datetime, form_key: UUID | None = None) -> Flag:
    """A member says that something is wrong with a row; the moderators who answer for it are told, never who flagged.

    Where the flags weigh enough, or a full member says that somebody is given away, the row is hidden until a moderator has
    looked, for doxxing alone 12 hours at most; its author is told. Refused the second time, for one's own, and to those
    who may not read it. The same form posted again gives the same flag.
    """
    membership.require(by, Power.FLAG, in_committee=by.committee_id)
    matter = registry.of(row)
    here, author = matter.committee(row), matter.author(row)
    if author is not None and author.person_id == by.person_id:
        raise Refused(_("This is your own."))
    if by.person is None or (by.committee_id != here and not matter.crosses_sites(row)) or not matter.visible_to(by.person).filter(pk=row.pk).exists():
        raise PermissionDenied
    if form_key and (given := Flag.objects.filter(form_key=form_key, by=by).first()):
        return given
    review, _made = _opened(row, Reason.FLAGS, at=at)
    if queries.has_flagged(by.person, matter, row):
        raise Refused(_("You have flagged this already."))
    judged, upheld = queries.accuracy(by)
    weight = rules.weight(by, in_committee=here, judged=judged, upheld=upheld)
    try:
        with transaction.atomic():
            made = Flag.objects.create(
                review=review, committee_id=here, matter=matter.name, row_id=row.pk, site_id=by.committee_id, by=by, reason=reason, note=note,
                weight=weight, at=at, form_key=form_key,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("You have flagged this already.")) from None
    if review.claimed_by_id == by.pk:  # whoever flags it is a party from now on
        Review.objects.filter(pk=review.pk).update(claimed_by=None, claimed_in=None, claimed_until=None)
    ledger.record("flag.given", by=by.person, about=review, committee=review.committee, at=at, detail={"reason": str(reason)})
    _hide_if_enough(review, made, row, matter, by=by, at=at)
    return made


def _hide_if_enough(review: Review, given: Flag, row: Any, matter: Matter, *, by: Membership, at: datetime) -> None:
    """By weight until somebody decides; for doxxing alone for a while, once, and not where a moderator has kept it before."""
    if not matter.is_text or review.is_held:
        return
    if rules.hides(queries.weighed(review), crosses_sites=review.crosses_sites):
        until = None
    elif review.hidden_at is None and review.came_back_at is None and rules.hides_at_once(given.reason, by) and not queries.was_kept(review):
        until = at + rules.DOXXING
    else:
        return
    Review.objects.filter(pk=review.pk).update(hidden_at=review.hidden_at or at, hidden_until=until)
    if review.hidden_at is not None:
        return
    matter.act("hide_by_flags", row, at=at)
    ledger.record("review.hidden_by_flags", by=None, about=review, committee=review.committee, at=at)
    if review.author is not None and review.author.person_id:
        inside = review.author.committee
        notices.post("moderation/hidden", to=[review.author.person_id], about=review, version=review.round, committee=inside, at=at)
