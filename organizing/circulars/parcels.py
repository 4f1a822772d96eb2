"""The messages that a committee takes along to another server (committees/resettling)."""

from __future__ import annotations

from committees.resettling.chest import Packing
from committees.resettling.register import Leaving
from organizing.circulars.models import Circular

FILE = "messages"


def pack(leaving: Leaving, packing: Packing) -> None:
    """What was sent; what organizers have begun is theirs."""
    sent = Circular.objects.filter(committee=leaving.committee).sent().order_by("sent_at", "pk")
    packing.add(
        FILE,
        (
            {"by": leaving.number(each.by_id), "language": each.language, "subject": each.subject, "text": each.text, "sent_at": each.sent_at.isoformat()}
            for each in sent.iterator(chunk_size=200)
            if each.sent_at is not None
        ),
    )
