"""What needs a person: what they have not answered, and what waits for them as an organizer, a moderator or an admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committees.alliance import queries as alliance
from committees.asking import queries as asking
from committees.base import prepared
from committees.base.navigation import path_to
from committees.jointly import queries as jointly
from committees.membership import queries as membership
from committees.membership.models import Application, Membership
from committees.membership.roles import Power, Standing
from committees.moderation import queries as moderation
from committees.people.models import Person
from organizing.home import waiting
from organizing.meetings import queries as meetings
from organizing.meetings.models import Meeting

#: So many requests of other committees are named, and so many invitations; the committee's own pages have them all.
NAMED = 5

#: Whoever has one of these is asked about what others wait for.
ANSWERING = frozenset({Power.REVIEW_APPLICATIONS, Power.MODERATE, Power.AFFILIATE, Power.CALL_MEETING, Power.ANSWER_QUESTIONS})


@dataclass(frozen=True)
class Task:
    """One thing that needs this person, where it is done, and why."""

    icon: str
    words: str
    why: str
    url: str


def tasks(person: Person, memberships: list[Membership], applications: list[Application], coming: list[Meeting], *, at: datetime) -> list[Task]:
    """Everything that needs this person at that instant. One query, where they answer for others; four more for admins."""
    answers = any(member.powers & ANSWERING for member in memberships)
    shown_first = next((meeting for meeting in coming if meeting.is_scheduled), None)
    return [
        *_mine(applications),
        *_of_the_clock(memberships),
        *(_waiting(person, at) if answers else ()),
        *_kept(person),
        *_unanswered(coming, but=shown_first),
    ]


def _unanswered(coming: list[Meeting], *, but: Meeting | None) -> list[Task]:
    """Of a series only the next date: the others can be answered on its page."""
    asked = [m for m in coming if m.is_scheduled and not m.my_choice and m is not but]  # type: ignore[attr-defined]
    known: set[int | None] = {but.series_id} if but and but.series_id else set()
    found = []
    for meeting in asked:
        if meeting.series_id is None or meeting.series_id not in known:
            found.append(meeting)
        known.add(meeting.series_id)
    return [Task("calendar", _("Say whether you come: %(subject)s") % {"subject": m.subject}, m.committee.name, m.get_absolute_url()) for m in found]


def _mine(applications: list[Application]) -> list[Task]:
    words = {
        "started": (_("Go on with your application"), _("It is not sent yet.")),
        "info_requested": (_("The organizers have a question for you"), _("They wait for your answer.")),
    }
    return [Task("doc", *words[a.state], a.get_absolute_url()) for a in applications if a.state in words]


def _of_the_clock(memberships: list[Membership]) -> list[Task]:
    """Where this person is inactive, where they are to say again that they are no manager, and where they need another's word."""
    inactive = [m for m in memberships if m.standing == Standing.INACTIVE]
    asked = [m for m in memberships if m.standing != Standing.INACTIVE and m.attest_asked_at]
    question = [m for m in memberships if m.revouch_since]
    return [
        *(Task("users", _("Somebody has to vouch for you again"), m.committee.name, path_to("membership:vouched", m.committee.slug)) for m in question),
        *(Task("users", _("Come back, or leave"), m.committee.name, path_to("membership:stay", m.committee.slug)) for m in inactive),
        *(Task("shield", _("Say again that you are not a manager"), m.committee.name, path_to("membership:attest", m.committee.slug)) for m in asked),
    ]


def _kept(person: Person) -> list[Task]:
    """For those who keep the service running: that something waits, and where they find what it is."""
    n = waiting.in_all() if person.is_platform_admin else 0
    if not n:
        return []
    words = ngettext("%(n)s thing waits where you keep the service running", "%(n)s things wait where you keep the service running", n) % {"n": n}
    return [Task("tick-box", words, _("Workplaces to check, mails that did not go out, lists, questions."), reverse("home:keeping"))]


# -- What others wait for --------------------------------------------------------------------------------------------


def _counted(kind: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """How many there are: one row, or none."""
    shape = {"kind": Value(kind, CharField()), "where": Value("", CharField()), "slug_there": Value("", CharField()), "whose": Value("", CharField())}
    return rows.order_by().annotate(**shape).values(*shape).annotate(n=Count("pk", distinct=True)).values_list(*shape, "n")


def _in_each(kind: str, rows: QuerySet[Any], *, where: str) -> QuerySet[Any]:
    """How many there are in each committee whose organizers answer."""
    shape = {"kind": Value(kind, CharField()), "where": F(f"{where}__slug"), "slug_there": Value("", CharField()), "whose": F(f"{where}__name")}
    return rows.order_by().annotate(**shape).values(*shape).annotate(n=Count("pk")).values_list(*shape, "n")


def _named(kind: str, rows: QuerySet[Any], *, where: str | Case, since: str) -> QuerySet[Any]:
    """The first ones, each with the committee whose organizers answer, its own address there, and who waits."""
    shape = {"kind": Value(kind, CharField()), "where": F(where) if isinstance(where, str) else where, "slug_there": F("slug"), "whose": F("committee__name")}
    return rows.annotate(**shape, n=Value(1)).order_by(since, "pk").values_list(*shape, "n")[:NAMED]


#: The committee whose organizers have to agree to an act that needs two.
_ASKED = Case(When(asks_wider=True, then=F("committee__verified_by__slug")), default=F("committee__slug"), output_field=CharField())


def _for_others(person: Person, at: datetime) -> QuerySet[Any]:
    return _counted("applications", membership.queue(person, at)).union(
        _counted("cases", moderation.waiting(person, at)),
        _in_each("questions", asking.waiting_for(person, at), where="answered_in"),
        _named("agree", jointly.waiting_for(person, at), where=_ASKED, since="proposed_at"),
        _named("request", alliance.requests_for(person, at), where="wider__slug", since="asked_at"),
        _named("invitation", meetings.invitations_for(person, at), where="invited__slug", since="meeting__starts_at"),
        all=True,
    )


_FOR_OTHERS = prepared.Prepared(_for_others, person=prepared.a_row(Person), at=prepared.an_instant)


def _waiting(person: Person, at: datetime) -> list[Task]:
    """What others wait for, each kind together, the oldest first."""
    found: dict[str, list[Task]] = {"agree": [], "questions": [], "applications": [], "cases": [], "request": [], "invitation": []}
    for kind, where, slug, whose, n in _FOR_OTHERS(person=person, at=at):
        if n:
            found[kind].append(_task(kind, where, slug, whose, n))
    return [task for same in found.values() for task in same]


def _task(kind: str, where: str, slug: str, whose: str, n: int) -> Task:
    queue = reverse("moderation:queue")
    match kind:
        case "applications":
            words = ngettext("Answer %(n)s application", "Answer %(n)s applications", n) % {"n": n}
            return Task("users", words, _("Oldest first. About 2 minutes each."), f"{queue}?kind=application")
        case "cases":
            words = ngettext("Look at %(n)s flagged or waiting thing", "Look at %(n)s flagged or waiting things", n) % {"n": n}
            return Task("flag", words, _("One moderator is enough."), queue)
        case "questions":
            words = ngettext("Answer %(n)s question", "Answer %(n)s questions", n) % {"n": n}
            return Task("chat", words, whose, path_to("asking:of_committee", where))
        case "agree":
            words = _("An organizer of %(committee)s asks you to agree to something") % {"committee": whose}
            return Task("users", words, _("It takes two. Without you or another one it lapses after three days."), path_to("jointly:act", where, slug))
        case "request":
            words = _("%(committee)s wants to belong to your committee") % {"committee": whose}
            return Task("users", words, _("One organizer answers for all."), path_to("alliance:tie", where, slug))
        case _:
            words = _("%(committee)s invites your committee to a meeting") % {"committee": whose}
            return Task("calendar", words, _("One organizer answers for all."), path_to("meetings:invitation", where, slug))
