import pytest

from committees.alliance.models import Affiliation
from committees.membership.models import Membership
from committees.membership.roles import Role
from tests import make, standing

cast = standing.scene(make.cast)


@pytest.fixture
def tie(cast: make.Cast) -> Affiliation:
    """The cast's committee belongs to the alliance."""
    return make.affiliated(cast.committee)


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    """Another organizer of the cast's committee."""
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))
