"""Where somebody goes on who was refused, sent back, hidden, or may not write: no page is a dead end."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committees.bodies.models import Committee
from committees.membership.models import Membership
from committees.moderation import commands as moderation
from organizing.forum import commands as forum
from organizing.forum.models import Board
from tests import make
from tests.organizing.forum.talking import begin, board, case_of, known, say
from tests.organizing.forum.test_pages import NOW, text

pytestmark = pytest.mark.django_db


def test_whoever_is_asked_to_change_a_post_finds_why_and_is_told_that_it_waits_again(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    post = forum.reply(topic, "Still waiting", language="en", by=cast.ben, at=NOW)
    forum.send_back(post, at=NOW)
    mine = text(make.client(cast.ben.person).get(topic.get_absolute_url()))
    assert f'href="{reverse("moderation:mine")}"' in mine.split("Sent back to you")[1].split("</article>")[0]
    edit = reverse("forum:edit", args=[post.slug])
    typed = {"text": "Better words", "language": "en", "seen": "1"}
    assert "A moderator looks at it before others see it." in text(make.client(cast.ben.person).post(edit, typed, follow=True))


def test_a_topic_that_waits_counts_no_posts(cast: make.Cast) -> None:
    topic = forum.start(board(cast.committee), title="Locker rooms", text="Who has the key?", language="en", by=cast.ben, at=NOW)
    assert "0 posts" not in text(make.client(cast.ben.person).get(topic.get_absolute_url()))


def test_a_hidden_place_leads_its_author_to_the_reason_and_others_to_the_rules(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    forum.hide(say(known(cast.ben), topic, "A name"), at=NOW)
    for who, where in ((cast.ben, "moderation:mine"), (cast.mo, "moderation:rules")):
        place = text(make.client(who.person).get(topic.get_absolute_url())).split("Hidden by a moderator")[1].split("</div>")[0]
        assert f'href="{reverse(where)}"' in place


def test_why_one_cannot_answer_is_said(cast: make.Cast, open_board: Board) -> None:
    told = begin(cast.ada, forum.open_board("News", "committee", policy="announcements", by=cast.ada, at=NOW))
    assert "Here organizers write, and everyone reads." in text(make.client(cast.ben.person).get(told.get_absolute_url()))
    public = begin(cast.ada, open_board)
    assert "Whoever belongs to a committee can answer." in text(make.client(make.person()).get(public.get_absolute_url()))
    assert f'href="{reverse("account_login")}?next={public.get_absolute_url()}"' in text(Client().get(public.get_absolute_url()))


def test_whoever_belongs_to_no_committee_is_not_told_that_all_is_read(open_board: Board) -> None:
    page = text(make.client(make.person()).get(reverse("forum:unread")))
    assert "You belong to no committee yet." in page
    assert "You have read everything" not in page


def test_the_title_that_a_moderator_sends_back_is_changed_too(cast: make.Cast) -> None:
    topic = forum.start(board(cast.committee), title="Pat is a liar", text="Nothing else.", language="en", by=cast.ben, at=NOW)
    (post,) = topic.posts.all()
    moderation.send_back(case_of(post), rule="names", text="Nobody is named without being asked.", by=cast.mo, at=NOW)
    ben, edit = make.client(cast.ben.person), reverse("forum:edit", args=[post.slug])
    assert 'value="Pat is a liar"' in text(ben.get(edit))
    typed = {"title": "", "text": "Nothing else.", "language": "en", "seen": "1"}
    assert 'id="id_title_error"' in ben.post(edit, typed).content.decode()
    ben.post(edit, typed | {"title": "What the shift was told"})
    topic.refresh_from_db()
    assert (topic.title, case_of(post).is_open) == ("What the shift was told", True)


def test_a_title_that_others_have_seen_stays(cast: make.Cast) -> None:
    topic = begin(known(cast.ben), title="Heat in hall two")
    (post,) = topic.posts.all()
    ben, edit = make.client(cast.ben.person), reverse("forum:edit", args=[post.slug])
    assert "Heat in hall two" not in text(ben.get(edit)).split("<form")[-1]
    ben.post(edit, {"title": "Something else", "text": "Other words", "language": "en", "seen": "1"})
    topic.refresh_from_db()
    assert topic.title == "Heat in hall two"


class TestWhereToBegin:
    """From the forum's front on: which part of it, told by who can read it."""

    WHERE = "/forum/new/"

    def offered(self, member: Membership) -> set[str]:
        page = text(make.client(member.person).get(self.WHERE))
        return {each.slug for each in Board.objects.all() if f'href="{reverse("forum:start", args=[each.slug])}"' in page}

    def test_a_member_chooses_among_the_parts_on_which_they_may_write(self, cast: make.Cast, wide: Committee, open_board: Board) -> None:
        forum.open_board("News", "committee", policy="announcements", by=cast.ada, at=NOW)
        assert f'href="{self.WHERE}"' in text(make.client(cast.ben.person).get("/forum/"))
        for member in (cast.ada, cast.ben, cast.cleo):
            mine = make.client(member.person)
            opens = {each.slug for each in Board.objects.all() if mine.get(reverse("forum:start", args=[each.slug])).status_code == 200}
            assert self.offered(member) == opens
        assert self.offered(cast.ada) > self.offered(cast.ben) > self.offered(cast.cleo)
        assert board(wide, "shared").slug in self.offered(cast.cleo)

    def test_it_asks_the_same_number_of_questions_for_two_committees_and_for_ten(self, cast: make.Cast) -> None:
        costs = []
        for number in (1, 8):
            for _ in range(number):
                make.member(make.committee(), by=cast.ben.person)
            mine = make.client(cast.ben.person)
            mine.get(self.WHERE)
            with CaptureQueriesContext(connection) as asked:
                assert mine.get(self.WHERE).status_code == 200
            costs.append(len(asked))
        assert costs[0] == costs[1] <= 9, costs

    def test_whoever_may_write_nowhere_is_told_what_it_takes(self, open_board: Board) -> None:
        outsider = make.client(make.person())
        assert "When you belong to one" in text(outsider.get(self.WHERE))
        assert f'href="{self.WHERE}"' not in text(outsider.get("/forum/"))

    def test_whoever_may_write_on_one_part_alone_is_not_asked(self, cast: make.Cast) -> None:
        Board.objects.exclude(pk=board(cast.committee).pk).delete()
        answer = make.client(cast.ben.person).get(self.WHERE)
        assert answer.headers["Location"] == reverse("forum:start", args=[board(cast.committee).slug])
