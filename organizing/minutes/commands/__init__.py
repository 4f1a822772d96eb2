"""Minutes: written, shown, approved, corrected; what was to be done: done, handed back, given to somebody else, reminded of."""

from organizing.minutes.commands.doing import drop, finish, give, hand_back, remind_due
from organizing.minutes.commands.ending import call_off, erase_old, forget, go_over, lapse, let_go
from organizing.minutes.commands.unpacking import unpack
from organizing.minutes.commands.writing import Overtaken, approve, begin, correct, discard, name_taker, object_to, show, write

__all__ = [
    "Overtaken",
    "approve",
    "begin",
    "call_off",
    "correct",
    "discard",
    "drop",
    "erase_old",
    "finish",
    "forget",
    "give",
    "go_over",
    "hand_back",
    "lapse",
    "let_go",
    "name_taker",
    "object_to",
    "remind_due",
    "show",
    "unpack",
    "write",
]
