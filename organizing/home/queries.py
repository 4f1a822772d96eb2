"""A person's day: the next meeting, what needs them, what is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from committees.base import prepared
from committees.membership.models import Application, Membership
from committees.notices import queries as notices
from committees.people.models import Person
from organizing.forum import queries as forum
from organizing.forum.queries import Line
from organizing.home import needs
from organizing.meetings import queries as meetings
from organizing.meetings.models import Meeting
from organizing.minutes import queries as minutes

COMING = 6
NEW = 5
#: Topics of the forum that went on within so many days are new to whoever has not read them.
NEW_POSTS = timedelta(days=7)


@dataclass(frozen=True)
class Today:
    """What stands on the page. Every list is already short; nothing here asks the database again."""

    memberships: list[Membership]
    coming: list[Meeting]
    tasks: list[needs.Task]
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


_MEMBERSHIPS = prepared.Prepared(
    lambda person, at: minutes.with_next(Membership.objects.of(person).select_related("committee").with_running_roles(at)).order_by("committee__name", "pk"),
    person=prepared.a_row(Person),
    at=prepared.an_instant,
)
_COMING = prepared.Prepared(
    lambda person, at: meetings.coming(person, at).order_by("starts_at", "pk")[:COMING], person=prepared.a_row(Person), at=prepared.an_instant
)
_APPLICATIONS = prepared.Prepared(lambda person: Application.objects.of(person).open().select_related("committee"), person=prepared.a_row(Person))


def today_of(person: Person, *, at: datetime) -> Today:
    """Everything on one person's page at that instant, in a fixed number of queries."""
    memberships = _MEMBERSHIPS(person=person, at=at)
    coming = _COMING(person=person, at=at)
    applications = _APPLICATIONS(person=person)
    tasks = needs.tasks(person, memberships, applications, coming, at=at)
    news = notices.unread(person, limit=NEW)
    posts = forum.news_for(person, since=at - NEW_POSTS) if memberships else []
    return Today(memberships, coming, tasks, news.items, news.count, posts, applications)
