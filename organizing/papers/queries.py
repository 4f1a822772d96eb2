"""Documents as pages show them."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Sum

from committees.membership.models import Membership
from organizing.meetings.models import AgendaItem, Meeting
from organizing.papers.models import Content, Paper, PaperQuerySet


def of_meeting(meeting: Meeting, member: Membership) -> dict[str, list[Paper]]:
    """The documents that this member sees, by the key of their point; "" for those whose point is gone. One query."""
    found: dict[str, list[Paper]] = defaultdict(list)
    for paper in Paper.objects.visible_to(member).of(meeting).select_related("point"):
        found[str(paper.point.key) if paper.point else ""].append(paper)
    return dict(found)


def hosted(member: Membership, slug: str) -> Meeting | None:
    """A meeting or a draft of this member's own committee."""
    return Meeting.objects.hosted(member).select_related("committee").filter(slug=slug).first()


def kept(meeting: Meeting, member: Membership) -> PaperQuerySet:
    """All of a meeting, for those who keep them."""
    return Paper.objects.visible_to(member).of(meeting).select_related("point")


def points(meeting: Meeting, member: Membership) -> list[AgendaItem]:
    """The points on which something can be hung."""
    return list(AgendaItem.objects.visible_to(member).filter(meeting=meeting).order_by("position"))


def bytes_of(committee_id: int) -> int:
    """How much room the documents of a committee take."""
    return Paper.objects.filter(committee_id=committee_id).aggregate(n=Sum("size"))["n"] or 0


def readable(member: Membership, meeting_slug: str, slug: str) -> Paper | None:
    """One document that this member may read now. Asked at each fetch: nothing about it is kept."""
    return Paper.objects.visible_to(member).filter(meeting__slug=meeting_slug, slug=slug).first()


def content(paper: Paper) -> bytes:
    """What stands in it."""
    return Content.objects.get(paper=paper).content
