"""Nobody organizes a committee any more: a member offers to, and the wider committee and the members decide."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct, State
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
WHY = "I know the people on all three shifts."
LATER = timedelta(hours=73)


def now() -> datetime:
    return timezone.now()


@pytest.fixture
def ben(cast: make.Cast) -> Membership:
    """A member of the cast's committee, after its only organizer went."""
    RoleTerm.objects.filter(membership=cast.ada).update(ends_at=now() - timedelta(minutes=1))
    return make.reloaded(cast.ben)


@pytest.fixture
def intake(cast: make.Cast) -> Membership:
    return make.reloaded(make.organizer_of(make.alliance()))


def offered(ben: Membership) -> JointAct:
    return jointly.volunteer(months=6, reason=WHY, by=ben, at=now())


def test_the_wider_committee_agrees_and_members_can_object(ben: Membership, intake: Membership) -> None:
    act = offered(ben)
    jointly.agree(act, by=intake, at=now())
    assert Role.ORGANIZER not in make.reloaded(ben).roles
    jointly.carry_out(now() + LATER)
    assert JointAct.objects.get().state == State.DONE
    assert RoleTerm.objects.running(now() + LATER + timedelta(seconds=1)).filter(membership=ben, role=Role.ORGANIZER).exists()


def test_the_page_says_when_it_happens(ben: Membership) -> None:
    assert ben.person is not None
    page = make.client(ben.person).get(reverse("jointly:volunteer", args=[ben.committee.slug])).content.decode()
    assert ("then it happens at once" in page, "three days to object" in page) == (False, True)


def test_while_the_committee_is_forming_too() -> None:
    founder = make.forming()
    RoleTerm.objects.filter(membership=founder).update(ends_at=now() - timedelta(minutes=1))
    founder = make.reloaded(founder)
    assert founder.person is not None
    page = make.client(founder.person).get(reverse("jointly:volunteer", args=[founder.committee.slug])).content.decode()
    assert ("then it happens at once" in page, "three days to object" in page) == (True, False)
    jointly.agree(offered(founder), by=make.reloaded(make.organizer_of(make.alliance())), at=now())
    assert JointAct.objects.get().state == State.DONE


def test_not_where_somebody_organizes(cast: make.Cast, intake: Membership) -> None:
    with pytest.raises(Refused, match="Somebody organizes here"):
        offered(make.reloaded(cast.ben))
    assert cast.ben.person is not None
    assert "Offer to organize" not in make.client(cast.ben.person).get(cast.committee.get_absolute_url()).content.decode()


def test_two_who_offer_do_not_both_become_one_unasked(cast: make.Cast, ben: Membership, intake: Membership) -> None:
    """The second one is no longer needed once the first one organizes."""
    first, second = offered(ben), offered(make.reloaded(cast.mo))
    jointly.agree(first, by=intake, at=now())
    JointAct.objects.filter(pk=first.pk).update(happens_at=now())  # three days later
    jointly.carry_out(now())
    with pytest.raises(Refused, match="organizes there now"):
        jointly.agree(second, by=intake, at=now())


def test_nobody_agrees_to_their_own_offer_nor_a_new_member_offers(cast: make.Cast, ben: Membership, intake: Membership) -> None:
    act = offered(ben)
    with pytest.raises(PermissionDenied):
        jointly.agree(act, by=ben, at=now())
    with pytest.raises(PermissionDenied):
        offered(make.reloaded(cast.cleo))


def test_it_is_taken_back_by_whoever_offered(ben: Membership, intake: Membership) -> None:
    jointly.drop(offered(ben), by=ben, at=now())
    assert JointAct.objects.get().state == State.DROPPED


def test_it_begins_on_the_committees_page(cast: make.Cast, ben: Membership, intake: Membership) -> None:
    assert ben.person is not None
    client, form = make.client(ben.person), reverse("jointly:volunteer", args=[cast.committee.slug])
    assert f'href="{form}"' in client.get(cast.committee.get_absolute_url()).content.decode()
    assert client.post(form, {"reason": "no"}).status_code == 422
    key = client.get(form).context["form"]["form_key"].value()
    answer = client.post(form, {"months": "12", "reason": WHY, "form_key": key})
    assert answer.status_code == 302
    assert intake.person is not None
    asked = make.client(intake.person).get(JointAct.objects.get().url_in(intake.committee.slug)).content.decode()
    assert WHY in asked
    assert ben.handle not in asked
    assert "Drop the proposal" in client.get(answer["Location"]).content.decode()
