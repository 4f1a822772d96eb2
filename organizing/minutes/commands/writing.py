"""Writing minutes beside the agenda, having another organizer approve them, correcting them as a further version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.base.text import skeleton
from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices import commands as notices
from organizing.meetings.models import Meeting
from organizing.minutes import queries, rules
from organizing.minutes.commands import telling
from organizing.minutes.models import Item, Minutes, Remark, State, Taker
from organizing.minutes.words import Todo, Words


class Overtaken(Refused):
    """What one wrote was not kept, for the minutes were approved or changed meanwhile. `minutes` is what they say now."""

    def __init__(self, minutes: Minutes) -> None:
        changed = _(
            "Nothing was saved: somebody else has written in these minutes meanwhile. Read what they say now; press the button again to put yours in its place."
        )
        approved = _("Nothing was saved: these minutes were approved meanwhile. Copy what you have written, and correct them.")
        super().__init__(changed if minutes.is_draft else approved)
        self.minutes = minutes


def _taker_id(meeting: Meeting) -> int | None:
    return Taker.objects.filter(meeting=meeting).values_list("member_id", flat=True).first()


def _require_writer(meeting: Meeting, by: Membership) -> None:
    rules.require_writer(by, committee_id=meeting.committee_id, taker_id=_taker_id(meeting))


def _agenda(meeting: Meeting) -> list[dict[str, Any]]:
    return [{"subject": point.subject, "visibility": point.visibility, "text": ""} for point in meeting.agenda.all()]


def _locked(minutes: Minutes) -> Minutes:
    """The row as it is now, held until the transaction ends. Refused where somebody threw it away."""
    now = Minutes.objects.select_for_update(of=("self",)).select_related("committee", "meeting").filter(pk=minutes.pk).first()
    if now is None:
        raise Refused(_("This draft was thrown away meanwhile."))
    return now


def _as_seen(minutes: Minutes, *, seen: datetime) -> Minutes:
    """The draft, held, and as one read it."""
    now = _locked(minutes)
    if not now.is_draft:
        raise Refused(_("These minutes were approved already."))
    if now.changed_at != seen:
        raise Refused(_("Nothing was done. Somebody has changed the minutes meanwhile: read them again."))
    return now


# -- Who writes -----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def name_taker(meeting: Meeting, name: str, *, by: Membership, at: datetime) -> Taker | None:
    """An organizer names a full member to write the minutes of a meeting; an empty name ends it. Refused where nobody uses that name."""
    membership.require(by, Power.KEEP_MINUTES, in_committee=meeting.committee_id)
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not name:
        Taker.objects.filter(meeting=meeting).delete()
        ledger.record("minutes.taker_named", by=by.person, about=meeting, committee=by.committee, at=at, detail={"named": False})
        return None
    member = named(name, committee_id=meeting.committee_id, field="name", full=True)
    values = {"committee_id": meeting.committee_id, "member": member, "named_by": by, "named_at": at}
    taker, _made = Taker.objects.update_or_create(meeting=meeting, defaults=values)
    ledger.record("minutes.taker_named", by=by.person, about=meeting, committee=by.committee, at=at, detail={"named": True})
    return taker


def named(name: str, *, committee_id: int, field: str, full: bool = False) -> Membership:
    """Whoever uses this name in a committee, a full member if it must be one. Refused for that field where nobody does."""
    inside = Membership.objects.standing_members() if full else Membership.objects.present()
    found = inside.filter(committee_id=committee_id, handle_key=skeleton(name), person__isnull=False).first()
    if found is None:
        words = _("No full member uses this name here.") if full else _("Nobody uses this name here.")
        raise Refused(words, field=field)
    return found


@transaction.atomic
def begin(meeting: Meeting, *, language: str, by: Membership, at: datetime) -> Minutes:
    """The first draft, with a place for each point of the agenda; the one that is there, if somebody was first. Refused before the meeting
    has begun, and once there are minutes: these are corrected."""
    _require_writer(meeting, by)
    rules.require_begun(meeting, at=at)
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    there = Minutes.objects.filter(meeting=meeting).order_by("-version").first()
    if there is not None:
        if there.is_draft:
            return there
        raise Refused(_("There are minutes of this meeting already. Correct them."))
    words = {"passages": _agenda(meeting), "language": language}
    return Minutes.objects.create(committee_id=meeting.committee_id, meeting=meeting, by=by, changed_at=at, **words)


# -- Writing --------------------------------------------------------------------------------------------------------------------


def _passages(now: Minutes, words: Words, by: Membership) -> list[dict[str, Any]]:
    """What each point says then: of those that the writer does not see what it said; and points that came onto the agenda meanwhile."""
    said = [dict(each) for each in now.passages]
    for n, each in enumerate(said):
        if rules.sees(each["visibility"], by):
            each["text"] = words.passages.get(n, each["text"])
    if now.version == 1:
        known = {(each["subject"], each["visibility"]) for each in said}
        said += [each for each in _agenda(now.meeting) if (each["subject"], each["visibility"]) not in known]
    return said


def _says(now: Minutes, written: dict[str, Any], todos: tuple[Todo, ...]) -> bool:
    there = [(str(item.what), item.owner.handle if item.owner else "", item.due) for item in now.items.select_related("owner").order_by("pk")]
    same = [(what, skeleton(who), due) for what, who, due in there] == [(todo.what, skeleton(todo.who), todo.due) for todo in todos]
    return same and all(getattr(now, name) == value for name, value in written.items())


@transaction.atomic
def write(minutes: Minutes, words: Words, *, seen: datetime, by: Membership, at: datetime) -> Minutes:
    """Save what was said and decided, and who does what; as often as one wants until it is approved.

    Overtaken once it was approved, and where somebody else saved since `seen`; pressed twice it is saved once. What members were shown
    is theirs to read anew. Refused where nobody uses a name that something was given to, on that line.
    """
    _require_writer(minutes.meeting, by)
    now = _locked(minutes)
    written = {"general": words.general, "decisions": words.decisions, "language": words.language, "passages": _passages(now, words, by)}
    if now.is_draft and _says(now, written, words.todos):
        return now
    if not now.is_draft or now.changed_at != seen:
        raise Overtaken(now)
    owners = _owners(words.todos, committee_id=now.committee_id)
    for name, value in {**written, "by": by, "changed_at": at, "shown_at": None}.items():
        setattr(now, name, value)
    now.save()
    now.items.all().delete()
    common = {"committee_id": now.committee_id, "meeting_id": now.meeting_id, "minutes": now}
    Item.objects.bulk_create(Item(what=todo.what, due=todo.due, owner=owner, **common) for todo, owner in zip(words.todos, owners, strict=True))
    return now


def _owners(todos: tuple[Todo, ...], *, committee_id: int) -> list[Membership | None]:
    """Who does each of them, in one query. Refused on the first line whose name nobody uses."""
    names = {skeleton(todo.who) for todo in todos if todo.who}
    inside = Membership.objects.present().filter(committee_id=committee_id, handle_key__in=names, person__isnull=False) if names else ()
    found = {member.handle_key: member for member in inside}
    for line, todo in enumerate(todos):
        if todo.who and skeleton(todo.who) not in found:
            raise Refused(_("Nobody uses this name here."), field=f"todo-{line}")
    return [found.get(skeleton(todo.who)) if todo.who else None for todo in todos]


@transaction.atomic
def discard(minutes: Minutes, *, seen: datetime, by: Membership) -> None:
    """Throw a draft away, with what was to be done in it. Refused once it was approved, or somebody else wrote in it."""
    membership.require(by, Power.KEEP_MINUTES, in_committee=minutes.committee_id)
    _as_seen(minutes, seen=seen).delete()


# -- Approving ------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def show(minutes: Minutes, *, seen: datetime, by: Membership, at: datetime) -> Minutes:
    """An organizer lets full members read the draft as it is; they are told, and can object. Refused while nothing is written in it."""
    membership.require(by, Power.KEEP_MINUTES, in_committee=minutes.committee_id)
    now = _as_seen(minutes, seen=seen)
    if now.is_empty:
        raise Refused(_("Nothing is written in these minutes yet."))
    if now.shown_at is None:
        now.shown_at = at
        now.save(update_fields=["shown_at"])
        ledger.record("minutes.shown", by=by.person, about=now, committee=now.committee, at=at)
        notices.post(queries.TO_READ, about=now, committee=now.committee, occasion=f"{at:%Y%m%d%H%M%S}", at=at)
    return now


@transaction.atomic
def object_to(minutes: Minutes, text: str, *, by: Membership, at: datetime) -> Remark:
    """A full member says what is wrong in a draft that is shown, once in each showing; organizers read it before they approve. Refused when
    it is no longer shown."""
    membership.require(by, Power.OBJECT, in_committee=minutes.committee_id)
    now = _locked(minutes)
    if not now.is_draft or now.shown_at is None:
        raise Refused(_("These minutes are no draft any more that members can object to."))
    if now.remarks.filter(member=by, shown_at=now.shown_at).exists():
        raise Refused(_("You have objected to this draft already."))
    return Remark.objects.create(committee_id=now.committee_id, minutes=now, member=by, text=text, at=at, shown_at=now.shown_at)


@transaction.atomic
def approve(minutes: Minutes, *, seen: datetime, heard: int, by: Membership, at: datetime, there: Meeting | None = None) -> Minutes:
    """An organizer approves what another one wrote, or says that a later meeting (`there`) approved what members could read before it; where
    there is no other organizer, what members could read for 72 hours. Members are told, of a correction only if whoever made it said so;
    and whoever has something to do.

    Refused if somebody changed it since `seen`, or objected who was not `heard`.
    """
    membership.require(by, Power.KEEP_MINUTES, in_committee=minutes.committee_id)
    now = _as_seen(minutes, seen=seen)
    rules.require_approver(now, by, there=there, alone=queries.is_alone(by, at), at=at)
    if now.remarks.count() != heard:
        raise Refused(_("Nothing was done. Somebody has objected meanwhile: read it first."))
    notices.supersede(now, kinds=[queries.TO_READ])
    now.state, now.approved_by, now.approved_at, now.approved_in = State.APPROVED, by, at, there
    now.save(update_fields=["state", "approved_by", "approved_at", "approved_in"])
    ledger.record("minutes.approved", by=by.person, about=now, committee=now.committee, at=at, detail={"version": now.version})
    if now.tells:
        notices.post(queries.APPROVED, about=now, committee=now.committee, at=at)
    for item in now.items.exclude(owner=None).select_related("owner__person", "committee").order_by("pk"):
        telling.given(item, at=at)
    return now


@transaction.atomic
def correct(minutes: Minutes, reason: str, *, tells: bool, by: Membership, at: datetime) -> Minutes:
    """A draft of the next version, with what the approved one says, and why. Refused while there is another draft, and of an older version."""
    membership.require(by, Power.KEEP_MINUTES, in_committee=minutes.committee_id)
    Meeting.objects.select_for_update().get(pk=minutes.meeting_id)
    latest = Minutes.objects.filter(meeting_id=minutes.meeting_id).order_by("-version").first()
    if latest is None or latest.is_draft or latest.pk != minutes.pk:
        raise Refused(_("Somebody has begun a correction already. Write in that one."))
    same: dict[str, Any] = {name: getattr(latest, name) for name in ("committee_id", "meeting_id", "language", "general", "passages", "decisions")}
    made = Minutes.objects.create(**same, version=latest.version + 1, reason=reason, tells=tells, by=by, changed_at=at)
    ledger.record("minutes.correction_begun", by=by.person, about=made, committee=by.committee, at=at, detail={"version": made.version})
    return made
