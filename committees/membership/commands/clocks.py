"""What follows from the clock. A tick asks the rows themselves what is due; running it twice changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from committees.ledger import commands as ledger
from committees.membership import queries
from committees.membership.applications import Application, ApplicationEvent, State
from committees.membership.commands.applying import event
from committees.membership.commands.emptying import dissolve_if_empty
from committees.membership.commands.offices import whom
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.notices import commands as notices

REMIND_AFTER = timedelta(hours=48)
ALLIANCE_AFTER = timedelta(hours=96)
UNSENT_FOR = timedelta(days=14)
AT_ONCE = 200


@transaction.atomic
def end_probations(at: datetime) -> int:
    """New members whose time is over become members, and are told. Returns how many."""
    due = Membership.objects.filter(standing=Standing.PROBATION, probation_until__lte=at).select_related("committee")
    members = list(due.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for member in members:
        Membership.objects.filter(pk=member.pk, standing=Standing.PROBATION).update(standing=Standing.MEMBER, changed_at=at, probation_until=None)
        ledger.record("member.probation_ended", by=None, about=member, committee=member.committee, at=at)
        notices.post("membership/probation_ended", to=whom(member), about=member, committee=member.committee, at=at)
    return len(members)


@transaction.atomic
def remind_reviewers(at: datetime) -> int:
    """Reviewers are reminded of what has waited 48 hours; the wider committee's organizers of what has waited 96."""
    waiting = Application.objects.filter(state=State.PENDING).select_related("reviewed_in__verified_by")
    late = list(waiting.filter(sent_at__lte=at - REMIND_AFTER, nudged_at=None).select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for application in late:
        notices.post("membership/application_waits", about=application, committee=application.reviewed_in, at=at)
    later = waiting.filter(sent_at__lte=at - ALLIANCE_AFTER, nudged_at__isnull=False, escalated_at=None, reviewed_in__verified_by__isnull=False)
    overdue = list(later.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for application in overdue:
        notices.post("membership/application_overdue", about=application, committee=application.reviewed_in.verified_by, at=at)
    Application.objects.filter(pk__in=[a.pk for a in late]).update(nudged_at=at)
    Application.objects.filter(pk__in=[a.pk for a in overdue]).update(escalated_at=at)
    return len(late) + len(overdue)


@transaction.atomic
def expire_unsent(at: datetime) -> int:
    """An application begun and never sent ends after 14 days; a founding that nobody sent frees the workplace."""
    due = Application.objects.filter(state=State.STARTED, started_at__lte=at - UNSENT_FOR).select_related("committee")
    old = list(due.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for application in old:
        Application.objects.filter(pk=application.pk).update(state=State.EXPIRED, ended_at=at)
        event(application, State.EXPIRED, ApplicationEvent.Part.PLATFORM, at)
        notices.post("membership/application_expired", to=[application.person_id], about=application, committee=application.committee, at=at)
        dissolve_if_empty(application.committee, at=at)
    return len(old)


@transaction.atomic
def hand_over(at: datetime) -> int:
    """Where nobody is left who could answer, the wider committee's organizers take what waits over, and are told."""
    orphans = list(queries.orphaned().select_related("committee", "reviewed_in__verified_by").select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for application in orphans:
        wider = application.reviewed_in.verified_by
        if wider is None:
            continue
        Application.objects.filter(pk=application.pk).update(reviewed_in=wider, nudged_at=None, escalated_at=None)
        application.reviewed_in = wider
        ledger.record("application.handed_over", by=None, about=application, committee=application.committee, at=at)
        notices.post("membership/application_received", about=application, committee=wider, at=at, occasion=f"handed over {wider.slug}")
    return len(orphans)
