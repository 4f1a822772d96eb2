"""Two at once: whoever answers and a committee that closes wait, and never for each other."""

from __future__ import annotations

import pytest
from django.utils import timezone

from committees.asking.commands import answering
from committees.asking.models import Ending
from committees.bodies import register
from committees.membership import commands as membership
from tests import make
from tests.at_once import at_once, stop_halfway
from tests.committees.asking.conftest import answer, ask, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_an_answer_in_the_moment_in_which_the_committee_closes_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is stopped until the other is just as far: the one holds the question, the other the committee."""
    cast = make.cast()
    made = ask(cast.ben)
    stop_halfway(monkeypatch, (answering, "require_seen"), (register, "closing"))
    ada = make.reloaded(cast.ada)
    at_once([lambda: answer(made, ada), lambda: membership.close(cast.committee, by=ada, at=timezone.now())])
    assert made.messages.count() == 2
    assert fresh(made).ended == Ending.GONE
