"""Organizers invite co-workers: what an invitation allows, how often, how long, and whom it brought. It never lets anybody in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from committees.base import retention
from committees.base.errors import Refused
from committees.bodies.models import Committee, Life
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership import exporting, queries
from committees.membership.applications import Application, Check, Decline, State
from committees.membership.invitations import Invitation, Stage, digest
from committees.membership.models import Membership, RoleTerm
from committees.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def invited(by: Membership, at: datetime | None = None, **means: Any) -> Invitation:
    """An invitation as an organizer makes it without changing anything in the form."""
    usual: dict[str, Any] = {"label": "Canteen, March", "days": 14, "cap": 20, "counts_as_check": False, "languages": ["en"]}
    return membership.invite(by.committee, by=by, at=at or timezone.now(), **usual | means)


def answered(invitation: Invitation, by: Person, *, at: datetime | None = None) -> Application:
    """Begun by the invitation, with every answer, not sent."""
    begun = membership.begin(invitation.committee, by=by, at=at or timezone.now(), invitation=invitation)
    handle = f"Handle {by.pk}"
    return membership.save_answers(begun, by=by, shift="Nights", handle=handle, why="", answers=[], attested_version=1)


def sent(invitation: Invitation, by: Person | None = None, *, at: datetime | None = None) -> Application:
    by, at = by or make.person(), at or timezone.now()
    application = membership.apply(answered(invitation, by, at=at), by=by, at=at)
    return Application.objects.select_related("committee__policy", "reviewed_in", "person").get(pk=application.pk)


def uses(invitation: Invitation) -> int:
    return Invitation.objects.get(pk=invitation.pk).uses


# -- Making one ----------------------------------------------------------------------------------------------------------


def test_one_that_is_made_is_open_for_fourteen_days_and_the_log_says_so(cast: make.Cast) -> None:
    at = timezone.now()
    made = invited(cast.ada, at=at)
    assert (made.expires_at, made.cap, made.uses, made.stage) == (at + 14 * DAY, 20, 0, Stage.OPEN)
    entry = Entry.objects.get(chain=cast.committee.slug, verb="invitation.made")
    assert entry.detail == {"days": 14, "cap": 20, "check": 0}


def test_the_same_form_makes_it_once(cast: make.Cast) -> None:
    key = uuid4()
    assert invited(cast.ada, form_key=key) == invited(cast.ada, form_key=key)


def test_only_organizers_make_and_revoke_them(cast: make.Cast) -> None:
    made = invited(cast.ada)
    for other in (cast.ben, cast.cleo, cast.mo, cast.boss):
        with pytest.raises(PermissionDenied):
            membership.invite(cast.committee, label="x", days=1, cap=1, counts_as_check=False, languages=["en"], by=other, at=timezone.now())
        with pytest.raises(PermissionDenied):
            membership.revoke_invitation(made, by=other, at=timezone.now())
        assert not Invitation.objects.visible_to(other).filter(committee=cast.committee).exists()


@pytest.mark.parametrize(("means", "field"), [({"days": 0}, "days"), ({"days": 91}, "days"), ({"cap": 0}, "cap"), ({"cap": 501}, "cap")])
def test_no_longer_than_ninety_days_and_for_no_more_than_five_hundred(cast: make.Cast, means: dict[str, int], field: str) -> None:
    with pytest.raises(Refused) as no:
        invited(cast.ada, **means)
    assert no.value.field == field


def test_one_that_counts_as_a_check_is_for_twenty_at_most(cast: make.Cast) -> None:
    assert invited(cast.ada, counts_as_check=True, cap=20).counts_as_check
    with pytest.raises(Refused):
        invited(cast.ada, counts_as_check=True, cap=21)


def test_while_founders_are_confirmed_none_counts_as_a_check() -> None:
    founder = make.forming()
    with pytest.raises(Refused):
        invited(founder, counts_as_check=True)
    waiting = sent(invited(founder))
    assert (waiting.founding, waiting.checks.count()) == (True, 0)


@pytest.mark.parametrize(
    "change",
    [{"uses": 21}, {"cap": 0}, {"cap": 501}, {"counts_as_check": True, "cap": 21}, {"expires_at": timezone.now() + 200 * DAY}, {"revoked_at": timezone.now()}],
    ids=["more uses than places", "no place", "too many places", "a check for too many", "too long", "stopped and still found"],
)
def test_the_database_keeps_the_limits_by_itself(cast: make.Cast, change: dict[str, Any]) -> None:
    made = invited(cast.ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=made.pk).update(**change)


def test_an_application_cannot_come_by_another_committees_invitation(cast: make.Cast) -> None:
    theirs = invited(cast.boss)
    with pytest.raises(PermissionDenied):
        membership.begin(cast.committee, by=make.person(), at=timezone.now(), invitation=theirs)
    Application.objects.filter(pk=cast.dina.pk).update(invitation=theirs)
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
    Application.objects.filter(pk=cast.dina.pk).update(invitation=None)


# -- What the link leads to ------------------------------------------------------------------------------------------------


def test_it_is_found_by_its_letters_however_they_are_typed(cast: make.Cast) -> None:
    made = invited(cast.ada)
    for typed in (made.token, made.token.upper(), made.token.replace("-", ""), made.token.replace("-", " ")):
        assert queries.invitation_behind(typed, timezone.now()) == made


def test_the_database_holds_neither_the_letters_nor_the_label(cast: make.Cast) -> None:
    made = invited(cast.ada)
    with connection.cursor() as cursor:
        cursor.execute("SELECT token, label, digest FROM membership_invitation")
        token, label, kept = cursor.fetchone()
    assert made.token.encode() not in bytes(token)
    assert b"Canteen" not in bytes(label)
    assert kept == digest(made.token) != made.token


def test_revoked_expired_used_up_and_unknown_lead_nowhere_at_the_same_cost(cast: make.Cast, django_assert_num_queries: Any) -> None:
    now = timezone.now()
    revoked, expired, used = invited(cast.ada), invited(cast.ada, at=now - 20 * DAY), invited(cast.ada, cap=1)
    sent(used)
    membership.revoke_invitation(revoked, by=cast.ada, at=now)
    for token in (revoked.token, expired.token, used.token, "bcdf-bcdf-bcdf", "", "\x00", "x" * 5000):
        with django_assert_num_queries(1):
            assert queries.invitation_behind(token, now) is None


def test_a_dissolved_committee_s_leads_nowhere(cast: make.Cast) -> None:
    made = invited(cast.ada)
    Committee.objects.filter(pk=cast.committee.pk).update(life=Life.DISSOLVED)
    assert queries.invitation_behind(made.token, timezone.now()) is None


def test_a_revoked_one_has_no_letters_any_more_and_is_revoked_once(cast: make.Cast) -> None:
    made = invited(cast.ada)
    for _again in range(2):
        membership.revoke_invitation(made, by=cast.ada, at=timezone.now())
    made.refresh_from_db()
    assert (made.token, made.digest, made.stage, made.revoked_by) == ("", None, Stage.REVOKED, cast.ada)
    assert Entry.objects.filter(verb="invitation.revoked").count() == 1


# -- Applying by it --------------------------------------------------------------------------------------------------------


def test_by_it_one_reaches_a_committee_that_only_its_link_leads_to() -> None:
    hidden = make.committee(listed=False)
    waiting = sent(invited(make.reloaded(make.organizer_of(hidden))))
    assert (waiting.committee, waiting.state) == (hidden, State.PENDING)


def test_a_use_is_counted_when_it_is_sent_and_not_before(cast: make.Cast) -> None:
    made, worker = invited(cast.ada), make.person()
    begun = answered(made, worker)
    assert uses(made) == 0
    for _twice in range(2):
        membership.apply(begun, by=worker, at=timezone.now())
    assert uses(made) == 1
    assert Entry.objects.get(chain=cast.committee.slug, verb="application.sent", about__endswith=begun.slug).detail == {"invitation": made.slug}


def test_it_never_lets_anybody_in(cast: make.Cast) -> None:
    waiting = sent(invited(cast.ada, counts_as_check=True))
    assert waiting.state == State.PENDING
    assert not Membership.objects.filter(person=waiting.person).exists()
    with pytest.raises(Refused):  # two checks are asked for, and it is one
        membership.admit(waiting, by=cast.mo, at=timezone.now())
    membership.add_check(waiting, Check.Kind.TALK, by=cast.mo, at=timezone.now())
    assert membership.admit(waiting, by=cast.mo, at=timezone.now()).person == waiting.person


def test_its_check_is_its_makers_one_and_only(cast: make.Cast) -> None:
    waiting = sent(invited(cast.ada, counts_as_check=True))
    membership.add_check(waiting, Check.Kind.TALK, by=cast.ada, at=timezone.now())
    assert [(check.kind, check.by) for check in waiting.checks.all()] == [(Check.Kind.INVITED, cast.ada)]
    with pytest.raises(Refused):
        membership.add_check(waiting, Check.Kind.INVITED, by=cast.mo, at=timezone.now())


def test_only_to_apply_is_no_check(cast: make.Cast) -> None:
    assert sent(invited(cast.ada)).checks.count() == 0


def test_what_its_maker_may_no_longer_do_their_invitations_do_not_either(cast: make.Cast) -> None:
    """They still lead to the application form, until somebody revokes them."""
    made = invited(cast.ada, counts_as_check=True)
    RoleTerm.objects.filter(membership=cast.ada).update(ends_at=timezone.now())
    waiting = sent(made)
    assert (waiting.state, waiting.invitation, waiting.checks.count()) == (State.PENDING, made, 0)


def test_where_its_last_place_went_meanwhile_the_other_may_go_on_without(cast: make.Cast) -> None:
    made, late = invited(cast.ada, cap=1), make.person()
    begun = answered(made, late)
    sent(made)
    with pytest.raises(membership.InvitationGone):
        membership.apply(begun, by=late, at=timezone.now())
    begun.refresh_from_db()
    assert begun.state == State.STARTED
    waiting = membership.apply(begun, by=late, at=timezone.now(), without_invitation=True)
    assert (waiting.state, waiting.invitation, uses(made)) == (State.PENDING, None, 1)


def test_a_hidden_committee_is_not_reached_without_but_another_invitation_goes_on_with_the_answers() -> None:
    organizer = make.reloaded(make.organizer_of(make.committee(listed=False)))
    made, late = invited(organizer), make.person()
    begun = answered(made, late)
    membership.revoke_invitation(made, by=organizer, at=timezone.now())
    for without in (False, True):
        with pytest.raises(membership.InvitationGone):
            membership.apply(begun, by=late, at=timezone.now(), without_invitation=without)
    second = invited(organizer)
    assert membership.begin(organizer.committee, by=late, at=timezone.now(), invitation=second) == begun
    assert membership.apply(begun, by=late, at=timezone.now()).invitation == second


# -- An invitation and an application for the same person --------------------------------------------------------------------


def test_what_was_begun_without_goes_on_under_the_invitation(cast: make.Cast) -> None:
    worker, made = make.person(), invited(cast.ada)
    begun = membership.begin(cast.committee, by=worker, at=timezone.now())
    again = membership.begin(cast.committee, by=worker, at=timezone.now(), invitation=made)
    assert (again, again.invitation) == (begun, made)


def test_in_two_tabs_by_two_invitations_one_is_used(cast: make.Cast) -> None:
    worker, first, second = make.person(), invited(cast.ada), invited(cast.ada)
    begun = answered(first, worker)
    answered(second, worker)
    for _tab in range(2):
        membership.apply(begun, by=worker, at=timezone.now())
    assert (uses(first), uses(second)) == (0, 1)


def test_whoever_has_sent_an_application_changes_nothing_by_opening_an_invitation(cast: make.Cast) -> None:
    made = invited(cast.ada, counts_as_check=True)
    again = membership.begin(cast.committee, by=cast.dina.person, at=timezone.now(), invitation=made)
    membership.apply(again, by=cast.dina.person, at=timezone.now())
    cast.dina.refresh_from_db()
    assert (again, cast.dina.invitation, cast.dina.checks.count(), uses(made)) == (cast.dina, None, 0, 0)


def test_a_member_and_a_suspended_one_are_refused_with_the_words_that_they_know(cast: make.Cast) -> None:
    made = invited(cast.ada)
    membership.suspend(cast.ben, by=None, at=timezone.now())
    for member in (cast.ben, cast.cleo):
        assert member.person
        with pytest.raises(Refused, match="You already belong to this committee"):
            membership.begin(cast.committee, by=member.person, at=timezone.now(), invitation=made)
    assert uses(made) == 0


def test_whoever_was_declined_waits_as_long_as_without_an_invitation(cast: make.Cast) -> None:
    now = timezone.now()
    membership.decline(cast.dina, Decline.NOT_CONFIRMED, by=cast.ada, at=now)
    with pytest.raises(Refused, match="You can apply again from"):
        membership.begin(cast.committee, by=cast.dina.person, at=now + 29 * DAY, invitation=invited(cast.ada, at=now + 29 * DAY))


def test_whoever_takes_it_back_and_applies_again_has_had_their_place(cast: make.Cast) -> None:
    made, worker = invited(cast.ada, cap=2), make.person()
    membership.withdraw(sent(made, worker), by=worker, at=timezone.now())
    assert sent(made, worker).invitation == made
    assert uses(made) == 1


# -- Whom it brought ---------------------------------------------------------------------------------------------------------


def test_it_knows_how_many_applied_and_whom_it_brought(cast: make.Cast) -> None:
    made = invited(cast.ada)
    member = make.admitted(sent(made), at=timezone.now())
    sent(made)
    made.refresh_from_db()
    assert queries.brought(made) == queries.Brought(applied=2, members=1)
    assert queries.came_by([cast.ben, member]) == {member.pk: made}
    assert list(queries.members_by(cast.committee.pk, made)) == [member]


def test_whoever_left_and_came_back_without_one_was_not_brought_by_it(cast: make.Cast) -> None:
    now, made = timezone.now(), invited(cast.ada)
    member = make.reloaded(make.admitted(sent(made), at=now))
    assert member.person
    membership.leave(member, by=member, at=now)
    back = make.admitted(make.application(cast.committee, by=member.person, handle=member.handle, at=now + DAY), at=now + DAY)
    assert queries.came_by([back]) == {}
    assert queries.brought(made).members == 0


# -- What is kept ------------------------------------------------------------------------------------------------------------


def test_the_night_after_its_end_the_letters_are_gone_and_what_waits_goes_on(cast: make.Cast) -> None:
    made = invited(cast.ada)
    waiting = sent(made)
    retention.run(made.expires_at + timedelta(hours=1))
    made.refresh_from_db()
    assert (made.token, made.digest, made.label) == ("", None, "Canteen, March")
    assert Application.objects.get(pk=waiting.pk).invitation == made


def test_ninety_days_later_it_is_gone_unless_somebody_is_here_by_it(cast: make.Cast) -> None:
    nobody, somebody = invited(cast.ada), invited(cast.ada)
    member = make.admitted(sent(somebody), at=timezone.now())
    membership.revoke_invitation(nobody, by=cast.ada, at=timezone.now())
    night = somebody.expires_at + 91 * DAY
    retention.run(night)
    somebody.refresh_from_db()
    assert not Invitation.objects.filter(pk=nobody.pk).exists()
    assert (somebody.label, somebody.erased_at) == ("", night)
    assert queries.came_by([member]) == {member.pk: somebody}
    assert membership.forget_invitations(night) == 0, "nothing is left to do"


def test_erasing_the_account_takes_the_trace_with_it(cast: make.Cast) -> None:
    made = invited(cast.ada)
    member = make.admitted(sent(made), at=timezone.now())
    assert member.person
    membership.erase_person(member.person)
    assert not made.applications.exists()
    assert uses(made) == 1


def test_an_export_holds_the_invitations_that_one_made_and_no_link(cast: make.Cast) -> None:
    made = invited(cast.ada)
    assert cast.ada.person
    (kept,) = exporting.invitations(cast.ada.person)
    assert (kept["called"], kept["committee"]) == ("Canteen, March", cast.committee.name)
    assert made.token not in str(kept)
    assert exporting.applications(sent(made).person)[0]["by_an_invitation"]
