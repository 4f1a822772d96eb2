"""What members do with meetings, and what follows from the clock."""

from organizing.meetings.commands.answering import answer, answer_all
from organizing.meetings.commands.calendars import revoke_calendar, set_titles, subscribe_calendar
from organizing.meetings.commands.clocks import follow_the_clocks, remind_due
from organizing.meetings.commands.erasing import erase_answers, erase_drafts, erase_places, forget
from organizing.meetings.commands.inviting import accept_invitation, decline_invitation, invite, withdraw_invitation
from organizing.meetings.commands.places import give_free_places
from organizing.meetings.commands.planning import call, call_off, cancel, copy, discard, draft, edit, move, save
from organizing.meetings.commands.recurring import cancel_series, edit_series, extend, first_of, move_series, repeat, repeat_no_more, shifted
from organizing.meetings.commands.telling import send_test, tell_newcomer
from organizing.meetings.commands.uniting import go_over
from organizing.meetings.commands.unpacking import unpack

__all__ = [
    "accept_invitation",
    "answer",
    "answer_all",
    "call",
    "call_off",
    "cancel",
    "cancel_series",
    "copy",
    "decline_invitation",
    "discard",
    "draft",
    "edit",
    "edit_series",
    "erase_answers",
    "erase_drafts",
    "erase_places",
    "extend",
    "first_of",
    "follow_the_clocks",
    "forget",
    "give_free_places",
    "go_over",
    "invite",
    "move",
    "move_series",
    "remind_due",
    "repeat",
    "repeat_no_more",
    "revoke_calendar",
    "save",
    "send_test",
    "set_titles",
    "shifted",
    "subscribe_calendar",
    "tell_newcomer",
    "unpack",
    "withdraw_invitation",
]
