"""A meeting that is open to everybody: what strangers read, who registers, and what the host sees."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committees.base.errors import Refused
from committees.bodies.models import Committee, Visibility
from committees.ledger.models import Entry
from committees.membership.roles import Standing
from committees.people import commands as people
from committees.people.models import Person
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting, Reveal
from organizing.visitors import commands as visitors
from organizing.visitors import rules
from organizing.visitors.models import Opening, Visit
from tests import make
from tests.at_once import at_once
from tests.organizing.visitors.conftest import LINK, PLACE, browser, planned, read


def keep(meeting: Meeting) -> str:
    return reverse("visitors:keep", args=[meeting.committee.slug, meeting.slug])


def comes(opening: Opening, person: Person, name: str = "Night worker") -> Visit:
    return visitors.register(opening, name, by=person, at=timezone.now())


class TestOpening:
    def test_an_organizer_opens_it_and_everybody_finds_it(self, cast: make.Cast, meeting: Meeting, client: Client) -> None:
        organizer = browser(cast.ada)
        assert "Visitors" in read(organizer, meeting.get_absolute_url())
        assert organizer.post(keep(meeting), {"words": "Come and hear.", "room": ""}).status_code == 302
        opening = Opening.objects.get()
        assert opening.get_absolute_url() in read(organizer, keep(meeting))
        listed = read(client, reverse("visitors:announced"))
        assert "The rota" in listed
        assert opening.get_absolute_url() in listed
        page = read(client, opening.get_absolute_url())
        assert "Come and hear." in page
        assert "Night shifts" in page
        for secret in ("Whom we trust", "Money", LINK, PLACE):
            assert secret not in page
        assert Entry.objects.filter(verb="visitors.opened").count() == 1

    def test_members_read_that_strangers_may_come(self, cast: make.Cast, meeting: Meeting, opening: Opening) -> None:
        assert "Say nothing that must stay among you." in read(browser(cast.ben), meeting.get_absolute_url())

    def test_nobody_else_opens_it(self, cast: make.Cast, meeting: Meeting) -> None:
        with pytest.raises(PermissionDenied):
            visitors.open_up(meeting, words="", room=None, by=cast.ben, at=timezone.now())
        with pytest.raises(PermissionDenied):
            visitors.open_up(meeting, words="", room=None, by=cast.boss, at=timezone.now())

    def test_a_committee_that_is_not_listed_shows_itself_to_nobody(self, cast: make.Cast, meeting: Meeting, opening: Opening, client: Client) -> None:
        Committee.objects.filter(pk=meeting.committee_id).update(visibility=Visibility.LINK)
        assert client.get(opening.get_absolute_url()).status_code == 404
        assert "The rota" not in read(client, reverse("visitors:announced"))
        with pytest.raises(Refused, match="not listed"):
            visitors.open_up(meeting, words="", room=None, by=cast.ada, at=timezone.now())

    def test_a_mistake_is_named_and_nothing_typed_is_lost(self, cast: make.Cast, meeting: Meeting) -> None:
        answer = browser(cast.ada).post(keep(meeting), {"words": "Come and hear.", "room": "0"})
        assert answer.status_code == 422
        assert "Come and hear." in answer.content.decode()

    def test_closed_it_is_found_no_more_and_whoever_registered_still_comes(self, cast: make.Cast, opening: Opening, vera: Person, client: Client) -> None:
        comes(opening, vera)
        visitors.close(opening, by=cast.ada, at=timezone.now())
        assert "The rota" not in read(client, reverse("visitors:announced"))
        assert "Nobody can register any more" in read(client, opening.get_absolute_url())
        assert "You are registered" in read(browser(vera), opening.get_absolute_url())
        with pytest.raises(Refused, match="Nobody can register"):
            comes(opening, make.person())

    def test_a_draft_has_no_public_page(self, cast: make.Cast, meeting: Meeting, client: Client) -> None:
        draft = meetings.copy(meeting, by=cast.ada, at=timezone.now())
        opened = visitors.open_up(draft, words="", room=None, by=cast.ada, at=timezone.now())
        assert client.get(opened.get_absolute_url()).status_code == 404


class TestRegistering:
    def test_a_stranger_is_asked_for_an_account_and_led_back(self, opening: Opening, client: Client) -> None:
        page = read(client, opening.get_absolute_url())
        assert f"?next={opening.get_absolute_url()}" in page
        assert "Register</button>" not in page

    def test_they_register_see_how_to_get_there_and_take_it_back(self, opening: Opening, vera: Person) -> None:
        client, address = browser(vera), opening.get_absolute_url()
        assert PLACE not in read(client, address)
        client.post(f"{address}register/", {"name": "Night worker"})
        page = read(client, address)
        assert "You are registered" in page
        assert PLACE in page
        assert LINK not in page, "half an hour before, as for members who said yes"
        client.post(f"{address}withdraw/")
        assert PLACE not in read(client, address)
        client.post(f"{address}register/", {"name": "Night worker"})
        assert Visit.objects.get().state == Visit.State.COMING

    @pytest.mark.parametrize("name", ["", "ab", "a@b.example", "Organizer", "x" * 41])
    def test_a_name_that_will_not_do_is_refused_beside_the_field(self, opening: Opening, vera: Person, name: str) -> None:
        answer = browser(vera).post(f"{opening.get_absolute_url()}register/", {"name": name})
        assert answer.status_code == 422
        assert 'id="id_name_error"' in answer.content.decode()
        assert not Visit.objects.exists()

    def test_only_the_hosts_organizers_see_who_comes(self, cast: make.Cast, meeting: Meeting, opening: Opening, vera: Person, client: Client) -> None:
        comes(opening, vera, "Night worker")
        assert "Night worker" in read(browser(cast.ada), keep(meeting))
        for reader in (client, browser(cast.ben), browser(cast.boss), browser(make.person())):
            for address in (opening.get_absolute_url(), meeting.get_absolute_url(), keep(meeting)):
                assert "Night worker" not in reader.get(address, follow=True).content.decode()

    def test_whoever_is_turned_away_sees_nothing_more_and_stays_away(self, cast: make.Cast, meeting: Meeting, opening: Opening, vera: Person) -> None:
        visit = comes(opening, vera)
        browser(cast.ada).post(keep(meeting) + "turn-away/", {"visit": visit.slug})
        client = browser(vera)
        assert PLACE not in read(client, opening.get_absolute_url())
        answer = client.post(f"{opening.get_absolute_url()}register/", {"name": "Somebody else"})
        assert answer.status_code == 422
        assert Visit.objects.get().state == Visit.State.TURNED_AWAY
        assert Entry.objects.filter(verb="visitors.turned_away").count() == 1

    def test_an_organizer_elsewhere_turns_nobody_away(self, cast: make.Cast, meeting: Meeting, opening: Opening, vera: Person) -> None:
        visit = comes(opening, vera)
        with pytest.raises(PermissionDenied):
            visitors.turn_away(visit, by=cast.boss, at=timezone.now())
        other = visitors.open_up(planned(cast.ada), words="", room=None, by=cast.ada, at=timezone.now())
        assert browser(cast.ada).post(keep(other.meeting) + "turn-away/", {"visit": visit.slug}).status_code == 404

    def test_a_member_comes_as_a_member(self, cast: make.Cast, opening: Opening) -> None:
        assert "You belong to it" in read(browser(cast.ben), opening.get_absolute_url())
        assert cast.ben.person is not None
        with pytest.raises(Refused, match="You are a member"):
            comes(opening, cast.ben.person)

    @pytest.mark.parametrize("standing", [Standing.REMOVED, Standing.SUSPENDED])
    def test_whom_the_host_put_out_does_not_come_by_the_public_door(self, cast: make.Cast, opening: Opening, standing: Standing) -> None:
        person = cast.ben.person
        assert person is not None
        make.put(cast.ben, standing)
        page = read(browser(person), opening.get_absolute_url())
        assert "You cannot come" in page
        with pytest.raises(Refused, match="do not let you come"):
            comes(opening, person)

    def test_whoever_left_may_come_as_a_visitor(self, cast: make.Cast, opening: Opening) -> None:
        person = cast.ben.person
        assert person is not None
        make.put(cast.ben, Standing.LEFT)
        assert comes(opening, person).state == Visit.State.COMING

    def test_where_all_places_are_taken_nobody_else_registers(self, cast: make.Cast, meeting: Meeting, vera: Person) -> None:
        opening = visitors.open_up(meeting, words="", room=1, by=cast.ada, at=timezone.now())
        first = comes(opening, vera)
        late = make.person()
        assert "All places are taken" in read(browser(late), opening.get_absolute_url())
        with pytest.raises(Refused, match="All places are taken"):
            comes(opening, late)
        comes(opening, vera, "Another name")
        visitors.withdraw(first, by=vera)
        assert comes(opening, late).state == Visit.State.COMING

    @pytest.mark.parametrize(
        ("reveal", "hours", "shown"), [(Reveal.DAY, 25, False), (Reveal.DAY, 23, True), (Reveal.ON_YES, 200, True), (Reveal.AT_ONCE, 200, True)]
    )
    def test_the_place_is_shown_from_when_the_organizer_said(self, cast: make.Cast, vera: Person, reveal: Reveal, hours: float, shown: bool) -> None:
        opening = visitors.open_up(planned(cast.ada, hours=hours, place_shown=reveal), words="", room=None, by=cast.ada, at=timezone.now())
        comes(opening, vera)
        assert (PLACE in read(browser(vera), opening.get_absolute_url())) is shown


class TestWhatIsTold:
    def kinds(self, person: Person) -> list[str]:
        from committees.notices.models import Delivery

        return list(Delivery.objects.filter(person=person, channel="inapp", notice__superseded_at=None).order_by("pk").values_list("notice__kind", flat=True))

    def expand(self) -> None:
        from committees.notices import commands as notices

        notices.expand_due(at=timezone.now())

    def test_they_hear_that_it_is_moved_and_then_that_it_is_cancelled(self, cast: make.Cast, meeting: Meeting, opening: Opening, vera: Person) -> None:
        from organizing.meetings.plans import When, Where

        comes(opening, vera)
        assert self.kinds(vera) == ["visitors/registered"]
        when = When.of(meeting)
        assert when is not None
        moved = meetings.move(meeting, When(when.day + timedelta(days=1), when.clock, when.zone, 60), Where.of(meeting), why="", by=cast.ada, at=timezone.now())
        self.expand()
        assert self.kinds(vera) == ["visitors/moved"]
        meetings.cancel(moved or meeting, why="", by=cast.ada, at=timezone.now())
        self.expand()
        assert self.kinds(vera) == ["visitors/cancelled"]
        assert "It does not take place" in read(browser(vera), opening.get_absolute_url())

    def test_nobody_who_withdrew_or_was_turned_away_hears_of_it(self, cast: make.Cast, meeting: Meeting, opening: Opening, vera: Person) -> None:
        other = make.person()
        visitors.withdraw(comes(opening, vera), by=vera)
        visitors.turn_away(comes(opening, other), by=cast.ada, at=timezone.now())
        meetings.cancel(meeting, why="", by=cast.ada, at=timezone.now())
        self.expand()
        assert "visitors/cancelled" not in [*self.kinds(vera), *self.kinds(other)]

    def test_the_link_in_a_notice_leads_to_the_page(self, opening: Opening, vera: Person) -> None:
        from committees.notices.models import Notice

        comes(opening, vera)
        notice = Notice.objects.get(kind="visitors/registered")
        assert browser(vera).get(f"/notices/go/{notice.slug}/")["Location"] == opening.get_absolute_url()
        assert browser(make.person()).get(f"/notices/go/{notice.slug}/").status_code == 404


class TestWhatStays:
    def test_two_weeks_after_the_meeting_nobody_knows_who_came(self, meeting: Meeting, opening: Opening, vera: Person, client: Client) -> None:
        comes(opening, vera)
        assert meeting.ends_at is not None
        visitors.erase_names(meeting.ends_at + timedelta(days=13))
        assert Visit.objects.exists()
        visitors.erase_names(meeting.ends_at + timedelta(days=15))
        assert not Visit.objects.exists()
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now() - timedelta(days=16), ends_at=timezone.now() - timedelta(days=15))
        assert client.get(opening.get_absolute_url()).status_code == 404

    def test_an_erased_account_was_never_registered(self, opening: Opening, vera: Person) -> None:
        comes(opening, vera)
        people.erase(vera, by=vera, at=timezone.now())
        assert not Visit.objects.exists()

    def test_what_somebody_takes_along_says_where_they_registered(self, opening: Opening, vera: Person) -> None:
        from organizing.visitors.wiring import _export

        comes(opening, vera, "Night worker")
        assert [(row["meeting"], row["as"]) for row in _export(vera)] == [("The rota", "Night worker")]


@pytest.mark.django_db(transaction=True)
def test_of_twelve_at_once_for_three_places_three_get_one(cast: make.Cast) -> None:
    opening = visitors.open_up(planned(cast.ada), words="", room=3, by=cast.ada, at=timezone.now())
    people = [make.person() for _ in range(12)]
    answers = at_once([lambda person=person: comes(opening, person) for person in people])
    assert sum(isinstance(each, Visit) for each in answers) == 3
    assert Visit.objects.coming().count() == 3


def test_the_pages_cost_the_same_however_many_come(cast: make.Cast, meeting: Meeting, opening: Opening, vera: Person, client: Client) -> None:
    def asked(browser: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        return len(queries)

    organizer, visitor = browser(cast.ada), browser(vera)
    pages = [(organizer, keep(meeting)), (visitor, opening.get_absolute_url()), (client, opening.get_absolute_url()), (client, reverse("visitors:announced"))]
    comes(opening, vera)
    for page in pages:
        asked(*page)
    before = [asked(*page) for page in pages]
    for n in range(12):
        comes(opening, make.person(), f"Visitor number {n}")
        visitors.open_up(planned(cast.ada), words="", room=None, by=cast.ada, at=timezone.now())
    assert [asked(*page) for page in pages] == before
    assert max(before) <= 14


@given(acts=st.lists(st.tuples(st.sampled_from(["comes", "withdraws", "is turned away", "closed", "opened"]), st.integers(0, 3)), max_size=14))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_no_more_come_than_there_is_room_and_nobody_who_was_turned_away(cast: make.Cast, acts: list[tuple[str, int]]) -> None:
    opening = visitors.open_up(planned(cast.ada), words="", room=2, by=cast.ada, at=timezone.now())
    people, away = [make.person() for _ in range(4)], set[int]()
    for act, who in acts:
        mine = Visit.objects.of(people[who]).filter(opening=opening).select_related("opening__meeting", "opening__committee").first()
        if act == "comes":
            with contextlib.suppress(Refused):
                comes(opening, people[who])
        elif act == "withdraws" and mine:
            visitors.withdraw(mine, by=people[who])
        elif act == "is turned away" and mine:
            visitors.turn_away(mine, by=cast.ada, at=timezone.now())
            away.add(people[who].pk)
        elif act == "closed":
            visitors.close(opening, by=cast.ada, at=timezone.now())
        elif act == "opened":
            visitors.open_up(opening.meeting, words="", room=2, by=cast.ada, at=timezone.now())
        coming = set(Visit.objects.coming().filter(opening=opening).values_list("person_id", flat=True))
        assert len(coming) <= 2
        assert not coming & away


def test_a_visitor_sees_no_more_than_the_rules_say(opening: Opening) -> None:
    for state in (None, Visit(state=Visit.State.WITHDRAWN), Visit(state=Visit.State.TURNED_AWAY)):
        for reveal in Reveal:
            assert rules.sight(opening, state, reveal, at=timezone.now()) != "shown"
