"""What members do while a meeting goes on, and what follows from the clock."""

from organizing.live.commands.coming import come, leave, leave_out, mark_left, tick
from organizing.live.commands.door import answer, knock
from organizing.live.commands.duties import give_duty, take_duty
from organizing.live.commands.keeping import erase_names, forget, go_over
from organizing.live.commands.opening import call_off, end, end_due, open_meeting
from organizing.live.commands.speaking import ask, call_next, drop, finish, set_limit, take_speakers, withdraw
from organizing.live.commands.turning import turn_to
from organizing.live.commands.unpacking import unpack

__all__ = [
    "answer",
    "ask",
    "call_next",
    "call_off",
    "come",
    "drop",
    "end",
    "end_due",
    "erase_names",
    "finish",
    "forget",
    "give_duty",
    "go_over",
    "knock",
    "leave",
    "leave_out",
    "mark_left",
    "open_meeting",
    "set_limit",
    "take_duty",
    "take_speakers",
    "tick",
    "turn_to",
    "unpack",
    "withdraw",
]
