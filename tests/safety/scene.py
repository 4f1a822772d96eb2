"""A committee with everything in it that a command could be given about (test_powers_of_commands.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from committees.alliance.models import Affiliation, State
from committees.asking import commands as asking
from committees.asking.models import Question
from committees.bodies.models import Committee
from committees.jointly import commands as jointly
from committees.jointly.models import Deed, Introduction, JointAct
from committees.mandates import commands as mandates
from committees.mandates.models import Mandate
from committees.membership import commands as membership
from committees.membership.covers import Cover
from committees.membership.invitations import Invitation
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.moderation.models import Review, Sanction
from committees.resettling.models import Arrival
from committees.support import commands as support
from committees.support.models import Grant
from organizing.circulars.models import Circular
from organizing.finding.models import Poll
from organizing.forum.models import Topic
from organizing.live.models import Gathering
from organizing.meetings.models import Guest, Meeting
from organizing.meetings.plans import Plan, When, Where, Words
from organizing.minutes.models import Item, Minutes
from tests import make

AWAY = {"first": (timezone.now() + timedelta(days=2)).date(), "last": (timezone.now() + timedelta(days=5)).date()}


@dataclass
class Scene:
    """A committee with everything in it that a command could be given about."""

    cast: make.Cast
    forming: Membership
    tie: Affiliation
    draft: Meeting
    called: Meeting
    again: Meeting
    guest: Guest
    invitation: Guest
    case: Review
    limit: Sanction
    link: Invitation
    topic: Topic
    message: Circular
    poll: Poll
    minutes: Minutes
    item: Item
    gathering: Gathering

    @property
    def when(self) -> When:
        found = When.of(self.called)
        assert found
        return When(found.day + timedelta(days=1), found.clock, found.zone, found.minutes)


def plan() -> Plan:
    day = timezone.now() + timedelta(days=5)
    return Plan(Words(subject="Overtime", languages=("en",)), "Europe/London", 60, day.date(), day.time().replace(second=0, microsecond=0), Where())


def joint(scene: Scene) -> JointAct:
    """Ada, the only organizer, has proposed Ben for a role: one of the wider committee has to agree."""
    found = JointAct.objects.filter(committee=scene.cast.committee).first()
    if found is None:
        make.alliance()
        found = jointly.propose_role(make.reloaded(scene.cast.ben), Role.MODERATOR, months=6, reason="Asked.", by=scene.cast.ada, at=timezone.now())
    return found


def beside(scene: Scene) -> Committee:
    """Another committee at the workplace of Ada's, which only its link leads to."""
    here = scene.cast.committee
    found = Committee.objects.filter(workplace=here.workplace).exclude(pk=here.pk).first()
    if found is None:
        Committee.objects.filter(pk=here.pk).update(visibility="link")
        found = make.committee(site=here.workplace)
    return found


def pair(scene: Scene) -> Introduction:
    """Ada's committee and the boss's know of each other."""
    first, second = sorted((scene.cast.committee, scene.cast.boss.committee), key=lambda each: each.pk)
    intake = make.organizer_of(make.alliance())
    return Introduction.objects.get_or_create(first=first, second=second, defaults={"wider": intake.committee, "by": intake, "at": timezone.now()})[0]


def exported(scene: Scene, deed: Deed = Deed.EXPORT) -> JointAct:
    """Ada has proposed to take the list of members out (or all that the committee has), and nobody stopped it."""
    found = JointAct.objects.filter(committee=scene.cast.committee, deed=deed).first()
    if found is None:
        intake = make.reloaded(make.organizer_of(make.alliance()))
        begun = timezone.now() - timedelta(hours=73)
        propose = {Deed.EXPORT: jointly.propose_export, Deed.LEAVING: jointly.propose_leaving}[deed]
        found = jointly.agree(propose(reason="Asked.", by=make.reloaded(scene.cast.ada), at=begun), by=intake, at=begun)
        jointly.carry_out(timezone.now())
        found.refresh_from_db()
    return found


def departed(scene: Scene) -> JointAct:
    return exported(scene, Deed.LEAVING)


def arrival(scene: Scene) -> Arrival:
    """Somebody brings a committee from another server to the boss's workplace."""
    there = scene.cast.boss.committee
    facts: dict[str, Any] = {"workplace": there.workplace, "brought_by": there.memberships.get(pk=scene.cast.boss.pk).person}
    found = Arrival.objects.filter(**facts).first()
    more = {"name": "From elsewhere", "scope": "workplace", "members": 3, "founded_at": timezone.now(), "content": b"-", "asked_at": timezone.now()}
    return found or Arrival.objects.create(asked=make.alliance(), **facts, **more)


def joint_agreed(scene: Scene) -> JointAct:
    act = joint(scene)
    return act if act.is_agreed else jointly.agree(act, by=make.reloaded(make.organizer_of(make.alliance())), at=timezone.now())


def cover(scene: Scene) -> Cover:
    """Ada, who will be away, has asked Ben to cover for her."""
    make.alliance()
    return Cover.objects.filter(absent=scene.cast.ada).first() or membership.ask_cover(
        make.reloaded(scene.cast.ben), Role.ORGANIZER, by=make.reloaded(scene.cast.ada), at=timezone.now(), **AWAY
    )


def mandate(scene: Scene) -> Mandate:
    """Ada has sent Ben to the alliance, and nobody stopped it."""
    found = Mandate.objects.filter(committee=scene.cast.committee).first()
    if found is None:
        people = {"delegate": make.reloaded(scene.cast.ben), "alternate": make.reloaded(scene.cast.mo)}
        act = mandates.propose(scene.tie.wider, **people, text="Speak for us.", months=12, by=make.reloaded(scene.cast.ada), at=timezone.now())
        found = mandates.begin_mandate(Mandate.objects.get(pk=act.row_id), at=timezone.now())
        jointly.overtake_about(found, at=timezone.now())
    return found


def granted(scene: Scene) -> Grant:
    """Ada has let those who keep the service look at the settings."""
    found = Grant.objects.filter(committee=scene.cast.committee).first()
    if found is None:
        found = support.ask(["settings"], hours=4, reason="Asked.", by=make.reloaded(scene.cast.ada), at=timezone.now())
        support.grant(found, at=timezone.now())
    return found


def question(scene: Scene) -> Question:
    """Cleo asks the organizers."""
    by = make.reloaded(scene.cast.cleo)
    assert by.person is not None
    found = Question.objects.filter(person=by.person).first()
    return found or asking.ask(f"own-{by.committee.slug}", "Where is gate nine?", language="en", by=by.person, at=timezone.now())


def asked(scene: Scene) -> Affiliation:
    Affiliation.objects.filter(pk=scene.tie.pk).update(state=State.REQUESTED, answered_by=None, answered_at=None)
    scene.tie.refresh_from_db()
    return scene.tie
