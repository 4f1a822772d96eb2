"""What needs a person: what they have not answered, and what waits for them as an organizer, a moderator or an admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from committees.alliance import queries as alliance
from committees.asking import queries as asking
from committees.base import dates, prepared
from committees.base.navigation import path_to
from committees.jointly import queries as jointly
from committees.membership import queries as membership
from committees.membership.models import Application, Membership
from committees.membership.roles import Power, Standing
from committees.moderation import queries as moderation
from committees.people.models import Person
from organizing.finding import queries as finding
from organizing.home import waiting
from organizing.meetings import queries as meetings
from organizing.meetings.models import Meeting
from organizing.minutes import queries as minutes

#: So many requests of other committees are named, and so many invitations; the committee's own pages have them all.
NAMED = 5

#: Whoever has one of these is asked about what others wait for.
ANSWERING = frozenset({Power.REVIEW_APPLICATIONS, Power.MODERATE, Power.AFFILIATE, Power.CALL_MEETING, Power.ANSWER_QUESTIONS, Power.KEEP_MINUTES})


@dataclass(frozen=True)
class Task:
    """One thing that needs this person, where it is done, and why."""

    icon: str
    words: str
    why: str
    url: str


def tasks(person: Person, memberships: list[Membership], applications: list[Application], coming: list[Meeting], *, at: datetime) -> list[Task]:
    """Everything that needs this person at that instant. One query, for full members; four more for admins."""
    answers = any(member.powers & ANSWERING for member in memberships)
    is_full = any(member.standing == Standing.MEMBER for member in memberships)
    shown_first = next((meeting for meeting in coming if meeting.is_scheduled), None)
    return [
        *_mine(applications),
        *_of_the_clock(memberships),
        *_to_do(memberships),
        *(_waiting(person, at, _FOR_OTHERS if answers else _OF_MEMBERS) if answers or is_full else ()),
        *_kept(person),
        *_unanswered(coming, but=shown_first),
    ]


def _unanswered(coming: list[Meeting], *, but: Meeting | None) -> list[Task]:
    """Of a series only the next date: the others can be answered on its page."""
    series = but.series_id if but else None
    asked = [m for m in coming if m.is_scheduled and not m.my_choice and m is not but and (series is None or m.series_id != series)]  # type: ignore[attr-defined]
    found = meetings.one_of_each_series(asked)
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


def _to_do(memberships: list[Membership]) -> list[Task]:
    """What meetings gave this person to do: of each committee what is due first, and how much there is besides."""
    asked: list[Any] = [m for m in memberships if m.to_do_count]  # type: ignore[attr-defined]  # minutes.with_next
    return [Task("tick-box", str(m.to_do), _until(m), path_to("minutes:items", m.committee.slug)) for m in sorted(asked, key=lambda m: m.to_do_by)]


def _until(member: Any) -> str:
    words, more = {"day": dates.day(member.to_do_by), "committee": member.committee.name}, member.to_do_count - 1
    if not more:
        return _("By %(day)s, for %(committee)s") % words
    return ngettext("By %(day)s, for %(committee)s, and %(n)s thing more", "By %(day)s, for %(committee)s, and %(n)s things more", more) % {**words, "n": more}


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


def _of_members(person: Person, at: datetime) -> QuerySet[Any]:
    return _named("times", finding.lacking(person, at), where="committee__slug", since="ends_at")


def _for_others(person: Person, at: datetime) -> QuerySet[Any]:
    return _counted("applications", membership.queue(person, at)).union(
        _counted("cases", moderation.waiting(person, at)),
        _in_each("questions", asking.waiting_for(person, at), where="answered_in"),
        _in_each("minutes", minutes.unapproved_for(person, at), where="committee"),
        _in_each("unowned", minutes.unowned_for(person, at), where="committee"),
        _named("agree", jointly.waiting_for(person, at), where=_ASKED, since="proposed_at"),
        _named("request", alliance.requests_for(person, at), where="wider__slug", since="asked_at"),
        _named("invitation", meetings.invitations_for(person, at), where="invited__slug", since="meeting__starts_at"),
        _of_members(person, at),
        _named("choose", finding.to_choose(person, at), where="committee__slug", since="ends_at"),
        all=True,
    )


_PERSON_NOW = {"person": prepared.a_row(Person), "at": prepared.an_instant}
_FOR_OTHERS = prepared.Prepared(_for_others, **_PERSON_NOW)
_OF_MEMBERS = prepared.Prepared(_of_members, **_PERSON_NOW)


#: In which order the kinds stand there.
_ORDER = ("agree", "questions", "applications", "cases", "request", "invitation", "choose", "times", "minutes", "unowned")


def _waiting(person: Person, at: datetime, statement: prepared.Prepared[Any]) -> list[Task]:
    """What others wait for, each kind together, the oldest first."""
    found: dict[str, list[Task]] = {kind: [] for kind in _ORDER}
    for kind, where, slug, whose, n in statement(person=person, at=at):
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
        case "minutes":
            words = ngettext("Approve the minutes of %(n)s meeting", "Approve the minutes of %(n)s meetings", n) % {"n": n}
            return Task("doc", words, whose, path_to("minutes:unapproved", where))
        case "unowned":
            words = ngettext("Find somebody for %(n)s thing to do", "Find somebody for %(n)s things to do", n) % {"n": n}
            return Task("tick-box", words, whose, path_to("minutes:items", where))
        case _:
            icon, words, why, route = _NAMED_KINDS[kind]
            return Task(icon, words % {"committee": whose}, why % {"committee": whose}, path_to(route, where, slug))


#: What stands there one by one: its icon, what it says, why, and where it is done.
_NAMED_KINDS: dict[str, tuple[str, Any, Any, str]] = {
    "agree": (
        "users",
        _lazy("An organizer of %(committee)s asks you to agree to something"),
        _lazy("It takes two. Without you or another one it lapses after three days."),
        "jointly:act",
    ),
    "request": ("users", _lazy("%(committee)s wants to belong to your committee"), _lazy("One organizer answers for all."), "alliance:tie"),
    "invitation": ("calendar", _lazy("%(committee)s invites your committee to a meeting"), _lazy("One organizer answers for all."), "meetings:invitation"),
    "choose": ("calendar", _lazy("Choose a time for a meeting: members have answered"), "%(committee)s", "finding:poll"),
    "times": ("calendar", _lazy("Say which times suit you for a meeting"), "%(committee)s", "finding:poll"),
}
