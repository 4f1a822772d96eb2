"""Two groups at one workplace that become one committee, for the tests of both that and of those who were in both."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from committees.bodies.models import Committee
from committees.jointly import commands as jointly
from committees.jointly.models import Introduction, JointAct
from committees.membership.models import Membership
from committees.membership.roles import Role
from tests import make

WHY = "We work at the same gates and want the same things."
LATER = timedelta(hours=73)


def now() -> datetime:
    return timezone.now()


class Two:
    """The committee of a site, and a younger one at another entry of the same site; each with two organizers and a member."""

    def __init__(self) -> None:
        site = make.workplace()
        self.one = make.committee(site=site)
        self.other = make.committee(site=make.workplace(employer=site.employer.name, city=site.city))
        Committee.objects.filter(pk=self.other.pk).update(founded_at=make.past(5))
        self.other.refresh_from_db()
        self.ada, self.uma = make.reloaded(make.organizer_of(self.one)), make.reloaded(make.organizer_of(self.other))
        self.ben, self.udo = (make.reloaded(make.member(each, roles=(Role.ORGANIZER,))) for each in (self.one, self.other))
        self.cleo, self.vera = (make.reloaded(make.member(each, handle="Dock four")) for each in (self.one, self.other))
        self.intake = make.reloaded(make.organizer_of(make.alliance()))

    def introduced(self) -> Introduction:
        return jointly.introduce(self.one, self.other, by=self.intake, at=now())

    def agreed(self, first: Membership, second: Membership, *, at: datetime | None = None) -> JointAct:
        act = jointly.propose_uniting(Introduction.objects.get(), reason=WHY, by=make.reloaded(first), at=at or now())
        return jointly.agree(act, by=make.reloaded(second), at=at or now())

    def united(self) -> None:
        self.introduced()
        self.agreed(self.ada, self.ben)
        self.agreed(self.uma, self.udo)
        jointly.carry_out(now() + LATER)
        assert Committee.objects.get(pk=self.other.pk).merged_into_id == self.one.pk


def text(member: Membership, name: str, *args: str) -> str:
    assert member.person is not None
    answer = make.client(member.person).get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()
