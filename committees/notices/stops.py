"""Unsubscribe links: sealed, so that they tell nothing and cannot be made by anybody else; dead after a panic."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from committees.base import crypto
from committees.notices.models import UnsubscribeEpoch

_LABEL = "notices.unsubscribe"


@dataclass(frozen=True)
class Stop:
    """What one link stops: the mail of one group, in one committee (or in none), to one person."""

    person_id: int
    committee_id: int | None
    group: str
    epoch: int


def token(stop: Stop) -> str:
    """The last part of the link's address."""
    plain = json.dumps([stop.person_id, stop.committee_id, stop.group, stop.epoch], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(crypto.seal(plain, label=_LABEL)).decode().rstrip("=")


def read(given: str) -> Stop | None:
    """What a link stops, if it is one of ours. Whether a panic ended it is for `living` to say."""
    try:
        sealed = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
        person_id, committee_id, group, epoch = json.loads(crypto.open_sealed(sealed, label=_LABEL))
    except (binascii.Error, crypto.CannotOpen, ValueError, IndexError, TypeError):
        return None
    return Stop(person_id, committee_id, group, epoch)


def living(given: str) -> Stop | None:
    """What an unsubscribe link stops; None if it is none of ours, or a panic has ended it."""
    stop = read(given)
    if stop is None:
        return None
    epoch = UnsubscribeEpoch.objects.filter(person_id=stop.person_id).values_list("number", flat=True).first() or 0
    return stop if epoch == stop.epoch else None


def link(stop: Stop) -> str:
    """The whole address, for a mail."""
    return f"{settings.SITE_URL}{reverse('notices:stop', args=[token(stop)])}"
