"""A code is shown once, works once, in one committee, and counts as one check by the one who made it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from committees.base.errors import Refused
from committees.membership import commands as membership
from committees.membership.applications import Application, Check, VouchCode
from committees.membership.models import Membership
from committees.membership.roles import Standing
from tests import make

pytestmark = pytest.mark.django_db


def test_a_member_hands_a_code_over_and_it_is_a_check(cast: make.Cast) -> None:
    now = timezone.now()
    code = membership.make_code(cast.ben, by=cast.ben, at=now)
    assert not VouchCode.objects.filter(digest__contains=code[:5]).exists()
    assert membership.use_code(cast.dina, f"  {code.upper().replace('-', ' ')} ", by=cast.dina.person, at=now)
    assert Check.objects.get(application=cast.dina, kind=Check.Kind.CODE).by == cast.ben
    assert not membership.use_code(cast.dina, code, by=cast.dina.person, at=now)


def test_it_is_too_old_after_two_weeks_and_dies_with_the_rights_of_its_maker(cast: make.Cast) -> None:
    now = timezone.now()
    old = membership.make_code(cast.ben, by=cast.ben, at=now - timedelta(days=14))
    new = membership.make_code(cast.ben, by=cast.ben, at=now)
    assert not membership.use_code(cast.dina, old, by=cast.dina.person, at=now)
    Membership.objects.filter(pk=cast.ben.pk).update(standing=Standing.SUSPENDED)
    assert not membership.use_code(cast.dina, new, by=cast.dina.person, at=now)


def test_a_code_of_another_committee_is_none(cast: make.Cast) -> None:
    now = timezone.now()
    code = membership.make_code(cast.boss, by=cast.boss, at=now)
    assert not membership.use_code(cast.dina, code, by=cast.dina.person, at=now)
    assert not cast.dina.checks.exists()


def test_after_ten_wrong_codes_none_is_taken(cast: make.Cast) -> None:
    now = timezone.now()
    code = membership.make_code(cast.ben, by=cast.ben, at=now)
    for _try in range(10):
        assert not membership.use_code(cast.dina, "wrong-wrong", by=cast.dina.person, at=now)
    with pytest.raises(Refused, match="Too many wrong codes"):
        membership.use_code(cast.dina, code, by=cast.dina.person, at=now)


def test_the_sixth_in_a_month_is_refused(cast: make.Cast) -> None:
    now = timezone.now()
    for days in range(5):
        membership.make_code(cast.ben, by=cast.ben, at=now + timedelta(days=days))
    with pytest.raises(Refused, match="five people"):
        membership.make_code(cast.ben, by=cast.ben, at=now + timedelta(days=29))
    membership.make_code(cast.ben, by=cast.ben, at=now + timedelta(days=31))


def test_new_members_make_none_and_nobody_makes_one_for_another(cast: make.Cast) -> None:
    for member, by in ((cast.cleo, cast.cleo), (cast.ben, cast.mo), (cast.ben, cast.boss)):
        with pytest.raises(PermissionDenied):
            membership.make_code(member, by=by, at=timezone.now())


def test_nobody_types_a_code_for_another(cast: make.Cast) -> None:
    code = membership.make_code(cast.ben, by=cast.ben, at=timezone.now())
    assert cast.boss.person is not None
    with pytest.raises(PermissionDenied):
        membership.use_code(cast.dina, code, by=cast.boss.person, at=timezone.now())


def test_codes_are_forgotten_when_they_need_not_be_counted_any_more(cast: make.Cast) -> None:
    now = timezone.now()
    membership.forget_codes(now)
    membership.make_code(cast.ben, by=cast.ben, at=now)
    assert membership.forget_codes(now + timedelta(days=29)) == 0
    assert membership.forget_codes(now + timedelta(days=31)) == 1
    assert Application.objects.filter(pk=cast.dina.pk).exists()
