"""A committee lets those who keep the service look at parts of it, for some hours: what they see then, and that it ends."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.jointly.models import State as Act
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.notices.models import Notice
from committees.people import commands as people
from committees.people.models import Person
from committees.support import commands as support
from committees.support import exporting, register
from committees.support.models import Grant, Look, State, Visitor
from organizing.forum import commands as forum
from organizing.forum.models import Board, Post, Topic
from organizing.meetings import commands as meetings
from tests import make
from tests.organizing.forum.talking import begin
from tests.organizing.meetings.cast import plan

pytestmark = pytest.mark.django_db
WHY = "Our board does not open any more."
ALL = ["settings", "meetings", "boards"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def now() -> datetime:
    return timezone.now()


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))


@pytest.fixture
def keeper() -> Person:
    return make.person(is_platform_admin=True)


def proposed(cast: make.Cast, *parts: str, hours: int = 4) -> JointAct:
    return jointly.propose_support(parts or ALL, hours=hours, reason=WHY, by=make.reloaded(cast.ada), at=now())


def granted(cast: make.Cast, second: Membership, *parts: str, hours: int = 4) -> Grant:
    act = jointly.agree(proposed(cast, *parts, hours=hours), by=second, at=now())
    assert act.state == Act.DONE
    return Grant.objects.get(acts=act)


def url(grant: Grant, part: str, item: str = "") -> str:
    return reverse("support:item", args=[grant.slug, part, item]) if item else reverse("support:part", args=[grant.slug, part])


def verbs(cast: make.Cast) -> list[str]:
    return list(Entry.objects.filter(chain=cast.committee.slug, verb__startswith="support").order_by("position").values_list("verb", flat=True))


class TestGranting:
    def test_it_takes_two_and_begins_at_once_and_all_members_are_told(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        act = proposed(cast)
        assert not Grant.objects.running(now()).exists()
        assert make.client(keeper).get(reverse("support:keeping")).context["grants"] == []
        with pytest.raises(Refused, match="You proposed this"):
            jointly.agree(act, by=make.reloaded(cast.ada), at=now())
        assert jointly.agree(act, by=second, at=now()).state == Act.DONE
        grant = Grant.objects.running(now()).get()
        assert grant.ends_at is not None
        assert grant.begins_at is not None
        assert grant.ends_at - grant.begins_at == 4 * HOUR
        told = set(Notice.objects.filter(kind__in=("jointly/done", "support/granted")).values_list("kind", flat=True))
        assert told == {"jointly/done", "support/granted"}
        assert verbs(cast) == ["support.granted"]

    def test_of_a_lone_organizer_one_of_the_wider_committee_agrees(self, cast: make.Cast) -> None:
        intake = make.reloaded(make.organizer_of(make.alliance()))
        assert jointly.agree(proposed(cast), by=intake, at=now()).state == Act.DONE

    def test_whoever_covers_for_the_one_who_asks_is_no_second_organizer(self, cast: make.Cast, second: Membership) -> None:
        from committees.membership.models import RoleTerm

        RoleTerm.objects.create(
            committee=cast.committee, membership=cast.ben, role=Role.ORGANIZER, begins_at=now() - HOUR, ends_at=now() + DAY, stands_in_for=cast.ada
        )
        with pytest.raises(PermissionDenied):
            jointly.agree(proposed(cast), by=make.reloaded(cast.ben), at=now())

    @pytest.mark.parametrize("way", ["lapses", "is dropped"])
    def test_without_a_second_one_nobody_sees_anything(self, way: str, cast: make.Cast, second: Membership) -> None:
        act = proposed(cast)
        if way == "lapses":
            jointly.lapse(now() + timedelta(hours=73))
        else:
            jointly.drop(act, by=second, at=now())
        assert Grant.objects.get().state == State.OFF

    def test_only_what_there_is_for_as_long_as_there_is(self, cast: make.Cast, second: Membership) -> None:
        for parts, hours in (([], 4), (["roster"], 4), (["boards", "ballots"], 4), (["boards"], 5)):
            with pytest.raises(Refused):
                jointly.propose_support(parts, hours=hours, reason=WHY, by=make.reloaded(cast.ada), at=now())
        for wrong in ({"hours": 100}, {"parts": []}, {"state": State.GIVEN}):
            act = JointAct.objects.filter(grant__isnull=False).first() or proposed(cast)
            with pytest.raises(IntegrityError), transaction.atomic():
                Grant.objects.filter(acts=act).update(**wrong)

    def test_members_and_moderators_grant_nothing(self, cast: make.Cast) -> None:
        for other in (cast.ben, cast.mo, cast.cleo):
            with pytest.raises(PermissionDenied):
                jointly.propose_support(ALL, hours=4, reason=WHY, by=make.reloaded(other), at=now())

    def test_there_is_no_part_of_who_belongs_applies_or_votes(self) -> None:
        assert [part.key for part in register.parts()] == ["settings", "meetings", "boards"]


class TestLooking:
    def test_a_platform_admin_reads_exactly_what_was_granted(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        grant = granted(cast, second, "settings")
        browser = make.client(keeper)
        page = browser.get(url(grant, "settings"))
        assert page.status_code == 200
        assert "You look into a committee, because it lets you" in page.content.decode()
        assert cast.committee.name in browser.get(reverse("support:keeping")).content.decode()
        for part in ("boards", "meetings", "roster", "ballots", "applications"):
            assert browser.get(url(grant, part)).status_code == 404
        assert browser.get(reverse("membership:committee", args=[cast.committee.slug])).status_code == 404

    def test_nothing_can_be_written(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        grant = granted(cast, second)
        for part in ALL:
            assert make.client(keeper).post(url(grant, part)).status_code == 405

    def test_it_takes_a_recent_sign_in(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        grant = granted(cast, second)
        browser = Client()
        browser.force_login(keeper)
        for path in (reverse("support:keeping"), url(grant, "settings")):
            assert reverse("account_reauthenticate") in browser.get(path).headers["Location"]
        assert not Look.objects.exists()

    def test_nobody_else_sees_it_not_even_its_own_organizers(self, cast: make.Cast, second: Membership) -> None:
        grant = granted(cast, second)
        for person in (cast.ada.person, cast.boss.person, make.person()):
            assert make.client(person).get(url(grant, "settings")).status_code == 404  # type: ignore[arg-type]
            assert make.client(person).get(reverse("support:keeping")).status_code == 404  # type: ignore[arg-type]

    def test_boards_are_read_without_names_and_never_where_the_committee_plans(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        talk = begin(cast.ada)
        plans = Board.objects.get(committee=cast.committee, audience="strategy")
        secret = forum.start(plans, title="Walkout", text="On the fourth.", language="en", by=make.reloaded(cast.ada), at=now())
        hidden = forum.reply(talk, "Hidden words", language="en", by=make.reloaded(cast.ada), at=now())
        Post.objects.filter(pk=hidden.pk).update(state="hidden_by_moderator")
        elsewhere = begin(cast.boss)
        grant, browser = granted(cast, second, "boards"), make.client(keeper)
        first = browser.get(url(grant, "boards")).content.decode()
        assert plans.slug not in first
        assert talk.board.slug in first
        assert talk.title in browser.get(url(grant, "boards", talk.board.slug)).content.decode()
        posts = browser.get(url(grant, "boards", talk.slug)).content.decode()
        assert Post.objects.get(topic=talk, position=1).plain in posts
        assert cast.ada.handle not in posts
        assert "Hidden words" not in posts
        for wrong in (plans.slug, secret.slug, elsewhere.slug, elsewhere.board.slug, "nothing"):
            assert browser.get(url(grant, "boards", wrong)).status_code == 404

    def test_meetings_are_listed_without_place_and_link(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        called = meetings.call(meetings.draft(plan(), by=cast.ada, at=now()), by=cast.ada, at=now())
        meetings.draft(plan(), by=cast.ada, at=now())
        grant, browser = granted(cast, second, "meetings"), make.client(keeper)
        page = browser.get(url(grant, "meetings"))
        assert [each.pk for each in page.context["shown"].context["page"]] == [called.pk]
        assert called.subject in page.content.decode()
        for secret in (called.place, called.link, called.dial_in):
            assert not secret or secret not in page.content.decode()
        assert browser.get(url(grant, "meetings", called.slug)).status_code == 404

    def test_each_page_is_written_down_for_the_members_without_a_name(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        grant, other = granted(cast, second), make.person(is_platform_admin=True)
        for who, part in ((keeper, "settings"), (other, "boards"), (keeper, "meetings")):
            assert make.client(who).get(url(grant, part)).status_code == 200
        make.client(keeper).get(url(grant, "boards", "nothing"))
        assert [(str(look.visitor), look.part) for look in Look.objects.select_related("visitor").order_by("pk")] == [
            ("Admin 1", "settings"),
            ("Admin 2", "boards"),
            ("Admin 1", "meetings"),
        ]
        page = make.client(cast.ben.person).get(reverse("support:of_committee", args=[cast.committee.slug])).content.decode()  # type: ignore[arg-type]
        assert page.count("Admin 1") == 2
        assert keeper.sign_in_name not in page
        assert verbs(cast) == ["support.granted", *["support.looked"] * 3]
        assert make.client(cast.cleo.person).get(reverse("support:of_committee", args=[cast.committee.slug])).status_code == 404  # type: ignore[arg-type]
        assert "What they can see" in make.client(cast.ben.person).get(reverse("membership:committee", args=[cast.committee.slug])).content.decode()  # type: ignore[arg-type]


class TestEnding:
    def test_by_itself_from_the_next_request_on(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        grant, browser = granted(cast, second, hours=1), make.client(keeper)
        assert browser.get(url(grant, "settings")).status_code == 200
        Grant.objects.update(begins_at=now() - 2 * HOUR, ends_at=now())
        assert browser.get(url(grant, "settings")).status_code == 404
        assert cast.committee.name not in browser.get(reverse("support:keeping")).content.decode()
        with pytest.raises(PermissionDenied):
            support.look(grant, "settings", by=keeper, at=now())

    def test_any_organizer_ends_it_with_one_tap_and_nobody_else(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        grant, browser = granted(cast, second), make.client(keeper)
        page = reverse("support:of_committee", args=[cast.committee.slug])
        assert make.client(cast.mo.person).post(page, {"grant": grant.slug}).status_code == 403  # type: ignore[arg-type]
        assert make.client(cast.ben.person).post(page, {"grant": grant.slug}).status_code == 403  # type: ignore[arg-type]
        assert browser.get(url(grant, "settings")).status_code == 200
        assert make.client(second.person).post(page, {"grant": grant.slug}).status_code == 302  # type: ignore[arg-type]
        assert browser.get(url(grant, "settings")).status_code == 404
        assert make.client(second.person).post(page, {"grant": grant.slug}).status_code == 422  # type: ignore[arg-type]
        assert verbs(cast)[-1] == "support.ended"
        with pytest.raises(PermissionDenied):
            support.end(grant, by=make.reloaded(cast.boss), at=now())

    def test_with_the_committee(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        grant = granted(cast, second)
        membership.close(cast.committee, by=make.reloaded(cast.ada), at=now())
        assert make.client(keeper).get(url(grant, "settings")).status_code == 404
        grant.refresh_from_db()
        assert not grant.is_running(now())

    def test_for_whoever_keeps_the_service_no_more(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        grant, browser = granted(cast, second), make.client(keeper)
        Person.objects.filter(pk=keeper.pk).update(is_platform_admin=False)
        assert browser.get(url(grant, "settings")).status_code == 404

    def test_it_never_becomes_a_look_at_the_committee_with_which_it_became_one(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        grant = granted(cast, second)
        support.look(grant, "settings", by=keeper, at=now())
        theirs = jointly.propose_support(["settings"], hours=4, reason=WHY, by=cast.boss, at=now())
        other = Grant.objects.get(acts=jointly.agree(theirs, by=make.reloaded(make.organizer_of(make.alliance())), at=now()))
        support.look(other, "settings", by=make.person(is_platform_admin=True), at=now())
        support.look(other, "settings", by=keeper, at=now())
        membership.unite(cast.committee, cast.boss.committee, at=now())
        assert make.client(keeper).get(url(grant, "settings")).status_code == 404
        assert make.client(keeper).get(url(other, "settings")).status_code == 200
        assert sorted(Visitor.objects.filter(committee=cast.boss.committee).values_list("number", flat=True)) == [1, 2]
        assert Look.objects.filter(committee=cast.boss.committee).count() == 4

    def test_why_and_who_looked_is_forgotten_after_90_days(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        grant = granted(cast, second)
        support.look(grant, "settings", by=keeper, at=now())
        assert support.forget(now() + 80 * DAY) == 0
        assert support.forget(now() + 95 * DAY) == 2
        grant.refresh_from_db()
        assert (grant.reason, Visitor.objects.get().person, Look.objects.count()) == ("", None, 1)

    def test_whoever_erases_their_account_leaves_a_number(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        support.look(granted(cast, second), "settings", by=keeper, at=now())
        assert exporting.looked(keeper)[0]["part"] == "settings"
        people.erase(keeper, by=keeper, at=now())
        visitor = Visitor.objects.get()
        assert str(visitor) == "Admin 1"
        assert visitor.person is None
        assert exporting.asked(cast.ada.person)[0]["why"] == WHY  # type: ignore[arg-type]


class TestPages:
    def test_an_organizer_comes_to_it_from_the_settings_and_proposes_it(self, cast: make.Cast, second: Membership) -> None:
        slug = cast.committee.slug
        ada = make.client(cast.ada.person)  # type: ignore[arg-type]
        of_committee, page = reverse("support:of_committee", args=[slug]), reverse("jointly:support", args=[slug])
        assert of_committee in ada.get(reverse("membership:settings", args=[slug])).content.decode()
        assert page in ada.get(of_committee).content.decode()
        assert ada.post(page, {"hours": "4"}).status_code == 422
        key = ada.get(page).context["form"]["form_key"].value()
        said = {"parts": ["boards", "settings"], "hours": "24", "reason": WHY, "form_key": key}
        for _twice in range(2):
            assert ada.post(page, said).status_code == 302
        act = JointAct.objects.get()
        seen = make.client(second.person).get(act.url_in(slug)).content.decode()  # type: ignore[arg-type]
        assert "Those who keep the service may look for 24 hours at: settings and rules, boards" in seen
        assert "It happens at once" in make.client(second.person).get(reverse("jointly:agree", args=[slug, act.slug])).content.decode()  # type: ignore[arg-type]

    def test_it_stands_on_the_page_of_those_who_keep_the_service(self, cast: make.Cast, second: Membership, keeper: Person) -> None:
        granted(cast, second)
        page = make.client(keeper).get(reverse("home:keeping")).content.decode()
        assert reverse("support:keeping") in page
        assert cast.committee.name not in page


def test_a_topic_of_another_committee_never_stands_in_the_path(cast: make.Cast, second: Membership, keeper: Person) -> None:
    begin(cast.boss)
    grant = granted(cast, second, "boards")
    for topic in Topic.objects.exclude(committee=cast.committee):
        assert make.client(keeper).get(url(grant, "boards", topic.slug)).status_code == 404
