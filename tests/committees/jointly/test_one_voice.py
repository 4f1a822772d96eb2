"""Whoever is away and whoever covers for them: one office, two people, one voice."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from committees.base.errors import Refused
from committees.jointly import commands as jointly
from committees.jointly import queries
from committees.jointly.models import JointAct
from committees.jointly.models import State as Act
from committees.membership import commands as membership
from committees.membership import queries as members
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role
from tests import make
from tests.committees.jointly.covering import DAY, LATER, WHY, asked, now, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    """Another organizer of the cast's committee."""
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))


class TestOneVoice:
    def test_what_the_absent_one_proposes_the_cover_cannot_agree_to(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        act = jointly.propose_role(make.reloaded(cast.mo), Role.ORGANIZER, months=6, reason=WHY, by=make.reloaded(cast.ada), at=now())
        with pytest.raises(PermissionDenied):
            jointly.agree(act, by=make.reloaded(cast.ben), at=now())
        assert not queries.waiting_for(cast.ben.person, now()).exists()  # type: ignore[arg-type]
        assert set(queries.seconds(act)) == {second}

    def test_what_the_cover_proposes_the_absent_one_cannot_agree_to(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        act = jointly.propose_role(make.reloaded(cast.mo), Role.ORGANIZER, months=6, reason=WHY, by=make.reloaded(cast.ben), at=now())
        with pytest.raises(PermissionDenied):
            jointly.agree(act, by=make.reloaded(cast.ada), at=now())
        assert not queries.waiting_for(cast.ada.person, now()).exists()  # type: ignore[arg-type]
        assert jointly.agree(act, by=second, at=now()).state == Act.AGREED

    def test_a_third_organizer_has_the_cover_as_a_second_one(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        act = jointly.propose_role(make.reloaded(cast.mo), Role.ORGANIZER, months=6, reason=WHY, by=second, at=now())
        assert queries.waiting_for(cast.ben.person, now()).exists()  # type: ignore[arg-type]
        assert jointly.agree(act, by=make.reloaded(cast.ben), at=now()).state == Act.AGREED

    def test_where_the_two_are_alone_the_wider_committee_is_asked_and_there_too_they_are_one(self, cast: make.Cast) -> None:
        alliance = make.alliance()
        intake = make.reloaded(make.organizer_of(alliance))
        running(cast, intake)
        make.member(alliance, by=cast.ben.person, roles=(Role.ORGANIZER,), handle="Ben there")
        act = jointly.propose_role(make.reloaded(cast.mo), Role.ORGANIZER, months=6, reason=WHY, by=make.reloaded(cast.ada), at=now())
        assert act.asks_wider
        there = Membership.objects.get(committee=alliance, person=cast.ben.person)
        with pytest.raises(PermissionDenied):
            jointly.agree(act, by=make.reloaded(there), at=now())
        assert jointly.agree(act, by=intake, at=now()).state == Act.AGREED

    def test_about_the_absent_one_the_cover_neither_agrees_nor_hears(self, cast: make.Cast, second: Membership) -> None:
        third = make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Third organizer"))
        running(cast, second)
        removal = jointly.propose_removal(make.reloaded(cast.ada), reason="Reports on us.", by=second, at=now())
        assert not JointAct.objects.visible_to(make.reloaded(cast.ben)).filter(pk=removal.pk).exists()
        assert set(queries.seconds(removal)) == {third}

    def test_nobody_gives_themself_a_role_with_the_powers_of_another(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        ben = make.reloaded(cast.ben)
        with pytest.raises(PermissionDenied):
            jointly.propose_role(ben, Role.ORGANIZER, months=6, reason=WHY, by=ben, at=now())
        with pytest.raises(Refused, match="Somebody organizes here"):
            jointly.volunteer(months=6, reason=WHY, by=ben, at=now())
        with pytest.raises(PermissionDenied):
            asked(cast, ben, by=ben)
        with pytest.raises(Refused, match="do not hold"):
            asked(cast, cast.mo, by=ben)
        act = jointly.propose_role(ben, Role.MODERATOR, months=6, reason=WHY, by=second, at=now())
        with pytest.raises(PermissionDenied):
            jointly.agree(act, by=ben, at=now())

    def test_nor_while_the_committee_is_forming(self) -> None:
        founder = make.forming()
        member = make.member(founder.committee)
        RoleTerm.objects.create(
            committee=founder.committee, membership=member, role=Role.ORGANIZER, begins_at=now(), ends_at=now() + DAY, stands_in_for=founder
        )
        with pytest.raises(PermissionDenied):
            membership.give_role(make.reloaded(member), Role.MODERATOR, by=make.reloaded(member), at=now())
        with pytest.raises(IntegrityError, match="until_some_time"), transaction.atomic():
            RoleTerm.objects.filter(membership=member).update(ends_at=None)

    def test_a_cover_is_not_the_organizer_who_is_left(self, cast: make.Cast) -> None:
        """The last organizer cannot go because somebody covers for them for some days."""
        running(cast, make.reloaded(make.organizer_of(make.alliance())))
        ada = make.reloaded(cast.ada)
        for act in (
            lambda: membership.resign(ada, Role.ORGANIZER, by=ada, at=now()),
            lambda: membership.suspend(ada, by=None, at=now()),
            lambda: membership.end_term(ada, Role.ORGANIZER, by=None, at=now()),
        ):
            with pytest.raises(Refused, match="last organizer"):
                act()

    def test_whoever_covers_can_be_given_the_office_itself(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        act = jointly.propose_role(make.reloaded(cast.ben), Role.ORGANIZER, months=6, reason=WHY, by=make.reloaded(cast.ada), at=now())
        jointly.agree(act, by=second, at=now())
        jointly.carry_out(now() + LATER)
        own = RoleTerm.objects.running(now() + LATER).get(membership=cast.ben, role=Role.ORGANIZER)
        assert own.stands_in_for is None
        assert members.holders(cast.committee.pk, now() + LATER).filter(pk=cast.ben.pk).exists()
