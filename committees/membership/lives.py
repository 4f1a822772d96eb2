"""What becomes of an application and of a membership, step by step (base/lives.py)."""

from __future__ import annotations

from committees.base.lives import Life, Step, fan
from committees.membership.applications import Application, State
from committees.membership.models import Membership
from committees.membership.roles import Standing

_NEW, _FULL, _SUSPENDED, _INACTIVE = Standing.PROBATION, Standing.MEMBER, Standing.SUSPENDED, Standing.INACTIVE
_OPEN = (State.PENDING, State.INFO_REQUESTED)

APPLICATION = Life(
    model=Application,
    column="state",
    title="An application",
    begins=(State.STARTED,),
    steps=(
        Step(State.STARTED, State.PENDING, "the applicant sends it"),
        Step(State.STARTED, State.WITHDRAWN, "the applicant withdraws"),
        Step(State.STARTED, State.EXPIRED, "it was not sent in 14 days"),
        Step(State.PENDING, State.INFO_REQUESTED, "a reviewer asks something"),
        Step(State.INFO_REQUESTED, State.PENDING, "the applicant answers"),
        *fan(_OPEN, State.ADMITTED, "a reviewer accepts, once the checks are there"),
        *fan(_OPEN, State.DECLINED, "a reviewer declines; or the committee closes"),
        *fan(_OPEN, State.SPAM, "a reviewer puts it aside"),
        *fan(_OPEN, State.WITHDRAWN, "the applicant withdraws"),
    ),
)
#: How places begin that come from another server with their committee: those to be taken, and those of people who are no longer there.
ARRIVES = (Standing.EXPECTED, Standing.LEFT, Standing.LAPSED, Standing.STEPPED_ASIDE, Standing.REMOVED)

MEMBERSHIP = Life(
    model=Membership,
    column="standing",
    title="A membership",
    begins=(_NEW, _FULL, *ARRIVES),
    steps=(
        Step(_NEW, _FULL, "the first weeks are over"),
        *fan((_NEW, _FULL), Standing.STEPPED_ASIDE, "the member was promoted and steps aside"),
        *fan((_NEW, _FULL), _INACTIVE, "unseen for 60 days, asked, and no answer in 30 more"),
        *fan((_NEW, _FULL, _INACTIVE), _SUSPENDED, "moderators suspend them; or two organizers have agreed to remove them"),
        *fan((_SUSPENDED, _INACTIVE), _FULL, "back: the suspension is over, or they want to belong again"),
        *fan((_SUSPENDED, _INACTIVE), _NEW, "back, and the first weeks are not over"),
        Step(_SUSPENDED, _INACTIVE, "the suspension of somebody is over who was inactive before it"),
        *fan((_NEW, _FULL, _SUSPENDED, _INACTIVE), Standing.LEFT, "the member leaves or erases the account; or the committee closes"),
        Step(_INACTIVE, Standing.LAPSED, "inactive for six months: what is personal is erased"),
        *fan((_NEW, _FULL, _SUSPENDED, _INACTIVE), Standing.REMOVED, "two organizers agreed, and members did not stop it"),
        *fan((Standing.LEFT, Standing.STEPPED_ASIDE, Standing.LAPSED), Standing.REMOVED, "the same, where they went first"),
        *fan((Standing.LEFT, Standing.STEPPED_ASIDE, Standing.REMOVED), _NEW, "accepted again"),
        *fan((Standing.LEFT, Standing.STEPPED_ASIDE, Standing.REMOVED), _FULL, "accepted again, where there are no first weeks"),
        Step(Standing.EXPECTED, _FULL, "came with the committee from another server, and takes their place with their code"),
        Step(Standing.EXPECTED, _NEW, "the same, and the first weeks are not over"),
        Step(Standing.EXPECTED, Standing.LAPSED, "nobody took the place in half a year"),
        Step(Standing.EXPECTED, Standing.LEFT, "the committee closes"),
        Step(Standing.EXPECTED, Standing.REMOVED, "two organizers agreed, and members did not stop it"),
    ),
)
