"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from committees.base import lives as told
from committees.base import prepared
from committees.base.navigation import path_to
from committees.bodies import register as bodies
from committees.bodies.models import Committee, Life
from committees.directory import registry as directory
from committees.directory.models import Workplace
from committees.directory.registry import SiteCard
from committees.membership import commands, exporting, keeping, kinds, lives, queries, register, standing_in
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.membership.roles import THAT_SEE, Power, Standing
from committees.notices import registry as notices
from committees.people import registry as people
from committees.people.models import Person


def site_cards(workplaces: Sequence[Workplace], person: Any) -> dict[int, SiteCard]:
    """What the public may know about the committee at each of these sites. Two queries, however many sites."""
    found = queries.at_sites([w.pk for w in workplaces], person)
    return {w.pk: _card(w, found.get(w.pk)) for w in workplaces}


def _card(workplace: Workplace, here: queries.AtSite | None) -> SiteCard:
    if here is None:
        return _empty_site(workplace)
    card = path_to("bodies:card", here.committee.slug)
    if here.standing in THAT_SEE:
        return SiteCard("active", _("You are a member"), "ok", "", _("Go to the committee"), here.committee.get_absolute_url())
    if here.applied:
        return SiteCard("active", _("You have applied"), "info", "", _("See your application"), reverse("membership:application", args=[here.applied]))
    if here.committee.life == Life.FORMING:
        return SiteCard("forming", _("Forming"), "info", _("Co-workers are starting a committee here."), _("Join them"), card)
    if here.committee.life == Life.DORMANT:
        return SiteCard("dormant", _("Resting"), "warn", _("Workers here have a committee. It has not met for a while."), _("Join"), card)
    return SiteCard("active", _("Committee"), "ok", _("Workers here have a committee."), _("Join"), card)


def _empty_site(workplace: Workplace) -> SiteCard:
    if workplace.is_closed:
        return SiteCard("none", _("No committee"))
    start = path_to("membership:start", workplace.slug)
    return SiteCard("none", _("No committee yet"), "mute", _("You can start one, even if you are alone."), _("Start a committee"), start)


_COMMITTEES = prepared.Prepared(
    lambda person: Membership.objects.of(person).exclude(committee__life=Life.DISSOLVED).values_list("committee_id", "committee__name"),
    person=prepared.a_row(Person),
)


def committees_of(person: Any) -> Mapping[int, str]:
    """Which committees' notices this person may read in the inbox."""
    return dict(_COMMITTEES(person=person))


def called(committee_ids: Iterable[int]) -> Mapping[int, str]:
    """The names of committees, for a digest to those whom they told something."""
    return dict(Committee.objects.filter(pk__in=committee_ids).values_list("pk", "name"))


def behind_with_their_word(member: Membership, at: datetime) -> Section | None:
    """A part of the committee's page for its organizers: how many have not said again that they are no manager. Never who."""
    if Power.SEE_ROSTER not in member.powers:
        return None
    behind = queries.behind_with_their_word(member.committee_id, at)
    few = 0 < behind < queries.SMALLEST_SHOWN
    return Section("membership/_behind.html", {"behind": behind, "few": few, "smallest": queries.SMALLEST_SHOWN}, beside=True) if behind else None


def who_covers(member: Membership, at: datetime) -> Section | None:
    """A part of the committee's page for full members: who covers for whom, until when; and for whoever is asked, the question."""
    covers = standing_in.covers_now(member, at)
    return Section("membership/_covers.html", {"covers": covers, "committee": member.committee, "member": member}, beside=True) if covers else None


def what_erasing_means(person: Person) -> Iterable[str]:
    yield _("You leave every committee. Your names there stay reserved, but nothing leads from them to you.")
    yield _("Your applications and what was said about them are deleted.")
    if Membership.objects.filter(person=person, standing=Standing.REMOVED).exists():
        yield _("Where you were removed, a mark of your addresses stays, so that organizers can ask whoever applies with one. It leads to no address.")


def connect() -> None:
    directory.register_site_card(site_cards)
    kinds.register_all()
    bodies.on_uniting(commands.go_over)
    told.tell(lives.APPLICATION)
    told.tell(lives.MEMBERSHIP)
    notices.committees(committees_of)
    notices.named(called)
    notices.every_minute(commands.end_probations)
    notices.every_minute(commands.hand_over)
    notices.every_minute(commands.remind_reviewers)
    notices.every_minute(commands.expire_unsent)
    notices.every_minute(commands.keep_last_organizers)
    notices.every_minute(commands.remind_of_ends)
    notices.every_minute(commands.tell_of_covers)
    notices.every_minute(commands.look_at_the_quiet)
    for tick in (
        commands.ask_the_unseen,
        commands.become_inactive,
        commands.say_a_last_word,
        commands.lapse,
        commands.ask_for_their_word,
        commands.remind_of_their_word,
    ):
        notices.every_minute(tick)
    register.add_section(behind_with_their_word)
    register.add_section(who_covers)
    people.in_an_export("committees", exporting.memberships)
    people.in_an_export("applications", exporting.applications)
    people.in_an_export("covers", exporting.covers)
    people.in_an_export("invitations", exporting.invitations)
    people.keeps_accounts(queries.without_those_who_belong)
    people.in_an_erasure("membership", says=what_erasing_means, erase=commands.erase_person)
    keeping.promise()
