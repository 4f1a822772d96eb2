"""What reviewers do with an application. They answer once: the second of two sees the first's answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies import commands as bodies
from committees.bodies.models import Committee
from committees.ledger import commands as ledger
from committees.membership import queries, register, rules
from committees.membership.applications import WAITING, Application, ApplicationEvent, ApplicationMessage, Check, Decline, Recusal, State
from committees.membership.commands import moving
from committees.membership.commands.applying import event
from committees.membership.commands.emptying import dissolve_if_empty
from committees.membership.commands.entering import let_in
from committees.membership.models import Membership
from committees.membership.moves import Leaving
from committees.membership.roles import Power
from committees.notices import commands as notices

Part = ApplicationEvent.Part


def _answered() -> Refused:
    return Refused(_("This application has already been answered."))


def _review(application: Application, by: Membership, power: Power = Power.REVIEW_APPLICATIONS) -> None:
    """Reviewers of the committee that answers, never of their own application nor of one they stay out of. PermissionDenied."""
    rules.require(by, power, in_committee=application.reviewed_in_id)
    rules.require_other(by, application.person_id)
    rules.require_involved(recused=application.recusals.filter(by=by).exists())


def _locked(application: Application) -> Application:
    """The row as it is now, held until the transaction ends; refused where it is no longer waiting."""
    now = Application.objects.select_for_update(of=("self",)).select_related("committee__policy", "reviewed_in").get(pk=application.pk)
    if now.state not in WAITING:
        raise _answered()
    return now


@transaction.atomic
def ask(application: Application, text: str, *, language: str, phrase: str = "", by: Membership, at: datetime, form_key: UUID | None = None) -> None:
    """A reviewer asks the applicant something, in their own words, by a question that is ready in every language (`phrase`), or both;
    the applicant is told that a question waits. Refused where neither is there. ValueError for a phrase that is not ready."""
    _review(application, by)
    if not text and not phrase:
        raise Refused(_("Write a question, or choose one that is ready."), field="text")
    ready = ApplicationMessage.Phrase(phrase) if phrase else ""
    now = _locked(application)
    if form_key and ApplicationMessage.objects.filter(form_key=form_key).exists():
        return
    message = ApplicationMessage.objects.create(
        application=now, committee_id=now.reviewed_in_id, author=by, phrase=ready, text=text, language=language, at=at, form_key=form_key
    )
    if now.state == State.PENDING:
        Application.objects.filter(pk=now.pk).update(state=State.INFO_REQUESTED)
        event(now, State.INFO_REQUESTED, Part.REVIEWER, at)
    ledger.record("application.asked", by=by.person, about=now, committee=now.committee, at=at)
    notices.post("membership/application_question", to=[now.person_id], about=now, version=message.pk, committee=now.committee, at=at)


@transaction.atomic
def note(application: Application, text: str, *, by: Membership, at: datetime, form_key: UUID | None = None) -> None:
    """A note that only reviewers read. Nobody is told. Refused once the application is answered."""
    _review(application, by)
    now = _locked(application)
    if form_key and ApplicationMessage.objects.filter(form_key=form_key).exists():
        return
    ApplicationMessage.objects.create(application=now, committee_id=now.reviewed_in_id, author=by, internal=True, text=text, at=at, form_key=form_key)
    ledger.record("application.noted", by=by.person, about=now, committee=now.committee, at=at)


@transaction.atomic
def add_check(application: Application, kind: Check.Kind, *, by: Membership, at: datetime) -> None:
    """A reviewer has reason to believe that the applicant works there. One check by one member, whatever they press. Refused to a
    reviewer for whom somebody has to vouch first."""
    _review(application, by)
    rules.require_word(by)
    now = _locked(application)
    if kind in (Check.Kind.CODE, Check.Kind.INVITED):
        raise Refused(_("A code is typed by the applicant, and an invitation is used by them."))
    _check, made = Check.objects.get_or_create(application=now, by=by, defaults={"kind": kind, "at": at, "committee_id": by.committee_id})
    if made:
        ledger.record("application.checked", by=by.person, about=now, committee=now.committee, at=at, detail={"kind": str(kind)})


@transaction.atomic
def recuse(application: Application, *, by: Membership, at: datetime) -> None:
    """A reviewer stays out of one application, which leaves their queue for good. Refused where nobody else could answer.

    Where they were the last reviewer, the wider committee takes it over within a minute (`hand_over`).
    """
    _review(application, by)
    now = _locked(application)
    if now.reviewed_in.verified_by_id is None and not queries.able_reviewers(now).exclude(pk=by.pk).exists():
        raise Refused(_("Nobody else could answer this application."))
    _recusal, made = Recusal.objects.get_or_create(application=now, by=by, defaults={"committee_id": by.committee_id, "at": at})
    if made:
        ledger.record("application.recused", by=by.person, about=now, committee=now.committee, at=at)


@transaction.atomic
def admit(application: Application, *, by: Membership, at: datetime, text: str = "") -> Membership:
    """A reviewer lets an applicant in and they are told. Refused if another answered first, if checks are missing, if
    nobody's but that of a reviewer in question would stand behind it, or if their handle became another's meanwhile. Whoever moved here, and chose so, leaves the committee they came from. When the last founder that was needed is in, all founders are told."""
    _review(application, by, Power.ADMIT_MEMBER)
    bodies.hold(application.committee_id)  # before the application's row, as where a committee closes
    now = _locked(application)
    now.committee = Committee.objects.select_related("policy").select_for_update(of=("self",), no_key=True).get(pk=now.committee_id)
    checks = now.checks.that_count().count()
    if checks < queries.checks_needed(now):
        raise Refused(_("More checks are needed before this person can be accepted."))
    if not checks:
        rules.require_word(by)
    Application.objects.filter(pk=now.pk).update(state=State.ADMITTED, decided_by=by, ended_at=at, reply_note=text)
    event(now, State.ADMITTED, Part.REVIEWER, at)
    membership = let_in(now, at=at)
    moving.hold_logs(now, Leaving.WHEN_ACCEPTED)
    ledger.record("application.admitted", by=by.person, about=now, committee=now.committee, at=at)
    notices.post("membership/application_admitted", to=[now.person_id], about=now, committee=now.committee, at=at)
    register.admitted(membership, at=at)
    moving.arrive(now, at=at)
    if membership.is_founder and queries.founding(now.committee).is_complete:
        notices.post("membership/founders_complete", about=now.committee, committee=now.committee, at=at)
    return membership


@transaction.atomic
def decline(application: Application, code: Decline, *, by: Membership, at: datetime, text: str = "") -> None:
    """A reviewer says no, with a reason that helps no impostor; the applicant is told."""
    _end(application, State.DECLINED, by=by, at=at, decline_code=code, reply_note=text)


@transaction.atomic
def mark_spam(application: Application, *, by: Membership, at: datetime) -> None:
    """A reviewer puts rubbish aside. It still ends in a message, the same as a decline's."""
    _end(application, State.SPAM, by=by, at=at, decline_code=Decline.NOT_CONFIRMED, reply_note="")


def _end(application: Application, state: State, *, by: Membership, at: datetime, **fields: str) -> None:
    _review(application, by, Power.ADMIT_MEMBER)
    if not Application.objects.waiting().filter(pk=application.pk).update(state=state, decided_by=by, ended_at=at, **fields):
        raise _answered()
    event(application, state, Part.REVIEWER, at)
    ledger.record(f"application.{state}", by=by.person, about=application, committee=application.committee, at=at)
    notices.post("membership/application_declined", to=[application.person_id], about=application, committee=application.committee, at=at)
    dissolve_if_empty(application.committee, at=at)
