"""Writing a message to all members, trying it on oneself, and sending it once."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices import commands as notices
from committees.people.models import Person
from committees.resettling.chest import Chest
from committees.resettling.parts import language
from committees.resettling.register import Coming
from organizing.circulars import parcels, queries, rules
from organizing.circulars.models import Circular

KEPT_DAYS = 365
DRAFT_DAYS = 90


@transaction.atomic
def draft(subject: str, text: str, *, language: str, by: Membership, at: datetime, form_key: UUID | None = None) -> Circular:
    """Write a message down without sending it. The same form, posted again, changes the same draft."""
    membership.require(by, Power.SEND_MESSAGE, in_committee=by.committee_id)
    written = {"subject": subject, "text": text, "language": language}
    try:
        with transaction.atomic():
            return Circular.objects.create(committee_id=by.committee_id, by=by, changed_at=at, form_key=form_key, **written)
    except IntegrityError:
        made = Circular.objects.filter(form_key=form_key, committee_id=by.committee_id).first() if form_key else None
        if made is None:
            raise Refused(_("This form was used before. Open a new one.")) from None
        return save(made, **written, by=by, at=at) if made.is_draft else made


@transaction.atomic
def save(circular: Circular, subject: str, text: str, *, language: str, by: Membership, at: datetime) -> Circular:
    """Change a draft. Refused once it was sent: nobody rewrites what members have read."""
    membership.require(by, Power.SEND_MESSAGE, in_committee=circular.committee_id)
    changed = {"subject": subject, "text": text, "language": language, "by": by, "changed_at": at}
    if not Circular.objects.drafts().filter(pk=circular.pk).update(**changed):
        raise Refused(_("This message was sent or thrown away meanwhile."))
    return Circular.objects.select_related("committee").get(pk=circular.pk)


@transaction.atomic
def discard(circular: Circular, *, by: Membership) -> None:
    """Throw a draft away. Refused once it was sent."""
    membership.require(by, Power.SEND_MESSAGE, in_committee=circular.committee_id)
    deleted, _rows = Circular.objects.drafts().filter(pk=circular.pk).delete()
    if not deleted:
        raise Refused(_("This message was sent or thrown away meanwhile."))


@transaction.atomic
def send(circular: Circular, *, seen: datetime, by: Membership, at: datetime) -> Circular:
    """Send a draft to everyone in the committee, new members too; once, whoever presses how often.

    Refused if it was sent or thrown away already, if somebody changed it since `seen`, and beyond the committee's share
    (rules.MOST). The committee's row is held, so that the share is exact also for those who send at once.
    """
    membership.require(by, Power.SEND_MESSAGE, in_committee=circular.committee_id)
    committee = Committee.objects.select_for_update(no_key=True).get(pk=circular.committee_id)
    now = Circular.objects.select_for_update(of=("self",)).filter(pk=circular.pk).first()
    if now is None or not now.is_draft:
        raise Refused(_("This message was sent or thrown away meanwhile."))
    if now.changed_at != seen:
        raise Refused(_("Nothing was sent. Somebody has changed the message meanwhile: read it again."))
    rules.require_one_left(queries.lately_sent(committee.pk, at), at=at)
    now.by, now.sent_at, now.committee = by, at, committee
    now.save(update_fields=["by", "sent_at"])
    ledger.record("message.sent", by=by.person, about=now, committee=committee, at=at)
    notices.post(queries.SENT, about=now, committee=committee, at=at)
    return now


@transaction.atomic
def send_test(circular: Circular, *, by: Membership, at: datetime) -> None:
    """The notice of a draft, to its organizer alone, as openly as they get their mails; at most once a minute.

    Refused once it was sent.
    """
    membership.require(by, Power.SEND_MESSAGE, in_committee=circular.committee_id)
    if not Circular.objects.drafts().filter(pk=circular.pk).exists():
        raise Refused(_("This message was sent or thrown away meanwhile."))
    to = [by.person_id] if by.person_id else []
    notices.post("circulars/test", about=circular, to=to, committee=circular.committee, occasion=f"{by.pk}-{at:%Y%m%d%H%M}", at=at)


# -- What the retention table promises ---------------------------------------------------------------------------------


def erase_old(at: datetime) -> int:
    """Messages a year after they were sent, and drafts that nobody touched for ninety days."""
    sent, _rows = Circular.objects.filter(sent_at__lt=at - timedelta(days=KEPT_DAYS)).delete()
    begun, _rows = Circular.objects.drafts().filter(changed_at__lt=at - timedelta(days=DRAFT_DAYS)).delete()
    return sent + begun


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees become one: what was written to the one can be read in the other (bodies.register.on_uniting)."""
    Circular.objects.filter(committee=loser).update(committee=winner)


def forget(person: Person) -> None:
    """An account is erased: what it had begun to write. What it sent was the committee's word, and stays under nobody's name."""
    Circular.objects.drafts().filter(by__person=person).delete()


def unpack(coming: Coming, chest: Chest) -> None:
    """A committee comes from another server: what was written to all its members."""
    made = []
    for line in chest.rows(parcels.FILE):
        by = coming.member(line.number("by"))
        if by is None:
            raise line.wrong("by")
        at = min(line.instant("sent_at"), coming.at)
        made.append(
            Circular(
                committee=coming.committee,
                by=by,
                language=language(line, "language"),
                subject=line.text("subject", rules.LONGEST_SUBJECT, least=1),
                text=line.text("text", rules.LONGEST_TEXT, least=1),
                changed_at=at,
                sent_at=at,
            )
        )
    Circular.objects.bulk_create(made, batch_size=200)
