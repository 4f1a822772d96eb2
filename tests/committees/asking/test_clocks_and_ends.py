"""The clock, passing on, and what becomes of questions when somebody goes or a committee is no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from committees.asking import commands as asking
from committees.asking import exporting, queries
from committees.asking.models import Ending, Message, Question, State, Whom
from committees.base.errors import Refused
from committees.bodies.models import Committee, Life
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.notices import registry as kinds
from committees.notices.models import Notice
from committees.people import commands as people
from committees.people import registry as people_registry
from committees.people.models import Person
from tests import make
from tests.committees.asking.conftest import WORDS, above, answer, ask, fresh

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(kind: str) -> list[Notice]:
    found = list(Notice.objects.filter(kind=f"asking/{kind}").order_by("pk"))
    for each in found:
        each.about = Question.objects.get(pk=each.about_id)
    return found


class TestTheClock:
    def test_after_two_days_those_who_can_answer_are_reminded_once(self, cast: make.Cast) -> None:
        at = timezone.now()
        ask(cast.ben)
        assert asking.remind(at + 47 * HOUR) == 0
        assert [asking.remind(at + hours * HOUR) for hours in (49, 50, 70)] == [1, 0, 0]
        (notice,) = told("waits")
        assert set(kinds.kind(notice.kind).audience(notice)) == {cast.ada.person_id}

    def test_after_an_answer_the_clock_begins_anew_with_the_next_word(self, cast: make.Cast) -> None:
        made, at = ask(cast.ben), timezone.now()
        asking.remind(at + 49 * HOUR)
        answer(made, cast.ada, at=at + 50 * HOUR)
        assert asking.remind(at + 120 * HOUR) == asking.offer(at + 200 * HOUR) == 0
        asking.write(made, "And now?", language="en", by=cast.ben.person, at=at + 201 * HOUR)  # type: ignore[arg-type]
        assert asking.remind(at + 250 * HOUR) == 1
        assert len(told("waits")) == 2

    def test_after_four_days_passing_it_on_is_offered_and_never_done_by_itself(self, cast: make.Cast) -> None:
        made, at = ask(cast.ben), timezone.now()
        with pytest.raises(Refused):
            asking.pass_on(made, by=cast.ben.person, at=at)  # type: ignore[arg-type]
        assert [asking.offer(at + hours * HOUR) for hours in (95, 97, 98)] == [0, 1, 0]
        assert Question.objects.count() == 1
        (notice,) = told("slow")
        matters = kinds.kind(notice.kind).matters
        assert matters(notice, {cast.ben.person_id, cast.ada.person_id}) == {cast.ben.person_id}  # type: ignore[arg-type]
        answer(made, cast.ada)
        assert matters(notice, {cast.ben.person_id}) == set()  # type: ignore[arg-type]

    def test_where_nobody_is_above_nothing_is_offered(self, cast: make.Cast, keeper: Person) -> None:
        ask(cast.ben, queries.KEEPERS)
        ask(cast.ben, above())
        assert asking.offer(timezone.now() + 97 * HOUR) == 0

    def test_it_is_not_passed_on_to_the_very_people_who_did_not_answer(self, cast: make.Cast, intake: Membership) -> None:
        """Whoever organizes both has read it with a name; without one they would only learn whose number that is."""
        Person.objects.filter(memberships__committee=intake.committee).update(is_active=False)
        make.member(intake.committee, by=cast.ada.person, roles=(Role.ORGANIZER,))
        made, at = ask(cast.ben), timezone.now()
        assert asking.offer(at + 97 * HOUR) == 0
        with pytest.raises(Refused):
            asking.pass_on(made, by=cast.ben.person, at=at + 98 * HOUR)  # type: ignore[arg-type]
        make.member(intake.committee, roles=(Role.ORGANIZER,))
        assert asking.pass_on(made, by=cast.ben.person, at=at + 98 * HOUR)  # type: ignore[arg-type]

    def test_what_is_passed_on_has_the_words_and_neither_name_nor_committee(self, cast: make.Cast, intake: Membership) -> None:
        made, at = ask(cast.ben), timezone.now()
        answer(made, cast.ada, "Wait for it.")
        asking.write(made, "I waited.", language="en", by=cast.ben.person, at=at)  # type: ignore[arg-type]
        asking.offer(at + 97 * HOUR)
        later = asking.pass_on(made, by=cast.ben.person, at=at + 98 * HOUR)  # type: ignore[arg-type]
        assert later == asking.pass_on(made, by=cast.ben.person, at=at + 98 * HOUR)  # type: ignore[arg-type]
        assert (later.whom, later.answered_in, later.member, later.site) == (Whom.WIDER, intake.committee, None, "")
        assert [each.text for each in queries.said_before(later)] == [WORDS, "I waited."]
        assert (fresh(made).state, fresh(made).ended) == (State.CLOSED, Ending.PASSED_ON)
        assert later.number != made.number

    def test_everything_ends_in_a_message(self, cast: make.Cast) -> None:
        waiting, answered, at = ask(cast.ben), ask(cast.cleo), timezone.now()
        answer(answered, cast.ada)
        assert asking.rest(at + 29 * DAY) == 0
        assert asking.rest(at + 31 * DAY) == 2
        assert (fresh(waiting).ended, fresh(answered).ended) == (Ending.UNANSWERED, Ending.QUIET)
        assert len(told("closed")) == 2

    def test_ninety_days_after_it_was_closed_nothing_is_left(self, cast: make.Cast) -> None:
        made, at = ask(cast.ben), timezone.now()
        answer(made, cast.ada)
        assert asking.forget(at + 300 * DAY) == 0, "it is open"
        asking.close(made, by=cast.ben.person, at=at)  # type: ignore[arg-type]
        assert asking.forget(at + 89 * DAY) == 0
        assert asking.forget(at + 91 * DAY)
        assert not Question.objects.exists()
        assert not Message.objects.exists()

    def test_a_tick_that_finds_nothing_costs_one_question(self, cast: make.Cast, django_assert_num_queries: object) -> None:
        for tick, cost in ((asking.remind, 3), (asking.offer, 3), (asking.rest, 5)):
            with django_assert_num_queries(cost):  # type: ignore[operator]
                tick(timezone.now())


class TestSomebodyGoes:
    def test_whoever_leaves_is_told_that_it_is_closed_and_reads_only_their_own_words(self, cast: make.Cast) -> None:
        made = ask(cast.ben)
        answer(made, cast.ada)
        assert len(queries.said_to(fresh(made))) == 2
        membership.leave(make.reloaded(cast.ben), by=make.reloaded(cast.ben), at=timezone.now())
        assert fresh(made).ended == Ending.OUT
        assert (len(told("out")), len(told("closed"))) == (1, 0), "where they read it, and by no mail"
        assert [each.by_asker for each in queries.said_to(fresh(made))] == [True]
        assert [len(each["said"]) for each in exporting.asked(cast.ben.person)] == [1]  # type: ignore[arg-type]

    def test_what_they_asked_others_goes_on(self, cast: make.Cast, keeper: Person) -> None:
        others = [ask(cast.ben, above()), ask(cast.ben, queries.KEEPERS)]
        membership.leave(make.reloaded(cast.ben), by=make.reloaded(cast.ben), at=timezone.now())
        assert all(fresh(each).is_waiting for each in others)

    def test_whoever_is_suspended_reads_the_answers_when_they_are_back(self, cast: make.Cast) -> None:
        made = ask(cast.ben)
        answer(made, cast.ada)
        make.put(cast.ben, Standing.SUSPENDED)
        assert [each.by_asker for each in queries.said_to(fresh(made))] == [True]
        (notice,) = told("answered")
        assert kinds.kind(notice.kind).matters(notice, {cast.ben.person_id}) == set()  # type: ignore[arg-type]
        with pytest.raises(Refused):
            asking.write(made, "Why?", language="en", by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]
        make.put(cast.ben, Standing.MEMBER)
        assert len(queries.said_to(fresh(made))) == 2

    def test_an_organizer_who_goes_holds_nothing(self, cast: make.Cast) -> None:
        second = make.member(cast.committee, roles=(Role.ORGANIZER,))
        made = ask(cast.ben)
        asking.take(made, by=second, at=timezone.now())
        membership.leave(second, by=second, at=timezone.now())
        assert not fresh(made).is_taken(timezone.now())
        assert fresh(made).is_waiting

    def test_a_membership_that_lapses_takes_what_was_asked_because_of_it(self, cast: make.Cast) -> None:
        ask(cast.ben)
        kept = ask(cast.ben, above())
        membership_rows = Membership.objects.filter(pk=cast.ben.pk)
        make.put(cast.ben, Standing.INACTIVE)
        membership_rows.update(changed_at=timezone.now() - 184 * DAY, asked_on=(timezone.now() - 31 * DAY).date())
        membership.lapse(timezone.now())
        assert list(Question.objects.all()) == [kept]

    def test_erasing_an_account_takes_what_it_asked_and_leaves_what_it_answered(self, cast: make.Cast, keeper: Person) -> None:
        mine, theirs = ask(cast.ada, above()), ask(cast.ben)
        service = ask(cast.ben, queries.KEEPERS)
        make.member(cast.committee, roles=(Role.ORGANIZER,))
        answer(theirs, cast.ada)
        answer(service, keeper)
        assert any("What you asked" in line for line in people_registry.erasures()["asking"].says(cast.ada.person))  # type: ignore[arg-type]
        for person in (cast.ada.person, keeper):
            people.erase(person, by=person, at=timezone.now())  # type: ignore[arg-type]
        assert not Question.objects.filter(pk=mine.pk).exists()
        assert theirs.messages.count() == service.messages.count() == 2
        assert not Message.objects.filter(keeper=keeper).exists()

    def test_whoever_hides_their_account_holds_nothing(self, cast: make.Cast, keeper: Person) -> None:
        mine, service = ask(cast.ben), ask(cast.ben, queries.KEEPERS)
        asking.take(mine, by=make.reloaded(cast.ada), at=timezone.now())
        asking.take(service, by=keeper, at=timezone.now())
        for person in (cast.ada.person, keeper):
            people_registry.kill_everything(person)  # type: ignore[arg-type]
        assert not any(fresh(each).is_taken(timezone.now()) for each in (mine, service))

    def test_everything_that_is_mine_can_be_taken_out(self, cast: make.Cast) -> None:
        made = ask(cast.ben, above(), sites=[cast.committee.workplace.title])  # type: ignore[union-attr]
        answer(made, make.organizer_of(make.alliance()), "We come.")
        (mine,) = exporting.asked(cast.ben.person)  # type: ignore[arg-type]
        assert [each["text"] for each in mine["said"]] == [WORDS, "We come."]
        assert mine["where_i_work"] == cast.committee.workplace.title  # type: ignore[union-attr]
        (theirs,) = exporting.answered(make.organizer_of(make.alliance()).person)  # type: ignore[arg-type]
        assert theirs["text"] == "We come."

    def test_it_takes_as_many_queries_for_five_questions_as_for_one(self, cast: make.Cast) -> None:
        def queries_for() -> int:
            with CaptureQueriesContext(connection) as asked:
                exporting.asked(cast.ben.person)  # type: ignore[arg-type]
            return len(asked)

        ask(cast.ben)
        once = queries_for()
        for _ in range(4):
            ask(cast.ben, above())
        assert queries_for() == once


class TestACommitteeIsNoMore:
    def test_when_it_closes_whoever_waits_is_told(self, cast: make.Cast) -> None:
        mine, other = ask(cast.ben), ask(cast.ben, above())
        membership.close(cast.committee, by=make.reloaded(cast.ada), at=timezone.now())
        assert fresh(mine).ended == Ending.GONE
        assert fresh(other).is_waiting
        assert len(told("closed")) == 1

    def test_when_two_become_one_the_other_s_organizers_read_nothing_of_it(self, cast: make.Cast) -> None:
        """Neither what was asked in the one that goes nor what was asked in the one that stays."""
        ben_there = make.member(cast.boss.committee)
        mine, theirs = ask(cast.ben), ask(ben_there)
        answer(mine, cast.ada)
        membership.unite(cast.committee, cast.boss.committee, at=timezone.now())
        assert fresh(mine).answered_in == fresh(theirs).answered_in == cast.boss.committee
        assert {fresh(mine).ended, fresh(theirs).ended} == {Ending.GONE}
        for organizer in (cast.ada, cast.boss):
            assert not Question.objects.visible_to(make.reloaded(organizer)).exists()
        assert len(queries.said_to(fresh(mine))) == 2, "whoever asked still reads it"
        assert len(told("closed")) == 2
        with pytest.raises(Refused):
            asking.write(mine, "And now?", language="en", by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]

    def test_somebody_who_is_in_both_keeps_both_questions(self, cast: make.Cast) -> None:
        there = make.member(cast.boss.committee, by=cast.ben.person)
        both = [ask(cast.ben), ask(there)]
        membership.unite(cast.committee, cast.boss.committee, at=timezone.now())
        assert {fresh(each).member for each in both} == {there}

    def test_what_was_asked_in_the_moment_in_which_it_closed_ends_in_a_message_too(self, cast: make.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        found = queries.Asking.find

        def find_and_then_it_closes(asking_: queries.Asking, key: str) -> queries.Choice | None:
            choice = found(asking_, key)
            membership.close(cast.committee, by=make.reloaded(cast.ada), at=timezone.now())
            return choice

        monkeypatch.setattr(queries.Asking, "find", find_and_then_it_closes)
        made = ask(cast.ben)
        assert asking.rest(timezone.now()) == 1
        assert fresh(made).ended == Ending.GONE
        assert len(told("closed")) == 1

    def test_what_was_closed_before_it_is_not_opened_again_where_nobody_can_answer_any_more(self, cast: make.Cast) -> None:
        made = ask(cast.ben, above())
        asking.close(made, by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]
        Committee.objects.filter(pk=made.answered_in_id).update(life=Life.DISSOLVED)
        with pytest.raises(Refused):
            asking.write(made, "One thing more", language="en", by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]
