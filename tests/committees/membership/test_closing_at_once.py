"""Somebody applies, or is let in, in the very moment in which the committee closes: nobody is left without an answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies import register
from committees.bodies.models import Committee, Life
from committees.membership import commands as membership
from committees.membership.applications import Application, Check, State
from committees.membership.commands import applying, reviewing
from committees.membership.models import Membership
from committees.notices.models import Notice
from tests import make
from tests.at_once import at_once, stop_halfway

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_what_was_begun_is_not_sent_to_a_committee_that_has_closed() -> None:
    cast = make.cast()
    application = make.answered(cast.committee, make.person())
    membership.close(cast.committee, by=make.reloaded(cast.ada), at=timezone.now())
    with pytest.raises(Refused, match="no longer there"):
        membership.apply(application, by=application.person, at=timezone.now())


def test_what_is_begun_as_it_closes_is_not_sent() -> None:
    cast = make.cast()
    late = make.answered(cast.committee, make.person())
    Committee.objects.filter(pk=cast.committee.pk).update(life=Life.DISSOLVED)
    with pytest.raises(Refused, match="no longer there"):
        membership.apply(late, by=late.person, at=timezone.now())
    assert not Application.objects.waiting().filter(pk=late.pk).exists()


@pytest.mark.parametrize("deed", ["sent", "admitted"])
def test_both_go_through_one_after_the_other_and_the_applicant_is_answered(deed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is stopped until the other is just as far: the one has what it ends before it, the other what it answers."""
    cast = make.cast()
    application = make.answered(cast.committee, make.person()) if deed == "sent" else cast.dina
    if deed == "admitted":
        membership.add_check(application, Check.Kind.TALK, by=cast.ada, at=timezone.now())
        membership.add_check(application, Check.Kind.TALK, by=cast.mo, at=timezone.now())
    stop_halfway(monkeypatch, (register, "closing"), (applying if deed == "sent" else reviewing, "event"))
    ada = make.reloaded(cast.ada)

    def answer() -> Any:
        if deed == "sent":
            return membership.apply(application, by=application.person, at=timezone.now())
        return membership.admit(application, by=make.reloaded(cast.mo), at=timezone.now())

    answers = at_once([answer, lambda: membership.close(cast.committee, by=ada, at=timezone.now())])
    assert answers[1] is None, "it closes either way"
    assert not Application.objects.open().filter(committee=cast.committee).exists()
    left = Application.objects.filter(pk=application.pk).first()
    if left is None:  # it was never sent, and the applicant was told so at once
        assert isinstance(answers[0], Refused)
    elif left.state == State.ADMITTED:
        assert Membership.objects.filter(committee=cast.committee, person=left.person, standing="left").exists()
    else:
        assert left.state == State.DECLINED
        assert Notice.objects.filter(kind="membership/application_declined", about_id=left.pk).exists()
