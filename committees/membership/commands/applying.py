"""What someone does who wants to join. What is only begun is nobody's business yet, and the ledger does not learn of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies import commands as bodies
from committees.bodies.models import Committee, Life, Scope, Visibility
from committees.directory.models import Workplace
from committees.ledger import commands as ledger
from committees.membership import handles, queries, rules
from committees.membership.applications import OPEN, WAITING, Application, ApplicationEvent, ApplicationMessage, State
from committees.membership.commands import inviting, moving
from committees.membership.commands.emptying import dissolve_if_empty
from committees.membership.invitations import Invitation
from committees.membership.models import Membership
from committees.membership.moves import Leaving
from committees.membership.roles import COMES_BACK, Power
from committees.notices import commands as notices
from committees.people.models import Person

Part = ApplicationEvent.Part
FIELDS = frozenset({"shift", "handle", "why", "answers", "attested_version"})


def own(application: Application, by: Person) -> None:
    """An application is its applicant's alone. Raises PermissionDenied."""
    if application.person_id != by.pk:
        raise PermissionDenied


def event(application: Application, state: str, part: str, at: datetime) -> None:
    """One line of the history that the applicant reads."""
    ApplicationEvent.objects.create(application=application, state=state, part=part, at=at)


@transaction.atomic
def begin(committee: Committee, *, by: Person, at: datetime, invitation: Invitation | None = None) -> Application:
    """Open an application, or find the open one again. Refused for members, and before a declined one may apply anew.

    By an invitation that is open one reaches a committee that only its link leads to. What is begun keeps the invitation by
    which one came last; what is sent, the one by which it was sent.
    """
    if invitation is not None:
        inviting.require_open(invitation, to=committee, at=at)
    elif not Committee.objects.visible_to(by).filter(pk=committee.pk).exists():
        raise PermissionDenied
    if Membership.objects.filter(committee=committee, person=by).exclude(standing__in=COMES_BACK).exists():
        raise Refused(_("You already belong to this committee."))
    if found := Application.objects.open().filter(committee=committee, person=by).first():
        return _under(invitation, found)
    again = queries.may_apply_from(committee, by)
    if again is not None and again > at:
        raise Refused(_("You can apply again from %(day)s on.") % {"day": date_format(again.date(), "DATE_FORMAT")})
    answers_in, founding = queries.who_answers(committee, by)
    try:
        with transaction.atomic():
            return Application.objects.create(
                committee=committee,
                reviewed_in_id=answers_in,
                person=by,
                founding=founding,
                invitation=invitation,
                answers=[{"question": question, "answer": ""} for question in committee.policy.questions],
                started_at=at,
            )
    except IntegrityError:
        begun = Application.objects.open().filter(committee=committee, person=by).first()
        if begun is None:
            raise Refused(_("You have another application to found a committee. End that one first.")) from None
        return _under(invitation, begun)


def _under(invitation: Invitation | None, begun: Application) -> Application:
    """What was begun before the link was opened, and is not sent yet, goes on under the invitation."""
    if invitation is not None and Application.objects.filter(pk=begun.pk, state=State.STARTED).update(invitation=invitation):
        begun.invitation = invitation
    return begun


@transaction.atomic
def start_committee(workplace: Workplace, *, name: str, languages: list[str], by: Person, at: datetime, form_key: UUID | None = None) -> Application:
    """Found the committee of a workplace and open the founder's own application, which the wider committee answers."""
    committee = bodies.found(workplace, name=name, languages=languages, by=by, at=at, form_key=form_key)
    return begin(committee, by=by, at=at)


@transaction.atomic
def start_wider(scope: Scope, *, name: str, region: str = "", by: Membership, at: datetime, form_key: UUID | None = None) -> Application:
    """An organizer starts a wider committee for their own one's employer, industry, country or a region of it (by its key), and
    applies to it as its first founder.

    Refused while their own committee is forming, for somebody whose account is gone, and as `found_wider` says.
    """
    rules.require(by, Power.AFFILIATE, in_committee=by.committee_id)
    if by.committee.is_forming:
        raise Refused(_("Hold your first meeting, then you can start a wider committee."))
    person = by.person
    if person is None:
        raise PermissionDenied
    beside = Committee.objects.select_related("workplace__employer__industry", "employer__industry", "industry").get(pk=by.committee_id)
    return begin(bodies.found_wider(scope, name=name, beside=beside, region=region, by=person, at=at, form_key=form_key), by=person, at=at)


@transaction.atomic
def save_answers(application: Application, *, by: Person, **fields: Any) -> Application:
    """Keep what was answered so far. Refused for a handle that someone here uses or could be taken for, and once it is sent;
    only the handle can be changed until there is an answer, for another may have got it meanwhile."""
    own(application, by)
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"not part of an application: {unknown}")
    if "handle" in fields:
        fields["handle"] = handles.free(fields["handle"], in_committee=application.committee_id, person=by)
    states = OPEN if fields.keys() == {"handle"} else {State.STARTED}
    if not Application.objects.filter(pk=application.pk, state__in=states).update(**fields):
        raise Refused(_("Your application is already with the organizers."))
    application.refresh_from_db()
    return application


@transaction.atomic
def apply(application: Application, *, by: Person, at: datetime, without_invitation: bool = False) -> Application:
    """Send the application to the reviewers, who are told. Sent twice, it arrives once. Refused while an answer is missing, and where
    the committee is no more: what a committee ends as it closes, it has ended by then.

    It uses the invitation by which it was begun. Where that is not open any more, InvitationGone: the applicant may send it
    without (`without_invitation`), but only to a committee that one finds without a link.
    """
    own(application, by)
    bodies.hold(application.committee_id)  # before the application's row, as where a committee closes
    found = Application.objects.select_for_update(of=("self",)).select_related("committee__policy").filter(pk=application.pk).first()
    if found is None or found.committee.life == Life.DISSOLVED:
        raise Refused(_("This committee is no longer there."))
    application = found
    if application.state in WAITING:
        return application
    if application.state not in OPEN:
        raise Refused(_("This application has ended. You can begin a new one."))
    if not application.is_complete:
        raise Refused(_("Some answers are still missing."))
    handles.free(application.handle, in_committee=application.committee_id, person=by)
    # The committee may have come of age, or lost its reviewers, since this was begun.
    answers_in, founding = queries.who_answers(application.committee, by)
    if without_invitation and application.invitation_id and application.committee.visibility != Visibility.LISTED:
        raise inviting.gone()
    used = None if without_invitation else inviting.spend(application, at=at)
    sent = {"state": State.PENDING, "sent_at": at, "reviewed_in_id": answers_in, "founding": founding, "invitation": used}
    Application.objects.filter(pk=application.pk).update(**sent)
    application.refresh_from_db()
    event(application, State.PENDING, Part.APPLICANT, at)
    moving.hold_logs(application, Leaving.NOW)
    ledger.record("application.sent", by=by, about=application, committee=application.committee, at=at, detail={"invitation": used.slug} if used else None)
    moving.set_out(application, at=at)
    if used:
        inviting.check_by(used, application, at=at)
    notices.post("membership/application_received", about=application, committee=application.reviewed_in, at=at)
    return application


@transaction.atomic
def reply(application: Application, text: str, *, language: str, by: Person, at: datetime, form_key: UUID | None = None) -> None:
    """The applicant writes to the reviewers, who are told; a question that was open is answered by it."""
    own(application, by)
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if form_key and ApplicationMessage.objects.filter(form_key=form_key).exists():
        return
    if locked.state not in WAITING:
        raise Refused(_("This application has ended. Nobody would read your message."))
    message = ApplicationMessage.objects.create(application=locked, committee_id=locked.reviewed_in_id, text=text, language=language, at=at, form_key=form_key)
    if locked.state == State.INFO_REQUESTED:
        Application.objects.filter(pk=locked.pk).update(state=State.PENDING)
        event(locked, State.PENDING, Part.APPLICANT, at)
    ledger.record("application.replied", by=by, about=locked, committee=locked.committee, at=at)
    notices.post("membership/application_answered", about=locked, version=message.pk, committee=locked.reviewed_in, at=at)


@transaction.atomic
def withdraw(application: Application, *, by: Person, at: datetime) -> None:
    """The applicant takes it back. Refused if it was answered in the same moment."""
    own(application, by)
    was_sent = application.sent_at is not None
    if not Application.objects.open().filter(pk=application.pk).update(state=State.WITHDRAWN, ended_at=at):
        raise Refused(_("This application has already been answered."))
    event(application, State.WITHDRAWN, Part.APPLICANT, at)
    if was_sent:
        ledger.record("application.withdrawn", by=by, about=application, committee=application.committee, at=at)
        notices.post("membership/application_withdrawn", about=application, committee=application.reviewed_in, at=at)
    dissolve_if_empty(application.committee, at=at)
