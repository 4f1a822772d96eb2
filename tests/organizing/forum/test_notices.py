"""Who hears of what was written, and who does not."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.notices import commands as notices
from committees.notices import sending
from committees.notices.models import Channel, Delivery, Notice, State
from organizing.forum import commands as forum
from organizing.forum.models import Board, Topic
from tests import make
from tests.mail_sink import MailSink
from tests.organizing.forum.talking import begin, board, known, say

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def told(kind: str) -> list[int]:
    """Who has a line of that kind in their inbox, once for each line."""
    notices.expand_due(at=timezone.now())
    return sorted(Delivery.objects.filter(notice__kind=f"forum/{kind}", channel=Channel.INAPP).values_list("person_id", flat=True))


def follow(place: Topic | Board, *members: Membership, level: str = "watch") -> None:
    for member in members:
        assert member.person is not None
        if isinstance(place, Topic):
            forum.watch(place, level, by=member.person)
        else:
            forum.watch_board(place, level, by=member.person)


def test_whoever_follows_the_board_hears_of_a_new_topic_and_its_author_does_not(cast: make.Cast) -> None:
    follow(board(cast.committee), cast.ben, cast.ada)
    begin(cast.ada)
    assert told("begun") == [cast.ben.person_id]


def test_followers_hear_once_until_they_have_read(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    follow(topic, cast.mo)
    for _ in range(3):
        say(cast.ada, topic)
        told("written")
    assert told("written") == [cast.mo.person_id]
    assert cast.mo.person is not None
    topic.refresh_from_db()
    forum.mark_read(topic, 4, by=cast.mo.person)
    say(cast.ada, topic)
    assert told("written") == [cast.mo.person_id] * 2


def test_whoever_writes_follows_and_whoever_is_answered_hears_it_in_a_notice_of_their_own(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    say(cast.ben, topic, reply_to=topic.posts.get())
    assert told("answered") == [cast.ada.person_id]
    assert told("written") == []
    say(cast.mo, topic)
    assert told("written") == sorted([cast.ada.person_id, cast.ben.person_id])


def test_whoever_muted_hears_nothing(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    follow(topic, cast.ada, level="mute")
    say(cast.ben, topic, reply_to=topic.posts.get())
    assert told("written") == []
    answered = Notice.objects.get(kind="forum/answered")
    from committees.notices import registry

    assert cast.ada.person_id is not None
    assert registry.kind("forum/answered").matters(answered, {cast.ada.person_id}) == set()


def test_nobody_hears_of_what_they_may_not_read(cast: make.Cast, neighbour: Membership) -> None:
    topic = begin(cast.ada, board(make.alliance(), "shared"))
    follow(topic, neighbour, cast.boss)
    say(cast.ada, topic)
    assert told("written") == [neighbour.person_id]


@pytest.mark.usefixtures("mail_sink")
def test_what_is_hidden_meanwhile_is_not_sent(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    follow(topic, cast.ben)
    post = say(cast.ada, topic)
    assert told("written") == [cast.ben.person_id]
    forum.hide(post, at=NOW)
    sending.run(seconds=20)
    assert not Delivery.objects.filter(notice__kind="forum/written", channel=Channel.EMAIL, state=State.ACCEPTED).exists()
    states = list(Delivery.objects.filter(notice__kind="forum/written", channel=Channel.EMAIL).values_list("state", "reason"))
    assert states == [(State.SUPERSEDED, "no longer meant")]


@pytest.mark.parametrize("shared", [False, True])
def test_queued_notices_die_with_a_membership(cast: make.Cast, wide: object, mail_sink: MailSink, shared: bool) -> None:
    topic = begin(cast.ada, board(make.alliance(), "shared") if shared else None)
    follow(topic, cast.ben, cast.mo)
    say(cast.ada, topic)
    told("written")
    membership.leave(cast.ben, by=cast.ben, at=NOW)
    sending.run(seconds=20)
    sent = set(Delivery.objects.filter(channel=Channel.EMAIL, state=State.ACCEPTED, notice__kind="forum/written").values_list("person_id", flat=True))
    assert sent == {cast.mo.person_id}
    inbox = make.client(cast.ben.person).get(reverse("notices:inbox")).content.decode()
    assert topic.title not in inbox


def test_a_mail_says_next_to_nothing_and_never_what_was_written(cast: make.Cast, mail_sink: MailSink) -> None:
    topic = begin(cast.ada, title="Heaters in the hall")
    follow(topic, cast.ben)
    say(cast.ada, topic, "The lead switched them off himself")
    told("written")
    sending.run(seconds=20)
    assert mail_sink.messages
    for mail in mail_sink.messages:
        heap = mail.message.as_bytes()
        assert b"Heaters" not in heap
        assert b"switched" not in heap


def test_the_inbox_says_the_title_to_whoever_may_read_it(cast: make.Cast) -> None:
    topic = begin(cast.ada, title="Heaters in the hall")
    known(cast.ben)
    follow(topic, cast.ben)
    say(cast.ada, topic)
    told("written")
    page = make.client(cast.ben.person).get(reverse("notices:inbox")).content.decode()
    assert "New in a topic that you follow: Heaters in the hall" in page
