"""The organizers' page of growth: who sees it, what stands on it, and that nothing on it is about one person."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from committees.bodies.models import Committee, Visibility
from committees.membership.models import Membership
from committees.membership.roles import GRANTS, Power, Role, Standing
from committees.people.models import Person
from organizing.growth import commands as growth
from organizing.growth import queries
from organizing.growth.models import Week
from tests import make
from tests.organizing.growth.cast import NOW, WEEK, address, came, last_week, page

pytestmark = pytest.mark.django_db


def _weeks(text: str, heading: str) -> list[list[str]]:
    """The table with this caption, as rows of cells."""
    table = next(found for found in re.findall(r"<table.*?</table>", text, re.DOTALL) if f"{heading}</caption>" in found)
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


class TestWhoSeesIt:
    def test_its_organizers_and_nobody_else(self, committee: Committee, ada: Membership) -> None:
        assert page(ada)
        others = [came(committee), make.member(committee, roles=(Role.MODERATOR,)), make.member(committee, roles=(Role.DELEGATE,))]
        others += [make.member(committee, standing=Standing.PROBATION), make.reloaded(make.organizer_of(make.committee()))]
        for other in others:
            assert make.client(other.person).get(address(committee)).status_code == 404

    def test_of_all_roles_organizers_alone_have_that_power(self) -> None:
        assert [role for role, powers in GRANTS.items() if Power.SEE_GROWTH in powers] == [Role.ORGANIZER]

    def test_the_committees_page_leads_there_for_organizers_only(self, committee: Committee, ada: Membership) -> None:
        inside = committee.get_absolute_url()
        assert address(committee) in make.client(ada.person).get(inside).content.decode()
        assert address(committee) not in make.client(came(committee).person).get(inside).content.decode()

    def test_another_committees_weeks_are_not_reached(self, committee: Committee, ada: Membership) -> None:
        growth.record_weeks(NOW)
        theirs = make.organizer_of(make.committee())
        assert not Week.objects.visible_to(make.reloaded(theirs)).exists()
        assert {week.committee_id for week in Week.objects.visible_to(ada)} == {committee.pk}
        assert not Week.objects.visible_to(came(committee)).exists()


class TestWhatStandsThere:
    def test_members_in_fives_and_the_week_with_its_monday(self, committee: Committee, ada: Membership) -> None:
        growth.record_weeks(NOW)
        assert _weeks(page(ada), "Members")[0] == ["Monday 9 November", "10 to 14"]

    def test_one_who_came_hides_how_many_came_and_went(self, committee: Committee, ada: Membership) -> None:
        came(committee)
        growth.record_weeks(NOW)
        rows = _weeks(page(ada), "Came and went")
        assert rows[0][1:] == ["not shown", "not shown"]
        assert rows[1][1:] == ["0", "0"]
        assert _weeks(page(ada), "Applications")[0][1:] == ["0", "not shown", "0"]

    def test_few_applications_are_fewer_than_five(self, committee: Committee, ada: Membership) -> None:
        make.application(committee, at=NOW - timedelta(days=6))
        growth.record_weeks(NOW)
        assert _weeks(page(ada), "Applications")[0][1] == "fewer than 5"

    def test_the_period_is_chosen_without_a_script_and_nonsense_is_the_shortest(self, committee: Committee, ada: Membership) -> None:
        Committee.objects.filter(pk=committee.pk).update(founded_at=NOW - 60 * WEEK)
        Membership.objects.filter(committee=committee).update(joined_at=NOW - 60 * WEEK)
        while growth.record_weeks(NOW):
            pass
        shown = {asked: len(_weeks(page(ada, asked), "Members")) for asked in ("", "12", "26", "52", "53", "x")}
        assert shown == {"": 12, "12": 12, "26": 26, "52": 52, "53": 12, "x": 12}

    def test_before_the_first_week_is_over_the_page_says_when_it_will_be(self, committee: Committee, ada: Membership) -> None:
        text = page(ada)
        assert "No week has been counted yet" in text
        assert '<svg class="chart' not in text

    def test_with_fewer_than_five_members_there_are_words_and_no_number(self, committee: Committee, ada: Membership) -> None:
        growth.record_weeks(NOW)
        growth.take_pictures(NOW)
        Membership.objects.filter(committee=committee).exclude(pk=ada.pk).update(standing=Standing.LEFT, changed_at=NOW)
        text = page(ada)
        assert "too few of you" in text
        assert "chart__bar" not in text
        assert "Came and went" not in text

    def test_each_figure_says_since_when_it_is_known(self, committee: Committee, ada: Membership) -> None:
        growth.record_weeks(NOW)
        text = page(ada)
        assert text.count("Known from the week of this day on:") >= 2  # answers to meetings, notices
        assert "notices after 14" in text

    def test_every_chart_has_a_title_a_description_and_a_table(self, committee: Committee, ada: Membership) -> None:
        growth.record_weeks(NOW)
        text = page(ada)
        charts = re.findall(r'<svg class="chart.*?</svg>', text, re.DOTALL)
        assert len(charts) >= 3
        for chart in charts:
            assert 'role="img"' in chart
            assert re.search(r"<title id=.+?>.+?</title>", chart)
            assert re.search(r"<desc id=.+?>.+?</desc>", chart)
        assert text.count("<table") >= len(charts)
        assert " style=" not in text

    def test_a_chart_says_no_more_than_the_table_beside_it(self, committee: Committee, ada: Membership) -> None:
        growth.record_weeks(NOW)
        Week.objects.filter(pk=last_week(committee).pk).update(median_hours=1, slow_hours=36)
        said = re.findall(r"<title>([^<]*)</title></(?:rect|circle)", page(ada))
        assert {"Nov 9: 10 to 14", "Nov 9: 1 hour", "Nov 9: 36 hours"} <= set(said)
        assert not [each for each in said if re.search(r": 1[0-4]?$", each)]

    def test_numbers_and_days_stand_in_the_readers_language(self, committee: Committee, ada: Membership) -> None:
        growth.record_weeks(NOW)
        Week.objects.filter(pk=last_week(committee).pk).update(members=12345)
        Person.objects.filter(pk=ada.person_id).update(language="es")
        text = page(make.reloaded(ada))
        assert "12.345" in text
        assert "lunes" in text

    def test_shifts_stand_in_fives_and_small_ones_not_at_all(self, committee: Committee, ada: Membership) -> None:
        for shift in ("Weekend", "Crane"):
            for _number in range(3):
                came(committee, shift=shift)
        growth.take_pictures(NOW)
        text = page(ada)
        assert _weeks(text, "By shift or department")[0][1] == "10 to 14"
        assert "Crane" not in text
        assert "Weekend" not in text
        assert "Other shifts are not shown" in text


class TestNothingIsAboutOnePerson:
    def test_no_name_and_no_page_of_a_member_is_on_it(self, committee: Committee, ada: Membership) -> None:
        new = came(committee)
        growth.record_weeks(NOW)
        growth.take_pictures(NOW)
        main = page(ada).split("<main", 1)[1]
        for member in Membership.objects.filter(committee=committee).exclude(pk=ada.pk):
            assert member.handle not in main
            assert member.slug not in main
        assert new.person is not None

    def test_what_happens_in_the_running_week_changes_nothing_on_it(self, committee: Committee, ada: Membership) -> None:
        growth.record_weeks(NOW)
        growth.take_pictures(NOW)
        tokens = re.compile(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"')
        before = tokens.sub("", page(ada))
        came(committee, weeks_ago=-0.7, shift="Weekend")
        make.application(committee)
        assert tokens.sub("", page(ada)) == before


class TestSisterSites:
    def test_open_sites_of_the_same_employer_without_a_committee(self, committee: Committee, ada: Membership) -> None:
        near = make.workplace(employer="Acme", name="Second gate")
        make.workplace(employer="Somebody else", name="Third gate")
        make.committee(site=make.workplace(employer="Acme", name="Organized gate"))
        text = page(ada)
        assert near.get_absolute_url() in text
        assert "Third gate" not in text
        assert "Organized gate" not in text

    def test_a_committee_that_only_its_link_leads_to_looks_like_none(self, committee: Committee, ada: Membership) -> None:
        site = make.workplace(employer="Acme", name="Quiet gate")
        Committee.objects.filter(pk=make.committee(site=site).pk).update(visibility=Visibility.LINK)
        assert site.get_absolute_url() in page(ada)

    def test_ones_own_site_is_not_among_them_even_if_only_a_link_leads_to_ones_committee(self, committee: Committee, ada: Membership) -> None:
        Committee.objects.filter(pk=committee.pk).update(visibility=Visibility.LINK)
        own = committee.workplace
        assert own is not None
        assert own.get_absolute_url() not in page(ada).split("<main", 1)[1]

    def test_ten_of_many_and_the_way_to_all(self, committee: Committee, ada: Membership) -> None:
        for number in range(12):
            make.workplace(employer="Acme", name=f"Gate {number:02}")
        text = page(ada)
        assert len(re.findall(r">Gate \d\d", text)) <= 10
        assert text.count("/workplaces/") >= 10
        assert "All its workplaces" in text

    def test_a_committee_of_no_single_employer_has_no_such_list(self, committee: Committee) -> None:
        organizer = make.reloaded(make.organizer_of(make.alliance()))
        assert queries.growth(organizer, weeks=12, smallest=5).employer is None


def test_it_asks_the_same_number_of_questions_for_one_week_and_for_a_year(committee: Committee, ada: Membership) -> None:
    def cost(weeks: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            page(ada, weeks, browser=browser)
        return len(asked)

    browser = make.client(ada.person)
    growth.record_weeks(NOW)
    growth.take_pictures(NOW)
    page(ada, browser=browser)
    little = cost("12")
    Committee.objects.filter(pk=committee.pk).update(founded_at=NOW - 60 * WEEK)
    Week.objects.all().delete()
    for _number in range(20):
        came(committee, shift=f"Shift {_number % 3}", weeks_ago=2)
    for number in range(12):
        make.workplace(employer="Acme", name=f"Gate {number:02}")
    while growth.record_weeks(NOW):
        pass
    assert cost("52") == little
    assert little <= 16
