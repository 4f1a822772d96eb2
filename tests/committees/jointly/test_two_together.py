"""What takes two organizers: one proposes, another agrees, members can object, then it happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from committees.base.errors import Refused
from committees.bodies.commands import CharterWords
from committees.bodies.models import Charter
from committees.jointly import commands as jointly
from committees.jointly import queries, rules
from committees.jointly.models import JointAct, Objection, State
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership import queries as members
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role, Standing
from committees.notices.models import Notice
from tests import make

pytestmark = pytest.mark.django_db
WHY = "She has kept the list of meetings for a year."
LATER = timedelta(hours=73)


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    """Another organizer of the cast's committee."""
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))


def now() -> datetime:
    return timezone.now()


def proposed(cast: make.Cast, role: Role = Role.MODERATOR, *, at: datetime | None = None) -> JointAct:
    return jointly.propose_role(make.reloaded(cast.ben), role, months=12, reason=WHY, by=make.reloaded(cast.ada), at=at or now())


def agreed(cast: make.Cast, second: Membership, role: Role = Role.MODERATOR, *, at: datetime | None = None) -> JointAct:
    return jointly.agree(proposed(cast, role, at=at), by=make.reloaded(second), at=at or now())


def state(act: JointAct) -> str:
    return JointAct.objects.get(pk=act.pk).state


def verbs(cast: make.Cast) -> list[str]:
    return list(Entry.objects.filter(chain=cast.committee.slug).order_by("position").values_list("verb", flat=True))


class TestARole:
    def test_it_is_held_only_after_two_agreed_and_three_days_went_by(self, cast: make.Cast, second: Membership) -> None:
        begun = now()
        act = proposed(cast, Role.ORGANIZER, at=begun)
        assert jointly.carry_out(begun + LATER) == 0
        jointly.agree(act, by=second, at=begun)
        assert jointly.carry_out(begun + timedelta(hours=71)) == 0
        assert Role.ORGANIZER not in make.reloaded(cast.ben).roles
        assert jointly.carry_out(begun + LATER) == 1
        assert jointly.carry_out(begun + LATER) == 0
        term = RoleTerm.objects.get(membership=cast.ben)
        assert (term.role, term.begins_at, term.ends_at) == (Role.ORGANIZER, begun + LATER, begun + LATER + rules.term(12))
        assert state(act) == State.DONE
        assert [verb for verb in verbs(cast) if verb.startswith(("joint", "role"))][-4:] == ["joint.proposed", "joint.agreed", "role.given", "joint.done"]

    def test_it_ends_on_its_day(self, cast: make.Cast, second: Membership) -> None:
        jointly.carry_out(agreed(cast, second).happens_at)  # type: ignore[arg-type]
        term = RoleTerm.objects.get(membership=cast.ben)
        assert term.ends_at is not None
        assert RoleTerm.objects.running(term.ends_at - timedelta(seconds=1)).filter(pk=term.pk).exists()
        assert not RoleTerm.objects.running(term.ends_at).filter(pk=term.pk).exists()

    def test_its_holder_is_told_a_month_before_it_ends_and_only_once(self, cast: make.Cast, second: Membership) -> None:
        jointly.carry_out(agreed(cast, second).happens_at)  # type: ignore[arg-type]
        ends = RoleTerm.objects.get(membership=cast.ben).ends_at
        assert ends is not None
        assert membership.remind_of_ends(ends - timedelta(days=31)) == 0
        assert membership.remind_of_ends(ends - timedelta(days=29)) == 1
        assert membership.remind_of_ends(ends - timedelta(days=28)) == 0
        assert Notice.objects.filter(kind="membership/role_ends").count() == 1

    def test_nobody_agrees_to_what_they_proposed(self, cast: make.Cast, second: Membership) -> None:
        with pytest.raises(Refused, match="Another organizer has to agree"):
            jointly.agree(proposed(cast), by=make.reloaded(cast.ada), at=now())

    def test_nobody_proposes_themself(self, cast: make.Cast, second: Membership) -> None:
        ada = make.reloaded(cast.ada)
        with pytest.raises(PermissionDenied):
            jointly.propose_role(ada, Role.MODERATOR, months=12, reason=WHY, by=ada, at=now())

    def test_nor_agrees_to_their_own(self, cast: make.Cast, second: Membership) -> None:
        third = make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,)))
        act = jointly.propose_role(second, Role.MODERATOR, months=6, reason=WHY, by=make.reloaded(cast.ada), at=now())
        with pytest.raises(PermissionDenied):
            jointly.agree(act, by=second, at=now())
        jointly.agree(act, by=third, at=now())

    @pytest.mark.parametrize("who", ["ben", "boss"])
    def test_no_member_and_no_organizer_of_another_committee_agrees(self, cast: make.Cast, second: Membership, who: str) -> None:
        with pytest.raises((PermissionDenied, Refused)):
            jointly.agree(proposed(cast), by=make.reloaded(getattr(cast, who)), at=now())
        assert JointAct.objects.get().agreed_by is None

    def test_the_database_lets_nobody_be_both(self, cast: make.Cast, second: Membership) -> None:
        act = proposed(cast)
        with pytest.raises(IntegrityError), transaction.atomic():
            JointAct.objects.filter(pk=act.pk).update(agreed_by=act.proposed_by)
        with pytest.raises(IntegrityError), transaction.atomic():
            JointAct.objects.filter(pk=act.pk).update(agreed_by=cast.ben)
        with pytest.raises(IntegrityError), transaction.atomic():
            JointAct.objects.filter(pk=act.pk).update(state=State.DONE, ended_at=now())

    def test_two_terms_of_one_role_at_once_are_refused_by_the_database_too(self, cast: make.Cast) -> None:
        begin = {"committee": cast.committee, "membership": cast.ben, "role": Role.DELEGATE}
        RoleTerm.objects.create(begins_at=now(), ends_at=now() + timedelta(days=9), **begin)
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleTerm.objects.create(begins_at=now() + timedelta(days=8), **begin)
        RoleTerm.objects.create(begins_at=now() + timedelta(days=10), **begin)

    def test_the_same_is_not_proposed_twice(self, cast: make.Cast, second: Membership) -> None:
        proposed(cast)
        with pytest.raises(Refused, match="proposed already"):
            jointly.propose_role(make.reloaded(cast.ben), Role.MODERATOR, months=6, reason=WHY, by=second, at=now())

    def test_whoever_went_meanwhile_gets_no_role_and_the_organizers_hear_it(self, cast: make.Cast, second: Membership) -> None:
        act = agreed(cast, second)
        membership.leave(make.reloaded(cast.ben), by=make.reloaded(cast.ben), at=now())
        jointly.carry_out(now() + LATER)
        assert state(act) == State.OVERTAKEN
        assert not RoleTerm.objects.filter(membership=cast.ben).exists()
        assert Notice.objects.filter(kind="jointly/lapsed").count() == 1

    def test_a_proposer_who_is_no_organizer_any_more_has_proposed_nothing(self, cast: make.Cast, second: Membership) -> None:
        act = proposed(cast)
        membership.resign(make.reloaded(cast.ada), Role.ORGANIZER, by=make.reloaded(cast.ada), at=now())
        with pytest.raises(Refused, match="no longer an organizer"):
            jointly.agree(act, by=second, at=now())

    def test_leaving_ends_a_term_that_would_run_on(self, cast: make.Cast, second: Membership) -> None:
        jointly.carry_out(agreed(cast, second).happens_at)  # type: ignore[arg-type]
        at = now() + timedelta(days=5)
        membership.leave(make.reloaded(cast.ben), by=make.reloaded(cast.ben), at=at)
        assert RoleTerm.objects.get(membership=cast.ben).ends_at == at


class TestEndingARole:
    def test_two_organizers_end_anothers_office(self, cast: make.Cast, second: Membership) -> None:
        third = make.member(cast.committee, roles=(Role.ORGANIZER,))
        act = jointly.propose_end(make.reloaded(third), Role.ORGANIZER, reason=WHY, by=second, at=now())
        jointly.agree(act, by=make.reloaded(cast.ada), at=now())
        assert Role.ORGANIZER in make.reloaded(third).roles
        jointly.carry_out(now() + LATER)
        assert not RoleTerm.objects.running(now() + LATER + timedelta(seconds=1)).filter(membership=third).exists()

    def test_nobody_hands_back_the_last_office(self, cast: make.Cast) -> None:
        ada = make.reloaded(cast.ada)
        with pytest.raises(Refused, match="last organizer"):
            membership.resign(ada, Role.ORGANIZER, by=ada, at=now())

    def test_the_last_office_runs_on_until_there_is_another_organizer(self, cast: make.Cast, second: Membership) -> None:
        soon = now() + timedelta(hours=20)
        RoleTerm.objects.filter(membership=cast.ada).update(ends_at=soon)
        assert membership.keep_last_organizers(now()) == 0
        RoleTerm.objects.filter(membership=second).update(ends_at=soon - timedelta(hours=2))
        membership.keep_last_organizers(now())
        assert [each.pk for each in members.organizers(cast.committee.pk)]
        late = now() + timedelta(days=2)
        assert RoleTerm.objects.running(late).filter(committee=cast.committee, role=Role.ORGANIZER).exists()


class TestObjecting:
    def electorate(self, cast: make.Cast, count: int) -> list[Membership]:
        there = Membership.objects.filter(committee=cast.committee).standing_members().count()
        return [make.reloaded(make.member(cast.committee)) for _ in range(count - there)]

    def test_a_quarter_of_the_members_stop_it(self, cast: make.Cast, second: Membership) -> None:
        members_ = self.electorate(cast, 8)
        act = agreed(cast, second)
        jointly.object_to(act, reason="Nobody asked the night shift.", by=members_[0], at=now())
        assert state(act) == State.AGREED
        jointly.object_to(act, reason="Nobody asked the night shift.", by=members_[1], at=now())
        assert state(act) == State.STOPPED
        assert jointly.carry_out(now() + LATER) == 0
        assert Notice.objects.filter(kind="jointly/stopped").count() == 1

    def test_one_member_counts_once(self, cast: make.Cast, second: Membership) -> None:
        (one, *_rest) = self.electorate(cast, 8)
        act = agreed(cast, second)
        jointly.object_to(act, reason="Nobody asked the night shift.", by=one, at=now())
        with pytest.raises(Refused, match="already"):
            jointly.object_to(act, reason="Nobody asked the night shift.", by=one, at=now())
        assert Objection.objects.count() == 1

    def test_not_before_two_agreed_and_not_after_three_days(self, cast: make.Cast, second: Membership) -> None:
        act = proposed(cast)
        with pytest.raises(Refused):
            jointly.object_to(act, reason="Nobody asked the night shift.", by=make.reloaded(cast.ben), at=now())
        jointly.agree(act, by=second, at=now())
        with pytest.raises(Refused):
            jointly.object_to(act, reason="Nobody asked the night shift.", by=make.reloaded(cast.ben), at=now() + LATER)

    def test_new_members_and_others_cannot(self, cast: make.Cast, second: Membership) -> None:
        new = make.reloaded(make.member(cast.committee, standing=Standing.PROBATION))
        act = agreed(cast, second)
        for member in (new, make.reloaded(cast.boss)):
            with pytest.raises(PermissionDenied):
                jointly.object_to(act, reason="Nobody asked the night shift.", by=member, at=now())

    @given(st.integers(min_value=1, max_value=5000))
    def test_it_takes_at_least_a_quarter_and_never_one_more_than_that(self, electorate: int) -> None:
        needed = rules.objections_needed(electorate)
        assert 1 <= needed <= electorate
        assert needed * 4 >= electorate
        assert needed == 1 or (needed - 1) * 4 < electorate


class TestALoneOrganizer:
    def test_an_organizer_of_the_wider_committee_agrees(self, cast: make.Cast) -> None:
        intake = make.organizer_of(make.alliance())
        act = proposed(cast)
        assert act.asks_wider
        assert [each.pk for each in queries.seconds(act)] == [intake.pk]
        jointly.agree(act, by=make.reloaded(intake), at=now())
        assert state(act) == State.AGREED

    def test_after_three_days_it_lapses_and_the_organizers_hear_it(self, cast: make.Cast) -> None:
        make.organizer_of(make.alliance())
        act = proposed(cast)
        assert jointly.lapse(now() + timedelta(hours=71)) == 0
        assert jointly.lapse(now() + LATER) == 1
        assert state(act) == State.LAPSED
        assert Notice.objects.filter(kind="jointly/lapsed").count() == 1
        with pytest.raises(Refused, match="too much time"):
            jointly.agree(act, by=make.reloaded(make.organizer_of(make.alliance())), at=now() + LATER)

    def test_the_wider_committee_agrees_only_where_nobody_else_could(self, cast: make.Cast, second: Membership) -> None:
        intake = make.reloaded(make.organizer_of(make.alliance()))
        with pytest.raises(PermissionDenied):
            jointly.agree(proposed(cast), by=intake, at=now())


class TestWhileForming:
    def test_the_founders_are_the_electorate_and_it_happens_at_once(self) -> None:
        founder = make.forming()
        other = make.reloaded(make.admitted(make.application(founder.committee)))
        act = jointly.propose_role(other, Role.ORGANIZER, months=6, reason=WHY, by=founder, at=now())
        jointly.agree(act, by=make.reloaded(make.organizer_of(make.alliance())), at=now())
        assert Role.ORGANIZER in make.reloaded(other).roles
        assert state(act) == State.DONE


class TestACharter:
    WORDS = CharterWords("en", text="We sort parcels and we decide together.", who_may_join="Everyone at BHX4.", attestation="I manage nobody.")

    def adopted(self, cast: make.Cast, second: Membership, words: CharterWords) -> None:
        act = jointly.propose_charter(words, reason="Agreed in the meeting of Tuesday.", by=make.reloaded(cast.ada), at=now())
        jointly.agree(act, by=second, at=now())
        assert jointly.carry_out(now() + LATER) == 1

    def test_a_new_version_stands_and_the_old_one_can_be_read(self, cast: make.Cast, second: Membership) -> None:
        self.adopted(cast, second, self.WORDS)
        found = members.charter(cast.committee)
        assert found is not None
        assert (found.version, found.purpose, found.sentence) == (2, self.WORDS.text, "I manage nobody.")
        assert [each.version for each in queries.charters(cast.committee)] == [2, 1]

    def test_applicants_answer_to_the_version_they_read(self, cast: make.Cast, second: Membership) -> None:
        before = make.application(cast.committee)
        self.adopted(cast, second, self.WORDS)
        assert before.attested_version == 1
        assert Charter.objects.get(committee=cast.committee, version=1).attestation == ""

    def test_only_one_is_proposed_at_a_time(self, cast: make.Cast, second: Membership) -> None:
        jointly.propose_charter(self.WORDS, reason=WHY, by=make.reloaded(cast.ada), at=now())
        with pytest.raises(Refused, match="proposed already"):
            jointly.propose_charter(self.WORDS, reason=WHY, by=second, at=now())


class TestDropping:
    def test_any_organizer_before_a_second_agreed(self, cast: make.Cast, second: Membership) -> None:
        act = proposed(cast)
        jointly.drop(act, by=second, at=now())
        assert state(act) == State.DROPPED
        assert not Notice.objects.filter(kind="jointly/stopped").exists()
        proposed(cast)

    def test_after_that_only_one_of_the_two_and_members_hear_it(self, cast: make.Cast, second: Membership) -> None:
        third = make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,)))
        act = agreed(cast, second)
        with pytest.raises(PermissionDenied):
            jointly.drop(act, by=third, at=now())
        jointly.drop(act, by=second, at=now())
        assert Notice.objects.filter(kind="jointly/stopped").count() == 1

    def test_what_was_written_is_erased_after_ninety_days(self, cast: make.Cast, second: Membership) -> None:
        act = agreed(cast, second)
        jointly.object_to(act, reason="Nobody asked the night shift.", by=make.reloaded(cast.ada), at=now())
        over = now() + timedelta(days=89)
        assert jointly.forget(over) == 0
        jointly.drop(JointAct.objects.get(pk=act.pk), by=second, at=now()) if state(act) == State.AGREED else None
        assert jointly.forget(now() + timedelta(days=91)) == 1
        assert (JointAct.objects.get().reason, Objection.objects.get().reason) == ("", "")


def test_who_sees_what_was_proposed(cast: make.Cast, second: Membership) -> None:
    act = proposed(cast)
    new = make.reloaded(make.member(cast.committee, standing=Standing.PROBATION))
    sees: Callable[[Membership], bool] = lambda member: JointAct.objects.visible_to(make.reloaded(member)).filter(pk=act.pk).exists()  # noqa: E731
    assert sees(cast.ada)
    assert sees(cast.ben)
    assert not sees(new)
    assert not sees(cast.boss)
    assert not sees(make.organizer_of(make.alliance()))


def test_the_wider_committee_sees_what_it_is_asked_and_what_it_agreed_to_and_no_more(cast: make.Cast) -> None:
    intake = make.organizer_of(make.alliance())

    def seen() -> int:
        return JointAct.objects.visible_to(make.reloaded(intake)).count()

    act = proposed(cast)
    assert seen() == 1
    jointly.drop(act, by=make.reloaded(cast.ada), at=now())
    assert seen() == 0
    jointly.agree(proposed(cast), by=make.reloaded(intake), at=now())
    assert seen() == 1


def test_one_that_the_database_refuses_holds_up_none_that_can_be_done(cast: make.Cast, second: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("committees.membership.commands.offices.end_terms", lambda terms, at: 0)
    blocked = agreed(cast, second)
    other = make.reloaded(make.member(cast.committee))
    fine = jointly.propose_role(other, Role.MODERATOR, months=6, reason=WHY, by=make.reloaded(cast.ada), at=now())
    jointly.agree(fine, by=second, at=now())
    RoleTerm.objects.create(committee=cast.committee, membership=cast.ben, role=Role.MODERATOR, begins_at=now(), interim=True)
    jointly.carry_out(now() + LATER)
    assert (state(blocked), state(fine)) == (State.OVERTAKEN, State.DONE)
