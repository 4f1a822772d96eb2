"""How long this room keeps what it knows about people: its rows of the retention table."""

from __future__ import annotations

from committees.base.retention import keep
from committees.moderation import commands

DECIDED = "it was decided"


def _reviews() -> None:
    keep("moderation.Review", "text", days=90, after=DECIDED, why="what a moderator wrote to its author", purge=commands.forget_words)
    keep(
        "moderation.Review",
        *[
            "author",
            "claimed_by",
            "claimed_until",
            "decided_by",
            "decided_at",
            "act",
            "rule",
            "reason",
            "begun_at",
            "state",
            "hidden_at",
            "hidden_until",
            "came_back_at",
            "erased_at",
        ],
        days=None,
        after="",
        why="that something was decided, by which rule, as long as the committee is; points at memberships, which erasure empties",
    )


def _flags() -> None:
    keep("moderation.Flag", "note", days=90, after=DECIDED, why="what somebody wrote who flagged something", purge=commands.forget_words)
    keep(
        "moderation.Flag",
        *["by", "site", "reason", "weight", "upheld", "at", "erased_at"],
        days=None,
        after="",
        why="so that nobody flags the same thing twice, and what a flag weighs; seen by nobody; points at a membership, which erasure empties",
    )


def _sanctions() -> None:
    keep("moderation.Sanction", "text", days=90, after="it was over", why="why somebody could not write, or was suspended", purge=commands.forget_words)
    keep(
        "moderation.Sanction",
        *["membership", "kind", "rule", "begins_at", "until", "by", "lifted_at", "ended_at", "erased_at"],
        days=None,
        after="",
        why="that it was, as long as the committee is; points at memberships, which erasure empties",
    )


def promise() -> None:
    """Called from `ready()`."""
    _reviews()
    _flags()
    _sanctions()
