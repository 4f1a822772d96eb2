"""A mail server that greylists, refuses, drops, hangs and is away: everything that can arrive does."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from committees.notices import sending
from committees.notices.models import Channel, Delivery, Notice, State
from committees.people.models import Contact
from tests.faults.conftest import size
from tests.faults.quick_sink import QuickSink
from tests.mail_sink import Fault

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(1500)]


def fates(mails: int) -> dict[str, Fault]:
    """10 % are put off with 451, 2 % do not exist, 1 % are dropped after the text, 1 % are never answered."""
    everyone = [f"p{n}@mail.example" for n in range(mails)]
    random.Random(550).shuffle(everyone)
    share = {Fault.TEMPORARY: mails // 10, Fault.FINAL: max(mails // 50, 2), Fault.DROP: max(mails // 100, 1), Fault.SILENCE: max(mails // 100, 1)}
    return {everyone.pop(): fault for fault, n in share.items() for _one in range(n)}


def stay_away(sink: QuickSink, *, seconds: float) -> None:
    """Nobody answers for so long; nothing counts as tried meanwhile."""
    sink.refuse()
    before = list(Delivery.objects.order_by("pk").values_list("attempts", flat=True))
    ends = time.monotonic() + seconds
    while True:
        assert sending.run(seconds=5) == 0
        if time.monotonic() > ends:
            break
        sink.wait_for(len(sink.accepted) + 1, seconds=0.05)
    assert list(Delivery.objects.order_by("pk").values_list("attempts", flat=True)) == before
    sink.open()


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelining", "one by one"])
def test_everything_deliverable_arrives_and_only_the_550s_do_not(
    told: Callable[[int], Notice], quick_sink: QuickSink, figure: Callable[[str], None], settings: Any, *, pipelining: bool
) -> None:
    """Halfway nobody answers for a while."""
    mails, away, quick_sink.pipelining = size(200, 5_000), size(1, 300), pipelining
    settings.MAILERS = {name: {**mailer, "OPTIONS": {**mailer["OPTIONS"], "timeout": 0.5}} for name, mailer in settings.MAILERS.items()}
    notice, fate = told(mails), fates(mails)
    never = {address for address, fault in fate.items() if fault == Fault.FINAL}
    quick_sink.fault = lambda address, n: fate.get(address) if n == 1 or address in never else None
    longest, ends, stayed = 0.0, time.monotonic() + size(60, 900), False
    while notice.deliveries.filter(state=State.WAITING).exists():
        assert time.monotonic() < ends
        began = time.monotonic()
        sending.run(seconds=0.5)
        longest = max(longest, time.monotonic() - began)
        if not stayed and len(quick_sink.accepted) > mails // 2:
            stay_away(quick_sink, seconds=away)
            stayed = True
        quick_sink.wait_for(len(quick_sink.accepted) + 1, seconds=0.05)
    assert stayed
    copies = quick_sink.copies()
    figure(
        f"{mails} mails, server away for {away} s: arrived {len(copies)} of {mails - len(never)}, bounced {len(never)}, "
        f"doubled {len(quick_sink.accepted) - len(copies)}, longest turn {longest:.1f} s"
    )
    assert set(copies) == {f"p{n}@mail.example" for n in range(mails)} - never, "lost 0 of the deliverable"
    assert set(copies.values()) == {1}
    stopped = {row.address: row.person_id for row in Contact.objects.filter(stopped_at__isnull=False)}
    assert set(stopped) == never
    assert set(notice.deliveries.filter(state=State.BOUNCED).values_list("person_id", flat=True)) == set(stopped.values())
    assert not notice.deliveries.filter(channel=Channel.EMAIL).exclude(state__in=(State.ACCEPTED, State.BOUNCED)).exists()
    assert longest < 20
