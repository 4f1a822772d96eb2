"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from committees.base import retention
from committees.directory import commands, queries
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
