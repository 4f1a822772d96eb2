"""Who stands outside of a committee. test_hidden proves that they get the answer there that nothing gets, to the byte."""

from __future__ import annotations

from tests.safety.routes import Route, routes
from tests.safety.table import ROLES
from tests.safety.world import WORDS_OF_PATHS

#: With these the name in the path is the link that somebody was given (tests/house/test_doors.py).
BY_LINK = {"bodies:card", "membership:begin"}
#: Rooms that stand below committees: what their slugs name belongs to a person or to the directory.
BELOW = ("committees.people", "committees.notices", "committees.directory")
WITH_NAMES = [route for route in routes() if set(route.params) - WORDS_OF_PATHS]
OF_COMMITTEES = [route for route in WITH_NAMES if {"committee_slug", "slug"} & set(route.params) and route.room not in BELOW and route.name not in BY_LINK]

#: Outside the hidden committee are all whom the matrix knows; whoever is not signed in is sent to sign in, whatever the path.
OUTSIDE_HUSH = tuple(role for role in ROLES if role != "anonymous")
#: In no committee, or in one no more.
NOWHERE = ("registered", "applicant", "admin", "suspended", "aside", "left", "removed")
OUTSIDE_HOME = (*NOWHERE, "elsewhere", "elsewhere_org")


def gets_what_nothing_gets(role: str, route: Route, committee: str) -> bool:
    """Whether test_hidden proves that this role's answer there tells nothing, so that nobody needs to read it."""
    if route not in OF_COMMITTEES:
        return False
    if committee == "hush":
        return True
    return committee == "other" and route.door == "member" and role in NOWHERE
