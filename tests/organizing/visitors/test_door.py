"""Visitors at the door: only after the meeting voted for it, or where its link is given there alone; each is let in by a steward."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.people.models import Person
from organizing.live import commands as live
from organizing.live import queries as gatherings
from organizing.live.models import Duty, Gathering
from organizing.visitors import commands as visitors
from organizing.visitors.models import Opening, Visit, Way
from tests import make
from tests.organizing.visitors.conftest import LINK, browser, planned, read


def at(name: str, gathering: Gathering) -> str:
    return reverse(name, args=[gathering.committee.slug, gathering.meeting.slug])


def votes(cast: make.Cast, gathering: Gathering) -> Opening:
    return visitors.voted(gathering, by=cast.ada, at=timezone.now())


def waits(client: Client, opening: Opening) -> Any:
    client.post(f"{opening.get_absolute_url()}register/", {"name": "Night worker"})
    return client.post(f"{opening.get_absolute_url()}knock/", follow=True)


def test_without_a_vote_there_is_no_door_for_visitors(cast: make.Cast, gathering: Gathering) -> None:
    desk = read(browser(cast.ada), at("live:desk", gathering))
    assert "only if the meeting voted for it" in desk
    assert not Opening.objects.exists()


def test_after_the_vote_a_visitor_waits_is_let_in_and_goes_on(cast: make.Cast, gathering: Gathering, vera: Person) -> None:
    live.give_duty(gathering, cast.mo, Duty.Kind.STEWARD, by=cast.ada, at=timezone.now())
    steward, visitor = browser(cast.mo), browser(vera)
    steward.post(at("visitors:voted", gathering))
    opening = Opening.objects.get()
    assert opening.way == Way.VOTED
    assert Entry.objects.filter(verb="visitors.voted").count() == 1
    assert "You wait at the door." in waits(visitor, opening).content.decode()
    assert visitor.get(f"{opening.get_absolute_url()}through/")["Location"] == opening.get_absolute_url(), "not before"
    assert "Night worker" in read(steward, at("live:desk", gathering))
    steward.post(at("visitors:answer", gathering), {"visit": Visit.objects.get().slug, "act": "let_in"})
    assert "You are let in." in read(visitor, opening.get_absolute_url())
    answer = visitor.get(f"{opening.get_absolute_url()}through/")
    assert answer["Location"] == LINK
    assert answer["Referrer-Policy"] == "no-referrer"
    assert LINK not in read(visitor, opening.get_absolute_url())


def test_a_visitor_does_not_count_when_it_is_decided(cast: make.Cast, gathering: Gathering, vera: Person) -> None:
    before = gatherings.quorum(gathering)
    opening = votes(cast, gathering)
    waits(browser(vera), opening)
    visitors.answer(Visit.objects.get(), gathering, let_in=True, by=cast.ada, at=timezone.now())
    assert gatherings.quorum(gathering) == before


def test_only_the_browser_in_which_they_asked_is_let_in(cast: make.Cast, gathering: Gathering, vera: Person) -> None:
    opening = votes(cast, gathering)
    first, second = browser(vera), browser(vera)
    waits(first, opening)
    visitors.answer(Visit.objects.get(), gathering, let_in=True, by=cast.ada, at=timezone.now())
    assert second.get(f"{opening.get_absolute_url()}through/")["Location"] == opening.get_absolute_url()
    assert first.get(f"{opening.get_absolute_url()}through/")["Location"] == LINK


def test_whoever_was_declined_may_ask_again(cast: make.Cast, gathering: Gathering, vera: Person) -> None:
    opening, client = votes(cast, gathering), browser(vera)
    waits(client, opening)
    visitors.answer(Visit.objects.get(), gathering, let_in=False, by=cast.ada, at=timezone.now())
    assert "You can ask again." in read(client, opening.get_absolute_url())
    assert "You wait at the door." in waits(client, opening).content.decode()


def test_of_two_stewards_one_answers(cast: make.Cast, gathering: Gathering, vera: Person) -> None:
    opening = votes(cast, gathering)
    waits(browser(vera), opening)
    visit = Visit.objects.get()
    visitors.answer(visit, gathering, let_in=True, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="Another steward"):
        visitors.answer(visit, gathering, let_in=False, by=cast.ada, at=timezone.now())


def test_nobody_but_those_who_keep_the_door_votes_or_answers(cast: make.Cast, gathering: Gathering, vera: Person) -> None:
    for member in (cast.ben, cast.boss):
        with pytest.raises(PermissionDenied):
            visitors.voted(gathering, by=member, at=timezone.now())
    opening = votes(cast, gathering)
    waits(browser(vera), opening)
    for member in (cast.ben, cast.boss):
        with pytest.raises(PermissionDenied):
            visitors.answer(Visit.objects.get(), gathering, let_in=True, by=member, at=timezone.now())
        assert browser(member).post(at("visitors:answer", gathering), {"visit": Visit.objects.get().slug, "act": "let_in"}).status_code == 404


def test_a_meeting_that_voted_is_announced_nowhere(cast: make.Cast, gathering: Gathering, client: Client) -> None:
    opening = votes(cast, gathering)
    assert "The rota" not in read(client, reverse("visitors:announced"))
    page = read(client, opening.get_absolute_url())
    assert "Night shifts" not in page, "its agenda is not told to whoever holds the address"


def test_when_it_has_ended_the_door_is_shut(cast: make.Cast, gathering: Gathering, vera: Person) -> None:
    opening, client = votes(cast, gathering), browser(vera)
    waits(client, opening)
    visitors.answer(Visit.objects.get(), gathering, let_in=True, by=cast.ada, at=timezone.now())
    live.end(gathering, by=cast.ada, at=timezone.now())
    assert client.get(f"{opening.get_absolute_url()}through/")["Location"] == opening.get_absolute_url()
    with pytest.raises(Refused):
        visitors.knock(Visit.objects.select_related("opening").get(), "another", by=vera, at=timezone.now())


def test_a_public_meeting_with_a_door_needs_no_vote(cast: make.Cast, gathering: Gathering, vera: Person) -> None:
    opening = visitors.open_up(gathering.meeting, words="", room=None, by=cast.ada, at=timezone.now())
    assert "You wait at the door." in waits(browser(vera), opening).content.decode()
    assert "Night worker" in read(browser(cast.ada), at("live:desk", gathering))


def test_the_desk_is_drawn_anew_when_a_visitor_comes(cast: make.Cast, gathering: Gathering, vera: Person) -> None:
    opening, steward = votes(cast, gathering), browser(cast.ada)
    steward.defaults["HTTP_HX_REQUEST"] = "true"
    seen = read(steward, at("live:desk_now", gathering)).split("?seen=")[1].split('"')[0].replace("&amp;", "&")
    assert steward.get(at("live:desk_now", gathering), {"seen": seen.replace("%2B", "+")}).status_code == 204
    waits(browser(vera), opening)
    assert "Night worker" in read(steward, f"{at('live:desk_now', gathering)}?seen={seen}")


def test_a_meeting_in_a_room_has_no_door(cast: make.Cast, vera: Person) -> None:
    from organizing.meetings.models import Meeting

    meeting = planned(cast.ada, hours=0.1)
    Meeting.objects.filter(pk=meeting.pk).update(held="in_person", link="")
    opened = live.open_meeting(meeting, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="no door"):
        visitors.voted(opened, by=cast.ada, at=timezone.now())
