"""A cancellation in the middle of a run is final: nothing starts after it, and exactly those who were told hear of it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from committees.notices import commands
from committees.notices.messages import message_id
from committees.notices.models import Notice
from tests.committees.notices import letterbox
from tests.faults.conftest import size
from tests.faults.quick_sink import QuickSink
from tests.faults.senders import senders, until_sent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(1800)]


@dataclass
class Cut:
    """One run that was cut short: when each got the first and the second notice, and how long the cancellation took."""

    committed: float
    waited: float
    first: dict[str, float] = field(default_factory=dict)
    second: dict[str, float] = field(default_factory=dict)


def cut_short(number: int, ids: list[int], sink: QuickSink, *, after: int) -> Cut:
    """Call a thing, cancel it when `after` mails are out, and wait for the rest."""
    sink.accepted.clear()
    thing = letterbox.thing(number)
    call = commands.post("letterbox/letter", about=thing, at=timezone.now())
    commands.expand(call.pk, at=timezone.now())
    with senders(2):
        assert sink.wait_for(after, seconds=60)
        began = time.monotonic()
        with transaction.atomic():
            commands.supersede(thing)
            off = commands.post("letterbox/cancelled", about=thing, version=2, at=timezone.now())
        cut = Cut(committed=time.monotonic(), waited=time.monotonic() - began)
        commands.expand(off.pk, at=timezone.now())
        until_sent(off, sink, seconds=60)
    _sort(sink, call, ids, cut)
    return cut


def _sort(sink: QuickSink, call: Notice, ids: list[int], cut: Cut) -> None:
    first_ids = {message_id(call, pk) for pk in ids}
    for noted in sink.accepted:
        (cut.first if noted.message_id in first_ids else cut.second)[noted.recipient] = noted.at
    assert len(sink.accepted) == len(cut.first) + len(cut.second), "none twice"


def test_nothing_starts_after_a_cancellation_and_all_who_were_told_hear_of_it(quick_sink: QuickSink, figure: Callable[[str], None], settings: Any) -> None:
    """Batches are small beside the crowd: those in hand are waited for, and go out."""
    people, moments, settings.NOTICES_BATCH = size(120, 4_000), size(4, 50), size(10, 100)
    quick_sink.delay = 0.001
    letterbox.audience[:] = ids = letterbox.crowd(people)
    dice = random.Random(20261122)
    cuts = [cut_short(n, ids, quick_sink, after=dice.randrange(1, people - 4 * settings.NOTICES_BATCH)) for n in range(moments)]
    late = sum(at > cut.committed for cut in cuts for at in cut.first.values())
    partly = sum(len(cut.first) < people for cut in cuts)
    waited = max(cut.waited for cut in cuts)
    figure(f"{moments} cancellations in runs of {people}: started after the commit {late}, longest wait {waited * 1000:.0f} ms, {partly} runs cut short")
    assert late == 0
    assert all(set(cut.first) == set(cut.second) for cut in cuts), "everyone who got the first gets the second, and nobody else"
    assert all(cut.first[who] < cut.second[who] for cut in cuts for who in cut.first), "in order"
    assert partly == moments, "each run was really cut short"
    assert waited < 3
