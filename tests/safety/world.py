"""A small world in which every role has somebody, and every inner route has something to lead to.

It is made by giving the commands that people give, at times in the weeks before. Where there is no command yet (an
election, a committee that only its link leads to) a row is written, and the line says so.
All that is secret in it is a word of its own (`words.py`), so that the search for leaks can use the same world.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from committees.alliance import commands as alliance
from committees.base.slugs import new as random_slug
from committees.bodies import commands as bodies
from committees.bodies.models import Committee, JoiningPolicy, Visibility
from committees.directory import commands as directory
from committees.directory.models import Workplace
from committees.jointly import commands as jointly
from committees.membership import commands as membership
from committees.membership.applications import Application, Check
from committees.membership.invitations import Invitation
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role
from committees.notices import commands as notices
from committees.notices import stops
from committees.notices.commands import devices
from committees.notices.models import Channel, Delivery, Notice, PushDevice, State
from committees.notices.stops import Stop
from committees.people import commands as people
from committees.people.models import Contact, Person, Session
from committees.people.queries import passkey_name
from organizing.circulars import commands as circulars
from organizing.circulars.models import Reach
from organizing.growth import commands as growth
from organizing.meetings import commands as meetings
from organizing.meetings.models import Held, Meeting, Reveal
from organizing.meetings.plans import Plan, Point, Where, Words
from tests.push_service import Browser
from tests.safety import acts, delegates, forum, going_on, helping, hung, minuted, moderated, repeating, seeking, stuck, visiting
from tests.safety.asking import signed_in
from tests.safety.passkeys import give_passkey
from tests.safety.routes import Route
from tests.safety.words import WORDS

#: Parameters that are words of the path and not names of things.
WORDS_OF_PATHS = {"channel", "matter", "kind", "language", "step", "level", "position", "part"}
PASSWORD = "paper lamp in the river"
ZONE = "Europe/London"


@dataclass
class World:
    """Who is who, and where the routes lead. `people["anonymous"]` is None."""

    at: datetime
    people: dict[str, Person | None] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    committees: dict[str, Committee] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    browsers: dict[tuple[str, bool], Client] = field(default_factory=dict)

    def browser(self, role: str, *, recently: bool = True) -> Client:
        """Somebody's browser, signed in once; `recently`: they showed who they are a moment ago."""
        return self.browsers[role, recently]

    def sign_everybody_in(self) -> None:
        """And they have been here today: a day's first visit is written down, and would be anew in each answer that is taken back."""
        for role, person in self.people.items():
            if person is not None:
                people.seen(person, on=timezone.now().date())
            for recently in (True, False):
                self.browsers[role, recently] = signed_in(person, recently=recently)

    def days(self, number: float) -> datetime:
        """So many days from now; before now, if it is negative."""
        return self.at + timedelta(days=number)

    def person(self, role: str) -> Person:
        found = self.people[role]
        assert found is not None
        return found

    def value(self, route: Route, param: str, committee: str = "home") -> str:
        """What stands in the path of a route for one of its parameters."""
        for key in (f"{route.name} {param}", f"{route.name.split(':')[0]} {param}", param):
            if key in self.things:
                found = self.things[key]
                return str(found[committee] if isinstance(found, dict) else found)
        raise LookupError(f"tests/safety/world.py does not say what {param} is in {route.name} ({route.pattern})")

    def url(self, route: Route, committee: str = "home") -> str:
        return route.url(**{param: self.value(route, param, committee) for param in route.params})

    def random_url(self, route: Route) -> str:
        """The same route, with names in it that nothing has."""
        return route.url(**{param: random_slug() if self.is_random(route, param) else self.value(route, param) for param in route.params})

    def is_random(self, route: Route, param: str) -> bool:
        """Whether the parameter is the name of a thing, not a word of the path (`channel`)."""
        return param not in WORDS_OF_PATHS


def build() -> World:
    """The whole world. Takes about a second."""
    world = World(at=timezone.now().replace(microsecond=0))
    world.people["anonymous"] = None
    for key in ("registered", "admin", "outsider"):
        account(world, key, is_platform_admin=key == "admin")
    _alliance(world)
    _committee(world, "home", "member delegate moderator suspended aside left removed")
    _committee(world, "other", "elsewhere")
    _committee(world, "hush", "hidden")
    world.people["elsewhere_org"] = world.people["other.founder1"]
    world.people["organizer"] = world.people["home.founder1"]
    world.members |= {"organizer": world.members["home.founder1"], "elsewhere_org": world.members["other.founder1"]}
    # No command makes a committee one that only its link leads to.
    Committee.objects.filter(pk=world.committees["hush"].pk).update(visibility=Visibility.LINK)
    _invitations(world)
    _newcomers(world)
    _offices_and_ends(world)
    _ties(world)
    delegates.furnish(world)
    acts.furnish(world)
    forum.furnish(world)
    moderated.furnish(world)
    _meetings(world)
    for room in (repeating, minuted, visiting, hung):
        room.furnish(world, plan)
    seeking.furnish(world)
    going_on.furnish(world)
    _messages(world)
    _notices(world)
    _kept(world)
    helping.furnish(world)
    stuck.furnish(world)
    _paths(world)
    growth.record_weeks(world.at)
    growth.take_pictures(world.at)
    return world


def account(world: World, key: str, **fields: Any) -> Person:
    """Somebody opens an account, reached at an address of their own."""
    password = PASSWORD if key == "member" else ""  # hashing one takes as long as the rest of an account
    person, paper = people.create(at=world.days(-40), email=WORDS.address(key), password=password, time_zone=ZONE, **fields)
    world.people[key] = person
    world.things[f"paper of {key}"] = paper
    return person


def _alliance(world: World) -> None:
    made = bodies.set_up_alliance(WORDS.committee("alliance"), zone=ZONE, languages=["en"], by=None, at=world.days(-39))
    world.committees["alliance"] = made
    for key in ("intake1", "intake2"):
        person = account(world, key)
        world.members[key] = membership.seat(made, person, handle=WORDS.handle(key), roles=[Role.ORGANIZER], at=world.days(-39))


def _committee(world: World, key: str, members: str) -> None:
    """A site is proposed and listed, three workers found its committee, others join."""
    founders = [account(world, f"{key}.founder{n}") for n in (1, 2, 3)]
    application = membership.start_committee(site(world, key, by=founders[0]), name=WORDS.committee(key), languages=["en"], by=founders[0], at=world.days(-38))
    committee = application.committee
    world.committees[key] = committee
    JoiningPolicy.objects.filter(committee=committee).update(questions=["Who is your lead?"])  # no command asks questions yet
    for n, founder in enumerate(founders, start=1):
        who = f"{key}.founder{n}"
        apply(world, who, founder, committee, at=world.days(-37))
        admit(world, who, by=["intake1"], at=world.days(-36))
    membership.conclude_founding(committee, by=fresh(world.members[f"{key}.founder1"]), at=world.days(-36))
    committee.refresh_from_db()
    for who in members.split():
        apply(world, who, account(world, who), committee, at=world.days(-35))
        admit(world, who, by=[f"{key}.founder1", f"{key}.founder2"], at=world.days(-34))
    membership.end_probations(world.days(-10))


def site(world: World, key: str, *, by: Person) -> Workplace:
    """Somebody proposes where they work, and an admin lists it."""
    proposed = directory.propose(
        by=by, employer=WORDS.employer(key), name=WORDS.site(key), city="Coventry", country="GB", code=f"ZQ{key[:2].upper()}4", zone=ZONE
    )
    world.things[f"site of {key}"] = directory.accept(proposed, by=world.person("admin"))
    return world.things[f"site of {key}"]


def fresh(member: Membership) -> Membership:
    """The membership as it is now, without roles it remembers."""
    return Membership.objects.select_related("committee", "person").get(pk=member.pk)


def apply(world: World, who: str, person: Person, committee: Committee, *, at: datetime, invitation: Invitation | None = None) -> Application:
    """The whole of the application form, and sending it."""
    committee.refresh_from_db()
    application = membership.begin(committee, by=person, at=at, invitation=invitation)
    answers = [{"question": each["question"], "answer": WORDS.answer(who)} for each in application.answers]
    membership.save_answers(application, by=person, shift="Night shift", handle=WORDS.handle(who), why=WORDS.why(who), answers=answers, attested_version=1)
    world.things[f"application of {who}"] = membership.apply(application, by=person, at=at)
    return application


def admit(world: World, who: str, *, by: list[str], at: datetime) -> None:
    application = world.things[f"application of {who}"]
    for reviewer in by:
        membership.add_check(application, Check.Kind.TALK, by=fresh(world.members[reviewer]), at=at)
    world.members[who] = membership.admit(application, by=fresh(world.members[by[0]]), at=at, text=WORDS.reply(who))


def _invitations(world: World) -> None:
    """One in each committee that strangers may hold, and one at home whose link only its organizers know."""
    means: dict[str, Any] = {"days": 14, "cap": 20, "counts_as_check": False, "languages": ["en"]}
    for key in ("home", "other", "hush", "home.kept"):
        by = fresh(world.members[f"{key.split('.')[0]}.founder1"])
        world.things[f"link of {key}"] = membership.invite(by.committee, label=WORDS.label(key), by=by, at=world.days(-4), **means)


def _newcomers(world: World) -> None:
    """Somebody who waits for an answer, and somebody in their first weeks."""
    home, reviewer = world.committees["home"], world.members["home.founder1"]
    waiting = apply(world, "applicant", account(world, "applicant"), home, at=world.days(-1), invitation=world.things["link of home"])
    membership.ask(waiting, WORDS.question, language="en", by=reviewer, at=world.days(-0.9))
    membership.reply(waiting, WORDS.said, language="en", by=world.person("applicant"), at=world.days(-0.8))
    membership.note(waiting, WORDS.note, by=reviewer, at=world.days(-0.7))
    apply(world, "probation", account(world, "probation"), home, at=world.days(-3))
    admit(world, "probation", by=["home.founder1", "home.founder2"], at=world.days(-2))


def _offices_and_ends(world: World) -> None:
    home, members = world.committees["home"], world.members
    # elections are not built yet
    RoleTerm.objects.create(committee=home, membership=members["moderator"], role=Role.MODERATOR, begins_at=world.days(-9))
    membership.step_aside(members["aside"], by=members["aside"], at=world.days(-8))
    membership.leave(members["left"], by=members["left"], at=world.days(-8))
    removal = jointly.propose_removal(members["removed"], reason=WORDS.joint("home"), by=members["home.founder1"], at=world.days(-8))
    jointly.agree(removal, by=members["home.founder2"], at=world.days(-7))
    jointly.carry_out(world.days(-3))
    world.things["removal"] = jointly.propose_removal(members["home.founder3"], reason=WORDS.reason, by=members["home.founder2"], at=world.days(-1))
    for key in list(members):
        members[key] = fresh(members[key])


def _ties(world: World) -> None:
    """All three belong to the alliance, so that the members of two of them are near each other; one of them is hidden."""
    for key in ("home", "other", "hush"):
        by = fresh(world.members[f"{key}.founder1"])
        world.things[f"tie of {key}"] = tie = alliance.ask(world.committees["alliance"], why=WORDS.tie(key), by=by, at=world.days(-6))
        alliance.accept(tie, by=fresh(world.members["intake1"]), at=world.days(-5))


def plan(world: World, key: str, *, day: float) -> Plan:
    when = world.days(day)
    agenda = (Point(WORDS.item(key), 10), Point(WORDS.organizers_item(key), 10, visibility="organizers"))
    return Plan(
        words=Words(subject=WORDS.title(key), languages=("en",), agenda=agenda, link_shown=Reveal.ON_YES),
        zone=ZONE,
        day=when.date(),
        clock=when.time().replace(second=0, microsecond=0),
        where=Where(held=Held.BOTH, place=WORDS.place(key), link=WORDS.link(key), dial_in=WORDS.dial_in(key)),
    )


def _meetings(world: World) -> None:
    """A meeting in each committee that is called, and a draft."""
    for key in ("home", "other", "hush"):
        organizer = world.members[f"{key}.founder1"]
        draft = meetings.draft(plan(world, key, day=5), by=organizer, at=world.days(-2))
        world.things[f"meeting of {key}"] = called = meetings.call(draft, by=organizer, at=world.days(-2))
        world.things[f"draft of {key}"] = meetings.draft(plan(world, f"{key}.draft", day=9), by=organizer, at=world.days(-1))
        meetings.answer(called, choice="yes", by=world.members[f"{key}.founder2"], at=world.days(-1))
    meetings.answer(world.things["meeting of home"], choice="yes", by=world.members["member"], at=world.days(-1))
    _guests(world)


def _guests(world: World) -> None:
    """The alliance invites all three to a meeting: one comes, two have not answered."""
    by = fresh(world.members["intake1"])
    wide = meetings.call(meetings.draft(plan(world, "wide", day=7), by=by, at=world.days(-2)), by=by, at=world.days(-2))
    invited = meetings.invite(wide, [world.committees[key] for key in ("home", "other", "hush")], by=by, at=world.days(-2))
    for key, guest in zip(("home", "other", "hush"), invited, strict=True):
        world.things[f"invitation of {key}"] = guest
    meetings.accept_invitation(world.things["invitation of other"], by=fresh(world.members["other.founder1"]), at=world.days(-1))
    world.things["meeting of the alliance"] = wide


def _messages(world: World) -> None:
    """In each committee one was sent to all members, and one begun; and two of the alliance wrote to everybody."""
    for key in ("home", "other", "hush"):
        by = fresh(world.members[f"{key}.founder1"])
        for name, days in ((key, -1.5), (f"{key}.draft", -1.4)):
            world.things[f"message of {name}"] = circulars.draft(WORDS.message(name), WORDS.message(name), language="en", by=by, at=world.days(days))
        circulars.send(world.things[f"message of {key}"], seen=world.days(-1.5), by=by, at=world.days(-1.5))
    first, second, at = fresh(world.members["intake1"]), fresh(world.members["intake2"]), world.days(-1.5)
    words = {"subject": WORDS.message("wide"), "text": WORDS.message("wide"), "language": "en", "reach": Reach.FURTHER}
    wide = world.things["message of all"] = circulars.draft(**words, by=first, at=at)
    jointly.agree(circulars.propose(wide, seen=at, by=first, at=at), by=second, at=at)


def allow_push(world: World, key: str, *, at: str = "https://fcm.googleapis.com") -> PushDevice:
    """A browser of theirs that may be told by push, at a service that a test plays, or at a name to which nothing is sent."""
    person = world.person(key)
    ends_on = timezone.now().date() + timedelta(days=1)
    session, _made = Session.objects.get_or_create(digest=f"push {key}", defaults={"person": person, "ends_on": ends_on})
    browser = world.things[f"browser of {key}"] = Browser(f"{at}/{WORDS.endpoint(key)}")
    return devices.allow(by=person, session=session.digest, at=timezone.now(), **browser.given)


def _notices(world: World) -> None:
    """The call of the meeting at home is in everybody's inbox, and one mail could not be sent."""
    called = Notice.objects.about(_meeting(world, "meeting of home")).get()
    notices.expand(called.pk, at=world.at)
    mail = Delivery.objects.filter(notice=called, channel=Channel.EMAIL)
    mail.filter(person=world.person("delegate")).update(state=State.DEAD, reason="451")  # no command makes a mail server fail
    member = world.person("member")
    world.things |= {
        "notices slug": called.slug,
        "notices:stop token": stops.token(Stop(member.pk, world.committees["home"].pk, "meetings", 0)),
        "provider": "postmark",
    }


def _kept(world: World) -> None:
    """A list of workplaces that an admin has handed in, and what their pages are about."""
    rows = f"Employer,Town,Country,Site code,Contact\nAcme Ltd,Leeds,GB,ACM1,{WORDS.cell}\nAcme Ltd,,GB,,{WORDS.cell}\n"
    handed_in = directory.hand_in(rows.encode(), name=f"{WORDS.cell}.csv", by=world.person("admin"), at=world.days(-1))
    world.things |= {
        "keeping slug": handed_in.slug,
        **{f"keeping:{name} slug": _site(world, "site of home").employer.slug for name in ("employer", "merge_employers")},
        "accounts slug": world.person("member").slug,
    }


def _paths(world: World) -> None:
    """What stands in the paths: for each parameter, for each room or route where it means something else."""
    three = ("home", "other", "hush")
    slugs = {key: committee.slug for key, committee in world.committees.items()}
    member = world.person("member")
    token = meetings.subscribe_calendar(by=member, at=world.days(-1))
    signed_in(member)
    passkey = give_passkey(member, WORDS.passkey)
    by_committee: dict[str, Any] = {
        "committee_slug": slugs,
        "meetings:invitation slug": {key: world.things[f"invitation of {key}"].slug for key in three},
        "alliance:tie slug": {key: world.things[f"tie of {key}"].slug for key in three},
        "meetings slug": {key: _meeting(world, f"meeting of {key}").slug for key in three},
        **{f"meetings:{name} slug": {key: _meeting(world, f"draft of {key}").slug for key in three} for name in ("check", "edit", "discard")},
    }
    world.things |= (
        by_committee
        | (forum.paths(world) | acts.paths(world) | delegates.paths(world) | repeating.paths(world) | seeking.paths(world) | minuted.paths(world))
        | (going_on.paths(world) | visiting.paths(world) | hung.paths(world) | _links(world) | _letters(world))
        | {
            "employer_slug": {key: _site(world, f"site of {key}").employer.slug for key in three},
            "meetings:feed token": token,
            "channel": "email",
            "people:contact slug": Contact.objects.get(person=member).slug,
            "notices:push_stop slug": allow_push(world, "member").slug,
            "people:device slug": Session.objects.filter(person=member).latest("pk").slug,
            "people:passkey name": passkey_name(passkey),
            "membership slug": {
                key: world.things[f"application of {who}"].slug for key, who in (("home", "applicant"), ("other", "elsewhere"), ("hush", "hidden"))
            },
            "membership:member slug": {key: world.members[f"{key}.founder3"].slug for key in three},
            "moderation matter": "membership.membership",
            "moderation slug": {key: world.members[f"{key}.founder3"].slug for key in three},
            "moderation:case slug": {key: world.things[f"case of {key}"].slug for key in three},
            "moderation:decision slug": {key: world.things[f"case of {key}.decided"].slug for key in three},
            "membership:step step": "why",
            "workplace_slug": {key: _site(world, f"site of {key}").slug for key in three},
        }
    )


def _links(world: World) -> dict[str, Any]:
    """Strangers hold the one link of home, its organizers look at the other."""
    slugs = {key: world.things[f"link of {key}"].slug for key in ("other", "hush")} | {"home": world.things["link of home.kept"].slug}
    tokens = {key: world.things[f"link of {key}"].token for key in ("home", "other", "hush")}
    return {"membership token": tokens, "membership:invitation slug": slugs, "membership:sheet slug": slugs}


def _letters(world: World) -> dict[str, Any]:
    """One reads the message that was sent, and changes or sends the draft."""
    sent, draft = ({key: world.things[f"message of {key}{end}"].slug for key in ("home", "other", "hush")} for end in ("", ".draft"))
    anywhere = {"home": world.things["message of all"].slug, "other": world.things["message of all"].slug, "hush": sent["hush"]}
    return {"circulars slug": sent, "circulars:anywhere slug": anywhere, **{f"circulars:{name} slug": draft for name in ("check", "edit", "test", "discard")}}


def _meeting(world: World, key: str) -> Meeting:
    found: Meeting = world.things[key]
    return found


def _site(world: World, key: str) -> Workplace:
    found: Workplace = world.things[key]
    return found
