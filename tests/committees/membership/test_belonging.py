"""Leaving, stepping aside, being removed by two: what ends, and for whom it cannot."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from committees.base.errors import Refused
from committees.membership import commands as membership
from committees.membership import rules
from committees.membership.models import RoleTerm
from committees.membership.roles import GRANTS, STANDING_GRANTS, Power, Role, Standing, powers_of
from committees.notices.models import Notice
from tests import make


@pytest.mark.django_db
def test_whoever_leaves_sees_nothing_from_the_next_request_on(cast: make.Cast) -> None:
    assert cast.ben.person is not None
    browser = make.client(cast.ben.person)
    inside = cast.committee.get_absolute_url()
    assert browser.get(inside).status_code == 200
    membership.leave(cast.ben, by=cast.ben, at=timezone.now())
    assert browser.get(inside).status_code == 404


@pytest.mark.django_db
def test_stepping_aside_ends_the_roles_too(cast: make.Cast) -> None:
    membership.step_aside(cast.mo, by=cast.mo, at=timezone.now())
    assert not RoleTerm.objects.running(timezone.now()).filter(membership=cast.mo).exists()
    assert make.reloaded(cast.mo).powers == {Power.LEAVE}


@pytest.mark.django_db
@pytest.mark.parametrize("way", [membership.leave, membership.step_aside])
def test_the_last_organizer_may_go_and_the_wider_committee_is_told(cast: make.Cast, way: Callable[..., None]) -> None:
    way(cast.ada, by=cast.ada, at=timezone.now())
    assert make.reloaded(cast.ada).powers <= {Power.LEAVE}
    assert Notice.objects.filter(kind="membership/without_organizers", about_id=cast.committee.pk).count() == 1


@pytest.mark.django_db
def test_but_not_of_the_widest_committee_which_nobody_could_take_over() -> None:
    intake = make.reloaded(make.organizer_of(make.alliance()))
    with pytest.raises(Refused, match="nobody else could take over"):
        membership.leave(intake, by=intake, at=timezone.now())


@pytest.mark.django_db
def test_nobody_leaves_for_another(cast: make.Cast) -> None:
    with pytest.raises(PermissionDenied):
        membership.leave(cast.ben, by=cast.mo, at=timezone.now())


@pytest.mark.django_db
class TestRoles:
    def test_they_are_given_while_a_committee_forms(self) -> None:
        founder = make.forming()
        other = make.reloaded(make.admitted(make.application(founder.committee)))
        membership.give_role(other, Role.MODERATOR, by=founder, at=timezone.now())
        assert Role.MODERATOR in make.reloaded(other).roles

    def test_and_by_an_election_afterwards(self, cast: make.Cast) -> None:
        with pytest.raises(Refused, match="election"):
            membership.give_role(cast.ben, Role.MODERATOR, by=cast.ada, at=timezone.now())


@given(standing=st.sampled_from(Standing.values), roles=st.frozensets(st.sampled_from(list(Role))))
def test_roles_add_rights_only_to_full_members(standing: str, roles: frozenset[Role]) -> None:
    powers = powers_of(standing, roles)
    base = STANDING_GRANTS[Standing(standing)]
    if standing == Standing.MEMBER:
        assert powers == base.union(*[GRANTS[role] for role in roles])
    else:
        assert powers == base
    if standing in (Standing.LEFT, Standing.REMOVED, Standing.LAPSED):
        assert not powers


@pytest.mark.django_db
def test_no_power_reaches_beyond_its_committee(cast: make.Cast) -> None:
    for power in Power:
        assert not rules.may(cast.boss, power, in_committee=cast.committee.pk)
