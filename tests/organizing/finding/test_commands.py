"""Looking for a time: who is asked, what counts, what comes of it, and what is left of it."""

from __future__ import annotations

import itertools
import random
import uuid
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from committees.base.errors import Refused
from committees.bodies.register import closing, uniting
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.notices import commands as notices
from committees.notices import registry as kinds
from committees.notices.models import Notice
from committees.people import registry
from organizing.finding import commands as finding
from organizing.finding import queries, rules
from organizing.finding.models import Poll, Reply, State, Word
from organizing.finding.rules import Tally, best_first
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from tests.organizing.finding.conftest import DAYS, ENDS, TIMES, answers, proposed, said, when
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import NOW

pytestmark = pytest.mark.django_db


def told(notice: Notice) -> set[int | None]:
    """Whom a notice is for at this moment."""
    return {pk for (pk,) in kinds.kind(notice.kind).audience(notice)}


def the(kind: str) -> Notice:
    found = Notice.objects.get(kind=f"finding/{kind}")
    found.about = Poll.objects.select_related("committee").get(pk=found.about_id)
    return found


# -- Proposing ---------------------------------------------------------------------------------------------------------------


def test_full_members_are_asked_once_and_new_ones_are_not(poll: Poll, ada: Membership, ben: Membership, nia: Membership, boss: Membership) -> None:
    assert told(the("asked")) == {ada.person_id, ben.person_id}
    assert kinds.kind("finding/asked").matters(the("asked"), {ben.person_id or 0, nia.person_id or 0, boss.person_id or 0}) == {ben.person_id}
    assert Entry.objects.filter(verb="poll.begun", chain=poll.committee.slug).count() == 1


def test_the_same_form_posted_twice_makes_one_poll(ada: Membership, boss: Membership) -> None:
    key = uuid.uuid4()
    assert proposed(ada, form_key=key) == proposed(ada, form_key=key)
    assert (Poll.objects.count(), Notice.objects.filter(kind="finding/asked").count()) == (1, 1)
    with pytest.raises(Refused, match="used before"):
        proposed(boss, form_key=key)


@pytest.mark.parametrize(
    ("times", "ends", "why"),
    [
        (TIMES[:1], ENDS, "at least two"),
        ([when(DAYS[2], time(n)) for n in range(13)], ENDS, "Twelve"),
        ((TIMES[0], TIMES[0]), ENDS, "twice"),
        ((TIMES[0], when(NOW.date(), time(8))), ENDS, "has passed"),
        (TIMES, NOW, "has passed"),
        (TIMES, datetime(2026, 11, 26, 19, tzinfo=UTC), "before the first"),
    ],
)
def test_times_that_make_no_sense_are_refused(ada: Membership, times: list[rules.When], ends: datetime, why: str) -> None:
    with pytest.raises(Refused, match=why):
        proposed(ada, times=times, ends_at=ends)
    assert not Poll.objects.exists()


def test_a_time_that_the_clocks_skip_moves_forward_and_one_they_show_twice_is_the_first(ada: Membership) -> None:
    skipped, doubled = when(date(2027, 3, 28), time(1, 30)), when(date(2027, 10, 31), time(1, 30))
    poll = proposed(ada, times=(skipped, doubled))
    first, second = poll.slots.order_by("starts_at")
    assert first.starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # half past two on summer's clock
    assert second.starts_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    taken = finding.take(first, by=ada, at=NOW)
    assert (taken.clock, taken.starts_at) == (time(1, 30), first.starts_at)


# -- Answering ----------------------------------------------------------------------------------------------------------------


def test_an_answer_can_be_changed_until_it_ends(poll: Poll, ben: Membership) -> None:
    answers(poll, ben, "works", "if_need", "no")
    answers(poll, ben, "no", "works", "works", at=ENDS - timedelta(seconds=1))
    assert Counter(Reply.objects.values_list("word", flat=True)) == {"no": 1, "works": 2}
    with pytest.raises(Refused, match="has ended"):
        answers(poll, ben, "no", "no", "no", at=ENDS)


def test_an_answer_speaks_of_every_time(poll: Poll, ben: Membership) -> None:
    part = dict(list(said(poll, "works", "no", "no").items())[:2])
    with pytest.raises(Refused, match="added meanwhile"):
        finding.answer(poll, part, by=ben, at=NOW)


def test_nobody_answers_for_another_committee_and_no_new_member(poll: Poll, boss: Membership, nia: Membership) -> None:
    for outside in (boss, nia):
        with pytest.raises(PermissionDenied):
            answers(poll, outside, "works", "works", "works")
    slot = poll.slots.all()[0]
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError), transaction.atomic():
            Reply.objects.create(committee=boss.committee, slot=slot, membership=boss, word="no", at=NOW)


def test_counts_equal_answers_in_whatever_order_people_give_and_change_them(
    poll: Poll, ada: Membership, dora: Membership, ben: Membership, kit: Membership
) -> None:
    """Forty turns of chance: whoever answers, changes, is suspended or comes back, the counts are those of the full members' last words."""
    chance, people = random.Random(7), (ada, dora, ben, kit)
    last: dict[int, tuple[str, ...]] = {}
    for _turn in range(40):
        who = chance.choice(people)
        words = tuple(chance.choice(list(Word)).value for _slot in TIMES)
        answers(poll, who, *words)
        last[who.pk] = words
        out = chance.choice([None, kit.pk])
        Membership.objects.filter(pk=kit.pk).update(standing="suspended" if out else "member")
        _slots, counted = queries.tallies(poll)
        for place, slot in enumerate(poll.slots.order_by("starts_at")):
            expected = Counter(given[place] for pk, given in last.items() if pk != out)
            tally = counted[slot.pk]
            assert (tally.works, tally.if_need, tally.no) == (expected["works"], expected["if_need"], expected["no"])
        seen = queries.standpoint(poll, ada, at=NOW)
        assert seen.answered == len([pk for pk in last if pk != out])
        assert seen.answered + seen.silent == 4 - bool(out)


def test_the_best_time_does_not_depend_on_the_order_of_answering() -> None:
    chance = random.Random(11)
    for _turn in range(200):
        size = range(chance.randint(2, 12))
        tallies = [Tally(n, NOW + timedelta(hours=chance.randint(0, 3)), *(chance.randint(0, 3) for _word in Word)) for n in size]
        expected = best_first(tallies)
        chance.shuffle(tallies)
        assert best_first(tallies) == expected
        for better, worse in itertools.pairwise(expected):
            assert better.no < worse.no or (better.no == worse.no and better.works >= worse.works)


def test_who_leaves_takes_their_answer_along(poll: Poll, ben: Membership, kit: Membership) -> None:
    answers(poll, ben, "works", "no", "no")
    answers(poll, kit, "works", "no", "no")
    membership.leave(ben, by=ben, at=NOW)
    assert set(Reply.objects.values_list("membership", flat=True)) == {kit.pk}


# -- One more time ------------------------------------------------------------------------------------------------------------


def test_only_those_who_answered_are_told_of_a_time_that_comes_in(poll: Poll, ada: Membership, ben: Membership, kit: Membership) -> None:
    answers(poll, ben, "works", "no", "no")
    finding.add_time(poll, DAYS[2], time(18), by=ada, at=NOW)
    assert told(the("time_added")) == {ben.person_id}
    assert ben.person
    assert list(queries.lacking(ben.person, NOW)) == [poll]
    assert queries.standpoint(poll, ben, at=NOW).lacks
    answers(poll, ben, "works", "no", "no", "works")
    assert told(the("time_added")) == set()
    assert not queries.lacking(ben.person, NOW)


def test_a_time_comes_in_only_where_it_has_room(poll: Poll, ada: Membership) -> None:
    for day, clock, why in ((DAYS[0], time(19), "already"), (date(2026, 11, 25), time(8), "until after")):
        with pytest.raises(Refused, match=why):
            finding.add_time(poll, day, clock, by=ada, at=NOW)
    for hour in range(9):
        finding.add_time(poll, DAYS[1], time(9 + hour), by=ada, at=NOW)
    with pytest.raises(Refused, match="Twelve"):
        finding.add_time(poll, DAYS[2], time(20), by=ada, at=NOW)
    with pytest.raises(Refused, match="has ended"):
        finding.add_time(poll, DAYS[2], time(20), by=ada, at=ENDS)


# -- How it ends ---------------------------------------------------------------------------------------------------------------


def test_the_time_that_is_taken_becomes_a_draft_and_nobody_is_told(poll: Poll, ada: Membership, ben: Membership) -> None:
    answers(poll, ben, "works", "no", "no")
    slot = poll.slots.order_by("starts_at")[0]
    draft = finding.take(slot, by=ada, at=NOW)
    assert (draft.subject, draft.day, draft.clock, draft.zone, draft.minutes) == ("Peak season hours", DAYS[0], time(19), "Europe/London", 60)
    assert draft.is_draft
    assert not Notice.objects.standing().exists(), "what was not sent yet is not sent any more"
    assert finding.take(slot, by=ada, at=NOW) == draft
    assert Meeting.objects.count() == 1
    with pytest.raises(Refused, match="taken meanwhile"):
        answers(poll, ben, "no", "no", "no")


def test_where_the_draft_is_thrown_away_a_time_can_be_taken_anew(poll: Poll, ada: Membership, dora: Membership) -> None:
    first, second, _third = poll.slots.order_by("starts_at")
    draft = finding.take(first, by=ada, at=NOW)
    with pytest.raises(Refused, match="taken meanwhile"):
        finding.take(second, by=dora, at=NOW)
    meetings.discard(draft, by=ada)
    again = finding.take(second, by=dora, at=NOW)
    poll.refresh_from_db()
    assert (poll.taken, poll.meeting, poll.ended_by) == (second, again, dora)


def test_organizers_are_told_when_it_is_for_them_to_choose(poll: Poll, ada: Membership, ben: Membership) -> None:
    notices.expand_due(at=ENDS - timedelta(minutes=1))
    assert the("choose").expanded_at is None
    notices.expand_due(at=ENDS)
    assert told(the("choose")) == {ada.person_id}
    assert ada.person
    assert ben.person
    assert list(queries.to_choose(ada.person, ENDS)) == [poll]
    assert not queries.to_choose(ben.person, ENDS)
    assert not queries.to_choose(ada.person, ENDS - timedelta(minutes=1))
    finding.close(poll, by=ada, at=ENDS)
    assert kinds.kind("finding/choose").matters(the("choose"), {ada.person_id or 0}) == set()
    assert not queries.to_choose(ada.person, ENDS)


def test_a_time_that_has_passed_is_not_taken(poll: Poll, ada: Membership) -> None:
    with pytest.raises(Refused, match="has passed"):
        finding.take(poll.slots.order_by("starts_at")[0], by=ada, at=NOW + timedelta(days=5))


@pytest.mark.parametrize(("end", "kept"), [(finding.close, 3), (finding.withdraw, 0)])
def test_those_who_answered_are_told_that_it_ended(poll: Poll, ada: Membership, ben: Membership, kit: Membership, end: object, kept: int) -> None:  # noqa: PLR0917 (each is a fixture)
    answers(poll, ben, "works", "no", "no")
    with time_machine.travel(NOW):
        end(poll, by=ada, at=NOW)  # type: ignore[operator]
    ended = the("ended")
    assert kinds.kind("finding/ended").matters(ended, {ben.person_id or 0}) == {ben.person_id}
    assert [notice.kind for notice in Notice.objects.standing()] == ["finding/ended"]
    assert list(ended.deliveries.values_list("person", flat=True).distinct()) == [ben.person_id]
    assert Reply.objects.count() == kept
    with pytest.raises(Refused, match="Nothing was changed"):
        end(poll, by=ada, at=NOW)  # type: ignore[operator]


def test_only_organizers_of_this_committee_propose_add_take_and_end(poll: Poll, ben: Membership, boss: Membership) -> None:
    slot = poll.slots.all()[0]
    for outside in (ben, boss):
        for act in (
            lambda by: finding.add_time(poll, DAYS[2], time(18), by=by, at=NOW),
            lambda by: finding.take(slot, by=by, at=NOW),
            lambda by: finding.close(poll, by=by, at=NOW),
            lambda by: finding.withdraw(poll, by=by, at=NOW),
        ):
            with pytest.raises(PermissionDenied):
                act(outside)
    with pytest.raises(PermissionDenied):
        proposed(ben)


# -- The clock, and what is left -----------------------------------------------------------------------------------------------


def test_who_has_not_answered_is_reminded_once_a_day_before_it_ends(poll: Poll, ada: Membership, ben: Membership, kit: Membership) -> None:
    answers(poll, ben, "works", "no", "no")
    due = ENDS - timedelta(hours=24)
    assert [finding.remind_due(at) for at in (due - timedelta(minutes=1), due, due + timedelta(minutes=1))] == [0, 1, 0]
    assert told(the("reminder")) == {ada.person_id, kit.person_id}
    answers(poll, kit, "no", "no", "no")
    assert kinds.kind("finding/reminder").matters(the("reminder"), {ada.person_id or 0, kit.person_id or 0}) == {ada.person_id}


def test_what_ends_within_a_day_is_not_reminded_of(ada: Membership) -> None:
    proposed(ada, ends_at=NOW + timedelta(hours=20))
    assert finding.remind_due(NOW + timedelta(minutes=1)) == 0


def test_answers_go_a_month_after_and_the_rest_after_half_a_year(poll: Poll, ben: Membership) -> None:
    answers(poll, ben, "works", "no", "no")
    assert finding.erase_answers(ENDS + timedelta(days=30)) == 0
    assert finding.erase_answers(ENDS + timedelta(days=30, minutes=1)) == 3
    finding.erase_old(ENDS + timedelta(days=180))
    assert Poll.objects.exists()
    finding.erase_old(ENDS + timedelta(days=180, minutes=1))
    assert not Poll.objects.exists()


def test_an_account_takes_its_answers_out_and_they_go_with_it(poll: Poll, ben: Membership) -> None:
    answers(poll, ben, "works", "if_need", "no")
    assert ben.person
    export = registry.exports(ben.person)["times"]
    assert [each["word"] for each in export["answers"]] == ["works", "if_need", "no"]
    assert export["answers"][0]["about"] == "Peak season hours"
    finding.forget(ben.person)
    assert not Reply.objects.exists()


def test_a_committee_that_closes_asks_nothing_any_more(poll: Poll, ada: Membership) -> None:
    closing(poll.committee, ada.pk, at=NOW)
    poll.refresh_from_db()
    assert poll.state == State.CLOSED
    assert not Notice.objects.about(poll).standing().exists()


def test_when_two_committees_become_one_the_answers_go_along_and_count_once(poll: Poll, ben: Membership) -> None:
    answers(poll, ben, "works", "no", "no")
    winner = cast.committee("The other one")
    twin = Membership.objects.create(committee=winner, person=ben.person, handle="Benny", handle_key="benny", standing="member", joined_at=NOW, changed_at=NOW)
    uniting(poll.committee, winner, at=NOW)
    poll.refresh_from_db()
    assert poll.committee == winner
    assert set(Reply.objects.values_list("committee", "membership")) == {(winner.pk, twin.pk)}
    _slots, counted = queries.tallies(poll)
    assert sum(tally.works for tally in counted.values()) == 1
