"""The last reviewer goes, somebody comes back, two have the same name in mind, a reviewer knows the applicant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies.models import Committee, Life
from committees.membership import commands as membership
from committees.membership import queries
from committees.membership.applications import Application, ApplicationMessage, Check, Decline, State
from committees.membership.roles import Role, Standing
from committees.notices.models import Notice
from tests import make

pytestmark = pytest.mark.django_db


class TestStayingOut:
    def test_a_reviewer_who_stays_out_sees_it_no_more_and_answers_no_more(self, cast: make.Cast) -> None:
        membership.recuse(cast.dina, by=cast.ada, at=timezone.now())
        assert cast.ada.person is not None
        assert queries.case(cast.ada.person, cast.dina.slug) is None
        assert cast.dina not in queries.queue(cast.ada.person)
        with pytest.raises(PermissionDenied):
            membership.decline(cast.dina, Decline.NOT_CONFIRMED, by=cast.ada, at=timezone.now())
        assert cast.mo.person is not None
        assert queries.case(cast.mo.person, cast.dina.slug) is not None

    def test_where_all_do_the_wider_committee_takes_it_over(self, cast: make.Cast) -> None:
        now = timezone.now()
        membership.note(cast.dina, "I know them.", by=cast.ada, at=now)
        for reviewer in (cast.ada, cast.mo):
            assert membership.hand_over(now) == 0
            membership.recuse(cast.dina, by=reviewer, at=now)
        assert membership.hand_over(now) == 1
        assert membership.hand_over(now) == 0
        intake = make.reloaded(make.organizer_of(make.alliance()))
        assert intake.person is not None
        assert cast.dina in queries.queue(intake.person)
        taken = Application.objects.select_related("committee__policy").get(pk=cast.dina.pk)
        membership.add_check(taken, Check.Kind.TALK, by=intake, at=now)
        membership.decline(taken, Decline.NOT_CONFIRMED, by=intake, at=now)

    def test_nobody_stays_out_where_nobody_else_could_answer(self) -> None:
        site = make.workplace()
        make.alliance()
        founder = make.person()
        begun = membership.start_committee(site, name="Ours", languages=["en"], by=founder, at=timezone.now())
        sent = make.application(begun.committee)
        with pytest.raises(Refused, match="Nobody else"):
            membership.recuse(sent, by=make.reloaded(make.organizer_of(make.alliance())), at=timezone.now())


class TestTheLastReviewerGoes:
    def test_what_waits_and_what_comes_is_answered_by_the_wider_committee(self, cast: make.Cast) -> None:
        now = timezone.now()
        for reviewer in (cast.mo, cast.ada):
            membership.leave(reviewer, by=reviewer, at=now)
        assert membership.hand_over(now) == 1
        assert make.application(cast.committee, at=now).reviewed_in == make.alliance()

    def test_what_was_said_before_stays_with_those_who_said_it(self, cast: make.Cast) -> None:
        now = timezone.now()
        membership.note(cast.dina, "Known from the night shift.", by=cast.ada, at=now)
        for reviewer in (cast.mo, cast.ada):
            membership.leave(reviewer, by=reviewer, at=now)
        membership.hand_over(now)
        assert ApplicationMessage.objects.get(application=cast.dina).committee == cast.committee
        with pytest.raises(IntegrityError, match="another committee"), transaction.atomic():
            Check.objects.create(application=cast.dina, by=cast.boss, kind=Check.Kind.TALK, at=now, committee=cast.boss.committee)


class TestComingBack:
    @pytest.mark.parametrize("way", [membership.leave, membership.step_aside])
    def test_whoever_went_comes_back_to_the_same_place_under_the_same_name(self, cast: make.Cast, way: object) -> None:
        way(cast.ben, by=cast.ben, at=timezone.now())  # type: ignore[operator]
        again = make.admitted(make.application(cast.committee, by=cast.ben.person, handle=cast.ben.handle))
        assert again == cast.ben
        assert again.standing == Standing.PROBATION

    def test_a_removed_one_waits_and_is_a_question_to_the_reviewers(self, cast: make.Cast) -> None:
        now, second = timezone.now(), make.member(cast.committee, roles=(Role.ORGANIZER,))
        make.removed(cast.ben, by=cast.ada, second=second, at=now)
        assert cast.ben.person is not None
        with pytest.raises(Refused, match="apply again from"):
            membership.begin(cast.committee, by=cast.ben.person, at=now + timedelta(days=29))
        later = make.application(cast.committee, by=cast.ben.person, at=now + timedelta(days=31))
        found = queries.before(later)
        assert found is not None
        assert found.standing == Standing.REMOVED


class TestNames:
    def test_an_old_name_stays_reserved_and_can_be_taken_again(self, cast: make.Cast) -> None:
        old, now = cast.ben.handle, timezone.now()
        renamed = membership.change_handle(cast.ben, "Dock nine", by=cast.ben, at=now)
        assert renamed.handle == "Dock nine"
        with pytest.raises(Refused, match="looks like it"):
            membership.change_handle(cast.cleo, old.upper(), by=cast.cleo, at=now)
        assert membership.change_handle(renamed, old, by=make.reloaded(renamed), at=now).handle == old

    def test_three_changes_in_a_month(self, cast: make.Cast) -> None:
        now = timezone.now()
        for name in ("Dock five", "Dock six", "Dock seven"):
            membership.change_handle(cast.ben, name, by=cast.ben, at=now)
        with pytest.raises(Refused, match="three times"):
            membership.change_handle(cast.ben, "Dock eight", by=cast.ben, at=now + timedelta(days=29))
        membership.change_handle(cast.ben, "Dock eight", by=cast.ben, at=now + timedelta(days=31))

    def test_nobody_names_another(self, cast: make.Cast) -> None:
        with pytest.raises(PermissionDenied):
            membership.change_handle(cast.ben, "Dock five", by=cast.ada, at=timezone.now())

    def test_a_name_that_became_anothers_can_be_changed_while_waiting(self, cast: make.Cast) -> None:
        now = timezone.now()
        membership.change_handle(cast.ben, cast.dina.handle, by=cast.ben, at=now)
        for reviewer in (cast.ada, cast.mo):
            membership.add_check(cast.dina, Check.Kind.TALK, by=reviewer, at=now)
        with pytest.raises(Refused, match="Choose another"):
            membership.admit(cast.dina, by=cast.ada, at=now)
        cast.dina.refresh_from_db()
        assert cast.dina.state == State.PENDING
        membership.save_answers(cast.dina, by=cast.dina.person, handle="Twilight, gate two")
        assert membership.admit(cast.dina, by=cast.ada, at=now).handle == "Twilight, gate two"
        with pytest.raises(Refused):
            membership.save_answers(cast.dina, by=cast.dina.person, shift="Days")


class TestFounding:
    def test_a_forming_committee_that_nobody_wants_any_more_frees_its_workplace(self) -> None:
        make.alliance()
        site, first, second = make.workplace(), make.person(), make.person()
        begun = membership.start_committee(site, name="Ours", languages=["en"], by=first, at=timezone.now())
        make.answered(begun.committee, first)
        begun.refresh_from_db()
        membership.apply(begun, by=first, at=timezone.now())
        begun.refresh_from_db()
        membership.mark_spam(begun, by=make.reloaded(make.organizer_of(make.alliance())), at=timezone.now())
        assert Committee.objects.get(pk=begun.committee_id).life == Life.DISSOLVED
        assert membership.start_committee(site, name="Ours", languages=["en"], by=second, at=timezone.now()).committee_id != begun.committee_id

    def test_the_founders_are_told_when_enough_are_confirmed_and_conclude_it_after_their_meeting(self) -> None:
        founder = make.forming()
        with pytest.raises(Refused, match="Not enough"):
            membership.conclude_founding(founder.committee, by=founder, at=timezone.now())
        for _other in range(2):
            assert not Notice.objects.filter(kind="membership/founders_complete").exists()
            make.admitted(make.application(founder.committee))
        assert Notice.objects.filter(kind="membership/founders_complete", about_id=founder.committee_id).count() == 1
        late = membership.begin(founder.committee, by=make.person(), at=timezone.now())
        assert late.founding
        for nobody_to_say_it in (make.member(founder.committee), make.reloaded(make.organizer_of(make.committee()))):
            with pytest.raises(PermissionDenied):
                membership.conclude_founding(founder.committee, by=nobody_to_say_it, at=timezone.now())
        assert Committee.objects.get(pk=founder.committee_id).is_forming
        membership.conclude_founding(founder.committee, by=founder, at=timezone.now())
        with pytest.raises(Refused, match="already"):
            membership.conclude_founding(founder.committee, by=founder, at=timezone.now())
        make.answered(founder.committee, late.person)
        late.refresh_from_db()
        sent = membership.apply(late, by=late.person, at=timezone.now())
        assert (sent.founding, sent.reviewed_in_id) == (False, founder.committee_id)

    def test_ended_memberships_open_nothing(self, cast: make.Cast) -> None:
        make.put(cast.ben, Standing.LAPSED)
        assert not make.reloaded(cast.ben).powers
