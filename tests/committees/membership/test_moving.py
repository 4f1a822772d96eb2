"""Moving to another site: a usual application that can carry, as a fact of the past, that one was confirmed elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies.models import Committee, Visibility
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership import histories
from committees.membership.applications import Application, Check
from committees.membership.models import Membership
from committees.membership.moves import Leaving, Move
from committees.membership.roles import Role, Standing
from committees.notices.models import Delivery
from committees.people import registry as people
from committees.people.models import Person
from tests import make, standing

pytestmark = pytest.mark.django_db
cast = standing.scene(make.cast)


def confirmed(cast: make.Cast, *, checks: int = 2) -> Membership:
    """Somebody who came in with so many checks."""
    sent = make.application(cast.committee)
    second = make.member(cast.committee, roles=(Role.MODERATOR,))
    for reviewer in (cast.ada, cast.mo, second)[:checks]:
        membership.add_check(sent, Check.Kind.TALK, by=reviewer, at=timezone.now())
    return make.reloaded(membership.admit(sent, by=cast.ada, at=timezone.now()))


def person_of(member: Membership) -> Person:
    assert member.person is not None
    return member.person


def applied(member: Membership, there: Committee, *, leaving: Leaving = Leaving.WHEN_ACCEPTED, shown: bool = True) -> Application:
    """They apply at the other committee, and have said from where they come."""
    by = person_of(member)
    begun = make.answered(there, by, at=timezone.now())
    membership.come_from(begun, member, shown=shown, leaving=leaving, by=by, at=timezone.now())
    return membership.apply(begun, by=by, at=timezone.now())


def accepted(application: Application, there: Committee) -> Membership:
    reviewer = make.reloaded(make.organizer_of(there))
    if not application.checks.exists():
        membership.add_check(application, Check.Kind.TALK, by=reviewer, at=timezone.now())
    return membership.admit(application, by=reviewer, at=timezone.now())


def shown(application: Application) -> histories.History | None:
    now = Application.objects.get(pk=application.pk)
    return histories.history(now, histories.move(now))


def case_page(application: Application, there: Committee) -> str:
    reviewer = make.organizer_of(there)
    return make.client(person_of(reviewer)).get(reverse("membership:case", args=[application.slug])).content.decode()


class TestWhatIsCarried:
    def test_reviewers_read_by_how_many_checks_and_when_and_nobodys_name(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        application = applied(mover, there)
        page = case_page(application, there)
        assert f"Confirmed in <bdi>{cast.committee.name}</bdi> by 2 checks, {timezone.now():%B %Y}." in page
        assert "0 of 1 checks done" in page  # it counts as none
        for name in (cast.ada.handle, cast.mo.handle, mover.handle):
            assert name not in page

    def test_a_committee_that_only_its_link_leads_to_is_not_named(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        application = applied(mover, there)
        Committee.objects.filter(pk=cast.committee.pk).update(visibility=Visibility.LINK)
        page = case_page(application, there)
        assert "Confirmed at another site by 2 checks" in page
        for word in (f"<bdi>{cast.committee.name}</bdi>", cast.committee.slug, mover.slug):
            assert word not in page

    def test_without_the_tick_the_page_is_that_of_anybody(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        application = applied(mover, there, shown=False)
        said = case_page(application, there)
        Move.objects.filter(application=application).delete()
        assert _without_tokens(said) == _without_tokens(case_page(application, there))

    def test_who_came_in_without_a_check_carries_nothing(self, cast: make.Cast) -> None:
        assert shown(applied(cast.ben, make.committee())) is None

    def test_who_is_removed_suspended_or_in_question_meanwhile_carries_nothing(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        application = applied(mover, there)
        row = Membership.objects.filter(pk=mover.pk)
        for change in (
            {"standing": Standing.REMOVED},
            {"standing": Standing.SUSPENDED},
            {"standing": Standing.STEPPED_ASIDE},
            {"revouch_since": timezone.now()},
        ):
            assert shown(application) is not None
            row.update(**change)
            assert shown(application) is None, change
            row.update(standing=mover.standing, revouch_since=None)

    def test_who_left_before_they_applied_carries_nothing(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        application = applied(mover, there)
        Membership.objects.filter(pk=mover.pk).update(standing=Standing.LEFT, changed_at=timezone.now() - timedelta(days=2))
        assert shown(application) is None

    def test_a_check_by_somebody_who_acted_for_the_employer_does_not_count(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        application = applied(mover, there)
        Membership.objects.filter(pk=cast.mo.pk).update(removed_for_employer=True)
        found = shown(application)
        assert found is not None
        assert found.checks == 1


class TestLeaving:
    def test_the_former_membership_ends_when_the_new_one_begins_and_they_are_told(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        application = applied(mover, there)
        assert Membership.objects.get(pk=mover.pk).standing == Standing.PROBATION
        new = accepted(application, there)
        assert (new.person_id, Membership.objects.get(pk=mover.pk).standing) == (mover.person_id, Standing.LEFT)
        assert Entry.objects.filter(chain=cast.committee.slug, verb="member.left").count() == 1
        told = Delivery.objects.filter(notice__kind="membership/moved", channel="inapp")
        assert [each.person_id for each in told] == [mover.person_id]

    def test_declined_nothing_has_changed(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        application = applied(mover, there)
        membership.decline(application, "not_confirmed", by=make.reloaded(make.organizer_of(there)), at=timezone.now())  # type: ignore[arg-type]
        assert Membership.objects.get(pk=mover.pk).standing == Standing.PROBATION

    def test_now_ends_it_when_the_application_is_sent_and_what_is_carried_stays_true(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        application = applied(mover, there, leaving=Leaving.NOW)
        assert Membership.objects.get(pk=mover.pk).standing == Standing.LEFT
        assert shown(application) is not None
        accepted(application, there)
        assert not Delivery.objects.filter(notice__kind="membership/moved").exists()

    def test_both_are_kept_where_they_said_so(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        accepted(applied(mover, there, leaving=Leaving.NEVER), there)
        assert Membership.objects.get(pk=mover.pk).standing == Standing.PROBATION

    def test_somebody_suspended_meanwhile_stays_suspended(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        application = applied(mover, there)
        Membership.objects.filter(pk=mover.pk).update(standing=Standing.SUSPENDED)
        accepted(application, there)
        assert Membership.objects.get(pk=mover.pk).standing == Standing.SUSPENDED

    def test_the_last_organizer_of_all_is_accepted_and_stays_there_too(self, cast: make.Cast) -> None:
        last = make.reloaded(make.organizer_of(make.alliance()))
        there = make.committee()
        accepted(applied(last, there), there)
        assert Membership.objects.get(pk=last.pk).standing == Standing.MEMBER
        assert not Delivery.objects.filter(notice__kind="membership/moved").exists()


class TestWhoMaySayIt:
    def test_only_of_ones_own_membership_elsewhere_in_good_standing(self, cast: make.Cast) -> None:
        there = make.committee()
        by = person_of(cast.ben)
        begun = membership.begin(there, by=by, at=timezone.now())
        words = {"shown": True, "leaving": Leaving.NEVER, "at": timezone.now()}
        with pytest.raises(PermissionDenied):
            membership.come_from(begun, cast.mo, by=by, **words)
        with pytest.raises(PermissionDenied):
            membership.come_from(begun, cast.ben, by=person_of(cast.mo), **words)
        Membership.objects.filter(pk=cast.ben.pk).update(standing=Standing.SUSPENDED)
        with pytest.raises(PermissionDenied):
            membership.come_from(begun, cast.ben, by=by, **words)
        assert not Move.objects.exists()

    def test_once_it_is_sent_nothing_of_it_changes(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        application = applied(mover, there)
        with pytest.raises(Refused):
            membership.come_from(application, mover, shown=False, leaving=Leaving.NEVER, by=person_of(mover), at=timezone.now())
        with pytest.raises(Refused):
            membership.come_from_nowhere(application, by=person_of(mover))

    def test_in_two_tabs_there_is_one_application_and_the_last_word_counts(self, cast: make.Cast) -> None:
        there, by = make.committee(), person_of(cast.ben)
        first = membership.begin(there, by=by, at=timezone.now())
        second = membership.begin(there, by=by, at=timezone.now())
        for tab, leaving in ((first, Leaving.NOW), (second, Leaving.NEVER)):
            membership.come_from(tab, cast.ben, shown=False, leaving=leaving, by=by, at=timezone.now())
        assert Move.objects.get().leaving == Leaving.NEVER

    def test_who_was_declined_there_waits_like_everybody(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        membership.decline(applied(mover, there), "not_confirmed", by=make.reloaded(make.organizer_of(there)), at=timezone.now())  # type: ignore[arg-type]
        browser = make.client(person_of(mover))
        answer = browser.post(reverse("membership:begin", args=[there.slug]), {"moved": "1"})
        assert answer.status_code == 422
        assert "You can apply again from" in answer.content.decode()


class TestThePages:
    def test_one_tap_and_then_the_usual_questions(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        browser = make.client(person_of(mover))
        begin = reverse("membership:begin", args=[there.slug])
        assert "I have moved here from another site" in browser.get(begin).content.decode()
        move = browser.post(begin, {"moved": "1"}).url  # type: ignore[attr-defined]
        begun = Application.objects.get(committee=there)
        assert move == reverse("membership:move", args=[begun.slug])
        page = browser.get(move).content.decode()
        assert f"Confirmed in <bdi>{cast.committee.name}</bdi> by 2 checks" in page
        answer = browser.post(move, {"came_from": mover.slug, "leaving": "accepted", "shown": "on"})
        assert answer.url == reverse("membership:step", args=[begun.slug, "shift"])  # type: ignore[attr-defined]
        assert (begun.move.came_from_id, begun.move.shown) == (mover.pk, True)
        browser.post(move, {"nowhere": "1"})
        assert not Move.objects.exists()

    @pytest.mark.parametrize("typed", [{}, {"came_from": "nobody", "leaving": "accepted"}, {"came_from": "\x00", "leaving": "never"}])
    def test_what_is_missing_or_anothers_is_said(self, cast: make.Cast, typed: dict[str, str]) -> None:
        there = make.committee()
        begun = membership.begin(there, by=person_of(cast.ben), at=timezone.now())
        answer = make.client(person_of(cast.ben)).post(reverse("membership:move", args=[begun.slug]), typed)
        assert answer.status_code == 422
        assert not Move.objects.exists()

    def test_whoever_belongs_nowhere_is_not_offered_it(self, cast: make.Cast) -> None:
        there, nobody = make.committee(), make.person()
        browser = make.client(nobody)
        assert "I have moved here from another site" not in browser.get(reverse("membership:begin", args=[there.slug])).content.decode()
        begun = membership.begin(there, by=nobody, at=timezone.now())
        assert browser.get(reverse("membership:move", args=[begun.slug])).status_code == 302

    def test_their_own_page_and_their_export_say_what_they_said(self, cast: make.Cast) -> None:
        mover, there = confirmed(cast), make.committee()
        application = applied(mover, there)
        page = make.client(person_of(mover)).get(application.get_absolute_url()).content.decode()
        assert "When I am accepted there" in page
        given = people.exports(person_of(mover))["applications"]
        assert {"committee": cast.committee.name, "shown_to_reviewers": True, "leaving": "accepted"} in [each["moved_from"] for each in given]


def test_it_is_forgotten_with_the_application(cast: make.Cast) -> None:
    mover, there = confirmed(cast), make.committee()
    accepted(applied(mover, there), there)
    membership.forget_applications(timezone.now() + timedelta(days=89))
    assert Move.objects.exists()
    membership.forget_applications(timezone.now() + timedelta(days=91))
    assert not Move.objects.exists()


def _without_tokens(page: str) -> list[str]:
    """The lines of a page but for those that differ each time: tokens, nonces and form keys."""
    return [line for line in page.splitlines() if not any(word in line for word in ("csrf", "nonce", "form_key"))]
