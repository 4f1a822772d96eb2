"""What goes to the members of all committees that belong to a wider one takes two organizers, is sent as it was read, and is rare."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from committees.alliance import commands as ties
from committees.alliance.models import Affiliation
from committees.base.errors import Refused
from committees.bodies.models import Scope
from committees.jointly import commands as jointly
from committees.jointly import register as taking_two
from committees.jointly.models import Deed
from committees.jointly.models import State as Act
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.notices.models import Notice
from committees.people import commands as people
from organizing.circulars import commands as circulars
from organizing.circulars import queries, rules
from organizing.circulars.models import Circular, Reach
from tests import make, standing
from tests.organizing.circulars.conftest import SUBJECT, TEXT, sent, written
from tests.organizing.circulars.wide import Tree, agreed, drafted, proposed, told, tree

pytestmark = pytest.mark.django_db
wide = standing.scene(tree)


# -- Two organizers ----------------------------------------------------------------------------------------------------------


def test_it_leaves_when_a_second_organizer_agrees_and_not_before(wide: Tree) -> None:
    act = proposed(wide.uma)
    assert not Circular.objects.sent().exists()
    assert Notice.objects.filter(kind="jointly/proposed").count() == 1
    jointly.agree(act, by=wide.vik, at=timezone.now())
    act.refresh_from_db()
    message = Circular.objects.get(pk=act.row_id)
    assert act.state == Act.DONE
    assert (message.by_id, message.agreed_by_id, message.is_draft) == (wide.uma.pk, wide.vik.pk, False)
    assert told() == wide.readers
    assert wide.otto.person_id not in told()
    assert Entry.objects.filter(verb="message.sent_further", chain=wide.top.slug).count() == 1
    assert not Notice.objects.filter(kind__in=("jointly/done", queries.SENT)).exists()  # the message tells them


def test_whoever_proposed_it_does_not_agree_nor_does_anybody_from_below(wide: Tree) -> None:
    act = proposed(wide.uma)
    with pytest.raises(Refused, match="Another organizer"):
        jointly.agree(act, by=wide.uma, at=timezone.now())
    with pytest.raises(PermissionDenied):
        jointly.agree(act, by=wide.ines, at=timezone.now())
    assert not Circular.objects.sent().exists()


def test_a_lone_organizer_asks_one_of_the_wider_committee(wide: Tree) -> None:
    act = proposed(make.reloaded(make.organizer_of(wide.mid)))
    assert act.asks_wider
    intake = make.reloaded(make.organizer_of(make.alliance()))
    shown = taking_two.shown(act, inside=False, asked=True)
    assert shown is not None
    jointly.agree(act, by=intake, at=timezone.now())
    message = Circular.objects.sent().get()
    assert message.agreed_by_id == intake.pk
    assert told() == {each.person_id for each in Membership.objects.filter(committee__in=(wide.mid, wide.site))}


def test_where_nobody_could_agree_it_stays_a_draft() -> None:
    alone = make.reloaded(make.organizer_of(make.alliance()))
    make.affiliated(make.committee())
    draft = drafted(alone)
    with pytest.raises(Refused, match="nobody who could agree"):
        circulars.propose(draft, seen=draft.changed_at, by=alone, at=timezone.now())
    draft.refresh_from_db()
    assert (draft.text, draft.is_draft) == (TEXT, True)


def test_what_is_proposed_is_changed_by_nobody_until_it_is_dropped(wide: Tree) -> None:
    act = proposed(wide.uma)
    draft = Circular.objects.select_related("committee").get(pk=act.row_id)
    change = {"language": "en", "reach": Reach.FURTHER, "seen": draft.changed_at, "at": timezone.now()}
    for by in (wide.uma, wide.vik):
        with pytest.raises(Refused, match="waits for a second organizer"):
            circulars.save(draft, SUBJECT, "Something else", by=by, **change)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="waits for a second organizer"):
            circulars.discard(draft, by=by)
    with pytest.raises(Refused):
        circulars.send(draft, seen=draft.changed_at, by=wide.uma, at=timezone.now())
    jointly.drop(act, by=wide.vik, at=timezone.now())
    act.refresh_from_db()
    assert taking_two.shown(act, inside=True, asked=True) is None  # a draft again, and nobody else's
    changed = circulars.save(draft, SUBJECT, "Something else", by=wide.uma, **change)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="already been answered"):
        jointly.agree(act, by=wide.vik, at=timezone.now())
    assert circulars.propose(changed, seen=changed.changed_at, by=wide.uma, at=timezone.now()).pk != act.pk


def test_pressed_twice_it_is_proposed_once_and_another_has_to_wait(wide: Tree) -> None:
    draft, other = drafted(wide.uma), drafted(wide.uma)
    act = circulars.propose(draft, seen=draft.changed_at, by=wide.uma, at=timezone.now())
    with pytest.raises(Refused, match="proposed already"):
        circulars.propose(draft, seen=draft.changed_at, by=wide.uma, at=timezone.now())
    with pytest.raises(Refused, match="Another message waits"):
        circulars.propose(other, seen=other.changed_at, by=wide.vik, at=timezone.now())
    jointly.drop(act, by=wide.uma, at=timezone.now())
    assert circulars.propose(other, seen=other.changed_at, by=wide.vik, at=timezone.now()).is_open


def test_what_somebody_changed_meanwhile_is_not_proposed(wide: Tree) -> None:
    draft = drafted(wide.uma)
    changed = {"language": "en", "reach": Reach.OWN, "seen": draft.changed_at, "at": draft.changed_at + timedelta(seconds=1)}
    now = circulars.save(draft, SUBJECT, TEXT, by=wide.vik, **changed)  # type: ignore[arg-type]
    for seen in (draft.changed_at, now.changed_at):  # another time, and for others than was meant
        with pytest.raises(Refused, match="changed the message"):
            circulars.propose(draft, seen=seen, by=wide.uma, at=timezone.now())
    wider = drafted(wide.uma)
    with pytest.raises(Refused, match="changed the message"):
        circulars.send(wider, seen=wider.changed_at, by=wide.uma, at=timezone.now())


def test_a_site_writes_to_its_own_members_alone(wide: Tree) -> None:
    with pytest.raises(Refused, match="No other committee can belong"):
        drafted(wide.ines)


def test_where_no_committee_belongs_it_is_not_proposed() -> None:
    top = make.wider(Scope.EMPLOYER, make.committee())
    make.member(top, roles=(Role.ORGANIZER,))
    draft = drafted(make.reloaded(make.organizer_of(top)))
    with pytest.raises(Refused, match="No committee belongs to yours"):
        circulars.propose(draft, seen=draft.changed_at, by=draft.by, at=timezone.now())


def test_the_database_lets_nothing_go_further_that_two_did_not_agree(wide: Tree) -> None:
    draft = drafted(wide.uma)
    for agreed_by in (None, wide.uma):
        with pytest.raises(IntegrityError, match="a_message_to_other_committees_takes_two"), transaction.atomic():
            Circular.objects.filter(pk=draft.pk).update(sent_at=timezone.now(), agreed_by=agreed_by)
    with pytest.raises(IntegrityError, match="only_what_takes_two_was_agreed_to"), transaction.atomic():
        Circular.objects.filter(pk=written(wide.uma).pk).update(agreed_by=wide.vik)


def test_whoever_proposed_it_and_is_no_organizer_any_more_sends_nothing(wide: Tree) -> None:
    act = proposed(wide.vik)
    membership.leave(wide.vik, by=wide.vik, at=timezone.now())
    with pytest.raises(Refused, match="no longer an organizer"):
        jointly.agree(act, by=wide.uma, at=timezone.now())


def test_what_was_proposed_with_an_account_that_was_hidden_since_is_not_sent(wide: Tree) -> None:
    """Somebody had it in hand; whoever it belongs to hid it. Their colleagues cannot know who wrote."""
    act = proposed(wide.vik)
    assert wide.vik.person
    people.hide(wide.vik.person, at=timezone.now())
    with pytest.raises(Refused, match="not there any more"):
        jointly.agree(act, by=wide.uma, at=timezone.now())
    assert Circular.objects.get().is_draft
    jointly.drop(act, by=wide.uma, at=timezone.now())


def test_what_nobody_agreed_to_lapses_and_is_a_draft_again(wide: Tree) -> None:
    now = timezone.now()
    act = proposed(wide.uma, at=now - timedelta(hours=73))
    assert jointly.lapse(now) == 1
    draft = Circular.objects.select_related("committee").get(pk=act.row_id)
    assert queries.proposed([draft]) == {}
    circulars.discard(draft, by=wide.uma)


def test_what_can_no_longer_be_sent_is_overtaken(wide: Tree) -> None:
    act = proposed(wide.uma)
    for tie in Affiliation.objects.standing().filter(wider=wide.top):
        ties.end(tie, "We go our own way.", by=wide.uma, at=timezone.now())
    jointly.agree(act, by=wide.vik, at=timezone.now())
    act.refresh_from_db()
    assert act.state == Act.OVERTAKEN
    assert not Circular.objects.sent().exists()


# -- The share ---------------------------------------------------------------------------------------------------------------


def test_one_leaves_in_a_day_and_three_in_a_week_and_ones_own_members_count_apart(wide: Tree) -> None:
    begin = timezone.now()
    agreed(wide.uma, wide.vik, at=begin)
    draft = drafted(wide.uma)
    with pytest.raises(Refused, match="One message in 24 hours"):
        circulars.propose(draft, seen=draft.changed_at, by=wide.uma, at=begin + timedelta(hours=23))
    for day in (1, 2):
        agreed(wide.uma, wide.vik, at=begin + timedelta(days=day, minutes=1))
    for day in (4, 6.9):
        assert queries.left(wide.top.pk, Reach.FURTHER, begin + timedelta(days=day)) == 0
    assert queries.left(wide.top.pk, Reach.FURTHER, begin + timedelta(days=7, minutes=1)) == 1
    assert queries.left(wide.top.pk, Reach.OWN, begin) == rules.MOST
    sent(wide.uma, at=begin)
    assert queries.left(wide.mid.pk, Reach.FURTHER, begin) == 1  # another committee's share is its own


def test_a_second_one_that_waits_beside_is_overtaken_by_the_share(wide: Tree) -> None:
    """Nothing proposes two at once; if something did, the share would hold."""
    one, other = (jointly.propose_about(drafted(wide.uma), Deed.MESSAGE, by=wide.uma, at=timezone.now()) for _each in range(2))
    for act in (one, other):
        jointly.agree(act, by=wide.vik, at=timezone.now())
        act.refresh_from_db()
    assert (one.state, other.state) == (Act.DONE, Act.OVERTAKEN)
    assert Circular.objects.sent().count() == 1
    assert Entry.objects.filter(verb="message.sent_further").count() == 1
