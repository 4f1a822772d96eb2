"""What members do in the forum. Called through the module: `forum.reply(topic, …, by=…)`."""

from organizing.forum.commands.blocking import block, unblock
from organizing.forum.commands.boards import give_first_boards, open_board, pin, rename_board
from organizing.forum.commands.changing import edit, withdraw, withdraw_everything
from organizing.forum.commands.forgetting import forget_drafts, forget_member, forget_person, forget_removed
from organizing.forum.commands.moderating import approve, hide, lock, move, remove, restore, send_back, unlock, wait_again
from organizing.forum.commands.reading import discard_draft, mark_all_read, mark_read, save_draft, watch, watch_board
from organizing.forum.commands.translating import translate
from organizing.forum.commands.uniting import go_over
from organizing.forum.commands.unpacking import unpack
from organizing.forum.commands.writing import reply, start

__all__ = [
    "approve",
    "block",
    "discard_draft",
    "edit",
    "forget_drafts",
    "forget_member",
    "forget_person",
    "forget_removed",
    "give_first_boards",
    "go_over",
    "hide",
    "lock",
    "mark_all_read",
    "mark_read",
    "move",
    "open_board",
    "pin",
    "remove",
    "rename_board",
    "reply",
    "restore",
    "save_draft",
    "send_back",
    "start",
    "translate",
    "unblock",
    "unlock",
    "unpack",
    "wait_again",
    "watch",
    "watch_board",
    "withdraw",
    "withdraw_everything",
]
