"""Two committees become one: what was written in the one can be read in the other from then on, on boards of its own."""

from __future__ import annotations

from datetime import datetime

from committees.bodies.models import Committee
from organizing.forum.models import Board, Post, Topic


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """This room's rows (bodies.register.on_uniting). A board that had no name of its own bears that of the committee."""
    Board.objects.filter(committee=loser, name="", posts=0).exclude(pk__in=Topic.objects.filter(committee=loser).values("board")).delete()
    Board.objects.filter(committee=loser, name="").update(name=loser.name[:80])
    Board.objects.filter(committee=loser).update(committee=winner)
    Topic.objects.filter(committee=loser, started_in=loser).update(committee=winner, started_in=winner)  # of inner ones both are one
    Topic.objects.filter(committee=loser).update(committee=winner)
    Topic.objects.filter(started_in=loser).update(started_in=winner)
    Post.objects.filter(committee=loser, written_in=loser).update(committee=winner, written_in=winner)
    Post.objects.filter(committee=loser).update(committee=winner)
    Post.objects.filter(written_in=loser).update(written_in=winner)
