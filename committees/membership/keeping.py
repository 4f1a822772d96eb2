"""How long this room keeps what it knows about people: its rows of the retention table."""

from __future__ import annotations

from committees.base.retention import Purge, keep
from committees.membership import commands

ENDED = "the application ended"


def _for(days: int, model: str, columns: str, *, after: str, why: str, purge: Purge) -> None:
    keep(f"membership.{model}", *columns.split(), days=days, after=after, why=why, purge=purge)


def _with_its_row(model: str, columns: str, *, why: str) -> None:
    keep(f"membership.{model}", *columns.split(), days=None, after="", why=why)


def _applications() -> None:
    forget = commands.forget_applications
    _for(90, "Application", "why answers reply_note shift handle", after=ENDED, why="what you wrote to join", purge=forget)
    _for(90, "ApplicationMessage", "phrase text author language at", after=ENDED, why="what was said about your application", purge=forget)
    _for(
        90,
        "Application",
        "person decided_by state decline_code started_at sent_at ended_at nudged_at escalated_at erased_at attested_version wrong_codes invitation",
        after=ENDED,
        why="the whole application, unless it was accepted: then that it was, and who decided, until you erase your account",
        purge=forget,
    )
    _for(90, "Move", "came_from shown leaving said_at", after=ENDED, why="from which committee you came, and what of it may be shown", purge=forget)
    _for(90, "ApplicationEvent", "state part at", after=ENDED, why="goes with the application", purge=forget)
    _with_its_row("Recusal", "by at", why="goes with the application: which reviewer stays out of it")
    _with_its_row("Check", "by kind at", why="goes with the application; of members it stays, for who vouched for whom must be known later")
    _for(1, "Invitation", "token digest", after="the invitation ended", why="the letters of the link", purge=commands.forget_invitations)
    _for(
        90,
        "Invitation",
        "label made_by revoked_by made_at expires_at revoked_at counts_as_check uses cap languages erased_at",
        after="the invitation ended",
        why="to tell invitations apart; if somebody is a member whom it brought, all but its name stays as long as they are",
        purge=commands.forget_invitations,
    )
    _for(30, "VouchCode", "by digest made_at expires_at used_at", after="it was made", why="to count them", purge=commands.forget_codes)


def _members() -> None:
    _with_its_row(
        "Membership",
        "person handle handle_key shift standing is_founder joined_at changed_at probation_until inactive_since asked_on "
        "attested_version attested_at attest_asked_at attest_reminded_at revouch_since removed_for_employer",
        why="erasing your account, or six months of being inactive, takes your person and your shift off the row; the handle stays reserved",
    )
    _with_its_row("ReservedHandle", "membership key since", why="nobody may be taken for someone who was there; leads to no person after erasure")
    keep(
        "membership.RemovedAddress",
        "membership",
        "mark",
        days=1,
        after="they belong again, or the committee closed",
        why="to ask somebody who applies with an address of a person who was removed; a mark for this committee alone, which leads to no address",
        purge=commands.forget_marks,
    )
    _with_its_row(
        "RoleTerm", "membership role begins_at ends_at interim reminded_at stands_in_for", why="the committee's history of its offices, under the handle"
    )


def _covers() -> None:
    columns = "absent member state begins_at ends_at asked_at answered_at told_begun_at told_ended_at"
    _with_its_row("Cover", columns, why="who covered for whom is a part of the committee's history of its offices; why is never asked")


def promise() -> None:
    """Called from `ready()`."""
    _applications()
    _members()
    _covers()
