"""Two at once: a message leaves once, and a committee's share is exact."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies.models import Committee, Life, Scope
from committees.jointly import commands as jointly
from committees.jointly.models import Deed, JointAct
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.notices.models import Notice
from organizing.circulars import commands as circulars
from organizing.circulars import queries, rules
from organizing.circulars.models import Circular, Reach
from tests import make
from tests.at_once import at_once
from tests.organizing.circulars.conftest import TEXT, written
from tests.organizing.circulars.wide import drafted, proposed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_of_many_who_press_at_once_one_sends() -> None:
    ada = make.reloaded(make.organizer_of(make.committee()))
    draft = written(ada)
    answers = at_once([lambda: circulars.send(draft, seen=draft.changed_at, by=ada, at=timezone.now())] * 6)
    assert sum(isinstance(answer, Circular) for answer in answers) == 1
    assert Notice.objects.filter(kind=queries.SENT).count() == 1


def test_of_many_messages_sent_at_once_no_more_leave_than_the_share() -> None:
    ada = make.reloaded(make.organizer_of(make.committee()))
    drafts = [written(ada) for _each in range(6)]
    answers = at_once([lambda each=each: circulars.send(each, seen=each.changed_at, by=ada, at=timezone.now()) for each in drafts])
    assert sum(isinstance(answer, Circular) for answer in answers) == rules.MOST
    assert Circular.objects.sent().count() == rules.MOST


# -- What goes to other committees --------------------------------------------------------------------------------------------


def _pair() -> tuple[Membership, Membership]:
    """Two organizers of a committee to which one belongs."""
    site = make.committee()
    top = make.wider(Scope.EMPLOYER, site)
    make.affiliated(site, top)
    return make.reloaded(make.organizer_of(top)), make.member(top, roles=(Role.ORGANIZER,))


def test_of_many_who_propose_at_once_one_does_and_of_several_messages_one_waits() -> None:
    one, other = _pair()
    drafts = [drafted(one) for _each in range(3)]
    acts = [lambda each=each, by=by: circulars.propose(each, seen=each.changed_at, by=by, at=timezone.now()) for each in drafts for by in (one, other)]
    answers = at_once(acts)
    assert sum(isinstance(answer, JointAct) for answer in answers) == 1
    assert JointAct.objects.open().count() == 1


def test_of_many_who_agree_at_once_one_sends_it_once() -> None:
    one, other = _pair()
    third = make.member(one.committee, roles=(Role.ORGANIZER,))
    act = proposed(one)
    answers = at_once([lambda by=by: jointly.agree(act, by=by, at=timezone.now()) for by in (other, third) * 3])
    assert sum(isinstance(answer, JointAct) for answer in answers) == 1
    assert Notice.objects.filter(kind=queries.FURTHER).count() == 1


def test_of_several_that_are_agreed_to_at_once_one_leaves() -> None:
    """Nothing proposes several; if something did, the share would be exact all the same."""
    one, other = _pair()
    acts = [jointly.propose_about(drafted(one), Deed.MESSAGE, by=one, at=timezone.now()) for _each in range(5)]
    at_once([lambda each=each: jointly.agree(each, by=other, at=timezone.now()) for each in acts])
    assert Circular.objects.sent().count() == 1
    assert sorted(JointAct.objects.values_list("state", flat=True)) == ["done", *["overtaken"] * 4]


@pytest.mark.parametrize("times", range(4))
def test_what_is_changed_while_it_is_proposed_and_agreed_to_is_never_sent_otherwise_than_it_was_read(times: int) -> None:
    one, other = _pair()
    draft = drafted(one)
    change = {"language": "en", "reach": Reach.FURTHER, "seen": draft.changed_at}

    def propose_and_agree() -> object:
        act = circulars.propose(draft, seen=draft.changed_at, by=one, at=timezone.now())
        return jointly.agree(act, by=other, at=timezone.now())

    def edit() -> object:
        return circulars.save(draft, "Another", "Another text", by=other, at=timezone.now(), **change)  # type: ignore[arg-type]

    sent, *changed = at_once([propose_and_agree, edit, lambda: circulars.discard(draft, by=other)])
    now = Circular.objects.filter(pk=draft.pk).first()
    if isinstance(sent, JointAct):
        assert now is not None
        assert (now.is_draft, now.text) == (False, TEXT)
        assert all(isinstance(each, Refused) for each in changed)
    else:
        assert now is None or now.is_draft
        assert any(not isinstance(each, Refused) for each in changed)


def test_messages_to_ones_own_and_to_others_leave_at_once_and_nobody_waits_for_ever() -> None:
    one, other = _pair()
    act, own = proposed(one), [written(other) for _each in range(3)]
    answers = at_once(
        [lambda: jointly.agree(act, by=other, at=timezone.now())]
        + [lambda each=each: circulars.send(each, seen=each.changed_at, by=other, at=timezone.now()) for each in own]
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Circular.objects.sent().count() == 4


def test_one_to_ones_own_and_one_to_others_leave_at_once_also_where_the_committee_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is stopped until the other is just as far: the one has begun to send, the other's agreement stands in the log."""
    one, other = _pair()
    act, own = proposed(one), written(other)
    Committee.objects.filter(pk=one.committee_id).update(life=Life.DORMANT, rests_since=timezone.now())
    both, lately, belongs = threading.Barrier(2), queries.lately_sent, queries.anybody_belongs

    def meet() -> None:
        with suppress(threading.BrokenBarrierError):  # one may rightly wait for the other before it comes here
            both.wait(timeout=2)

    def own_share(*args: Any) -> Any:
        if args[1] == Reach.OWN:
            meet()
        return lately(*args)

    def still_belongs(*args: Any) -> bool:
        meet()
        return belongs(*args)

    monkeypatch.setattr(queries, "lately_sent", own_share)
    monkeypatch.setattr(queries, "anybody_belongs", still_belongs)
    at_once([lambda: jointly.agree(act, by=other, at=timezone.now()), lambda: circulars.send(own, seen=own.changed_at, by=other, at=timezone.now())])
    assert Circular.objects.sent().count() == 2
    assert Committee.objects.get(pk=one.committee_id).life == Life.ACTIVE
