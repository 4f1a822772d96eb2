"""One-time codes that members hand over in person to those they know from work."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from committees.base import tokens
from committees.base.errors import Refused
from committees.base.slugs import ALPHABET
from committees.ledger import commands as ledger
from committees.membership import rules
from committees.membership.applications import WAITING, Application, Check, VouchCode
from committees.membership.commands.applying import own
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices import commands as notices
from committees.people.models import Person

LETTERS = 10
VALID_FOR = timedelta(days=14)
MOST, IN = 5, timedelta(days=30)
WRONG_CODES = 10


def spoken(code: str) -> str:
    """The letters of a code as they were meant: no case, no blanks, no hyphens."""
    return re.sub(r"[\W_]+", "", code).lower()


def digest(code: str, committee_id: int) -> str:
    """What is kept of a code: without it nobody can say what the code was."""
    return tokens.digest(f"vouch:{committee_id}:{spoken(code)}")


@transaction.atomic
def make_code(member: Membership, *, by: Membership, at: datetime, form_key: UUID | None = None) -> str:
    """A member makes a code for somebody they know; it is shown once and works once, for 14 days, in this committee only.

    Nobody is told. Refused for the sixth in 30 days, and for the second post of the same form.
    """
    rules.require(by, Power.VOUCH, in_committee=member.committee_id)
    rules.require_self(by, member)
    Membership.objects.select_for_update().get(pk=member.pk)
    if form_key and VouchCode.objects.filter(form_key=form_key).exists():
        raise Refused(_("This code was shown already. Make another one if you lost it."))
    if VouchCode.objects.filter(by=member, made_at__gt=at - IN).count() >= MOST:
        raise Refused(_("You can vouch for five people in 30 days. Another member can help meanwhile."))
    letters = "".join(secrets.choice(ALPHABET) for _letter in range(LETTERS))
    VouchCode.objects.create(
        committee_id=member.committee_id, by=member, digest=digest(letters, member.committee_id), made_at=at, expires_at=at + VALID_FOR, form_key=form_key
    )
    ledger.record("vouch.code_made", by=by.person, about=member, committee=member.committee, at=at)
    return f"{letters[:5]}-{letters[5:]}"


def counts(member: Membership) -> bool:
    """Whether a member's word for another counts: past their first weeks, and not in question themself."""
    return Power.VOUCH in member.powers and member.revouch_since is None


@transaction.atomic
def use_code(application: Application, code: str, *, by: Person, at: datetime) -> bool:
    """The applicant types the code that a member gave them: a check, and the reviewers are told. Returns whether it was one.

    It is none where it was used, is too old, or was made by someone whose word does not count (any more). The wrong ones are
    counted (a refusal would undo that), and after ten none is taken: Refused.
    """
    own(application, by)
    now = Application.objects.select_for_update(of=("self",)).select_related("committee", "reviewed_in").get(pk=application.pk)
    if now.state not in WAITING:
        raise Refused(_("This application has already been answered."))
    if now.wrong_codes >= WRONG_CODES:
        raise Refused(_("Too many wrong codes. Write to the organizers instead."), field="code")
    fitting = VouchCode.objects.filter(digest=digest(code, now.committee_id), used_at=None, expires_at__gt=at)
    found = fitting.select_for_update(of=("self",)).select_related("by").first()
    if found is None or not counts(found.by) or found.by.person_id in (None, by.pk):
        Application.objects.filter(pk=now.pk).update(wrong_codes=F("wrong_codes") + 1)
        return False
    VouchCode.objects.filter(pk=found.pk).update(used_at=at)
    _check, made = Check.objects.get_or_create(application=now, by=found.by, defaults={"kind": Check.Kind.CODE, "at": at, "committee_id": now.committee_id})
    if made:
        ledger.record("application.checked", by=by, about=now, committee=now.committee, at=at, detail={"kind": str(Check.Kind.CODE)})
        notices.post("membership/application_vouched", about=now, version=found.pk, committee=now.reviewed_in, at=at)
    return True
