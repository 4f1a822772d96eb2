"""The verbs of joining and belonging. Called through the module: `membership.admit(application, by=…)`."""

from committees.membership.commands.applying import apply, begin, reply, save_answers, start_committee, start_wider, withdraw
from committees.membership.commands.attesting import ask_for_their_word, attest, remind_of_their_word
from committees.membership.commands.belonging import (
    change_handle,
    conclude_founding,
    give_role,
    leave,
    seat,
    step_aside,
)
from committees.membership.commands.clocks import end_probations, expire_unsent, hand_over, remind_reviewers
from committees.membership.commands.closing import close
from committees.membership.commands.covering import accept_cover, ask_cover, begin_cover, call_off_cover, decline_cover, end_cover, tell_of_covers
from committees.membership.commands.forgetting import erase_person, forget_applications, forget_codes, forget_invitations
from committees.membership.commands.inactivity import ask_the_unseen, become_inactive, lapse, say_a_last_word, stay
from committees.membership.commands.inviting import InvitationGone, invite, revoke_invitation
from committees.membership.commands.moving import come_from, come_from_nowhere
from committees.membership.commands.offices import begin_term, end_term, keep_last_organizers, keep_office, remind_of_ends, resign
from committees.membership.commands.removing import forget_marks, remove
from committees.membership.commands.resting import look_at_the_quiet, stir, wake
from committees.membership.commands.reviewing import add_check, admit, ask, decline, mark_spam, note, recuse
from committees.membership.commands.revouching import confirm_anew, vouch_again
from committees.membership.commands.sending import seat_delegate, unseat_delegate
from committees.membership.commands.settling import Settings, settle
from committees.membership.commands.suspending import end_suspension, suspend
from committees.membership.commands.uniting import go_over, unite
from committees.membership.commands.vouching import make_code, use_code

__all__ = [
    "InvitationGone",
    "Settings",
    "accept_cover",
    "add_check",
    "admit",
    "apply",
    "ask",
    "ask_cover",
    "ask_for_their_word",
    "ask_the_unseen",
    "attest",
    "become_inactive",
    "begin",
    "begin_cover",
    "begin_term",
    "call_off_cover",
    "change_handle",
    "close",
    "come_from",
    "come_from_nowhere",
    "conclude_founding",
    "confirm_anew",
    "decline",
    "decline_cover",
    "end_cover",
    "end_probations",
    "end_suspension",
    "end_term",
    "erase_person",
    "expire_unsent",
    "forget_applications",
    "forget_codes",
    "forget_invitations",
    "forget_marks",
    "give_role",
    "go_over",
    "hand_over",
    "invite",
    "keep_last_organizers",
    "keep_office",
    "lapse",
    "leave",
    "look_at_the_quiet",
    "make_code",
    "mark_spam",
    "note",
    "recuse",
    "remind_of_ends",
    "remind_of_their_word",
    "remind_reviewers",
    "remove",
    "reply",
    "resign",
    "revoke_invitation",
    "save_answers",
    "say_a_last_word",
    "seat",
    "seat_delegate",
    "settle",
    "start_committee",
    "start_wider",
    "stay",
    "step_aside",
    "stir",
    "suspend",
    "tell_of_covers",
    "unite",
    "unseat_delegate",
    "use_code",
    "vouch_again",
    "wake",
    "withdraw",
]
