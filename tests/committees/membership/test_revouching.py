"""Somebody is removed because they act for the employer: whom they vouched for is asked about anew, one level at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.jointly import commands as jointly
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership import queries
from committees.membership.applications import Check
from committees.membership.commands.inviting import check_by
from committees.membership.commands.vouching import WRONG_CODES
from committees.membership.models import Application, Membership
from committees.membership.roles import Role, Standing
from committees.notices import registry
from committees.notices.models import Delivery, Notice
from tests import make

pytestmark = pytest.mark.django_db


def vouched_in(cast: make.Cast, by: Membership, *, handle: str = "") -> Membership:
    """Somebody comes in by a member's code and an organizer's talk."""
    sent = make.application(cast.committee, handle=handle, at=timezone.now())
    by = make.reloaded(by)
    membership.use_code(sent, membership.make_code(by, by=by, at=timezone.now()), by=sent.person, at=timezone.now())
    membership.add_check(sent, Check.Kind.TALK, by=make.reloaded(cast.ada), at=timezone.now())
    made = membership.admit(sent, by=make.reloaded(cast.ada), at=timezone.now())
    membership.end_probations(timezone.now() + timedelta(days=15))
    return make.reloaded(made)


def removed(cast: make.Cast, who: Membership, *, for_employer: bool = True) -> None:
    second = make.member(cast.committee, roles=(Role.ORGANIZER,))
    make.removed(who, by=cast.ada, second=second, for_employer=for_employer)


def open_now() -> set[int]:
    return set(Membership.objects.filter(revouch_since__isnull=False).values_list("pk", flat=True))


def code_of(member: Membership) -> str:
    member = make.reloaded(member)
    return membership.make_code(member, by=member, at=timezone.now())


# -- What follows -----------------------------------------------------------------------------------------------------


def test_whom_they_vouched_for_is_in_question_and_told_and_keeps_every_right(cast: make.Cast) -> None:
    theirs, other = vouched_in(cast, cast.ben), vouched_in(cast, cast.mo)
    before = theirs.powers
    removed(cast, cast.ben)
    assert open_now() == {theirs.pk}
    assert make.reloaded(theirs).powers == before
    assert make.reloaded(theirs).standing == Standing.MEMBER
    told = Delivery.objects.filter(notice__kind="membership/in_question").values_list("person", flat=True)
    assert set(told) == {theirs.person_id}
    assert other.pk not in open_now()
    assert Entry.objects.filter(chain=cast.committee.slug, verb="member.in_question").count() == 1


def test_nothing_follows_from_a_removal_for_another_reason_or_from_one_that_is_only_proposed(cast: make.Cast) -> None:
    vouched_in(cast, cast.ben)
    make.organizer_of(make.alliance())
    act = jointly.propose_removal(make.reloaded(cast.ben), reason="Why", for_employer=True, by=make.reloaded(cast.ada), at=timezone.now())
    assert not open_now()
    jointly.drop(act, by=make.reloaded(cast.ada), at=timezone.now())
    removed(cast, cast.ben, for_employer=False)
    assert not open_now()


def test_the_chain_goes_on_only_where_those_were_removed_too(cast: make.Cast) -> None:
    """Ben let Ann in, Ann let Bea in, Bea let Col in."""
    ann = vouched_in(cast, cast.ben, handle="Gate one")
    bea = vouched_in(cast, ann, handle="Gate two")
    col = vouched_in(cast, bea, handle="Gate three")
    removed(cast, cast.ben)
    assert open_now() == {ann.pk}
    removed(cast, ann)
    assert {row.pk: row.vouchers for row in queries.in_question(cast.committee.pk)} == {bea.pk: [ann.handle]}
    assert make.reloaded(col).revouch_since is None


def test_whoever_left_and_came_back_by_others_is_not_asked_about(cast: make.Cast) -> None:
    theirs = vouched_in(cast, cast.ben)
    membership.leave(theirs, by=theirs, at=timezone.now())
    assert theirs.person is not None
    make.admitted(make.application(cast.committee, by=theirs.person, at=timezone.now()), at=timezone.now())
    Check.objects.filter(application__person=theirs.person, application__ended_at__gt=theirs.joined_at, by=cast.ben).delete()
    removed(cast, cast.ben)
    assert theirs.pk not in open_now()


def test_a_founder_confirmed_by_the_wider_committee_is_asked_about_without_naming_who_did_it() -> None:
    founder = make.forming()
    intake = make.organizer_of(make.alliance())
    others = [membership.seat(make.alliance(), make.person(), handle=f"Intake {n}", roles=[Role.ORGANIZER], at=make.past()) for n in (8, 9)]
    first, second = (make.reloaded(each) for each in others)
    make.removed(intake, by=first, second=second, for_employer=True)
    (row,) = queries.in_question(founder.committee_id)
    assert (row.pk, row.vouchers) == (founder.pk, [])


# -- How it ends ------------------------------------------------------------------------------------------------------


def test_another_members_code_settles_it_and_stands_beside_the_others(cast: make.Cast) -> None:
    theirs = vouched_in(cast, cast.ben)
    removed(cast, cast.ben)
    code = code_of(cast.mo)
    me = make.reloaded(theirs)
    assert not membership.vouch_again(me, "wrong-wrong", by=me, at=timezone.now())
    assert membership.vouch_again(me, code, by=me, at=timezone.now())
    assert not open_now()
    checks = Application.objects.get(person=theirs.person).checks
    assert set(checks.values_list("by", flat=True)) == {cast.ben.pk, cast.ada.pk, cast.mo.pk}
    with pytest.raises(Refused, match="already been done"):
        membership.vouch_again(me, code, by=me, at=timezone.now())


def test_a_code_works_once_and_not_from_oneself_or_from_whoever_is_in_question(cast: make.Cast) -> None:
    one, two = vouched_in(cast, cast.ben), vouched_in(cast, cast.ben)
    used, own, others = code_of(cast.mo), code_of(one), code_of(two)
    removed(cast, cast.ben)
    one, two = make.reloaded(one), make.reloaded(two)
    assert not membership.vouch_again(one, own, by=one, at=timezone.now())
    assert not membership.vouch_again(one, others, by=one, at=timezone.now())
    assert membership.vouch_again(one, used, by=one, at=timezone.now())
    assert not membership.vouch_again(two, used, by=two, at=timezone.now())


def test_whoever_is_in_question_vouches_for_no_applicant(cast: make.Cast) -> None:
    theirs = vouched_in(cast, cast.ben)
    code = code_of(theirs)
    removed(cast, cast.ben)
    assert not membership.use_code(cast.dina, code, by=cast.dina.person, at=timezone.now())


def in_question(member: Membership) -> Membership:
    """Somebody who had vouched for this member acts for the employer."""
    Membership.objects.filter(pk=member.pk).update(revouch_since=timezone.now())
    return make.reloaded(member)


def test_a_reviewer_who_is_in_question_gives_no_check_in_any_way(cast: make.Cast) -> None:
    ada, at = make.reloaded(cast.ada), timezone.now()
    made = membership.invite(cast.committee, by=ada, at=at, label="Canteen", days=14, cap=20, counts_as_check=True, languages=["en"])
    code = code_of(ada)
    ada = in_question(ada)
    for kind in (Check.Kind.TALK, Check.Kind.VOUCH):
        with pytest.raises(Refused, match="vouch for you first"):
            membership.add_check(cast.dina, kind, by=ada, at=at)
    assert not membership.use_code(cast.dina, code, by=cast.dina.person, at=at)
    check_by(made, cast.dina, at=at)
    assert not Check.objects.filter(application=cast.dina).exists()
    Membership.objects.filter(pk=ada.pk).update(revouch_since=None)
    membership.add_check(cast.dina, Check.Kind.TALK, by=make.reloaded(ada), at=at)
    assert Check.objects.get(application=cast.dina).by_id == ada.pk


def test_an_invitation_of_somebody_in_question_is_no_check_and_lets_apply_all_the_same(cast: make.Cast) -> None:
    at = timezone.now()
    made = membership.invite(cast.committee, by=make.reloaded(cast.ada), at=at, label="Canteen", days=14, cap=20, counts_as_check=True, languages=["en"])
    applied = make.application(cast.committee, at=at)
    check_by(made, applied, at=at)
    assert Check.objects.get(application=applied).kind == Check.Kind.INVITED
    in_question(cast.ada)
    check_by(made, cast.dina, at=at)
    assert not Check.objects.filter(application=cast.dina).exists()


def test_a_reviewer_in_question_accepts_where_others_have_checked_and_never_on_their_own_word(cast: make.Cast) -> None:
    ada, at = in_question(cast.ada), timezone.now()
    cast.committee.policy.checks_needed = 0
    cast.committee.policy.save()
    alone = make.application(cast.committee, at=at)
    with pytest.raises(Refused, match="vouch for you first"):
        membership.admit(alone, by=ada, at=at)
    membership.add_check(cast.dina, Check.Kind.TALK, by=make.reloaded(cast.mo), at=at)
    assert membership.admit(cast.dina, by=ada, at=at).committee_id == cast.committee.pk


def test_whoever_is_in_question_keeps_their_office_and_agrees_as_a_second_organizer(cast: make.Cast) -> None:
    second = in_question(make.member(cast.committee, roles=(Role.ORGANIZER,)))
    act = jointly.propose_role(make.reloaded(cast.ben), Role.MODERATOR, months=6, reason="Speaks for us.", by=make.reloaded(cast.ada), at=timezone.now())
    assert jointly.agree(act, by=second, at=timezone.now()).is_agreed


def test_everybody_is_asked_about_whom_a_removed_reviewer_checked_in_any_way_and_nobody_they_only_accepted(cast: make.Cast) -> None:
    agent, at = make.member(cast.committee, roles=(Role.ORGANIZER,)), timezone.now()
    invitation = membership.invite(cast.committee, by=agent, at=at, label="Canteen", days=14, cap=20, counts_as_check=True, languages=["en"])
    ways = {
        "talk": lambda sent: membership.add_check(sent, Check.Kind.TALK, by=agent, at=at),
        "vouch": lambda sent: membership.add_check(sent, Check.Kind.VOUCH, by=agent, at=at),
        "code": lambda sent: membership.use_code(sent, code_of(agent), by=sent.person, at=at),
        "invited": lambda sent: check_by(invitation, sent, at=at),
        "accepted": lambda sent: membership.add_check(sent, Check.Kind.TALK, by=make.reloaded(cast.mo), at=at),
    }
    came = {}
    for name, check in ways.items():
        sent = make.application(cast.committee, at=at)
        check(sent)
        membership.add_check(sent, Check.Kind.TALK, by=make.reloaded(cast.ada), at=at)
        came[name] = membership.admit(sent, by=agent if name == "accepted" else make.reloaded(cast.ada), at=at).pk
    removed(cast, agent)
    assert open_now() == {came[name] for name in ways if name != "accepted"}


def test_what_somebody_vouched_who_acts_for_the_employer_counts_for_no_applicant_who_still_waits(cast: make.Cast) -> None:
    membership.use_code(cast.dina, code_of(cast.ben), by=cast.dina.person, at=timezone.now())
    membership.add_check(cast.dina, Check.Kind.TALK, by=make.reloaded(cast.ada), at=timezone.now())
    removed(cast, cast.ben)
    with pytest.raises(Refused, match="More checks"):
        membership.admit(cast.dina, by=make.reloaded(cast.ada), at=timezone.now())
    assert cast.ada.person is not None
    assert "1 of 2 checks done" in make.client(cast.ada.person).get(reverse("membership:case", args=[cast.dina.slug])).content.decode()
    membership.add_check(cast.dina, Check.Kind.TALK, by=make.reloaded(cast.mo), at=timezone.now())
    assert membership.admit(cast.dina, by=make.reloaded(cast.ada), at=timezone.now())


def test_after_ten_wrong_codes_none_is_taken(cast: make.Cast) -> None:
    theirs = vouched_in(cast, cast.ben)
    removed(cast, cast.ben)
    code, me = code_of(cast.mo), make.reloaded(theirs)
    for _ in range(WRONG_CODES):
        assert not membership.vouch_again(me, "wrong-wrong", by=me, at=timezone.now())
    with pytest.raises(Refused, match="Too many"):
        membership.vouch_again(me, code, by=me, at=timezone.now())


def test_a_reviewer_who_talked_with_them_settles_it(cast: make.Cast) -> None:
    theirs = vouched_in(cast, cast.ben)
    removed(cast, cast.ben)
    for nobody in (cast.cleo, cast.boss, theirs):
        with pytest.raises(PermissionDenied):
            membership.confirm_anew(theirs, by=make.reloaded(nobody), at=timezone.now())
    membership.confirm_anew(theirs, by=make.reloaded(cast.mo), at=timezone.now())
    assert not open_now()
    with pytest.raises(Refused):
        membership.confirm_anew(theirs, by=make.reloaded(cast.ada), at=timezone.now())
    assert Entry.objects.filter(chain=cast.committee.slug, verb="member.vouched_anew").count() == 1


def test_no_reviewer_who_is_in_question_does(cast: make.Cast) -> None:
    theirs = vouched_in(cast, cast.ben)
    removed(cast, cast.ben)
    Membership.objects.filter(pk=cast.mo.pk).update(revouch_since=timezone.now())
    with pytest.raises(Refused, match="vouch for you first"):
        membership.confirm_anew(theirs, by=make.reloaded(cast.mo), at=timezone.now())


def test_a_notice_is_overtaken_by_the_answer(cast: make.Cast) -> None:
    theirs = vouched_in(cast, cast.ben)
    removed(cast, cast.ben)
    notice = Notice.objects.get(kind="membership/in_question")
    notice.about = theirs
    matters = registry.kind(notice.kind).matters
    assert matters(notice, {theirs.person_id}) == {theirs.person_id}
    membership.confirm_anew(theirs, by=make.reloaded(cast.mo), at=timezone.now())
    assert matters(notice, {theirs.person_id}) == set()


# -- Pages ------------------------------------------------------------------------------------------------------------


def test_organizers_find_them_from_the_list_of_members_and_nobody_else_does(cast: make.Cast) -> None:
    theirs = vouched_in(cast, cast.ben)
    page, roster = (reverse(f"membership:{name}", args=[cast.committee.slug]) for name in ("in_question", "roster"))
    for who in (cast.mo, cast.boss, theirs):
        assert who.person is not None
        assert make.client(who.person).get(page).status_code == 404
    assert cast.ada.person is not None
    browser = make.client(cast.ada.person)
    assert page not in browser.get(roster).content.decode()
    removed(cast, cast.ben)
    assert page in browser.get(roster).content.decode()
    shown = browser.get(page).content.decode()
    assert theirs.handle in shown
    assert cast.ben.handle in shown
    for wrong in ({}, {"who": cast.mo.slug}, {"who": "nobodyhere99"}):
        assert browser.post(page, wrong).status_code == 422
    assert "Nobody has to be vouched for again" in browser.post(page, {"who": theirs.slug}, follow=True).content.decode()
    assert not open_now()


def test_one_who_is_in_question_is_led_to_what_they_can_do_and_never_reads_why(cast: make.Cast) -> None:
    theirs = vouched_in(cast, cast.ben)
    assert theirs.person is not None
    browser, page = make.client(theirs.person), reverse("membership:vouched", args=[cast.committee.slug])
    assert "Nothing is open" in browser.get(page).content.decode()
    removed(cast, cast.ben)
    for leading in (cast.committee.get_absolute_url(), reverse("home:today")):
        assert page in browser.get(leading).content.decode()
    shown = browser.get(page).content.decode()
    assert cast.ben.handle not in shown
    assert "employer" not in shown
    assert browser.post(page, {"code": "wrong-wrong"}).status_code == 422
    assert "Done. Thank you." in browser.post(page, {"code": code_of(cast.mo)}, follow=True).content.decode()
    assert browser.post(page, {"code": "wrong-wrong"}).status_code == 422
