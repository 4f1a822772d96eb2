"""The verbs of this room."""

from committees.asking.commands.answering import answer, finish, give_back, mark_spam, take
from committees.asking.commands.asking import ask, close, pass_on, write
from committees.asking.commands.clocks import forget, offer, remind, rest
from committees.asking.commands.ending import Overtaken, before_uniting, close_committee, erase_person, go_over, lapse, out, release

__all__ = [
    "Overtaken",
    "answer",
    "ask",
    "before_uniting",
    "close",
    "close_committee",
    "erase_person",
    "finish",
    "forget",
    "give_back",
    "go_over",
    "lapse",
    "mark_spam",
    "offer",
    "out",
    "pass_on",
    "release",
    "remind",
    "rest",
    "take",
    "write",
]
