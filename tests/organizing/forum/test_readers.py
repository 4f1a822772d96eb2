"""Who reads what: nobody sees what the rules do not give, over whatever committees belong to whichever."""

from __future__ import annotations

import itertools
import random

import pytest
from django.utils import timezone

from committees.alliance import commands as alliance
from committees.alliance.models import Affiliation, State
from committees.base.errors import Refused
from committees.bodies.models import Committee, JoiningPolicy, Life, Scope
from committees.membership import commands as membership
from committees.membership.commands.entering import enter
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import PRESENT, THAT_SEE, Role, Standing
from organizing.forum import audiences
from organizing.forum import commands as forum
from organizing.forum.models import Board, Draft, Post, Topic
from tests import make
from tests.organizing.forum.talking import begin, board

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def read_by(member: Membership | None, topics: list[Topic]) -> set[Topic]:
    """Asked in each of the ways in which a page asks; they must agree. No two of the topics stand on one board."""
    reader = member.person if member is not None else None
    by_topic = set(Topic.objects.visible_to_person(reader).filter(pk__in=[each.pk for each in topics]).values_list("pk", flat=True))
    boards = set(Board.objects.visible_to_person(reader).filter(pk__in=[each.board_id for each in topics]).values_list("pk", flat=True))
    by_post = set(Post.objects.visible_to_person(reader).filter(topic__in=topics).values_list("topic_id", flat=True))
    assert by_topic == by_post == {each.pk for each in topics if each.board_id in boards}
    return {each for each in topics if each.pk in by_topic}


def reads(member: Membership | None, topic: Topic) -> bool:
    return topic in read_by(member, [topic])


def test_a_committees_own_board_is_its_members_alone(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    assert [reads(each, topic) for each in (cast.ada, cast.ben, cast.cleo, cast.boss, None)] == [True, True, True, False, False]


def test_a_strategy_board_is_not_for_the_first_weeks(cast: make.Cast) -> None:
    topic = begin(cast.ada, board(cast.committee, "strategy"))
    assert [reads(each, topic) for each in (cast.ben, cast.cleo, cast.boss, None)] == [True, False, False, False]


def test_a_public_board_is_for_everyone_and_a_hidden_committee_has_none(cast: make.Cast) -> None:
    topic = begin(cast.ada, forum.open_board("For everyone", "public", by=cast.ada, at=NOW))
    assert [reads(each, topic) for each in (cast.ben, cast.cleo, cast.boss, None)] == [True] * 4
    Committee.objects.filter(pk=cast.committee.pk).update(visibility="link")
    assert [reads(each, topic) for each in (cast.ben, cast.boss, None)] == [True, False, False]


def test_a_shared_board_opens_and_shuts_with_the_tie(cast: make.Cast) -> None:
    above = make.alliance()
    topic = begin(make.reloaded(make.organizer_of(above)), board(above, "shared"))
    assert not reads(cast.ben, topic)
    tie = make.affiliated(cast.committee)
    assert reads(cast.ben, topic)
    alliance.end(tie, "We part for now.", by=cast.ada, at=NOW)
    assert not reads(cast.ben, topic)


def test_from_the_next_question_on_nobody_who_left_reads_anything(cast: make.Cast, wide: Committee) -> None:
    topics = [begin(cast.ada, on) for on in (None, board(cast.committee, "strategy"), board(wide, "shared"))]
    assert all(reads(cast.ben, topic) for topic in topics)
    assert cast.ben.person is not None
    forum.save_draft(topics[0], text="Begun", by=cast.ben.person, at=NOW)
    membership.leave(cast.ben, by=cast.ben, at=NOW)
    assert not any(reads(cast.ben, topic) for topic in topics)
    assert not Draft.objects.visible_to_person(cast.ben.person).exists()


def test_a_topic_whose_first_post_waits_is_its_authors_alone(cast: make.Cast) -> None:
    topic = forum.start(board(cast.committee), title="Mine", text="Hello", language="en", by=cast.ben, at=NOW)
    seen = [Topic.objects.visible_to_person(each.person).filter(pk=topic.pk).exists() for each in (cast.ben, cast.ada, cast.mo)]
    assert seen == [True, False, False]


def test_who_is_told_are_those_who_read_as_members(cast: make.Cast, neighbour: Membership) -> None:
    """The question that is asked of many people at the moment of sending agrees with the one that a page asks of one."""
    topics = [begin(cast.ada, on) for on in (None, board(cast.committee, "strategy"), board(make.alliance(), "shared"))]
    everybody = [cast.ada, cast.ben, cast.cleo, cast.mo, cast.boss, neighbour]
    ids = {each.person_id for each in everybody if each.person_id}
    for topic in topics:
        told = audiences.readers_among(ids, audience=topic.audience, committee_id=topic.committee_id)
        assert told == {each.person_id for each in everybody if reads(each, topic)}


# -- Over random ties ----------------------------------------------------------------------------------------------------


def region(number: int) -> Committee:
    """A wide committee with an organizer, which could belong to any other."""
    body = Committee.objects.create(
        name=f"Region {number}",
        scope=Scope.REGION,
        region=f"Region {number}",
        life=Life.ACTIVE,
        verified_by=make.alliance(),
        languages=["en"],
        founded_at=make.past(),
    )
    founder = enter(body, make.person(), handle=f"Region founder {number}", standing=Standing.MEMBER, at=make.past())
    RoleTerm.objects.create(committee=body, membership=founder, role=Role.ORGANIZER, begins_at=make.past())
    JoiningPolicy.objects.create(committee=body)
    forum.give_first_boards(body, make.past())
    return body


def above_of(start: int, ties: set[tuple[int, int]]) -> set[int]:
    """Worked out here, without the queries that the site uses."""
    found, ahead = {start}, [start]
    while ahead:
        here = ahead.pop()
        for lower, upper in ties:
            if lower == here and upper not in found:
                found.add(upper)
                ahead.append(upper)
    return found


def may_read(member: Membership, topic: Topic, ties: set[tuple[int, int]]) -> bool:
    """The rule in words: one's own committee's boards (strategy past the first weeks), shared ones of all above, public ones."""
    if topic.audience == "public":
        return True
    if member.standing not in THAT_SEE:
        return False
    if topic.audience == "shared":
        return topic.committee_id in above_of(member.committee_id, ties)
    return topic.committee_id == member.committee_id and (topic.audience == "committee" or member.standing == Standing.MEMBER)


@pytest.mark.parametrize("seed", range(4))
def test_nobody_sees_what_the_rules_do_not_give(seed: int) -> None:
    chance = random.Random(seed)
    bodies = [region(number) for number in range(5)]
    organizers = {body.pk: make.reloaded(make.organizer_of(body)) for body in bodies}
    for lower, upper in chance.sample(list(itertools.permutations(bodies, 2)), 8):
        try:
            tie = alliance.ask(upper, by=organizers[lower.pk], at=NOW)
            alliance.accept(tie, by=organizers[upper.pk], at=NOW)
        except Refused:
            continue  # a circle
    for tie in Affiliation.objects.filter(state=State.ACCEPTED):
        if chance.random() < 0.2:
            alliance.end(tie, "It was an experiment.", by=organizers[tie.wider_id], at=NOW)
    ties = set(Affiliation.objects.filter(state=State.ACCEPTED).values_list("committee_id", "wider_id"))
    boards = [*Board.objects.filter(committee__in=bodies), forum.open_board("Open", "public", by=organizers[bodies[0].pk], at=NOW)]
    topics = [begin(organizers[each.committee_id], each) for each in boards]
    readers = [make.member(chance.choice(bodies), standing=standing) for standing in [*PRESENT, *make.STANDINGS]]
    for reader in readers:
        assert read_by(reader, topics) == {topic for topic in topics if may_read(reader, topic, ties)}, reader.standing


def test_two_committees_of_one_person_add_up_and_nothing_more(cast: make.Cast, neighbour: Membership) -> None:
    """A person reads what any of their memberships gives; the first weeks in one committee say nothing about another."""
    both = make.member(cast.committee, by=neighbour.person, standing=Standing.PROBATION)
    here, there = (
        begin(cast.ada, board(cast.committee, "strategy")),
        begin(make.reloaded(make.organizer_of(neighbour.committee)), board(neighbour.committee, "strategy")),
    )
    assert [reads(both, here), reads(both, there)] == [False, True]
