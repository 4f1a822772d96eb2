"""Posting and overtaking notices, and everything the outbox does with them afterwards."""

from committees.notices.commands.carrying import carry
from committees.notices.commands.choosing import Wishes, choose, forget_person, forget_wishes, mark_seen, resume, send_test, stop, stop_all_links
from committees.notices.commands.expanding import expand, expand_due
from committees.notices.commands.holding import hold_back
from committees.notices.commands.posting import hold_event, move_committee, post, supersede
from committees.notices.commands.returning import TooEarly, forget_returned, hear, take_in
from committees.notices.commands.reviving import again, send_again
from committees.notices.commands.sweeping import forget, sweep

__all__ = [
    "TooEarly",
    "Wishes",
    "again",
    "carry",
    "choose",
    "expand",
    "expand_due",
    "forget",
    "forget_person",
    "forget_returned",
    "forget_wishes",
    "hear",
    "hold_back",
    "hold_event",
    "mark_seen",
    "move_committee",
    "post",
    "resume",
    "send_again",
    "send_test",
    "stop",
    "stop_all_links",
    "supersede",
    "sweep",
    "take_in",
]
