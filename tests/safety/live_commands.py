"""What members do while a meeting goes on: the power that each command asks for, its rightful actor, and how it is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from committees.membership.models import Membership
from organizing.live import code
from organizing.live import commands as live
from organizing.live.models import Duty, Gathering, Knock, Turn
from organizing.meetings import commands as meetings
from organizing.meetings.models import Reveal
from organizing.meetings.plans import Plan, Where, Words
from tests import make
from tests.safety.scene import Scene

now = timezone.now


def ada(scene: Scene) -> Membership:
    return scene.cast.ada


def ben(scene: Scene) -> Membership:
    return scene.cast.ben


def goes_on(by: Membership) -> Gathering:
    """A meeting with a door that has begun, and is open."""
    starts = timezone.now() - timedelta(minutes=5)
    words = Words(subject="Overtime", languages=("en",), link_shown=Reveal.AT_DOOR)
    soon = Plan(words, "UTC", 60, starts.date(), starts.time().replace(second=0, microsecond=0), Where())
    before = starts - timedelta(days=1)
    return live.open_meeting(meetings.call(meetings.draft(soon, by=by, at=before), by=by, at=before), by=by, at=timezone.now())


def goes_on_with_ben(scene: Scene) -> None:
    """Ben is here and wants to speak, waits at the door, and was asked to lead."""
    ada, ben, at = make.reloaded(scene.cast.ada), make.reloaded(scene.cast.ben), timezone.now()
    live.tick(scene.gathering, [ben], by=ada, at=at)
    live.ask(scene.gathering, by=ben, at=at)
    live.knock(scene.gathering, "a session", by=ben, at=at)
    live.give_duty(scene.gathering, ben, Duty.Kind.STEWARD, by=ada, at=at)


def wanting_to_speak() -> Turn:
    return Turn.objects.select_related("gathering__meeting").get()


def waiting_at_the_door() -> Knock:
    return Knock.objects.select_related("gathering__meeting").get()


def asked_to_keep_the_door() -> Duty:
    return Duty.objects.select_related("gathering__meeting").get()


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
    "live.turn_to": ("call_meeting", ada, lambda s, by: live.turn_to(s.gathering, None, by=by, at=now())),
    "live.set_limit": ("call_meeting", ada, lambda s, by: live.set_limit(s.gathering, 2, by=by, at=now())),
    "live.give_duty": ("call_meeting", ada, lambda s, by: live.give_duty(s.gathering, s.cast.ben, Duty.Kind.CHAIR, by=by, at=now())),
    "live.take_duty": ("call_meeting", ada, lambda s, by: live.take_duty(asked_to_keep_the_door(), by=by, at=now())),
    "live.knock": ("answer_meetings", ben, lambda s, by: live.knock(s.gathering, "a session", by=by, at=now())),
    "live.answer": ("call_meeting", ada, lambda s, by: live.answer(waiting_at_the_door(), let_in=True, by=by, at=now())),
}
