"""The demonstration's crowd, written in a few statements: played one by one it would make every start seconds longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from committees.base.text import skeleton
from committees.bodies.models import Committee
from committees.membership.applications import Application, State
from committees.membership.models import Membership, ReservedHandle
from committees.membership.roles import Standing
from committees.people import addresses, names
from committees.people.commands.contacts import day_of
from committees.people.models import Contact, Person
from organizing.home.demo.world import Actor


@dataclass(frozen=True)
class Came:
    """Somebody of the crowd: when they applied, and after how many hours they were let in."""

    actor: Actor
    email: str
    at: datetime
    hours: int

    @property
    def admitted_at(self) -> datetime:
        return self.at + timedelta(hours=self.hours)


@transaction.atomic
def bring_in(committee: Committee, crowd: Sequence[Came], *, by: Membership) -> None:
    """Accounts that nobody can sign in to, their applications and the memberships that became of them. Nobody is told, and
    nothing is refused: it is for an empty demonstration server, whose crowd is made up."""
    people = Person.objects.bulk_create(_person(each) for each in crowd)
    contacts = Contact.objects.bulk_create(_contact(person, each) for person, each in zip(people, crowd, strict=True))
    EmailAddress.objects.bulk_create(EmailAddress(user=contact.person, email=contact.alias, verified=True) for contact in contacts)
    Application.objects.bulk_create(_application(committee, person, each, by) for person, each in zip(people, crowd, strict=True))
    members = Membership.objects.bulk_create(_membership(committee, person, each) for person, each in zip(people, crowd, strict=True))
    ReservedHandle.objects.bulk_create(ReservedHandle(committee=committee, membership=m, key=m.handle_key, since=m.joined_at) for m in members)


def _person(each: Came) -> Person:
    person = Person(sign_in_name=names.sign_in_name(), created_on=each.at.date(), seen_on=each.at.date(), time_zone=each.actor.zone)
    person.set_unusable_password()
    return person


def _contact(person: Person, each: Came) -> Contact:
    address = addresses.email(each.email)
    return Contact(person=person, channel=address.channel, address=address.sent_to, lookup=address.lookup, verified_at=day_of(each.at), primary=True)


def _application(committee: Committee, person: Person, each: Came, by: Membership) -> Application:
    times = {"started_at": each.at, "sent_at": each.at, "ended_at": each.admitted_at}
    said = {"shift": each.actor.shift, "handle": each.actor.handle, "attested_version": 1}
    return Application(committee=committee, reviewed_in=committee, person=person, state=State.ADMITTED, decided_by=by, **times, **said)


def _membership(committee: Committee, person: Person, each: Came) -> Membership:
    at = each.admitted_at
    return Membership(
        committee=committee,
        person=person,
        handle=each.actor.handle,
        handle_key=skeleton(each.actor.handle),
        shift=each.actor.shift,
        standing=Standing.MEMBER,
        joined_at=at,
        changed_at=at,
        attested_at=each.at,
    )
