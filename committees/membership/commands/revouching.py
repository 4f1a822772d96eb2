"""How a member for whom somebody has to vouch anew is vouched for: by another member's code, or a reviewer's talk with them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership import rules
from committees.membership.applications import Application, Check, VouchCode
from committees.membership.commands.questioning import admission
from committees.membership.commands.vouching import WRONG_CODES, counts, digest
from committees.membership.models import Membership
from committees.membership.roles import Power


def _locked(member: Membership) -> Membership:
    """The row as it is now, held until the transaction ends; refused where nothing is open."""
    now = Membership.objects.select_for_update(of=("self",)).select_related("committee").get(pk=member.pk)
    if now.revouch_since is None:
        raise Refused(_("This has already been done."))
    return now


def _settle(member: Membership, kind: Check.Kind, *, of: Membership, by: Membership, at: datetime) -> None:
    """The check stands beside those by which they came in: who vouched for whom stays known."""
    came_in = admission(member)
    if came_in is not None:
        Check.objects.get_or_create(application=came_in, by=of, defaults={"kind": kind, "at": at, "committee_id": of.committee_id})
    Membership.objects.filter(pk=member.pk).update(revouch_since=None)
    ledger.record("member.vouched_anew", by=by.person, about=member, committee=member.committee, at=at, detail={"kind": str(kind)})


@transaction.atomic
def confirm_anew(member: Membership, *, by: Membership, at: datetime) -> None:
    """A reviewer has talked with a member who is in question, and has reason to believe that they work there. Refused to a
    reviewer who is in question themself, and the second time."""
    rules.require(by, Power.REVIEW_APPLICATIONS, in_committee=member.committee_id)
    rules.require_other(by, member.person_id)
    rules.require_word(by)
    _settle(_locked(member), Check.Kind.TALK, of=by, by=by, at=at)


@transaction.atomic
def vouch_again(member: Membership, code: str, *, by: Membership, at: datetime) -> bool:
    """A member who is in question types the code that another one handed to them in person. Returns whether it was one.

    Wrong ones are counted with those of the application, and after ten none is taken: Refused, and where nothing is open.
    """
    rules.require(by, Power.SEE_COMMITTEE, in_committee=member.committee_id)
    rules.require_self(by, member)
    now = _locked(member)
    came_in = admission(now)
    if came_in is None or came_in.wrong_codes >= WRONG_CODES:
        raise Refused(_("Too many wrong codes. Write to the organizers instead.") if came_in else _("Talk with an organizer instead."), field="code")
    fitting = VouchCode.objects.filter(digest=digest(code, now.committee_id), used_at=None, expires_at__gt=at)
    found = fitting.select_for_update(of=("self",)).select_related("by").first()
    if found is None or not counts(found.by) or found.by.person_id in (None, now.person_id):
        Application.objects.filter(pk=came_in.pk).update(wrong_codes=F("wrong_codes") + 1)
        return False
    VouchCode.objects.filter(pk=found.pk).update(used_at=at)
    _settle(now, Check.Kind.CODE, of=found.by, by=by, at=at)
    return True
