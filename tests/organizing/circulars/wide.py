"""A committee to which two sites belong, one of them through another wide one, and one that has nothing to do with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from committees.bodies.models import Committee, Scope
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.notices import commands as notices
from committees.notices.models import Channel, Delivery, Notice
from organizing.circulars import commands as circulars
from organizing.circulars import queries
from organizing.circulars.models import Circular, Reach
from tests import make
from tests.organizing.circulars.conftest import written


@dataclass(frozen=True)
class Tree:
    """`top` ← `mid` ← `site`, and `top` ← `hidden`. Uma and Vik organize the top one; Ines organizes the site, Sam is a member there, Nia is
    new; Hal is a member of the hidden one; Otto of one that belongs nowhere."""

    top: Committee
    mid: Committee
    site: Committee
    hidden: Committee
    uma: Membership
    vik: Membership
    ines: Membership
    sam: Membership
    nia: Membership
    hal: Membership
    otto: Membership

    @property
    def readers(self) -> set[int]:
        """Everybody in all four."""
        rows = Membership.objects.present().filter(committee__in=(self.top, self.mid, self.site, self.hidden))
        return {pk for pk in rows.values_list("person_id", flat=True) if pk}


def tree() -> Tree:
    site, hidden, lone = make.committee(), make.committee(listed=False), make.committee()
    mid, top = make.wider(Scope.EMPLOYER, site), make.wider(Scope.REGION, site)
    for below, above in ((site, mid), (mid, top), (hidden, top)):
        make.affiliated(below, above)
    return Tree(
        top=top,
        mid=mid,
        site=site,
        hidden=hidden,
        uma=make.reloaded(make.organizer_of(top)),
        vik=make.member(top, roles=(Role.ORGANIZER,), handle="Gate two, top"),
        ines=make.reloaded(make.organizer_of(site)),
        sam=make.member(site),
        nia=make.member(site, standing=Standing.PROBATION),
        hal=make.member(hidden),
        otto=make.member(lone),
    )


def drafted(by: Membership, **more: Any) -> Circular:
    """A draft for all committees that belong there."""
    return written(by, **{"reach": Reach.FURTHER, **more})


def proposed(by: Membership, **more: Any) -> JointAct:
    draft = drafted(by, **more)
    return circulars.propose(draft, seen=draft.changed_at, by=by, at=more.get("at", timezone.now()))


def agreed(by: Membership, second: Membership, **more: Any) -> Circular:
    """A message that two organizers sent."""
    act = proposed(by, **more)
    jointly.agree(act, by=second, at=more.get("at", timezone.now()))
    return Circular.objects.select_related("committee", "by").get(pk=act.row_id)


def told() -> set[int]:
    """Whom its notice reaches."""
    notice = Notice.objects.get(kind=queries.FURTHER)
    notices.expand(notice.pk, at=timezone.now())
    rows = list(Delivery.objects.filter(notice=notice, channel=Channel.INAPP).values_list("person_id", flat=True))
    assert len(rows) == len(set(rows)), "somebody was told twice"
    return set(rows)
