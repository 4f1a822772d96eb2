"""One notice does not suffer from another: a template that raises, and ten thousand mails beside ten."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from committees.notices import commands, sending
from committees.notices.models import Channel, ChannelChoice, Level, Notice, State
from tests.committees.notices import letterbox
from tests.faults.conftest import size
from tests.faults.quick_sink import QuickSink
from tests.faults.senders import senders

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(600)]


def told(kind: str, number: int, ids: list[int]) -> Notice:
    """A notice with its deliveries made."""
    letterbox.audience[:] = ids
    notice = commands.post(f"letterbox/{kind}", about=letterbox.thing(number), at=timezone.now())
    commands.expand(notice.pk, at=timezone.now())
    return notice


def test_of_what_cannot_be_written_only_that_is_dead(quick_sink: QuickSink, figure: Callable[[str], None], settings: Any) -> None:
    """Deliveries whose template raises stand at the head of the queue."""
    bad, good, settings.NOTICES_BATCH = size(40, 200), size(100, 2_000), size(20, 100)
    readers, others = letterbox.crowd(bad, name="bad"), letterbox.crowd(good, name="good")
    ChannelChoice.objects.bulk_create(ChannelChoice(person_id=pk, channel=Channel.EMAIL, level=Level.KIND) for pk in readers)
    poison, fine = told("poison", 1, readers), told("letter", 2, others)
    sending.run(seconds=60)
    assert letterbox.states(poison) == [State.DEAD] * bad
    assert set(poison.deliveries.dead().values_list("reason", flat=True)) == {"letterbox/poison: TemplateSyntaxError"}
    assert letterbox.states(fine) == [State.ACCEPTED] * good, "in the same run"
    figure(f"{bad} that cannot be written before {good} others: dead {bad}, arrived {len(quick_sink.copies())}")


def test_a_small_notice_beside_a_large_one_is_not_delayed(quick_sink: QuickSink, figure: Callable[[str], None], settings: Any) -> None:
    many, few, workers, settings.NOTICES_BATCH = size(400, 10_000), 10, 2, size(20, 100)
    quick_sink.delay = size(1, 2) / 1000
    crowd, handful = letterbox.crowd(many, name="large"), letterbox.crowd(few, name="small")
    large = told("letter", 1, crowd)
    with senders(workers):
        assert quick_sink.wait_for(many // 10, seconds=60)
        posted, began = len(quick_sink.accepted), time.monotonic()
        told("letter", 2, handful)
        places: list[int] = []
        while len(places) < few:
            assert quick_sink.wait_for(len(quick_sink.accepted) + 1, seconds=60)
            places = [n for n, noted in enumerate(quick_sink.accepted) if noted.recipient.startswith("small")]
        took = time.monotonic() - began
        assert large.deliveries.filter(state=State.WAITING).exists(), "the large one was still going out"
    between = max(places) - posted - few + 1
    figure(f"{few} beside {many}: out after {took:.2f} s and {between} of the others")
    assert took < 60
    assert between <= 4 * workers * settings.NOTICES_BATCH
