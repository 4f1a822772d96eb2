"""Pages of help in the world of the safety tests: one that everybody reads, and one that is not published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from committees.guides import commands as guides
from committees.guides import queries
from tests.safety.words import WORDS

if TYPE_CHECKING:
    from tests.safety.world import World


def furnish(world: World) -> None:
    by = world.person("admin")
    public, _draft = (guides.add(WORDS.guide(key), WORDS.guide(key), language="en", by=by, at=world.days(-2)) for key in ("public", "draft"))
    guides.publish(public, by=by, at=world.days(-1))
    version = queries.newest(public, "en")
    assert version
    world.things |= {"guides slug": public.slug, "guiding slug": public.slug, "guiding language": "en", "guiding version": version.slug}
