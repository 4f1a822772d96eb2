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
from organizing.circulars.models import Circular, State
from organizing.circulars.queries import SENT

GROUP = "circulars"


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


def _its_organizer(notice: Notice, person_ids: set[int]) -> set[int]:
    """Whoever asked for a test, while they may send it and it is a draft."""
    senders = Membership.objects.filter(committee_id=_committee(notice)).with_power(Power.SEND_MESSAGE)
    return person_ids & set(senders.values_list("person_id", flat=True)) if Circular.objects.drafts().filter(pk=notice.about_id).exists() else set()


def _words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    """The subject stands in the text of a mail, never in its own subject line. What flags hide is told without its words."""
    circular = _circular(notice)
    if circular.is_hidden:
        return {"committee": circular.committee}
    return {"heading": circular.subject, "text": circular.text, "written_in": circular.language, "committee": circular.committee}


def _headlines(notices: Sequence[Notice], reader: Reader) -> Mapping[int, str]:
    """What stands in the inbox, behind the login."""
    with translation.override(reader.language):
        return {notice.pk: _("%(kind)s: %(subject)s") % {"kind": kind(notice.kind).label, "subject": _circular(notice).shown_subject} for notice in notices}


def _url(notice: Notice) -> str:
    return _circular(notice).get_absolute_url()


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
    common: dict[str, Any] = {"group": GROUP, "context": _words, "headlines": _headlines, "thread": lambda notice: f"message-{notice.about_id}"}
    told = _lazy("A message to all members")
    register(Kind(name=SENT, label=told, audience=_members, matters=_still_members, url=_url, may_watch=_may_watch, **common))
    register(Kind(name="circulars/test", label=_lazy("A test of your own"), matters=_its_organizer, url=_draft_url, **common))
