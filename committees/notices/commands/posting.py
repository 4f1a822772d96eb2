"""Putting a notice into the outbox, in the transaction of what caused it, and overtaking earlier ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from committees.notices import locks, registry, waking
from committees.notices.commands import expanding, leasing
from committees.notices.models import Choice, Notice


@transaction.atomic
def post(
    kind: str,
    *,
    about: models.Model,
    to: Iterable[int] | None = None,
    committee: models.Model | None = None,
    version: int = 1,
    at: datetime,
    occasion: str = "",
    due_at: datetime | None = None,
    useful_until: datetime | None = None,
) -> Notice:
    """Have people told about something: `to` these people, or (None) those whom the kind's audience names when it is due.

    Posting the same kind, thing, version and occasion again gives the same notice; whoever is in `to` and was not told
    yet is told then, so that a latecomer gets what went out before. Workers are woken after the commit.
    """
    meaning = registry.kind(kind)
    notice, _made = Notice.objects.get_or_create(
        kind=kind,
        about_type=about._meta.label,
        about_id=about.pk,
        version=version,
        occasion=occasion,
        defaults={
            "committee_id": committee.pk if committee is not None else None,
            "urgent": meaning.urgent,
            "posted_at": at,
            "due_at": due_at or at,
            "useful_until": useful_until,
            "expanded_at": at if to is not None else None,
        },
    )
    notice.about = about
    if to is None:
        if notice.due_at <= timezone.now():
            waking.after_commit("expand", notice.pk)
    elif notice.superseded_at is None:
        expanding.add(notice, to, due_at=max(notice.due_at, at))
    return notice


def hold_event(about: models.Model) -> None:
    """Keep every sender off notices about this thing until the transaction ends, and wait for the batch that is going out."""
    locks.take_alone(locks.event(about._meta.label, about.pk))


@transaction.atomic
def supersede(about: models.Model, *, before_version: int | None = None, kinds: Iterable[str] | None = None) -> int:
    """Nothing more is sent of what was told about this thing before `before_version` (all of it, if none is given).

    Called first thing in the command that moves or cancels, so that nothing starts after its commit: it waits for the
    batch that is just going out. Takes the same time for 10 members and for 10,000: their deliveries follow at the
    next sweep. Returns how many notices were overtaken.
    """
    hold_event(about)
    leasing.recover(at=timezone.now(), about=(about._meta.label, about.pk))
    notices = Notice.objects.about(about).standing()
    if before_version is not None:
        notices = notices.filter(version__lt=before_version)
    if kinds is not None:
        notices = notices.filter(kind__in=list(kinds))
    return notices.update(superseded_at=timezone.now())


def move_committee(old: int, new: int) -> None:
    """Two committees became one: what was told for the one is told for the other, whose members' wishes count from now on."""
    Notice.objects.filter(committee_id=old).update(committee_id=new)
    Choice.objects.filter(committee_id=old).delete()
