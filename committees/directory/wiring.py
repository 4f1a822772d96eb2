"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from committees.base import retention
from committees.directory import commands, queries
from committees.directory.lists import KEEP
from committees.notices import registry as notices
from committees.people import registry as people
from committees.people.models import Person


def what_erasing_means(person: Person) -> Iterable[str]:
    yield _("Workplaces that you added stay. Nothing leads from them to you.")


def connect() -> None:
    people.employer_domain_check(queries.employer_with_domain)
    people.in_an_export("workplaces_added", queries.proposals_of)
    people.in_an_erasure("directory", says=what_erasing_means, erase=commands.forget_proposer)
    retention.keep(
        "directory.Workplace",
        "proposed_by",
        "form_key",
        days=None,
        after="the proposal",
        why="until an admin answers the proposal or the account is erased; the same act forgets who made it",
    )
    retention.keep(
        "directory.WorkplaceList",
        *("slug", "form_key", "name", "content", "outline", "columns", "country", "stage", "position", "total", "counts", "examples"),
        *("tries", "holder", "held_until", "handed_in_at"),
        days=KEEP.days,
        after="an admin handed it in",
        why="to read a list of workplaces and take it in; the file itself goes as soon as that is done. A list may name people besides",
        purge=commands.forget_lists,
    )
    retention.keep(
        "directory.ListPart",
        *("workplace_list", "last_row", "met", "employers", "unusable"),
        days=KEEP.days,
        after="an admin handed the list in",
        why="to go on where a worker stopped, and to say which rows could not be used",
        purge=commands.forget_lists,
    )
    notices.every_minute(commands.wake_for_forsaken)
