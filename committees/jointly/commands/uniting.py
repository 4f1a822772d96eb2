"""Two groups at one workplace are brought together, and become one committee once both have agreed."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.jointly import groups
from committees.jointly.models import Introduction, JointAct, State
from committees.ledger import commands as ledger
from committees.membership import commands as membership
from committees.membership import rules
from committees.membership.models import Membership
from committees.membership.roles import REMOVABLE, Power
from committees.notices import commands as notices


@transaction.atomic
def introduce(one: Committee, other: Committee, *, by: Membership, at: datetime) -> Introduction:
    """An organizer of the committee that looks after both tells each that there is the other. Their organizers are told, once.

    Refused for two that are not at one workplace.
    """
    for committee in (one, other):
        if committee.verified_by_id != by.committee_id:
            rules.require(by, Power.AFFILIATE, in_committee=committee.verified_by_id or 0)
    rules.require(by, Power.AFFILIATE, in_committee=by.committee_id)
    if not groups.beside(one).filter(pk=other.pk).exists():
        raise Refused(_("These two are not at one workplace."))
    first, second = sorted((one, other), key=lambda each: each.pk)
    try:
        with transaction.atomic():
            made = Introduction.objects.create(wider_id=by.committee_id, first=first, second=second, by=by, at=at)
    except IntegrityError:
        return Introduction.objects.get(first=first, second=second)
    ledger.record("groups.introduced", by=by.person, about=made, committee=by.committee, at=at)
    for each in (first, second):
        notices.post("jointly/introduced", about=made, committee=each, at=at, occasion=each.slug)
    return made


def tell_those_in_both(act: JointAct, *, at: datetime) -> None:
    """Whoever is or was in both groups has a name in each, and over all that they wrote will stand only one of the two: that ties
    both names together for everybody who remembers. They alone are told, while they can still do something about it."""
    assert act.introduction is not None  # the database says so
    rows = Membership.objects.filter(committee__in=(act.introduction.first_id, act.introduction.second_id), person__isnull=False)
    both = rows.order_by().values("person").annotate(n=Count("pk"), inside=Count("pk", filter=Q(standing__in=REMOVABLE))).filter(n=2, inside__gt=0)
    told = [row["person"] for row in both]
    if told:
        notices.post("jointly/two_names", about=act, to=told, committee=act.committee, at=at)


def unite(act: JointAct, at: datetime) -> None:
    """The one becomes part of the other. Refused where the other has not agreed, or one of the two is no more."""
    theirs = groups.both_ready(act, at)
    if theirs is None or act.introduction is None:
        raise Refused(_("The other group has not agreed."))
    stays = groups.that_stays(act.introduction)
    goes = act.introduction.other_than(stays.pk)
    JointAct.objects.filter(pk__in=(act.pk, theirs.pk)).update(state=State.DONE, ended_at=at)  # all else that is open will be overtaken
    membership.unite(goes, stays, at=at)


@transaction.atomic
def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """This room's rows, when two committees become one (bodies.register.on_uniting)."""
    JointAct.objects.filter(committee=loser).update(committee=winner)
