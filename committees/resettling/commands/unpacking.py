"""What was accepted is unpacked: here whole, or not at all."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from committees.base.errors import Refused
from committees.bodies import commands as bodies
from committees.bodies.models import Scope
from committees.ledger import commands as ledger
from committees.notices import commands as notices
from committees.resettling import parts, register
from committees.resettling.chest import Chest, Damaged
from committees.resettling.commands import entering
from committees.resettling.commands.arriving import end
from committees.resettling.commands.placing import sit
from committees.resettling.models import Arrival, Seat, State

log = logging.getLogger(__name__)
AT_ONCE = 100


def unpack_accepted(at: datetime) -> int:
    """What was accepted is unpacked, each committee in one transaction: it is here whole, or not at all. Returns how many came."""
    due = list(Arrival.objects.filter(state=State.ACCEPTED).order_by("asked_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_unpack_or_say_why(pk, at) for pk in due)


def _unpack_or_say_why(pk: int, at: datetime) -> bool:
    try:
        with transaction.atomic():
            return _unpack(pk, at)
    except (Refused, ValidationError) as no:
        why = str(no) if isinstance(no, Refused) else " ".join(no.messages)
    except DatabaseError as no:  # its words would carry what members wrote into the log
        log.error("arrival %s could not be unpacked: %s", pk, type(no).__name__)
        why = str(Damaged())
    with transaction.atomic():
        arrival = Arrival.objects.without_file().select_for_update(skip_locked=True).filter(pk=pk, state=State.ACCEPTED).first()
        if arrival is not None:
            end(arrival, State.BROKEN, at=at, reason=why)
            ledger.record("arrival.broken", by=None, about=arrival, committee=arrival.asked, at=at)
            notices.post("resettling/answered", to=[arrival.brought_by_id], about=arrival, at=at)
    return False


def _unpack(pk: int, at: datetime) -> bool:
    row = Arrival.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, state=State.ACCEPTED)
    arrival = row.select_related("asked", "brought_by", "workplace__employer").first()
    if arrival is None:  # another worker is at it
        return False
    chest = Chest(bytes(arrival.content or b""))
    parts.require_known(chest)
    site = bodies.still_there(arrival.workplace)
    subject = bodies.subject_at(Scope(arrival.scope), site, country=parts.country(chest), region=arrival.region)
    committee = entering.unpack_committee(chest, subject, verified_by=arrival.asked, at=at)
    members = entering.unpack_members(committee, chest, at=at)
    coming = register.Coming(committee, members, at)
    for part in register.parts():
        part.unpack(coming, chest)
    seal = hashlib.sha256(bytes(arrival.content or b"")).hexdigest()
    ledger.record(
        "committee.arrived", by=arrival.brought_by, about=committee, committee=committee, at=at, detail={"members": len(members), "sha256": seal[:40]}
    )
    seat = Seat.objects.select_related("membership__committee").get(digest=arrival.place)
    sit(seat, arrival.brought_by, at=at)
    end(arrival, State.THERE, at=at, committee=committee)
    ledger.record("arrival.there", by=None, about=arrival, committee=arrival.asked, at=at)
    notices.post("resettling/answered", to=[arrival.brought_by_id], about=arrival, at=at)
    return True
