"""Where somebody goes on who was refused, sent back, hidden, or may not write: no page is a dead end."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from organizing.forum import commands as forum
from organizing.forum.models import Board
from tests import make
from tests.organizing.forum.talking import begin, board, known, say
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
