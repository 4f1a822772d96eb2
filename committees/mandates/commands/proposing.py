"""Who is sent: until members elect, two organizers decide, and members can object. A ballot's result will call `begin_mandate` and
`end_mandate`; then this goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.alliance.models import Affiliation
from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.jointly import commands as jointly
from committees.jointly.models import Deed, JointAct
from committees.mandates import queries, rules
from committees.mandates.commands.holding import enough, is_able, whom
from committees.mandates.models import EVERY, TERMS, Mandate
from committees.membership import rules as members
from committees.membership.models import Membership
from committees.membership.roles import Power, Role
from committees.notices import commands as notices


@transaction.atomic
def propose(
    wider: Committee,
    *,
    delegate: Membership,
    alternate: Membership | None,
    text: str,
    months: int,
    every: int = 30,
    by: Membership,
    at: datetime,
    form_key: UUID | None = None,
) -> JointAct:
    """An organizer proposes whom the committee sends to a wider one, with what mandate, and who takes over where they no longer can. A
    second organizer has to agree, and members can object; both who are named are told, and can say no at any moment. Whoever is sent there
    already goes on by this mandate instead of that one.

    Refused where the committee does not belong to that one or has enough delegates there (rules.MOST), for oneself, for whoever is no full
    member or is proposed already, and where nobody could agree. The same form posted again gives the same proposal.
    """
    members.require(by, Power.GIVE_ROLE, in_committee=delegate.committee_id)
    members.require_other(by, delegate.person_id)
    if form_key and (made := JointAct.objects.filter(form_key=form_key, committee=by.committee).first()):
        return made
    ties = Affiliation.objects.standing().filter(committee=by.committee, wider=wider)
    if not ties.select_for_update(of=("self",)).first():  # held, so that the number is exact also for those who propose at once
        raise Refused(_("Your committee does not belong to that one."), field="wider")
    renews = Mandate.objects.running(at).filter(delegate=delegate, wider=wider).first()
    if renews is None and queries.delegates(by.committee, wider) >= rules.MOST:
        raise enough()
    if months not in TERMS or every not in EVERY:
        raise Refused(_("Choose for how long, and how often a report is due."), field="months")
    _require_two(delegate, alternate, by=by)
    row = {"delegate": delegate, "alternate": alternate, "text": text, "months": months, "every": every, "form_key": form_key, "renews": renews}
    mandate = _row(committee=by.committee, wider=wider, asked_by=by, asked_at=at, **row)
    gains = [alternate.person_id] if alternate else []
    act = jointly.propose_about(mandate, Deed.DELEGATE, by=by, at=at, form_key=form_key, member=delegate, role=Role.DELEGATE, months=months, gains=gains)
    notices.post("mandates/named", to=whom(delegate, alternate), about=mandate, committee=by.committee, at=at)
    return act


def _row(**fields: Any) -> Mandate:
    try:
        with transaction.atomic():
            return Mandate.objects.create(**fields)
    except IntegrityError:
        raise Refused(_("They are proposed as a delegate there already."), field="delegate") from None


def _require_two(delegate: Membership, alternate: Membership | None, *, by: Membership) -> None:
    if not is_able(delegate):
        raise Refused(_("Only members past their first weeks can be sent."), field="delegate")
    if alternate is None:
        return
    if alternate.pk == delegate.pk:
        raise Refused(_("The alternate has to be somebody else."), field="alternate")
    if alternate.pk == by.pk or alternate.committee_id != by.committee_id or not is_able(alternate):
        raise Refused(_("No other full member uses this name here."), field="alternate")


@transaction.atomic
def propose_end(mandate: Mandate, *, reason: str, by: Membership, at: datetime, form_key: UUID | None = None) -> JointAct:
    """An organizer proposes that a mandate ends before its time. A second one has to agree, and members can object. Refused once it is
    over, for one's own, and while it is proposed already."""
    members.require(by, Power.GIVE_ROLE, in_committee=mandate.committee_id)
    members.require_other(by, mandate.delegate.person_id)
    if not Mandate.objects.running(at).filter(pk=mandate.pk).exists():
        raise Refused(_("This is over already."))
    return jointly.propose_about(mandate, Deed.DELEGATE, reason=reason, by=by, at=at, form_key=form_key, member=mandate.delegate, role=Role.DELEGATE)
