"""The cast of the tests, made by running commands as their actors; members are let in without the way there, which has
tests of its own. Nothing here writes a row that a command would refuse.

alliance = make.alliance()                        # with one intake organizer
committee = make.committee()                      # active, at a workplace of its own, with one organizer
ben = make.member(committee)                      # past probation
new = make.member(committee, standing="probation")
application = make.application(committee)         # sent, waiting
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.test import Client
from django.utils import timezone

from committees.alliance import commands as ties
from committees.alliance.models import Affiliation
from committees.bodies import commands as bodies
from committees.bodies.models import Committee, Life, Scope
from committees.directory import commands as directory
from committees.directory.models import State as SiteState
from committees.directory.models import Workplace
from committees.jointly import commands as jointly
from committees.membership import commands as membership
from committees.membership import lives, queries
from committees.membership.applications import Application, Check
from committees.membership.commands.entering import enter
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role, Standing
from committees.people import addresses, names
from committees.people import commands as people
from committees.people.commands.contacts import day_of
from committees.people.models import Contact, Person, RecoveryCode

#: Where somebody can stand in a committee. Whoever is expected is not here yet: such a place leads to nobody.
STANDINGS = tuple(each for each in Standing if each != Standing.EXPECTED)
PASSWORD = "correct horse battery staple"
_numbers = itertools.count(1)


def past(days: int = 60) -> datetime:
    """An instant well before now, at which the cast came together."""
    return timezone.now() - timedelta(days=days)


def person(
    *,
    language: str = "en",
    time_zone: str = "Europe/London",
    email: str | None = None,
    is_platform_admin: bool = False,
    at: datetime | None = None,
    password: str = "",
) -> Person:
    """Somebody with an account and a mail address of their own ("" for none). Only who signs in by a password has one."""
    at, number = at or past(), next(_numbers)
    account: dict[str, Any] = {"language": language, "time_zone": time_zone, "is_platform_admin": is_platform_admin}
    theirs = f"person{number}@mail{number}.example"
    if email is None and not password:
        return _anybody(theirs, at=at, **account)
    return people.create(at=at, email=theirs if email is None else email, password=password, **account)[0]


def _anybody(email: str, *, at: datetime, **account: Any) -> Person:
    """The rows that the command leaves (test_make.py compares them), in four statements: whole casts are made for most tests."""
    made = Person(sign_in_name=names.sign_in_name(), created_on=at.date(), **account)
    made.set_unusable_password()
    made.save(force_insert=True)
    address = addresses.email(email)
    contact = Contact.objects.create(person=made, channel=address.channel, address=address.sent_to, lookup=address.lookup, verified_at=day_of(at), primary=True)
    EmailAddress.objects.create(user=made, email=contact.alias, verified=True)
    RecoveryCode.objects.create(person=made, digest=names.paper_digest(names.paper_code()), made_on=at.date())
    return made


def workplace(*, name: str = "", employer: str = "", by: Person | None = None, **facts: Any) -> Workplace:
    """A listed site, proposed by a worker and accepted by a platform admin."""
    number = next(_numbers)
    facts = {"city": "Coventry", "country": "GB", "zone": "Europe/London", "code": f"TST{number}"} | facts
    site = directory.propose(employer=employer or f"Employer {number}", name=name or f"Site {number}", by=by or person(), **facts)
    if site.state != SiteState.LISTED:
        site = directory.accept(site, by=person(is_platform_admin=True))
    return site


def alliance(*, organizers: int = 1) -> Committee:
    """The wider committee of this server, made once, with organizers."""
    found = Committee.objects.alliance()
    if found is not None:
        return found
    made = bodies.set_up_alliance("Alliance", zone="UTC", languages=["en"], by=None, at=past())
    for number in range(organizers):
        membership.seat(made, person(), handle=f"Intake {number + 1}", roles=[Role.ORGANIZER], at=past())
    return made


def affiliated(committee: Committee, wider: Committee | None = None) -> Affiliation:
    """The committee belongs to a wider one (the alliance, unless told otherwise): asked and accepted by organizers of both."""
    wider = wider or alliance()
    asked = ties.ask(wider, by=reloaded(organizer_of(committee)), at=past())
    ties.accept(asked, by=reloaded(organizer_of(wider)), at=past())
    return Affiliation.objects.select_related("committee", "wider").get(pk=asked.pk)


@transaction.atomic
def wider(scope: Scope, beside: Committee, *, region: str = "") -> Committee:
    """An active wider committee for the employer, industry, country or region (its key) of another one, with an organizer of its own."""
    beside = Committee.objects.select_related("workplace__employer__industry", "employer__industry", "industry").get(pk=beside.pk)
    made = bodies.found_wider(scope, name=f"Wider {next(_numbers)}", beside=beside, region=region, by=person(), at=past())
    founder = enter(made, person(), handle=f"Founder {next(_numbers)}", standing=Standing.MEMBER, is_founder=True, at=past())
    RoleTerm.objects.create(committee=made, membership=founder, role=Role.ORGANIZER, begins_at=past(), interim=True)
    Committee.objects.filter(pk=made.pk).update(life=Life.ACTIVE)
    made.refresh_from_db()
    return made


def organizer_of(committee: Committee) -> Membership:
    """Some organizer of that committee."""
    found = Membership.objects.filter(committee=committee).with_role(Role.ORGANIZER).select_related("committee", "person").order_by("pk").first()
    assert found is not None
    return found


def answered(committee: Committee, by: Person, *, handle: str = "", at: datetime | None = None) -> Application:
    """An application with every answer, not sent."""
    begun = membership.begin(committee, by=by, at=at or past())
    answers = [{"question": a["question"], "answer": "Yes"} for a in begun.answers]
    return membership.save_answers(
        begun, by=by, shift="Night shift", handle=handle or f"Handle {next(_numbers)}", why="To meet the others.", answers=answers, attested_version=1
    )


def application(committee: Committee, *, by: Person | None = None, handle: str = "", at: datetime | None = None) -> Application:
    """Sent, and waiting for the reviewers."""
    by = by or person()
    sent = membership.apply(answered(committee, by, handle=handle, at=at), by=by, at=at or past())
    return Application.objects.select_related("committee__policy", "reviewed_in", "person").get(pk=sent.pk)


def admitted(sent: Application, *, at: datetime | None = None) -> Membership:
    """Let in by the first reviewer, with as many checks as are needed: first reviewers talk, then members vouch."""
    at = at or past()
    needed = queries.checks_needed(sent)
    reviewers = list(queries.able_reviewers(sent).select_related("committee", "person").order_by("pk"))
    for reviewer in reviewers[:needed]:
        membership.add_check(sent, Check.Kind.TALK, by=reviewer, at=at)
    others = Membership.objects.filter(committee=sent.committee_id, standing=Standing.MEMBER).exclude(pk__in=[r.pk for r in reviewers])
    for member in others.select_related("committee", "person").order_by("-pk")[: max(0, needed - len(reviewers))]:
        membership.use_code(sent, membership.make_code(member, by=member, at=at), by=sent.person, at=at)
    return membership.admit(sent, by=reviewers[0], at=at)


def forming(*, site: Workplace | None = None, founder: Person | None = None) -> Membership:
    """A committee that has just begun; returns its first confirmed founder, who organizes it."""
    alliance()
    founder = founder or person()
    begun = membership.start_committee(site or workplace(), name=f"Committee {next(_numbers)}", languages=["en"], by=founder, at=past())
    membership.save_answers(begun, by=founder, shift="Day shift", handle=f"Founder {next(_numbers)}", why="", attested_version=1)
    sent = membership.apply(begun, by=founder, at=past())
    made = admitted(Application.objects.select_related("committee__policy").get(pk=sent.pk))
    return reloaded(made)


@transaction.atomic
def committee(*, site: Workplace | None = None, probation_days: int = 14, listed: bool = True) -> Committee:
    """An active committee with one organizer. Elections, which end the forming, are decided elsewhere."""
    alliance()
    made = bodies.found(site or workplace(), name=f"Committee {next(_numbers)}", languages=["en"], by=person(), at=past())
    founder = enter(made, person(), handle=f"Founder {next(_numbers)}", shift="Day shift", standing=Standing.MEMBER, is_founder=True, at=past())
    RoleTerm.objects.create(committee=made, membership=founder, role=Role.ORGANIZER, begins_at=past(), interim=True)
    Committee.objects.filter(pk=made.pk).update(life=Life.ACTIVE, visibility="listed" if listed else "link")
    made.policy.probation_days = probation_days
    made.policy.save()
    made.refresh_from_db()
    return made


@transaction.atomic
def member(committee: Committee, *, by: Person | None = None, standing: str = Standing.MEMBER, roles: tuple[Role, ...] = (), handle: str = "") -> Membership:
    """Somebody who was let in, without what led to it; past probation unless said otherwise; with running roles."""
    number, at = next(_numbers), past()
    until = at + timedelta(days=committee.policy.probation_days) if standing == Standing.PROBATION else None
    made = enter(committee, by or person(), handle=handle or f"Handle {number}", shift="Night shift", standing=standing, probation_until=until, at=at)
    for role in roles:
        RoleTerm.objects.create(committee=committee, membership=made, role=role, begins_at=at)
    return reloaded(made)


def removed(member: Membership, *, by: Membership, second: Membership, for_employer: bool = False, at: datetime | None = None) -> Membership:
    """Two organizers agreed three days ago, nobody stopped it, and now this member is out."""
    at = at or timezone.now()
    agreed_at = at - timedelta(hours=73)
    act = jointly.propose_removal(reloaded(member), reason="Reports to the plant manager.", for_employer=for_employer, by=reloaded(by), at=agreed_at)
    jointly.agree(act, by=reloaded(second), at=agreed_at)
    jointly.carry_out(at)
    return reloaded(member)


def put(member: Membership, standing: str, **fields: Any) -> None:
    """The membership stands there now, come by steps that the database allows; without what a command would do besides."""
    ways: list[tuple[str, ...]] = [(str(Membership.objects.get(pk=member.pk).standing),)]
    for way in ways:  # grows while it is walked: the shortest way is met first
        if way[-1] == standing:
            break
        ways += [(*way, after) for before, after in sorted(lives.MEMBERSHIP.pairs) if before == way[-1] and after not in way]
    for step in way[1:] or way:
        Membership.objects.filter(pk=member.pk).update(standing=step, **({"probation_until": timezone.now()} if step == Standing.PROBATION else {}) | fields)


def reloaded(row: Membership) -> Membership:
    """As a request would have it: fresh, with its committee, its person and running roles."""
    return Membership.objects.select_related("committee__policy", "committee__workplace", "person").with_running_roles().get(pk=row.pk)


@dataclass(frozen=True)
class Cast:
    """Ada organizes, Ben is a member, Cleo is new, Dina applied, Mo moderates; the boss runs a sham committee elsewhere."""

    committee: Committee
    ada: Membership
    ben: Membership
    cleo: Membership
    mo: Membership
    dina: Application
    boss: Membership


def cast() -> Cast:
    here = committee()
    return Cast(
        committee=here,
        ada=reloaded(organizer_of(here)),
        ben=member(here, handle="Dock four, nights"),
        cleo=member(here, standing=Standing.PROBATION, handle="Sorting, days"),
        mo=member(here, roles=(Role.MODERATOR,), handle="Loading bay"),
        dina=application(here, handle="Twilight, ramp"),
        boss=reloaded(organizer_of(committee())),
    )


def client(person: Person) -> Client:
    """A browser in which this person has signed in a moment ago."""
    browser = Client()
    browser.force_login(person)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp()}]
    session.save()
    return browser
