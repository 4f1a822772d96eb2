"""Plays the demonstration: each actor gives the commands that they would give, at the time they would give them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management import call_command

from committees import directory
from committees.alliance import commands as alliance
from committees.asking import commands as asking
from committees.base import clock
from committees.bodies import commands as bodies
from committees.bodies.models import Committee, Scope
from committees.directory.models import Workplace
from committees.jointly import commands as jointly
from committees.mandates import commands as mandates
from committees.mandates.models import Mandate
from committees.membership import commands as membership
from committees.membership.applications import Application, Check
from committees.membership.invitations import USUAL_DAYS, USUAL_USES, Invitation
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.moderation import commands as moderation
from committees.moderation.models import FlagReason
from committees.people import commands as people
from committees.people.models import Person
from organizing.circulars import commands as circulars
from organizing.forum import commands as forum
from organizing.forum.models import Board
from organizing.growth import commands as growth
from organizing.home.demo import crowd, minuting, talking, world
from organizing.home.demo.world import Actor, Cell, Concern, Gathering, Proposal
from organizing.meetings import commands as meetings
from organizing.meetings.models import Held, Meeting
from organizing.meetings.plans import Plan, Point, When, Where, Words
from organizing.papers import commands as papers

#: The project's own small list of real workplaces.
WORKPLACES = Path(directory.__file__).parent / "data" / "workplaces.csv"
PASSWORD = "demonstration-only"  # noqa: S105  printed at every start; such a server holds nothing real
DOMAIN = "demo.example"


#: The accounts that can be tried, and what each is.
SHOWN = (
    (world.CELLS[0].founders[0], "organizes the committee at BHX4, Coventry"),
    (world.CELLS[0].members[0], "is a member there"),
    (world.CELLS[0].applicants[0][0], "has applied there and waits"),
    (world.CELLS[2].founders[0], "organizes at OXR1, reads Spanish"),
    (world.INTAKE[0], "organizes the alliance: founders wait in the queue"),
    (world.OUTSIDER, "has an account and no committee yet"),
    (world.MANAGER, "a manager: should learn nothing"),
    (world.ADMIN, "keeps the service running: no committee’s content"),
)


@dataclass
class Play:
    """One playing of the world, counted back from `now` (UTC). `say` prints progress."""

    now: datetime
    say: Callable[[str], None]
    persons: dict[str, Person] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    came_by: dict[str, Invitation] = field(default_factory=dict)

    @cached_property
    def password(self) -> str:
        return make_password(PASSWORD)

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def run(self) -> None:
        """All of it, in the order in which it would have happened."""
        self.say("Workplaces …")
        self.someone(world.ADMIN, is_platform_admin=True)
        call_command("import_workplaces", str(WORKPLACES), verbosity=0, stdout=Quiet())
        self.say("The alliance …")
        self.alliance()
        for cell in world.CELLS:
            self.say(f"{cell.name} …")
            self.cell(cell)
        self.say("Together …")
        self.together()
        minuting.minuted(self)
        self.message()
        self.question()
        self.say("The forum …")
        talking.talks(self)
        self.send_delegate()
        growth.record_weeks(self.ago(14))  # the two last weeks are counted by the first tick, when their mails are out
        growth.take_pictures(self.now)
        self.starter()
        self.someone(world.OUTSIDER)
        self.someone(world.MANAGER)

    # -- people ----------------------------------------------------------------------------------------------------------

    def someone(self, actor: Actor, **more: Any) -> Person:
        """An account. Only those that `make run` names have a password, all the same one: hashing it is slow on purpose."""
        hashed = self.password if actor in [shown for shown, _who in SHOWN] else ""
        person, _paper = people.create(at=self.ago(60), email=f"{actor.key}@{DOMAIN}", hashed=hashed, language=actor.language, time_zone=actor.zone, **more)
        self.persons[actor.key] = person
        return person

    def alliance(self) -> None:
        wide = bodies.set_up_alliance(world.ALLIANCE, zone="UTC", languages=["en", "es"], by=None, at=self.ago(59))
        for actor in world.INTAKE:
            member = membership.seat(wide, self.someone(actor), handle=actor.handle, roles=[Role.ORGANIZER], at=self.ago(59))
            self.members[actor.key] = fresh(member)

    # -- committees --------------------------------------------------------------------------------------------------------

    def cell(self, cell: Cell) -> None:
        first, *others = cell.founders
        site = Workplace.objects.known().select_related("employer").get(**({"code": cell.site} if cell.site.isupper() else {"name": cell.site}))
        begun = membership.start_committee(site, name=cell.name, languages=list(cell.languages), by=self.someone(first), at=self.ago(50))
        committee = Committee.objects.select_related("policy").get(pk=begun.committee_id)
        self.found(begun, first, at=self.ago(50))
        for number, actor in enumerate(others):
            self.found(membership.begin(committee, by=self.someone(actor), at=self.ago(48 - number)), actor, at=self.ago(48 - number))
        if len(cell.founders) >= committee.founding_number:
            membership.conclude_founding(committee, by=self.members[first.key], at=self.ago(42))
            committee.refresh_from_db()
        self.invite(cell, by=fresh(self.members[first.key]))
        for number, actor in enumerate(cell.members):
            self.join(committee, actor, at=self.ago(40 - 6 * number))
        if cell.crowd:
            self.crowd(committee, cell)
        for number, (actor, why) in enumerate(cell.applicants):
            self.apply(committee, actor, why, at=self.ago(1.6 - number * 0.7))
        for gathering in cell.meetings:
            self.gather(cell, gathering)
        membership.end_probations(self.now)
        for concern in cell.concerns:
            self.concern(concern)
        for proposal in cell.proposals:
            self.propose(proposal)

    def found(self, begun: Application, actor: Actor, *, at: datetime) -> None:
        """A founder answers, and an organizer of the alliance talks with them and confirms them."""
        by = self.members[world.INTAKE[len(self.members) % len(world.INTAKE)].key]
        sent = self.send(begun, actor, "", at=at)
        membership.add_check(sent, Check.Kind.TALK, by=by, at=at + timedelta(hours=20))
        self.members[actor.key] = fresh(membership.admit(sent, by=by, at=at + timedelta(hours=21)))

    def join(self, committee: Committee, actor: Actor, *, at: datetime) -> None:
        """A co-worker applies; the reviewers check and let them in. While forming, those are the alliance's organizers."""
        sent = self.apply(committee, actor, "", at=at)
        reviewers = (
            Membership.objects.filter(committee=sent.reviewed_in_id).with_role(Role.ORGANIZER).with_running_roles().select_related("committee", "person")
        )
        for number, reviewer in enumerate(reviewers.order_by("pk")[:2]):
            membership.add_check(sent, Check.Kind.VOUCH, by=reviewer, at=at + timedelta(hours=5 + number))
        self.members[actor.key] = fresh(membership.admit(sent, by=reviewers.order_by("pk")[0], at=at + timedelta(hours=8)))

    def crowd(self, committee: Committee, cell: Cell) -> None:
        """Co-workers who came in three waves, each after something had happened."""
        waves = (34, 20, 13)
        came = [
            crowd.Came(actor, f"{actor.key}@{DOMAIN}", self.ago(waves[number % len(waves)] - number / 60), 3 + 2 * (number % 5))
            for number, actor in enumerate(cell.crowd)
        ]
        crowd.bring_in(committee, came, by=self.members[cell.founders[0].key])

    def apply(self, committee: Committee, actor: Actor, why: str, *, at: datetime) -> Application:
        person = self.someone(actor)
        return self.send(membership.begin(committee, by=person, at=at, invitation=self.came_by.get(actor.key)), actor, why, at=at)

    def invite(self, cell: Cell, *, by: Membership) -> None:
        """An organizer hangs sheets up and hands leaflets out; who comes by them is said in the world."""
        for handout in cell.invitations:
            made = membership.invite(
                by.committee,
                label=handout.label,
                days=USUAL_DAYS,
                cap=USUAL_USES,
                counts_as_check=handout.counts_as_check,
                languages=handout.languages,
                by=by,
                at=self.ago(handout.days_ago),
            )
            self.came_by |= dict.fromkeys(handout.brought, made)

    def send(self, begun: Application, actor: Actor, why: str, *, at: datetime) -> Application:
        person = self.persons[actor.key]
        membership.save_answers(begun, by=person, shift=actor.shift or "Day shift", handle=actor.handle, why=why, attested_version=1)
        membership.apply(begun, by=person, at=at)
        return Application.objects.select_related("committee__policy", "reviewed_in").get(pk=begun.pk)

    def together(self) -> None:
        """Committees ask to belong to the alliance, one invites two others to its meeting, and somebody starts a wider one."""
        firsts = {cell.site: self.members[cell.founders[0].key] for cell in world.CELLS}
        wider, north = self.members[world.INTAKE[0].key].committee, self.members[world.INTAKE[0].key]
        for number, site in enumerate(world.TIED):
            tie = alliance.ask(wider, by=fresh(firsts[site]), at=self.ago(30 - number))
            alliance.accept(tie, by=north, at=self.ago(29 - number))
        site, why = world.ASKS
        alliance.ask(wider, why=why, by=fresh(firsts[site]), at=self.ago(1.2))
        title, comes, waits = world.JOINT
        joint = Meeting.objects.select_related("committee").get(subject=title)
        host, guests = fresh(firsts[world.TIED[0]]), [fresh(firsts[comes]), fresh(firsts[waits])]
        first, _second = meetings.invite(joint, [guest.committee for guest in guests], by=host, at=self.ago(2))
        meetings.accept_invitation(first, by=guests[0], at=self.ago(1.5))
        key, name = world.WIDER
        starter = next(actor for cell in world.CELLS for actor in cell.founders if actor.key == key)
        begun = membership.start_wider(Scope.EMPLOYER, name=name, by=fresh(self.members[key]), at=self.ago(0.9))
        self.send(begun, starter, "Two sites want it, and more will.", at=self.ago(0.9))

    def send_delegate(self) -> None:
        """Two organizers send a third one to the alliance, who has reported once since."""
        sent = world.SENT
        by, second, whom, alternate = (fresh(self.members[key]) for key in (sent.by, sent.agreed_by, sent.whom, sent.alternate))
        wider = self.members[world.INTAKE[0].key].committee
        act = mandates.propose(wider, delegate=whom, alternate=alternate, text=sent.mandate, months=12, by=by, at=self.ago(26))
        jointly.agree(act, by=second, at=self.ago(25.5))
        jointly.carry_out(self.ago(22))
        mandate = Mandate.objects.get(pk=act.row_id or 0)
        board = Board.objects.select_related("committee").filter(committee=by.committee, audience="committee", policy="open").order_by("pk")[0]
        forum.start(board, title=sent.title, text=sent.report, language="en", mandate=mandate, by=fresh(whom), at=self.ago(2.2))

    def starter(self) -> None:
        """At a workplace without a committee somebody begins one and waits for an answer."""
        person = self.someone(world.STARTER)
        site = Workplace.objects.known().select_related("employer").get(name=world.STARTER_SITE)
        begun = membership.start_committee(site, name=f"{site.name} workers’ committee", languages=["en"], by=person, at=self.ago(0.8))
        self.send(begun, world.STARTER, "Six of us on nights have talked about it for months.", at=self.ago(0.8))

    # -- moderation ----------------------------------------------------------------------------------------------------------

    def propose(self, proposal: Proposal) -> None:
        whom, by = fresh(self.members[proposal.whom]), fresh(self.members[proposal.by])
        at = self.ago(proposal.hours_ago / 24)
        jointly.propose_role(whom, Role(proposal.role), months=proposal.months, reason=proposal.why, by=by, at=at)

    def concern(self, concern: Concern) -> None:
        """A member flags another; some of it a moderator has looked at."""
        at = self.ago(concern.hours_ago / 24)
        about, by = fresh(self.members[concern.about]), fresh(self.members[concern.by])
        given = moderation.flag(about, reason=FlagReason(concern.reason), note=concern.note, by=by, at=at)
        if concern.kept_by:
            moderation.keep(given.review, by=fresh(self.members[concern.kept_by]), at=at + timedelta(hours=4))

    # -- meetings ------------------------------------------------------------------------------------------------------------

    def gather(self, cell: Cell, gathering: Gathering) -> None:
        """An organizer calls a meeting, members answer, and some meetings are moved or cancelled."""
        by = self.members[gathering.by]
        day = (clock.wall(self.now, cell.zone) + timedelta(days=gathering.day)).date()
        where = Where(
            held=Held.ONLINE if gathering.link else Held.IN_PERSON,
            place=gathering.place,
            link=gathering.link,
        )
        agenda = tuple(Point(subject, minutes) for subject, minutes in gathering.agenda)
        words = Words(gathering.title, languages=gathering.languages, agenda=agenda, capacity=gathering.places)
        plan = Plan(words, cell.zone, gathering.minutes, day, time.fromisoformat(gathering.at), where)
        called = self.ago(gathering.called_days_ago)
        meeting = meetings.call(meetings.draft(plan, by=by, at=called), by=by, at=called)
        for choice, keys in (("yes", gathering.yes), ("maybe", gathering.maybe), ("no", gathering.no)):
            for number, key in enumerate(keys):
                meetings.answer(meeting, choice=choice, by=self.members[key], at=called + timedelta(hours=3 + number))
        for name, text in gathering.papers:
            point = meeting.agenda.all()[0]
            papers.attach(point, papers.cleaned(text.encode()), name=name, by=by, at=called)
        self.change(meeting, gathering, cell, where, by)

    def change(self, meeting: Meeting, gathering: Gathering, cell: Cell, where: Where, by: Membership) -> None:
        if gathering.moved_to and meeting.day:
            when = When(meeting.day, time.fromisoformat(gathering.moved_to), cell.zone, gathering.minutes)
            meetings.move(meeting, when, where, why=gathering.move_reason, by=by, at=self.ago(1))
        if gathering.cancelled_because:
            meetings.cancel(meeting, why=gathering.cancelled_because, by=by, at=self.ago(1))

    def message(self) -> None:
        """An organizer writes to all members of their committee without a meeting."""
        told = world.MESSAGE
        by, at = fresh(self.members[told.by]), self.ago(told.days_ago)
        draft = circulars.draft(told.subject, told.text, language="en", by=by, at=at)
        circulars.send(draft, seen=draft.changed_at, by=by, at=at)

    def question(self) -> None:
        """A member asks their organizers for help."""
        told, by = world.QUESTION, self.members[world.QUESTION.by]
        to = f"own-{by.committee.slug}"
        asking.ask(to, told.text, language="en", by=self.persons[told.by], at=self.ago(told.days_ago))

    # -- who can be tried --------------------------------------------------------------------------------------------------

    def accounts(self) -> list[dict[str, str]]:
        """The accounts that `make run` prints, one for each part a person can have."""
        return [{"address": f"{actor.key}@{DOMAIN}", "password": PASSWORD, "who": who} for actor, who in SHOWN]


class Quiet:
    """Swallows what a command would print."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        return None

    def isatty(self) -> bool:
        return False


def fresh(member: Membership) -> Membership:
    """As a request would have it: with committee, person and running roles."""
    return Membership.objects.select_related("committee__policy", "person").with_running_roles().get(pk=member.pk)


def is_there() -> bool:
    """Whether a world, this one or a real one, exists already."""
    return Committee.objects.filter(scope=Scope.ALLIANCE).exists() or Person.objects.exists()
