"""What is kept about a person, in words for the privacy page. The figures come from the retention table alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from committees.base import retention


@dataclass(frozen=True)
class Group:
    """Columns that mean one thing to a reader. `after` names the event from which the days are counted."""

    what: str | Promise
    models: tuple[str, ...]
    after: str | Promise = ""


GROUPS: tuple[Group, ...] = (
    Group(
        _("Your account: how you sign in, your addresses, your language and time zone"),
        ("people.Person", "people.Contact", "people.RecoveryCode", "mfa.Authenticator", "account.EmailAddress", "account.EmailConfirmation"),
    ),
    Group(_("That a device is signed in"), ("people.Session",), _("you signed in")),
    Group(_("Which of your devices are told by push: the address that its maker’s service gave it, and its keys"), ("notices.PushDevice",)),
    Group(_("Mails to you about your account, until they are sent and counted"), ("people.AccountMail", "notices.Errand"), _("it was written")),
    Group(_("How often somebody tried to sign in, under a key of that day"), ("people.Tally",), _("the attempt")),
    Group(
        _("What you wrote to join a committee, and what was said about it"),
        (
            "membership.Application",
            "membership.ApplicationMessage",
            "membership.ApplicationEvent",
            "membership.Move",
            "membership.Check",
            "membership.Recusal",
            "membership.VouchCode",
        ),
        _("your application ended"),
    ),
    Group(_("Invitations to a committee that you made or stopped, and what you called them"), ("membership.Invitation",), _("the invitation ended")),
    Group(
        _("To which committees you belong, under which name, and which roles you hold"),
        ("membership.Membership", "membership.RoleTerm", "membership.ReservedHandle", "membership.RemovedAddress"),
    ),
    Group(_("When somebody covered for you, or you for somebody, never why"), ("membership.Cover",)),
    Group(
        _("What a committee let those who keep the service see, why, and what they opened"),
        ("support.Grant", "support.Look", "support.Visitor"),
        _("it ended"),
    ),
    Group(
        _("What you asked organizers or those who keep the service, and what was answered"),
        ("asking.Question", "asking.Message"),
        _("the question was closed"),
    ),
    Group(
        _("What moderators decided about something of yours and wrote to you, and what you flagged"),
        ("moderation.Review", "moderation.Flag", "moderation.Sanction"),
        _("it was decided"),
    ),
    Group(_("Which organizers asked, answered and parted when committees came together, and what they wrote"), ("alliance.Affiliation",), _("the tie ended")),
    Group(_("Where your committee sent you as a delegate, or had you stand in, and with what mandate"), ("mandates.Mandate",), _("it was over")),
    Group(
        _("What organizers proposed and agreed to together, why, and what you objected to it"),
        ("jointly.JointAct", "jointly.Objection", "jointly.Introduction"),
        _("it was done or stopped"),
    ),
    Group(_("The file of a committee that you bring from another server, and what you wrote with it"), ("resettling.Arrival",), _("it was answered")),
    Group(
        _("That a place waits for you in a committee that came from another server, and a fingerprint of your code"),
        ("resettling.Seat",),
        _("the committee came"),
    ),
    Group(_("Where a meeting is: place, link and number to call"), ("meetings.Meeting",), _("the meeting")),
    Group(_("Whether you came to a meeting, and what you need there"), ("meetings.Answer",), _("the meeting")),
    Group(
        _("That you were at a meeting, asked to speak there, kept its door or waited at it"),
        ("live.Presence", "live.Turn", "live.Duty", "live.Knock"),
        _("the meeting"),
    ),
    Group(_("Which meetings you opened and ended as an organizer"), ("live.Gathering",)),
    Group(_("That you registered for a meeting that is open to everybody, and under which name"), ("visitors.Visit",), _("the meeting")),
    Group(_("Which meetings you opened to visitors as an organizer, and what you wrote about them"), ("visitors.Opening",)),
    Group(_("Which documents you hung on the agenda of a meeting as an organizer"), ("papers.Paper", "papers.Content")),
    Group(_("Who called, moved or cancelled a meeting, and why"), ("meetings.MeetingChange", "meetings.AgendaItem", "meetings.Guest", "meetings.Series")),
    Group(_("Which times suit you for a meeting"), ("finding.Reply",), _("answering ended")),
    Group(_("Which times you proposed as an organizer, and what you asked with them"), ("finding.Poll",), _("answering ended")),
    Group(_("Minutes that you wrote or approved: they are your committee’s"), ("minutes.Minutes", "minutes.Taker")),
    Group(_("What a meeting gave you to do"), ("minutes.Item",), _("it was settled")),
    Group(_("What you objected to in minutes"), ("minutes.Remark",), _("they were approved")),
    Group(_("Messages that you wrote to all members as an organizer"), ("circulars.Circular",), _("it was sent")),
    Group(_("Your calendar address, of which only a fingerprint is kept"), ("meetings.CalendarFeed",)),
    Group(
        _("What you wrote in the forum, under the names you have in your committees, until you take it back"),
        ("forum.Post", "forum.PostVersion", "forum.Translation", "forum.Topic"),
    ),
    Group(
        _("How far you have read in the forum, what you follow there, and whom you blocked, for you alone"), ("forum.ReadMark", "forum.Watch", "forum.Block")
    ),
    Group(_("What you have begun to write and not posted"), ("forum.Draft",), _("your last change")),
    Group(_("That you were told something, never the words"), ("notices.Delivery", "notices.Notice", "notices.Lease", "notices.Digest"), _("it was sent")),
    Group(_("That a mail to you came back, by the code of its server, never its words"), ("notices.Returned",), _("it came back")),
    Group(_("What you want to be told, and when not"), ("notices.Choice", "notices.ChannelChoice", "notices.QuietHours", "notices.UnsubscribeEpoch")),
    Group(_("Who did what in a committee, under a key that your erasure destroys"), ("ledger.Entry", "ledger.Checkpoint", "ledger.Head"), _("the act")),
    Group(_("That you proposed a workplace"), ("directory.Workplace",)),
    Group(
        _("Lists of workplaces that were handed in, in which people may be named besides"),
        ("directory.WorkplaceList", "directory.ListPart"),
        _("it was handed in"),
    ),
    Group(_("Sums of a committee, week by week, none of which is one to four people"), ("growth.Week", "growth.Picture"), _("the week ended")),
    Group(_("The names of committees, which name nobody"), ("bodies.Committee", "bodies.Charter")),
)


@dataclass(frozen=True)
class Line:
    """One line of the table. `days` is None where it lives as long as the account."""

    what: str | Promise
    days: int | None
    after: str | Promise


def lines() -> list[Line]:
    """The table of the privacy page: for each group the longest term that the retention table promises."""
    found = []
    for group in GROUPS:
        terms: list[Any] = [promise.days for promise in retention.table() if promise.model in group.models]
        timed = [days for days in terms if days is not None]
        found.append(Line(group.what, max(timed) if timed and group.after else None, group.after))
    return found


def unexplained() -> set[str]:
    """Models of the retention table that no group explains. A test keeps this empty."""
    explained = {model for group in GROUPS for model in group.models}
    return {promise.model for promise in retention.table()} - explained
