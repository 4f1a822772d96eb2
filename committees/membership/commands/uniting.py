"""How two committees become one. Who decides about that is known to the room above (jointly, later the ballots)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import connection, transaction
from django.db.models import (
    BaseConstraint,
    BigIntegerField,
    Case,
    Exists,
    ExpressionWrapper,
    ManyToOneRel,
    OuterRef,
    Q,
    QuerySet,
    UniqueConstraint,
    Value,
    When,
)
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.base.text import skeleton
from committees.bodies import commands as bodies
from committees.bodies import register
from committees.bodies.models import Committee, Life
from committees.ledger import commands as ledger
from committees.membership.applications import Application, ApplicationEvent, ApplicationMessage, Check, Recusal, State, VouchCode
from committees.membership.commands import standings
from committees.membership.commands.applying import event
from committees.membership.covers import Cover
from committees.membership.invitations import Invitation
from committees.membership.models import Membership, RemovedAddress, ReservedHandle, RoleTerm
from committees.membership.roles import REMOVABLE
from committees.notices import commands as notices

LONGEST = 40


@transaction.atomic
def unite(loser: Committee, winner: Committee, *, at: datetime) -> None:
    """The one committee becomes part of the other, with everybody in it and all that is theirs: names, roles, posts, meetings,
    applications. Old addresses lead to the other. Members of both are told. Whoever gives this command has asked who may.

    Nobody loses a right that they had in either, but whoever was removed from one of the two or stepped aside; and nobody gains a
    place that they did not have in one of them. Refused where one is no more.
    """
    held = Committee.objects.select_for_update(of=("self",), no_key=True)  # others may name them as they commit (closing.close)
    rows = {row.pk: row for row in held.filter(pk__in=(loser.pk, winner.pk)).order_by("pk")}
    if len(rows) != 2 or any(row.life == Life.DISSOLVED for row in rows.values()):
        raise Refused(_("One of the two committees is no longer there."))
    loser, winner = rows[loser.pk], rows[winner.pk]  # as they are now: rooms ask whether one of them is hidden
    told = list(Membership.objects.filter(committee__in=(loser, winner), standing__in=REMOVABLE, person__isnull=False).values_list("person_id", flat=True))
    out = standings.out_of_either(loser, winner)
    register.uniting(loser, winner, at=at)
    bodies.dissolve(loser, by=None, at=at, into=winner)
    standings.stay_out(out, winner, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what does not fit is refused here, and not when all else is committed
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    notices.hold_back(told)
    notices.post("membership/committees_united", to=told, about=winner, committee=winner, at=at, occasion=loser.slug)


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """This room's rows (bodies.register.on_uniting). Members first: all else names them."""
    twice = _in_both(loser, winner)
    _members(loser, winner, without=[here.pk for here, _there in twice])
    doubled = list(ReservedHandle.objects.filter(committee=winner).values_list("key", flat=True))
    ReservedHandle.objects.filter(committee=loser, key__in=doubled).delete()  # there they stay whose they were
    _applications(loser, winner, at=at)
    for model in (RoleTerm, Cover, ReservedHandle, RemovedAddress, ApplicationMessage, Check, Recusal, VouchCode, Invitation):
        model.objects.filter(committee=loser).update(committee=winner)
    notices.move_committee(loser.pk, winner.pk)
    _one_place(twice)


def _in_both(loser: Committee, winner: Committee) -> list[tuple[Membership, Membership]]:
    """The two places of everybody who is in both."""
    there = {m.person_id: m for m in Membership.objects.filter(committee=winner, person__isnull=False)}
    return [(m, there[m.person_id]) for m in Membership.objects.filter(committee=loser, person__in=list(there)).order_by("pk")]


def _members(loser: Committee, winner: Committee, *, without: Iterable[int]) -> None:
    """Everybody keeps their name, with a number behind it where somebody in the other committee has one that looks the same."""
    taken = set(ReservedHandle.objects.filter(committee=winner).values_list("key", flat=True))
    taken |= set(Membership.objects.filter(committee=winner).values_list("handle_key", flat=True))
    own = set(ReservedHandle.objects.filter(committee=loser).values_list("key", flat=True))
    renamed = []
    for member in Membership.objects.filter(committee=loser, handle_key__in=taken).order_by("joined_at", "pk"):
        number = 2
        while (key := skeleton(handle := _numbered(member.handle, number))) in taken | own:
            number += 1
        taken.add(key)
        member.handle, member.handle_key = handle, key
        renamed.append(member)
    Membership.objects.bulk_update(renamed, ["handle", "handle_key"], batch_size=500)
    ReservedHandle.objects.bulk_create(ReservedHandle(committee=loser, membership=member, key=member.handle_key, since=member.joined_at) for member in renamed)
    Membership.objects.filter(pk__in=list(without)).update(person=None)
    Membership.objects.filter(committee=loser).update(committee=winner)


def _numbered(handle: str, number: int) -> str:
    tail = f" {number}"
    return handle[: LONGEST - len(tail)] + tail


def _applications(loser: Committee, winner: Committee, *, at: datetime) -> None:
    """What waits goes on waiting in the other committee; whoever is in one of them, or has applied to both, needs only one, and is
    told so. Of two that one goes on which was sent, else the one to the committee that stays."""
    both = Application.objects.open().filter(committee__in=(loser, winner))
    inside = set(Membership.objects.filter(committee=winner, standing__in=REMOVABLE, person__isnull=False).values_list("person_id", flat=True))
    goes_on: set[int] = set()
    for application in sorted(both, key=lambda each: (not each.is_waiting, each.committee_id != winner.pk)):
        if application.person_id in inside | goes_on:
            _needless(application, winner, at=at)
        goes_on.add(application.person_id)
    if not winner.is_forming:  # nobody founds what is there
        Application.objects.open().filter(committee=loser, founding=True).update(founding=False, reviewed_in=winner)
    Application.objects.filter(committee=loser).update(committee=winner)
    Application.objects.filter(reviewed_in=loser).update(reviewed_in=winner)


def _needless(application: Application, winner: Committee, *, at: datetime) -> None:
    notices.supersede(application)
    Application.objects.filter(pk=application.pk).update(state=State.WITHDRAWN, ended_at=at)
    event(application, State.WITHDRAWN, ApplicationEvent.Part.PLATFORM, at)
    ledger.record("application.needless", by=None, about=application, committee=winner, at=at)
    notices.post("membership/application_needless", to=[application.person_id], about=application, committee=winner, at=at)


def _one_place(twice: Sequence[tuple[Membership, Membership]]) -> None:
    """Some were in both: what was theirs in the one is theirs in the other, whose name they keep (for where they stand: standings). As many questions
    for one of them as for many, whatever they had said, written and held."""
    if not twice:
        return
    standings.give_the_stronger(twice)
    naming = [field for field in Membership._meta.get_fields(include_hidden=True) if isinstance(field, ManyToOneRel)]
    for relation in naming:
        name = relation.field.name
        place = Case(*(When(**{name: here.pk}, then=Value(there.pk)) for here, there in twice), output_field=BigIntegerField())
        rows = relation.related_model._base_manager.filter(**{f"{name}__in": [here.pk for here, _there in twice]})
        only_one = [UniqueConstraint(fields=[name], name=name)] if relation.field.unique else []
        for constraint in [*relation.related_model._meta.constraints, *only_one]:
            if (doubled := _said_in_both(rows, constraint, name, place)) is not None:
                doubled.delete()
        rows.update(**{name: place})
    Membership.objects.filter(pk__in=[here.pk for here, _there in twice]).delete()


def _said_in_both(rows: QuerySet[Any], constraint: BaseConstraint, name: str, place: Case) -> QuerySet[Any] | None:
    """Of these rows those that the database would refuse in their new place, for there is one like them: once is enough. None
    where this constraint is about something else."""
    overlapping: Any = None
    if isinstance(constraint, UniqueConstraint) and name in constraint.fields:
        same = [field for field in constraint.fields if field != name]
    elif isinstance(constraint, ExclusionConstraint) and (name, "=") in constraint.expressions:
        same = [str(field) for field, operator in constraint.expressions if operator == "=" and field != name]
        overlapping = next(span for span, operator in constraint.expressions if operator == "&&")
    else:
        return None
    rows = rows.filter(constraint.condition or Q()).annotate(place=place)
    there = rows.model._base_manager.filter(constraint.condition or Q(), **{name: OuterRef("place")}, **{field: OuterRef(field) for field in same})
    if overlapping is not None:
        span = ExpressionWrapper(overlapping, output_field=DateTimeRangeField())
        rows = rows.annotate(span=span)
        there = there.annotate(span=span).filter(span__overlap=OuterRef("span"))
    return rows.filter(Exists(there))
