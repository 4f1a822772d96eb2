"""Two committees become one: what was written in the one can be read in the other from then on, on boards of its own.

By becoming part of a listed committee, one that only its link led to does not become known: what it wrote for everyone was read
by its own people alone, and stays so; and its authors are known elsewhere by industry and country alone, as before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from committees.base import languages
from committees.bodies.models import Committee, Visibility
from organizing.forum.audiences import Audience
from organizing.forum.models import Board, Draft, Post, ShownAs, Topic, Watch

LONGEST = 80


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """This room's rows (bodies.register.on_uniting). A board that had no name of its own bears that of the committee."""
    if loser.visibility != Visibility.LISTED:
        _keep_hidden(loser)
    _drop_empty(loser, winner)
    _name(loser, winner)
    Board.objects.filter(committee=loser).update(committee=winner)
    Topic.objects.filter(committee=loser, started_in=loser).update(committee=winner, started_in=winner)  # of inner ones both are one
    Topic.objects.filter(committee=loser).update(committee=winner)
    Topic.objects.filter(started_in=loser).update(started_in=winner)
    Post.objects.filter(committee=loser, written_in=loser).update(committee=winner, written_in=winner)
    Post.objects.filter(committee=loser).update(committee=winner)
    Post.objects.filter(written_in=loser).update(written_in=winner)


def _keep_hidden(loser: Committee) -> None:
    """Boards for everyone become the committee's own. Where members of other committees wrote on one, it becomes one for all who
    belong: the same people read it as before, who could read it only as members."""
    Post.objects.filter(written_in=loser).update(shown_as=ShownAs.INDUSTRY)
    there = Board.objects.filter(committee=loser, audience=Audience.PUBLIC)
    begun = Topic.objects.filter(board=OuterRef("pk")).exclude(started_in=loser)
    written = Post.objects.filter(topic__board=OuterRef("pk")).exclude(written_in=loser)
    shared = set(there.filter(Exists(begun) | Exists(written)).values_list("pk", flat=True))
    own = set(there.values_list("pk", flat=True)) - shared
    for boards, audience in ((own, Audience.COMMITTEE), (shared, Audience.SHARED)):
        Post.objects.filter(topic__board__in=boards).update(audience=audience)
        Topic.objects.filter(board__in=boards).update(audience=audience)
        Board.objects.filter(pk__in=boards).update(audience=audience)


def _drop_empty(loser: Committee, winner: Committee) -> None:
    """Of two boards that every committee has, one is enough where nobody wrote on the other. Who follows that one, and what was
    begun for it, goes over; it stays where somebody has begun something for either."""
    begun = Topic.objects.filter(board=OuterRef("pk"))
    for empty in Board.objects.filter(~Exists(begun), committee=loser, name=""):
        there = Board.objects.filter(committee=winner, audience=empty.audience, policy=empty.policy, name="").order_by("pk").first()
        if there is None:
            continue
        for rows in (Draft.objects.all(), Watch.objects.all()):
            theirs: Any = rows.filter(board=there).values("person")
            rows.filter(board=empty).exclude(person__in=theirs).update(board=there)
        if not Draft.objects.filter(board=empty).exists():
            empty.delete()


def _name(loser: Committee, winner: Committee) -> None:
    """Every board that comes is told from every other. Where the committee was hidden, its name is not on it."""
    spoken = next((each for each in loser.languages if each in languages.of_screens()), settings.LANGUAGE_CODE)
    with translation.override(spoken):
        taken = {board.title for board in Board.objects.filter(committee=winner)}
        come = list(Board.objects.filter(committee=loser).order_by("pk"))
        for board in come:
            board.name = _free(board.name or _of_its_group(board, loser), taken)
            taken.add(board.name)
    Board.objects.bulk_update(come, ["name"])


def _of_its_group(board: Board, loser: Committee) -> str:
    if loser.visibility != Visibility.LISTED:
        return _("From the other group: %(board)s") % {"board": board.title}
    tail = f": {board.title}"
    return loser.name[: LONGEST - len(tail)] + tail


def _free(name: str, taken: set[str]) -> str:
    found, number = name[:LONGEST], 2
    while found in taken:
        tail = f" {number}"
        found, number = name[: LONGEST - len(tail)] + tail, number + 1
    return found
