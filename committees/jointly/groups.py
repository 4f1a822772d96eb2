"""Two groups at one workplace become one: who sees that there are two, how they learn of each other, and which of them stays.

Each group's two organizers agree, and each group's members can object; then one of them becomes part of the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from committees.bodies.models import Committee, Life, Scope
from committees.jointly.models import Deed, Introduction, JointAct, State

#: So long the one waits for the other, once nobody can object to it any more.
WAITS = timedelta(days=14)
#: Acts of a group that wants to become one with another which is no more.
WITH_ONE_THAT_IS_GONE = Q(introduction__first__life=Life.DISSOLVED) | Q(introduction__second__life=Life.DISSOLVED)


def side_by_side(wider: Committee) -> QuerySet[Committee]:
    """Committees that this one looks after, at whose workplace, or another entry of their employer in the same town, is another one."""
    open_here = Committee.objects.open().filter(verified_by=wider, scope=Scope.WORKPLACE)
    same_site = Q(workplace=OuterRef("workplace"))
    same_town = Q(workplace__employer=OuterRef("workplace__employer"), workplace__city=OuterRef("workplace__city")) & ~Q(workplace__city="")
    others = open_here.exclude(pk=OuterRef("pk"))
    return open_here.filter(Exists(others.filter(same_site)) | Exists(others.filter(same_town)))


def beside(committee: Committee) -> QuerySet[Committee]:
    """The other committees at its workplace, or at another entry of its employer in the same town."""
    site = committee.workplace
    if site is None or committee.verified_by_id is None:
        return Committee.objects.none()
    near = Q(workplace=site)
    if site.city:
        near |= Q(workplace__employer_id=site.employer_id, workplace__city=site.city)
    return Committee.objects.open().filter(near, verified_by_id=committee.verified_by_id, scope=Scope.WORKPLACE).exclude(pk=committee.pk)


def with_others(committees: Iterable[Committee]) -> None:
    """Adds `others` to each: those beside it, as pairs of the committee and whether the two were introduced. Two queries."""
    listed = list(committees)
    towns = {(c.workplace.employer_id, c.workplace.city) for c in listed if c.workplace}
    near = Q(workplace__in=[c.workplace_id for c in listed])
    for employer, city in towns:
        near |= Q(workplace__employer=employer, workplace__city=city)
    open_there = Committee.objects.open().filter(near, scope=Scope.WORKPLACE).select_related("workplace__employer") if listed else []
    candidates = list(open_there)
    pairs = set(Introduction.objects.filter(first__in=candidates, second__in=candidates).values_list("first_id", "second_id"))
    for one in listed:
        one.others = [  # type: ignore[attr-defined]
            (other, (min(one.pk, other.pk), max(one.pk, other.pk)) in pairs) for other in candidates if other.pk != one.pk and _near(one, other)
        ]


def _near(one: Committee, other: Committee) -> bool:
    here, there = one.workplace, other.workplace
    if here is None or there is None or one.verified_by_id != other.verified_by_id:
        return False
    return here.pk == there.pk or (bool(here.city) and (here.employer_id, here.city) == (there.employer_id, there.city))


def that_stays(introduction: Introduction) -> Committee:
    """Of the two the one whose address and rules stay: one that is active before one that is forming, else the older."""
    return min((introduction.first, introduction.second), key=lambda each: (each.life != Life.ACTIVE, each.founded_at, each.pk))


def both_ready(act: JointAct, at: datetime) -> JointAct | None:
    """The other group's act about the same, if nobody can object to that one either any more. Its row is held until the
    transaction ends; None too where another worker holds it."""
    acts = JointAct.objects.filter(introduction=act.introduction_id, deed=Deed.UNITING, state=State.AGREED, happens_at__lte=at)
    return acts.exclude(committee=act.committee_id).select_for_update(of=("self",), skip_locked=True).first()


def waiting_alone(at: datetime) -> Q:
    """Acts that wait for the other group, and may go on waiting."""
    ready = JointAct.objects.filter(introduction=OuterRef("introduction"), deed=Deed.UNITING, state=State.AGREED, happens_at__lte=at)
    return Q(deed=Deed.UNITING, happens_at__gt=at - WAITS) & ~Q(Exists(ready.exclude(committee=OuterRef("committee"))))


def other_of(act: JointAct) -> Committee:
    """With whom its committee is to become one."""
    assert act.introduction is not None  # the database says so
    return act.introduction.other_than(act.committee_id)
