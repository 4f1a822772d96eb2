"""Two organizers take all that the committee has, after three days in which members can object; everybody gets a code of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct, State
from committees.ledger.models import Entry
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.people.models import Contact
from committees.resettling import commands as resettling
from committees.resettling import queries, rules
from committees.resettling.chest import Chest, unsealed
from tests import make
from tests.committees.resettling.conftest import WHY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def opened(packed: bytes) -> dict[str, str]:
    """Everything in the file, as text, by the name of the file."""
    chest = Chest(packed)
    return {name: "\n".join(str(line._values) for line in chest.rows(name)) for name in chest.names}


def test_members_can_object_for_three_days_also_while_it_is_forming(cast: make.Cast, second: Membership) -> None:
    begun = timezone.now()
    act = jointly.propose_leaving(reason=WHY, by=make.reloaded(cast.ada), at=begun)
    act = jointly.agree(act, by=second, at=begun)
    assert jointly.carry_out(begun + 71 * HOUR) == 0
    with pytest.raises(Refused, match="no longer be taken"):
        resettling.pack(act, by=make.reloaded(cast.ada), at=begun + 71 * HOUR)
    jointly.object_to(act, reason="We stay where we are.", by=make.reloaded(cast.ben), at=begun + HOUR)
    assert JointAct.objects.get().state == State.STOPPED
    founder = make.forming()
    own = jointly.propose_leaving(reason=WHY, by=founder, at=begun)
    assert jointly.agree(own, by=make.reloaded(make.organizer_of(make.alliance())), at=begun).state == State.AGREED


def test_the_alliance_stays() -> None:
    of_alliance = make.reloaded(make.organizer_of(make.alliance()))
    with pytest.raises(Refused, match="stays here"):
        jointly.propose_leaving(reason=WHY, by=of_alliance, at=timezone.now())


def test_only_the_two_take_the_file_and_each_time_stands_in_the_log(cast: make.Cast, second: Membership, departure: JointAct) -> None:
    third, at, slug = make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,))), timezone.now(), cast.committee.slug
    for who in (third, cast.ben, cast.boss):
        with pytest.raises(PermissionDenied):
            resettling.pack(departure, by=who, at=at)
    assert third.person
    assert second.person
    address = reverse("resettling:take", args=[slug])
    assert make.client(third.person).post(address).status_code == 404
    page = make.client(third.person).get(reverse("resettling:leaving", args=[slug])).content.decode()
    assert rules.passphrase(departure) not in page
    answer = make.client(second.person).post(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith('.age"')
    Chest(unsealed(answer.content, rules.passphrase(departure))).look_through()
    assert Entry.objects.filter(chain=slug, verb="committee.packed").count() == 1


def test_after_three_days_it_is_gone_and_codes_stay_for_half_a_year(cast: make.Cast, departure: JointAct) -> None:
    later = timezone.now() + timedelta(days=4)
    with pytest.raises(Refused, match="Propose it anew"):
        resettling.pack(departure, by=make.reloaded(cast.ada), at=later)
    seen = queries.departure(make.reloaded(cast.ada), later)
    assert seen
    assert seen.code
    assert not seen.passphrase
    assert queries.departure(make.reloaded(cast.ada), timezone.now() + timedelta(days=181)) is None


def test_everybody_sees_their_own_code_and_nobody_elses(cast: make.Cast, departure: JointAct) -> None:
    address = reverse("resettling:leaving", args=[cast.committee.slug])
    codes = {member.pk: rules.code(departure, member) for member in Membership.objects.filter(committee=cast.committee)}
    assert len(set(codes.values())) == len(codes)
    for member in (cast.ada, cast.ben, cast.cleo):
        assert member.person
        browser = make.client(member.person)
        page = browser.get(address).content.decode()
        assert [pk for pk, code in codes.items() if code in page] == [member.pk]
        assert f'href="{address}"' in browser.get(cast.committee.get_absolute_url()).content.decode()
    assert cast.boss.person
    assert make.client(cast.boss.person).get(address).status_code == 404


def test_nobody_suspended_or_gone_gets_a_code(cast: make.Cast, departure: JointAct) -> None:
    make.put(cast.ben, Standing.SUSPENDED)
    make.put(cast.cleo, Standing.LEFT)
    kept = opened(resettling.pack(departure, by=make.reloaded(cast.ada), at=timezone.now()))["members"]
    for member in (cast.ben, cast.cleo):
        assert queries.departure(make.reloaded(member), timezone.now()) is None
        assert rules.digest(rules.code(departure, member)) not in kept
    assert rules.digest(rules.code(departure, cast.mo)) in kept


def test_nothing_in_the_file_leads_to_a_person(cast: make.Cast, departure: JointAct, packed: bytes) -> None:
    inside = "\n".join(opened(packed).values())
    assert cast.ben.handle in inside
    for contact in Contact.objects.all():
        assert str(contact.address) not in inside
    for member in Membership.objects.filter(committee=cast.committee).select_related("person"):
        assert member.person
        assert member.person.sign_in_name not in inside
        assert rules.code(departure, member) not in inside
    assert cast.dina.handle not in inside, "who only applied does not come along"


def test_it_is_proposed_from_the_settings_and_its_page_leads_to_the_code(cast: make.Cast, second: Membership) -> None:
    assert cast.ada.person
    assert second.person
    ada, slug = make.client(cast.ada.person), cast.committee.slug
    form = reverse("jointly:leave", args=[slug])
    assert f'href="{form}"' in ada.get(reverse("membership:settings", args=[slug])).content.decode()
    key = ada.get(form).context["form"]["form_key"].value()
    assert ada.post(form, {"reason": "short", "form_key": key}).status_code == 422
    assert ada.post(form, {"reason": WHY, "form_key": key}).status_code == 302
    act = JointAct.objects.get()
    assert make.client(second.person).post(reverse("jointly:agree", args=[slug, act.slug])).status_code == 302
    jointly.carry_out(timezone.now() + 73 * HOUR)
    assert f'href="{reverse("resettling:leaving", args=[slug])}"' in ada.get(act.url_in(slug)).content.decode()
