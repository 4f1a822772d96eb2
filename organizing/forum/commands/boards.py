"""Opening and naming boards; those that every committee has from its first moment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies.models import Committee, Scope
from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from organizing.forum import rules
from organizing.forum.audiences import Audience
from organizing.forum.models import Board, Policy, Topic

#: As many boards a committee may have: each is one more place in which to look.
MOST = 40


@transaction.atomic
def give_first_boards(committee: Committee, at: datetime) -> None:
    """What a committee has from its first moment: a board for all its members and one for those past their first weeks; a
    wider one also a board for all who belong to it, and the alliance its announcements. Bodies give this when they begin."""
    given = [(Audience.COMMITTEE, Policy.OPEN), (Audience.STRATEGY, Policy.OPEN)]
    if committee.scope != Scope.WORKPLACE:
        given.append((Audience.SHARED, Policy.OPEN))
    if committee.scope == Scope.ALLIANCE:
        given.append((Audience.SHARED, Policy.ANNOUNCEMENTS))
    Board.objects.bulk_create(
        Board(committee=committee, audience=audience, policy=policy, languages=committee.languages, begun_at=at) for audience, policy in given
    )


@transaction.atomic
def open_board(
    name: str, audience: str, *, policy: str = Policy.OPEN, languages: list[str] | None = None, by: Membership, at: datetime, form_key: UUID | None = None
) -> Board:
    """An organizer opens a board for some readers, who never change afterwards. Nobody is told.

    Refused for readers that the committee cannot write to, and past the most that it may have. The same form posted again
    gives the same board.
    """
    membership.require(by, Power.KEEP_BOARDS, in_committee=by.committee_id)
    if form_key and (made := Board.objects.filter(form_key=form_key, committee_id=by.committee_id).first()):
        return made
    whom = rules.require_fits(by.committee, audience)
    if Board.objects.filter(committee_id=by.committee_id).count() >= MOST:
        raise Refused(_("Your committee has as many parts of the forum as it can have. Name one of them anew."))
    try:
        with transaction.atomic():
            spoken = languages or by.committee.languages
            board = Board.objects.create(
                committee_id=by.committee_id, audience=whom, policy=Policy(policy), name=name, languages=spoken, begun_at=at, form_key=form_key
            )
    except IntegrityError:  # the same form, in the same moment
        return Board.objects.get(form_key=form_key, committee_id=by.committee_id)
    ledger.record("board.opened", by=by.person, about=board, committee=by.committee, at=at, detail={"audience": str(whom), "policy": str(policy)})
    return board


@transaction.atomic
def rename_board(board: Board, name: str, *, languages: list[str], by: Membership, at: datetime) -> Board:
    """An organizer gives a board of their committee another name and other languages. Its readers stay who they are."""
    membership.require(by, Power.KEEP_BOARDS, in_committee=board.committee_id)
    Board.objects.filter(pk=board.pk).update(name=name, languages=languages)
    board.refresh_from_db()
    ledger.record("board.renamed", by=by.person, about=board, committee=by.committee, at=at)
    return board


@transaction.atomic
def pin(topic: Topic, *, pinned: bool, by: Membership, at: datetime) -> None:
    """An organizer keeps a topic at the head of its board, or lets it go."""
    membership.require(by, Power.KEEP_BOARDS, in_committee=topic.committee_id)
    if Topic.objects.filter(pk=topic.pk, pinned=not pinned).update(pinned=pinned):
        ledger.record("topic.pinned" if pinned else "topic.unpinned", by=by.person, about=topic, committee=by.committee, at=at)
