"""A committee comes: its rules, its charters, and everybody who was ever in it, none of them tied to a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base import languages
from committees.base.clock import validate_zone
from committees.base.errors import Refused
from committees.base.text import skeleton
from committees.bodies.models import QUORUM, Charter, Committee, JoiningPolicy, Scope, Visibility
from committees.jointly.forms import LONGEST_CHARTER, LONGEST_SENTENCE
from committees.membership import handles
from committees.membership.models import Membership, ReservedHandle, RoleTerm
from committees.membership.roles import GIVEN, Role, Standing
from committees.resettling import rules
from committees.resettling.chest import Chest, Line
from committees.resettling.models import Seat
from committees.resettling.parts import facts, language

MOST_MEMBERS = 50_000
MOST_SHIFTS = 60
MOST_QUESTIONS = 20
#: Where somebody is who has no place to take: outside, as they were; a suspension ends with the server that gave it.
_OUTSIDE = {Standing.SUSPENDED: Standing.LEFT, Standing.EXPECTED: Standing.LAPSED}


def unpack_committee(chest: Chest, subject: Mapping[str, Any], *, verified_by: Committee, at: datetime) -> Committee:
    """The committee with its charters and how one joins it. Refused where workers of that place have a listed one."""
    line = facts(chest)
    zone = line.text("zone", 64)
    try:
        validate_zone(zone)
    except ValidationError:
        raise line.wrong("zone") from None
    spoken = line.words("languages", most=40, each=12)
    try:
        with transaction.atomic():
            committee = Committee.objects.create(
                name=line.text("name", 120, least=1),
                scope=line.choice("scope", Scope),
                zone=zone,
                languages=[code for code in spoken if languages.is_known(code)],
                life="active",
                visibility=line.choice("visibility", Visibility),
                founding_number=line.number("founding_number", most=50, least=1),
                founded_at=min(line.instant("founded_at"), at),
                woken_at=at,
                verified_by=verified_by,
                **subject,
            )
    except IntegrityError:
        raise Refused(_("Workers have a committee here already. It can be joined.")) from None
    _policy(committee, line)
    _charters(committee, chest, at)
    return committee


def _policy(committee: Committee, line: Line) -> None:
    said = line.part("policy")
    questions = said.words("questions", most=MOST_QUESTIONS, each=600)
    JoiningPolicy.objects.create(
        committee=committee,
        checks_needed=said.number("checks_needed", most=3),
        probation_days=said.number("probation_days", most=90),
        reapply_days=said.number("reapply_days", most=3650),
        shifts=said.words("shifts", most=MOST_SHIFTS, each=60),
        questions=questions,
    )


def _charters(committee: Committee, chest: Chest, at: datetime) -> None:
    made = [
        Charter(
            committee=committee,
            version=line.number("version", most=10_000, least=1),
            language=language(line, "language"),
            text=line.text("text", LONGEST_CHARTER),
            who_may_join=line.text("who_may_join", LONGEST_CHARTER),
            how_we_decide=line.text("how_we_decide", LONGEST_CHARTER),
            attestation=line.text("attestation", LONGEST_SENTENCE),
            quorum=line.maybe_number("quorum", least=1, most=100) or QUORUM,
            adopted_at=min(line.instant("adopted_at"), at),
        )
        for line in chest.rows("charters")
    ]
    Charter.objects.bulk_create(made or [Charter(committee=committee, language=committee.languages[0] if committee.languages else "en", adopted_at=at)])


def unpack_members(committee: Committee, chest: Chest, *, at: datetime) -> dict[int, Membership]:
    """Everybody who was ever a member, none of them tied to a person. Returns number in the file → membership."""
    made: dict[int, Membership] = {}
    terms: list[RoleTerm] = []
    reserved: list[ReservedHandle] = []
    seats: list[Seat] = []
    for line in chest.rows("members"):
        number = line.number("n", most=MOST_MEMBERS, least=1)
        if number in made:
            raise line.wrong("n")
        member = made[number] = _member(committee, line, at)
        reserved += [ReservedHandle(committee=committee, membership=member, key=key, since=member.joined_at) for key in {member.handle_key, *_names(line)}]
        terms += [term for each in line.lines("terms", most=200) if (term := _term(committee, member, each)).role in GIVEN]  # nobody is sent from here yet
        if line.has("place"):
            seats.append(Seat(committee=committee, membership=member, digest=line.text("place", 64, least=64), until=at + rules.CODES_FOR))
    try:
        with transaction.atomic():
            Membership.objects.bulk_create(made.values(), batch_size=1000)
            ReservedHandle.objects.bulk_create(reserved, batch_size=1000)
            RoleTerm.objects.bulk_create(terms, batch_size=1000)
            Seat.objects.bulk_create(seats, batch_size=1000)
    except IntegrityError:
        raise Line({}, "members").wrong() from None
    return made


def _member(committee: Committee, line: Line, at: datetime) -> Membership:
    standing = line.choice("standing", Standing)
    expected = line.has("place")
    if expected and standing not in rules.COME_ALONG:
        raise line.wrong("place")
    until = line.maybe_instant("probation_until")
    if standing == Standing.PROBATION and until is None:
        raise line.wrong("probation_until")
    handle = line.text("handle", 40, least=1)
    try:
        handle = handles.well_formed(handle)
    except Refused:
        raise line.wrong("handle") from None
    return Membership(
        committee=committee,
        handle=handle,
        handle_key=skeleton(handle),
        shift=line.text("shift", 60) if expected else "",
        standing=Standing.EXPECTED if expected else _OUTSIDE.get(standing, Standing.LEFT if standing in rules.COME_ALONG else standing),
        is_founder=line.flag("founder"),
        joined_at=min(line.instant("joined_at"), at),
        changed_at=at if expected else min(line.instant("changed_at"), at),
        probation_until=min(until, at + timedelta(days=90)) if until and standing == Standing.PROBATION else None,
        attested_version=line.number("attested_version", most=10_000),
        attested_at=min(line.instant("attested_at"), at),
        revouch_since=line.maybe_instant("in_question_since"),
        removed_for_employer=line.flag("for_employer"),
    )


def _names(line: Line) -> list[str]:
    return line.words("names", most=200, each=80)


def _term(committee: Committee, member: Membership, line: Line) -> RoleTerm:
    begins, ends = line.instant("begins_at"), line.maybe_instant("ends_at")
    if ends is not None and ends < begins:
        raise line.wrong("ends_at")
    return RoleTerm(committee=committee, membership=member, role=line.choice("role", Role), begins_at=begins, ends_at=ends, interim=line.flag("interim"))
