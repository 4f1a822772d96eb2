"""Two organizers take the list of members out of here: members can object for a day, and each time it is fetched stands in the log."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct, State
from committees.ledger.models import Entry
from committees.membership.models import Membership
from committees.membership.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
WHY = "The print shop needs to know how many of each shift."
HOUR = timedelta(hours=1)


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))


def agreed(cast: make.Cast, second: Membership, *, at: datetime) -> JointAct:
    act = jointly.propose_export(reason=WHY, by=make.reloaded(cast.ada), at=at)
    return jointly.agree(act, by=second, at=at)


def released(cast: make.Cast, second: Membership) -> JointAct:
    act = agreed(cast, second, at=timezone.now() - 25 * HOUR)
    jointly.carry_out(timezone.now())
    return JointAct.objects.get(pk=act.pk)


def test_it_waits_a_day_and_not_three(cast: make.Cast, second: Membership) -> None:
    begun = timezone.now()
    act = agreed(cast, second, at=begun)
    assert jointly.carry_out(begun + 23 * HOUR) == 0
    with pytest.raises(Refused, match="no longer be fetched"):
        jointly.fetch(act, by=make.reloaded(cast.ada), at=begun + 23 * HOUR)
    assert jointly.carry_out(begun + 25 * HOUR) == 1


def test_also_while_a_committee_is_forming() -> None:
    founder = make.forming()
    act = jointly.propose_export(reason=WHY, by=founder, at=timezone.now())
    jointly.agree(act, by=make.reloaded(make.organizer_of(make.alliance())), at=timezone.now())
    assert JointAct.objects.get().state == State.AGREED


def test_members_stop_it(cast: make.Cast, second: Membership) -> None:
    act = agreed(cast, second, at=timezone.now())
    jointly.object_to(act, reason="Nobody needs our names.", by=make.reloaded(cast.ben), at=timezone.now())
    assert JointAct.objects.get().state == State.STOPPED


def test_the_two_fetch_it_and_each_time_stands_in_the_log(cast: make.Cast, second: Membership) -> None:
    act, slug = released(cast, second), cast.committee.slug
    Membership.objects.filter(pk=cast.ben.pk).update(handle="=1+1 dock")
    assert cast.ada.person is not None
    ada = make.client(cast.ada.person)
    address = reverse("jointly:fetch", args=[slug, act.slug])
    assert f'action="{address}"' in ada.get(act.url_in(slug)).content.decode()
    answer = ada.post(address)
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert len(rows) == 1 + Membership.objects.filter(committee=cast.committee).count()
    names = [row[0] for row in rows]
    assert "'=1+1 dock" in names
    assert cast.mo.handle in names
    assert "Moderator" in next(row for row in rows if row[0] == cast.mo.handle)[2]
    assert answer["Cache-Control"].startswith("private") or "no-store" in answer["Cache-Control"]
    ada.post(address)
    assert Entry.objects.filter(chain=slug, verb="members.exported").count() == 2


def test_nobody_else_fetches_it(cast: make.Cast, second: Membership) -> None:
    act, third = released(cast, second), make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,)))
    for who in (third, cast.boss, cast.ben):
        with pytest.raises(PermissionDenied):
            jointly.fetch(act, by=who, at=timezone.now())
    assert third.person is not None
    browser = make.client(third.person)
    assert browser.post(reverse("jointly:fetch", args=[cast.committee.slug, act.slug])).status_code == 404
    assert "Fetch the list" not in browser.get(act.url_in(cast.committee.slug)).content.decode()


def test_after_three_days_it_is_gone(cast: make.Cast, second: Membership) -> None:
    act = released(cast, second)
    with pytest.raises(Refused, match="Propose it anew"):
        jointly.fetch(act, by=make.reloaded(cast.ada), at=timezone.now() + 73 * HOUR)


def test_it_begins_on_the_list_of_members(cast: make.Cast, second: Membership) -> None:
    assert cast.ada.person is not None
    ada, form = make.client(cast.ada.person), reverse("jointly:export", args=[cast.committee.slug])
    assert f'href="{form}"' in ada.get(reverse("membership:roster", args=[cast.committee.slug])).content.decode()
    key = ada.get(form).context["form"]["form_key"].value()
    assert ada.post(form, {"reason": WHY, "form_key": key}).status_code == 302
    assert "for 1 day" in make.client(second.person).get(reverse("jointly:agree", args=[cast.committee.slug, JointAct.objects.get().slug])).content.decode()  # type: ignore[arg-type]
