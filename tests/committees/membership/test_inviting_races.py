"""Many at once on an invitation's last places: exactly as many come through as there were."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.applications import Application, State
from committees.membership.invitations import Invitation
from committees.membership.roles import Role
from tests import make
from tests.committees.directory.test_races import at_once
from tests.committees.membership.test_inviting import answered, invited

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_of_fifty_who_send_at_once_by_one_for_three_exactly_three_come_through() -> None:
    organizer = make.reloaded(make.organizer_of(make.committee()))
    made = invited(organizer, cap=3)
    begun = [answered(made, make.person()) for _each in range(50)]
    results = at_once([lambda a=a: membership.apply(a, by=a.person, at=timezone.now()) for a in begun])
    through = [result for result in results if not isinstance(result, Refused)]
    told = [result for result in results if isinstance(result, membership.InvitationGone)]
    assert (len(through), len(told)) == (3, 47)
    assert Invitation.objects.get().uses == Application.objects.filter(invitation=made, state=State.PENDING).count() == 3


def test_the_same_application_sent_fifty_times_takes_one_place() -> None:
    made = invited(make.reloaded(make.organizer_of(make.committee())), cap=3)
    begun = answered(made, make.person())
    results = at_once([lambda: membership.apply(begun, by=begun.person, at=timezone.now()) for _tab in range(50)])
    assert not [result for result in results if isinstance(result, Refused)]
    assert Invitation.objects.get().uses == 1


def test_the_same_form_sent_twenty_times_makes_one() -> None:
    organizer, key = make.reloaded(make.organizer_of(make.committee())), uuid4()
    results = at_once([lambda: invited(organizer, form_key=key) for _press in range(20)])
    assert {made.pk for made in results} == {Invitation.objects.get().pk}


def test_of_two_who_revoke_it_one_does() -> None:
    committee = make.committee()
    organizers = [make.reloaded(make.organizer_of(committee)), make.member(committee, roles=(Role.ORGANIZER,))]
    made = invited(organizers[0])
    at_once([lambda by=by: membership.revoke_invitation(made, by=by, at=timezone.now()) for by in organizers])
    assert Entry.objects.filter(verb="invitation.revoked").count() == 1
