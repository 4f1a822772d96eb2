"""Under which names a person may write on a board, and what of theirs still waits there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from committees.alliance.queries import above, below_too
from committees.base import prepared
from committees.bodies.models import Life, Visibility
from committees.membership.models import Membership, MembershipQuerySet
from committees.membership.roles import PRESENT
from committees.people.models import Person
from organizing.forum import origins, rules
from organizing.forum.audiences import INNER
from organizing.forum.models import Board, Draft, Post, ShownAs, State
from organizing.forum.queries.lists import boards_near


@dataclass(frozen=True)
class Waiting:
    """A post of one's own that nobody else sees yet."""

    slug: str
    html: str
    language: str
    is_sent_back: bool

    @property
    def drawn(self) -> SafeString:
        return mark_safe(self.html)  # noqa: S308 (made by base.markdown when it was written)


@dataclass(frozen=True)
class Seat:
    """One name under which a person may write."""

    member: Membership
    waiting: list[Waiting] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.member.slug

    def place(self, shown_as: str) -> str:
        """What others would read beside the name."""
        body = self.member.committee
        site = body.workplace
        industry = (site.employer.industry_id if site else None) or (body.employer.industry_id if body.employer else None) or body.industry_id or ""
        return origins.place(
            shown_as=shown_as,
            visibility=body.visibility,
            country=site.country if site else body.country,
            industry=industry,
            code=site.code if site else None,
            site=site.name if site else None,
            city=site.city if site else None,
            committee=body.name,
        )

    @property
    def ways(self) -> list[tuple[str, str]]:
        """How it may be shown where the writer works: what would stand there, for each."""
        offered = [ShownAs.INDUSTRY] if self.member.committee.visibility == Visibility.LINK else list(ShownAs)
        return [(way.value, place) for way in offered if (place := self.place(way))]


def _members(person: Person, where: Q, topic: int, at: datetime) -> MembershipQuerySet:
    waiting = Post.objects.filter(membership=OuterRef("pk"), topic_id=topic).waiting().order_by("written_at")
    found = Membership.objects.filter(where, person=person, standing__in=PRESENT).exclude(committee__life=Life.DISSOLVED)
    found = found.select_related("committee__workplace__employer", "committee__employer", "person").with_running_roles(at)
    said = JSONObject(slug="slug", html="html", language="language", state="state")
    return found.annotate(waiting=ArraySubquery(waiting.values(said=said))).order_by("committee__name", "pk")


_SLOTS = {"person": prepared.a_row(Person), "committee": prepared.a_number, "topic": prepared.a_number, "at": prepared.an_instant}
_INNER = prepared.Prepared(lambda person, committee, topic, at: _members(person, Q(committee_id=committee), topic, at), **_SLOTS)
_WIDE = prepared.Prepared(lambda person, committee, topic, at: _members(person, Q(committee_id__in=below_too(committee)), topic, at), **_SLOTS)


def seats(person: Person, board: Board, *, topic: int = 0, reading: bool = False) -> list[Seat]:
    """The names under which a person may write on a board that they may read; with what waits of theirs in one of its topics.
    The one in the board's own committee comes first. `reading`: those by which they read it, also where only organizers write.
    One query."""
    asked: Any = _INNER if board.audience in INNER else _WIDE
    members = asked(person=person, committee=board.committee_id, topic=topic, at=timezone.now())
    found = [Seat(member, [_waiting(each) for each in member.waiting]) for member in members if reading or rules.may_write(member, board)]
    return sorted(found, key=lambda seat: seat.member.committee_id != board.committee_id)


def writable(person: Person) -> list[Board]:
    """The boards on which a person may begin a topic, under any of their names. At most three queries."""
    boards = boards_near(person)
    if not boards:
        return []
    present = Membership.objects.filter(person=person, standing__in=PRESENT).exclude(committee__life=Life.DISSOLVED)
    members = list(present.select_related("committee").with_running_roles(timezone.now()))
    reached = set(above([member.committee_id for member in members]))

    def begins(member: Membership, board: Board) -> bool:
        reaches = member.committee_id == board.committee_id if board.audience in INNER else board.committee_id in reached
        return reaches and rules.may_write(member, board)

    return [board for board in boards if any(begins(member, board) for member in members)]


def _waiting(said: dict[str, Any]) -> Waiting:
    return Waiting(said["slug"], said["html"], said["language"], said["state"] == State.DRAFT)


def author_of(post: Post) -> Membership:
    """The membership under which a post was written, as a request would have it."""
    found: Membership = Membership.objects.select_related("committee", "person").with_running_roles().get(pk=post.membership_id or 0)
    return found


def draft_for(person: Person, board: Board) -> Draft | None:
    """What somebody has begun to write for a board."""
    return Draft.objects.filter(person=person, board=board).select_related("mandate").first()
