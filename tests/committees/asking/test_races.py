"""Two at once: whoever answers and a committee that closes wait, and never for each other."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
from django.utils import timezone

from committees.asking.commands import answering
from committees.asking.models import Ending
from committees.bodies import register
from committees.membership import commands as membership
from tests import make
from tests.at_once import at_once
from tests.committees.asking.conftest import answer, ask, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_an_answer_in_the_moment_in_which_the_committee_closes_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is stopped until the other is just as far: the one holds the question, the other the committee."""
    cast = make.cast()
    made = ask(cast.ben)
    both, seen, closing = threading.Barrier(2), answering.require_seen, register.closing

    def meet() -> None:
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=2)

    def require_seen(*args: Any) -> None:
        meet()
        seen(*args)

    def close_rooms(*args: Any, **more: Any) -> None:
        meet()
        closing(*args, **more)

    monkeypatch.setattr(answering, "require_seen", require_seen)
    monkeypatch.setattr(register, "closing", close_rooms)
    ada = make.reloaded(cast.ada)
    at_once([lambda: answer(made, ada), lambda: membership.close(cast.committee, by=ada, at=timezone.now())])
    assert made.messages.count() == 2
    assert fresh(made).ended == Ending.GONE
