"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from committees.base import retention
from committees.bodies.models import Life
from committees.directory import registry as directory
from committees.directory.models import Workplace
from committees.directory.registry import SiteCard
from committees.membership import commands, exporting, kinds, queries
from committees.membership.applications import Application, ApplicationMessage
from committees.membership.models import Membership
from committees.notices import registry as notices
from committees.people import registry as people
from committees.people.models import Person

ERASE_AFTER = timedelta(days=90)


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


def erase(person: Person) -> None:
    """Applications go; memberships stay as empty rows, so that a committee's history still adds up."""
    Application.objects.filter(person=person).delete()
    Membership.objects.filter(person=person).exclude(standing__in=("left", "lapsed", "removed")).update(standing="left")
    Membership.objects.filter(person=person).update(person=None, shift="")


def forget_applications(at: datetime) -> int:
    """90 days after its end an application holds no answer any more, and what was said about it is gone."""
    old = Application.objects.filter(ended_at__lte=at - ERASE_AFTER, erased_at=None)
    ApplicationMessage.objects.filter(application__in=old).delete()
    return old.update(why="", answers=[], reply_note="", shift="", handle="", erased_at=at)


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
        purge=forget_applications,
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
        purge=forget_applications,
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
        days=None,
        after="",
        why="until you erase your account: that you applied and how it ended",
    )
    keep("membership.ApplicationEvent", "state", "part", "at", days=None, after="", why="goes with the application")
    keep("membership.Check", "by", "kind", "at", days=None, after="", why="goes with the application: who said that they know the applicant")
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
        "reason",
        "proposed_at",
        "ended_at",
        days=None,
        after="",
        why="as long as the removal counts; under the handle",
    )


def connect() -> None:
    directory.register_site_card(site_cards)
    kinds.register_all()
    notices.committees(committees_of)
    notices.every_minute(commands.end_probations)
    notices.every_minute(commands.remind_reviewers)
    notices.every_minute(commands.expire_unsent)
    people.in_an_export("committees", exporting.memberships)
    people.in_an_export("applications", exporting.applications)
    people.in_an_erasure("membership", says=what_erasing_means, erase=erase)
    promise()
