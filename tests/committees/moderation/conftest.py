from collections.abc import Iterator

import pytest

from committees.moderation.models import Reason, Review
from tests import make, standing
from tests.committees.moderation import leaflets
from tests.committees.moderation.leaflets import Leaflet

cast = standing.scene(make.cast)


@pytest.fixture
def wall(db: None) -> Iterator[None]:
    with leaflets.wall():
        yield


@pytest.fixture
def leaflet(wall: None, cast: make.Cast) -> Leaflet:
    """What Ben wrote, and everybody in the committee reads."""
    return leaflets.put_up(cast.ben)


@pytest.fixture
def held(wall: None, cast: make.Cast) -> Review:
    """What Cleo, who is new, wrote: it waits to be shown."""
    from django.utils import timezone

    from committees.moderation import commands as moderation

    return moderation.hold(leaflets.put_up(cast.cleo, state="queued"), why=Reason.FIRST_POSTS, at=timezone.now())
