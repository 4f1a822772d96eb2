"""Members whom nobody has seen for a long time: asked, then inactive, then gone, with all that leads to them.

Seen is who has used the account on some day (`Person.seen_on`), whatever they looked at: who visits which committee is never
written down. So any sign-in answers the question whether somebody still wants to belong. Somebody inactive comes back by a tap
of their own, for then they are counted again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from committees.bodies.models import Life
from committees.ledger import commands as ledger
from committees.membership import register, rules
from committees.membership.applications import Application
from committees.membership.commands.belonging import end_membership, tell_of_no_organizers
from committees.membership.commands.offices import end_covers, whom
from committees.membership.models import Membership, MembershipQuerySet
from committees.membership.roles import PRESENT, Power, Role, Standing
from committees.notices import commands as notices
from committees.people import commands as people

UNSEEN_FOR = timedelta(days=60)
ANSWER_WITHIN = timedelta(days=30)
#: Six months, of whatever length.
LAPSES_AFTER = timedelta(days=183)
#: So long before that they hear a last word.
LAST_WORD = timedelta(days=30)
AT_ONCE = 100
#: Asked, and not seen since: whoever was seen on the day itself came by after they were asked.
NOT_SEEN_SINCE = Q(asked_on__isnull=False) & (Q(person__seen_on=None) | Q(person__seen_on__lt=F("asked_on")))


def _locked(due: MembershipQuerySet) -> list[Membership]:
    rows = due.exclude(committee__life=Life.DISSOLVED).select_related("committee__verified_by", "person").order_by("pk")
    return list(rows.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])


@transaction.atomic
def ask_the_unseen(at: datetime) -> int:
    """Members and new members whom nobody has seen for 60 days are asked whether they still want to belong. Returns how many.

    Who has been seen since they were last asked has answered; that they were asked is forgotten.
    """
    Membership.objects.present().filter(asked_on__lte=F("person__seen_on")).update(asked_on=None)
    day = (at - UNSEEN_FOR).date()
    unseen = Q(person__seen_on__lte=day) | Q(person__seen_on=None, person__created_on__lte=day)
    due = _locked(Membership.objects.present().filter(unseen, asked_on=None, joined_at__lte=at - UNSEEN_FOR))
    Membership.objects.filter(pk__in=[member.pk for member in due]).update(asked_on=at.date())
    for member in due:
        notices.post("membership/still_there", to=whom(member), about=member, committee=member.committee, at=at, occasion=f"{at:%Y-%m-%d}")
    return len(due)


@transaction.atomic
def become_inactive(at: datetime) -> int:
    """Who was asked 30 days ago and has not been seen since is inactive: not counted, without rights, one tap from coming back.

    They are told, and where nobody organizes any more the wider committee's organizers too. Terms of office run on and count
    for nothing meanwhile. The last organizer of the widest committee stays, for nobody could take over. Returns how many.
    """
    silent = Membership.objects.present().filter(NOT_SEEN_SINCE, asked_on__lte=(at - ANSWER_WITHIN).date())
    due = [member for member in _locked(silent) if not _is_the_last_of_all(member, at)]
    for member in due:
        Membership.objects.filter(pk=member.pk, standing__in=PRESENT).update(standing=Standing.INACTIVE, changed_at=at, asked_on=None)
        notices.hold_back(whom(member))
        end_covers(member, at=at)
        tell_of_no_organizers(member.committee, at=at)
        ledger.record("member.inactive", by=None, about=member, committee=member.committee, at=at)
        notices.post("membership/inactive", to=whom(member), about=member, committee=member.committee, at=at, occasion=f"{at:%Y-%m-%d}")
    return len(due)


def _is_the_last_of_all(member: Membership, at: datetime) -> bool:
    """Whether they are the only organizer left of the committee that has none above it."""
    if member.committee.verified_by_id is not None:
        return False
    there = Membership.objects.filter(committee_id=member.committee_id).with_office(Role.ORGANIZER, at=at)
    return list(there.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)) == [member.pk]


@transaction.atomic
def stay(member: Membership, *, by: Membership, at: datetime) -> bool:
    """A member says that they still belong. Somebody inactive is what they were before, with the roles whose terms still run.
    Returns whether they had been inactive; nobody else is told."""
    rules.require(by, Power.SEE_COMMITTEE, in_committee=member.committee_id)
    rules.require_self(by, member)
    if by.person is not None:
        people.seen(by.person, on=at.date())
    Membership.objects.filter(pk=member.pk, standing__in=PRESENT).update(asked_on=None)
    inactive = Membership.objects.filter(pk=member.pk, standing=Standing.INACTIVE)
    back = inactive.filter(probation_until__isnull=False).update(standing=Standing.PROBATION, changed_at=at, asked_on=None)
    back += inactive.filter(probation_until=None).update(standing=Standing.MEMBER, changed_at=at, asked_on=None)
    if back:
        ledger.record("member.returned", by=by.person, about=member, committee=member.committee, at=at)
    return bool(back)


@transaction.atomic
def say_a_last_word(at: datetime) -> int:
    """Whose membership ends in a month is told so, once. Returns how many."""
    soon = Membership.objects.filter(standing=Standing.INACTIVE, asked_on=None, changed_at__lte=at - LAPSES_AFTER + LAST_WORD)
    due = _locked(soon)
    Membership.objects.filter(pk__in=[member.pk for member in due]).update(asked_on=at.date())
    for member in due:
        notices.post("membership/lapses_soon", to=whom(member), about=member, committee=member.committee, at=at, occasion=f"{at:%Y-%m-%d}")
    return len(due)


@transaction.atomic
def lapse(at: datetime) -> int:
    """Six months inactive, and a month after the last word: the membership ends, and what leads from it to the person is erased;
    they are told. Returns how many.

    The row stays under a handle that stays reserved and leads to nobody, so that a committee's history still adds up. The
    account stays, and so do its other memberships.
    """
    heard = Membership.objects.filter(standing=Standing.INACTIVE, asked_on__lte=(at - LAST_WORD).date())
    due = _locked(heard.filter(changed_at__lte=at - LAPSES_AFTER))
    for member in due:
        told = whom(member)
        end_membership(member, Standing.LAPSED, at=at)
        _forget(member, at=at)
        ledger.record("member.lapsed", by=None, about=member, committee=member.committee, at=at)
        notices.post("membership/lapsed", to=told, about=member, committee=member.committee, at=at)
    return len(due)


def _forget(member: Membership, *, at: datetime) -> None:
    """What rooms above hold because of this membership, the application that led to it, the wishes for its notices, and the link."""
    register.lapsed(member, at=at)
    if member.person_id:
        for application in Application.objects.filter(committee_id=member.committee_id, person_id=member.person_id):
            notices.supersede(application)
            application.delete()
        notices.forget_wishes(member.person_id, committee_id=member.committee_id)
    Membership.objects.filter(pk=member.pk).update(person=None, shift="")
