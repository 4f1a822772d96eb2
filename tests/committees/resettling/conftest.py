"""Ada and a second organizer took all that their committee has; somewhere there is an alliance that can let it come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from committees.directory.models import Workplace
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.resettling import commands as resettling
from tests import make, standing

cast = standing.scene(make.cast)
WHY = "This server closes at the end of the year."


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))


@pytest.fixture
def departure(cast: make.Cast, second: Membership) -> JointAct:
    """Agreed, open to objection for three days, and done."""
    begun = timezone.now() - timedelta(hours=73)
    act = jointly.propose_leaving(reason=WHY, by=make.reloaded(cast.ada), at=begun)
    jointly.agree(act, by=second, at=begun)
    jointly.carry_out(timezone.now())
    return JointAct.objects.select_related("committee").get(pk=act.pk)


@pytest.fixture
def packed(cast: make.Cast, departure: JointAct) -> bytes:
    return resettling.pack(departure, by=make.reloaded(cast.ada), at=timezone.now())


@pytest.fixture
def elsewhere(cast: make.Cast) -> Workplace:
    """The site as the other server's directory has it."""
    return make.workplace(name="The same site, elsewhere")
