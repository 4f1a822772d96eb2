"""Documents on agendas, for the tests of who sees what: one that all who are invited read, one for organizers, and a photo whose camera wrote into it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PIL import Image

from committees.membership.models import Membership
from organizing.meetings.models import AgendaItem
from organizing.meetings.plans import Plan
from organizing.papers import commands as papers
from organizing.papers.models import Paper
from tests.safety.words import WORDS

if TYPE_CHECKING:
    from tests.safety.world import World

THREE = ("home", "other", "hush")
type MakePlan = Callable[..., Plan]


def furnish(world: World, plan: MakePlan) -> None:
    """At the called meeting of each committee; and one at the draft of home."""
    for key in THREE:
        meeting = world.things[f"meeting of {key}"]
        first, second = AgendaItem.objects.filter(meeting=meeting).order_by("position")
        world.things[f"paper at a point of {key}"] = _hang(world, key, first, WORDS.paper(key))
        _hang(world, key, second, WORDS.organizers_paper(key))
    draft = AgendaItem.objects.filter(meeting=world.things["draft of home"]).order_by("position")[0]
    _hang(world, "home", draft, WORDS.paper("home.draft"))
    photo = papers.cleaned(_photo())
    papers.attach(
        AgendaItem.objects.get(pk=world.things["paper at a point of home"].point_id), photo, name="The yard", by=_by(world, "home"), at=world.days(-1)
    )


def _by(world: World, key: str) -> Membership:
    return Membership.objects.select_related("committee", "person").with_running_roles().get(pk=world.members[f"{key}.founder1"].pk)


def _hang(world: World, key: str, point: AgendaItem, word: str) -> Paper:
    """What it is called and what stands in it are one word: the page shows the first, the file the second."""
    return papers.attach(point, papers.cleaned(word.encode()), name=word, by=_by(world, key), at=world.days(-1))


def _photo() -> bytes:
    """As a camera writes it: who, with what, and a remark."""
    out, told = io.BytesIO(), Image.Exif()
    told[0x013B], told[0x0131] = WORDS.camera, WORDS.camera
    Image.new("RGB", (40, 30), (90, 120, 90)).save(out, "JPEG", exif=told, comment=WORDS.camera.encode())
    return out.getvalue()


def paths(world: World) -> dict[str, Any]:
    """One and the same document for every route."""
    return {
        "papers slug": {key: world.things[f"meeting of {key}"].slug for key in THREE},
        "papers paper": {key: world.things[f"paper at a point of {key}"].slug for key in THREE},
    }
