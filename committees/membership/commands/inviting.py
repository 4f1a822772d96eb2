"""Invitations: an organizer makes and revokes them; sending an application uses them. None of it lets anybody in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.ledger import commands as ledger
from committees.membership import rules
from committees.membership.applications import Application, Check
from committees.membership.invitations import MOST_CHECKS, MOST_DAYS, MOST_USES, Invitation, digest, new_token
from committees.membership.models import Membership
from committees.membership.roles import Power


class InvitationGone(Refused):
    """The invitation leads nowhere any more. Why is not said: used up, revoked and expired are the same to an applicant."""


@transaction.atomic
def invite(
    committee: Committee,
    *,
    label: str,
    days: int,
    cap: int,
    counts_as_check: bool,
    languages: Sequence[str],
    by: Membership,
    at: datetime,
    form_key: UUID | None = None,
) -> Invitation:
    """An organizer makes an invitation. Nobody is told; the log shows that it was made. The same form makes it once.

    Refused for a length or a cap beyond the limits, and for one that counts as a check where founders are still confirmed: those
    are checked by people.
    """
    rules.require(by, Power.INVITE, in_committee=committee.pk)
    Membership.objects.select_for_update().get(pk=by.pk)  # whoever presses twice waits for themself
    if form_key and (made := Invitation.objects.filter(form_key=form_key, made_by=by).first()):
        return made
    _within_limits(committee, days=days, cap=cap, counts_as_check=counts_as_check)
    token = new_token()
    invitation = Invitation.objects.create(
        committee=committee,
        made_by=by,
        label=label,
        token=token,
        digest=digest(token),
        counts_as_check=counts_as_check,
        languages=list(languages),
        cap=cap,
        made_at=at,
        expires_at=at + timedelta(days=days),
        form_key=form_key,
    )
    detail = {"days": days, "cap": cap, "check": int(counts_as_check)}
    ledger.record("invitation.made", by=by.person, about=invitation, committee=committee, at=at, detail=detail)
    return invitation


def _within_limits(committee: Committee, *, days: int, cap: int, counts_as_check: bool) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("Choose from 1 to %(most)s days.") % {"most": MOST_DAYS}, field="days")
    if not 1 <= cap <= MOST_USES:
        raise Refused(_("Choose from 1 to %(most)s people.") % {"most": MOST_USES}, field="cap")
    if counts_as_check and cap > MOST_CHECKS:
        raise Refused(_("Where it counts as a check, %(most)s people at most can use it.") % {"most": MOST_CHECKS}, field="cap")
    if counts_as_check and committee.is_forming:
        raise Refused(_("While the committee is forming, each founder is checked by a person."))


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: Membership, at: datetime) -> None:
    """An organizer ends an invitation: from this moment on its link leads nowhere, and its letters are gone. Whoever has sent
    an application by it is not touched. Revoking it twice changes nothing."""
    rules.require(by, Power.INVITE, in_committee=invitation.committee_id)
    kept = Invitation.objects.filter(pk=invitation.pk)
    kept.select_for_update().get()
    if kept.in_time(at).update(revoked_at=at, revoked_by=by, token="", digest=None):
        ledger.record("invitation.revoked", by=by.person, about=invitation, committee=invitation.committee, at=at)


def require_open(invitation: Invitation, *, to: Committee, at: datetime) -> None:
    """It leads to that committee, and now. Raises PermissionDenied or InvitationGone."""
    if invitation.committee_id != to.pk:
        raise PermissionDenied
    if not Invitation.objects.live(at).filter(pk=invitation.pk).exists():
        raise gone()


def gone() -> InvitationGone:
    """The one refusal there is, for the caller to raise."""
    return InvitationGone(_("This invitation is not open any more."), field="invitation")


def spend(application: Application, *, at: datetime) -> Invitation | None:
    """Count the invitation of an application that is being sent. Raises InvitationGone where it is not open any more.

    The row is held from the question to the count, so that of many at once exactly as many come through as there were places.
    Who has used it before (and withdrew, say) has had their place and takes no second one.
    """
    if application.invitation_id is None:
        return None
    kept = Invitation.objects.filter(pk=application.invitation_id)
    kept.select_for_update().get()
    sent = Application.objects.filter(invitation=application.invitation_id, person_id=application.person_id, sent_at__isnull=False)
    counted = sent.exclude(pk=application.pk).exists()
    if not (kept.in_time(at) if counted else kept.live(at)).exists():
        raise gone()
    if not counted:
        kept.update(uses=F("uses") + 1)
    return kept.get()


def check_by(invitation: Invitation, application: Application, *, at: datetime) -> None:
    """Where an invitation counts as a check, it is its maker's, like a vouch: their one and only check of this applicant.

    It is none for founders, and none once its maker could not make it any more, or is in question themself.
    """
    if not invitation.counts_as_check or application.founding:
        return
    maker = (
        Membership.objects.with_power(Power.INVITE, at=at).filter(pk=invitation.made_by_id, revouch_since=None).exclude(person_id=application.person_id).first()
    )
    if maker is None:
        return
    _check, made = Check.objects.get_or_create(
        application=application, by=maker, defaults={"kind": Check.Kind.INVITED, "at": at, "committee_id": invitation.committee_id}
    )
    if made:
        ledger.record(
            "application.checked", by=application.person, about=application, committee=application.committee, at=at, detail={"kind": str(Check.Kind.INVITED)}
        )
