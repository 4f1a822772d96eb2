"""Somebody covers for an organizer or a moderator who is away: what holds while it runs, and how it ends."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from committees.base.errors import Refused
from committees.jointly import commands as jointly
from committees.jointly.models import State as Act
from committees.membership import commands as membership
from committees.membership import queries as members
from committees.membership.covers import Cover, State
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Power, Role, Standing
from committees.notices.models import Notice
from committees.people import commands as people
from tests import make
from tests.committees.jointly.covering import DAY, accepted, act_of, asked, kinds, now, running, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    """Another organizer of the cast's committee."""
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))


class TestWhileItRuns:
    def test_the_cover_may_all_that_the_office_lets_one_do_and_the_absent_one_too(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        ben, ada = make.reloaded(cast.ben), make.reloaded(cast.ada)
        assert ben.powers >= ada.powers
        assert ben.covers_for == {ada.pk}
        assert Membership.objects.with_power(Power.CALL_MEETING).filter(pk=ben.pk).exists()
        assert members.organizers(cast.committee.pk).filter(pk=ben.pk).exists()
        assert not members.holders(cast.committee.pk).filter(pk=ben.pk).exists()

    def test_it_begins_and_ends_by_itself(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second, begins=5, days=2)
        asks = Membership.objects.filter(pk=cast.ben.pk)
        for at, holds in ((cover.begins_at - DAY / 24, False), (cover.begins_at, True), (cover.ends_at - DAY / 24, True), (cover.ends_at, False)):
            assert asks.with_role(Role.ORGANIZER, at=at).exists() is holds, at

    def test_it_ends_with_the_office_at_the_latest(self, cast: make.Cast, second: Membership) -> None:
        RoleTerm.objects.filter(membership=cast.ada).update(ends_at=now() + 4 * DAY, interim=False)
        cover = running(cast, second)
        assert cover.ends_at == RoleTerm.objects.get(membership=cast.ada).ends_at

    def test_the_absent_one_is_not_reminded_of_applications_as_long_as_another_is(self, cast: make.Cast, second: Membership) -> None:
        from committees.membership.kinds import _reviewers, _reviewers_there

        running(cast, second)
        notice = Notice(kind="membership/application_waits", about_type="membership.Application", about_id=cast.dina.pk)
        notice.about = cast.dina
        assert cast.ada.person_id in set(_reviewers(notice))
        assert cast.ada.person_id not in _reviewers_there(notice)
        assert cast.ben.person_id in _reviewers_there(notice)
        Membership.objects.filter(pk__in=[cast.ben.pk, second.pk, cast.mo.pk]).update(standing=Standing.SUSPENDED)
        assert _reviewers_there(notice) == {cast.ada.person_id}, "nobody else is left"

    def test_both_are_told_when_it_begins_and_ends(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second, days=2)
        assert membership.tell_of_covers(now()) == 1
        assert membership.tell_of_covers(now()) == 0
        assert membership.tell_of_covers(cover.ends_at) == 1
        assert membership.tell_of_covers(cover.ends_at) == 0
        assert kinds() == [f"membership/cover_{name}" for name in ("asked", "accepted", "begins", "ends")]
        assert verbs(cast) == ["cover.asked", "cover.accepted", "cover.arranged", "cover.begun", "cover.ended"]

    def test_members_see_who_covers_for_whom_and_new_members_do_not(self, cast: make.Cast, second: Membership) -> None:
        waiting = asked(cast, cast.mo, by=second)
        cover = running(cast, second)
        for who, expected in ((cast.mo, {cover, waiting}), (second, {cover, waiting}), (cast.ben, {cover}), (cast.cleo, set()), (cast.boss, set())):
            assert set(Cover.objects.visible_to(make.reloaded(who))) == expected


class TestItEnds:
    @pytest.mark.parametrize("who", ["ada", "ben"])
    def test_when_one_of_the_two_says_so(self, who: str, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second)
        jointly.end_cover(cover, by=make.reloaded(getattr(cast, who)), at=now())
        assert Role.ORGANIZER not in make.reloaded(cast.ben).roles
        assert Role.ORGANIZER in make.reloaded(cast.ada).roles
        assert kinds()[-1] == "membership/cover_ends"
        assert membership.tell_of_covers(now() + 90 * DAY) == 0, "they are told once"
        with pytest.raises(Refused, match="over already"):
            jointly.end_cover(cover, by=make.reloaded(cast.ada), at=now())

    def test_never_when_somebody_else_says_so(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second)
        for other in (second, cast.mo, cast.boss):
            with pytest.raises(PermissionDenied):
                jointly.end_cover(cover, by=make.reloaded(other), at=now())

    def test_while_others_still_have_to_agree(self, cast: make.Cast, second: Membership) -> None:
        cover = accepted(cast)
        jointly.end_cover(cover, by=make.reloaded(cast.ada), at=now())
        assert act_of(cover).state == Act.DROPPED
        cover.refresh_from_db()
        assert cover.state == State.OFF

    @pytest.mark.parametrize("who", ["ada", "ben"])
    @pytest.mark.parametrize("way", ["leaves", "steps aside", "is suspended", "is removed", "is inactive", "erases the account"])
    def test_when_one_of_the_two_goes(self, way: str, who: str, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second)
        gone = make.reloaded(getattr(cast, who))
        if way == "leaves":
            membership.leave(gone, by=gone, at=now())
        elif way == "steps aside":
            membership.step_aside(gone, by=gone, at=now())
        elif way == "is suspended":
            membership.suspend(gone, by=None, at=now())
        elif way == "is removed":
            membership.remove(gone, for_employer=False, by=None, at=now())
        elif way == "is inactive":
            Membership.objects.filter(pk=gone.pk).update(asked_on=(now() - 31 * DAY).date())
            assert membership.become_inactive(now()) == 1
        else:
            assert gone.person is not None
            people.erase(gone.person, by=gone.person, at=now())
        cover.refresh_from_db()
        assert cover.ends_at <= now()
        assert not RoleTerm.objects.running(now()).filter(stands_in_for__isnull=False).exists()
        assert Role.ORGANIZER not in make.reloaded(cast.ben).roles

    def test_when_the_office_is_handed_back_or_taken(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second)
        membership.resign(make.reloaded(cast.ada), Role.ORGANIZER, by=make.reloaded(cast.ada), at=now())
        cover.refresh_from_db()
        assert cover.ends_at <= now()
        assert Role.ORGANIZER not in make.reloaded(cast.ben).roles

    def test_when_the_cover_hands_the_office_back_as_any_other(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second)
        membership.resign(make.reloaded(cast.ben), Role.ORGANIZER, by=make.reloaded(cast.ben), at=now())
        cover.refresh_from_db()
        assert cover.ends_at <= now()
        assert Role.ORGANIZER in make.reloaded(cast.ada).roles

    def test_when_whoever_covers_by_their_own_office_loses_it(self, cast: make.Cast, second: Membership) -> None:
        cover = accepted(cast, second)
        membership.end_term(make.reloaded(second), Role.ORGANIZER, by=None, at=now())
        cover.refresh_from_db()
        assert cover.ends_at <= now()

    def test_when_the_committee_closes(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second)
        later = asked(cast, cast.mo, begins=20)
        membership.close(cast.committee, by=make.reloaded(cast.ada), at=now())
        assert not Cover.objects.not_over(now()).filter(pk__in=[cover.pk, later.pk]).exists()
        assert not RoleTerm.objects.running(now() + DAY).filter(committee=cast.committee).exists()

    def test_a_term_that_would_begin_later_never_does(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second, begins=5)
        jointly.end_cover(cover, by=make.reloaded(cast.ada), at=now())
        assert not Membership.objects.filter(pk=cast.ben.pk).with_role(Role.ORGANIZER, at=now() + 6 * DAY).exists()
