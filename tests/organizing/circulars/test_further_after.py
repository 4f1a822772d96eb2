"""What becomes of a message to other committees: flags, accounts that go, committees that close or become one; and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies.models import Committee, Life, Visibility
from committees.bodies.register import last_activity
from committees.jointly import commands as jointly
from committees.jointly import register as taking_two
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.moderation import commands as moderation
from committees.moderation.models import FlagReason
from committees.notices import registry as kinds
from committees.notices.models import Notice
from committees.people import commands as people
from committees.people import registry
from organizing.circulars import commands as circulars
from organizing.circulars import queries
from organizing.circulars.models import Circular, State
from tests import make, standing
from tests.organizing.circulars.wide import Tree, agreed, drafted, proposed, told, tree

pytestmark = pytest.mark.django_db
wide = standing.scene(tree)


# -- Flags -------------------------------------------------------------------------------------------------------------------


def test_readers_below_flag_it_and_the_wider_committees_moderators_decide(wide: Tree) -> None:
    message = agreed(wide.uma, wide.vik)
    mo = make.member(wide.top, roles=(Role.MODERATOR,))
    review = moderation.flag(message, reason=FlagReason.THREAT, by=wide.sam, at=timezone.now()).review
    assert (review.committee_id, review.crosses_sites) == (wide.top.pk, True)
    with pytest.raises(PermissionDenied):
        moderation.flag(message, reason=FlagReason.THREAT, by=wide.otto, at=timezone.now())
    told()
    with pytest.raises(PermissionDenied):
        moderation.hide(review, by=wide.ines, at=timezone.now(), rule="place", text="It belongs where others look.")
    moderation.hide(review, by=mo, at=timezone.now(), rule="place", text="It belongs where others look for it.")
    message.refresh_from_db()
    assert message.state == State.HIDDEN_BY_MODERATOR
    notice = Notice.objects.get(kind=queries.FURTHER)
    assert notice.superseded_at is not None
    assert kinds.kind(queries.FURTHER).matters(notice, {wide.sam.person_id or 0}) == set()
    assert wide.sam.person
    assert not Circular.objects.all().visible_to_person(wide.sam.person).exists()
    assert queries.place(wide.sam.person, message.slug)  # its page says that it is hidden


def test_one_site_alone_does_not_hide_it(wide: Tree) -> None:
    message = agreed(wide.uma, wide.vik)
    for _each in range(6):
        moderation.flag(message, reason=FlagReason.THREAT, by=make.member(wide.site), at=timezone.now())
    message.refresh_from_db()
    assert message.state == State.SHOWN
    moderation.flag(message, reason=FlagReason.THREAT, by=wide.hal, at=timezone.now())
    message.refresh_from_db()
    assert message.state == State.HIDDEN_BY_FLAGS


# -- The wider one's alone ---------------------------------------------------------------------------------------------------


def test_it_is_life_of_the_committee_that_wrote_it_alone_and_wakes_that_one(wide: Tree) -> None:
    at = timezone.now()
    Committee.objects.filter(pk__in=(wide.top.pk, wide.site.pk)).update(life=Life.DORMANT, rests_since=at)
    agreed(make.reloaded(wide.uma), make.reloaded(wide.vik), at=at)
    found = {pk: Committee.objects.get(pk=pk).life for pk in (wide.top.pk, wide.site.pk)}
    assert found == {wide.top.pk: Life.ACTIVE, wide.site.pk: Life.DORMANT}
    assert queries.last_in([wide.top.pk, wide.site.pk]) == {wide.top.pk: at}
    assert last_activity([wide.top.pk])[wide.top.pk] == at


def test_it_is_in_the_export_of_whoever_sent_it_and_stays_under_nobodys_name(wide: Tree) -> None:
    message = agreed(wide.vik, wide.uma)
    assert wide.vik.person
    assert wide.sam.person
    assert [each["to"] for each in registry.exports(wide.vik.person)["messages"]] == ["The members of all committees that belong here"]
    assert registry.exports(wide.sam.person)["messages"] == []
    people.erase(wide.vik.person, by=wide.vik.person, at=timezone.now())
    message.refresh_from_db()
    assert message.by.person_id is None
    assert Circular.objects.visible_to(wide.sam).filter(pk=message.pk).exists()


def test_an_account_that_is_erased_takes_what_it_had_proposed_along(wide: Tree) -> None:
    act = proposed(wide.vik)
    assert wide.vik.person
    people.erase(wide.vik.person, by=wide.vik.person, at=timezone.now())
    assert not Circular.objects.exists()
    now = type(act).objects.get(pk=act.pk)
    assert taking_two.shown(now, inside=True, asked=True) is None
    with pytest.raises(Refused):
        jointly.agree(now, by=wide.uma, at=timezone.now())
    assert jointly.lapse(timezone.now() + timedelta(hours=73)) == 1


def test_what_another_organizer_proposed_stays_when_whoever_wrote_it_erases_their_account(wide: Tree) -> None:
    draft = drafted(wide.uma)
    act = circulars.propose(draft, seen=draft.changed_at, by=wide.vik, at=timezone.now())
    third = make.member(wide.top, roles=(Role.ORGANIZER,))
    assert wide.uma.person
    people.erase(wide.uma.person, by=wide.uma.person, at=timezone.now())
    jointly.agree(act, by=third, at=timezone.now())
    draft.refresh_from_db()
    assert (draft.by, draft.agreed_by, draft.is_draft) == (wide.vik, third, False)


def test_a_draft_about_which_somebody_is_asked_does_not_go_in_the_night(wide: Tree) -> None:
    now = timezone.now()
    draft = drafted(wide.uma, at=now - timedelta(days=91))
    act = circulars.propose(draft, seen=draft.changed_at, by=wide.uma, at=now)
    assert circulars.erase_old(now) == 0
    jointly.drop(act, by=wide.uma, at=now)
    assert circulars.erase_old(now) == 1


def test_a_committee_that_closes_while_it_is_proposed_sends_nothing(wide: Tree) -> None:
    act = proposed(wide.uma)
    membership.close(wide.top, by=wide.uma, at=timezone.now())
    assert not Circular.objects.sent().exists()
    with pytest.raises((Refused, PermissionDenied)):
        jointly.agree(act, by=make.reloaded(wide.vik), at=timezone.now())
    assert not Circular.objects.sent().exists()


def test_readers_of_a_site_that_became_one_with_another_read_on(wide: Tree) -> None:
    message = agreed(wide.uma, wide.vik)
    told()
    workplace = wide.site.workplace
    assert workplace is not None
    Committee.objects.filter(pk=wide.site.pk).update(visibility=Visibility.LINK)
    other = make.committee(site=workplace)
    joined, at = make.member(other), timezone.now()
    membership.unite(wide.site, other, at=at)
    for who in (make.reloaded(Membership.objects.get(committee=other, person=wide.sam.person)), make.reloaded(joined)):
        assert Circular.objects.visible_to(who).filter(pk=message.pk).exists()
    notice = Notice.objects.get(kind=queries.FURTHER)
    both = {wide.sam.person_id or 0, joined.person_id or 0}
    assert kinds.kind(queries.FURTHER).matters(notice, both) == both


# -- Scale -------------------------------------------------------------------------------------------------------------------


def test_reading_costs_the_same_however_many_committees_belong(wide: Tree) -> None:
    agreed(wide.uma, wide.vik)
    notice, counts, kind = Notice.objects.get(kind=queries.FURTHER), [], kinds.kind(queries.FURTHER)
    for _round in range(3):
        with CaptureQueriesContext(connection) as captured:
            people_told = {row[0] for row in kind.audience(notice)}
            kind.matters(notice, people_told)
            list(queries.of_committee(wide.sam))
            queries.reached(wide.top, by_organizers=True)
            queries.people_reached(wide.top.pk)
        counts.append(len(captured))
        for _each in range(2):
            make.affiliated(make.committee(), wide.top)
    assert counts[1] == counts[2] <= 6  # the first reads the message of the notice
