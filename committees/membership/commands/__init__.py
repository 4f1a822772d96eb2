"""The verbs of joining and belonging. Called through the module: `membership.admit(application, by=…)`."""

from committees.membership.commands.applying import apply, begin, reply, save_answers, start_committee, withdraw
from committees.membership.commands.belonging import conclude_founding, confirm_removal, drop_removal, give_role, leave, propose_removal, seat, step_aside
from committees.membership.commands.clocks import end_probations, expire_unsent, remind_reviewers
from committees.membership.commands.reviewing import add_check, admit, ask, decline, mark_spam, note

__all__ = [
    "add_check",
    "admit",
    "apply",
    "ask",
    "begin",
    "conclude_founding",
    "confirm_removal",
    "decline",
    "drop_removal",
    "end_probations",
    "expire_unsent",
    "give_role",
    "leave",
    "mark_spam",
    "note",
    "propose_removal",
    "remind_reviewers",
    "reply",
    "save_answers",
    "seat",
    "start_committee",
    "step_aside",
    "withdraw",
]
