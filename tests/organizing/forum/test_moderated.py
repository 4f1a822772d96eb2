"""What moderators do with posts and topics: what waits, what is flagged, what others see then, and what its author is told."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.membership.models import Membership
from committees.moderation import commands as moderation
from committees.moderation.models import Act, FlagReason, Review
from committees.moderation.models import State as Case
from committees.notices.models import Notice
from organizing.forum import commands as forum
from organizing.forum.models import Board, Post, State, Topic
from organizing.forum.moderated import A_POST, places
from tests import make
from tests.organizing.forum.talking import begin, board, case_of, known, let_through, positions, say

pytestmark = pytest.mark.django_db
NOW = timezone.now()
WHY: dict[str, Any] = {"rule": "place", "text": "It belongs where others look for it."}


def flag(post: Post, by: Membership, reason: FlagReason = FlagReason.SPAM) -> Review:
    return moderation.flag(post, reason=reason, by=by, at=timezone.now()).review


def now(post: Post) -> Post:
    return Post.objects.select_related("topic__board").get(pk=post.pk)


def page(who: Membership, topic: Topic) -> str:
    assert who.person is not None
    return html.unescape(make.client(who.person).get(topic.get_absolute_url()).content.decode())


class TestTheQueue:
    def test_a_newcomers_post_stands_there_with_its_words_and_is_shown_from_there(self, cast: make.Cast) -> None:
        topic = begin(cast.ada, title="Heaters")
        post = forum.reply(topic, "They are *off* again.", language="en", by=cast.cleo, at=NOW)
        browser = make.client(cast.mo.person)  # type: ignore[arg-type]
        queue = browser.get(reverse("moderation:queue")).content.decode()
        assert "They are off again." in queue
        assert "By a new member" in queue
        browser.post(case_of(post).get_absolute_url(), {"act": "approve"})
        assert (now(post).state, now(post).position) == (State.VISIBLE, 2)
        assert "They are <em>off</em> again." in page(cast.ben, topic)

    def test_who_moderates_elsewhere_does_not_know_of_it(self, cast: make.Cast) -> None:
        post = forum.reply(begin(cast.ada), "Hello", language="en", by=cast.cleo, at=NOW)
        assert cast.boss.person is not None
        browser = make.client(cast.boss.person)
        assert browser.get(case_of(post).get_absolute_url()).status_code == 404
        assert browser.get(reverse("moderation:flag", args=[A_POST.name, post.slug])).status_code == 404
        with pytest.raises(PermissionDenied):
            moderation.approve(case_of(post), by=cast.boss, at=NOW)

    def test_what_its_author_takes_back_waits_for_nobody(self, cast: make.Cast) -> None:
        post = forum.reply(begin(cast.ada), "Hello", language="en", by=cast.cleo, at=NOW)
        review = case_of(post)
        forum.withdraw(post, by=cast.cleo, at=NOW)
        review.refresh_from_db()
        assert review.state == Case.DROPPED

    def test_an_erased_account_leaves_no_case_behind(self, cast: make.Cast) -> None:
        post = forum.reply(begin(cast.ada), "Hello", language="en", by=cast.cleo, at=NOW)
        review = case_of(post)
        assert cast.cleo.person is not None
        forum.forget_person(cast.cleo.person)
        review.refresh_from_db()
        assert (review.state, Post.objects.filter(pk=post.pk).exists()) == (Case.DROPPED, False)

    def test_a_decision_taken_back_leaves_it_waiting_as_before(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        post = forum.reply(topic, "Hello", language="en", by=cast.cleo, at=NOW)
        review = case_of(post)
        for act, state in ((Act.APPROVE, State.VISIBLE), (Act.HIDE, State.HIDDEN_BY_MODERATOR), (Act.REMOVE, State.REMOVED), (Act.APPROVE, State.VISIBLE)):
            moderation.decide(review, act, by=cast.mo, at=NOW, **(WHY if act != Act.APPROVE else {}))
            assert now(post).state == state
            moderation.undo(review, by=cast.mo, at=NOW)
            assert now(post).state == State.QUEUED
            assert case_of(post) == review
        assert not Notice.objects.filter(kind="forum/written", about_id=topic.pk, superseded_at=None).exists() or now(post).position == 2
        let_through(post)
        assert positions(topic) == [1, 2]

    @pytest.mark.parametrize("act", [Act.HIDE, Act.REMOVE])
    def test_what_was_refused_before_anybody_saw_it_is_shown_when_that_was_wrong(self, cast: make.Cast, act: Act) -> None:
        post = forum.reply(begin(cast.ada), "Hello", language="en", by=cast.cleo, at=NOW)
        review = case_of(post)
        moderation.decide(review, act, by=cast.mo, at=NOW, **WHY)
        assert (now(post).state, now(post).position) == (State.DRAFT, None)
        moderation.restore(review, by=cast.mo, at=NOW + timedelta(hours=1))
        assert (now(post).state, now(post).position) == (State.VISIBLE, 2)

    def test_what_nobody_has_seen_is_neither_closed_nor_moved(self, cast: make.Cast) -> None:
        post = forum.reply(begin(cast.ada), "Hello", language="en", by=cast.cleo, at=NOW)
        for act in (Act.LOCK, Act.MOVE, Act.KEEP):
            with pytest.raises(Refused):
                moderation.decide(case_of(post), act, by=cast.mo, at=NOW, **WHY)


class TestFlags:
    def test_across_sites_three_people_of_two_sites_hide_it_until_somebody_decides(self, wide: Committee, cast: make.Cast, neighbour: Membership) -> None:
        topic = begin(known(cast.ben), board(wide, "shared"))
        post = say(cast.ben, topic, "Buy cheap gloves at my shop")
        here = [make.member(cast.committee) for _ in range(4)]
        for each in here:
            flag(post, each)
        assert now(post).is_visible, "one site alone hides nothing"
        review = flag(post, neighbour)
        assert (now(post).state, now(post).words) == (State.HIDDEN_BY_FLAGS, None)
        assert "Buy cheap gloves" not in page(neighbour, topic)
        assert "Hidden because members flagged it" in page(neighbour, topic)
        moderation.keep(review, by=make.reloaded(make.organizer_of(wide)), at=timezone.now())
        assert "Buy cheap gloves" in page(neighbour, topic)

    def test_the_button_stands_beside_what_others_wrote(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        address = reverse("moderation:flag", args=[A_POST.name, topic.posts.get().slug])
        assert address in page(cast.ben, topic)
        assert address not in page(cast.ada, topic)
        assert make.client(cast.ben.person).get(address).status_code == 200  # type: ignore[arg-type]

    def test_a_reader_without_a_committee_is_told_who_can_flag(self, cast: make.Cast) -> None:
        open_to_all = forum.open_board("Open", "public", by=cast.ada, at=NOW)
        topic = begin(cast.ada, open_to_all)
        address = reverse("moderation:flag", args=[A_POST.name, topic.posts.get().slug])
        assert address not in Client().get(topic.get_absolute_url()).content.decode()
        outsider = make.client(make.person())
        assert address in outsider.get(topic.get_absolute_url()).content.decode()
        assert "belong to a committee" in outsider.get(address).content.decode()
        outsider.post(address, {"reason": "spam"})
        assert not Review.objects.exists()

    def test_a_strategy_post_is_not_there_for_new_members(self, cast: make.Cast) -> None:
        topic = begin(cast.ada, board(cast.committee, "strategy"))
        address = reverse("moderation:flag", args=[A_POST.name, topic.posts.get().slug])
        assert make.client(cast.cleo.person).get(address).status_code == 404  # type: ignore[arg-type]
        with pytest.raises(PermissionDenied):
            flag(topic.posts.get(), cast.cleo)


class TestActs:
    def test_each_leaves_the_place_and_tells_the_author(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        known(cast.ben)
        before = Notice.objects.filter(kind="moderation/decided").count()
        for act, state in ((Act.HIDE, State.HIDDEN_BY_MODERATOR), (Act.REMOVE, State.REMOVED), (Act.SEND_BACK, State.DRAFT)):
            post = say(cast.ben, topic)
            moderation.decide(moderation.take_up(post, by=cast.mo, at=NOW), act, by=cast.mo, at=NOW, **WHY)
            assert now(post).state == state
            assert positions(topic) == list(range(1, post.position + 1))  # type: ignore[operator]
        assert Notice.objects.filter(kind="moderation/decided").count() == before + 3
        assert "Its author is asked to change it" in page(cast.mo, topic)
        assert "A moderator asks you to change it." in page(cast.ben, topic)

    def test_a_closed_topic_takes_no_answers_until_it_is_opened(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        review = moderation.take_up(topic.posts.get(), by=cast.mo, at=NOW)
        moderation.lock(review, by=cast.mo, at=NOW, **WHY)
        with pytest.raises(Refused, match="closed"):
            say(cast.ada, topic)
        moderation.unlock(review, by=cast.mo, at=NOW)
        assert say(cast.ada, topic).position == 2

    def test_what_flags_had_hidden_is_seen_when_its_topic_is_only_closed(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        review = flag(topic.posts.get(), cast.ben, FlagReason.DOXXING)
        assert now(topic.posts.get()).state == State.HIDDEN_BY_FLAGS
        moderation.lock(review, by=cast.mo, at=NOW, **WHY)
        assert now(topic.posts.get()).is_visible


class TestMoving:
    def test_a_topic_goes_to_where_it_belongs_with_all_that_hangs_on_it(self, cast: make.Cast) -> None:
        heat = forum.open_board("Heat", "committee", by=cast.ada, at=NOW)
        topic = begin(cast.ada, title="Fans")
        say(cast.ada, topic)
        forum.pin(topic, pinned=True, by=cast.ada, at=NOW)
        old, address = topic.board_id, topic.get_absolute_url()
        browser = make.client(cast.mo.person)  # type: ignore[arg-type]
        case = moderation.take_up(topic.posts.get(position=1), by=cast.mo, at=NOW)
        assert "Heat" in browser.get(case.get_absolute_url()).content.decode()
        refused = browser.post(case.get_absolute_url(), {"act": "move", "rule": "place", "text": "Others look for it there."})
        assert refused.status_code == 422
        assert "Others look for it there." in refused.content.decode()
        browser.post(case.get_absolute_url(), {"act": "move", "to": heat.slug, "rule": "place", "text": "Others look for it there."})
        topic.refresh_from_db()
        assert (topic.board_id, topic.get_absolute_url(), topic.pinned) == (heat.pk, address, False)
        assert [(each.topics, each.posts) for each in Board.objects.filter(pk__in=[old, heat.pk]).order_by("pk")] == [(0, 0), (1, 2)]
        assert Board.objects.get(pk=old).last_at is None
        assert "Fans" in browser.get(heat.get_absolute_url()).content.decode()

    def test_never_to_other_readers_and_only_by_its_first_post(self, cast: make.Cast) -> None:
        heat = forum.open_board("Heat", "committee", by=cast.ada, at=NOW)
        forum.open_board("Plans", "strategy", by=cast.ada, at=NOW)
        forum.open_board("News", "committee", policy="announcements", by=cast.ada, at=NOW)
        topic = begin(cast.ada)
        reply = say(cast.ada, topic)
        assert [slug for slug, _name in places(topic.posts.get(position=1))] == [heat.slug]
        assert not places(reply)
        for elsewhere in (board(cast.committee, "strategy"), topic.board, board(cast.boss.committee)):
            with pytest.raises(Refused):
                forum.move(topic, elsewhere, at=NOW)


class TestWhatIsLeft:
    def test_what_is_hidden_is_out_of_the_search_and_comes_back(self, cast: make.Cast) -> None:
        post = say(cast.ada, begin(cast.ada), "The heaters are off")
        for act, state in ((forum.hide, State.HIDDEN_BY_MODERATOR), (forum.remove, State.REMOVED)):
            act(post, at=NOW)
            post.refresh_from_db()
            assert (post.state, post.words) == (state, None)
            with pytest.raises(Refused):
                forum.edit(post, "Other words", language="en", by=cast.ada, at=NOW)
            forum.restore(post, at=NOW)
            post.refresh_from_db()
            assert post.is_visible
            assert post.words
        with pytest.raises(Refused):
            forum.restore(post, at=NOW)

    def test_flags_hide_and_a_moderator_decides_after_them(self, cast: make.Cast) -> None:
        post = say(cast.ada, begin(cast.ada))
        forum.hide(post, at=NOW, by_flags=True)
        with pytest.raises(Refused):
            forum.hide(post, at=NOW, by_flags=True)
        forum.hide(post, at=NOW)
        post.refresh_from_db()
        assert post.state == State.HIDDEN_BY_MODERATOR

    def test_what_was_removed_is_erased_after_ninety_days(self, cast: make.Cast) -> None:
        post = say(cast.ada, begin(cast.ada))
        forum.remove(post, at=NOW)
        assert forum.forget_removed(NOW + timedelta(days=89)) == 0
        assert forum.forget_removed(NOW + timedelta(days=91)) == 1
        post.refresh_from_db()
        assert (post.source, post.html) == ("", "")
        with pytest.raises(Refused):
            forum.restore(post, at=NOW)
