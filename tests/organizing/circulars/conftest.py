from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from committees.membership.models import Membership
from organizing.circulars import commands as circulars
from organizing.circulars.models import Circular
from tests import make, standing

cast = standing.scene(make.cast)

SUBJECT, TEXT = "Heat on the dock", "The doors stay **open** tonight. <script>alert(1)</script>"


def written(by: Membership, **more: Any) -> Circular:
    """A draft."""
    return circulars.draft(**{"subject": SUBJECT, "text": TEXT, "language": "en", "by": by, "at": timezone.now(), **more})


def sent(by: Membership, **more: Any) -> Circular:
    """A message that everyone got."""
    draft = written(by, **more)
    return circulars.send(draft, seen=draft.changed_at, by=by, at=more.get("at", timezone.now()))


@pytest.fixture
def draft(cast: make.Cast) -> Circular:
    return written(cast.ada)


@pytest.fixture
def message(cast: make.Cast) -> Circular:
    return sent(cast.ada)
