"""Reviewers answer once; nobody else answers at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.applications import Application, Check, Decline, State
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role
from committees.membership.views import reviewing
from committees.notices.models import Notice
from tests import make
from tests.at_once import at_once

ACTS: dict[str, Callable[[Application, Membership], Any]] = {
    "ask": lambda a, by: membership.ask(a, "Which gate do you use?", language="en", by=by, at=timezone.now()),
    "note": lambda a, by: membership.note(a, "I know them.", by=by, at=timezone.now()),
    "check": lambda a, by: membership.add_check(a, Check.Kind.TALK, by=by, at=timezone.now()),
    "decline": lambda a, by: membership.decline(a, Decline.NOT_CONFIRMED, by=by, at=timezone.now()),
    "spam": lambda a, by: membership.mark_spam(a, by=by, at=timezone.now()),
    "recuse": lambda a, by: membership.recuse(a, by=by, at=timezone.now()),
    "admit": lambda a, by: membership.admit(a, by=by, at=timezone.now()),
}


def test_every_act_of_a_reviewer_is_asked_about_here() -> None:
    assert ACTS.keys() == reviewing.ACTS.keys()


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["ben", "cleo", "boss"])
def test_only_reviewers_of_this_committee_answer(cast: make.Cast, act: str, who: str) -> None:
    with pytest.raises(PermissionDenied):
        ACTS[act](cast.dina, getattr(cast, who))
    cast.dina.refresh_from_db()
    assert cast.dina.state == State.PENDING


@pytest.mark.django_db
@pytest.mark.parametrize("act", [act for act in ACTS if act != "admit"])
@pytest.mark.parametrize("who", ["ada", "mo"])
def test_organizers_and_moderators_do(cast: make.Cast, act: str, who: str) -> None:
    ACTS[act](cast.dina, getattr(cast, who))


@pytest.mark.django_db
def test_a_question_that_is_not_ready_cannot_be_asked_and_rights_come_first(cast: make.Cast) -> None:
    with pytest.raises(ValueError, match="shoe"):
        membership.ask(cast.dina, "", phrase="shoe", language="en", by=cast.ada, at=timezone.now())
    with pytest.raises(PermissionDenied):
        membership.ask(cast.dina, "", language="en", by=cast.ben, at=timezone.now())


@pytest.mark.django_db
def test_nobody_reviews_themself(cast: make.Cast) -> None:
    assert cast.ada.person is not None
    own = make.application(make.committee(), by=cast.ada.person)
    Application.objects.filter(pk=own.pk).update(reviewed_in=cast.committee)
    own.refresh_from_db()
    with pytest.raises(PermissionDenied):
        membership.add_check(own, Check.Kind.TALK, by=cast.ada, at=timezone.now())


@pytest.mark.django_db
def test_someone_is_accepted_when_enough_have_checked(cast: make.Cast) -> None:
    membership.add_check(cast.dina, Check.Kind.TALK, by=cast.ada, at=timezone.now())
    membership.add_check(cast.dina, Check.Kind.VOUCH, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="More checks"):
        membership.admit(cast.dina, by=cast.ada, at=timezone.now())
    membership.add_check(cast.dina, Check.Kind.VOUCH, by=cast.mo, at=timezone.now())
    member = membership.admit(cast.dina, by=cast.ada, at=timezone.now())
    assert member.standing == "probation"
    assert member.handle == "Twilight, ramp"
    assert Notice.objects.filter(kind="membership/application_admitted", about_id=cast.dina.pk).exists()
    assert Entry.objects.filter(verb="application.admitted", chain=cast.committee.slug, about__endswith=cast.dina.slug).exists()


@pytest.mark.django_db
def test_a_question_waits_for_the_applicant_and_their_answer_brings_it_back(cast: make.Cast) -> None:
    membership.ask(cast.dina, "Which gate?", language="en", by=cast.ada, at=timezone.now())
    cast.dina.refresh_from_db()
    assert cast.dina.state == State.INFO_REQUESTED
    membership.reply(cast.dina, "Gate four", language="en", by=cast.dina.person, at=timezone.now())
    cast.dina.refresh_from_db()
    assert cast.dina.state == State.PENDING


@pytest.mark.django_db
def test_a_reviewer_sees_only_what_their_own_committee_answers(cast: make.Cast) -> None:
    elsewhere = make.application(cast.boss.committee)
    seen = set(Application.objects.visible_to(cast.ada))
    assert cast.dina in seen
    assert elsewhere not in seen


@pytest.mark.django_db
def test_reviewers_are_reminded_after_two_days_and_the_alliance_after_four(cast: make.Cast) -> None:
    sent = make.application(cast.committee, at=timezone.now())
    now = timezone.now()
    Application.objects.filter(pk=cast.dina.pk).update(sent_at=now)

    def told(kind: str) -> int:
        return Notice.objects.filter(kind=f"membership/{kind}", about_id=sent.pk).count()

    for hours, waits, overdue in ((47, 0, 0), (49, 1, 0), (60, 1, 0), (97, 1, 1), (120, 1, 1)):
        membership.remind_reviewers(now + timedelta(hours=hours))
        assert (told("application_waits"), told("application_overdue")) == (waits, overdue), hours


@pytest.mark.django_db
def test_probation_ends_by_the_clock_and_they_are_told(cast: make.Cast) -> None:
    assert cast.cleo.probation_until is not None
    membership.end_probations(cast.cleo.probation_until - timedelta(minutes=1))
    cast.cleo.refresh_from_db()
    assert cast.cleo.standing == "probation"
    membership.end_probations(cast.cleo.probation_until)
    cast.cleo.refresh_from_db()
    assert cast.cleo.standing == "member"
    assert Notice.objects.filter(kind="membership/probation_ended", about_id=cast.cleo.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_give_one_answer() -> None:
    here = make.cast()
    for reviewer in (here.ada, here.mo):
        membership.add_check(here.dina, Check.Kind.TALK, by=reviewer, at=timezone.now())
    outcomes = at_once(
        [
            lambda: membership.admit(here.dina, by=here.ada, at=timezone.now()),
            lambda: membership.decline(here.dina, Decline.NOT_CONFIRMED, by=here.mo, at=timezone.now()),
        ]
    )
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1, outcomes
    admitted = Membership.objects.filter(committee=here.committee, person=here.dina.person).exists()
    assert admitted == (Application.objects.get(pk=here.dina.pk).state == State.ADMITTED)


@pytest.mark.django_db(transaction=True)
def test_fifty_applications_of_one_person_at_once_are_one() -> None:
    here, eager = make.committee(), make.person()
    outcomes = at_once([lambda: membership.begin(here, by=eager, at=timezone.now())] * 50)
    assert len({outcome.pk for outcome in outcomes}) == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_who_accept_one_applicant_at_once_accept_them_once() -> None:
    here = make.cast()
    for reviewer in (here.ada, here.mo):
        membership.add_check(here.dina, Check.Kind.TALK, by=reviewer, at=timezone.now())
    outcomes = at_once([lambda by=by: membership.admit(here.dina, by=by, at=timezone.now()) for by in (here.ada, here.mo) * 25])  # type: ignore[misc]
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(refused) == 49, outcomes
    assert all(str(no) for no in refused)
    assert Membership.objects.filter(committee=here.committee, person=here.dina.person).count() == 1
    assert Entry.objects.filter(verb="application.admitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_who_found_at_once_found_one_committee() -> None:
    make.alliance()
    site, people = make.workplace(), [make.person() for _ in range(50)]
    outcomes = at_once(
        [lambda p=p: membership.start_committee(site, name="Ours", languages=["en"], by=p, at=timezone.now()) for p in people]  # type: ignore[misc]
    )
    assert sum(isinstance(outcome, Application) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Refused) for outcome in outcomes if not isinstance(outcome, Application)), outcomes


def checked(change: Callable[[], Any]) -> None:
    """Makes a change and has the database check it now, not at the end of the transaction."""
    with transaction.atomic():
        change()
        connection.check_constraints()


@pytest.mark.django_db
def test_the_database_refuses_a_decider_of_another_committee(cast: make.Cast) -> None:
    dina = Application.objects.filter(pk=cast.dina.pk)
    with pytest.raises(IntegrityError, match="only_its_reviewers_decide"):
        checked(lambda: dina.update(state=State.DECLINED, decided_by=cast.boss, ended_at=timezone.now()))


@pytest.mark.django_db
def test_a_role_of_another_committee_is_impossible(cast: make.Cast) -> None:
    foreign = RoleTerm(committee=cast.boss.committee, membership=cast.ben, role=Role.ORGANIZER, begins_at=timezone.now())
    with pytest.raises(IntegrityError, match="a_role_is_held_in_ones_own_committee"):
        checked(foreign.save)
