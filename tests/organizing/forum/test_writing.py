"""Starting, replying, changing, taking back: who may, what waits, what is refused."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.moderation import commands as moderation
from committees.moderation.models import Reason
from committees.notices.models import Notice
from committees.people import commands as people
from organizing.forum import commands as forum
from organizing.forum import origins
from organizing.forum.models import Board, Draft, Policy, Post, PostVersion, State, Topic
from organizing.forum.moderated import A_POST
from tests import make
from tests.organizing.forum.talking import begin, board, case_of, known, let_through, positions, say

pytestmark = pytest.mark.django_db
NOW = timezone.now()


class TestBoards:
    def test_every_committee_has_two_from_its_beginning_and_the_alliance_four(self, cast: make.Cast) -> None:
        have = sorted(Board.objects.filter(committee=cast.committee).values_list("audience", "policy"))
        assert have == [("committee", "open"), ("strategy", "open")]
        have = sorted(Board.objects.filter(committee=make.alliance()).values_list("audience", "policy"))
        assert have == [("committee", "open"), ("shared", "announcements"), ("shared", "open"), ("strategy", "open")]

    def test_an_organizer_opens_one_more_and_a_member_does_not(self, cast: make.Cast) -> None:
        made = forum.open_board("Heat", "public", by=cast.ada, at=NOW)
        assert (made.title, made.audience) == ("Heat", "public")
        for other in (cast.ben, cast.cleo, cast.mo):
            with pytest.raises(PermissionDenied):
                forum.open_board("Heat", "public", by=other, at=NOW)
        with pytest.raises(PermissionDenied):
            forum.rename_board(made, "Cold", languages=["en"], by=cast.boss, at=NOW)

    def test_a_site_has_nobody_to_share_with_and_a_hidden_one_nothing_for_everyone(self, cast: make.Cast) -> None:
        with pytest.raises(Refused):
            forum.open_board("All of us", "shared", by=cast.ada, at=NOW)
        hidden = make.committee(listed=False)
        with pytest.raises(Refused):
            forum.open_board("For everyone", "public", by=make.reloaded(make.organizer_of(hidden)), at=NOW)

    def test_the_same_form_twice_opens_one(self, cast: make.Cast) -> None:
        key = uuid.uuid4()
        assert forum.open_board("Heat", "committee", by=cast.ada, at=NOW, form_key=key) == forum.open_board(
            "Heat", "committee", by=cast.ada, at=NOW, form_key=key
        )

    def test_nobody_changes_whom_a_topic_is_for(self, cast: make.Cast) -> None:
        """The database itself holds a topic to its board's readers, and a post to its topic's."""
        topic = begin(cast.ada)
        for rows in (Topic.objects.filter(pk=topic.pk), Post.objects.filter(topic=topic), Board.objects.filter(pk=topic.board_id)):
            with pytest.raises(IntegrityError), transaction.atomic():
                _made_public(rows)


def _made_public(rows: Any) -> None:
    rows.update(audience="public")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestWriting:
    def test_a_member_begins_a_topic_and_another_answers(self, cast: make.Cast) -> None:
        topic = begin(cast.ada, title="Heaters", text="They are **off**.")
        post = say(cast.ben, topic, "Here too.")
        assert positions(topic) == [1, 2]
        assert post.html == "<p>Here too.</p>\n"
        topic.refresh_from_db()
        assert (topic.last_position, topic.last_at) == (2, post.published_at)
        assert Board.objects.filter(pk=topic.board_id, topics=1, posts=2, last_at=post.published_at).exists()
        assert list(Entry.objects.filter(verb="topic.begun").values_list("chain", flat=True)) == [cast.committee.slug]

    def test_somebody_of_another_committee_cannot(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        with pytest.raises(PermissionDenied):
            forum.reply(topic, "Hello", language="en", by=cast.boss, at=NOW)
        with pytest.raises(PermissionDenied):
            begin(cast.boss, board(cast.committee))

    @pytest.mark.parametrize("standing", [each for each in make.STANDINGS if each not in (Standing.MEMBER, Standing.PROBATION)])
    def test_whoever_is_out_or_rests_cannot(self, cast: make.Cast, standing: Standing) -> None:
        topic = begin(cast.ada)
        make.put(cast.ben, standing)
        with pytest.raises(PermissionDenied):
            forum.reply(topic, "Hello", language="en", by=make.reloaded(cast.ben), at=NOW)

    def test_a_new_member_does_not_write_where_new_members_do_not_read(self, cast: make.Cast) -> None:
        plans = board(cast.committee, "strategy")
        topic = begin(cast.ben, plans)
        with pytest.raises(PermissionDenied):
            forum.reply(topic, "Hello", language="en", by=cast.cleo, at=NOW)

    def test_announcements_are_written_by_organizers_of_that_committee_alone(self, cast: make.Cast, neighbour: Membership) -> None:
        news = board(make.alliance(), "shared", Policy.ANNOUNCEMENTS)
        topic = begin(make.reloaded(make.organizer_of(make.alliance())), news)
        for other in (cast.ada, neighbour):
            with pytest.raises(PermissionDenied):
                forum.reply(topic, "Hello", language="en", by=other, at=NOW)

    def test_members_of_affiliated_committees_write_on_a_shared_board_at_any_depth(self, cast: make.Cast, neighbour: Membership) -> None:
        topic = begin(cast.ada, board(make.alliance(), "shared"))
        assert say(neighbour, topic).position == 2
        with pytest.raises(PermissionDenied):
            forum.reply(topic, "Hello", language="en", by=cast.boss, at=NOW)  # his sham belongs to nothing

    def test_a_closed_topic_takes_nothing_more(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        forum.lock(topic, at=NOW)
        with pytest.raises(Refused, match="closed"):
            say(cast.ada, topic)
        forum.unlock(topic, at=NOW)
        assert say(cast.ada, topic).position == 2

    def test_the_same_form_twice_makes_one_topic_and_one_post(self, cast: make.Cast) -> None:
        one, two = uuid.uuid4(), uuid.uuid4()
        topic = begin(cast.ada, form_key=one)
        assert begin(cast.ada, form_key=one) == topic
        assert say(cast.ada, topic, form_key=two) == say(cast.ada, topic, form_key=two)
        assert positions(topic) == [1, 2]

    def test_anothers_form_makes_nothing(self, cast: make.Cast) -> None:
        key, topic = uuid.uuid4(), begin(cast.ada)
        say(cast.ada, topic, form_key=key)
        with pytest.raises(Refused):
            say(cast.ben, topic, form_key=key)

    def test_one_answers_only_what_stands_in_the_same_topic(self, cast: make.Cast) -> None:
        one, other = begin(cast.ada), begin(cast.ada)
        with pytest.raises(Refused):
            say(cast.ada, one, reply_to=other.posts.get())

    def test_whoever_must_be_silent_is_told_until_when(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        said = moderation.take_up(say(cast.ben, topic), by=cast.mo, at=NOW)
        moderation.hide(said, rule="junk", text="This is no place for advertisements.", by=cast.mo, at=NOW)
        moderation.silence(said, days=3, rule="junk", text="This is no place for advertisements.", by=cast.mo, at=NOW)
        with pytest.raises(Refused, match="cannot write until"):
            forum.reply(topic, "Hello", language="en", by=cast.ben, at=NOW)
        assert say(cast.ada, topic).position == 3
        assert say(cast.ben, topic, "Hello again", at=NOW + timedelta(days=3, minutes=1)).is_visible


class TestHolding:
    def test_the_first_three_posts_wait_and_the_fourth_does_not(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        for number in range(3):
            post = forum.reply(topic, f"Post {number}", language="en", by=cast.ben, at=NOW)
            assert (post.state, post.position, case_of(post).reason) == (State.QUEUED, None, Reason.FIRST_POSTS)
            let_through(post)
        assert forum.reply(topic, "The fourth", language="en", by=cast.ben, at=NOW).position == 5

    @pytest.mark.parametrize(
        "text", ["https://example.org/a", "Look: https://example.org/a", "[a](https://a.example) [b](https://b.example) [c](https://c.example), all of it true"]
    )
    def test_what_is_mostly_links_is_looked_at(self, cast: make.Cast, text: str) -> None:
        topic = begin(known(cast.ben))
        assert case_of(forum.reply(topic, text, language="en", by=cast.ben, at=NOW)).reason == Reason.LINKS
        assert forum.reply(topic, "They say it themselves at https://example.org/a", language="en", by=cast.ben, at=NOW).is_visible

    def test_the_same_text_twice_in_a_week_is_looked_at(self, cast: make.Cast) -> None:
        topic = begin(known(cast.ben))
        words = "Come to the gate at two."
        assert forum.reply(topic, words, language="en", by=cast.ben, at=NOW).is_visible
        assert case_of(forum.reply(topic, words, language="en", by=cast.ben, at=NOW)).reason == Reason.TWICE
        assert forum.reply(topic, words, language="en", by=cast.ben, at=NOW + timedelta(days=8)).is_visible

    def test_everything_of_a_new_member_waits(self, cast: make.Cast) -> None:
        known(cast.cleo)
        post = forum.reply(begin(cast.ada), "Hello", language="en", by=cast.cleo, at=NOW)
        assert post.is_waiting

    def test_on_a_reviewed_board_everything_waits_but_of_its_organizers(self, cast: make.Cast) -> None:
        known(cast.ben)
        careful = forum.open_board("Careful", "committee", policy=Policy.REVIEWED, by=cast.ada, at=NOW)
        topic = begin(cast.ada, careful)
        assert forum.reply(topic, "Hello", language="en", by=cast.ben, at=NOW).is_waiting
        assert forum.reply(topic, "Hello", language="en", by=cast.ada, at=NOW).is_visible

    def test_what_waits_is_told_to_nobody_and_counts_for_nothing(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        before = Notice.objects.filter(kind__startswith="forum/").count()
        post = forum.reply(topic, "Hello", language="en", by=cast.ben, reply_to=topic.posts.get(), at=NOW)
        topic.refresh_from_db()
        assert (topic.last_position, Notice.objects.filter(kind__startswith="forum/").count()) == (1, before)
        assert Post.objects.get(pk=post.pk).words is None
        let_through(post)
        assert set(Notice.objects.filter(pk__gt=0).values_list("kind", flat=True)) >= {"forum/written", "forum/answered"}

    def test_a_topic_whose_first_post_waits_takes_no_answers(self, cast: make.Cast) -> None:
        topic = forum.start(board(cast.committee), title="Mine", text="Hello", language="en", by=cast.ben, at=NOW)
        with pytest.raises(Refused):
            say(cast.ben, topic)

    def test_what_was_sent_back_is_changed_and_waits_again(self, cast: make.Cast) -> None:
        post = forum.reply(begin(cast.ada), "He is called X.", language="en", by=cast.ben, at=NOW)
        moderation.send_back(case_of(post), rule="names", text="Nobody is named without being asked.", by=cast.mo, at=NOW)
        changed = forum.edit(post, "Somebody said it.", language="en", by=cast.ben, at=NOW)
        assert (changed.state, A_POST.excerpt(changed).splitlines()[-1]) == (State.QUEUED, "Somebody said it.")
        let_through(changed)
        changed.refresh_from_db()
        assert changed.position == 2

    def test_what_was_shown_and_sent_back_keeps_its_place(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        post = say(known(cast.ben), topic, "He is called X.")
        say(cast.ada, topic, "Yes")
        before = Notice.objects.filter(kind="forum/written").count()
        moderation.send_back(moderation.take_up(post, by=cast.mo, at=NOW), rule="names", text="Nobody is named without being asked.", by=cast.mo, at=NOW)
        post.refresh_from_db()
        assert (post.state, post.position, post.words) == (State.DRAFT, 2, None)
        forum.edit(post, "Somebody said it.", language="en", by=cast.ben, at=NOW)
        assert case_of(post).reason == Reason.CHANGED
        let_through(post)
        post.refresh_from_db()
        assert (post.state, post.position, bool(post.words)) == (State.VISIBLE, 2, True)
        assert Notice.objects.filter(kind="forum/written").count() == before, "nobody is told anew"

    def test_nobody_fills_the_queue(self, cast: make.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("organizing.forum.commands.writing.MOST_WAITING", 2)
        topic = begin(cast.ada)
        for _ in range(2):
            forum.reply(topic, "Hello", language="en", by=cast.ben, at=NOW)
        with pytest.raises(Refused, match="So many of your posts wait"):
            forum.reply(topic, "Hello", language="en", by=cast.ben, at=NOW)


class TestChanging:
    def test_within_a_day_nobody_sees_it_later_everybody_does(self, cast: make.Cast) -> None:
        post = say(cast.ada, begin(cast.ada, at=NOW), "Frist", at=NOW)
        assert forum.edit(post, "First", language="en", by=cast.ada, at=NOW + timedelta(hours=23)).edited_at is None
        later = NOW + timedelta(hours=25)
        assert forum.edit(post, "First!", language="en", by=cast.ada, at=later).edited_at == later
        assert list(PostVersion.objects.filter(post=post).order_by("version").values_list("source", flat=True)) == ["Frist", "First"]

    def test_only_its_author_changes_or_takes_back_a_post(self, cast: make.Cast) -> None:
        post = begin(cast.ben).posts.get()
        for other in (cast.ada, cast.mo, cast.boss):
            with pytest.raises(PermissionDenied):
                forum.edit(post, "Other words", language="en", by=other, at=NOW)
            with pytest.raises(PermissionDenied):
                forum.withdraw(post, by=other, at=NOW)

    def test_two_open_pages_do_not_overwrite_each_other(self, cast: make.Cast) -> None:
        post = begin(cast.ada).posts.get()
        forum.edit(post, "From the phone", language="en", seen=1, by=cast.ada, at=NOW)
        with pytest.raises(Refused, match="elsewhere"):
            forum.edit(post, "From the desk", language="en", seen=1, by=cast.ada, at=NOW)

    def test_a_new_member_does_not_slip_other_words_past_the_moderator(self, cast: make.Cast) -> None:
        post = say(cast.cleo, begin(cast.ada))
        with pytest.raises(Refused):
            forum.edit(post, "Something else", language="en", by=cast.cleo, at=NOW)

    def test_what_is_taken_back_leaves_its_place_and_nothing_else(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        post = say(cast.ada, topic, "Sorry")
        forum.edit(post, "Sorry again", language="en", by=cast.ada, at=NOW)
        forum.translate(post, "Perdón", language="es", seen=2, by=cast.ben, at=NOW)
        say(cast.ben, topic)
        forum.withdraw(post, by=cast.ada, at=NOW)
        post.refresh_from_db()
        assert (post.state, post.position, post.source, post.html, post.words) == (State.WITHDRAWN, 2, "", "", None)
        assert not post.versions.exists()
        assert not post.translations.exists()
        assert positions(topic) == [1, 2, 3]
        with pytest.raises(Refused):
            forum.withdraw(post, by=cast.ada, at=NOW)
        with pytest.raises(Refused):
            forum.edit(post, "Back", language="en", by=cast.ada, at=NOW)

    def test_the_title_goes_and_comes_back_with_the_first_post(self, cast: make.Cast) -> None:
        topic = begin(cast.ada, title="A name in it")
        say(cast.ben, topic)
        forum.hide(topic.posts.get(position=1), at=NOW)
        topic.refresh_from_db()
        assert "name" not in topic.shown_title
        forum.restore(topic.posts.get(position=1), at=NOW)
        topic.refresh_from_db()
        assert topic.shown_title == "A name in it"

    def test_a_translation_is_outdated_when_the_post_changes(self, cast: make.Cast) -> None:
        post = begin(cast.ada).posts.get()
        made = forum.translate(post, "¿Qué les dijeron?", language="es", seen=1, by=cast.ben, at=NOW)
        forum.edit(post, "What were you told today?", language="en", by=cast.ada, at=NOW)
        post.refresh_from_db()
        assert made.of_version < post.version
        with pytest.raises(Refused):
            forum.translate(post, "¿Qué les dijeron?", language="es", seen=1, by=cast.ben, at=NOW)

    def test_a_translation_is_by_somebody_who_reads_it_and_is_no_newcomer(self, cast: make.Cast) -> None:
        post = begin(cast.ada).posts.get()
        for other in (cast.boss, cast.cleo):
            with pytest.raises(PermissionDenied):
                forum.translate(post, "Hola", language="es", seen=1, by=other, at=NOW)
        with pytest.raises(Refused):
            forum.translate(post, "Hello", language="en", seen=1, by=cast.ben, at=NOW)


class TestDrafts:
    def test_one_per_place_kept_and_gone_with_the_post(self, cast: make.Cast) -> None:
        topic, me = begin(cast.ada), cast.ben.person
        assert me is not None
        for text in ("A", "A beg"):
            forum.save_draft(topic, text=text, by=me, at=NOW)
        assert Draft.objects.get().text == "A beg"
        say(cast.ben, topic)
        assert not Draft.objects.exists()

    def test_old_ones_are_erased_and_empty_ones_are_none(self, cast: make.Cast) -> None:
        me = cast.ben.person
        assert me is not None
        forum.save_draft(board(cast.committee), text="Old", by=me, at=NOW)
        assert forum.forget_drafts(NOW + timedelta(days=89)) == 0
        assert forum.forget_drafts(NOW + timedelta(days=91)) == 1
        forum.save_draft(board(cast.committee), text="", by=me, at=NOW)
        assert not Draft.objects.exists()


class TestGoing:
    def test_an_erased_account_leaves_posts_to_nobody(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        post, waits = say(cast.ben, topic, "Stays"), forum.reply(topic, "Waits", language="en", by=cast.ben, at=NOW)
        me = cast.ben.person
        assert me is not None
        forum.save_draft(topic, text="Begun", by=me, at=NOW)
        people.erase(me, by=me, at=NOW)
        post.refresh_from_db()
        assert post.membership is not None
        assert (post.source, origins.name(post.membership.handle, post.membership.person_id)) == ("Stays", "Former member")
        assert not Post.objects.filter(pk=waits.pk).exists()
        assert not Draft.objects.exists()

    def test_whoever_wants_takes_everything_back_under_every_name(self, cast: make.Cast) -> None:
        me = cast.ben.person
        assert me is not None
        elsewhere = make.member(make.committee(), by=me)
        posts = [say(cast.ben, begin(cast.ada)), begin(elsewhere).posts.get()]
        Membership.objects.filter(pk=elsewhere.pk).update(standing=Standing.LEFT)
        assert forum.withdraw_everything(me, by=me, at=NOW) == 2
        assert {Post.objects.get(pk=post.pk).source for post in posts} == {""}
        assert cast.ada.person is not None
        with pytest.raises(Refused):
            forum.withdraw_everything(me, by=cast.ada.person, at=NOW)

    def test_an_export_holds_what_one_wrote_and_nothing_of_others(self, cast: make.Cast) -> None:
        from committees.people import registry

        topic = begin(cast.ada, text="Of somebody else")
        say(cast.ben, topic, "Mine")
        me = cast.ben.person
        assert me is not None
        forum.save_draft(topic, text="Begun", by=me, at=NOW)
        mine = registry.exports(me)["forum"]
        assert [post["text"] for post in mine["posts"]] == ["Mine"]
        assert [draft["text"] for draft in mine["drafts"]] == ["Begun"]


def test_a_hidden_committees_members_are_known_by_industry_and_country_alone(cast: make.Cast, wide: object) -> None:
    hush = make.committee(listed=False)
    make.affiliated(hush)
    member = make.reloaded(make.organizer_of(hush))
    post = say(member, begin(cast.ada, board(make.alliance(), "shared")), shown_as="site")
    assert post.shown_as == "industry"
