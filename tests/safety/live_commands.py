"""What members do while a meeting goes on: the power that each command asks for, its rightful actor, and how it is given."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from committees.membership.models import Membership
from organizing.live import code
from organizing.live import commands as live
from organizing.live.models import Duty
from tests.safety.scene import Scene, asked_to_keep_the_door, waiting_at_the_door, wanting_to_speak

now = timezone.now


def ada(scene: Scene) -> Membership:
    return scene.cast.ada


def ben(scene: Scene) -> Membership:
    return scene.cast.ben


LIVE: dict[str, tuple[str, Callable[[Scene], Membership], Callable[[Scene, Membership], object]]] = {
    "live.open_meeting": ("call_meeting", ada, lambda s, by: live.open_meeting(s.gathering.meeting, by=by, at=now())),
    "live.end": ("call_meeting", ada, lambda s, by: live.end(s.gathering, by=by, at=now())),
    "live.come": ("answer_meetings", ben, lambda s, by: live.come(s.gathering, code.shown(str(s.gathering.secret), now()), by=by, at=now())),
    "live.leave": ("answer_meetings", ben, lambda s, by: live.leave(s.gathering, by=by, at=now())),
    "live.tick": ("call_meeting", ada, lambda s, by: live.tick(s.gathering, [s.cast.ben], by=by, at=now())),
    "live.mark_left": ("call_meeting", ada, lambda s, by: live.mark_left(s.gathering, [s.cast.ben], by=by, at=now())),
    "live.ask": ("answer_meetings", ben, lambda s, by: live.ask(s.gathering, by=by, at=now())),
    "live.withdraw": ("answer_meetings", ben, lambda s, by: live.withdraw(s.gathering, by=by, at=now())),
    "live.call_next": ("call_meeting", ada, lambda s, by: live.call_next(s.gathering, by=by, at=now())),
    "live.finish": ("call_meeting", ada, lambda s, by: live.finish(s.gathering, by=by, at=now())),
    "live.drop": ("call_meeting", ada, lambda s, by: live.drop(wanting_to_speak(), by=by, at=now())),
    "live.take_speakers": ("call_meeting", ada, lambda s, by: live.take_speakers(s.gathering, takes=False, by=by, at=now())),
    "live.set_limit": ("call_meeting", ada, lambda s, by: live.set_limit(s.gathering, 2, by=by, at=now())),
    "live.give_duty": ("call_meeting", ada, lambda s, by: live.give_duty(s.gathering, s.cast.ben, Duty.Kind.CHAIR, by=by, at=now())),
    "live.take_duty": ("call_meeting", ada, lambda s, by: live.take_duty(asked_to_keep_the_door(), by=by, at=now())),
    "live.knock": ("answer_meetings", ben, lambda s, by: live.knock(s.gathering, "a session", by=by, at=now())),
    "live.answer": ("call_meeting", ada, lambda s, by: live.answer(waiting_at_the_door(), let_in=True, by=by, at=now())),
}
