"""Everybody wants everything daily for once: how a digest is caused in the world of the safety tests (telling.py)."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from committees.notices import commands as notices
from committees.notices import registry, sending
from committees.notices.models import Channel, Choice, Delivery
from tests.safety.world import World


def digest_of(*causes: Callable[[World], None]) -> Callable[[World], None]:
    """What these cause is gathered, and leaves at once."""

    def digest(world: World) -> None:
        wants = {"channel": Channel.EMAIL, "when": Choice.When.DAILY}
        people = [person for person in world.people.values() if person is not None]
        made = Choice.objects.bulk_create(Choice(person=person, group=group.name, **wants) for person in set(people) for group in registry.groups())
        for cause in causes:
            cause(world)
        notices.sweep(at=timezone.now())
        sending.run(seconds=60)
        assert Delivery.objects.gathered().update(due_at=timezone.now()), "something is gathered"
        notices.sweep(at=timezone.now())
        sending.run(seconds=60)
        Choice.objects.filter(pk__in=[each.pk for each in made]).delete()

    return digest
