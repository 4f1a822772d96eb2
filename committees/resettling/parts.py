"""What the committee itself and its members are in the file; rooms above pack the rest (register.py).

Nothing in it leads to a person: no address, no account, no answer that an applicant gave. It holds what two organizers of the
committee could have read page by page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from committees.base import languages
from committees.base.errors import Refused
from committees.base.text import clean_line
from committees.bodies.models import Committee, Scope
from committees.jointly.models import JointAct
from committees.ledger.models import Entry
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import GIVEN, Role, Standing
from committees.resettling import register, rules
from committees.resettling.chest import Chest, Line, Packing

OWN_FILES = ("committee", "charters", "members", "log")


# -- Leaving ---------------------------------------------------------------------------------------------------------------


def pack_committee(committee: Committee, packing: Packing) -> None:
    site = committee.workplace
    policy = committee.policy
    facts = {
        "name": committee.name,
        "scope": committee.scope,
        "zone": committee.zone,
        "languages": committee.languages,
        "visibility": committee.visibility,
        "founding_number": committee.founding_number,
        "founded_at": committee.founded_at.isoformat(),
        "place": site.title if site else "",
        "country": committee.country if committee.scope == Scope.REGION else "",
        "region": committee.region,
        "policy": {
            "checks_needed": policy.checks_needed,
            "probation_days": policy.probation_days,
            "reapply_days": policy.reapply_days,
            "shifts": policy.shifts,
            "questions": policy.questions,
        },
    }
    packing.add("committee", [facts])
    words = ("version", "language", "text", "who_may_join", "how_we_decide", "attestation", "quorum")
    packing.add(
        "charters",
        ({name: getattr(each, name) for name in words} | {"adopted_at": each.adopted_at.isoformat()} for each in committee.charters.order_by("version")),
    )


def pack_members(committee: Committee, act: JointAct, packing: Packing) -> dict[int, int]:
    """Everybody who was ever a member, with the code's digest of those who have a place to take. Returns key → number in the file."""
    numbers: dict[int, int] = {}

    def rows() -> Iterator[dict[str, Any]]:
        found = Membership.objects.filter(committee=committee).order_by("pk")
        read = found.prefetch_related(
            "reserved_handles", Prefetch("terms", RoleTerm.objects.filter(stands_in_for=None, role__in=sorted(GIVEN)).order_by("begins_at", "pk"))
        )
        for number, member in enumerate(read.iterator(chunk_size=2000), start=1):
            numbers[member.pk] = number
            yield _packed(member, number, act)

    packing.add("members", rows())
    return numbers


def _packed(member: Membership, number: int, act: JointAct) -> dict[str, Any]:
    comes = member.standing in rules.COME_ALONG and member.person_id
    return {
        "n": number,
        "handle": member.handle,
        "names": sorted({each.key for each in member.reserved_handles.all()} - {member.handle_key}),
        "shift": member.shift,
        "standing": member.standing,
        "founder": member.is_founder,
        "joined_at": member.joined_at.isoformat(),
        "changed_at": member.changed_at.isoformat(),
        "probation_until": member.probation_until.isoformat() if member.probation_until else None,
        "attested_version": member.attested_version,
        "attested_at": member.attested_at.isoformat(),
        "in_question_since": member.revouch_since.isoformat() if member.revouch_since else None,
        "for_employer": member.removed_for_employer,
        "terms": [
            {"role": term.role, "begins_at": term.begins_at.isoformat(), "ends_at": term.ends_at.isoformat() if term.ends_at else None, "interim": term.interim}
            for term in member.terms.all()
        ],
        "place": rules.digest(rules.code(act, member)) if comes else None,
    }


def pack_log(committee: Committee, packing: Packing) -> None:
    """What was done, without names, for the committee's own keeping: the other server does not take another's log for its own."""
    found = Entry.objects.filter(chain=committee.slug).order_by("position").values("position", "at", "verb", "detail")
    packing.add("log", ({**row, "at": row["at"].isoformat()} for row in found.iterator(chunk_size=2000)))


# -- Coming ----------------------------------------------------------------------------------------------------------------


def facts(chest: Chest) -> Line:
    """What the file says of the committee; the words in it are looked at when they are asked for."""
    return chest.only("committee")


def outline(chest: Chest, *, at: datetime) -> dict[str, Any]:
    """What those who answer learn of it: the name, of which kind it is, how many have a place to take, since when it is there."""
    line = facts(chest)
    return {
        "name": clean_line(line.text("name", 120, least=1)),
        "scope": line.choice("scope", Scope),
        "region": _area(line, "region", 80),
        "members": sum(1 for member in chest.rows("members") if member.has("place")),
        "founded_at": min(line.instant("founded_at"), at),
    }


def country(chest: Chest) -> str:
    """The country for which it, or in which its region, is. A file from before it said so says nothing."""
    return _area(facts(chest), "country", 2)


def _area(line: Line, key: str, most: int) -> str:
    return clean_line(line.text(key, most)) if line.has(key) and line.choice("scope", Scope) == Scope.REGION else ""


def language(line: Line, key: str) -> str:
    """A language that this software knows."""
    code = line.text(key, 12)
    if not languages.is_known(code):
        raise line.wrong(key)
    return code


def brings(chest: Chest, digest: str, *, at: datetime) -> bool:
    """Whether this is the code of somebody who organizes the committee at that instant."""
    for line in chest.rows("members"):
        if line.has("place") and line.text("place", 64) == digest:
            terms = line.lines("terms", most=200)
            running = [each for each in terms if each.choice("role", Role) == Role.ORGANIZER and each.instant("begins_at") <= at]
            return line.choice("standing", Standing) == Standing.MEMBER and any(
                (each.maybe_instant("ends_at") or at + rules.WAITS_FOR) > at for each in running
            )
    return False


def require_known(chest: Chest) -> None:
    """Refused for a chest in which there is something that no room of this server knows."""
    known = {*OWN_FILES, *(name for part in register.parts() for name in part.files)}
    if not known.issuperset(chest.names):
        raise Refused(_("This file was made by a newer version of this software."), field="file")
