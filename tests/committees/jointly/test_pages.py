"""The pages on which organizers propose and agree, and members object."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committees.bodies.commands import CharterWords
from committees.jointly import commands as jointly
from committees.jointly import exporting
from committees.jointly.models import JointAct, State
from committees.membership import commands as membership
from committees.membership.exporting import memberships
from committees.membership.models import Membership
from committees.membership.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
WHY = "He has led the last four meetings."


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))


def browser(member: Membership) -> Client:
    assert member.person is not None
    return make.client(member.person)


def proposed(cast: make.Cast, role: Role = Role.MODERATOR) -> JointAct:
    return jointly.propose_role(make.reloaded(cast.ben), role, months=12, reason=WHY, by=make.reloaded(cast.ada), at=timezone.now())


def text(client: Client, name: str, *args: str) -> str:
    answer = client.get(reverse(f"jointly:{name}", args=args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_an_organizer_proposes_from_a_members_page_and_another_agrees(cast: make.Cast, second: Membership) -> None:
    slug, ada = cast.committee.slug, browser(cast.ada)
    form = reverse("jointly:role", args=[slug, cast.ben.slug])
    assert f'href="{form}"' in ada.get(reverse("membership:member", args=[slug, cast.ben.slug])).content.decode()
    key = ada.get(form).context["form"]["form_key"].value()
    said = {"role": "moderator", "months": "6", "reason": WHY, "form_key": key}
    assert ada.post(form, said).status_code == 302
    assert ada.post(form, said).status_code == 302
    act = JointAct.objects.get()
    address = act.url_in(slug)
    agree = reverse("jointly:agree", args=[slug, act.slug])
    assert f'href="{agree}"' not in text(ada, "act", slug, act.slug)
    assert f'href="{agree}"' in text(browser(second), "act", slug, act.slug)
    assert browser(second).post(agree)["Location"] == address
    assert JointAct.objects.get().state == State.AGREED


def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(cast: make.Cast, second: Membership) -> None:
    answer = browser(cast.ada).post(reverse("jointly:role", args=[cast.committee.slug, cast.ben.slug]), {"role": "moderator", "months": "12", "reason": "no"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "id_reason_error" in page
    assert 'value="moderator"' in page
    assert "no</textarea>" in page


def test_a_member_objects_and_nobody_reads_who(cast: make.Cast, second: Membership) -> None:
    for _ in range(5):
        make.member(cast.committee)
    act = jointly.agree(proposed(cast), by=second, at=timezone.now())
    address, ben = act.url_in(cast.committee.slug), browser(cast.mo)
    assert ben.post(address, {"act": "object", "reason": "short"}).status_code == 422
    assert ben.post(address, {"act": "object", "reason": "The night shift was not asked."}).status_code == 302
    shown = text(browser(cast.ada), "act", cast.committee.slug, act.slug)
    assert "The night shift was not asked." in shown
    assert cast.mo.handle not in shown
    assert "You have objected." in ben.get(address).content.decode()
    assert "You have objected." not in shown


def test_the_wider_committee_learns_what_is_asked_and_no_name(cast: make.Cast) -> None:
    intake = make.organizer_of(make.alliance())
    act = proposed(cast)
    wide = make.alliance().slug
    listed, shown = text(browser(intake), "acts", wide), text(browser(intake), "act", wide, act.slug)
    for page in (listed, shown):
        assert cast.committee.name in page
        for member in (cast.ben, cast.ada):
            assert member.handle not in page
    assert browser(intake).post(reverse("jointly:agree", args=[wide, act.slug])).status_code == 302
    assert JointAct.objects.get().agreed_by_id == intake.pk


def test_what_waits_stands_on_the_first_page_of_whoever_can_agree(cast: make.Cast, second: Membership) -> None:
    act = proposed(cast)
    today = reverse("home:today")
    assert f'href="{act.url_in(cast.committee.slug)}"' in browser(second).get(today).content.decode()
    for other in (cast.ada, cast.ben, cast.boss, make.organizer_of(make.alliance())):
        assert act.slug not in browser(other).get(today).content.decode()


def test_the_wider_committees_organizers_are_asked_on_their_first_page_where_nobody_else_can_agree(cast: make.Cast) -> None:
    intake = make.organizer_of(make.alliance())
    act = proposed(cast)
    assert f'href="{act.url_in(intake.committee.slug)}"' in browser(intake).get(reverse("home:today")).content.decode()


def test_new_rules_stand_on_their_page_with_the_old_ones(cast: make.Cast, second: Membership) -> None:
    slug, ada = cast.committee.slug, browser(cast.ada)
    form = reverse("jointly:charter_new", args=[slug])
    key = ada.get(form).context["form"]["form_key"].value()
    said = {"language": "en", "text": "We sort parcels <b>together</b>.", "who_may_join": "All who work here.", "reason": "From our meeting.", "form_key": key}
    assert ada.post(form, said).status_code == 302
    jointly.agree(JointAct.objects.get(), by=second, at=timezone.now())
    jointly.carry_out(timezone.now() + timedelta(hours=73))
    now = text(browser(cast.cleo), "charter", slug)
    assert "We sort parcels &lt;b&gt;together&lt;/b&gt;." in now
    assert "All who work here." in now
    assert "Version 2" in now
    before = browser(cast.ben).get(reverse("jointly:charter", args=[slug]), {"version": "1"}).content.decode()
    assert "We are workers at one workplace." in before
    assert browser(cast.ben).get(reverse("jointly:charter", args=[slug]), {"version": "9"}).status_code == 404
    assert "We sort parcels" in Client().get(reverse("bodies:card", args=[slug])).content.decode()


def test_how_many_are_enough_to_decide_takes_two_and_stands_with_the_rules(cast: make.Cast, second: Membership) -> None:
    slug, ada = cast.committee.slug, browser(cast.ada)
    assert "At least 25 in 100 full members" in text(browser(cast.cleo), "charter", slug)
    form = reverse("jointly:charter_new", args=[slug])
    key = ada.get(form).context["form"]["form_key"].value()
    said = {"language": "en", "reason": "A quarter is too few.", "form_key": key}
    assert ada.post(form, said | {"quorum": "0"}).status_code == 422
    assert ada.post(form, said | {"quorum": "50"}).status_code == 302
    act = JointAct.objects.get()
    assert "At least 50 in 100 full members" in text(browser(second), "act", slug, act.slug)
    jointly.agree(act, by=second, at=timezone.now())
    assert "At least 25 in 100 full members" in text(browser(cast.cleo), "charter", slug)
    jointly.carry_out(timezone.now() + timedelta(hours=73))
    assert "At least 50 in 100 full members" in text(browser(cast.cleo), "charter", slug)


def test_rules_that_change_nothing_are_not_proposed(cast: make.Cast) -> None:
    answer = browser(cast.ada).post(reverse("jointly:charter_new", args=[cast.committee.slug]), {"language": "en", "reason": "From our meeting."})
    assert (answer.status_code, "Nothing is changed" in answer.content.decode()) == (422, True)


def test_an_office_is_handed_back_from_ones_own_page(cast: make.Cast) -> None:
    slug, mo = cast.committee.slug, browser(cast.mo)
    address = reverse("jointly:resign", args=[slug, "moderator"])
    assert f'href="{address}"' in mo.get(reverse("membership:me", args=[slug])).content.decode()
    assert mo.post(address).status_code == 302
    assert Role.MODERATOR not in make.reloaded(cast.mo).roles
    assert mo.post(address).status_code == 404
    last = browser(cast.ada).post(reverse("jointly:resign", args=[slug, "organizer"]))
    assert (last.status_code, "last organizer" in last.content.decode()) == (422, True)


def test_nobody_outside_finds_any_of_it(cast: make.Cast, second: Membership) -> None:
    act = proposed(cast)
    for client in (browser(cast.boss), make.client(make.person())):
        for name, args in (("acts", []), ("act", [act.slug]), ("agree", [act.slug]), ("charter", []), ("charter_new", [])):
            assert client.get(reverse(f"jointly:{name}", args=[cast.committee.slug, *args])).status_code == 404
    theirs = cast.boss.committee.slug
    assert browser(cast.boss).get(reverse("jointly:act", args=[theirs, act.slug])).status_code == 404


def test_the_list_costs_the_same_with_two_acts_and_with_nine(cast: make.Cast, second: Membership) -> None:
    client, address = browser(cast.ben), reverse("jointly:acts", args=[cast.committee.slug])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def propose(n: int) -> None:
        for _ in range(n):
            member = make.reloaded(make.member(cast.committee))
            jointly.propose_role(member, Role.MODERATOR, months=6, reason=WHY, by=make.reloaded(cast.ada), at=timezone.now())

    jointly.drop(proposed(cast), by=second, at=timezone.now())
    propose(1)
    cost()
    before = cost()
    propose(6)
    jointly.drop(jointly.propose_charter(CharterWords("en", "New"), reason=WHY, by=second, at=timezone.now()), by=second, at=timezone.now())
    assert cost() == before <= 8


def test_ones_own_proposals_objections_and_offices_are_in_ones_export(cast: make.Cast, second: Membership) -> None:
    for _ in range(5):
        make.member(cast.committee)
    act = jointly.agree(proposed(cast), by=second, at=timezone.now())
    jointly.object_to(act, reason="The night shift was not asked.", by=make.reloaded(cast.mo), at=timezone.now())
    assert cast.ada.person is not None
    assert cast.mo.person is not None
    mine = exporting.proposals(cast.ada.person)
    assert [(each["role"], each["why"]) for each in mine] == [("Moderator", WHY)]
    assert cast.ben.handle not in str(mine)
    assert [each["why"] for each in exporting.objections(cast.mo.person)] == ["The night shift was not asked."]
    assert exporting.objections(cast.ada.person) == exporting.proposals(cast.mo.person) == []
    (offices,) = [each["offices"] for each in memberships(cast.mo.person)]
    assert [(each["role"], each["until"]) for each in offices] == [("moderator", None)]


def test_agreeing_too_late_says_that_nothing_was_done() -> None:
    """While a committee is forming, what two agree to happens at once."""
    founder = make.forming()
    second = make.reloaded(make.member(founder.committee, roles=(Role.ORGANIZER,)))
    third = make.reloaded(make.member(founder.committee))
    act = jointly.propose_role(third, Role.MODERATOR, months=12, reason=WHY, by=make.reloaded(founder), at=timezone.now())
    membership.leave(third, by=third, at=timezone.now())
    said = browser(second).post(reverse("jointly:agree", args=[founder.committee.slug, act.slug]), follow=True).content.decode()
    assert "nothing was done" in said
    assert "No longer possible" in said
