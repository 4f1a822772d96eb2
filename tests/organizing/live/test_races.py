"""Two at once, while a meeting goes on."""

from __future__ import annotations

import pytest
from django.utils import timezone

from committees.base.errors import Refused
from organizing.live import commands as live
from organizing.live import queries
from organizing.live.models import Gathering, Knock, Presence, Turn
from organizing.meetings.models import Reveal
from tests import make
from tests.at_once import at_once
from tests.organizing.live.conftest import come, digits, soon

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def a_meeting(**words: object) -> tuple[make.Cast, Gathering]:
    cast = make.cast()
    return cast, live.open_meeting(soon(cast.ada, **words), by=cast.ada, at=timezone.now())


def test_opened_by_many_at_once_it_is_open_once() -> None:
    cast = make.cast()
    meeting = soon(cast.ada)
    made = at_once([lambda: live.open_meeting(meeting, by=cast.ada, at=timezone.now()).pk] * 4)
    assert len(set(made)) == 1
    assert Gathering.objects.count() == 1


def test_many_who_come_at_once_are_all_here_and_each_of_them_once() -> None:
    cast, gathering = a_meeting()
    members = [make.member(cast.committee) for _n in range(6)]
    shown = digits(gathering)
    at_once([lambda each=each: live.come(gathering, shown, by=each, at=timezone.now()) for each in members * 2])
    assert Presence.objects.here().count() == 6
    assert queries.quorum(gathering).here == 6


def test_of_two_who_call_the_next_one_at_once_one_does() -> None:
    cast, gathering = a_meeting()
    come(gathering, cast.ben, cast.mo)
    first = live.ask(gathering, by=cast.ben, at=timezone.now())
    live.ask(gathering, by=cast.mo, at=timezone.now())
    answers = at_once([lambda: live.call_next(gathering, seen=first.slug, by=cast.ada, at=timezone.now())] * 4)
    assert sum(isinstance(answer, Turn) for answer in answers) == 1
    now = queries.speaking(gathering)
    assert now is not None
    assert now.presence.membership_id == cast.ben.pk, "nobody lost the floor at once"


def test_of_two_stewards_who_answer_at_once_one_is_heard() -> None:
    cast, gathering = a_meeting(link_shown=Reveal.AT_DOOR)
    live.knock(gathering, "a session", by=cast.ben, at=timezone.now())
    knock = Knock.objects.select_related("gathering__meeting").get()
    answers = at_once([lambda let_in=let_in: live.answer(knock, let_in=let_in, by=cast.ada, at=timezone.now()) for let_in in (True, False)])
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert Presence.objects.exists() == Knock.objects.get().let_in


def test_whoever_comes_as_it_ends_is_counted_or_refused() -> None:
    cast, gathering = a_meeting()
    shown = digits(gathering)
    came, _ended = at_once([lambda: live.come(gathering, shown, by=cast.ben, at=timezone.now()), lambda: live.end(gathering, by=cast.ada, at=timezone.now())])
    assert Gathering.objects.get().people == (0 if isinstance(came, Refused) else 1)
