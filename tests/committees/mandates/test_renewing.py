"""A delegate goes on by another mandate: nobody has to stand up for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from committees.alliance.models import Affiliation
from committees.base.errors import Refused
from committees.jointly import commands as jointly
from committees.jointly import queries as taking_two
from committees.jointly.models import JointAct
from committees.mandates import commands as mandates
from committees.mandates import rules
from committees.mandates.models import Ending, Mandate, State
from committees.membership import commands as membership
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role, Standing
from committees.notices.models import Notice
from tests import make
from tests.at_once import at_once
from tests.committees.mandates.sending import DAY, again, done, mandate_of, now, proposed, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def mandate(cast: make.Cast, tie: Affiliation, second: Membership) -> Mandate:
    """Ben is sent to the alliance, and Mo stands in for him."""
    return sent(cast, tie, second)


def renewal(cast: make.Cast, mandate: Mandate, **more: Any) -> JointAct:
    said: dict[str, Any] = {"delegate": make.reloaded(cast.ben), "alternate": None, "text": "Go on, and ask for the lists.", "months": 12, "at": now()}
    return mandates.propose(mandate.wider, by=make.reloaded(cast.ada), **said | more)


def seated(cast: make.Cast, mandate: Mandate) -> Membership:
    """Ben sits there, and moderates."""
    seat = mandates.take_seat(mandate, handle="Coventry speaks", by=make.reloaded(cast.ben), at=now())
    RoleTerm.objects.create(committee=seat.committee, membership=seat, role=Role.MODERATOR, begins_at=now())
    return seat


def test_the_seat_and_what_they_are_there_goes_on(cast: make.Cast, mandate: Mandate, second: Membership) -> None:
    seat = seated(cast, mandate)
    act = renewal(cast, mandate)
    done(act, second)
    old, new = again(mandate), mandate_of(act)
    assert (old.state, old.ending, old.seat) == (State.ENDED, Ending.RENEWED, None)
    assert (new.state, new.seat, new.renews, new.text) == (State.RUNNING, seat, old, "Go on, and ask for the lists.")
    assert new.is_seated
    assert (make.reloaded(seat).standing, Role.MODERATOR in make.reloaded(seat).roles) == (Standing.MEMBER, True)
    assert not Notice.objects.filter(kind="mandates/ended").exists(), "nothing has ended for anybody"
    term = RoleTerm.objects.get(membership=cast.ben, role=Role.DELEGATE)
    assert term.ends_at == new.ends_at


def test_it_goes_on_where_they_are_suspended_there_for_the_time(cast: make.Cast, mandate: Mandate, second: Membership) -> None:
    seat = seated(cast, mandate)
    act = renewal(cast, mandate)
    membership.suspend(make.reloaded(cast.ben), by=None, at=now())
    membership.end_suspension(make.reloaded(cast.ben), by=None, at=now())
    done(act, second)
    assert make.reloaded(seat).standing == Standing.MEMBER
    membership.suspend(make.reloaded(cast.ben), by=None, at=now())
    assert make.reloaded(seat).standing == Standing.SUSPENDED, "by the mandate that runs now"


def test_a_report_that_is_late_stays_late(cast: make.Cast, tie: Affiliation, second: Membership) -> None:
    mandate = sent(cast, tie, second, ago=40 * DAY)
    late = again(mandate).due_at
    act = renewal(cast, mandate, every=90)
    done(act, second)
    new = mandate_of(act)
    assert late is not None
    assert new.due_at == late < now()
    mandates.count_reports(new.pk, last=now())
    due = again(new).due_at
    assert due is not None
    assert due > now() + timedelta(days=80)


def test_members_stop_it_and_the_one_that_runs_goes_on(cast: make.Cast, mandate: Mandate, second: Membership) -> None:
    seat = seated(cast, mandate)
    act = renewal(cast, mandate)
    jointly.drop(act, by=make.reloaded(cast.ada), at=now())
    assert again(mandate).is_running
    assert mandate_of(act).state == State.OFF
    assert make.reloaded(seat).standing == Standing.MEMBER


def test_whoever_hands_back_what_is_only_proposed_keeps_what_they_have(cast: make.Cast, mandate: Mandate) -> None:
    new = mandate_of(renewal(cast, mandate))
    mandates.hand_back(new, by=make.reloaded(cast.ben), at=now())
    assert again(new).state == State.OFF
    assert again(mandate).is_running


def test_whoever_hands_back_what_runs_is_not_sent_again_three_days_later(cast: make.Cast, mandate: Mandate) -> None:
    new = mandate_of(renewal(cast, mandate))
    mandates.hand_back(again(mandate), by=make.reloaded(cast.ben), at=now())
    assert again(new).state == State.OFF
    assert not Mandate.objects.filter(delegate=cast.ben, state=State.RUNNING).exists()


def test_it_renews_only_what_they_held_when_it_was_proposed(cast: make.Cast, tie: Affiliation, second: Membership) -> None:
    """Mo stands in for Ben, and is proposed for a mandate of their own; meanwhile Ben's passes to them."""
    mandate = sent(cast, tie, second, alternate=make.reloaded(cast.mo))
    act = mandates.propose(
        tie.wider, delegate=make.reloaded(cast.mo), alternate=None, text="Speak for the night shift.", months=6, by=make.reloaded(cast.ada), at=now()
    )
    mandates.hand_back(again(mandate), by=make.reloaded(cast.ben), at=now())
    assert again(mandate).delegate == cast.mo
    with pytest.raises(Refused, match="delegate there already"):
        mandates.begin_mandate(mandate_of(act), at=now())


def test_it_takes_no_further_place_but_one_that_renews_nothing_any_more_does(
    cast: make.Cast, mandate: Mandate, second: Membership, tie: Affiliation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST", 1)
    act = renewal(cast, mandate)
    with pytest.raises(Refused, match="1 delegates"):
        mandates.propose(tie.wider, delegate=make.reloaded(cast.mo), alternate=None, text="And one more of us.", months=6, by=make.reloaded(cast.ada), at=now())
    done(act, second)
    assert mandate_of(act).is_running


def test_one_is_proposed_at_a_time(cast: make.Cast, mandate: Mandate) -> None:
    renewal(cast, mandate)
    with pytest.raises(Refused, match="proposed as a delegate there already"):
        renewal(cast, mandate)


def test_what_would_begin_does_not_wait_for_whoever_would_take_over(cast: make.Cast, tie: Affiliation, second: Membership) -> None:
    third = make.member(cast.committee, roles=(Role.ORGANIZER,))
    assert second.person
    assert third.person
    act = proposed(cast, tie, alternate=make.reloaded(second))
    assert act not in taking_two.waiting_for(second.person, now())
    assert act in taking_two.waiting_for(third.person, now())


class TestPages:
    def test_organizers_find_it_filled_in_and_both_pages_lead_to_each_other(self, cast: make.Cast, mandate: Mandate, second: Membership) -> None:
        ada = make.client(cast.ada.person)
        page = ada.get(mandate.get_absolute_url()).content.decode()
        assert f"?renew={mandate.slug}" in page
        form = ada.get(f"/committees/{cast.committee.slug}/delegates/new/", {"renew": mandate.slug}).content.decode()
        assert cast.ben.handle in form
        assert str(mandate.text) in form
        act = renewal(cast, mandate)
        page = ada.get(mandate.get_absolute_url()).content.decode()
        assert mandate_of(act).get_absolute_url() in page
        assert f"?renew={mandate.slug}" not in page
        done(act, second)
        assert "The mandate after" in ada.get(mandate.get_absolute_url()).content.decode()
        assert "The mandate before" in ada.get(mandate_of(act).get_absolute_url()).content.decode()

    def test_nobody_renews_their_own(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        mandate = sent(cast, tie, second)
        assert "?renew=" not in make.client(cast.ben.person).get(mandate.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_a_renewal_and_a_hand_back_at_once_never_more_than_one_runs() -> None:
    cast = make.cast()
    tie = make.affiliated(cast.committee)
    second = make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer")
    mandate = sent(cast, tie, second)
    act, ben = renewal(cast, mandate), make.reloaded(cast.ben)
    jointly.agree(act, by=second, at=act.proposed_at)
    JointAct.objects.filter(pk=act.pk).update(happens_at=now())
    at_once([lambda: jointly.carry_out(now()), lambda: jointly.carry_out(now()), lambda: mandates.hand_back(again(mandate), by=ben, at=now())])
    running = Mandate.objects.filter(delegate=cast.ben, state=State.RUNNING)
    assert running.count() <= 1
    assert not again(mandate).is_running or again(mandate).delegate == cast.mo
