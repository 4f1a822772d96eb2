"""The verbs of sending delegates. Called through the module: `mandates.propose(committee, by=…)`."""

from committees.mandates.commands.clocks import drop_the_idle, end_the_overdue, pass_from_the_inactive, remind_of_reports, tell_of_ends
from committees.mandates.commands.holding import begin_mandate, call_off, count_reports, end_mandate, hand_back
from committees.mandates.commands.leaving import forget, go_over, member_goes, part, settle_before_uniting
from committees.mandates.commands.proposing import propose, propose_end
from committees.mandates.commands.seating import let_back, suspend_seats, take_seat

__all__ = [
    "begin_mandate",
    "call_off",
    "count_reports",
    "drop_the_idle",
    "end_mandate",
    "end_the_overdue",
    "forget",
    "go_over",
    "hand_back",
    "let_back",
    "member_goes",
    "part",
    "pass_from_the_inactive",
    "propose",
    "propose_end",
    "remind_of_reports",
    "settle_before_uniting",
    "suspend_seats",
    "take_seat",
    "tell_of_ends",
]
