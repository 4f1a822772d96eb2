"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from committees.base import retention
from committees.bodies import register as bodies
from committees.jointly import commands, exporting, kinds, queries
from committees.membership import register
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.membership.roles import Power
from committees.notices import registry as notices
from committees.people import registry as people

#: What the committee's log calls what this room writes into the ledger.
VERBS = {
    "joint.proposed": _("An organizer proposed something that takes two"),
    "joint.agreed": _("A second organizer agreed"),
    "joint.objected": _("A member objected"),
    "joint.stopped": _("Members stopped what two organizers wanted to do"),
    "joint.dropped": _("What an organizer had proposed was dropped"),
    "joint.lapsed": _("Nobody agreed to what an organizer had proposed"),
    "joint.overtaken": _("What two organizers had agreed was no longer possible"),
    "groups.introduced": _("Two groups at one workplace were brought together"),
    "members.exported": _("An organizer took the list of members out"),
    "joint.done": _("What two organizers had agreed was done"),
}


def nobody_organizes(member: Membership, at: datetime) -> Section | None:
    """A part of the committee's page where nobody organizes it any more: any full member can offer to."""
    if Power.VOLUNTEER not in member.powers or Power.AGREE in member.powers or not queries.nobody_organizes(member.committee_id):
        return None
    return Section("jointly/_nobody.html", {"committee": member.committee})


def connect() -> None:
    kinds.register_all()
    register.add_section(nobody_organizes)
    register.say(VERBS)
    people.in_an_export("proposals", exporting.proposals)
    people.in_an_export("objections", exporting.objections)
    register.keeps_suspended(queries.holds_suspended)
    bodies.before_uniting(commands.end_all)
    bodies.on_uniting(commands.go_over)
    notices.every_minute(commands.lapse)
    notices.every_minute(commands.give_up)
    notices.every_minute(commands.carry_out)
    promise()


def promise() -> None:
    """This room's rows of the retention table."""
    over = "it was done, stopped or dropped"
    retention.keep("jointly.JointAct", "reason", days=90, after=over, why="why organizers proposed something", purge=commands.forget)
    retention.keep("jointly.Objection", "reason", days=90, after=over, why="why members objected", purge=commands.forget)
    retention.keep(
        "jointly.JointAct",
        "member",
        "for_employer",
        "proposed_by",
        "proposed_at",
        "agreed_by",
        "agreed_at",
        "happens_at",
        "ended_at",
        "shut_at",
        "erased_at",
        days=None,
        after="",
        why="the committee's history of what two organizers did; points at memberships, which erasure empties",
    )
    retention.keep(
        "jointly.Introduction",
        "by",
        "at",
        days=None,
        after="",
        why="which organizer of the wider committee brought two groups together; points at a membership, which erasure empties",
    )
    retention.keep(
        "jointly.Objection", "by", "at", days=None, after="", why="that nobody objects twice; shown to nobody; points at a membership, which erasure empties"
    )
