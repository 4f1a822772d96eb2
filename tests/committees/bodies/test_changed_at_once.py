"""A committee's row is changed in the very moment in which somebody else writes something of that committee: neither is ended for the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from committees.bodies import commands as bodies
from committees.bodies.commands import CharterWords
from committees.bodies.models import Committee
from committees.directory.registry import Merging
from committees.jointly import commands as jointly
from committees.ledger import commands as ledger
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.commands import Settings
from committees.notices import commands as notices
from tests import make
from tests.at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


def settles(cast: make.Cast) -> Any:
    settings = replace(Settings.of(Committee.objects.select_related("policy").get(pk=cast.committee.pk)), name="Another name")
    return membership.settle(cast.committee, settings, by=make.reloaded(cast.ada), at=timezone.now())


def adopts(cast: make.Cast) -> Any:
    return bodies.adopt_charter(cast.committee, CharterWords("en", text="What we are for."), by=cast.mo.person, at=timezone.now())


def moves(cast: make.Cast) -> Any:
    assert cast.committee.workplace
    with transaction.atomic():
        return bodies.move_to_site(cast.committee.workplace, make.workplace(), Merging(by=make.person(), at=timezone.now()))


@pytest.mark.parametrize(("change", "verb"), [(settles, "committee.settled"), (adopts, "charter.adopted"), (moves, "committee.site_merged")])
def test_both_are_done(change: Callable[[make.Cast], Any], verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one has the committee's row and wants its log; the other has the log, and its own row names the committee as it is committed."""
    cast = make.cast()
    met = threading.Barrier(2)
    record, post = ledger.record, notices.post

    def meet() -> None:
        with suppress(threading.BrokenBarrierError):
            met.wait(timeout=10)

    def recorded(said: str, **more: Any) -> Entry:
        if said == verb:
            meet()
        return record(said, **more)

    def posted(*args: Any, **more: Any) -> Any:
        meet()
        return post(*args, **more)

    monkeypatch.setattr(ledger, "record", recorded)
    monkeypatch.setattr(notices, "post", posted)
    ada = make.reloaded(cast.ada)
    at_once([lambda: change(cast), lambda: jointly.propose_charter(CharterWords("en", text="Ours."), reason="", by=ada, at=timezone.now())])
    verbs = set(Entry.objects.filter(chain=cast.committee.slug).values_list("verb", flat=True))
    assert {verb, "joint.proposed"} <= verbs
