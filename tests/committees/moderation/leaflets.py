"""Something written that can be moderated: a leaflet on a committee's wall. Known to these tests alone, in a registry and a table of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.apps.registry import Apps
from django.db import connection, models

from committees.base.slugs import SlugField
from committees.membership.models import Membership
from committees.moderation import registry
from committees.moderation.registry import Matter
from committees.people.models import Person

_numbers = itertools.count(1)


class Leaflet(models.Model):
    """`shared`: members of every committee read it."""

    slug = SlugField()
    committee_id = models.BigIntegerField()
    author_id = models.BigIntegerField()
    text = models.TextField()
    language = models.CharField(max_length=12, default="en")
    state = models.CharField(max_length=20, default="visible")
    shared = models.BooleanField(default=False)

    class Meta:
        app_label = "leaflets"
        apps = Apps()

    def __str__(self) -> str:
        return self.slug


def put_up(author: Membership, *, committee_id: int | None = None, **fields: Any) -> Leaflet:
    return Leaflet.objects.create(
        committee_id=committee_id or author.committee_id, author_id=author.pk, **{"text": f"Leaflet {next(_numbers)}: break room at two."} | fields
    )


def _become(state: str) -> Callable[..., None]:
    def act(row: Leaflet, *, at: datetime) -> None:
        Leaflet.objects.filter(pk=row.pk).update(state=state)

    return act


def _readable(person: Person) -> models.QuerySet[Leaflet]:
    mine = list(Membership.objects.of(person).values_list("committee_id", flat=True))
    return Leaflet.objects.filter(models.Q(committee_id__in=mine) | models.Q(shared=True), state="visible")


LEAFLETS = Matter(
    name="leaflets.leaflet",
    label="Leaflet",
    model=Leaflet,
    committee=lambda row: row.committee_id,
    author=lambda row: Membership.objects.select_related("person", "committee").filter(pk=row.author_id, person__isnull=False).first(),
    visible_to=_readable,
    excerpt=lambda row: row.text,
    language=lambda row: row.language,
    url=lambda row: f"/leaflets/{row.slug}/",
    crosses_sites=lambda row: row.shared,
    acts={
        "approve": _become("visible"),
        "send_back": _become("draft"),
        "hide": _become("hidden"),
        "hide_by_flags": _become("hidden_by_flags"),
        "remove": _become("removed"),
        "restore": _become("visible"),
        "lock": _become("locked"),
        "unlock": _become("visible"),
    },
)


@contextmanager
def wall() -> Iterator[None]:
    """The table and the registration, for as long as a test runs."""
    with connection.schema_editor() as editor:
        editor.create_model(Leaflet)
    registry.register(LEAFLETS)
    try:
        yield
    finally:
        registry.unregister(LEAFLETS.name)
        with connection.schema_editor() as editor:
            editor.delete_model(Leaflet)


def state_of(leaflet: Leaflet) -> str:
    return Leaflet.objects.get(pk=leaflet.pk).state
