"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from committees.base import retention
from committees.bodies.models import Life
from committees.directory import registry as directory
from committees.directory.models import Workplace
from committees.directory.registry import SiteCard
from committees.membership import commands, exporting, kinds, queries
from committees.membership.models import Membership
from committees.notices import registry as notices
from committees.people import registry as people
from committees.people.models import Person


def site_cards(workplaces: Sequence[Workplace], person: Any) -> dict[int, SiteCard]:
    """What the public may know about the committee at each of these sites. Two queries, however many sites."""
    found = queries.at_sites([w.pk for w in workplaces], person)
    return {w.pk: _card(w, found.get(w.pk)) for w in workplaces}


def _card(workplace: Workplace, here: queries.AtSite | None) -> SiteCard:
    if here is None:
        start = "" if workplace.is_closed else reverse("membership:start", args=[workplace.slug])
        return SiteCard("none", _("No committee yet"), "mute", _("You can start one, even if you are alone."), _("Start a committee"), start)
    card = reverse("bodies:card", args=[here.committee.slug])
    if here.standing in ("member", "probation", "inactive"):
        return SiteCard("active", _("You are a member"), "ok", "", _("Go to the committee"), here.committee.get_absolute_url())
    if here.applied:
        return SiteCard("active", _("You have applied"), "info", "", _("See your application"), reverse("membership:application", args=[here.applied]))
    if here.committee.life == Life.FORMING:
        return SiteCard("forming", _("Forming"), "info", _("Co-workers are starting a committee here."), _("Join them"), card)
    return SiteCard("active", _("Committee"), "ok", _("Workers here have a committee."), _("Join"), card)


def committees_of(person: Any) -> Mapping[int, str]:
    """Which committees' notices this person may read in the inbox."""
    return dict(Membership.objects.of(person).exclude(committee__life=Life.DISSOLVED).values_list("committee_id", "committee__name"))


def what_erasing_means(person: Person) -> Iterable[str]:
    yield _("You leave every committee. Your names there stay reserved, but nothing leads from them to you.")
    yield _("Your applications and what was said about them are deleted.")


def promise() -> None:
    keep = retention.keep
    ended = "the application ended"
    keep(
        "membership.Application",
        "why",
        "answers",
        "reply_note",
        "shift",
        "handle",
        days=90,
        after=ended,
        why="what you wrote to join",
        purge=commands.forget_applications,
    )
    keep(
        "membership.ApplicationMessage",
        "text",
        "author",
        "language",
        "at",
        days=90,
        after=ended,
        why="what was said about your application",
        purge=commands.forget_applications,
    )
    keep(
        "membership.Application",
        "person",
        "decided_by",
        "state",
        "decline_code",
        "started_at",
        "sent_at",
        "ended_at",
        "nudged_at",
        "escalated_at",
        "erased_at",
        "attested_version",
        "wrong_codes",
        days=90,
        after=ended,
        why="the whole application, unless it was accepted: then that it was, and who decided, until you erase your account",
        purge=commands.forget_applications,
    )
    with_it = "goes with the application"
    keep("membership.ApplicationEvent", "state", "part", "at", days=90, after=ended, why=with_it, purge=commands.forget_applications)
    keep("membership.Recusal", "by", "at", days=None, after="", why=f"{with_it}: which reviewer stays out of it")
    keep("membership.Check", "by", "kind", "at", days=None, after="", why=f"{with_it}; of members it stays, for who vouched for whom must be known later")
    keep(
        "membership.VouchCode",
        "by",
        "digest",
        "made_at",
        "expires_at",
        "used_at",
        days=30,
        after="it was made",
        why="to count them",
        purge=commands.forget_codes,
    )
    keep(
        "membership.ReservedHandle",
        "membership",
        "key",
        "since",
        days=None,
        after="",
        why="nobody may be taken for someone who was there; leads to no person after erasure",
    )
    keep(
        "membership.Membership",
        "person",
        "handle",
        "handle_key",
        "shift",
        "standing",
        "is_founder",
        "joined_at",
        "changed_at",
        "probation_until",
        "attested_version",
        days=None,
        after="",
        why="erasing your account takes your person off the row; the handle stays reserved",
    )
    keep(
        "membership.RoleTerm",
        "membership",
        "role",
        "begins_at",
        "ends_at",
        "interim",
        days=None,
        after="",
        why="the committee's history of its offices, under the handle",
    )
    keep(
        "membership.Removal",
        "membership",
        "proposed_by",
        "confirmed_by",
        "proposed_at",
        "ended_at",
        "erased_at",
        days=None,
        after="",
        why="that two organizers removed someone, as long as the committee is; under the handles",
    )
    keep("membership.Removal", "reason", days=90, after="it was done or dropped", why="why someone was to be removed", purge=commands.forget_removals)


def connect() -> None:
    directory.register_site_card(site_cards)
    kinds.register_all()
    notices.committees(committees_of)
    notices.every_minute(commands.end_probations)
    notices.every_minute(commands.hand_over)
    notices.every_minute(commands.remind_reviewers)
    notices.every_minute(commands.expire_unsent)
    people.in_an_export("committees", exporting.memberships)
    people.in_an_export("applications", exporting.applications)
    people.in_an_erasure("membership", says=what_erasing_means, erase=commands.erase_person)
    promise()
