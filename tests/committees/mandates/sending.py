"""How a committee comes to send Ben, with Mo to take over, in the tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from committees.alliance.models import Affiliation
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.ledger.models import Entry
from committees.mandates import commands as mandates
from committees.mandates.models import Mandate
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.notices.models import Notice
from tests import make

DAY = timedelta(days=1)
TEXT = "Speak for a common day of action. Agree to no date before you asked us."
WHY = "Nothing was heard for half a year."


def now() -> datetime:
    return timezone.now()


def proposed(cast: make.Cast, tie: Affiliation, **more: Any) -> JointAct:
    """Ada proposes to send Ben for a year, and that Mo takes over."""
    said = {"delegate": make.reloaded(cast.ben), "alternate": make.reloaded(cast.mo), "text": TEXT, "months": 12, "by": make.reloaded(cast.ada), "at": now()}
    return mandates.propose(tie.wider, **(said | more))


def mandate_of(act: JointAct) -> Mandate:
    return Mandate.objects.select_related("committee", "wider", "delegate", "alternate", "seat").get(pk=act.row_id)


def done(act: JointAct, second: Membership, *, at: datetime | None = None) -> None:
    """A second organizer agrees, three days pass, and nobody stops it."""
    at = at or now()
    jointly.agree(act, by=make.reloaded(second), at=act.proposed_at)
    JointAct.objects.filter(pk=act.pk).update(happens_at=at)
    jointly.carry_out(at)


def sent(cast: make.Cast, tie: Affiliation, second: Membership, *, ago: timedelta = timedelta(0), **more: Any) -> Mandate:
    """Ben is the delegate, since `ago`."""
    at = now() - ago
    act = proposed(cast, tie, at=at, **more)
    done(act, second, at=at)
    return mandate_of(act)


def sent_by_another(cast: make.Cast) -> Mandate:
    """Another committee to which Ben belongs sends him to the alliance too."""
    elsewhere = make.committee()
    there, tie = make.member(elsewhere, by=cast.ben.person), make.affiliated(elsewhere)
    said: dict[str, Any] = {
        "delegate": there,
        "alternate": None,
        "text": "Speak for us too.",
        "months": 12,
        "by": make.reloaded(make.organizer_of(elsewhere)),
        "at": now(),
    }
    act = mandates.propose(tie.wider, **said)
    done(act, make.reloaded(make.organizer_of(tie.wider)))
    return mandate_of(act)


def again(mandate: Mandate) -> Mandate:
    return Mandate.objects.select_related("committee", "wider", "delegate", "alternate", "before", "seat").get(pk=mandate.pk)


def is_delegate(member: Membership) -> bool:
    return Role.DELEGATE in make.reloaded(member).roles


def kinds() -> list[str]:
    return list(Notice.objects.filter(about_type="mandates.Mandate").order_by("pk").values_list("kind", flat=True))


def told(kind: str) -> set[int]:
    """Person ids of those to whom a kind of notice went."""
    return set(Notice.objects.filter(kind=f"mandates/{kind}", deliveries__isnull=False).values_list("deliveries__person", flat=True))


def verbs(cast: make.Cast) -> list[str]:
    return list(Entry.objects.filter(chain=cast.committee.slug, verb__startswith="mandate").order_by("position").values_list("verb", flat=True))
