"""The verbs of moderation. Called through the module: `moderation.hide(review, rule=…, by=…)`."""

from committees.moderation.commands.claiming import claim, release
from committees.moderation.commands.clocks import bring_back, end_sanctions, pass_on, release_claims
from committees.moderation.commands.deciding import approve, decide, hide, keep, lock, move, remove, restore, send_back, undo, unlock
from committees.moderation.commands.flagging import drop, flag, hold, take_up
from committees.moderation.commands.forgetting import erase_person, forget_words
from committees.moderation.commands.sanctioning import lift, silence, suspend
from committees.moderation.commands.uniting import go_over

__all__ = [
    "approve",
    "bring_back",
    "claim",
    "decide",
    "drop",
    "end_sanctions",
    "erase_person",
    "flag",
    "forget_words",
    "go_over",
    "hide",
    "hold",
    "keep",
    "lift",
    "lock",
    "move",
    "pass_on",
    "release",
    "release_claims",
    "remove",
    "restore",
    "send_back",
    "silence",
    "suspend",
    "take_up",
    "undo",
    "unlock",
]
