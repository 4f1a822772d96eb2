"""A delegate's report: a topic on one of their committee's own boards that is tied to the mandate (committees/mandates)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.base.navigation import path_to
from committees.mandates.models import Mandate
from committees.mandates.register import Report
from committees.membership.models import Membership
from organizing.forum import rules
from organizing.forum.audiences import INNER, Audience
from organizing.forum.models import Board, Policy, Topic

#: So many of one mandate stand on its page; with one a month that is years.
MOST = 60


def require(mandate: Mandate, board: Board, *, by: Membership, at: datetime) -> None:
    """Whether this is a report that this member owes: PermissionDenied, or Refused in words."""
    if by.pk != mandate.delegate_id or board.committee_id != mandate.committee_id or board.audience not in INNER:
        raise PermissionDenied
    if not Mandate.objects.running(at).filter(pk=mandate.pk, delegate=by).exists():
        raise Refused(_("Your mandate is over. Write it as any other topic."))


def boards(member: Membership) -> list[Board]:
    """Where a delegate can report: their committee's own boards on which they write, the one for all members first."""
    own = Board.objects.visible_to(member).filter(audience__in=sorted(INNER)).select_related("committee").order_by("pk")
    fit = [board for board in own if rules.may_write(member, board)]
    return sorted(fit, key=lambda board: (board.audience != Audience.COMMITTEE, board.policy == Policy.ANNOUNCEMENTS))


def reports(mandate: Mandate, member: Membership) -> Sequence[Report]:
    """Those that this member may read, the latest first. One query."""
    found = (
        Topic.objects.visible_to(member).begun().filter(mandate=mandate, title_gone=False).select_related("started_by").order_by("-started_at", "-pk")[:MOST]
    )
    return [
        Report(
            title=each.shown_title,
            language=each.language,
            url=each.get_absolute_url(),
            by=each.started_by.handle if each.started_by else "",
            at=each.started_at,
        )
        for each in found
    ]


def write(mandate: Mandate, member: Membership) -> str:
    """The page on which the delegate writes one; empty where there is no board for it."""
    board = next(iter(boards(member)), None)
    return address(board, mandate) if board else ""


def address(board: Board, mandate: Mandate) -> str:
    return f"{path_to('forum:start', board.slug)}?mandate={mandate.slug}"


def owed(person_id: int | None, board: Board, slug: str, at: datetime) -> Mandate | None:
    """The running mandate of that name, of a member who may report on this board."""
    if board.audience not in INNER or not person_id:
        return None
    mine = Mandate.objects.running(at).filter(delegate__person=person_id, committee=board.committee_id, slug=slug)
    return mine.select_related("committee", "wider", "delegate__committee", "delegate__person").first()
