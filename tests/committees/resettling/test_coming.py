"""Somebody brings a committee: those who verify founders answer, it is unpacked whole or not at all, and members take their places."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies.models import Committee, Life, Scope
from committees.directory.models import Workplace
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.ledger.models import Entry
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Power, Role, Standing
from committees.notices.models import Notice
from committees.people.models import Person
from committees.resettling import chest, parts, rules
from committees.resettling import commands as resettling
from committees.resettling.chest import SUMMARY
from committees.resettling.models import Arrival, Seat, State
from tests import make
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def code(departure: JointAct, member: Membership) -> str:
    return rules.code(departure, member)


def brought(packed: bytes, departure: JointAct, member: Membership, to: Workplace, **said: Any) -> Arrival:
    """A new account on the other server brings the file, with the code of that member."""
    fields: dict[str, Any] = {"workplace": to, "note": "Call me at the hall.", "by": make.person(), "at": timezone.now()} | said
    return resettling.bring(packed, code(departure, member), **fields)


def of_alliance() -> Membership:
    return make.reloaded(make.organizer_of(make.alliance()))


def come(packed: bytes, departure: JointAct, member: Membership, to: Workplace) -> Arrival:
    arrival = brought(packed, departure, member, to)
    resettling.accept(arrival, by=of_alliance(), at=timezone.now())
    resettling.unpack_accepted(timezone.now())
    return Arrival.objects.get(pk=arrival.pk)


def repacked(packed: bytes, change: Callable[[dict[str, list[dict[str, Any]]]], None], *, honest: bool = True) -> bytes:
    """The same chest with something in it changed; with digests made anew, unless not `honest`."""
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    summary = json.loads(files.pop(SUMMARY))
    rows = {name.removesuffix(".jsonl"): [json.loads(line) for line in content.splitlines()] for name, content in files.items()}
    change(rows)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, lines in rows.items():
            content = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
            made.writestr(f"{name}.jsonl", content)
            if honest:
                summary["files"][name] = {"rows": len(lines), "sha256": hashlib.sha256(content).hexdigest()}
        made.writestr(SUMMARY, json.dumps(summary))
    return out.getvalue()


# -- Asking ----------------------------------------------------------------------------------------------------------------


def test_organizers_of_the_alliance_are_asked_and_read_no_content(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    arrival = brought(packed, departure, cast.ada, elsewhere)
    assert Notice.objects.filter(kind="resettling/asked", about_id=arrival.pk).exists()
    judge = of_alliance()
    assert judge.person
    page = make.client(judge.person).get(reverse("resettling:answer", args=[judge.committee.slug, arrival.slug])).content.decode()
    assert cast.committee.name in page
    assert "Call me at the hall." in page
    assert cast.ben.handle not in page


def test_the_committee_of_a_region_comes_to_a_workplace_there_and_nowhere_else(cast: make.Cast, departure: JointAct, packed: bytes) -> None:
    def of_texas(rows: dict[str, list[dict[str, Any]]]) -> None:
        rows["committee"][0].update(scope="region", country="US", region="TX")

    there = {"country": "US", "zone": "America/Chicago", "city": "Houston"}
    for place in ({"city": "Leeds"}, there, there | {"region": "Ohio"}):
        with pytest.raises(Refused, match="Choose a workplace there"):
            brought(repacked(packed, of_texas), departure, cast.ada, make.workplace(**place))
    arrival = come(repacked(packed, of_texas), departure, cast.ada, make.workplace(**there, region="Téxas"))
    assert arrival.committee
    assert (arrival.committee.country, arrival.committee.region, arrival.committee.region_key) == ("US", "Texas", "texas")
    assert arrival.committee.workplace is None
    judge = of_alliance()
    assert judge.person
    page = make.client(judge.person).get(reverse("resettling:answer", args=[judge.committee.slug, arrival.slug])).content.decode()
    assert "One region (<bdi>TX</bdi>)" in page


def test_the_committee_of_a_country_is_not_taken_for_that_of_another(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    def of_a_country(code: str) -> bytes:
        return repacked(packed, lambda rows: rows["committee"][0].update(scope="region", country=code))

    with pytest.raises(Refused, match="This committee is for United States"):
        brought(of_a_country("US"), departure, cast.ada, elsewhere)
    arrival = come(of_a_country("GB"), departure, cast.ada, elsewhere)
    assert arrival.committee
    assert (arrival.committee.country, arrival.committee.region) == ("GB", "")


def test_what_leaves_says_for_which_region_it_is(cast: make.Cast) -> None:
    texas = make.wider(Scope.REGION, make.committee(site=make.workplace(country="US", zone="America/Chicago", region="TX")), region="texas")
    packing = chest.Packing()
    parts.pack_committee(Committee.objects.select_related("policy").get(pk=texas.pk), packing)
    line = chest.Chest(packing.close()).only("committee")
    assert (line.text("scope", 12), line.text("country", 2), line.text("region", 80)) == ("region", "US", "Texas")


@pytest.mark.parametrize("who", ["ben", "cleo", "mo"])
def test_only_who_organized_it_brings_it(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace, who: str) -> None:
    with pytest.raises(Refused, match="not the code of somebody who organizes"):
        brought(packed, departure, getattr(cast, who), elsewhere)
    assert not Arrival.objects.exists()


def test_wrong_words_and_other_files_are_refused_beside_their_field(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    browser = make.client(make.person())
    form = reverse("resettling:bring", args=[elsewhere.slug])
    start = browser.get(reverse("membership:start", args=[elsewhere.slug])).content.decode()
    assert f'href="{form}"' in start

    def sent(content: bytes, words: str) -> Any:
        key = browser.get(form).context["form"]["form_key"].value()
        said = {
            "file": SimpleUploadedFile("committee.age", content),
            "passphrase": words,
            "code": code(departure, cast.ada),
            "note": "It is me.",
            "form_key": key,
        }
        return browser.post(form, said)

    words = rules.passphrase(departure)
    file = chest.sealed(packed, words)
    wrong = sent(file, "acorn amber anchor")
    assert wrong.status_code == 422
    assert "do not open this file" in wrong.context["form"].errors["passphrase"][0]
    assert b"It is me." in wrong.content
    assert b"Choose the file again" in wrong.content
    assert "Check each of them" in sent(b"no such thing", words).context["form"].errors["passphrase"][0]
    assert "cannot be read" in sent(chest.sealed(b"not a chest", words), words).context["form"].errors["file"][0]
    assert sent(file, words.replace("-", "  ").upper()).status_code == 302
    assert "brought a committee already" in sent(file, words).content.decode()


def test_the_same_form_twice_is_one_arrival(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    who, key = make.person(), uuid.uuid4()
    first = brought(packed, departure, cast.ada, elsewhere, by=who, form_key=key)
    assert brought(packed, departure, cast.ada, elsewhere, by=who, form_key=key).pk == first.pk


def test_who_brought_it_takes_it_back_and_the_file_is_gone(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    who = make.person()
    arrival = brought(packed, departure, cast.ada, elsewhere, by=who)
    assert make.client(make.person()).post(arrival.get_absolute_url()).status_code == 404
    assert make.client(who).post(arrival.get_absolute_url()).status_code == 302
    gone = Arrival.objects.get()
    assert (gone.state, gone.content) == (State.WITHDRAWN, None)
    with pytest.raises(Refused):
        resettling.accept(gone, by=of_alliance(), at=timezone.now())


def test_it_is_declined_with_a_reason_that_they_read(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    who = make.person()
    arrival = brought(packed, departure, cast.ada, elsewhere, by=who)
    judge = of_alliance()
    assert judge.person
    answer = reverse("resettling:answer", args=[judge.committee.slug, arrival.slug])
    browser = make.client(judge.person)
    assert browser.post(answer, {"act": "decline", "reason": "no"}).status_code == 422
    assert browser.post(answer, {"act": "decline", "reason": "Nobody of us knows you. Come to a meeting first."}).status_code == 302
    assert "Nobody of us knows you" in make.client(who).get(arrival.get_absolute_url()).content.decode()
    assert Notice.objects.filter(kind="resettling/answered", about_id=arrival.pk).exists()
    assert not Committee.objects.filter(name=cast.committee.name).exclude(pk=cast.committee.pk).exists()


def test_nobody_lets_their_own_committee_come(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    judge = of_alliance()
    arrival = brought(packed, departure, cast.ada, elsewhere, by=judge.person)
    with pytest.raises(PermissionDenied):
        resettling.accept(arrival, by=judge, at=timezone.now())
    with pytest.raises(PermissionDenied):
        resettling.accept(arrival, by=make.reloaded(cast.ada), at=timezone.now())


def test_what_nobody_answers_ends_after_a_month(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    arrival = brought(packed, departure, cast.ada, elsewhere)
    assert resettling.lapse(timezone.now() + 29 * DAY) == 0
    assert resettling.lapse(timezone.now() + 31 * DAY) == 1
    assert resettling.lapse(timezone.now() + 31 * DAY) == 0
    assert Arrival.objects.get().content is None
    assert resettling.forget(timezone.now() + 46 * DAY) == 1
    assert not Arrival.objects.filter(pk=arrival.pk).exists()


# -- Being there -----------------------------------------------------------------------------------------------------------


def test_it_comes_with_its_rules_names_roles_and_standings(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    arrival = come(packed, departure, cast.ada, elsewhere)
    assert arrival.state == State.THERE
    here = arrival.committee
    assert here is not None
    assert (here.name, here.life, here.workplace, here.verified_by) == (cast.committee.name, Life.ACTIVE, elsewhere, make.alliance())
    old = {m.handle: m for m in Membership.objects.filter(committee=cast.committee)}
    new = {m.handle: m for m in Membership.objects.filter(committee=here)}
    assert old.keys() == new.keys()
    assert new[cast.ada.handle].person == arrival.brought_by
    assert Power.CALL_MEETING in make.reloaded(new[cast.ada.handle]).powers, "whoever brought it organizes it"
    others = [m for handle, m in new.items() if handle != cast.ada.handle]
    assert {(m.standing, m.person) for m in others} == {(Standing.EXPECTED, None)}
    assert list(RoleTerm.objects.filter(membership=new[cast.mo.handle]).values_list("role", flat=True)) == [Role.MODERATOR]
    assert Entry.objects.filter(chain=here.slug, verb="committee.arrived").exists()
    assert arrival.content is None
    assert here.policy.checks_needed == cast.committee.policy.checks_needed


def test_members_take_their_places_once(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    come(packed, departure, cast.ada, elsewhere)
    who = make.person()
    browser, form = make.client(who), reverse("resettling:place")
    assert f'href="{form}"' in browser.get(reverse("bodies:list")).content.decode()
    assert browser.post(form, {"code": "WRONG-CODE"}).status_code == 422
    mine = code(departure, cast.mo).replace("-", " ").lower()
    assert browser.post(form, {"code": mine}).status_code == 302
    place = Membership.objects.get(person=who)
    assert (place.handle, place.standing) == (cast.mo.handle, Standing.MEMBER)
    assert Power.MODERATE in make.reloaded(place).powers
    assert make.client(make.person()).post(form, {"code": mine}).status_code == 422, "a code is used once"
    with pytest.raises(Refused, match="under another name"):
        resettling.take_place(code(departure, cast.ben), by=who, at=timezone.now())


def test_first_weeks_go_on_where_they_were(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    Membership.objects.filter(pk=cast.cleo.pk).update(probation_until=timezone.now() + 5 * DAY)
    again = resettling.pack(departure, by=make.reloaded(cast.ada), at=timezone.now())
    come(again, departure, cast.ada, elsewhere)
    cleo = resettling.take_place(code(departure, cast.cleo), by=make.person(), at=timezone.now())
    assert cleo.standing == Standing.PROBATION
    assert cleo.probation_until
    assert timezone.now() + 4 * DAY < cleo.probation_until < timezone.now() + 6 * DAY


def test_places_wait_for_half_a_year(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    come(packed, departure, cast.ada, elsewhere)
    later = timezone.now() + 181 * DAY
    with pytest.raises(Refused):
        resettling.take_place(code(departure, cast.ben), by=make.person(), at=later)
    assert resettling.let_places_go(later) == Membership.objects.filter(standing=Standing.LAPSED).count() > 0
    assert not Seat.objects.exists()
    assert not Membership.objects.filter(standing=Standing.EXPECTED).exists()


def test_where_workers_have_a_committee_nothing_comes_and_they_are_told_why(cast: make.Cast, departure: JointAct, packed: bytes) -> None:
    """The old committee is still at the old site: whoever forgot that it is listed there reads so."""
    assert cast.committee.workplace
    arrival = come(packed, departure, cast.ada, cast.committee.workplace)
    assert arrival.state == State.BROKEN
    assert "have a committee here already" in str(arrival.reason)
    assert Notice.objects.filter(kind="resettling/answered", about_id=arrival.pk).exists()
    assert Membership.objects.filter(standing=Standing.EXPECTED).count() == 0


def test_unpacked_twice_at_once_it_is_there_once(transactional_db: None, request: pytest.FixtureRequest) -> None:
    cast: make.Cast = make.cast()
    second = make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))
    begun = timezone.now() - timedelta(hours=73)
    act = jointly.propose_leaving(reason="This server closes soon.", by=make.reloaded(cast.ada), at=begun)
    jointly.agree(act, by=second, at=begun)
    jointly.carry_out(timezone.now())
    act = JointAct.objects.select_related("committee").get(pk=act.pk)
    content = resettling.pack(act, by=make.reloaded(cast.ada), at=timezone.now())
    arrival = brought(content, act, cast.ada, make.workplace())
    resettling.accept(arrival, by=of_alliance(), at=timezone.now())
    came = at_once([lambda: resettling.unpack_accepted(timezone.now())] * 3)
    assert sum(came) == 1
    assert Committee.objects.filter(name=cast.committee.name).count() == 2


# -- A file that somebody made up ------------------------------------------------------------------------------------------


def _no_such_role(rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["members"][0]["terms"] = [{"role": "emperor", "begins_at": "2026-01-01T00:00:00+00:00", "ends_at": None, "interim": False}]


def _twice_the_same_name(rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["members"][1]["handle"] = rows["members"][0]["handle"]


def _an_office_for_a_name(rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["members"][1]["handle"] = "Administrator"


def _a_name_with_a_zero(rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["committee"][0]["name"] = "A\x00B"


def _a_list_for_a_name(rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["committee"][0]["name"] = ["A"]


def _a_place_for_who_was_removed(rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["members"][1]["standing"] = "removed"


def _twice_the_same_place(rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["members"][1]["place"] = rows["members"][0]["place"]


def _no_zone(rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["committee"][0]["zone"] = "Mars/Olympus"


MADE_UP = [
    _no_such_role,
    _twice_the_same_name,
    _an_office_for_a_name,
    _a_name_with_a_zero,
    _a_list_for_a_name,
    _a_place_for_who_was_removed,
    _twice_the_same_place,
    _no_zone,
]


@pytest.mark.parametrize("change", MADE_UP)
def test_what_cannot_be_is_refused_whole(
    cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace, change: Callable[[dict[str, list[dict[str, Any]]]], None]
) -> None:
    before = (Committee.objects.count(), Membership.objects.count())
    made_up = repacked(packed, change)
    said = ""
    try:
        said = str(come(made_up, departure, cast.ada, elsewhere).reason)
    except Refused as no:
        said = str(no)
    assert "cannot be read" in said
    assert (Committee.objects.count(), Membership.objects.count()) == before


def test_a_file_that_does_not_add_up_is_refused_at_once(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    fewer = repacked(packed, lambda rows: rows["log"].pop() and None, honest=False)
    with pytest.raises(Refused, match="cannot be read"):
        brought(fewer, departure, cast.ada, elsewhere)


def test_a_file_of_a_newer_version_says_so(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    newer = repacked(packed, lambda rows: rows.update(ballots=[{"n": 1}]))
    with pytest.raises(Refused, match="newer version"):
        brought(newer, departure, cast.ada, elsewhere)


def test_nobody_is_signed_up_in_someone_elses_place(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    """A code that was made up leads nowhere, and to ask costs one query, whoever asks."""
    come(packed, departure, cast.ada, elsewhere)
    somebody: Person = make.person()
    for typed in ("", "-", "A" * 60, code(departure, cast.ada)):
        with pytest.raises(Refused, match="leads to no place"):
            resettling.take_place(typed, by=somebody, at=timezone.now())
