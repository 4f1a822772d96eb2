"""What is done with polls, and what follows from the clock."""

from organizing.finding.commands.seeking import (
    ANSWER_DAYS,
    POLL_DAYS,
    add_time,
    answer,
    call_off,
    close,
    erase_answers,
    erase_old,
    forget,
    go_over,
    leave_out,
    propose,
    remind_due,
    take,
    withdraw,
)
from organizing.finding.commands.unpacking import unpack

__all__ = [
    "ANSWER_DAYS",
    "POLL_DAYS",
    "add_time",
    "answer",
    "call_off",
    "close",
    "erase_answers",
    "erase_old",
    "forget",
    "go_over",
    "leave_out",
    "propose",
    "remind_due",
    "take",
    "unpack",
    "withdraw",
]
