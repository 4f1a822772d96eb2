"""When two committees become one, what was written in the one is found in the other, and nobody else finds more than before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from committees.bodies.models import Committee
from committees.membership.commands.uniting import unite
from committees.membership.models import Membership
from organizing.forum import commands as forum
from organizing.forum.models import Board, Draft, Post, Topic, Watch
from tests import make
from tests.organizing.forum.talking import begin, board

pytestmark = pytest.mark.django_db


class Pair:
    """Two committees at one workplace."""

    def __init__(self) -> None:
        site = make.workplace()
        self.one = make.committee(site=site)
        self.other = make.committee(site=make.workplace(employer=site.employer.name, city=site.city))
        self.vera = make.reloaded(make.member(self.other))

    def hide(self) -> None:
        Committee.objects.filter(pk=self.other.pk).update(visibility="link")

    def unite(self) -> None:
        unite(self.other, self.one, at=timezone.now())

    def public_topic(self, by: Membership | None = None) -> Topic:
        """Begun while everyone could read it."""
        opened = forum.open_board("For everyone", "public", by=make.reloaded(make.organizer_of(self.other)), at=timezone.now())
        return begin(by or self.vera, Board.objects.select_related("committee").get(pk=opened.pk))

    @property
    def titles(self) -> list[str]:
        return [each.title for each in Board.objects.filter(committee=self.one)]


@pytest.fixture
def pair() -> Pair:
    return Pair()


def read(topic: Topic, member: Membership | None = None) -> int:
    browser = make.client(member.person) if member is not None and member.person else Client()
    return browser.get(topic.get_absolute_url()).status_code


def test_what_a_hidden_committee_wrote_for_everyone_is_not_shown_to_strangers(pair: Pair) -> None:
    topic = pair.public_topic()
    assert read(topic) == 200
    pair.hide()
    assert read(topic) != 200
    pair.unite()
    assert read(topic) != 200
    assert read(topic, make.member(pair.one)) == read(topic, make.reloaded(pair.vera)) == 200
    assert read(topic, make.member(make.committee())) == 404


def test_what_a_listed_committee_wrote_for_everyone_stays_open(pair: Pair) -> None:
    topic = pair.public_topic()
    pair.unite()
    assert read(topic) == 200


def test_where_others_wrote_too_the_same_people_read_on_and_strangers_do_not(pair: Pair) -> None:
    below = make.committee()
    guest = make.reloaded(make.member(below))
    topic = pair.public_topic()
    # Members of a committee that belongs to this one; the site of a workplace has none yet.
    Topic.objects.filter(pk=topic.pk).update(started_by=guest.pk, started_in=below)
    Post.objects.filter(topic=topic).update(membership=guest.pk, written_in=below)
    pair.hide()
    pair.unite()
    topic.refresh_from_db()
    assert (topic.audience, topic.committee_id, topic.started_in_id) == ("shared", pair.one.pk, below.pk)
    assert read(topic) != 200
    assert read(topic, make.reloaded(pair.vera)) == 200


def test_authors_of_a_hidden_committee_are_known_elsewhere_by_country_as_before(pair: Pair) -> None:
    make.affiliated(pair.one)
    make.affiliated(pair.other)
    elsewhere = make.committee()
    make.affiliated(elsewhere)
    far = make.member(elsewhere)
    topic = begin(make.reloaded(pair.vera), board(make.alliance(), "shared"))
    assert far.person is not None
    browser = make.client(far.person)
    names = [site.name for site in (pair.one.workplace, pair.other.workplace) if site] + [pair.one.name, pair.other.name]
    pair.hide()
    for _ in ("before", "after"):
        page = browser.get(topic.get_absolute_url()).content.decode()
        assert not [name for name in names if name in page]
        pair.unite() if pair.other.merged_into_id is None else None
        pair.other.refresh_from_db()


def test_the_name_of_a_hidden_committee_is_on_no_board(pair: Pair) -> None:
    begin(pair.vera)
    pair.hide()
    pair.unite()
    assert "From the other group: Everything and anything" in pair.titles
    assert not [title for title in pair.titles if pair.other.name in title]


def test_boards_that_had_no_name_can_be_told_apart(pair: Pair) -> None:
    begin(pair.vera)
    begin(pair.vera, board(pair.other, "strategy"))
    forum.open_board("Pay", "committee", by=make.reloaded(make.organizer_of(pair.one)), at=timezone.now())
    forum.open_board("Pay", "committee", by=make.reloaded(make.organizer_of(pair.other)), at=timezone.now())
    Committee.objects.filter(pk=pair.other.pk).update(name="A very long name of a committee " * 3)
    pair.unite()
    assert len(set(pair.titles)) == len(pair.titles) == 6
    assert {"Pay", "Pay 2"} <= set(pair.titles)
    assert [title for title in pair.titles if title.startswith("A very long name") and title.endswith(": What we plan")]


def test_what_somebody_had_begun_to_write_and_whom_they_follow_go_over(pair: Pair) -> None:
    empty, there = board(pair.other), board(pair.one)
    person = pair.vera.person
    assert person is not None
    forum.save_draft(empty, text="Long work", title="Pay", by=person, at=timezone.now())
    forum.watch_board(empty, "watch", by=person)
    pair.unite()
    assert not Board.objects.filter(pk=empty.pk).exists()
    assert (Draft.objects.get().board_id, Draft.objects.get().text) == (there.pk, "Long work")
    assert Watch.objects.get(person=person).board_id == there.pk
    assert list(Draft.objects.visible_to_person(person)) == [Draft.objects.get()]


def test_a_board_stays_where_somebody_has_begun_something_for_both(pair: Pair) -> None:
    person = pair.vera.person
    assert person is not None
    make.member(pair.one, by=person)
    for each, text in ((board(pair.one), "Here"), (board(pair.other), "There")):
        forum.save_draft(each, text=text, by=person, at=timezone.now() - timedelta(minutes=1))
        forum.watch_board(each, "watch", by=person)
    pair.unite()
    assert {draft.text for draft in Draft.objects.visible_to_person(person)} == {"Here", "There"}
