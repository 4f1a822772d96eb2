"""What organizers do about documents: the power that each command asks for, its rightful actor, and how it is given."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from committees.membership.models import Membership
from organizing.meetings.models import AgendaItem
from organizing.papers import commands as papers
from organizing.papers.cleaning import Cleaned
from organizing.papers.models import Paper
from tests.safety.live_commands import ada
from tests.safety.scene import Scene

now = timezone.now
FILE = Cleaned("text", b"Read this before.")


def hangs(scene: Scene) -> None:
    """A point of a meeting with a document, and one without."""
    point, _other = (AgendaItem.objects.create(committee=scene.called.committee, meeting=scene.called, position=n, subject="Pay") for n in (88, 89))
    Paper.objects.create(committee=scene.called.committee, meeting=scene.called, point=point, name="Pay", kind="text", size=5, at=now())


def _point() -> AgendaItem:
    return AgendaItem.objects.get(position=89)


def _paper() -> Paper:
    return Paper.objects.get(point__position=88)


PAPERS: dict[str, tuple[str, Callable[[Scene], Membership], Callable[[Scene, Membership], object]]] = {
    "papers.attach": ("call_meeting", ada, lambda s, by: papers.attach(_point(), FILE, name="Pay", by=by, at=now())),
    "papers.change": ("call_meeting", ada, lambda s, by: papers.change(_paper(), name="Pay", point=_point(), by=by)),
    "papers.remove": ("call_meeting", ada, lambda s, by: papers.remove(_paper(), by=by, at=now())),
}
