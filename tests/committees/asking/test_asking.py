"""Asking: whom, what they see, how often; writing more, closing, opening again."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from committees.asking import commands as asking
from committees.asking import queries
from committees.asking.models import Ending, Message, Question, State, Whom
from committees.base.errors import Refused
from committees.bodies.models import Committee, Scope
from committees.ledger.models import Entry
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.notices.models import Notice
from committees.people.models import Person
from tests import make
from tests.at_once import at_once
from tests.committees.asking.conftest import WORDS, above, answer, ask, fresh, own

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def choices(person: Person | None) -> dict[str, str]:
    assert person is not None
    return {each.key: each.sees for each in queries.Asking(person).choices}


class TestWhomOneCanAsk:
    def test_a_member_asks_their_organizers_by_name_and_others_by_a_number(self, cast: make.Cast, keeper: Person) -> None:
        found = choices(cast.ben.person)
        assert list(found) == [own(cast.ben), above(), queries.KEEPERS]
        assert cast.ben.handle in found[own(cast.ben)]
        assert all("no name and no committee" in found[key] for key in (above(), queries.KEEPERS))

    def test_whoever_has_no_committee_asks_those_who_look_after_new_ones(self, cast: make.Cast, keeper: Person) -> None:
        assert list(choices(make.person())) == [above(), queries.KEEPERS]

    def test_only_those_who_are_there_are_offered(self, cast: make.Cast, keeper: Person) -> None:
        """The only organizer has nobody to ask in the committee, and the only one who keeps the service asks organizers."""
        assert own(cast.ada) not in choices(cast.ada.person)
        assert queries.KEEPERS not in choices(keeper)
        Person.objects.filter(pk=keeper.pk).update(is_active=False)
        assert queries.KEEPERS not in choices(cast.ben.person)
        Person.objects.filter(pk=cast.ada.person_id).update(is_active=False)
        assert own(cast.ben) not in choices(cast.ben.person)

    def test_moderators_do_not_answer(self, cast: make.Cast) -> None:
        Person.objects.filter(pk=cast.ada.person_id).update(is_active=False)
        assert own(cast.cleo) not in choices(cast.cleo.person)

    def test_a_second_organizer_can_be_asked_by_the_first(self, cast: make.Cast) -> None:
        make.member(cast.committee, roles=(Role.ORGANIZER,))
        assert own(cast.ada) in choices(cast.ada.person)

    def test_whoever_is_suspended_asks_the_wider_committee_and_not_those_who_suspended_them(self, cast: make.Cast) -> None:
        make.put(cast.ben, Standing.SUSPENDED)
        found = choices(cast.ben.person)
        assert own(cast.ben) not in found
        assert above() in found
        with pytest.raises(Refused):
            ask(cast.ben)
        assert ask(cast.ben, above()).member is None

    @pytest.mark.parametrize("standing", [Standing.LEFT, Standing.REMOVED, Standing.STEPPED_ASIDE, Standing.LAPSED])
    def test_whoever_is_out_asks_as_somebody_without_a_committee(self, cast: make.Cast, standing: Standing) -> None:
        make.put(cast.ben, standing)
        assert own(cast.ben) not in choices(cast.ben.person)

    def test_a_committee_s_own_wider_one_stands_beside_the_alliance(self, cast: make.Cast) -> None:
        wider = make.wider(Scope.EMPLOYER, cast.committee)
        Committee.objects.filter(pk=cast.committee.pk).update(verified_by=wider)
        assert list(choices(cast.ben.person))[:3] == [own(cast.ben), f"wider-{wider.slug}", above()]

    def test_it_costs_the_same_for_one_committee_and_for_three(self, cast: make.Cast, django_assert_num_queries: object) -> None:
        for _ in range(2):
            with django_assert_num_queries(5):  # type: ignore[operator]
                found = queries.Asking(cast.ben.person)  # type: ignore[arg-type]
                assert found.choices
                assert found.sites
            for _ in range(2):
                make.member(make.committee(), by=cast.ben.person)


class TestWhatIsKeptOfWhoeverAsks:
    def test_their_own_organizers_see_the_name_there_and_nobody_else_anything(self, cast: make.Cast, keeper: Person) -> None:
        mine, wider, service = (ask(cast.ben, to) for to in ("", above(), queries.KEEPERS))
        assert (mine.whom, mine.member) == (Whom.COMMITTEE, cast.ben)
        assert (wider.whom, wider.member, wider.site) == (Whom.WIDER, None, "")
        assert (service.whom, service.member, service.answered_in) == (Whom.KEEPERS, None, None)
        assert len({each.number for each in (mine, wider, service)}) == 3

    def test_the_workplace_is_seen_where_it_was_ticked_and_only_by_organizers_of_a_wider_committee(self, cast: make.Cast, keeper: Person) -> None:
        site = cast.committee.workplace.title  # type: ignore[union-attr]
        assert ask(cast.ben, above(), sites=[site]).site == site
        assert ask(cast.ben, queries.KEEPERS, sites=[site]).site == ""
        assert ask(cast.ben, sites=[site]).site == ""
        assert ask(cast.ben, above(), sites=["Somewhere else"]).site == ""

    def test_an_applicant_can_let_it_be_seen_where_they_apply(self, cast: make.Cast) -> None:
        assert queries.Asking(cast.dina.person).sites == [cast.committee.workplace.title]  # type: ignore[union-attr]

    def test_the_ledger_knows_who_asks_only_where_those_who_answer_do(self, cast: make.Cast, keeper: Person) -> None:
        for to, known in (("", True), (above(), False), (queries.KEEPERS, False)):
            made = ask(cast.ben, to)
            (entry,) = (
                Entry.objects.filter(verb="question.asked", about__endswith=f":{made.pk}") or Entry.objects.filter(verb="question.asked").order_by("-pk")[:1]
            )
            assert (entry.actor is not None) == known
            assert WORDS not in str(entry.detail)

    def test_those_who_can_answer_are_told_and_nobody_else(self, cast: make.Cast, intake: Membership, keeper: Person) -> None:
        for to, who in (("", cast.ada.person_id), (above(), intake.person_id), (queries.KEEPERS, keeper.pk)):
            made = ask(cast.ben, to)
            notice = Notice.objects.about(made).get(kind="asking/asked")
            notice.about = made
            assert set(queries.answerers(made)) == {who}


class TestAnAccountThatIsNotThereAnyMore:
    def test_nobody_asks_nor_writes_more_with_an_account_that_was_hidden_meanwhile(self, cast: make.Cast) -> None:
        """Their session was read before it died."""
        made, ben = ask(cast.ben), cast.ben.person
        assert ben
        Person.objects.filter(pk=ben.pk).update(is_active=False)
        with pytest.raises(PermissionDenied):
            ask(cast.ben)
        with pytest.raises(PermissionDenied):
            asking.write(made, "And now?", language="en", by=ben, at=timezone.now())


class TestLimits:
    def test_five_are_open_at_most(self, cast: make.Cast) -> None:
        first, *_rest = [ask(cast.ben) for _ in range(5)]
        with pytest.raises(Refused, match="5 open questions"):
            ask(cast.ben)
        asking.close(first, by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]
        assert ask(cast.ben)

    def test_eight_a_day_at_most(self, cast: make.Cast) -> None:
        for _ in range(8):
            asking.close(ask(cast.ben), by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]
        with pytest.raises(Refused, match="within a day"):
            ask(cast.ben)
        assert ask(cast.ben, at=timezone.now() + DAY)

    def test_thirty_words_a_day_at_most(self, cast: make.Cast) -> None:
        made = ask(cast.ben)
        for _ in range(29):
            asking.write(made, "And?", language="en", by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]
        with pytest.raises(Refused, match="within a day"):
            asking.write(made, "And?", language="en", by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]

    def test_the_same_form_twice_makes_one_question(self, cast: make.Cast) -> None:
        key = uuid.uuid4()
        assert ask(cast.ben, form_key=key) == ask(cast.ben, form_key=key)
        assert Question.objects.count() == Notice.objects.filter(kind="asking/asked").count() == 1
        with pytest.raises(Refused):
            ask(cast.cleo, form_key=key)

    def test_at_once_too_there_are_five_and_the_same_form_makes_one(self, transactional_db: None) -> None:
        cast, key, at = make.cast(), uuid.uuid4(), timezone.now()
        made = at_once([lambda: ask(cast.ben, form_key=key, at=at)] * 4)
        assert len({each.pk for each in made}) == Question.objects.count() == 1
        others = at_once([lambda: ask(cast.ben, at=at)] * 6)
        assert Question.objects.open().count() == 5
        assert sum(isinstance(each, Refused) for each in others) == 2


class TestGoingOn:
    def test_only_whoever_asked_writes_more_and_closes(self, cast: make.Cast) -> None:
        made = ask(cast.ben)
        for stranger in (cast.ada.person, cast.mo.person, cast.boss.person):
            with pytest.raises(PermissionDenied):
                asking.write(made, "And?", language="en", by=stranger, at=timezone.now())  # type: ignore[arg-type]
            with pytest.raises(PermissionDenied):
                asking.close(made, by=stranger, at=timezone.now())  # type: ignore[arg-type]

    def test_who_can_answer_is_told_again_only_after_an_answer(self, cast: make.Cast) -> None:
        made = ask(cast.ben)
        asking.write(made, "It is urgent.", language="en", by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]
        assert Notice.objects.filter(kind="asking/asked").count() == 1
        answer(made, cast.ada)
        asking.write(made, "And then?", language="en", by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]
        assert Notice.objects.filter(kind="asking/asked").count() == 2
        assert fresh(made).is_waiting
        assert Message.objects.filter(question=made).count() == fresh(made).said == 4

    def test_a_closed_one_is_opened_by_a_word_within_thirty_days(self, cast: make.Cast) -> None:
        made, at = ask(cast.ben), timezone.now()
        asking.finish(made, seen=1, by=make.reloaded(cast.ada), at=at)
        assert fresh(made).ended == Ending.ANSWERER
        asking.write(made, "It happened again.", language="en", by=cast.ben.person, at=at + 29 * DAY)  # type: ignore[arg-type]
        assert fresh(made).state == State.WAITING
        asking.close(made, by=cast.ben.person, at=at + 29 * DAY)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="closed"):
            asking.write(made, "Hello?", language="en", by=cast.ben.person, at=at + 59 * DAY)  # type: ignore[arg-type]

    def test_closing_twice_is_refused(self, cast: make.Cast) -> None:
        made = ask(cast.ben)
        asking.close(made, by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]
        with pytest.raises(Refused):
            asking.close(made, by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]
        assert not Notice.objects.filter(kind="asking/closed").exists(), "they did it themself"
