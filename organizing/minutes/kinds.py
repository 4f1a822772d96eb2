"""What this room tells people: that minutes can be read, and what they have to do themselves. Never what was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.bodies.models import Life
from committees.membership.models import Membership
from committees.notices.models import Notice
from committees.notices.registry import Kind, Level, Reader, group, kind, register
from organizing.minutes import queries
from organizing.minutes.models import Item, Minutes

MINUTES, TODO = "minutes", "minutes_todo"


def _minutes(notice: Notice) -> Minutes:
    minutes: Minutes = notice.about
    return minutes


def _item(notice: Notice) -> Item:
    item: Item = notice.about
    return item


# -- Minutes ----------------------------------------------------------------------------------------------------------------------


def _readers(notice: Notice) -> Any:
    """Members, and new members who were here when the meeting was."""
    return queries.readers(_minutes(notice)).values_list("person_id")


def _full_members(notice: Notice) -> Any:
    """Those who can object."""
    return Membership.objects.standing_members().filter(committee_id=notice.committee_id or 0).values_list("person_id")


def _while_approved(notice: Notice, person_ids: set[int]) -> set[int]:
    """Of these people, who still is in the committee, while it is there. Two queries."""
    stands = Minutes.objects.approved().filter(pk=notice.about_id).exclude(committee__life=Life.DISSOLVED).select_related("meeting", "committee").first()
    return {pk for (pk,) in queries.readers(stands).filter(person_id__in=person_ids).values_list("person_id")} if stands else set()


def _while_shown(notice: Notice, person_ids: set[int]) -> set[int]:
    """Of these people, who still is a full member, while the draft is shown. Two queries."""
    shown = Minutes.objects.drafts().filter(pk=notice.about_id, shown_at__isnull=False).exclude(committee__life=Life.DISSOLVED).exists()
    return {pk for (pk,) in _full_members(notice).filter(person_id__in=person_ids)} if shown else set()


def _words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    minutes = _minutes(notice)
    return {"committee": minutes.committee, "heading": minutes.meeting.subject, "is_corrected": minutes.version > 1}


def _headlines(notices: Sequence[Notice], reader: Reader) -> Mapping[int, str]:
    """What stands in the inbox, behind the login."""
    subjects = dict(Minutes.objects.filter(pk__in=[each.about_id for each in notices]).values_list("pk", "meeting__subject"))
    with translation.override(reader.language):
        said = {each.pk: {"kind": kind(each.kind).label, "subject": subjects.get(each.about_id, "")} for each in notices}
        return {pk: _("%(kind)s: %(subject)s") % words for pk, words in said.items()}


# -- What somebody does --------------------------------------------------------------------------------------------------------------


def _while_theirs(notice: Notice, person_ids: set[int]) -> set[int]:
    """Whoever does it, while it is open and was not given to somebody else, or another day, since. One query."""
    theirs = Item.objects.open().filter(pk=notice.about_id, round=notice.version, owner__in=Membership.objects.present())
    return person_ids & set(theirs.values_list("owner__person_id", flat=True))


def _todo_words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    item = _item(notice)
    return {"committee": item.committee, "what": item.what, "due": item.due}


def _todo_url(notice: Notice) -> str:
    return _item(notice).url


def register_all() -> None:
    """Called from `ready()`."""
    group(MINUTES, label=_lazy("Minutes of meetings"), hint=_lazy("That minutes were approved, or can be read before they are."))
    group(TODO, label=_lazy("What you have to do"), hint=_lazy("What a meeting gave you to do, the day before it is due and when it is late."))
    url: Callable[[Notice], str] = lambda notice: _minutes(notice).get_absolute_url()  # noqa: E731
    common: dict[str, Any] = {"group": MINUTES, "context": _words, "headlines": _headlines, "url": url}
    common["thread"] = lambda notice: f"meeting-{_minutes(notice).meeting_id}"
    register(Kind(name=queries.APPROVED, label=_lazy("Minutes of a meeting"), audience=_readers, matters=_while_approved, **common))
    register(Kind(name=queries.TO_READ, label=_lazy("Minutes to read before they are approved"), audience=_full_members, matters=_while_shown, **common))
    todo: dict[str, Any] = {"group": TODO, "context": _todo_words, "url": _todo_url, "matters": _while_theirs, "thread": lambda n: f"todo-{n.about_id}"}
    register(Kind(name=queries.GIVEN, label=_lazy("You have something to do"), **todo))
    register(Kind(name=queries.DUE, label=_lazy("Something that you do is due tomorrow"), **todo))
    register(Kind(name=queries.OVERDUE, label=_lazy("Something that you do is late"), **todo))
