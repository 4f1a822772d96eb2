"""What reviewers do with an application. They answer once: the second of two sees the first's answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.base.text import skeleton
from committees.ledger import commands as ledger
from committees.membership import handles, queries, register, rules
from committees.membership.applications import WAITING, Application, ApplicationEvent, ApplicationMessage, Check, Decline, State
from committees.membership.commands.applying import event
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Power, Role, Standing
from committees.notices import commands as notices

Part = ApplicationEvent.Part


def _answered() -> Refused:
    return Refused(_("This application has already been answered."))


def _review(application: Application, by: Membership) -> None:
    """Reviewers of the committee that answers, never of their own application. Raises PermissionDenied."""
    rules.require(by, Power.REVIEW_APPLICATIONS, in_committee=application.reviewed_in_id)
    rules.require_other(by, application.person_id)


def _locked(application: Application) -> Application:
    """The row as it is now, held until the transaction ends; refused where it is no longer waiting."""
    now = Application.objects.select_for_update(of=("self",)).select_related("committee__policy", "reviewed_in").get(pk=application.pk)
    if now.state not in WAITING:
        raise _answered()
    return now


@transaction.atomic
def ask(application: Application, text: str, *, language: str, by: Membership, at: datetime, form_key: UUID | None = None) -> None:
    """A reviewer asks the applicant something; they are told that a question waits."""
    _review(application, by)
    if form_key and ApplicationMessage.objects.filter(form_key=form_key).exists():
        return
    now = _locked(application)
    message = ApplicationMessage.objects.create(
        application=now, committee_id=now.reviewed_in_id, author=by, text=text, language=language, at=at, form_key=form_key
    )
    if now.state == State.PENDING:
        Application.objects.filter(pk=now.pk).update(state=State.INFO_REQUESTED)
        event(now, State.INFO_REQUESTED, Part.REVIEWER, at)
    ledger.record("application.asked", by=by.person, about=now, committee=now.committee, at=at)
    notices.post("membership/application_question", to=[now.person_id], about=now, version=message.pk, committee=now.committee, at=at)


@transaction.atomic
def note(application: Application, text: str, *, by: Membership, at: datetime, form_key: UUID | None = None) -> None:
    """A note that only reviewers read. Nobody is told."""
    _review(application, by)
    if form_key and ApplicationMessage.objects.filter(form_key=form_key).exists():
        return
    ApplicationMessage.objects.create(
        application=application, committee_id=application.reviewed_in_id, author=by, internal=True, text=text, at=at, form_key=form_key
    )


@transaction.atomic
def add_check(application: Application, kind: Check.Kind, *, by: Membership, at: datetime) -> None:
    """A reviewer has reason to believe that the applicant works there. One check by one member, whatever they press."""
    _review(application, by)
    now = _locked(application)
    Check.objects.get_or_create(application=now, by=by, defaults={"kind": kind, "at": at, "committee_id": now.reviewed_in_id})
    ledger.record("application.checked", by=by.person, about=now, committee=now.committee, at=at, detail={"kind": str(kind)})


@transaction.atomic
def admit(application: Application, *, by: Membership, at: datetime, text: str = "") -> Membership:
    """A reviewer lets an applicant in and they are told. Refused if another answered first or checks are missing.

    Someone who founds a committee is a full member at once and, until an election, one of its organizers; anyone else is
    a new member for as long as the policy says.
    """
    rules.require(by, Power.ADMIT_MEMBER, in_committee=application.reviewed_in_id)
    _review(application, by)
    now = _locked(application)
    if now.checks.count() < queries.checks_needed(now):
        raise Refused(_("More checks are needed before this person can be accepted."))
    Application.objects.filter(pk=now.pk).update(state=State.ADMITTED, decided_by=by, ended_at=at, reply_note=text)
    event(now, State.ADMITTED, Part.REVIEWER, at)
    membership = _enter(now, at)
    ledger.record("application.admitted", by=by.person, about=now, committee=now.committee, at=at)
    notices.post("membership/application_admitted", to=[now.person_id], about=now, committee=now.committee, at=at)
    register.admitted(membership, at=at)
    if membership.is_founder:
        _tell_founders(now, at)
    return membership


def _enter(application: Application, at: datetime) -> Membership:
    """The membership that an accepted application becomes."""
    policy = application.committee.policy
    founder = application.founding and application.committee.is_forming
    on_probation = not founder and policy.probation_days > 0
    handle = handles.free(application.handle, in_committee=application.committee_id)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                committee=application.committee,
                person_id=application.person_id,
                handle=handle,
                handle_key=skeleton(handle),
                shift=application.shift,
                standing=Standing.PROBATION if on_probation else Standing.MEMBER,
                is_founder=founder,
                joined_at=at,
                changed_at=at,
                probation_until=at + timedelta(days=policy.probation_days) if on_probation else None,
                attested_version=application.attested_version or 1,
            )
    except IntegrityError:
        raise Refused(_("This person belongs to the committee already, or their name was taken meanwhile. Ask them for another.")) from None
    if founder:
        RoleTerm.objects.create(committee=application.committee, membership=membership, role=Role.ORGANIZER, begins_at=at, interim=True)
    return membership


def _tell_founders(application: Application, at: datetime) -> None:
    """When the founding number is reached, the founders are told that they can hold their first meeting."""
    committee = application.committee
    verified = Membership.objects.present().filter(committee=committee, is_founder=True).count()
    if verified == committee.founding_number:
        notices.post("membership/founders_complete", about=committee, committee=committee, at=at)


@transaction.atomic
def decline(application: Application, code: Decline, *, by: Membership, at: datetime, text: str = "") -> None:
    """A reviewer says no, with a reason that helps no impostor; the applicant is told."""
    _end(application, State.DECLINED, by=by, at=at, decline_code=code, reply_note=text)
    notices.post("membership/application_declined", to=[application.person_id], about=application, committee=application.committee, at=at)


@transaction.atomic
def mark_spam(application: Application, *, by: Membership, at: datetime) -> None:
    """A reviewer puts rubbish aside. It still ends in a message, the same as a decline's."""
    _end(application, State.SPAM, by=by, at=at, decline_code=Decline.NOT_CONFIRMED, reply_note="")
    notices.post("membership/application_declined", to=[application.person_id], about=application, committee=application.committee, at=at)


def _end(application: Application, state: State, *, by: Membership, at: datetime, **fields: str) -> None:
    _review(application, by)
    if not Application.objects.waiting().filter(pk=application.pk).update(state=state, decided_by=by, ended_at=at, **fields):
        raise _answered()
    event(application, state, Part.REVIEWER, at)
    ledger.record(f"application.{state}", by=by.person, about=application, committee=application.committee, at=at)
