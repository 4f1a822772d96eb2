"""Somebody wants to join: what is kept, what is refused, who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.membership import commands as membership
from committees.membership.applications import Application, Decline, State
from committees.membership.models import Membership
from committees.notices.models import Notice
from tests import make

pytestmark = pytest.mark.django_db


def told(kind: str, about: object) -> bool:
    return Notice.objects.filter(kind=f"membership/{kind}", about_id=about.pk).exists()  # type: ignore[attr-defined]


def test_begun_twice_it_is_one_application() -> None:
    committee, cleo = make.committee(), make.person()
    first = membership.begin(committee, by=cleo, at=timezone.now())
    assert membership.begin(committee, by=cleo, at=timezone.now()) == first


def test_answers_are_kept_as_one_goes_and_only_for_oneself() -> None:
    committee, cleo = make.committee(), make.person()
    begun = membership.begin(committee, by=cleo, at=timezone.now())
    membership.save_answers(begun, by=cleo, shift="Nights")
    begun.refresh_from_db()
    assert begun.shift == "Nights"
    with pytest.raises(PermissionDenied):
        membership.save_answers(begun, by=make.person(), shift="Days")


def test_an_application_with_a_missing_answer_is_not_sent() -> None:
    committee, cleo = make.committee(), make.person()
    begun = membership.begin(committee, by=cleo, at=timezone.now())
    with pytest.raises(Refused):
        membership.apply(begun, by=cleo, at=timezone.now())
    begun.refresh_from_db()
    assert begun.state == State.STARTED


def test_sent_twice_it_arrives_once_and_the_reviewers_are_told() -> None:
    committee, cleo = make.committee(), make.person()
    ready = make.answered(committee, cleo)
    for _again in range(2):
        membership.apply(ready, by=cleo, at=timezone.now())
    assert ready.events.filter(state=State.PENDING).count() == 1
    assert told("application_received", ready)


@pytest.mark.parametrize("handle", ["ab", "x" * 41, "Organizer", "0rganizer", "me@work.example", "Dосk four"])
def test_handles_that_hide_or_pretend_are_refused(handle: str) -> None:
    committee, cleo = make.committee(), make.person()
    begun = membership.begin(committee, by=cleo, at=timezone.now())
    with pytest.raises(Refused) as no:
        membership.save_answers(begun, by=cleo, handle=handle)
    assert no.value.field == "handle"


@pytest.mark.parametrize("twin", ["dock four, nights", "Dock  Four Nights", "Döck four, nights", "D0ck four, nights"])
def test_a_handle_that_looks_like_a_members_is_refused(cast: make.Cast, twin: str) -> None:
    someone = make.person()
    begun = membership.begin(cast.committee, by=someone, at=timezone.now())
    with pytest.raises(Refused):
        membership.save_answers(begun, by=someone, handle=twin)


def test_a_member_cannot_apply_again(cast: make.Cast) -> None:
    assert cast.ben.person is not None
    with pytest.raises(Refused):
        membership.begin(cast.committee, by=cast.ben.person, at=timezone.now())


def test_whoever_was_declined_may_apply_again_after_thirty_days_and_is_told_when(cast: make.Cast) -> None:
    now = timezone.now()
    membership.decline(cast.dina, Decline.NOT_CONFIRMED, by=cast.ada, at=now)
    with pytest.raises(Refused, match="You can apply again from"):
        membership.begin(cast.committee, by=cast.dina.person, at=now + timedelta(days=29))
    assert membership.begin(cast.committee, by=cast.dina.person, at=now + timedelta(days=31)).state == State.STARTED


def test_a_committee_reached_by_link_only_is_closed_to_whoever_has_no_link() -> None:
    hidden = make.committee(listed=False)
    assert not Committee.objects.visible_to(make.person()).filter(pk=hidden.pk).exists()
    with pytest.raises(PermissionDenied):
        membership.begin(hidden, by=make.person(), at=timezone.now())


def test_withdrawing_ends_it_tells_the_reviewers_and_happens_once(cast: make.Cast) -> None:
    membership.withdraw(cast.dina, by=cast.dina.person, at=timezone.now())
    assert told("application_withdrawn", cast.dina)
    with pytest.raises(Refused):
        membership.withdraw(cast.dina, by=cast.dina.person, at=timezone.now())
    with pytest.raises(Refused):
        membership.admit(cast.dina, by=cast.ada, at=timezone.now())


class TestWhereThereIsNoCommittee:
    def test_a_worker_starts_one_that_the_wider_committee_verifies(self) -> None:
        alliance, founder = make.alliance(), make.person()
        begun = membership.start_committee(make.workplace(), name="Ours", languages=["en"], by=founder, at=timezone.now())
        assert begun.committee.is_forming
        assert begun.founding
        assert begun.reviewed_in_id == alliance.pk

    def test_a_confirmed_founder_has_no_probation_and_organizes_until_an_election(self) -> None:
        founder = make.forming()
        assert founder.standing == "member"
        assert founder.is_founder
        assert [term.interim for term in founder.terms.all()] == [True]

    def test_the_second_to_start_at_one_site_is_led_to_the_first(self) -> None:
        first = make.forming()
        assert first.committee.workplace is not None
        with pytest.raises(Refused, match="Someone has started"):
            membership.start_committee(first.committee.workplace, name="Mine", languages=["en"], by=make.person(), at=timezone.now())

    def test_founders_hear_of_it_when_enough_of_them_are_confirmed(self) -> None:
        first = make.forming()
        make.admitted(make.application(first.committee))
        assert not told("founders_complete", first.committee)
        make.admitted(make.application(first.committee))
        assert told("founders_complete", first.committee)

    def test_a_founding_that_is_never_sent_ends_and_frees_the_workplace(self) -> None:
        make.alliance()
        site, idle = make.workplace(), make.person()
        begun = membership.start_committee(site, name="Ours", languages=["en"], by=idle, at=make.past(20))
        membership.expire_unsent(timezone.now())
        begun.refresh_from_db()
        assert begun.state == State.EXPIRED
        membership.start_committee(site, name="Ours", languages=["en"], by=make.person(), at=timezone.now())

    def test_one_person_founds_one_committee_at_a_time(self) -> None:
        make.alliance()
        eager = make.person()
        membership.start_committee(make.workplace(), name="One", languages=["en"], by=eager, at=timezone.now())
        with pytest.raises(Refused):
            membership.start_committee(make.workplace(), name="Two", languages=["en"], by=eager, at=timezone.now())
        assert Committee.objects.filter(name="Two").count() == 0


def test_ninety_days_after_its_end_a_declined_application_is_gone(cast: make.Cast) -> None:
    now = timezone.now()
    membership.ask(cast.dina, "Which gate?", language="en", by=cast.ada, at=now)
    membership.decline(cast.dina, Decline.NOT_CONFIRMED, by=cast.ada, at=now, text="Sorry")
    membership.forget_applications(now + timedelta(days=89))
    assert Application.objects.filter(pk=cast.dina.pk).exists()
    membership.forget_applications(now + timedelta(days=91))
    assert not Application.objects.filter(pk=cast.dina.pk).exists()


def test_of_an_accepted_one_only_who_checked_it_is_left(cast: make.Cast) -> None:
    now = timezone.now()
    own = make.application(cast.committee)
    make.admitted(own)
    Application.objects.filter(pk=own.pk).update(ended_at=now)
    membership.forget_applications(now + timedelta(days=89))
    assert Application.objects.get(pk=own.pk).why
    membership.forget_applications(now + timedelta(days=91))
    forgotten = Application.objects.get(pk=own.pk)
    assert (forgotten.why, forgotten.answers, forgotten.shift, forgotten.handle) == ("", [], "", "")
    assert forgotten.checks.exists()
    assert not forgotten.messages.exists()


def test_whoever_erases_their_account_leaves_empty_rows_and_reserved_handles(cast: make.Cast) -> None:
    from committees.membership.commands import erase_person as erase

    assert cast.ben.person is not None
    erase(cast.ben.person)
    row = Membership.objects.get(pk=cast.ben.pk)
    assert (row.person, row.standing) == (None, "left")
    someone = make.person()
    begun = membership.begin(cast.committee, by=someone, at=timezone.now())
    with pytest.raises(Refused):
        membership.save_answers(begun, by=someone, handle=cast.ben.handle)
