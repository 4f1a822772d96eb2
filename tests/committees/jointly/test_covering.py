"""Somebody covers for an organizer or a moderator who is away: how it is arranged."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.jointly import commands as jointly
from committees.jointly.models import Deed, JointAct
from committees.jointly.models import State as Act
from committees.membership import commands as membership
from committees.membership.covers import LONGEST, Cover, State
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Power, Role
from tests import make
from tests.committees.jointly.covering import DAY, LATER, accepted, act_of, asked, kinds, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    """Another organizer of the cast's committee."""
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))


class TestArranging:
    def test_whoever_gets_powers_by_it_needs_a_second_organizer_and_members_can_object(self, cast: make.Cast, second: Membership) -> None:
        cover = accepted(cast)
        assert cover.state == State.ACCEPTED
        assert Role.ORGANIZER not in make.reloaded(cast.ben).roles
        act = jointly.agree(act_of(cover), by=second, at=now())
        assert act.state == Act.AGREED
        assert act.happens_at is not None
        assert timedelta(hours=71) < act.happens_at - now() <= timedelta(hours=72)
        jointly.carry_out(act.happens_at)
        term = RoleTerm.objects.get(membership=cast.ben)
        cover.refresh_from_db()
        assert (term.role, term.stands_in_for_id, term.begins_at, term.ends_at) == (Role.ORGANIZER, cast.ada.pk, act.happens_at, cover.ends_at)

    def test_a_member_of_whom_the_committee_has_made_an_officer_begins_when_the_second_one_agrees(self, cast: make.Cast, second: Membership) -> None:
        cover = accepted(cast, cast.mo)
        assert cover.state == State.ACCEPTED
        assert jointly.agree(act_of(cover), by=second, at=now()).state == Act.DONE
        assert make.reloaded(cast.mo).roles == {Role.MODERATOR, Role.ORGANIZER}

    def test_another_organizer_covers_as_soon_as_they_accept_for_it_gives_them_nothing(self, cast: make.Cast, second: Membership) -> None:
        cover = accepted(cast, second)
        assert cover.is_arranged
        assert not JointAct.objects.exists()
        assert not RoleTerm.objects.filter(stands_in_for__isnull=False).exists()

    def test_a_moderator_asks_and_an_organizer_agrees(self, cast: make.Cast) -> None:
        cover = accepted(cast, by=cast.mo, role=Role.MODERATOR)
        jointly.agree(act_of(cover), by=make.reloaded(cast.ada), at=now())
        jointly.carry_out(now() + LATER)
        term = RoleTerm.objects.get(membership=cast.ben)
        assert (term.role, term.stands_in_for_id) == (Role.MODERATOR, cast.mo.pk)

    def test_while_the_committee_is_forming_it_begins_when_a_second_one_agrees(self) -> None:
        founder = make.forming()
        member = make.member(founder.committee)
        intake = make.reloaded(make.organizer_of(make.alliance()))
        said = {"first": now().date(), "last": now().date() + 3 * DAY, "by": founder, "at": now()}
        cover = jointly.accept_cover(jointly.ask_cover(member, Role.ORGANIZER, **said), by=member, at=now())
        assert jointly.agree(act_of(cover), by=intake, at=now()).state == Act.DONE
        assert Power.AGREE in make.reloaded(member).powers

    def test_of_a_lone_organizer_one_of_the_wider_committee_agrees(self, cast: make.Cast) -> None:
        make.alliance()
        act = act_of(accepted(cast))
        assert act.asks_wider
        intake = make.reloaded(make.organizer_of(make.alliance()))
        assert jointly.agree(act, by=intake, at=now()).state == Act.AGREED

    def test_nobody_is_asked_where_nobody_could_agree(self, cast: make.Cast) -> None:
        RoleTerm.objects.filter(committee__scope="alliance").update(ends_at=now())
        with pytest.raises(Refused, match="nobody who could agree"):
            asked(cast)
        assert not Cover.objects.exists()

    @pytest.mark.parametrize("end", ["declines", "the second lets it lapse", "is dropped", "is stopped"])
    def test_it_comes_to_nothing(self, end: str, cast: make.Cast, second: Membership) -> None:
        cover = asked(cast)
        if end == "declines":
            membership.decline_cover(cover, by=make.reloaded(cast.ben), at=now())
        else:
            jointly.accept_cover(cover, by=make.reloaded(cast.ben), at=now())
        if end == "the second lets it lapse":
            jointly.lapse(now() + LATER)
        if end == "is dropped":
            jointly.drop(act_of(cover), by=second, at=now())
        if end == "is stopped":
            act = jointly.agree(act_of(cover), by=second, at=now())
            jointly.object_to(act, reason="Not with us.", by=make.reloaded(cast.mo), at=now())
        cover.refresh_from_db()
        assert cover.state == (State.DECLINED if end == "declines" else State.OFF)
        assert not RoleTerm.objects.filter(stands_in_for__isnull=False).exists()
        assert kinds()[-1] == ("membership/cover_declined" if end == "declines" else "membership/cover_off")
        assert asked(cast).is_asked, "somebody can be asked again"

    def test_only_days_from_today_on_and_sixty_at_most(self, cast: make.Cast, second: Membership) -> None:
        for said, field in (({"begins": -1}, "first"), ({"days": 61}, "last"), ({"days": 0}, "last"), ({"begins": 400}, "first")):
            with pytest.raises(Refused) as no:
                asked(cast, **said)
            assert no.value.field == field
        assert asked(cast, days=LONGEST).ends_at - now() < timedelta(days=LONGEST, hours=1)

    def test_days_are_those_of_the_committee(self, cast: make.Cast, second: Membership) -> None:
        Committee.objects.filter(pk=cast.committee.pk).update(zone="Asia/Kathmandu")
        first = datetime(2027, 3, 1, tzinfo=UTC).date()
        at = datetime(2027, 2, 1, tzinfo=UTC)
        cover = jointly.ask_cover(make.reloaded(cast.ben), Role.ORGANIZER, first=first, last=first, by=make.reloaded(cast.ada), at=at)
        assert (cover.begins_at, cover.ends_at) == (datetime(2027, 2, 28, 18, 15, tzinfo=UTC), datetime(2027, 3, 1, 18, 15, tzinfo=UTC))
        assert cover.begins_at.time() == time(18, 15)

    def test_it_is_refused(self, cast: make.Cast, second: Membership) -> None:
        with pytest.raises(Refused, match="first weeks"):
            asked(cast, cast.cleo)
        with pytest.raises(Refused, match="do not hold"):
            asked(cast, role=Role.MODERATOR)
        with pytest.raises(PermissionDenied):
            asked(cast, by=cast.ben, member=cast.mo)
        with pytest.raises(PermissionDenied):
            asked(cast, cast.ada)
        with pytest.raises(PermissionDenied):
            asked(cast, cast.boss)
        RoleTerm.objects.filter(membership=cast.ada).update(ends_at=now() + DAY, interim=False)
        with pytest.raises(Refused, match="ends before"):
            asked(cast, begins=3)

    def test_one_covers_for_one_and_is_covered_by_one(self, cast: make.Cast, second: Membership) -> None:
        cover = asked(cast)
        with pytest.raises(Refused, match="In these days"):
            asked(cast, cast.mo)
        with pytest.raises(Refused, match="In these days"):
            asked(cast, by=second)
        with pytest.raises(IntegrityError, match="nobody_covers_for_themself"), transaction.atomic():
            Cover.objects.filter(pk=cover.pk).update(member=cast.ada)
        assert asked(cast, cast.mo, begins=20).is_asked

    def test_only_whoever_is_asked_answers_and_once(self, cast: make.Cast, second: Membership) -> None:
        cover = asked(cast)
        for other in (cast.mo, cast.ada, cast.boss):
            with pytest.raises(PermissionDenied):
                jointly.accept_cover(cover, by=make.reloaded(other), at=now())
        jointly.accept_cover(cover, by=make.reloaded(cast.ben), at=now())
        with pytest.raises(Refused, match="already been answered"):
            membership.decline_cover(cover, by=make.reloaded(cast.ben), at=now())

    def test_too_late_is_too_late(self, cast: make.Cast, second: Membership) -> None:
        cover = asked(cast, days=1)
        with pytest.raises(Refused, match="over"):
            jointly.accept_cover(cover, by=make.reloaded(cast.ben), at=cover.ends_at)
        other = accepted(cast, cast.ben, begins=2, days=1)
        jointly.agree(act_of(other), by=second, at=now())
        jointly.carry_out(now() + LATER)
        other.refresh_from_db()
        assert (act_of(other).state, other.state) == (Act.OVERTAKEN, State.OFF)


def test_the_deed_of_a_cover_says_who_and_nothing_else_does(cast: make.Cast, second: Membership) -> None:
    act = act_of(accepted(cast))
    for wrong in ({"cover": None}, {"deed": Deed.GIVE_ROLE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            JointAct.objects.filter(pk=act.pk).update(**wrong)


def test_a_cover_does_not_lead_into_another_committee(cast: make.Cast, second: Membership) -> None:
    cover = asked(cast)
    for wrong in ({"member": cast.boss}, {"absent": cast.boss}):
        with pytest.raises(IntegrityError):
            _point(cover, wrong)


@transaction.atomic
def _point(cover: Cover, wrong: dict[str, Membership]) -> None:
    Cover.objects.filter(pk=cover.pk).update(**wrong)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
