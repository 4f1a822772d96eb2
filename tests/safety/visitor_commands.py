"""What members do about visitors: the power that each command asks for, its rightful actor, and how it is given."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from committees.membership.models import Membership
from organizing.visitors import commands as visitors
from organizing.visitors.models import Opening, Visit, Way
from tests import make
from tests.safety.live_commands import ada
from tests.safety.scene import Scene

now = timezone.now


def somebody_waits(scene: Scene) -> None:
    """A meeting that goes on is open to the public, and somebody who registered waits at its door."""
    meeting, at = scene.gathering.meeting, now()
    opening = Opening.objects.create(committee=meeting.committee, meeting=meeting, way=Way.PUBLIC, begun_at=at)
    Visit.objects.create(opening=opening, person=make.person(), name="Night worker", registered_at=at, asked_in="a session", asked_at=at)


def _opening() -> Opening:
    return Opening.objects.select_related("meeting", "committee").get()


def _visit() -> Visit:
    return Visit.objects.select_related("opening__meeting", "opening__committee").get()


VISITORS: dict[str, tuple[str, Callable[[Scene], Membership], Callable[[Scene, Membership], object]]] = {
    "visitors.open_up": ("call_meeting", ada, lambda s, by: visitors.open_up(s.gathering.meeting, words="", room=None, by=by, at=now())),
    "visitors.close": ("call_meeting", ada, lambda s, by: visitors.close(_opening(), by=by, at=now())),
    "visitors.turn_away": ("call_meeting", ada, lambda s, by: visitors.turn_away(_visit(), by=by, at=now())),
    "visitors.voted": ("call_meeting", ada, lambda s, by: visitors.voted(s.gathering, by=by, at=now())),
    "visitors.answer": ("call_meeting", ada, lambda s, by: visitors.answer(_visit(), s.gathering, let_in=True, by=by, at=now())),
}
