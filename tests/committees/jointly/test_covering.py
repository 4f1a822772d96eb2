"""Somebody covers for an organizer or a moderator who is away: one office, two people, one voice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.jointly import commands as jointly
from committees.jointly import queries
from committees.jointly.models import Deed, JointAct
from committees.jointly.models import State as Act
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership import queries as members
from committees.membership.covers import LONGEST, Cover, State
from committees.membership.exporting import covers as exported
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Power, Role, Standing
from committees.notices.models import Notice
from committees.people import commands as people
from tests import make

pytestmark = pytest.mark.django_db
DAY, LATER = timedelta(days=1), timedelta(hours=73)
WHY = "She has kept the list of meetings for a year."


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    """Another organizer of the cast's committee."""
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))


def now() -> datetime:
    return timezone.now()


def today() -> date:
    from zoneinfo import ZoneInfo

    return now().astimezone(ZoneInfo("Europe/London")).date()


def asked(cast: make.Cast, member: Membership | None = None, role: str = Role.ORGANIZER, *, days: int = 10, begins: int = 0, **more: Any) -> Cover:
    """Ada asks Ben to cover from today on, for so many days."""
    first = today() + begins * DAY
    by = more.pop("by", cast.ada)
    said = {"first": first, "last": first + (days - 1) * DAY, "by": make.reloaded(by), "at": now()} | more
    return jointly.ask_cover(make.reloaded(member or cast.ben), role, **said)


def accepted(cast: make.Cast, member: Membership | None = None, **more: Any) -> Cover:
    cover = asked(cast, member, **more)
    return jointly.accept_cover(cover, by=make.reloaded(cover.member), at=now())


def act_of(cover: Cover) -> JointAct:
    return JointAct.objects.get(cover=cover)


def running(cast: make.Cast, second: Membership, member: Membership | None = None, **more: Any) -> Cover:
    """A second organizer agreed days ago, nobody stopped it, and it runs."""
    cover = accepted(cast, member, **more)
    if not cover.is_arranged:
        jointly.agree(act_of(cover), by=make.reloaded(second), at=now())
        JointAct.objects.filter(cover=cover).update(happens_at=now())
        jointly.carry_out(now())
        cover.refresh_from_db()
    assert cover.is_arranged
    return cover


def kinds() -> list[str]:
    return list(Notice.objects.filter(about_type="membership.Cover").order_by("pk").values_list("kind", flat=True))


def verbs(cast: make.Cast) -> list[str]:
    return list(Entry.objects.filter(chain=cast.committee.slug, verb__startswith="cover").order_by("position").values_list("verb", flat=True))


class TestArranging:
    def test_whoever_gets_powers_by_it_needs_a_second_organizer_and_members_can_object(self, cast: make.Cast, second: Membership) -> None:
        cover = accepted(cast)
        assert cover.state == State.ACCEPTED
        assert Role.ORGANIZER not in make.reloaded(cast.ben).roles
        act = jointly.agree(act_of(cover), by=second, at=now())
        assert act.state == Act.AGREED
        assert act.happens_at is not None
        assert timedelta(hours=71) < act.happens_at - now() <= timedelta(hours=72)
        jointly.carry_out(act.happens_at)
        term = RoleTerm.objects.get(membership=cast.ben)
        cover.refresh_from_db()
        assert (term.role, term.stands_in_for_id, term.begins_at, term.ends_at) == (Role.ORGANIZER, cast.ada.pk, act.happens_at, cover.ends_at)

    def test_a_member_of_whom_the_committee_has_made_an_officer_begins_when_the_second_one_agrees(self, cast: make.Cast, second: Membership) -> None:
        cover = accepted(cast, cast.mo)
        assert cover.state == State.ACCEPTED
        assert jointly.agree(act_of(cover), by=second, at=now()).state == Act.DONE
        assert make.reloaded(cast.mo).roles == {Role.MODERATOR, Role.ORGANIZER}

    def test_another_organizer_covers_as_soon_as_they_accept_for_it_gives_them_nothing(self, cast: make.Cast, second: Membership) -> None:
        cover = accepted(cast, second)
        assert cover.is_arranged
        assert not JointAct.objects.exists()
        assert not RoleTerm.objects.filter(stands_in_for__isnull=False).exists()

    def test_a_moderator_asks_and_an_organizer_agrees(self, cast: make.Cast) -> None:
        cover = accepted(cast, by=cast.mo, role=Role.MODERATOR)
        jointly.agree(act_of(cover), by=make.reloaded(cast.ada), at=now())
        jointly.carry_out(now() + LATER)
        term = RoleTerm.objects.get(membership=cast.ben)
        assert (term.role, term.stands_in_for_id) == (Role.MODERATOR, cast.mo.pk)

    def test_while_the_committee_is_forming_it_begins_when_a_second_one_agrees(self) -> None:
        founder = make.forming()
        member = make.member(founder.committee)
        intake = make.reloaded(make.organizer_of(make.alliance()))
        said = {"first": now().date(), "last": now().date() + 3 * DAY, "by": founder, "at": now()}
        cover = jointly.accept_cover(jointly.ask_cover(member, Role.ORGANIZER, **said), by=member, at=now())
        assert jointly.agree(act_of(cover), by=intake, at=now()).state == Act.DONE
        assert Power.AGREE in make.reloaded(member).powers

    def test_of_a_lone_organizer_one_of_the_wider_committee_agrees(self, cast: make.Cast) -> None:
        make.alliance()
        act = act_of(accepted(cast))
        assert act.asks_wider
        intake = make.reloaded(make.organizer_of(make.alliance()))
        assert jointly.agree(act, by=intake, at=now()).state == Act.AGREED

    def test_nobody_is_asked_where_nobody_could_agree(self, cast: make.Cast) -> None:
        RoleTerm.objects.filter(committee__scope="alliance").update(ends_at=now())
        with pytest.raises(Refused, match="nobody who could agree"):
            asked(cast)
        assert not Cover.objects.exists()

    @pytest.mark.parametrize("end", ["declines", "the second lets it lapse", "is dropped", "is stopped"])
    def test_it_comes_to_nothing(self, end: str, cast: make.Cast, second: Membership) -> None:
        cover = asked(cast)
        if end == "declines":
            membership.decline_cover(cover, by=make.reloaded(cast.ben), at=now())
        else:
            jointly.accept_cover(cover, by=make.reloaded(cast.ben), at=now())
        if end == "the second lets it lapse":
            jointly.lapse(now() + LATER)
        if end == "is dropped":
            jointly.drop(act_of(cover), by=second, at=now())
        if end == "is stopped":
            act = jointly.agree(act_of(cover), by=second, at=now())
            jointly.object_to(act, reason="Not with us.", by=make.reloaded(cast.mo), at=now())
        cover.refresh_from_db()
        assert cover.state == (State.DECLINED if end == "declines" else State.OFF)
        assert not RoleTerm.objects.filter(stands_in_for__isnull=False).exists()
        assert kinds()[-1] == ("membership/cover_declined" if end == "declines" else "membership/cover_off")
        assert asked(cast).is_asked, "somebody can be asked again"

    def test_only_days_from_today_on_and_sixty_at_most(self, cast: make.Cast, second: Membership) -> None:
        for said, field in (({"begins": -1}, "first"), ({"days": 61}, "last"), ({"days": 0}, "last"), ({"begins": 400}, "first")):
            with pytest.raises(Refused) as no:
                asked(cast, **said)
            assert no.value.field == field
        assert asked(cast, days=LONGEST).ends_at - now() < timedelta(days=LONGEST, hours=1)

    def test_days_are_those_of_the_committee(self, cast: make.Cast, second: Membership) -> None:
        Committee.objects.filter(pk=cast.committee.pk).update(zone="Asia/Kathmandu")
        first = datetime(2027, 3, 1, tzinfo=UTC).date()
        at = datetime(2027, 2, 1, tzinfo=UTC)
        cover = jointly.ask_cover(make.reloaded(cast.ben), Role.ORGANIZER, first=first, last=first, by=make.reloaded(cast.ada), at=at)
        assert (cover.begins_at, cover.ends_at) == (datetime(2027, 2, 28, 18, 15, tzinfo=UTC), datetime(2027, 3, 1, 18, 15, tzinfo=UTC))
        assert cover.begins_at.time() == time(18, 15)

    def test_it_is_refused(self, cast: make.Cast, second: Membership) -> None:
        with pytest.raises(Refused, match="first weeks"):
            asked(cast, cast.cleo)
        with pytest.raises(Refused, match="do not hold"):
            asked(cast, role=Role.MODERATOR)
        with pytest.raises(PermissionDenied):
            asked(cast, by=cast.ben, member=cast.mo)
        with pytest.raises(PermissionDenied):
            asked(cast, cast.ada)
        with pytest.raises(PermissionDenied):
            asked(cast, cast.boss)
        RoleTerm.objects.filter(membership=cast.ada).update(ends_at=now() + DAY, interim=False)
        with pytest.raises(Refused, match="ends before"):
            asked(cast, begins=3)

    def test_one_covers_for_one_and_is_covered_by_one(self, cast: make.Cast, second: Membership) -> None:
        cover = asked(cast)
        with pytest.raises(Refused, match="In these days"):
            asked(cast, cast.mo)
        with pytest.raises(Refused, match="In these days"):
            asked(cast, by=second)
        with pytest.raises(IntegrityError, match="nobody_covers_for_themself"), transaction.atomic():
            Cover.objects.filter(pk=cover.pk).update(member=cast.ada)
        assert asked(cast, cast.mo, begins=20).is_asked

    def test_only_whoever_is_asked_answers_and_once(self, cast: make.Cast, second: Membership) -> None:
        cover = asked(cast)
        for other in (cast.mo, cast.ada, cast.boss):
            with pytest.raises(PermissionDenied):
                jointly.accept_cover(cover, by=make.reloaded(other), at=now())
        jointly.accept_cover(cover, by=make.reloaded(cast.ben), at=now())
        with pytest.raises(Refused, match="already been answered"):
            membership.decline_cover(cover, by=make.reloaded(cast.ben), at=now())

    def test_too_late_is_too_late(self, cast: make.Cast, second: Membership) -> None:
        cover = asked(cast, days=1)
        with pytest.raises(Refused, match="over"):
            jointly.accept_cover(cover, by=make.reloaded(cast.ben), at=cover.ends_at)
        other = accepted(cast, cast.ben, begins=2, days=1)
        jointly.agree(act_of(other), by=second, at=now())
        jointly.carry_out(now() + LATER)
        other.refresh_from_db()
        assert (act_of(other).state, other.state) == (Act.OVERTAKEN, State.OFF)


class TestWhileItRuns:
    def test_the_cover_may_all_that_the_office_lets_one_do_and_the_absent_one_too(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        ben, ada = make.reloaded(cast.ben), make.reloaded(cast.ada)
        assert ben.powers >= ada.powers
        assert ben.covers_for == {ada.pk}
        assert Membership.objects.with_power(Power.CALL_MEETING).filter(pk=ben.pk).exists()
        assert members.organizers(cast.committee.pk).filter(pk=ben.pk).exists()
        assert not members.holders(cast.committee.pk).filter(pk=ben.pk).exists()

    def test_it_begins_and_ends_by_itself(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second, begins=5, days=2)
        asks = Membership.objects.filter(pk=cast.ben.pk)
        for at, holds in ((cover.begins_at - DAY / 24, False), (cover.begins_at, True), (cover.ends_at - DAY / 24, True), (cover.ends_at, False)):
            assert asks.with_role(Role.ORGANIZER, at=at).exists() is holds, at

    def test_it_ends_with_the_office_at_the_latest(self, cast: make.Cast, second: Membership) -> None:
        RoleTerm.objects.filter(membership=cast.ada).update(ends_at=now() + 4 * DAY, interim=False)
        cover = running(cast, second)
        assert cover.ends_at == RoleTerm.objects.get(membership=cast.ada).ends_at

    def test_the_absent_one_is_not_reminded_of_applications_as_long_as_another_is(self, cast: make.Cast, second: Membership) -> None:
        from committees.membership.kinds import _reviewers, _reviewers_there

        running(cast, second)
        notice = Notice(kind="membership/application_waits", about_type="membership.Application", about_id=cast.dina.pk)
        notice.about = cast.dina
        assert cast.ada.person_id in set(_reviewers(notice))
        assert cast.ada.person_id not in _reviewers_there(notice)
        assert cast.ben.person_id in _reviewers_there(notice)
        Membership.objects.filter(pk__in=[cast.ben.pk, second.pk, cast.mo.pk]).update(standing=Standing.SUSPENDED)
        assert _reviewers_there(notice) == {cast.ada.person_id}, "nobody else is left"

    def test_both_are_told_when_it_begins_and_ends(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second, days=2)
        assert membership.tell_of_covers(now()) == 1
        assert membership.tell_of_covers(now()) == 0
        assert membership.tell_of_covers(cover.ends_at) == 1
        assert membership.tell_of_covers(cover.ends_at) == 0
        assert kinds() == [f"membership/cover_{name}" for name in ("asked", "accepted", "begins", "ends")]
        assert verbs(cast) == ["cover.asked", "cover.accepted", "cover.arranged", "cover.begun", "cover.ended"]

    def test_members_see_who_covers_for_whom_and_new_members_do_not(self, cast: make.Cast, second: Membership) -> None:
        waiting = asked(cast, cast.mo, by=second)
        cover = running(cast, second)
        for who, expected in ((cast.mo, {cover, waiting}), (second, {cover, waiting}), (cast.ben, {cover}), (cast.cleo, set()), (cast.boss, set())):
            assert set(Cover.objects.visible_to(make.reloaded(who))) == expected


class TestItEnds:
    @pytest.mark.parametrize("who", ["ada", "ben"])
    def test_when_one_of_the_two_says_so(self, who: str, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second)
        jointly.end_cover(cover, by=make.reloaded(getattr(cast, who)), at=now())
        assert Role.ORGANIZER not in make.reloaded(cast.ben).roles
        assert Role.ORGANIZER in make.reloaded(cast.ada).roles
        assert kinds()[-1] == "membership/cover_ends"
        assert membership.tell_of_covers(now() + 90 * DAY) == 0, "they are told once"
        with pytest.raises(Refused, match="over already"):
            jointly.end_cover(cover, by=make.reloaded(cast.ada), at=now())

    def test_never_when_somebody_else_says_so(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second)
        for other in (second, cast.mo, cast.boss):
            with pytest.raises(PermissionDenied):
                jointly.end_cover(cover, by=make.reloaded(other), at=now())

    def test_while_others_still_have_to_agree(self, cast: make.Cast, second: Membership) -> None:
        cover = accepted(cast)
        jointly.end_cover(cover, by=make.reloaded(cast.ada), at=now())
        assert act_of(cover).state == Act.DROPPED
        cover.refresh_from_db()
        assert cover.state == State.OFF

    @pytest.mark.parametrize("who", ["ada", "ben"])
    @pytest.mark.parametrize("way", ["leaves", "steps aside", "is suspended", "is removed", "is inactive", "erases the account"])
    def test_when_one_of_the_two_goes(self, way: str, who: str, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second)
        gone = make.reloaded(getattr(cast, who))
        if way == "leaves":
            membership.leave(gone, by=gone, at=now())
        elif way == "steps aside":
            membership.step_aside(gone, by=gone, at=now())
        elif way == "is suspended":
            membership.suspend(gone, by=None, at=now())
        elif way == "is removed":
            membership.remove(gone, for_employer=False, by=None, at=now())
        elif way == "is inactive":
            Membership.objects.filter(pk=gone.pk).update(asked_on=(now() - 31 * DAY).date())
            assert membership.become_inactive(now()) == 1
        else:
            assert gone.person is not None
            people.erase(gone.person, by=gone.person, at=now())
        cover.refresh_from_db()
        assert cover.ends_at <= now()
        assert not RoleTerm.objects.running(now()).filter(stands_in_for__isnull=False).exists()
        assert Role.ORGANIZER not in make.reloaded(cast.ben).roles

    def test_when_the_office_is_handed_back_or_taken(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second)
        membership.resign(make.reloaded(cast.ada), Role.ORGANIZER, by=make.reloaded(cast.ada), at=now())
        cover.refresh_from_db()
        assert cover.ends_at <= now()
        assert Role.ORGANIZER not in make.reloaded(cast.ben).roles

    def test_when_the_cover_hands_the_office_back_as_any_other(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second)
        membership.resign(make.reloaded(cast.ben), Role.ORGANIZER, by=make.reloaded(cast.ben), at=now())
        cover.refresh_from_db()
        assert cover.ends_at <= now()
        assert Role.ORGANIZER in make.reloaded(cast.ada).roles

    def test_when_whoever_covers_by_their_own_office_loses_it(self, cast: make.Cast, second: Membership) -> None:
        cover = accepted(cast, second)
        membership.end_term(make.reloaded(second), Role.ORGANIZER, by=None, at=now())
        cover.refresh_from_db()
        assert cover.ends_at <= now()

    def test_when_the_committee_closes(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second)
        later = asked(cast, cast.mo, begins=20)
        membership.close(cast.committee, by=make.reloaded(cast.ada), at=now())
        assert not Cover.objects.not_over(now()).filter(pk__in=[cover.pk, later.pk]).exists()
        assert not RoleTerm.objects.running(now() + DAY).filter(committee=cast.committee).exists()

    def test_a_term_that_would_begin_later_never_does(self, cast: make.Cast, second: Membership) -> None:
        cover = running(cast, second, begins=5)
        jointly.end_cover(cover, by=make.reloaded(cast.ada), at=now())
        assert not Membership.objects.filter(pk=cast.ben.pk).with_role(Role.ORGANIZER, at=now() + 6 * DAY).exists()


class TestOneVoice:
    def test_what_the_absent_one_proposes_the_cover_cannot_agree_to(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        act = jointly.propose_role(make.reloaded(cast.mo), Role.DELEGATE, months=6, reason=WHY, by=make.reloaded(cast.ada), at=now())
        with pytest.raises(PermissionDenied):
            jointly.agree(act, by=make.reloaded(cast.ben), at=now())
        assert not queries.waiting_for(cast.ben.person, now()).exists()  # type: ignore[arg-type]
        assert set(queries.seconds(act)) == {second}

    def test_what_the_cover_proposes_the_absent_one_cannot_agree_to(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        act = jointly.propose_role(make.reloaded(cast.mo), Role.DELEGATE, months=6, reason=WHY, by=make.reloaded(cast.ben), at=now())
        with pytest.raises(PermissionDenied):
            jointly.agree(act, by=make.reloaded(cast.ada), at=now())
        assert not queries.waiting_for(cast.ada.person, now()).exists()  # type: ignore[arg-type]
        assert jointly.agree(act, by=second, at=now()).state == Act.AGREED

    def test_a_third_organizer_has_the_cover_as_a_second_one(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        act = jointly.propose_role(make.reloaded(cast.mo), Role.DELEGATE, months=6, reason=WHY, by=second, at=now())
        assert queries.waiting_for(cast.ben.person, now()).exists()  # type: ignore[arg-type]
        assert jointly.agree(act, by=make.reloaded(cast.ben), at=now()).state == Act.AGREED

    def test_where_the_two_are_alone_the_wider_committee_is_asked_and_there_too_they_are_one(self, cast: make.Cast) -> None:
        alliance = make.alliance()
        intake = make.reloaded(make.organizer_of(alliance))
        running(cast, intake)
        make.member(alliance, by=cast.ben.person, roles=(Role.ORGANIZER,), handle="Ben there")
        act = jointly.propose_role(make.reloaded(cast.mo), Role.DELEGATE, months=6, reason=WHY, by=make.reloaded(cast.ada), at=now())
        assert act.asks_wider
        there = Membership.objects.get(committee=alliance, person=cast.ben.person)
        with pytest.raises(PermissionDenied):
            jointly.agree(act, by=make.reloaded(there), at=now())
        assert jointly.agree(act, by=intake, at=now()).state == Act.AGREED

    def test_about_the_absent_one_the_cover_neither_agrees_nor_hears(self, cast: make.Cast, second: Membership) -> None:
        third = make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Third organizer"))
        running(cast, second)
        removal = jointly.propose_removal(make.reloaded(cast.ada), reason="Reports on us.", by=second, at=now())
        assert not JointAct.objects.visible_to(make.reloaded(cast.ben)).filter(pk=removal.pk).exists()
        assert set(queries.seconds(removal)) == {third}

    def test_nobody_gives_themself_a_role_with_the_powers_of_another(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        ben = make.reloaded(cast.ben)
        with pytest.raises(PermissionDenied):
            jointly.propose_role(ben, Role.ORGANIZER, months=6, reason=WHY, by=ben, at=now())
        with pytest.raises(Refused, match="Somebody organizes here"):
            jointly.volunteer(months=6, reason=WHY, by=ben, at=now())
        with pytest.raises(PermissionDenied):
            asked(cast, ben, by=ben)
        with pytest.raises(Refused, match="do not hold"):
            asked(cast, cast.mo, by=ben)
        act = jointly.propose_role(ben, Role.MODERATOR, months=6, reason=WHY, by=second, at=now())
        with pytest.raises(PermissionDenied):
            jointly.agree(act, by=ben, at=now())

    def test_nor_while_the_committee_is_forming(self) -> None:
        founder = make.forming()
        member = make.member(founder.committee)
        RoleTerm.objects.create(
            committee=founder.committee, membership=member, role=Role.ORGANIZER, begins_at=now(), ends_at=now() + DAY, stands_in_for=founder
        )
        with pytest.raises(PermissionDenied):
            membership.give_role(make.reloaded(member), Role.MODERATOR, by=make.reloaded(member), at=now())
        with pytest.raises(IntegrityError, match="until_some_time"), transaction.atomic():
            RoleTerm.objects.filter(membership=member).update(ends_at=None)

    def test_a_cover_is_not_the_organizer_who_is_left(self, cast: make.Cast) -> None:
        """The last organizer cannot go because somebody covers for them for some days."""
        running(cast, make.reloaded(make.organizer_of(make.alliance())))
        ada = make.reloaded(cast.ada)
        for act in (
            lambda: membership.resign(ada, Role.ORGANIZER, by=ada, at=now()),
            lambda: membership.suspend(ada, by=None, at=now()),
            lambda: membership.end_term(ada, Role.ORGANIZER, by=None, at=now()),
        ):
            with pytest.raises(Refused, match="last organizer"):
                act()

    def test_whoever_covers_can_be_given_the_office_itself(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        act = jointly.propose_role(make.reloaded(cast.ben), Role.ORGANIZER, months=6, reason=WHY, by=make.reloaded(cast.ada), at=now())
        jointly.agree(act, by=second, at=now())
        jointly.carry_out(now() + LATER)
        own = RoleTerm.objects.running(now() + LATER).get(membership=cast.ben, role=Role.ORGANIZER)
        assert own.stands_in_for is None
        assert members.holders(cast.committee.pk, now() + LATER).filter(pk=cast.ben.pk).exists()


class TestPages:
    def test_one_asks_another_accepts_a_second_agrees_and_everybody_reads_it(self, cast: make.Cast, second: Membership) -> None:
        slug = cast.committee.slug
        ada, ben, mo = (make.client(each.person) for each in (cast.ada, cast.ben, cast.mo))  # type: ignore[arg-type]
        assert reverse("jointly:away", args=[slug]) in ada.get(reverse("membership:me", args=[slug])).content.decode()
        page = reverse("jointly:cover_new", args=[slug])
        said = {"role": "organizer", "name": cast.ben.handle, "first": today().isoformat(), "last": (today() + 3 * DAY).isoformat()}
        wrong = ada.post(page, {**said, "name": "Nobody", "form_key": ada.get(page).context["form"]["form_key"].value()})
        assert wrong.status_code == 422
        assert "No other full member uses this name here." in wrong.content.decode()
        key = ada.get(page).context["form"]["form_key"].value()
        for _twice in range(2):
            assert ada.post(page, {**said, "form_key": key}).status_code == 302
        cover = Cover.objects.get()
        assert "asks you to cover" in ben.get(reverse("membership:committee", args=[slug])).content.decode()
        assert mo.get(cover.get_absolute_url()).status_code == 404, "what is not settled only the two see"
        assert ben.post(cover.get_absolute_url(), {"act": "accept"}).status_code == 302
        act = act_of(cover)
        assert f"{cast.ben.handle} covers for {cast.ada.handle} as Organizer" in mo.get(act.url_in(slug)).content.decode()
        jointly.agree(act, by=second, at=now())
        JointAct.objects.update(happens_at=now())
        jointly.carry_out(now())
        for place in (reverse("membership:committee", args=[slug]), reverse("jointly:away", args=[slug]), cover.get_absolute_url()):
            assert cast.ada.handle in mo.get(place).content.decode()
        assert "I am back" in ada.get(cover.get_absolute_url()).content.decode()
        assert ada.post(cover.get_absolute_url(), {"act": "end"}).status_code == 302
        assert ada.post(cover.get_absolute_url(), {"act": "end"}).status_code == 422
        assert "Now" not in mo.get(reverse("jointly:away", args=[slug])).context["waiting"]

    def test_the_list_asks_as_often_for_three_as_for_one(self, cast: make.Cast, second: Membership) -> None:
        ben = make.client(cast.ben.person)  # type: ignore[arg-type]
        page = reverse("jointly:away", args=[cast.committee.slug])
        counts = []
        for begins in (0, 20, 40):
            accepted(cast, second, begins=begins, days=5)
            with CaptureQueriesContext(
                connection,
            ) as asked_for:
                assert ben.get(page).status_code == 200
            counts.append(len(asked_for))
        assert counts[1] == counts[2]

    def test_whoever_holds_no_office_is_not_asked_when_they_are_away(self, cast: make.Cast) -> None:
        ben = make.client(cast.ben.person)  # type: ignore[arg-type]
        assert ben.get(reverse("jointly:cover_new", args=[cast.committee.slug])).status_code == 404

    def test_the_export_says_when_and_not_who(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        mine, theirs = exported(cast.ada.person), exported(cast.ben.person)  # type: ignore[arg-type]
        assert (mine[0]["i_was"], theirs[0]["i_was"]) == ("away", "covering")
        assert cast.ben.handle not in str(mine)


def test_the_deed_of_a_cover_says_who_and_nothing_else_does(cast: make.Cast, second: Membership) -> None:
    act = act_of(accepted(cast))
    for wrong in ({"cover": None}, {"deed": Deed.GIVE_ROLE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            JointAct.objects.filter(pk=act.pk).update(**wrong)


def test_a_cover_does_not_lead_into_another_committee(cast: make.Cast, second: Membership) -> None:
    cover = asked(cast)
    for wrong in ({"member": cast.boss}, {"absent": cast.boss}):
        with pytest.raises(IntegrityError):
            _point(cover, wrong)


@transaction.atomic
def _point(cover: Cover, wrong: dict[str, Membership]) -> None:
    Cover.objects.filter(pk=cover.pk).update(**wrong)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
