"""Two people move in opposite directions and are accepted in the same moment."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
from django.utils import timezone

from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.applications import Application, Check
from committees.membership.commands import moving
from committees.membership.models import Membership
from committees.membership.moves import Leaving, Move
from committees.membership.roles import Role, Standing
from tests import make
from tests.committees.membership.test_clocks_at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


def test_neither_waits_for_the_other_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each stands in the logs of both committees, which are held in one order."""
    here, there = make.committee(), make.committee()
    organizers = {committee.pk: make.reloaded(make.organizer_of(committee)) for committee in (here, there)}
    coming = []
    for old, new in ((here, there), (there, here)):
        member = make.member(old)
        application = make.application(new, by=member.person, at=timezone.now())
        Move.objects.create(application=application, came_from=member, leaving=Leaving.WHEN_ACCEPTED, said_at=timezone.now())
        for reviewer in (organizers[new.pk], make.member(new, roles=(Role.ORGANIZER,))):
            membership.add_check(application, Check.Kind.TALK, by=reviewer, at=timezone.now())
        coming.append((application, member))
    gate, arrive = threading.Barrier(2), moving.arrive

    def both_have_written_where_they_come_to(*args: Any, **kwargs: Any) -> None:
        with suppress(threading.BrokenBarrierError):  # with one order for all, the second has not come as far yet
            gate.wait(timeout=2)
        arrive(*args, **kwargs)

    monkeypatch.setattr(moving, "arrive", both_have_written_where_they_come_to)

    def accept(application: Application) -> Any:
        return lambda: membership.admit(application, by=organizers[application.committee_id], at=timezone.now())

    at_once([accept(application) for application, _member in coming])
    for application, member in coming:
        assert Membership.objects.get(pk=member.pk).standing == Standing.LEFT
        assert Membership.objects.filter(committee=application.committee_id, person=member.person).exists()
        assert Entry.objects.filter(chain=member.committee.slug, verb="member.left").count() == 1
