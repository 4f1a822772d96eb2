"""Once a year each member says again that they do not hire, fire or discipline, and are no paid official.

What follows from not answering is a reminder, and a number for the organizers: a right that went by itself would have to go in
every question that is asked of the database, and would leave a committee whose organizers are on holiday without any.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies.models import Life
from committees.ledger import commands as ledger
from committees.membership import queries, rules
from committees.membership.commands.offices import whom
from committees.membership.models import Membership, MembershipQuerySet
from committees.membership.roles import Power
from committees.notices import commands as notices

GOOD_FOR = timedelta(days=365)
REMINDED_AFTER = timedelta(days=14)
#: The same button, pressed again on this day, says nothing new.
SAME = timedelta(days=1)
AT_ONCE = 100


def _tell(due: MembershipQuerySet, *, at: datetime, occasion: str) -> list[int]:
    rows = due.exclude(committee__life=Life.DISSOLVED).select_related("committee").order_by("pk")
    members = list(rows.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for member in members:
        notices.post("membership/attest", to=whom(member), about=member, committee=member.committee, at=at, occasion=occasion)
    return [member.pk for member in members]


@transaction.atomic
def ask_for_their_word(at: datetime) -> int:
    """Members and new members who said it a year ago are asked to say it again. Returns how many."""
    due = Membership.objects.present().filter(attested_at__lte=at - GOOD_FOR, attest_asked_at=None)
    return Membership.objects.filter(pk__in=_tell(due, at=at, occasion=f"{at:%Y-%m-%d}")).update(attest_asked_at=at, attest_reminded_at=None)


@transaction.atomic
def remind_of_their_word(at: datetime) -> int:
    """Who was asked 14 days ago and has not answered is reminded, once. Returns how many."""
    due = Membership.objects.present().filter(attest_asked_at__lte=at - REMINDED_AFTER, attest_reminded_at=None)
    return Membership.objects.filter(pk__in=_tell(due, at=at, occasion=f"again {at:%Y-%m-%d}")).update(attest_reminded_at=at)


@transaction.atomic
def attest(member: Membership, version: int, *, by: Membership, at: datetime) -> None:
    """A member says again what the charter's `version` asks of everybody. Nobody is told. Refused if the words are others by now.

    Whoever can no longer say it steps aside instead (`step_aside`).
    """
    rules.require(by, Power.STEP_ASIDE, in_committee=member.committee_id)
    rules.require_self(by, member)
    now = Membership.objects.select_for_update(of=("self",)).select_related("committee").get(pk=member.pk)
    charter = queries.charter(now.committee)
    if charter is None or charter.version != version:
        raise Refused(_("The words have changed meanwhile. Read them again."))
    if now.attest_asked_at is None and now.attested_version == version and at - now.attested_at < SAME:
        return
    Membership.objects.filter(pk=now.pk).update(attested_version=version, attested_at=at, attest_asked_at=None, attest_reminded_at=None)
    ledger.record("member.attested", by=by.person, about=now, committee=now.committee, at=at)
