"""What flags weigh, and when they hide: the figures of the specification, and what must hold for any flags in any order."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.moderation import rules
from committees.moderation.models import FlagReason
from committees.moderation.rules import Weighed

HERE, ELSEWHERE = 1, 2


def somebody(standing: str = Standing.MEMBER, *roles: Role, committee: int = HERE) -> Membership:
    member = Membership(standing=standing, committee_id=committee)
    member.terms_now = [{"role": role, "interim": False, "absent": None} for role in roles]
    return member


@pytest.mark.parametrize(
    ("who", "weight"),
    [
        (somebody(Standing.PROBATION), "0.5"),
        (somebody(), "1"),
        (somebody(Standing.MEMBER, Role.DELEGATE), "1.5"),
        (somebody(Standing.MEMBER, Role.MODERATOR), "3"),
        (somebody(Standing.MEMBER, Role.ORGANIZER), "3"),
        (somebody(Standing.MEMBER, Role.MODERATOR, committee=ELSEWHERE), "1"),
        (somebody(Standing.MEMBER, Role.MODERATOR, Role.DELEGATE, committee=ELSEWHERE), "1.5"),
    ],
)
def test_what_a_flag_weighs(who: Membership, weight: str) -> None:
    assert rules.weight(who, in_committee=HERE) == Decimal(weight)


@pytest.mark.parametrize(("judged", "upheld", "weight"), [(4, 0, "1"), (5, 0, "0.5"), (6, 1, "0.5"), (6, 2, "1"), (20, 20, "1")])
def test_whoever_was_mostly_wrong_weighs_half(judged: int, upheld: int, weight: str) -> None:
    assert rules.weight(somebody(), in_committee=HERE, judged=judged, upheld=upheld) == Decimal(weight)


def test_only_a_full_member_hides_at_once_and_only_for_doxxing() -> None:
    assert rules.hides_at_once(FlagReason.DOXXING, somebody())
    assert not rules.hides_at_once(FlagReason.DOXXING, somebody(Standing.PROBATION))
    assert not [reason for reason in FlagReason if reason != FlagReason.DOXXING and rules.hides_at_once(reason, somebody())]


def flags(*weights: str, site: int = 1, first: int = 1) -> list[Weighed]:
    return [Weighed(first + n, site, Decimal(weight)) for n, weight in enumerate(weights)]


@pytest.mark.parametrize(
    ("given_flags", "crosses", "hidden"),
    [
        (flags("3", "1"), False, False),  # heavy enough, but only two people
        (flags("3", "0.5", "0.5"), False, True),
        (flags("1", "1", "1"), False, False),
        (flags("1", "1", "1", "1"), False, True),
        (flags("0.5", "0.5", "0.5", "0.5", "0.5", "0.5", "0.5"), False, False),
        (flags("3", "1", "1"), True, False),  # one site alone never hides what several read
        (flags("1", "1", "1", "1", "1", "1"), True, False),
        (flags("1", "1", "1", "1", "1") + flags("0.5", site=2, first=9), True, False),  # capped at 3, and 0.5
        (flags("1", "1", "1") + flags("1", site=2, first=9), True, True),
        (flags("3") + flags("1", site=2, first=9), True, False),
        (flags("3", "1") + flags("1", site=2, first=9), True, True),
    ],
)
def test_when_flags_hide(given_flags: list[Weighed], crosses: bool, hidden: bool) -> None:
    assert rules.hides(given_flags, crosses_sites=crosses) is hidden


A_FLAG = st.builds(
    Weighed, person=st.integers(1, 30), site=st.integers(1, 5), weight=st.sampled_from([Decimal(w) for w in ("0.25", "0.5", "0.75", "1", "1.5", "3")])
)
MANY = st.lists(A_FLAG, max_size=25, unique_by=lambda flag: flag.person)


@given(MANY)
def test_one_site_alone_never_hides_what_several_sites_read(many: list[Weighed]) -> None:
    alone = [Weighed(flag.person, 1, flag.weight) for flag in many]
    assert not rules.hides(alone, crosses_sites=True)
    assert rules.total(alone, crosses_sites=True) <= rules.OF_ONE_SITE


@given(MANY, st.booleans())
def test_fewer_than_three_people_never_hide(many: list[Weighed], crosses: bool) -> None:
    assert not rules.hides(many[:2], crosses_sites=crosses)


@given(MANY, st.booleans(), st.randoms())
def test_the_order_of_flags_says_nothing(many: list[Weighed], crosses: bool, luck: object) -> None:
    shuffled = list(many)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rules.hides(many, crosses_sites=crosses) is rules.hides(shuffled, crosses_sites=crosses)


@given(MANY, A_FLAG, st.booleans())
def test_one_flag_more_never_shows_what_was_hidden(many: list[Weighed], more: Weighed, crosses: bool) -> None:
    if more.person not in {flag.person for flag in many}:
        assert rules.hides([*many, more], crosses_sites=crosses) >= rules.hides(many, crosses_sites=crosses)


@given(MANY)
def test_what_hides_across_sites_would_hide_in_one(many: list[Weighed]) -> None:
    if rules.hides(many, crosses_sites=True):
        assert rules.hides(many, crosses_sites=False)
        assert rules.total(many, crosses_sites=False) >= rules.HIDES_AT
