"""How somebody comes to cover for Ada, who organizes, in the tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.ledger.models import Entry
from committees.membership.covers import Cover
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.notices.models import Notice
from tests import make

DAY, LATER = timedelta(days=1), timedelta(hours=73)
WHY = "She has kept the list of meetings for a year."


def now() -> datetime:
    return timezone.now()


def today() -> date:
    from zoneinfo import ZoneInfo

    return now().astimezone(ZoneInfo("Europe/London")).date()


def asked(cast: make.Cast, member: Membership | None = None, role: str = Role.ORGANIZER, *, days: int = 10, begins: int = 0, **more: Any) -> Cover:
    """Ada asks Ben to cover from today on, for so many days."""
    first = today() + begins * DAY
    by = more.pop("by", cast.ada)
    said = {"first": first, "last": first + (days - 1) * DAY, "by": make.reloaded(by), "at": now()} | more
    return jointly.ask_cover(make.reloaded(member or cast.ben), role, **said)


def accepted(cast: make.Cast, member: Membership | None = None, **more: Any) -> Cover:
    cover = asked(cast, member, **more)
    return jointly.accept_cover(cover, by=make.reloaded(cover.member), at=now())


def act_of(cover: Cover) -> JointAct:
    return JointAct.objects.get(cover=cover)


def running(cast: make.Cast, second: Membership, member: Membership | None = None, **more: Any) -> Cover:
    """A second organizer agreed days ago, nobody stopped it, and it runs."""
    cover = accepted(cast, member, **more)
    if not cover.is_arranged:
        jointly.agree(act_of(cover), by=make.reloaded(second), at=now())
        JointAct.objects.filter(cover=cover).update(happens_at=now())
        jointly.carry_out(now())
        cover.refresh_from_db()
    assert cover.is_arranged
    return cover


def kinds() -> list[str]:
    return list(Notice.objects.filter(about_type="membership.Cover").order_by("pk").values_list("kind", flat=True))


def verbs(cast: make.Cast) -> list[str]:
    return list(Entry.objects.filter(chain=cast.committee.slug, verb__startswith="cover").order_by("position").values_list("verb", flat=True))
