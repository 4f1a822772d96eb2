"""The forum of the world: a topic in each committee, one on a strategy board, one for all sites, one for everyone, a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from committees.membership.models import Membership
from organizing.forum import commands as forum
from organizing.forum.models import Board, Post, Topic
from tests.organizing.forum.talking import let_through
from tests.safety.words import WORDS

if TYPE_CHECKING:
    from tests.safety.world import World

COMMITTEES = ("home", "other", "hush")
#: Who is a plain member of which committee: their posts wait at first.
MEMBERS = {"home": "member", "other": "elsewhere", "hush": "hidden"}


def _board(world: World, key: str, audience: str) -> Board:
    return Board.objects.filter(committee=world.committees[key], audience=audience).order_by("pk")[0]


def _member(world: World, who: str) -> Membership:
    return Membership.objects.select_related("committee", "person").get(pk=world.members[who].pk)


def _begin(world: World, name: str, board: Board, by: str, *, days: float = -2) -> Topic:
    return forum.start(board, title=WORDS.topic(name), text=WORDS.post(name), language="en", by=_member(world, by), at=world.days(days))


def _reply(world: World, name: str, topic: Topic, by: str, *, reply_to: Post | None = None) -> Post:
    post = forum.reply(topic, WORDS.post(name), language="en", reply_to=reply_to, by=_member(world, by), at=timezone.now())
    if post.is_waiting:
        let_through(post)
        post.refresh_from_db()
    return post


def furnish(world: World) -> None:
    """Organizers begin the topics; in each committee a member answers, and a moderator has looked at it."""
    for key in COMMITTEES:
        topic = world.things[f"topic of {key}"] = _begin(world, key, _board(world, key, "committee"), f"{key}.founder1")
        world.things[f"post of {key}"] = _reply(world, f"{key}.reply", topic, MEMBERS[key])
        world.things[f"board of {key}"] = topic.board
    world.things["strategy topic"] = _begin(world, "home.strategy", _board(world, "home", "strategy"), "home.founder1")
    shared = world.things["shared topic"] = _begin(world, "shared", _board(world, "alliance", "shared"), "other.founder1")
    _reply(world, "shared.hush", shared, "hush.founder1")
    public = forum.open_board("For everyone", "public", by=_member(world, "other.founder2"), at=world.days(-2))
    world.things["public topic"] = _begin(world, "public", public, "other.founder2")
    waiting = forum.reply(world.things["topic of home"], WORDS.post("waiting"), language="en", by=_member(world, "probation"), at=timezone.now())
    assert waiting.is_waiting
    forum.save_draft(world.things["topic of home"], text=WORDS.draft("member"), by=world.person("member"), at=world.at)
    forum.watch_board(world.things["board of home"], "watch", by=world.person("member"))


def paths(world: World) -> dict[str, Any]:
    """What stands in the forum's paths, seen from each committee."""
    boards = {key: world.things[f"board of {key}"].slug for key in COMMITTEES}
    own = {key: world.things[f"post of {key}"].slug for key in COMMITTEES}
    first = {key: Post.objects.get(topic=world.things[f"topic of {key}"], position=1).slug for key in COMMITTEES}
    return {
        "forum slug": {key: world.things[f"topic of {key}"].slug for key in COMMITTEES},
        **{f"forum:{name} slug": boards for name in ("board", "start", "follow_board", "rename")},
        "forum:edit slug": own,
        "forum:withdraw slug": own,
        "forum:translate slug": first,
        "forum:block slug": first,
        "position": "1",
    }


# -- What notices are caused by --------------------------------------------------------------------------------------------


def begin_another(world: World) -> None:
    """A topic on a board that the member follows."""
    late = _begin(world, "late", world.things["board of home"], "home.founder1", days=0)
    world.things["late topic"] = late
    forum.watch(late, "watch", by=world.person("member"))
    forum.watch(late, "watch", by=world.person("home.founder2"))


def go_on(world: World) -> None:
    _reply(world, "late", world.things["late topic"], "home.founder3")


def answer(world: World) -> None:
    """Somebody answers the member's own post."""
    _reply(world, "answer", world.things["topic of home"], "home.founder1", reply_to=world.things["post of home"])
