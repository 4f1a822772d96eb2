"""A committee in which nothing happens: told at 45 days, at rest after 60, and awake by whatever happens in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from committees.base.errors import Refused
from committees.bodies import register
from committees.bodies.models import Committee, Life
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.commands import resting
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.moderation import commands as moderation
from committees.moderation.models import Review
from committees.notices import registry
from committees.notices.models import Notice
from organizing.forum import commands as forum
from organizing.forum.models import Board, Post
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.meetings.plans import Plan, Words
from tests import make
from tests.organizing.forum.talking import begin

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def here(cast: make.Cast) -> Committee:
    return Committee.objects.get(pk=cast.committee.pk)


def quiet_for(cast: make.Cast, days: float) -> datetime:
    """Nothing has happened here for so many days, and no clock has looked yet; returns now."""
    now = timezone.now()
    began = now - days * DAY
    Committee.objects.filter(pk=cast.committee.pk).update(founded_at=began, woken_at=began, quiet_told_at=None, look_at=None)
    return now


def at_rest(cast: make.Cast) -> datetime:
    """As the clock leaves it that came by on each day."""
    now = quiet_for(cast, 61)
    membership.look_at_the_quiet(now - 16 * DAY)
    membership.look_at_the_quiet(now)
    assert here(cast).life == Life.DORMANT
    cast.committee.refresh_from_db()
    return now


def told(kind: str, cast: make.Cast) -> int:
    return Notice.objects.filter(kind=f"membership/{kind}", about_id=cast.committee.pk).count()


def meeting(cast: make.Cast, *, at: datetime, in_days: float = 3) -> Meeting:
    plan = Plan(Words("Overtime"), "Europe/London", 60, (at + in_days * DAY).date(), time(19, 0))
    by = make.reloaded(cast.ada)
    return meetings.call(meetings.draft(plan, by=by, at=at), by=by, at=at)


# -- The clock --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "life", "organizers_told"), [(44.9, "active", 0), (45, "active", 1), (59.9, "active", 1)])
def test_organizers_are_told_after_45_days(cast: make.Cast, days: float, life: str, organizers_told: int) -> None:
    now = quiet_for(cast, days)
    membership.look_at_the_quiet(now)
    membership.look_at_the_quiet(now)
    assert (here(cast).life, told("committee_quiet", cast)) == (life, organizers_told)


def test_after_60_days_it_rests_and_its_members_are_told(cast: make.Cast) -> None:
    now = quiet_for(cast, 60)
    membership.look_at_the_quiet(now - 15 * DAY)
    membership.look_at_the_quiet(now - timedelta(minutes=1))
    assert here(cast).life == Life.ACTIVE
    membership.look_at_the_quiet(now)
    membership.look_at_the_quiet(now)
    assert here(cast).life == Life.DORMANT
    assert (told("committee_quiet", cast), told("committee_rests", cast)) == (1, 1)
    assert Entry.objects.filter(chain=cast.committee.slug, verb="committee.rests").count() == 1


def test_it_never_rests_before_its_organizers_knew_for_15_days(cast: make.Cast) -> None:
    """Where the server stood still, or is new to this clock."""
    now = quiet_for(cast, 200)
    membership.look_at_the_quiet(now)
    assert (here(cast).life, told("committee_quiet", cast)) == (Life.ACTIVE, 1)
    membership.look_at_the_quiet(now + 14.9 * DAY)
    assert here(cast).life == Life.ACTIVE
    membership.look_at_the_quiet(now + 15 * DAY)
    assert here(cast).life == Life.DORMANT


def test_the_notices_reach_whom_they_are_for_and_nobody_once_it_goes_on(cast: make.Cast) -> None:
    now = at_rest(cast)
    for kind, expected in (("quiet", set()), ("rests", {cast.ada, cast.ben, cast.cleo, cast.mo})):
        notice = Notice.objects.get(kind=f"membership/committee_{kind}", about_id=cast.committee.pk)
        meant = registry.kind(notice.kind)
        notice.about = here(cast)
        assert meant.matters(notice, set(meant.audience(notice))) == {m.person_id for m in expected}
    membership.wake(cast.committee, by=cast.ben, at=now)
    notice.about = here(cast)
    assert not meant.matters(notice, set(meant.audience(notice)))


def test_the_alliance_and_what_forms_and_what_is_dissolved_never_rest(cast: make.Cast) -> None:
    founder = make.forming()
    gone = make.committee()
    Committee.objects.filter(pk=gone.pk).update(life=Life.DISSOLVED)
    Committee.objects.update(founded_at=timezone.now() - 400 * DAY, look_at=None)
    for days in (0, 16):
        membership.look_at_the_quiet(timezone.now() + days * DAY)
    lives = dict(Committee.objects.values_list("pk", "life"))
    assert (lives[founder.committee_id], lives[gone.pk], lives[make.alliance().pk]) == (Life.FORMING, Life.DISSOLVED, Life.ACTIVE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Committee.objects.filter(pk=make.alliance().pk).update(life=Life.DORMANT, rests_since=timezone.now())


def test_a_committee_that_has_just_begun_is_not_quiet_since_its_founding() -> None:
    founder = make.forming()
    members = [make.admitted(make.application(founder.committee)) for _ in range(2)]
    now = timezone.now()
    assert members
    membership.conclude_founding(founder.committee, by=make.reloaded(founder), at=now)
    membership.look_at_the_quiet(now + 44 * DAY)
    assert not Notice.objects.filter(kind="membership/committee_quiet", about_id=founder.committee_id).exists()


def test_it_costs_the_same_for_one_committee_and_for_many_that_are_not_quiet(cast: make.Cast) -> None:
    def cost() -> int:
        Committee.objects.update(look_at=None, woken_at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            seen = membership.look_at_the_quiet(timezone.now())
        return len(queries) - seen  # each has its next day written down

    first = cost()
    for _ in range(3):
        make.committee()
    assert cost() == first


@given(
    steps=st.lists(st.tuples(st.sampled_from(["wait", "wake", "happens"]), st.integers(min_value=0, max_value=80)), min_size=1, max_size=5),
    every=st.sampled_from([2, 3, 7]),
)
@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_when_it_is_what_its_last_sign_of_life_makes_it(cast: make.Cast, steps: list[tuple[str, int]], every: int) -> None:
    """A clock that comes by every few days over any run of days, against three lines that say the same without a table."""
    with transaction.atomic():
        start = quiet_for(cast, 0)
        Committee.objects.exclude(pk=cast.committee.pk).update(look_at=start + 9999 * DAY)
        happened: dict[int, datetime] = {}
        source: Callable[[Any], dict[int, datetime]] = lambda ids: {pk: at for pk, at in happened.items() if pk in ids}  # noqa: E731
        register._activities[:], kept = [source], list(register._activities)
        try:
            now = last = start
            told_at: datetime | None = None
            resting_now = False
            for what, days in steps:
                until = now + days * DAY
                while now <= until:  # and in the same moment again
                    before = told("committee_rests", cast), told("committee_quiet", cast)
                    membership.look_at_the_quiet(now)
                    if told_at is None and now >= last + resting.TOLD_AFTER:
                        told_at = now
                    resting_now = resting_now or bool(told_at and now >= max(last + resting.RESTS_AFTER, told_at + resting.WARNING))
                    assert (here(cast).life == Life.DORMANT) == resting_now
                    after = told("committee_rests", cast), told("committee_quiet", cast)
                    membership.look_at_the_quiet(now)
                    assert (told("committee_rests", cast), told("committee_quiet", cast)) == after
                    assert after[0] - before[0] <= 1
                    now += every * DAY
                if what == "wake" and membership.wake(here(cast), by=cast.ben, at=now):
                    last, told_at, resting_now = now, None, False
                if what == "happens":
                    happened[cast.committee.pk] = now
                    membership.stir(here(cast), by=None, at=now)
                    last, told_at, resting_now = now, None, False
                assert (here(cast).life == Life.DORMANT) == resting_now
                now += every * DAY
        finally:
            register._activities[:] = kept
        transaction.set_rollback(True)


# -- What wakes it ----------------------------------------------------------------------------------------------------


def test_a_meeting_that_is_called_wakes_it_in_the_same_moment(cast: make.Cast) -> None:
    now = at_rest(cast)
    meeting(cast, at=now)
    assert here(cast).life == Life.ACTIVE
    entry = Entry.objects.filter(chain=cast.committee.slug, verb="committee.woken").get()
    assert cast.ada.person is not None
    assert entry.actor == cast.ada.person.ledger_key


def test_a_meeting_that_is_refused_wakes_nobody(cast: make.Cast) -> None:
    now = at_rest(cast)
    with pytest.raises(Refused):
        meeting(cast, at=now, in_days=-3)
    assert here(cast).life == Life.DORMANT


def test_a_coming_meeting_keeps_it_awake_and_a_cancelled_one_no_longer(cast: make.Cast) -> None:
    now = quiet_for(cast, 0)
    called = meeting(cast, at=now, in_days=50)
    membership.look_at_the_quiet(now + 49 * DAY)
    assert not told("committee_quiet", cast)
    meetings.cancel(called, by=make.reloaded(cast.ada), at=now + 49 * DAY)
    membership.look_at_the_quiet(now + 50 * DAY)
    assert told("committee_quiet", cast)


def test_a_post_wakes_it_when_it_is_shown(cast: make.Cast) -> None:
    """An organizer's at once; another's when a moderator has looked at it."""
    at_rest(cast)
    begin(make.reloaded(cast.ada))
    assert here(cast).life == Life.ACTIVE
    Post.objects.all().delete()
    now = timezone.now()
    Committee.objects.filter(pk=cast.committee.pk).update(life=Life.DORMANT, rests_since=now)
    board = Board.objects.filter(committee=cast.committee, audience="committee").first()
    assert board is not None
    topic = forum.start(board, title="Fans", text="Bring a fan on Monday.", language="en", by=make.reloaded(cast.ben), at=now)
    assert here(cast).life == Life.DORMANT
    assert topic.last_position == 0
    moderation.approve(Review.objects.get(row_id=topic.posts.get().pk), by=make.reloaded(cast.mo), at=now)
    assert here(cast).life == Life.ACTIVE


def test_what_no_command_told_of_is_found_by_the_clock(cast: make.Cast) -> None:
    now = at_rest(cast)
    topic = begin(make.reloaded(cast.ada))
    assert topic.last_at
    Committee.objects.filter(pk=cast.committee.pk).update(life=Life.DORMANT, rests_since=now, woken_at=None)
    membership.look_at_the_quiet(now + timedelta(minutes=6))
    assert here(cast).life == Life.ACTIVE


def test_what_happens_elsewhere_wakes_nobody_here(cast: make.Cast) -> None:
    now = at_rest(cast)
    begin(cast.boss)
    membership.look_at_the_quiet(now + DAY)
    assert here(cast).life == Life.DORMANT


@pytest.mark.parametrize(("who", "may"), [("ada", True), ("ben", True), ("mo", True), ("cleo", False), ("boss", False)])
def test_members_past_their_first_weeks_wake_it(cast: make.Cast, who: str, may: bool) -> None:
    now = at_rest(cast)
    by = make.reloaded(getattr(cast, who))
    if not may:
        with pytest.raises(PermissionDenied):
            membership.wake(cast.committee, by=by, at=now)
        return
    assert membership.wake(cast.committee, by=by, at=now)
    assert not membership.wake(cast.committee, by=by, at=now)
    assert Entry.objects.filter(chain=cast.committee.slug, verb="committee.woken").count() == 1


# -- Pages ------------------------------------------------------------------------------------------------------------


def test_its_page_says_that_it_rests_and_a_member_wakes_it_there(cast: make.Cast) -> None:
    at_rest(cast)
    assert cast.ben.person is not None
    assert cast.cleo.person is not None
    page, wake = cast.committee.get_absolute_url(), reverse("membership:wake", args=[cast.committee.slug])
    newcomer, browser = make.client(cast.cleo.person), make.client(cast.ben.person)
    assert "This committee rests" in newcomer.get(page).content.decode()
    assert wake not in newcomer.get(page).content.decode()
    assert newcomer.post(wake).status_code == 404
    assert wake in browser.get(page).content.decode()
    assert "Resting" in browser.get(reverse("bodies:list")).content.decode()
    assert "It has not met for a while" in browser.get(reverse("bodies:card", args=[cast.committee.slug])).content.decode()
    assert browser.get(wake).status_code == 405
    shown = browser.post(wake, follow=True).content.decode()
    assert "Your committee is awake" in shown
    assert "This committee rests" not in shown
    assert "is awake" not in browser.post(wake, follow=True).content.decode()


def test_an_inactive_member_sees_that_it_rests_and_no_button(cast: make.Cast) -> None:
    at_rest(cast)
    Membership.objects.filter(pk=cast.ben.pk).update(standing=Standing.INACTIVE)
    assert cast.ben.person is not None
    page = make.client(cast.ben.person).get(cast.committee.get_absolute_url()).content.decode()
    assert "This committee rests" in page
    assert "Wake it up" not in page


def test_an_organizer_of_a_wider_committee_is_a_nobody_here(cast: make.Cast) -> None:
    at_rest(cast)
    intake = make.reloaded(make.organizer_of(make.alliance()))
    assert Role.ORGANIZER in intake.roles
    with pytest.raises(PermissionDenied):
        membership.wake(cast.committee, by=intake, at=timezone.now())
