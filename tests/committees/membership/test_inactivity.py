"""Members whom nobody has seen: asked after 60 days, inactive 30 days later, gone after six months; and back with one tap."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership import queries
from committees.membership.models import Application, Membership, ReservedHandle, RoleTerm
from committees.membership.roles import Power, Role, Standing
from committees.notices import commands as notices
from committees.notices import registry
from committees.notices.models import Choice, Delivery, Notice
from committees.people import commands as people
from committees.people.models import Person
from organizing.forum import commands as forum
from organizing.forum.models import Draft, Post, ReadMark, Watch
from tests import make
from tests.organizing.forum.talking import begin, board

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def unseen(member: Membership, *, days: int, at: datetime | None = None) -> datetime:
    """Everybody was here today but this member, whom nobody has seen for so many days; returns now."""
    at = at or timezone.now()
    Person.objects.update(seen_on=at.date())
    Person.objects.filter(pk=member.person_id).update(seen_on=(at - days * DAY).date())
    Membership.objects.filter(pk=member.pk).update(joined_at=at - 400 * DAY)
    return at


def asked(member: Membership, *, ago: int) -> datetime:
    at = unseen(member, days=60 + ago)
    assert membership.ask_the_unseen(at - ago * DAY) == 1
    return at


def inactive(member: Membership) -> datetime:
    at = asked(member, ago=30)
    assert membership.become_inactive(at) == 1
    return at


def tick(at: datetime) -> int:
    return sum(each(at) for each in (membership.ask_the_unseen, membership.become_inactive, membership.say_a_last_word, membership.lapse))


def lapse(since: datetime) -> int:
    """Six months after they became inactive, and a month after they heard their last word."""
    membership.say_a_last_word(since + 153 * DAY)
    return membership.lapse(since + 183 * DAY)


def now(member: Membership) -> Membership:
    return Membership.objects.get(pk=member.pk)


def kinds(person: Person | None) -> list[str]:
    return sorted({d.notice.kind.split("/")[1] for d in Delivery.objects.filter(person=person).select_related("notice")})


# -- Asked ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "asks"), [(59, False), (60, True), (300, True)])
def test_who_was_not_seen_for_60_days_is_asked_once(cast: make.Cast, days: int, asks: bool) -> None:
    at = unseen(cast.ben, days=days)
    assert membership.ask_the_unseen(at) == int(asks)
    assert membership.ask_the_unseen(at) == 0
    assert now(cast.ben).asked_on == (at.date() if asks else None)
    assert kinds(cast.ben.person) == (["still_there"] if asks else [])


def test_new_members_are_asked_too_and_nobody_who_is_out_or_suspended(cast: make.Cast) -> None:
    at = timezone.now()
    Membership.objects.update(joined_at=at - 400 * DAY)
    Person.objects.update(seen_on=at.date() - 90 * DAY)
    for standing in (Standing.SUSPENDED, Standing.LEFT, Standing.REMOVED, Standing.STEPPED_ASIDE, Standing.INACTIVE, Standing.LAPSED):
        make.member(cast.committee, standing=standing)
    membership.ask_the_unseen(at)
    assert set(Membership.objects.filter(committee=cast.committee, asked_on__isnull=False)) == {cast.ada, cast.ben, cast.cleo, cast.mo}


def test_nobody_is_asked_in_their_first_60_days(cast: make.Cast) -> None:
    at = unseen(cast.ben, days=100)
    Membership.objects.filter(pk=cast.ben.pk).update(joined_at=at - 59 * DAY)
    assert membership.ask_the_unseen(at) == 0


def test_an_account_that_was_never_used_counts_from_the_day_it_was_made(cast: make.Cast) -> None:
    at = unseen(cast.ben, days=0)
    Person.objects.filter(pk=cast.ben.person_id).update(seen_on=None, created_on=at.date() - 59 * DAY)
    assert membership.ask_the_unseen(at) == 0
    assert membership.ask_the_unseen(at + DAY) == 1


def test_a_notice_is_overtaken_by_coming_here(cast: make.Cast) -> None:
    at = asked(cast.ben, ago=1)
    notice = Notice.objects.get(kind="membership/still_there")
    notice.about = cast.ben
    matters = registry.kind(notice.kind).matters
    assert matters(notice, {cast.ben.person_id}) == {cast.ben.person_id}
    assert cast.ben.person is not None
    people.seen(cast.ben.person, on=at.date())
    assert matters(notice, {cast.ben.person_id}) == set()


def test_any_visit_is_an_answer_and_that_they_were_asked_is_forgotten(cast: make.Cast) -> None:
    at = asked(cast.ben, ago=29)
    assert cast.ben.person is not None
    make.client(cast.ben.person).get(reverse("home:today"))
    tick(at + 5 * DAY)
    assert (now(cast.ben).standing, now(cast.ben).asked_on) == (Standing.MEMBER, None)


# -- Inactive ---------------------------------------------------------------------------------------------------------


def test_after_30_days_without_an_answer_they_are_inactive_and_told(cast: make.Cast) -> None:
    at = asked(cast.ben, ago=30)
    assert membership.become_inactive(at - DAY) == 0
    assert membership.become_inactive(at) == 1
    assert membership.become_inactive(at) == 0
    assert make.reloaded(cast.ben).standing == Standing.INACTIVE
    assert make.reloaded(cast.ben).powers == {Power.SEE_COMMITTEE, Power.LEAVE}
    assert "inactive" in kinds(cast.ben.person)
    assert Entry.objects.filter(chain=cast.committee.slug, verb="member.inactive").count() == 1


def test_they_are_not_counted_but_organizers_still_find_them(cast: make.Cast) -> None:
    before = Membership.objects.present().filter(committee=cast.committee).count()
    inactive(cast.ben)
    assert Membership.objects.present().filter(committee=cast.committee).count() == before - 1
    assert cast.ben in queries.roster(cast.committee.pk)


def test_an_organizers_powers_rest_and_the_wider_committee_is_told_of_the_last_one(cast: make.Cast) -> None:
    inactive(cast.ada)
    assert Power.CALL_MEETING not in make.reloaded(cast.ada).powers
    assert RoleTerm.objects.running(timezone.now()).filter(membership=cast.ada).exists()
    assert Notice.objects.filter(kind="membership/without_organizers", about_id=cast.committee.pk).count() == 1
    membership.stay(cast.ada, by=make.reloaded(cast.ada), at=timezone.now())
    assert Power.CALL_MEETING in make.reloaded(cast.ada).powers


def test_the_last_organizer_of_the_widest_committee_stays(cast: make.Cast) -> None:
    intake = make.organizer_of(make.alliance())
    at = asked(intake, ago=30)
    assert membership.become_inactive(at) == 0
    assert now(intake).standing == Standing.MEMBER
    second = membership.seat(make.alliance(), make.person(), handle="Intake two", roles=[Role.ORGANIZER], at=make.past())
    assert second.standing == Standing.MEMBER
    assert membership.become_inactive(at) == 1


# -- Back -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "standing"), [("ben", Standing.MEMBER), ("cleo", Standing.PROBATION)])
def test_one_tap_and_all_is_as_it_was(cast: make.Cast, who: str, standing: str) -> None:
    member = getattr(cast, who)
    at = inactive(member)
    me = make.reloaded(member)
    assert membership.stay(me, by=me, at=at)
    assert not membership.stay(me, by=me, at=at)
    assert now(member).standing == standing
    assert tick(at) == 0
    assert Entry.objects.filter(chain=cast.committee.slug, verb="member.returned").count() == 1


def test_nobody_comes_back_for_another(cast: make.Cast) -> None:
    inactive(cast.ben)
    for other in (cast.ada, cast.mo, cast.boss):
        with pytest.raises(PermissionDenied):
            membership.stay(make.reloaded(cast.ben), by=make.reloaded(other), at=timezone.now())
    assert now(cast.ben).standing == Standing.INACTIVE


@pytest.mark.parametrize("standing", [Standing.LAPSED, Standing.LEFT, Standing.REMOVED, Standing.SUSPENDED, Standing.STEPPED_ASIDE])
def test_nobody_who_is_out_comes_back_so(cast: make.Cast, standing: str) -> None:
    make.put(cast.ben, standing)
    me = make.reloaded(cast.ben)
    with pytest.raises(PermissionDenied):
        membership.stay(me, by=me, at=timezone.now())


def test_from_the_list_of_committees_and_from_the_committees_page(cast: make.Cast) -> None:
    for page in (reverse("bodies:list"), cast.committee.get_absolute_url(), reverse("home:today")):
        inactive(cast.ben)
        assert cast.ben.person is not None
        browser = make.client(cast.ben.person)
        stay = reverse("membership:stay", args=[cast.committee.slug])
        assert stay in browser.get(page).content.decode()
        assert "Come back" in browser.get(stay).content.decode()
        assert "You are back." in browser.post(stay, follow=True).content.decode()
        assert stay not in browser.get(page).content.decode()
        assert "Yes, I still belong" in browser.get(stay).content.decode()
        Notice.objects.all().delete()


# -- A last word ------------------------------------------------------------------------------------------------------


def test_a_month_before_they_hear_a_last_word_once(cast: make.Cast) -> None:
    at, person = inactive(cast.ben), cast.ben.person
    assert person is not None
    assert membership.say_a_last_word(at + 152 * DAY) == 0
    assert membership.say_a_last_word(at + 153 * DAY) == 1
    assert "lapses_soon" in kinds(person)
    Person.objects.filter(pk=person.pk).update(seen_on=(at + 154 * DAY).date())
    membership.ask_the_unseen(at + 155 * DAY)
    assert membership.say_a_last_word(at + 156 * DAY) == 0


def test_whoever_comes_back_then_is_not_asked_again_at_once(cast: make.Cast) -> None:
    at = inactive(cast.ben)
    membership.say_a_last_word(at + 153 * DAY)
    me = make.reloaded(cast.ben)
    assert membership.stay(me, by=me, at=at + 154 * DAY)
    assert now(cast.ben).asked_on is None
    assert membership.become_inactive(at + 184 * DAY) == 0
    assert membership.lapse(at + 184 * DAY) == 0


# -- Gone -------------------------------------------------------------------------------------------------------------


def test_after_six_months_the_membership_ends_and_they_are_told(cast: make.Cast) -> None:
    at, person = inactive(cast.ben), cast.ben.person
    assert person is not None
    membership.say_a_last_word(at + 153 * DAY)
    assert membership.lapse(at + 182 * DAY) == 0
    assert membership.lapse(at + 183 * DAY) == 1
    assert membership.lapse(at + 183 * DAY) == 0
    assert now(cast.ben).standing == Standing.LAPSED
    assert "lapsed" in kinds(person)
    assert Person.objects.filter(pk=person.pk, is_active=True).exists()
    assert make.client(person).get(cast.committee.get_absolute_url()).status_code == 404
    assert not RoleTerm.objects.running(at + 184 * DAY).filter(membership=cast.ben).exists()


def test_after_an_outage_they_still_have_a_month_after_their_last_word(cast: make.Cast) -> None:
    at = inactive(cast.ben)
    back = at + 200 * DAY
    for each in (membership.lapse, membership.say_a_last_word, membership.lapse):
        each(back)
    assert now(cast.ben).standing == Standing.INACTIVE
    assert membership.lapse(back + 29 * DAY) == 0
    assert membership.lapse(back + 30 * DAY) == 1


def test_nothing_leads_from_the_committee_to_them_any_more(cast: make.Cast) -> None:
    """What they wrote stays; drafts, marks and wishes here go, and elsewhere nothing is touched."""
    ben = make.reloaded(make.admitted(cast.dina))
    membership.end_probations(timezone.now())
    ben = make.reloaded(ben)
    person = ben.person
    assert person is not None
    other = make.member(make.committee(), by=person)
    topic, elsewhere = begin(ben), begin(other)
    for place in (topic, elsewhere):
        forum.save_draft(place, text="Not yet sent", by=person, at=timezone.now())
        Choice.objects.create(person=person, committee_id=place.committee_id, group="meetings", channel="email", when="off")
    waiting = forum.start(
        board(cast.committee), title="Held", text="See https://a.example https://b.example https://c.example", language="en", by=ben, at=timezone.now()
    )
    assert waiting.last_position == 0
    at = inactive(ben)
    assert Application.objects.filter(person=person).exists()
    assert lapse(at) == 1
    row = now(ben)
    assert (row.person_id, row.shift) == (None, "")
    assert ReservedHandle.objects.filter(committee=cast.committee, membership=ben).exists()
    assert not Application.objects.filter(person=person).exists()
    assert list(Choice.objects.filter(person=person).values_list("committee_id", flat=True)) == [other.committee_id]
    assert [draft.topic_id for draft in Draft.objects.filter(person=person)] == [elsewhere.pk]
    for model in (ReadMark, Watch):
        assert [mark.topic_id for mark in model.objects.filter(person=person)] == [elsewhere.pk]
    assert Post.objects.filter(topic=topic, position=1).exists()
    assert not Post.objects.filter(topic=waiting.pk).exists()
    assert now(other).person_id == person.pk
    assert now(other).standing == Standing.MEMBER


def test_what_was_told_about_their_application_no_longer_stops_the_outbox(cast: make.Cast) -> None:
    """Reviewers are told of an application that is gone before they could be: nobody is, and nothing fails."""
    ben = make.reloaded(make.admitted(cast.dina))
    at = inactive(ben)
    lapse(at)
    assert not Notice.objects.about(cast.dina).standing().exists()
    notices.sweep(at=at + 183 * DAY)


def test_they_may_apply_again_but_nobody_else_gets_their_name(cast: make.Cast) -> None:
    at, person = inactive(cast.ben), cast.ben.person
    assert person is not None
    lapse(at)
    make.application(cast.committee, by=person)
    with pytest.raises(Refused, match="already uses this name"):
        make.application(cast.committee, handle=cast.ben.handle)


# -- Any run of days --------------------------------------------------------------------------------------------------


class Clock:
    """What a membership must be, in a few lines, for one that is looked at every few days."""

    def __init__(self, start: datetime) -> None:
        self.seen, self.asked, self.since, self.standing = start.date(), None, start, "member"
        self.asked: date | None

    def look(self, at: datetime) -> None:
        if self.standing == "member" and self.asked and self.seen >= self.asked:
            self.asked = None
        if self.standing == "member" and self.asked is None and self.seen <= (at - 60 * DAY).date():
            self.asked = at.date()
        if self.standing == "member" and self.asked and self.asked <= (at - 30 * DAY).date():
            self.standing, self.since, self.asked = "inactive", at, None
        if self.standing == "inactive" and self.asked is None and self.since <= at - 153 * DAY:
            self.asked = at.date()
        if self.standing == "inactive" and self.asked and self.asked <= (at - 30 * DAY).date() and self.since <= at - 183 * DAY:
            self.standing = "lapsed"


@given(
    steps=st.lists(st.tuples(st.sampled_from(["seen", "stay", "nothing"]), st.integers(min_value=1, max_value=200)), min_size=1, max_size=5),
    every=st.sampled_from([5, 9, 31]),
    order=st.permutations([0, 1, 2, 3]),
)
@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_membership_is_what_the_days_make_it(cast: make.Cast, steps: list[tuple[str, int]], every: int, order: list[int]) -> None:
    """Whatever the order of the ticks, run once or twice: nothing is skipped, and nothing happens again."""
    ticks: list[Any] = [membership.ask_the_unseen, membership.become_inactive, membership.say_a_last_word, membership.lapse]
    with transaction.atomic():
        start = at = unseen(cast.ben, days=0)
        Membership.objects.exclude(pk=cast.ben.pk).update(standing=Standing.LEFT)
        clock = Clock(start)
        for what, days in steps:
            until = at + days * DAY
            while at <= until:
                for number in order:
                    ticks[number](at)
                for number in (*order, 0, 1, 2, 3):  # whoever came first: of one moment nothing is left to do
                    ticks[number](at)
                clock.look(at)
                assert tick(at) == 0
                assert (now(cast.ben).standing, now(cast.ben).asked_on) == (clock.standing, clock.asked)
                at += every * DAY
            me = make.reloaded(cast.ben)
            if me.person is None:
                break
            if what == "seen":
                people.seen(me.person, on=at.date())
                clock.seen = at.date()
            if what == "stay":
                membership.stay(me, by=me, at=at)
                clock.seen, clock.asked, clock.standing, clock.since = at.date(), None, "member", at
        transaction.set_rollback(True)


def test_a_tick_that_finds_nothing_costs_one_question(cast: make.Cast, django_assert_num_queries: Any) -> None:
    at = unseen(cast.ben, days=1)
    with django_assert_num_queries(4 * 3 + 1):  # a savepoint around each, and one question; the first also forgets what was answered
        assert tick(at) == 0
