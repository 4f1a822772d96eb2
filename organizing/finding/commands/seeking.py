"""Looking for a time: proposing some, answering, adding one, taking one, ending it without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as day_of
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.ledger import commands as ledger
from committees.membership import commands as belonging
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices import commands as notices
from committees.people.models import Person
from organizing.finding import queries, rules
from organizing.finding.models import Poll, Reply, Slot, State, Word
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.meetings.plans import Plan, When, Words

#: So long after it ended, who can come when is erased; and the rest.
ANSWER_DAYS, POLL_DAYS = 30, 180


@transaction.atomic
def propose(subject: str, times: Sequence[When], *, ends_at: datetime, question: str = "", by: Membership, at: datetime, form_key: UUID | None = None) -> Poll:
    """Ask the members which of some times suit them; each is told once. The same form, posted again, gives the same poll.

    The times have one zone and one length. Refused as `rules.require_times` says.
    """
    membership.require(by, Power.CALL_MEETING, in_committee=by.committee_id)
    made = _made(form_key, by)
    if made:
        return made
    found = rules.require_times(times, ends_at=ends_at, at=at)
    first = found[0]
    words = {"subject": subject, "question": question, "zone": first.zone, "minutes": first.minutes}
    try:
        with transaction.atomic():
            poll = Poll.objects.create(committee_id=by.committee_id, by=by, begun_at=at, ends_at=ends_at, form_key=form_key, **words)
    except IntegrityError:
        made = _made(form_key, by)
        if made is None:
            raise Refused(_("This form was used before. Open a new one.")) from None
        return made
    Slot.objects.bulk_create(_slot(poll, when, at) for when in found)
    ledger.record("poll.begun", by=by.person, about=poll, committee=by.committee, at=at)
    belonging.stir(by.committee, by=by.person, at=at)
    notices.post("finding/asked", about=poll, committee=by.committee, at=at, useful_until=ends_at)
    notices.post("finding/choose", about=poll, committee=by.committee, at=at, due_at=ends_at, useful_until=found[-1].starts_at)
    return poll


def _made(form_key: UUID | None, by: Membership) -> Poll | None:
    return Poll.objects.select_related("committee").filter(form_key=form_key, committee_id=by.committee_id).first() if form_key else None


def _slot(poll: Poll, when: When, at: datetime) -> Slot:
    return Slot(committee_id=poll.committee_id, poll=poll, day=when.day, clock=when.clock, starts_at=when.starts_at, added_at=at)


def _locked(poll: Poll) -> Poll:
    """The row as it is now, held until the transaction ends: of two who end it at once, the second sees the first's work."""
    return Poll.objects.select_related("committee").select_for_update(of=("self",)).get(pk=poll.pk)


@transaction.atomic
def answer(poll: Poll, words: Mapping[str, str], *, by: Membership, at: datetime) -> None:
    """Say about each time (by its slug) whether it works; what was said before is replaced. Refused once answering has ended, and where
    a time came in meanwhile that the answer does not name."""
    membership.require(by, Power.SEE_PLACE, in_committee=poll.committee_id)
    now = _locked(poll)
    rules.require_answerable(now, at=at)
    slots = {slot.slug: slot for slot in now.slots.all()}
    if slots.keys() != words.keys():
        raise Refused(_("A time was added meanwhile. Answer for that one too, then save again."))
    Reply.objects.bulk_create(
        (Reply(committee_id=now.committee_id, slot=slots[slug], membership=by, word=Word(word), at=at) for slug, word in words.items()),
        update_conflicts=True,
        unique_fields=["slot", "membership"],
        update_fields=["word", "at"],
    )


@transaction.atomic
def add_time(poll: Poll, day: day_of, clock: time, *, by: Membership, at: datetime) -> Slot:
    """One more time, in the zone and of the length of the others. Those who have answered are told, and asked about this one alone; all
    others find it among the rest. Refused once answering has ended, for a thirteenth, one that is there, and one before the end."""
    membership.require(by, Power.CALL_MEETING, in_committee=poll.committee_id)
    now = _locked(poll)
    rules.require_answerable(now, at=at)
    when = When(day, clock, now.zone, now.minutes)
    there = [slot.starts_at for slot in now.slots.all()]
    if when.starts_at in there:
        raise Refused(_("This time is proposed already."), field="clock")
    if len(there) >= rules.MOST:
        raise Refused(_("Twelve times are the most."), field="day")
    if when.starts_at <= now.ends_at:
        raise Refused(_("People answer until after this time. Choose a later one."), field="day")
    slot = _slot(now, when, at)
    slot.save(force_insert=True)
    ledger.record("poll.time_added", by=by.person, about=now, committee=now.committee, at=at)
    notices.post("finding/time_added", about=now, committee=now.committee, occasion=str(slot.pk), at=at, useful_until=now.ends_at)
    return slot


@transaction.atomic
def take(slot: Slot, *, by: Membership, at: datetime) -> Meeting:
    """One of the times becomes the draft of a meeting, and nobody answers any more; people hear of it when the meeting is called. Where that
    draft was thrown away, a time can be taken anew.

    Pressed twice by the same organizer it is the same draft. Refused where another organizer was first, and for a time that has passed.
    """
    membership.require(by, Power.CALL_MEETING, in_committee=slot.committee_id)
    poll = _locked(slot.poll)
    if poll.is_taken and poll.taken_id == slot.pk and poll.ended_by_id == by.pk and poll.meeting:
        return poll.meeting
    rules.require_takable(poll)
    if slot.starts_at <= at:
        raise Refused(_("This time has passed. Choose a later one."))
    words = Words(str(poll.subject), languages=tuple(poll.committee.languages))
    draft = meetings.draft(Plan(words, poll.zone, poll.minutes, slot.day, slot.clock), by=by, at=at)
    Poll.objects.filter(pk=poll.pk).update(state=State.TAKEN, taken=slot, meeting=draft, ended_by=by, ended_at=at)
    notices.supersede(poll)
    ledger.record("poll.taken", by=by.person, about=poll, committee=poll.committee, at=at)
    return draft


@transaction.atomic
def close(poll: Poll, *, by: Membership, at: datetime) -> None:
    """End it without a time; those who answered are told. Refused once it is over."""
    _end(poll, State.CLOSED, by=by, at=at)


@transaction.atomic
def withdraw(poll: Poll, *, by: Membership, at: datetime) -> None:
    """Take it back: the answers are erased, and those who gave one are told. Refused once it is over."""
    _end(poll, State.WITHDRAWN, by=by, at=at)
    Reply.objects.filter(slot__poll=poll).delete()


def _end(poll: Poll, state: State, *, by: Membership, at: datetime) -> None:
    membership.require(by, Power.CALL_MEETING, in_committee=poll.committee_id)
    now = _locked(poll)
    rules.require_open(now)
    told = [pk for pk in queries.answered(now).values_list("person_id", flat=True) if pk]
    Poll.objects.filter(pk=now.pk).update(state=state, ended_by=by, ended_at=at)
    notices.supersede(now)
    ledger.record(f"poll.{state}", by=by.person, about=now, committee=now.committee, at=at)
    notices.post("finding/ended", about=now, to=told, committee=now.committee, version=2, at=at)


# -- What follows from the clock -------------------------------------------------------------------------------------------


@transaction.atomic
def remind_due(at: datetime) -> int:
    """Remind once of each poll that ends within 24 hours and was begun before that. Returns how many. Called every minute; whoever has
    answered is left out at sending."""
    near = Poll.objects.answerable(at).filter(ends_at__lte=at + rules.REMIND_BEFORE, reminded_at=None)
    due = near.select_related("committee").select_for_update(of=("self",), skip_locked=True).order_by("ends_at", "pk")
    return sum(_remind(poll, at) for poll in due)


def _remind(poll: Poll, at: datetime) -> bool:
    Poll.objects.filter(pk=poll.pk).update(reminded_at=at)
    due_at = poll.ends_at - rules.REMIND_BEFORE
    if poll.begun_at >= due_at:
        return False  # being asked was the reminder
    notices.post("finding/reminder", about=poll, committee=poll.committee, at=at, due_at=due_at, useful_until=poll.ends_at)
    return True


# -- What rooms below ask for ---------------------------------------------------------------------------------------------


@transaction.atomic
def call_off(committee: Committee, by: int, at: datetime) -> None:
    """What is open ends, for the committee closes; that is told, and nothing of this (bodies.register)."""
    open_ones = Poll.objects.open().filter(committee=committee).select_for_update(of=("self",)).order_by("pk")
    for poll in open_ones:
        Poll.objects.filter(pk=poll.pk).update(state=State.CLOSED, ended_by=by, ended_at=at)
        notices.supersede(poll)


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees become one: whoever was in either can answer what the other asks (bodies.register.on_uniting)."""
    for model in (Poll, Slot, Reply):
        model._default_manager.filter(committee=loser).update(committee=winner)


def leave_out(member: Membership, at: datetime) -> None:
    """Somebody belongs no more: when they could have come is nobody's business (membership.register.on_ending)."""
    Reply.objects.filter(membership=member).delete()


def forget(person: Person) -> None:
    """An account is erased: its answers. What it proposed was the organizers' word, and stays under nobody's name."""
    Reply.objects.filter(membership__person=person).delete()


def erase_answers(at: datetime) -> int:
    """Who can come when, thirty days after answering ended."""
    deleted, _rows = Reply.objects.filter(slot__poll__ends_at__lt=at - timedelta(days=ANSWER_DAYS)).delete()
    return deleted


def erase_old(at: datetime) -> int:
    """Polls half a year after answering ended."""
    deleted, _rows = Poll.objects.filter(ends_at__lt=at - timedelta(days=POLL_DAYS)).delete()
    return deleted
