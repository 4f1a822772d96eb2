"""How long this room keeps what it knows about people: its rows of the retention table."""

from __future__ import annotations

from committees.base.retention import Purge, keep
from organizing.forum import commands
from organizing.forum.commands.forgetting import DRAFT_DAYS, REMOVED_DAYS


def _with_its_row(model: str, columns: str, *, why: str, purge: Purge | None = None) -> None:
    keep(f"forum.{model}", *columns.split(), days=None, after="", why=why, purge=purge)


def promise() -> None:
    """Called from `ready()`."""
    _with_its_row(
        "Post",
        "membership written_in shown_as source html words language written_at published_at edited_at reply_to",
        why="what members said to one another; taking it back erases the text at once, erasing an account leaves it to nobody",
    )
    removed = f"what a moderator removed is erased {REMOVED_DAYS} days later"
    _with_its_row("Post", "state ended_at", why=removed, purge=commands.forget_removed)
    _with_its_row("PostVersion", "source language until", why="what a post said before; goes with its text")
    _with_its_row("Translation", "membership source html written_at", why="goes with the text of the post, or when its author takes everything back")
    _with_its_row("Topic", "title started_by started_in started_at", why="the head of a conversation; not shown once its first post is gone")
    _with_its_row("ReadMark", "person topic position", why="how far you have read, for you alone; until your account goes")
    _with_its_row(
        "Block",
        "person blocked since",
        why="whom you want to read no more, for you alone; until you end it, leave the committee, or one of the two accounts goes",
    )
    _with_its_row("Watch", "person topic board level", why="what you follow; until you stop, or your account goes")
    keep(
        "forum.Draft",
        *("person", "topic", "board", "title", "text", "language", "mandate", "changed_at"),
        days=DRAFT_DAYS,
        after="it was last changed",
        why="what you have begun to write",
        purge=commands.forget_drafts,
    )
