"""What may be done to the directory: take a list in, propose a site, answer a proposal, mend, merge, close."""

from committees.directory.commands.taking import Outcome, take_in  # first: imports.run asks for it while lists.py is read

from committees.directory.commands.employers import edit_employer, merge_employers  # isort: skip
from committees.directory.commands.lists import TASK, confirm, drop, forget_lists, hand_in, settle_columns, wake_for_forsaken, work
from committees.directory.commands.naming import name_employer, name_site, reindex, set_aliases
from committees.directory.commands.proposing import accept, decline, employer_called, forget_proposer, propose
from committees.directory.commands.sites import close, edit, merge, reopen

__all__ = [
    "TASK",
    "Outcome",
    "accept",
    "close",
    "confirm",
    "decline",
    "drop",
    "edit",
    "edit_employer",
    "employer_called",
    "forget_lists",
    "forget_proposer",
    "hand_in",
    "merge",
    "merge_employers",
    "name_employer",
    "name_site",
    "propose",
    "reindex",
    "reopen",
    "set_aliases",
    "settle_columns",
    "take_in",
    "wake_for_forsaken",
    "work",
]
