"""The messages that a committee takes along to another server (committees/resettling)."""

from __future__ import annotations

from committees.resettling.chest import Chest, Packing
from committees.resettling.parts import language
from committees.resettling.register import Coming, Leaving
from organizing.circulars import rules
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


def unpack(coming: Coming, chest: Chest) -> None:
    made = []
    for line in chest.rows(FILE):
        by = coming.member(line.number("by"))
        if by is None:
            raise line.wrong("by")
        at = min(line.instant("sent_at"), coming.at)
        made.append(
            Circular(
                committee=coming.committee,
                by=by,
                language=language(line, "language"),
                subject=line.text("subject", rules.LONGEST_SUBJECT, least=1),
                text=line.text("text", rules.LONGEST_TEXT, least=1),
                changed_at=at,
                sent_at=at,
            )
        )
    Circular.objects.bulk_create(made, batch_size=200)
