"""Writing a message to all members, trying it on oneself, and sending it once; to those of other committees too, when a second organizer
agrees (deeds.py)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from committees.alliance import rules as ties
from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.jointly import commands as jointly
from committees.jointly.models import Deed, JointAct
from committees.ledger import commands as ledger
from committees.membership import commands as members
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.moderation import commands as moderation
from committees.moderation.models import Review
from committees.notices import commands as notices
from committees.people.models import Person
from committees.resettling.chest import Chest
from committees.resettling.parts import language
from committees.resettling.register import Coming
from organizing.circulars import parcels, queries, rules
from organizing.circulars.models import Circular, Reach, State

KEPT_DAYS = 365
DRAFT_DAYS = 90


class Overtaken(Refused):
    """What one wrote was not kept, for the message was sent or changed meanwhile. `circular` is what it says now."""

    def __init__(self, circular: Circular) -> None:
        sent = _("This message was sent meanwhile, without what you have written here. Press the button again to keep yours as a new draft.")
        changed = _("Nothing was saved: this draft was changed meanwhile. Read what it says now; press the button again to put yours in its place.")
        super().__init__(changed if circular.is_draft else sent)
        self.circular = circular


def _says(circular: Circular, written: dict[str, str]) -> bool:
    return all(getattr(circular, name) == value for name, value in written.items())


def _require_free(circular: Circular) -> None:
    """What a second organizer is asked about stays as they read it."""
    if queries.proposed([circular]):
        raise Refused(_("Nothing was changed. This message waits for a second organizer, who reads it as it is. Drop the proposal first."))


def _require_reach(committee: Committee, reach: str) -> None:
    if reach == Reach.FURTHER and not ties.is_wide(committee):
        raise Refused(_("No other committee can belong to yours."), field="reach")


@transaction.atomic
def draft(subject: str, text: str, *, language: str, reach: str = Reach.OWN, by: Membership, at: datetime, form_key: UUID | None = None) -> Circular:
    """Write a message down without sending it. The same form, posted again, changes the same draft.

    Overtaken where that was sent meanwhile, or somebody else has written in it, and it says something else. Refused to go further
    than to one's own members where no other committee can belong.
    """
    membership.require(by, Power.SEND_MESSAGE, in_committee=by.committee_id)
    _require_reach(by.committee, reach)
    written = {"subject": subject, "text": text, "language": language, "reach": reach}
    try:
        with transaction.atomic():
            return Circular.objects.create(committee_id=by.committee_id, by=by, begun_by=by, changed_at=at, form_key=form_key, **written)
    except IntegrityError:
        mine = Circular.objects.select_related("committee").filter(form_key=form_key, committee_id=by.committee_id)
        made = mine.first() if form_key else None
        if made is None:
            raise Refused(_("This form was used before. Open a new one.")) from None
        if _says(made, written):
            return made
        if not made.is_draft or made.by_id != by.pk:
            raise Overtaken(made) from None
        return save(made, **written, seen=made.changed_at, by=by, at=at)


@transaction.atomic
def save(circular: Circular, subject: str, text: str, *, language: str, reach: str = Reach.OWN, seen: datetime, by: Membership, at: datetime) -> Circular:
    """Change a draft. Overtaken once it was sent, for nobody rewrites what members have read, and where somebody changed it since
    `seen`; pressed twice it is changed once. Refused where it was thrown away, and while a second organizer is asked about it."""
    membership.require(by, Power.SEND_MESSAGE, in_committee=circular.committee_id)
    _require_reach(by.committee, reach)
    now = Circular.objects.select_for_update(of=("self",)).select_related("committee").filter(pk=circular.pk).first()
    if now is None:
        raise Refused(_("This message was sent or thrown away meanwhile."))
    written = {"subject": subject, "text": text, "language": language, "reach": reach}
    if not now.is_draft or (now.changed_at != seen and not _says(now, written)):
        raise Overtaken(now)
    _require_free(now)
    Circular.objects.filter(pk=now.pk).update(**written, by=by, changed_at=at)
    return Circular.objects.select_related("committee").get(pk=now.pk)


@transaction.atomic
def discard(circular: Circular, *, by: Membership) -> None:
    """Throw a draft away. Refused once it was sent, and while a second organizer is asked about it."""
    membership.require(by, Power.SEND_MESSAGE, in_committee=circular.committee_id)
    now = Circular.objects.drafts().select_for_update(of=("self",)).filter(pk=circular.pk).first()
    if now is None:
        raise Refused(_("This message was sent or thrown away meanwhile."))
    _require_free(now)
    now.delete()


def _as_seen(circular: Circular, *, seen: datetime, reach: Reach) -> tuple[Committee, Circular]:
    """The committee and the draft, both held until the transaction ends. Refused where it is no longer what one read."""
    committee = Committee.objects.select_for_update(no_key=True).get(pk=circular.committee_id)
    now = Circular.objects.select_for_update(of=("self",)).filter(pk=circular.pk).first()
    if now is None or not now.is_draft:
        raise Refused(_("This message was sent or thrown away meanwhile."))
    if now.changed_at != seen or now.reach != reach:
        raise Refused(_("Nothing was sent. Somebody has changed the message meanwhile: read it again."))
    now.committee = committee
    return committee, now


@transaction.atomic
def send(circular: Circular, *, seen: datetime, by: Membership, at: datetime) -> Circular:
    """Send a draft to everyone in the committee, new members too; once, whoever presses how often.

    Refused if it was sent or thrown away already, if somebody changed it since `seen`, and beyond the committee's share
    (rules.SHARES). A committee that rested wakes. The committee's row is held, so that the share is exact also for those who send at once.
    """
    membership.require(by, Power.SEND_MESSAGE, in_committee=circular.committee_id)
    committee, now = _as_seen(circular, seen=seen, reach=Reach.OWN)
    rules.require_one_left(queries.lately_sent(committee.pk, Reach.OWN, at), Reach.OWN, at=at)
    now.by, now.sent_at = by, at
    now.save(update_fields=["by", "sent_at"])
    ledger.record("message.sent", by=by.person, about=now, committee=committee, at=at)
    members.stir(committee, by=by.person, at=at)
    notices.post(queries.SENT, about=now, committee=committee, at=at)
    return now


@transaction.atomic
def propose(circular: Circular, *, seen: datetime, by: Membership, at: datetime) -> JointAct:
    """An organizer proposes to send a draft to the members of all committees that belong here; a second one reads it and agrees. From now on
    until they do, or the proposal ends, nobody changes it.

    Refused if somebody changed it since `seen`, where no committee belongs here, beyond the committee's share (rules.SHARES), while
    another one waits (so that what is agreed to can leave), and where nobody could agree.
    """
    membership.require(by, Power.SEND_MESSAGE, in_committee=circular.committee_id)
    committee, now = _as_seen(circular, seen=seen, reach=Reach.FURTHER)
    if not queries.anybody_belongs(committee.pk):
        raise Refused(_("Nothing was sent. No committee belongs to yours: choose your own members."))
    rules.require_one_left(queries.lately_sent(committee.pk, Reach.FURTHER, at), Reach.FURTHER, at=at)
    if queries.another_waits(now) and not queries.proposed([now]):
        raise Refused(_("Another message waits for a second organizer. This one can be proposed when that one is sent or dropped."))
    Circular.objects.filter(pk=now.pk).update(by=by)  # whoever proposes it stands for it: it goes when they do, and not with whoever wrote it
    return jointly.propose_about(now, Deed.MESSAGE, by=by, at=at)


@transaction.atomic
def send_further(act: JointAct, at: datetime) -> None:
    """What two organizers agreed to goes to everybody in the committee and in all that belong to it at this moment, each person once.

    Refused if it is no draft any more, where no committee belongs here now, and beyond the committee's share. The ledger is written
    first: until the transaction ends nobody else writes into the committee's, so that the share is exact also for those who agree at once.
    """
    now = Circular.objects.select_for_update(of=("self",)).select_related("committee").filter(pk=act.row_id or 0, committee_id=act.committee_id).first()
    if now is None or not now.is_draft or not now.goes_further:
        raise Refused(_("This message was sent or thrown away meanwhile."))
    if not queries.anybody_belongs(now.committee_id):
        raise Refused(_("Nothing was sent. No committee belongs to yours: choose your own members."))
    ledger.record("message.sent_further", by=act.proposed_by.person, about=now, committee=now.committee, at=at)
    rules.require_one_left(queries.lately_sent(now.committee_id, Reach.FURTHER, at), Reach.FURTHER, at=at)
    now.by, now.agreed_by, now.sent_at = act.proposed_by, act.agreed_by, at
    now.save(update_fields=["by", "agreed_by", "sent_at"])
    members.stir(now.committee, by=act.proposed_by.person, at=at)
    notices.post(queries.FURTHER, about=now, at=at)  # for members of many committees: in an inbox it stands for whoever may read it


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


# -- What moderators decide about a message (moderated.py) ------------------------------------------------------------------


@transaction.atomic
def hide(circular: Circular, *, at: datetime, by_flags: bool = False) -> None:
    """Members no longer read what was sent. By a moderator: what was told about it and is not sent yet is not sent. By flags alone
    it is told all the same, without its words, so that nobody keeps a message from the others by flagging it. Refused twice."""
    to = State.HIDDEN_BY_FLAGS if by_flags else State.HIDDEN_BY_MODERATOR
    seen = [State.SHOWN] if by_flags else [State.SHOWN, State.HIDDEN_BY_FLAGS]
    if not Circular.objects.sent().filter(pk=circular.pk, state__in=seen).update(state=to):
        raise Refused(_("This has already been done."))
    if not by_flags:
        notices.supersede(circular, kinds=[queries.SENT, queries.FURTHER])


@transaction.atomic
def restore(circular: Circular, *, at: datetime) -> None:
    """Members read it again; nobody is told anew. Refused if it is not hidden."""
    if not Circular.objects.filter(pk=circular.pk).exclude(state=State.SHOWN).update(state=State.SHOWN):
        raise Refused(_("This has already been done."))


# -- What the retention table promises ---------------------------------------------------------------------------------


def erase_old(at: datetime) -> int:
    """Messages a year after they were sent, and drafts that nobody touched for ninety days, unless a second organizer is asked about one."""
    old = Circular.objects.filter(sent_at__lt=at - timedelta(days=KEPT_DAYS))
    for circular in old.filter(pk__in=Review.objects.open().filter(matter=Circular._meta.label_lower).values("row_id")):
        moderation.drop(circular, at=at)
    sent, _rows = old.delete()
    waiting = JointAct.objects.open().filter(matter=Circular._meta.label_lower).values("row_id")
    begun, _rows = Circular.objects.drafts().filter(changed_at__lt=at - timedelta(days=DRAFT_DAYS)).exclude(pk__in=waiting).delete()
    return sent + begun


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees become one: what was written to the one can be read in the other (bodies.register.on_uniting)."""
    Circular.objects.filter(committee=loser).update(committee=winner)


def forget(person: Person) -> None:
    """An account is erased: what it had begun to write. A draft that a colleague began, and it wrote in last, is theirs again. What it
    sent was the committee's word, and stays under nobody's name."""
    begun = Circular.objects.drafts().filter(by__person=person)
    theirs = begun.filter(begun_by__person__isnull=False).exclude(begun_by__person=person)
    theirs.update(by=F("begun_by"))
    begun.delete()


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
