from __future__ import annotations

import pytest
from django.utils import timezone

from committees.bodies.models import Committee
from committees.membership.models import Membership
from organizing.forum import commands as forum
from organizing.forum.models import Board
from tests import make, standing

cast = standing.scene(make.cast)


@pytest.fixture
def wide(cast: make.Cast) -> Committee:
    """The alliance, to which the cast's committee belongs."""
    make.affiliated(cast.committee)
    return make.alliance()


@pytest.fixture
def neighbour(wide: Committee) -> Membership:
    """A member of another site's committee that belongs to the alliance too."""
    there = make.committee()
    make.affiliated(there)
    return make.member(there, handle="Somebody elsewhere")


@pytest.fixture
def open_board(cast: make.Cast) -> Board:
    """A board of the cast's committee that anyone reads."""
    return forum.open_board("For everyone", "public", by=cast.ada, at=timezone.now())
