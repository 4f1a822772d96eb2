"""Being here: the code, the list of names, going and coming back; and whether it is enough."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.commands.uniting import unite
from committees.membership.roles import Standing
from organizing.live import commands as live
from organizing.live import queries, rules
from organizing.live.commands.keeping import NAMES_DAYS
from organizing.live.models import Duty, Gathering, Presence, Turn
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from tests import make
from tests.organizing.live.conftest import come, digits


def test_whoever_types_the_code_is_here_once(cast: make.Cast, gathering: Gathering) -> None:
    come(gathering, cast.ben, cast.ben)
    assert Presence.objects.get().membership_id == cast.ben.pk


def test_a_wrong_code_and_one_of_two_minutes_ago_are_refused_beside_the_field(cast: make.Cast, gathering: Gathering) -> None:
    at = timezone.now()
    for typed in ("000000" if digits(gathering, at) != "000000" else "111111", digits(gathering, at - timedelta(minutes=2))):
        with pytest.raises(Refused) as no:
            live.come(gathering, typed, by=cast.ben, at=at)
        assert no.value.field == "code"
    assert not Presence.objects.exists()


def test_members_of_other_committees_do_not_come_but_those_of_a_guest_do(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    with pytest.raises(PermissionDenied):
        come(gathering, cast.boss)
    for committee in (cast.committee, cast.boss.committee):
        make.affiliated(committee)
    before = timezone.now()
    (guest,) = meetings.invite(meeting, [cast.boss.committee], by=cast.ada, at=before)
    meetings.accept_invitation(guest, by=make.reloaded(cast.boss), at=before)
    come(Gathering.objects.get(pk=gathering.pk), make.reloaded(cast.boss))
    counted = queries.quorum(gathering)
    assert (counted.people, counted.here) == (1, 0), "a guest is here, and is not counted"


def test_the_database_itself_refuses_somebody_from_elsewhere(cast: make.Cast, gathering: Gathering) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Presence.objects.create(gathering=gathering, committee=cast.boss.committee, membership=cast.boss, way="code", came_at=timezone.now())


def test_whoever_leaves_is_not_counted_and_comes_back_by_the_code(cast: make.Cast, gathering: Gathering) -> None:
    come(gathering, cast.ben)
    live.leave(gathering, by=cast.ben, at=timezone.now())
    assert queries.quorum(gathering).here == 0
    come(gathering, cast.ben)
    assert queries.quorum(gathering).here == 1


def test_an_organizer_ticks_names_and_a_steward_says_who_has_gone(cast: make.Cast, gathering: Gathering) -> None:
    assert live.tick(gathering, [cast.ben, cast.cleo, cast.ben], by=cast.ada, at=timezone.now()) == 2
    assert live.tick(gathering, [cast.ben], by=cast.ada, at=timezone.now()) == 0
    with pytest.raises(PermissionDenied):
        live.mark_left(gathering, [cast.ben], by=cast.mo, at=timezone.now())
    live.give_duty(gathering, cast.mo, Duty.Kind.STEWARD, by=cast.ada, at=timezone.now())
    assert live.mark_left(gathering, [cast.ben], by=cast.mo, at=timezone.now()) == 1
    assert Presence.objects.here().get().membership_id == cast.cleo.pk


def test_a_steward_does_not_tick_names_of_those_who_are_not_here(cast: make.Cast, gathering: Gathering) -> None:
    live.give_duty(gathering, cast.mo, Duty.Kind.STEWARD, by=cast.ada, at=timezone.now())
    with pytest.raises(PermissionDenied):
        live.tick(gathering, [cast.ben], by=cast.mo, at=timezone.now())


def test_nobody_from_another_committee_is_ticked(cast: make.Cast, gathering: Gathering) -> None:
    with pytest.raises(Refused):
        live.tick(gathering, [cast.ben, cast.boss], by=cast.ada, at=timezone.now())
    assert not Presence.objects.exists()


def test_the_log_holds_no_names_of_those_who_came(cast: make.Cast, gathering: Gathering) -> None:
    come(gathering, cast.ben)
    live.tick(gathering, [cast.mo], by=cast.ada, at=timezone.now())
    said = Entry.objects.filter(verb__startswith="live.").values_list("verb", "about", "detail")
    assert [verb for verb, _about, _detail in said] == ["live.opened", "live.ticked"]
    assert all("presence" not in about and "membership" not in about for _verb, about, _detail in said)


def test_a_duty_is_for_full_members_of_the_host_and_ends_with_their_standing(cast: make.Cast, gathering: Gathering) -> None:
    for other in (cast.cleo, cast.boss):
        with pytest.raises(Refused):
            live.give_duty(gathering, other, Duty.Kind.CHAIR, by=cast.ada, at=timezone.now())
    live.give_duty(gathering, cast.ben, Duty.Kind.CHAIR, by=cast.ada, at=timezone.now())
    assert queries.duties_of(gathering, cast.ben) == {"chair"}
    make.put(cast.ben, Standing.SUSPENDED)
    assert not queries.duties_of(gathering, cast.ben)


# -- Whether it is enough -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("entitled", "share", "needed"), [(40, 25, 10), (41, 25, 11), (3, 10, 1), (0, 25, 1), (3, 67, 3), (100, 50, 50)])
def test_how_many_it_takes(entitled: int, share: int, needed: int) -> None:
    assert rules.needed(entitled, share) == needed


def test_full_members_count_new_and_inactive_ones_do_not(cast: make.Cast, gathering: Gathering) -> None:
    come(gathering, cast.ada, cast.ben, cast.cleo)
    counted = queries.quorum(gathering)
    assert (counted.people, counted.here, counted.entitled) == (3, 2, 3)
    make.put(cast.mo, Standing.INACTIVE)
    assert queries.quorum(gathering).entitled == 2
    make.put(cast.ben, Standing.SUSPENDED)
    counted = queries.quorum(gathering)
    assert (counted.people, counted.here, counted.entitled) == (2, 1, 1), "from the moment they are suspended"


def test_it_is_said_in_words() -> None:
    assert rules.Quorum(12, 12, 40, 10).words == "12 of 40 members are here. That is enough to decide: it takes 10."
    assert rules.Quorum(8, 7, 40, 10).words == "7 of 40 members are here. 3 more are needed to decide."
    assert rules.Quorum(8, 7, 40, 10).words_of_others == "Also here: 1 who is new or a guest and is not counted."
    assert rules.Quorum(9, 9, 40, 10).words.endswith("1 more is needed to decide.")


# -- What goes again ------------------------------------------------------------------------------------------------------------


def test_names_are_erased_ninety_days_after_the_end_and_numbers_stay(cast: make.Cast, gathering: Gathering) -> None:
    come(gathering, cast.ben)
    live.ask(gathering, by=cast.ben, at=timezone.now())
    ended = timezone.now()
    live.end(gathering, by=cast.ada, at=ended)
    assert live.erase_names(ended + timedelta(days=NAMES_DAYS - 1)) == 0
    assert live.erase_names(ended + timedelta(days=NAMES_DAYS, minutes=1)) > 0
    assert not Presence.objects.exists()
    assert not Turn.objects.exists()
    gathering.refresh_from_db()
    assert gathering.people == 1


def test_an_erased_account_leaves_nothing_here(cast: make.Cast, gathering: Gathering) -> None:
    come(gathering, cast.ben, cast.mo)
    live.ask(gathering, by=cast.ben, at=timezone.now())
    live.forget([cast.ben])
    assert Presence.objects.get().membership_id == cast.mo.pk
    assert not Turn.objects.exists()


def test_whoever_leaves_the_committee_is_no_longer_here(cast: make.Cast, gathering: Gathering) -> None:
    come(gathering, cast.ben)
    before = Gathering.objects.get().version
    membership.leave(make.reloaded(cast.ben), by=make.reloaded(cast.ben), at=timezone.now())
    assert not Presence.objects.exists()
    assert Gathering.objects.get().version > before, "the pages hear of it"


def test_two_committees_that_become_one_have_one_meeting(cast: make.Cast, gathering: Gathering) -> None:
    come(gathering, cast.ben)
    live.give_duty(gathering, cast.mo, Duty.Kind.STEWARD, by=cast.ada, at=timezone.now())
    unite(cast.committee, cast.boss.committee, at=timezone.now())
    here = Presence.objects.get()
    assert here.committee_id == here.gathering.committee_id == cast.boss.committee_id == Duty.objects.get().committee_id
