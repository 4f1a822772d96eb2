"""A person's day: the next meeting, what needs them, what is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committees.base import prepared
from committees.membership import queries as membership
from committees.membership.models import Application, Membership
from committees.moderation import queries as moderation
from committees.notices import queries as notices
from committees.people.models import Person
from organizing.forum import queries as forum
from organizing.forum.queries import Line
from organizing.home import waiting
from organizing.meetings import queries as meetings
from organizing.meetings.models import Meeting

COMING = 6
NEW = 5
#: Topics of the forum that went on within so many days are new to whoever has not read them.
NEW_POSTS = timedelta(days=7)


@dataclass(frozen=True)
class Task:
    """One thing that needs this person, where it is done, and why."""

    icon: str
    words: str
    why: str
    url: str


@dataclass(frozen=True)
class Today:
    """What stands on the page. Every list is already short; nothing here asks the database again."""

    memberships: list[Membership]
    coming: list[Meeting]
    tasks: list[Task]
    news: list[notices.InboxItem]
    unread: int
    posts: list[Line]
    applications: list[Application]

    @cached_property
    def next(self) -> Meeting | None:
        """The next meeting that takes place."""
        return next((meeting for meeting in self.coming if meeting.is_scheduled), None)

    @property
    def later(self) -> list[Meeting]:
        return [meeting for meeting in self.coming if meeting is not self.next]

    @property
    def is_new_here(self) -> bool:
        """Neither in a committee nor on the way into one."""
        return not self.memberships and not self.applications


def _unanswered(coming: list[Meeting], *, but: Meeting | None) -> list[Task]:
    return [
        Task("calendar", _("Say whether you come: %(subject)s") % {"subject": m.subject}, m.committee.name, m.get_absolute_url())
        for m in coming
        if m.is_scheduled and not m.my_choice and m is not but  # type: ignore[attr-defined]
    ]


def _queue(person: Person) -> list[Task]:
    url, tasks = reverse("moderation:queue"), []
    if waiting := membership.waiting_for(person):
        words = ngettext("Answer %(n)s application", "Answer %(n)s applications", waiting) % {"n": waiting}
        tasks.append(Task("users", words, _("Oldest first. About 2 minutes each."), f"{url}?kind=application"))
    if cases := moderation.waiting_for(person):
        words = ngettext("Look at %(n)s flagged or waiting thing", "Look at %(n)s flagged or waiting things", cases) % {"n": cases}
        tasks.append(Task("flag", words, _("One moderator is enough."), url))
    return tasks


def _mine(applications: list[Application]) -> list[Task]:
    words = {
        "started": (_("Go on with your application"), _("It is not sent yet.")),
        "info_requested": (_("The organizers have a question for you"), _("They wait for your answer.")),
    }
    return [Task("doc", *words[a.state], a.get_absolute_url()) for a in applications if a.state in words]


def _kept(person: Person) -> list[Task]:
    """For those who keep the service running: that something waits, and where they find what it is."""
    n = waiting.in_all() if person.is_platform_admin else 0
    if not n:
        return []
    words = ngettext("%(n)s thing waits where you keep the service running", "%(n)s things wait where you keep the service running", n) % {"n": n}
    return [Task("tick-box", words, _("Workplaces to check, mails that did not go out, lists."), reverse("home:keeping"))]


_MEMBERSHIPS = prepared.Prepared(
    lambda person, at: Membership.objects.of(person).select_related("committee").with_running_roles(at).order_by("committee__name", "pk"),
    person=prepared.a_row(Person),
    at=prepared.an_instant,
)
_COMING = prepared.Prepared(
    lambda person, at: meetings.mine(person).coming(at).order_by("starts_at", "pk")[:COMING], person=prepared.a_row(Person), at=prepared.an_instant
)
_APPLICATIONS = prepared.Prepared(lambda person: Application.objects.of(person).open().select_related("committee"), person=prepared.a_row(Person))


def today_of(person: Person, *, at: datetime) -> Today:
    """Everything on one person's page at that instant, in a fixed number of queries."""
    memberships = _MEMBERSHIPS(person=person, at=at)
    coming = _COMING(person=person, at=at)
    applications = _APPLICATIONS(person=person)
    first = next((meeting for meeting in coming if meeting.is_scheduled), None)
    reviews = any("review_applications" in member.powers for member in memberships)
    tasks = _mine(applications) + (_queue(person) if reviews else []) + _kept(person) + _unanswered(coming, but=first)
    news = notices.unread(person, limit=NEW)
    posts = forum.news_for(person, since=at - NEW_POSTS) if memberships else []
    return Today(memberships, coming, tasks, news.items, news.count, posts, applications)
