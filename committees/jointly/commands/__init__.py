"""The verbs of what takes two organizers. Called through the module: `jointly.agree(act, by=…)`."""

from committees.jointly.commands.acting import (
    agree,
    carry_out,
    drop,
    fetch,
    forget,
    lapse,
    object_to,
    propose_about,
    propose_charter,
    propose_closing,
    propose_end,
    propose_export,
    propose_leaving,
    propose_removal,
    propose_role,
    propose_support,
    propose_uniting,
    volunteer,
)
from committees.jointly.commands.covering import accept_cover, ask_cover, end_cover
from committees.jointly.commands.ending import end_all, give_up, overtake_about
from committees.jointly.commands.uniting import go_over, introduce

__all__ = [
    "accept_cover",
    "agree",
    "ask_cover",
    "carry_out",
    "drop",
    "end_all",
    "end_cover",
    "fetch",
    "forget",
    "give_up",
    "go_over",
    "introduce",
    "lapse",
    "object_to",
    "overtake_about",
    "propose_about",
    "propose_charter",
    "propose_closing",
    "propose_end",
    "propose_export",
    "propose_leaving",
    "propose_removal",
    "propose_role",
    "propose_support",
    "propose_uniting",
    "volunteer",
]
