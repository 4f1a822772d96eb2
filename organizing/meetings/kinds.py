"""What this room tells people: who is meant, whether it still matters, and what the words need. Never a place or a link."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.base import dates
from committees.base.navigation import path_to
from committees.bodies.models import Life
from committees.membership.models import Membership
from committees.membership.roles import Power, Role
from committees.notices.models import Notice
from committees.notices.registry import Channel, Kind, Level, Reach, Reader, group, kind, register
from committees.people.models import Person
from organizing.meetings.models import Answer, Choice, Guest, GuestState, Meeting, State

GROUP = "meetings"


def _committee(notice: Notice) -> int:
    """The committee whose members are meant: the host, or one that comes as a guest. Every notice of this room is posted with it."""
    return notice.committee_id or 0


def _meeting(notice: Notice) -> Meeting:
    meeting: Meeting = notice.about
    return meeting


# -- To whom ---------------------------------------------------------------------------------------------------------------


def _members(notice: Notice) -> Any:
    """Everyone in the committee, new members too."""
    return Membership.objects.present().filter(committee_id=_committee(notice)).values_list("person_id")


def _not_declining(notice: Notice) -> Any:
    """Everyone but those who said no since they were last asked."""
    return _members(notice).exclude(pk__in=_said_no(notice))


def _coming(notice: Notice) -> Any:
    """Those who said yes or maybe since they were last asked."""
    said = Answer.objects.counting(_meeting(notice)).filter(choice__in=(Choice.YES, Choice.MAYBE)).values("membership_id")
    return _members(notice).filter(pk__in=said)


def _said_no(notice: Notice) -> Any:
    """Whoever waits for a place is told when there is one."""
    return Answer.objects.counting(_meeting(notice)).filter(choice__in=(Choice.NO, Choice.WAITING)).values("membership_id")


type Matters = Callable[[Notice, set[int]], set[int]]


def _while(state: State, *, of: Callable[[Notice], Any] = _members) -> Matters:
    """Of these people, who is still in the committee, while the meeting stands as this version says. Two queries for all."""

    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        found = Meeting.objects.filter(pk=notice.about_id, state=state, told_version=notice.version)
        if state != State.CANCELLED:  # of a committee that is closed, guests still hear that its meetings do not take place
            found = found.exclude(committee__life=Life.DISSOLVED)
        stands = found.first()
        if stands is None or not stands.is_open_to(_committee(notice)):
            return set()
        notice.about = stands  # what is said is what is true now, not what was true when a worker first looked
        return set(of(notice).filter(person_id__in=person_ids).values_list("person_id", flat=True))

    return matters


def _while_it_is_so(choice: Choice) -> Matters:
    """Of these people, whose answer still is the one that they are told of. Three queries for all."""
    scheduled = _while(State.SCHEDULED)

    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        here = scheduled(notice, person_ids)
        theirs = Answer.objects.counting(_meeting(notice)).filter(choice=choice, committee_id=_committee(notice), membership__person__in=here)
        return set(theirs.values_list("membership__person_id", flat=True))

    return matters


def _its_organizer(notice: Notice, person_ids: set[int]) -> set[int]:
    """Whoever asked for a test, while they organize and it is a draft."""
    organizers = Membership.objects.filter(committee_id=_committee(notice)).with_role(Role.ORGANIZER)
    return person_ids & set(organizers.values_list("person_id", flat=True)) if Meeting.objects.drafts().filter(pk=notice.about_id).exists() else set()


# -- What is said -----------------------------------------------------------------------------------------------------------


def _words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    meeting = _meeting(notice)
    moved = meeting.moved
    return {
        "meeting": meeting,
        "committee": meeting.committee,
        "length": dates.duration(meeting.minutes),
        "held": meeting.get_held_display(),
        "time_moved": moved is not None and moved.started_at != moved.starts_at,
        "place_moved": moved is not None and moved.place_changed,
        "asked_again": moved is not None and moved.asked_again,
        "following": meeting.told is not None and meeting.told.and_following,
        "repeats": meeting.series.words if meeting.series else "",
    }


def _times(notice: Notice, readers: Mapping[int, Reader]) -> Mapping[int, Mapping[str, str]]:
    """The time in each reader's language and on their clock; worked out once for each language and zone."""
    meeting = _meeting(notice)
    before = meeting.moved.started_at if meeting.moved else None
    known: dict[tuple[str, str], Mapping[str, str]] = {}
    for reader in readers.values():
        key = (reader.language, reader.zone)
        if key not in known:
            known[key] = _time(meeting.starts_at, before, *key)
    return {pk: known[reader.language, reader.zone] for pk, reader in readers.items()}


def _time(starts_at: datetime | None, before: datetime | None, language: str, zone: str) -> Mapping[str, str]:
    with translation.override(language):
        return {
            "time": dates.moment_with_zone(starts_at, zone) if starts_at else "",
            "before": dates.moment_with_zone(before, zone) if before else "",
        }


def _moment(at: datetime | None, zone: str) -> str:
    return dates.moment(at, zone) if at else _("no date yet")


def _headlines(notices: Sequence[Notice], reader: Reader) -> Mapping[int, str]:
    """What stands in the inbox, behind the login."""
    with translation.override(reader.language):
        return {
            notice.pk: _("%(kind)s: %(subject)s, %(time)s")
            % {"kind": kind(notice.kind).label, "subject": _meeting(notice).subject, "time": _moment(_meeting(notice).starts_at, reader.zone)}
            for notice in notices
        }


def _thread(notice: Notice) -> str:
    return f"meeting-{_meeting(notice).uid}"


#: How a meeting is spoken of, also by rooms above in notices of their own about one.
SAID: dict[str, Any] = {"context": _words, "personal": _times, "thread": _thread, "headlines": _headlines}


def _made_ahead(notice: Notice) -> bool:
    """People were told of its series."""
    return _meeting(notice).made_ahead


def _url(notice: Notice) -> str:
    """The page as the members of that committee reach it: a guest's notice has its slug as the occasion (telling.post)."""
    meeting = _meeting(notice)
    return meeting.get_absolute_url() if _committee(notice) == meeting.committee_id else meeting.url_in(notice.occasion)


def _url_of_a_place(notice: Notice) -> str:
    """The slug of their committee stands first in the occasion (commands.places)."""
    return _meeting(notice).url_in(notice.occasion.partition(" ")[0])


def _draft_url(notice: Notice) -> str:
    meeting = _meeting(notice)
    return reverse("meetings:check", args=[meeting.committee.slug, meeting.slug])


def _may_watch(person: Person, notice: Notice) -> bool:
    """Organizers of the committee see how a notice goes out."""
    mine = Membership.objects.of(person).filter(committee_id=_committee(notice)).with_running_roles().first()
    return mine is not None and Power.SEE_DELIVERY in mine.powers


# -- Guests -------------------------------------------------------------------------------------------------------------------


def _guest(notice: Notice) -> Guest:
    guest: Guest = notice.about
    return guest


def _organizers(notice: Notice) -> Any:
    """Those who may call meetings in the committee that the notice is for."""
    return Membership.objects.filter(committee_id=_committee(notice)).with_role(Role.ORGANIZER).values_list("person_id", flat=True)


def _asked(notice: Notice, person_ids: set[int]) -> set[int]:
    waits = Guest.objects.asked().filter(pk=notice.about_id, meeting__state=State.SCHEDULED)
    return person_ids & set(_organizers(notice)) if waits.exists() else set()


def _answered(notice: Notice, person_ids: set[int]) -> set[int]:
    stands = Guest.objects.filter(pk=notice.about_id, state__in=(GuestState.ACCEPTED, GuestState.DECLINED), meeting__state=State.SCHEDULED)
    return person_ids & set(_organizers(notice)) if stands.exists() else set()


def _guest_words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    guest = _guest(notice)
    return {"guest": guest, "meeting": guest.meeting, "host": guest.committee, "invited": guest.invited, "comes": guest.is_accepted}


def _register_guests() -> None:
    common: dict[str, Any] = {"group": GROUP, "audience": _organizers, "context": _guest_words, "thread": lambda notice: f"guest-{notice.about_id}"}
    register(
        Kind(
            name="meetings/invited",
            label=_lazy("Your committee is invited to a meeting"),
            matters=_asked,
            url=lambda notice: path_to("meetings:invitation", _guest(notice).invited.slug, _guest(notice).slug),
            **common,
        )
    )
    register(
        Kind(
            name="meetings/guest_answered",
            label=_lazy("An invited committee has answered"),
            matters=_answered,
            url=lambda notice: path_to("meetings:guests", _guest(notice).committee.slug, _guest(notice).meeting.slug),
            **common,
        )
    )


def register_all() -> None:
    """Called from `ready()`."""
    group(GROUP, label=_lazy("Meetings"), hint=_lazy("When one is called, moved or cancelled, and reminders a week, a day and an hour before."), pushed=True)
    common: dict[str, Any] = {**SAID, "group": GROUP, "url": _url, "may_watch": _may_watch}
    scheduled = _while(State.SCHEDULED)
    register(Kind(name="meetings/called", label=_lazy("A meeting is called"), audience=_members, matters=scheduled, reach=Reach.UNTOLD, **common))
    register(Kind(name="meetings/repeats", label=_lazy("A meeting takes place again and again"), audience=_members, matters=scheduled, **common))
    at_once: dict[str, Any] = {"urgent": True, "ignores_quiet_hours": True, "reach": Reach.TOLD, "told_elsewhere": _made_ahead}
    register(Kind(name="meetings/moved", label=_lazy("A meeting is moved"), audience=_members, matters=scheduled, **at_once, **common))
    register(Kind(name="meetings/cancelled", label=_lazy("A meeting is cancelled"), audience=_members, matters=_while(State.CANCELLED), **at_once, **common))
    register(Kind(name="meetings/test", label=_lazy("A test of your own"), matters=_its_organizer, **{**common, "url": _draft_url}))
    remind = _while(State.SCHEDULED, of=_not_declining)
    register(Kind(name="meetings/reminder", label=_lazy("A meeting is tomorrow"), audience=_not_declining, matters=remind, **common))
    register(Kind(name="meetings/week_before", label=_lazy("A meeting is in a week"), audience=_not_declining, matters=remind, **common))
    place: dict[str, Any] = {**common, "url": _url_of_a_place, "urgent": True}
    register(Kind(name="meetings/place_given", label=_lazy("There is a place for you"), matters=_while_it_is_so(Choice.YES), **place))
    register(Kind(name="meetings/place_lost", label=_lazy("You wait for a place at a meeting"), matters=_while_it_is_so(Choice.WAITING), **place))
    soon: dict[str, Any] = {"urgent": True, "channels": {Channel.INAPP, Channel.PUSH}}
    register(
        Kind(name="meetings/soon", label=_lazy("A meeting is in an hour"), audience=_coming, matters=_while(State.SCHEDULED, of=_coming), **soon, **common)
    )
    _register_guests()
