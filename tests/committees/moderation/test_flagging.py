"""Members flag what breaks a rule; what waits, waits once; what weighs enough is hidden until somebody has looked."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.moderation import commands as moderation
from committees.moderation import queries
from committees.moderation.models import Flag, FlagReason, Reason, Review
from committees.notices import commands as notices
from committees.notices.models import Delivery, Notice
from tests import make
from tests.at_once import at_once
from tests.committees.moderation import leaflets
from tests.committees.moderation.leaflets import Leaflet, state_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def flag(row: object, by: Membership, reason: FlagReason = FlagReason.THREAT, **more: object) -> Flag:
    return moderation.flag(row, reason=reason, by=make.reloaded(by), at=timezone.now(), **more)  # type: ignore[arg-type]


def told(kind: str) -> set[int | None]:
    """Person ids of those to whom that kind goes."""
    notice = Notice.objects.filter(kind=kind).latest("pk")
    notices.expand(notice.pk, at=timezone.now())
    return set(Delivery.objects.filter(notice=notice).values_list("person_id", flat=True))


def test_a_flag_opens_a_case_and_the_moderators_are_told(cast: make.Cast, leaflet: Leaflet) -> None:
    given = flag(leaflet, cast.cleo, note="He means my sister.")
    assert (given.review.reason, given.review.author, given.site_id) == (Reason.FLAGS, cast.ben, cast.committee.pk)
    assert told("moderation/waits") == {cast.ada.person_id, cast.mo.person_id}
    assert state_of(leaflet) == "visible"


def test_whoever_flags_is_not_told_of_the_case(cast: make.Cast, leaflet: Leaflet) -> None:
    flag(leaflet, cast.mo)
    assert told("moderation/waits") == {cast.ada.person_id}


def test_the_second_flag_lands_in_the_same_case(cast: make.Cast, leaflet: Leaflet) -> None:
    assert flag(leaflet, cast.cleo).review == flag(leaflet, cast.ada).review
    assert queries.states([leaflet])[leaflet.pk].flags == 2


def test_nobody_flags_twice_and_nobody_their_own(cast: make.Cast, leaflet: Leaflet) -> None:
    flag(leaflet, cast.cleo)
    with pytest.raises(Refused, match="flagged this already"):
        flag(leaflet, cast.cleo, FlagReason.SPAM)
    with pytest.raises(Refused, match="your own"):
        flag(leaflet, cast.ben)


def test_the_same_form_sent_twice_makes_one_flag(cast: make.Cast, leaflet: Leaflet) -> None:
    key = uuid4()
    assert flag(leaflet, cast.cleo, form_key=key) == flag(leaflet, cast.cleo, form_key=key)


def test_who_cannot_read_it_cannot_flag_it(cast: make.Cast, leaflet: Leaflet) -> None:
    for outsider in (cast.boss, make.member(cast.committee, standing=Standing.SUSPENDED)):
        with pytest.raises(PermissionDenied):
            flag(leaflet, outsider)
    assert not Review.objects.exists()


def test_a_member_of_another_committee_flags_what_is_shared(cast: make.Cast, wall: None) -> None:
    shared = leaflets.put_up(cast.ben, shared=True)
    given = flag(shared, cast.boss)
    assert (given.committee_id, given.site_id, given.weight) == (cast.committee.pk, cast.boss.committee_id, 1)


def test_a_person_with_two_memberships_still_flags_once(cast: make.Cast, wall: None) -> None:
    shared = leaflets.put_up(cast.ben, shared=True)
    assert cast.cleo.person is not None
    again = make.member(make.committee(), by=cast.cleo.person)
    flag(shared, cast.cleo)
    with pytest.raises(Refused, match="flagged this already"):
        flag(shared, again)


def test_four_members_hide_it_and_its_author_is_told(cast: make.Cast, leaflet: Leaflet) -> None:
    for n in range(4):
        assert state_of(leaflet) == "visible", n
        flag(leaflet, make.member(cast.committee))
    assert state_of(leaflet) == "hidden_by_flags"
    assert told("moderation/hidden") == {cast.ben.person_id}
    review = Review.objects.get()
    assert (review.hidden_at is not None, review.hidden_until) == (True, None)
    assert queries.states([leaflet])[leaflet.pk].hidden_by_flags


def test_one_site_cannot_hide_what_others_read_too(cast: make.Cast, wall: None) -> None:
    shared = leaflets.put_up(cast.ben, shared=True)
    for _ in range(6):
        flag(shared, make.member(cast.committee))
    assert state_of(shared) == "visible"
    flag(shared, cast.boss)
    assert state_of(shared) == "hidden_by_flags"


def test_doxxing_flagged_by_a_full_member_hides_at_once_and_comes_back_after_twelve_hours(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, make.member(cast.committee), FlagReason.DOXXING).review
    assert state_of(leaflet) == "hidden_by_flags"
    moderation.bring_back(timezone.now() + timedelta(hours=11, minutes=59))
    assert state_of(leaflet) == "hidden_by_flags"
    assert moderation.bring_back(timezone.now() + timedelta(hours=12, minutes=1)) == 1
    assert moderation.bring_back(timezone.now() + timedelta(hours=12, minutes=2)) == 0
    assert state_of(leaflet) == "visible"
    review.refresh_from_db()
    assert review.is_open, "it still waits for a moderator"
    flag(leaflet, make.member(cast.committee), FlagReason.DOXXING)
    assert state_of(leaflet) == "visible", "at most twelve hours, however many say it"


def test_doxxing_flagged_by_a_new_member_hides_nothing(cast: make.Cast, leaflet: Leaflet) -> None:
    flag(leaflet, cast.cleo, FlagReason.DOXXING)
    assert state_of(leaflet) == "visible"


def test_what_a_moderator_has_kept_is_not_hidden_at_once_again(cast: make.Cast, leaflet: Leaflet) -> None:
    moderation.keep(flag(leaflet, make.member(cast.committee), FlagReason.DOXXING).review, by=cast.mo, at=timezone.now())
    assert state_of(leaflet) == "visible"
    flag(leaflet, make.member(cast.committee), FlagReason.DOXXING)
    assert state_of(leaflet) == "visible"


def test_doxxing_that_grows_heavy_stays_hidden(cast: make.Cast, leaflet: Leaflet) -> None:
    """Whether the others say so before it, or after it came back."""
    flag(leaflet, make.member(cast.committee), FlagReason.DOXXING)
    moderation.bring_back(timezone.now() + timedelta(hours=13))
    for _ in range(3):
        assert state_of(leaflet) == "visible"
        flag(leaflet, make.member(cast.committee))
    assert moderation.bring_back(timezone.now() + timedelta(hours=26)) == 0
    assert state_of(leaflet) == "hidden_by_flags"


def test_a_member_is_flagged_and_nothing_is_hidden(cast: make.Cast) -> None:
    for _ in range(5):
        given = flag(cast.ben, make.member(cast.committee), FlagReason.DOXXING)
    assert (given.review.author, given.review.hidden_at) == (cast.ben, None)
    with pytest.raises(Refused, match="your own"):
        flag(cast.ben, cast.ben)
    with pytest.raises(PermissionDenied):
        flag(cast.boss, cast.ben)


def test_what_is_held_waits_once_and_goes_when_its_author_takes_it_back(cast: make.Cast, held: Review) -> None:
    row = Leaflet.objects.get(pk=held.row_id)
    assert moderation.hold(row, why=Reason.LINKS, at=timezone.now()) == held
    moderation.drop(row, at=timezone.now())
    held.refresh_from_db()
    assert held.state == "dropped"
    with pytest.raises(Refused, match="taken it back"):
        moderation.approve(held, by=cast.mo, at=timezone.now())
    assert moderation.hold(row, why=Reason.LINKS, at=timezone.now()) != held


def test_a_moderator_takes_up_what_nobody_flagged_and_never_their_own(cast: make.Cast, leaflet: Leaflet) -> None:
    assert moderation.take_up(leaflet, by=cast.mo, at=timezone.now()).reason == Reason.MODERATOR
    with pytest.raises(PermissionDenied):
        moderation.take_up(leaflets.put_up(cast.mo), by=cast.mo, at=timezone.now())
    for who in (cast.ben, cast.cleo, cast.boss):
        with pytest.raises(PermissionDenied):
            moderation.take_up(leaflet, by=who, at=timezone.now())


def test_the_log_says_that_and_not_who(cast: make.Cast, leaflet: Leaflet) -> None:
    flag(leaflet, cast.cleo, note="He means my sister.")
    entry = Entry.objects.get(verb="flag.given")
    assert entry.chain == cast.committee.slug
    assert "sister" not in str(entry.detail)


@pytest.mark.parametrize("role", [(), (Role.DELEGATE,), (Role.MODERATOR,)])
def test_the_weight_is_that_of_the_moment(cast: make.Cast, leaflet: Leaflet, role: tuple[Role, ...]) -> None:
    given = flag(leaflet, make.member(cast.committee, roles=role))
    assert float(given.weight) == {(): 1, (Role.DELEGATE,): 1.5, (Role.MODERATOR,): 3}[role]


def test_the_database_refuses_a_second_flag_and_one_from_another_site(cast: make.Cast, leaflet: Leaflet) -> None:
    given = flag(leaflet, cast.cleo)
    for changed in ({"by": cast.cleo}, {"by": cast.boss}):
        with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012  the second constraint is asked at the end
            Flag.objects.create(
                review=given.review, committee=cast.committee, matter=given.matter, row_id=given.row_id, site=cast.committee,
                reason="spam", weight=1, at=NOW, **changed,
            )  # fmt: skip
            connections["default"].check_constraints()


@pytest.mark.django_db(transaction=True)
def test_flags_of_the_same_moment_make_one_case_and_hide_it_once() -> None:
    with leaflets.wall():
        cast = make.cast()
        leaflet = leaflets.put_up(cast.ben)
        members = [make.member(cast.committee) for _ in range(6)]
        at_once([lambda by=by: flag(leaflet, by) for by in members])  # type: ignore[misc]
        review = Review.objects.get()
        assert (Flag.objects.filter(review=review).count(), state_of(leaflet)) == (6, "hidden_by_flags")
        assert Entry.objects.filter(verb="review.hidden_by_flags").count() == 1
