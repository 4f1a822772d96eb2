"""How long, with which words and codes: pure questions about a committee that leaves and one that comes."""

from __future__ import annotations

import re
from datetime import timedelta

from committees.base import crypto, slugs
from committees.jointly.models import JointAct
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.people import names

#: So long members see their code where they came from, and so long their place waits where they go to.
CODES_FOR = timedelta(days=180)
#: So long a file that was brought waits for an answer, and so long it is kept after one.
WAITS_FOR = timedelta(days=30)
KEPT_DAYS = 14
#: Who has a place to take on the other server.
COME_ALONG = frozenset({Standing.PROBATION, Standing.MEMBER, Standing.INACTIVE})
#: 450 words and 27 letters: about 70 and 95 bits.
WORDS = 8
GROUPS, GROUP = 5, 4


def _picked(secret: str, *, purpose: str, among: str | tuple[str, ...], count: int) -> list[str]:
    """So many of these, made of the server's key: the same each time, and kept nowhere."""
    number = int(crypto.lookup_hmac(secret, purpose=purpose), 16)
    found = []
    for _ in range(count):
        number, place = divmod(number, len(among))
        found.append(among[place])
    return found


def passphrase(act: JointAct) -> str:
    """The words that seal the file of this departure."""
    return "-".join(_picked(act.slug, purpose="resettling.passphrase", among=names.words(), count=WORDS))


def code(act: JointAct, member: Membership) -> str:
    """With what this member takes their place on the other server, in groups that can be copied by hand."""
    letters = _picked(f"{act.slug} {member.slug}", purpose="resettling.place", among=slugs.ALPHABET, count=GROUPS * GROUP)
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, len(letters), GROUP)).upper()


def digest(typed: str) -> str:
    """What the file and the other server keep of a code; case and dashes don't count."""
    return names.paper_digest(typed)


def tidy(typed: str) -> str:
    """The passphrase as it was meant: lower case, one hyphen between words, whatever blanks were typed."""
    return "-".join(re.findall(r"[a-z]+", typed.lower()))
