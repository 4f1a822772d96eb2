"""Who may do what: one page, shown to members as it stands."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Standing(TextChoices):
    """Where a membership stands."""

    PROBATION = "probation", _("New member")
    MEMBER = "member", _("Member")
    SUSPENDED = "suspended", _("Suspended")
    STEPPED_ASIDE = "stepped_aside", _("Stepped aside")
    INACTIVE = "inactive", _("Inactive")
    LAPSED = "lapsed", _("Lapsed")
    LEFT = "left", _("Left")
    REMOVED = "removed", _("Removed")
    EXPECTED = "expected", _("Expected")


#: Inside, with or without every right.
PRESENT = frozenset({Standing.PROBATION, Standing.MEMBER})
#: May open the committee's pages at all. Someone inactive comes back with one tap, so they see the door.
THAT_SEE = frozenset({Standing.PROBATION, Standing.MEMBER, Standing.INACTIVE})
#: Outside, with the handle reserved: they may apply again, and come back to the same place. (Of a place that lapsed nothing leads
#: to its person any more: they begin anew.)
COMES_BACK = frozenset({Standing.STEPPED_ASIDE, Standing.LAPSED, Standing.LEFT, Standing.REMOVED})
#: Has a place from which one can be removed.
REMOVABLE = THAT_SEE | {Standing.SUSPENDED, Standing.EXPECTED}


class Role(TextChoices):
    """Held per committee, with a term."""

    ORGANIZER = "organizer", _("Organizer")
    MODERATOR = "moderator", _("Moderator")
    DELEGATE = "delegate", _("Delegate")


#: What is given and ended as a role. A delegate's office follows what they are sent with (mandates).
GIVEN = frozenset({Role.ORGANIZER, Role.MODERATOR})


class Power(StrEnum):
    """What a role or a standing lets one do in its own committee."""

    SEE_COMMITTEE = "see_committee"
    ANSWER_MEETINGS = "answer_meetings"
    SEE_PLACE = "see_place"
    CHANGE_HANDLE = "change_handle"
    VOUCH = "vouch"
    STEP_ASIDE = "step_aside"
    LEAVE = "leave"
    CALL_MEETING = "call_meeting"
    KEEP_MINUTES = "keep_minutes"
    SEND_MESSAGE = "send_message"
    SEE_DELIVERY = "see_delivery"
    SEE_ANSWERS = "see_answers"
    REVIEW_APPLICATIONS = "review_applications"
    ADMIT_MEMBER = "admit_member"
    SEE_ROSTER = "see_roster"
    REMOVE_MEMBER = "remove_member"
    GIVE_ROLE = "give_role"
    CHANGE_CHARTER = "change_charter"
    CONCLUDE_FOUNDING = "conclude_founding"
    AFFILIATE = "affiliate"
    SEE_LOG = "see_log"
    OBJECT = "object"
    VOLUNTEER = "volunteer"
    AGREE = "agree"
    CLOSE_COMMITTEE = "close_committee"
    EXPORT_MEMBERS = "export_members"
    FLAG = "flag"
    MODERATE = "moderate"
    POST = "post"
    READ_STRATEGY = "read_strategy"
    KEEP_BOARDS = "keep_boards"
    INVITE = "invite"
    KEEP_SETTINGS = "keep_settings"
    WAKE = "wake"
    SEE_GROWTH = "see_growth"
    ARRANGE_COVER = "arrange_cover"
    COVER = "cover"
    GRANT_SUPPORT = "grant_support"
    ANSWER_QUESTIONS = "answer_questions"
    TAKE_SEAT = "take_seat"

    @property
    def words(self) -> object:
        """What the power lets one do, in plain words."""
        return WORDS[self]


WORDS: dict[Power, object] = {
    Power.SEE_COMMITTEE: _("See the committee and its meetings"),
    Power.ANSWER_MEETINGS: _("Say whether you come to a meeting"),
    Power.SEE_PLACE: _("See where a meeting is"),
    Power.CHANGE_HANDLE: _("Use another name here"),
    Power.VOUCH: _("Vouch for someone you know"),
    Power.STEP_ASIDE: _("Step aside"),
    Power.LEAVE: _("Leave the committee"),
    Power.CALL_MEETING: _("Call, move and cancel meetings"),
    Power.KEEP_MINUTES: _("Write the minutes of meetings, and approve what another organizer wrote"),
    Power.SEND_MESSAGE: _("Write to all members, after signing in again"),
    Power.SEE_DELIVERY: _("See whether notices arrive, never an address"),
    Power.SEE_ANSWERS: _("See who comes to a meeting"),
    Power.REVIEW_APPLICATIONS: _("Read applications and ask questions"),
    Power.ADMIT_MEMBER: _("Accept or decline applications"),
    Power.SEE_ROSTER: _("See the list of members, after signing in again"),
    Power.REMOVE_MEMBER: _("Remove a member, together with a second organizer"),
    Power.GIVE_ROLE: _("Give roles and end them, and send delegates, together with a second organizer"),
    Power.CHANGE_CHARTER: _("Change what the committee is for, together with a second organizer"),
    Power.CONCLUDE_FOUNDING: _("Say that the first meeting was held"),
    Power.AFFILIATE: _("Ask a wider committee, answer those who ask yours, and part"),
    Power.SEE_LOG: _("Read what was done, without names"),
    Power.OBJECT: _("Object to what two organizers want to do"),
    Power.VOLUNTEER: _("Offer to organize, where nobody does any more"),
    Power.AGREE: _("Agree, as the second organizer, to what another one proposes"),
    Power.CLOSE_COMMITTEE: _("Close the committee or make it one with another, together with a second organizer"),
    Power.EXPORT_MEMBERS: _("Take the list of members out, together with a second organizer, a day later"),
    Power.FLAG: _("Flag what breaks the rules"),
    Power.MODERATE: _("Look at what was flagged: keep it, hide it, or stop somebody from writing for some days"),
    Power.POST: _("Write in the forum"),
    Power.READ_STRATEGY: _("Read and write where new members do not"),
    Power.KEEP_BOARDS: _("Open and name parts of the forum, and write announcements"),
    Power.INVITE: _("Make invitations and see who came by them"),
    Power.KEEP_SETTINGS: _("Set the committee’s name, who finds it and how one joins"),
    Power.WAKE: _("Wake the committee when it rests"),
    Power.SEE_GROWTH: _("See how the committee grows, in numbers that point to nobody"),
    Power.ARRANGE_COVER: _("Ask a member to cover for you while you are away"),
    Power.COVER: _("Cover for an organizer or a moderator who is away"),
    Power.GRANT_SUPPORT: _("Let those who keep the service look at parts of the committee, together with a second organizer"),
    Power.ANSWER_QUESTIONS: _("Answer members who ask the organizers for help"),
    Power.TAKE_SEAT: _("Sit in the wider committee to which your committee sends you"),
}


_NEW = frozenset({Power.SEE_COMMITTEE, Power.ANSWER_MEETINGS, Power.CHANGE_HANDLE, Power.STEP_ASIDE, Power.LEAVE, Power.FLAG, Power.POST})
_FULL = _NEW | {Power.SEE_PLACE, Power.VOUCH, Power.SEE_LOG, Power.OBJECT, Power.VOLUNTEER, Power.READ_STRATEGY, Power.WAKE, Power.COVER}

#: What a standing alone gives.
STANDING_GRANTS: dict[Standing, frozenset[Power]] = {
    Standing.PROBATION: _NEW,
    Standing.MEMBER: _FULL,
    Standing.INACTIVE: frozenset({Power.SEE_COMMITTEE, Power.LEAVE}),
    Standing.SUSPENDED: frozenset({Power.LEAVE}),
    Standing.STEPPED_ASIDE: frozenset({Power.LEAVE}),
    Standing.LAPSED: frozenset(),
    Standing.LEFT: frozenset(),
    Standing.REMOVED: frozenset(),
    Standing.EXPECTED: frozenset(),
}

#: What a role adds while its term runs and its holder is a full member.
GRANTS: dict[Role, frozenset[Power]] = {
    Role.ORGANIZER: frozenset(
        {
            Power.CALL_MEETING,
            Power.KEEP_MINUTES,
            Power.SEND_MESSAGE,
            Power.SEE_DELIVERY,
            Power.SEE_ANSWERS,
            Power.REVIEW_APPLICATIONS,
            Power.ADMIT_MEMBER,
            Power.SEE_ROSTER,
            Power.REMOVE_MEMBER,
            Power.GIVE_ROLE,
            Power.CHANGE_CHARTER,
            Power.AGREE,
            Power.CLOSE_COMMITTEE,
            Power.EXPORT_MEMBERS,
            Power.CONCLUDE_FOUNDING,
            Power.AFFILIATE,
            Power.MODERATE,
            Power.KEEP_BOARDS,
            Power.INVITE,
            Power.KEEP_SETTINGS,
            Power.SEE_GROWTH,
            Power.ARRANGE_COVER,
            Power.GRANT_SUPPORT,
            Power.ANSWER_QUESTIONS,
        }
    ),
    Role.MODERATOR: frozenset({Power.REVIEW_APPLICATIONS, Power.ADMIT_MEMBER, Power.MODERATE, Power.ARRANGE_COVER}),
    Role.DELEGATE: frozenset({Power.TAKE_SEAT}),
}


def roles_with(power: Power) -> list[Role]:
    """The roles that grant this power."""
    return [role for role, powers in GRANTS.items() if power in powers]


def powers_of(standing: Standing | str, roles: frozenset[Role]) -> frozenset[Power]:
    """What one may do with this standing and these running roles. Roles count only for full members."""
    granted = STANDING_GRANTS[Standing(standing)]
    if standing == Standing.MEMBER:
        for role in roles:
            granted |= GRANTS[role]
    return granted
