"""What this room tells people: that their organizers wrote to them, and an organizer what that would look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.base.navigation import path_to
from committees.bodies.models import Life
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices.models import Notice
from committees.notices.registry import Kind, Level, Reader, group, kind, register
from committees.people.models import Person
from organizing.circulars import queries
from organizing.circulars.models import Circular, State
from organizing.circulars.queries import FURTHER, SENT

GROUP, FROM_WIDER = "circulars", "circulars_further"


def _circular(notice: Notice) -> Circular:
    circular: Circular = notice.about
    return circular


def _committee(notice: Notice) -> int:
    """Every notice of this room is posted with its committee."""
    return notice.committee_id or 0


def _members(notice: Notice) -> Any:
    """Everyone in the committee, new members too; nobody who came after it was sent."""
    before = Circular.objects.sent().filter(pk=notice.about_id, sent_at__lt=OuterRef("joined_at"))
    return Membership.objects.present().filter(~Exists(before), committee_id=_committee(notice)).values_list("person_id")


def _still_members(notice: Notice, person_ids: set[int]) -> set[int]:
    """Of these people, who is still in the committee, while the message and the committee are there and no moderator hid it. One query."""
    there = Circular.objects.sent().filter(pk=notice.about_id).exclude(state=State.HIDDEN_BY_MODERATOR).exclude(committee__life=Life.DISSOLVED)
    found = _members(notice).filter(person_id__in=person_ids, committee_id__in=there.values("committee_id"))
    return set(found.values_list("person_id", flat=True))


def _readers(notice: Notice) -> Any:
    """Everyone in the committee that wrote it and in all that belong to it, new members too; nobody who came to all of theirs after it was
    sent. Somebody who is in several is one person (notices.expand)."""
    before = Circular.objects.sent().filter(pk=notice.about_id, sent_at__lt=OuterRef("joined_at"))
    return queries.readers(_circular(notice).committee_id).filter(~Exists(before)).values_list("person_id")


def _still_readers(notice: Notice, person_ids: set[int]) -> set[int]:
    """Of these people, who still is in one of these committees, and it still belongs there, while no moderator hid the message. One query
    and the message's own."""
    there = Circular.objects.sent().filter(pk=notice.about_id).exclude(state=State.HIDDEN_BY_MODERATOR).exclude(committee__life=Life.DISSOLVED)
    found = _readers(notice).filter(Exists(there), person_id__in=person_ids)
    return {pk for (pk,) in found}


def _its_organizer(notice: Notice, person_ids: set[int]) -> set[int]:
    """Whoever asked for a test, while they may send it and it is a draft."""
    senders = Membership.objects.filter(committee_id=_committee(notice)).with_power(Power.SEND_MESSAGE)
    return person_ids & set(senders.values_list("person_id", flat=True)) if Circular.objects.drafts().filter(pk=notice.about_id).exists() else set()


def _words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    """The subject stands in the text of a mail, never in its own subject line. What flags hide is told without its words."""
    circular = _circular(notice)
    frame = {"committee": circular.committee, "further": circular.goes_further}
    if circular.is_hidden:
        return frame
    return frame | {"heading": circular.subject, "text": circular.text, "written_in": circular.language}


def _headlines(notices: Sequence[Notice], reader: Reader) -> Mapping[int, str]:
    """What stands in the inbox, behind the login."""
    with translation.override(reader.language):
        return {notice.pk: _("%(kind)s: %(subject)s") % {"kind": kind(notice.kind).label, "subject": _circular(notice).shown_subject} for notice in notices}


def _headlines_for_readers(notices: Sequence[Notice], reader: Reader) -> Mapping[int, str]:
    """The same for whoever may still read it; for others only that something was told. One query."""
    seen = Circular.objects.all().read_by(Person(pk=reader.person_id)).filter(pk__in=[notice.about_id for notice in notices])
    readable = set(seen.values_list("pk", flat=True))
    return _headlines([notice for notice in notices if notice.about_id in readable], reader)


def _url(notice: Notice) -> str:
    return _circular(notice).url_for_anyone


def _draft_url(notice: Notice) -> str:
    circular = _circular(notice)
    return path_to("circulars:check", circular.committee.slug, circular.slug)


def _may_watch(person: Person, notice: Notice) -> bool:
    """Organizers of the committee see how a notice goes out."""
    mine = Membership.objects.of(person).filter(committee_id=_committee(notice)).with_running_roles().first()
    return mine is not None and Power.SEE_DELIVERY in mine.powers


def register_all() -> None:
    """Called from `ready()`."""
    group(GROUP, label=_lazy("Messages to all members"), hint=_lazy("What your organizers write to everyone, without a meeting."))
    group(
        FROM_WIDER,
        label=_lazy("Messages from wider committees"),
        hint=_lazy("What the organizers of a committee to which yours belongs write to the members of all of them."),
        by_committee=False,
    )
    common: dict[str, Any] = {"group": GROUP, "context": _words, "headlines": _headlines, "thread": lambda notice: f"message-{notice.about_id}"}
    told = _lazy("A message to all members")
    register(Kind(name=SENT, label=told, audience=_members, matters=_still_members, url=_url, may_watch=_may_watch, **common))
    further = common | {"group": FROM_WIDER, "headlines": _headlines_for_readers, "members_only": False}
    from_wider = _lazy("A message from a wider committee")
    register(Kind(name=FURTHER, label=from_wider, audience=_readers, matters=_still_readers, url=_url, **further))
    register(Kind(name="circulars/test", label=_lazy("A test of your own"), matters=_its_organizer, url=_draft_url, **common))
