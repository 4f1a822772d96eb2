"""Once a year each member says again that they are no manager; organizers learn how many have not, never who."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from committees.base.errors import Refused
from committees.bodies.models import Charter, Committee, Life
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership import queries
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.notices import registry
from committees.notices.models import Notice
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def said(member: Membership, *, days: int) -> datetime:
    """Everybody said it today, but this member, who said it so many days ago; returns now."""
    at = timezone.now()
    Membership.objects.update(attested_at=at)
    Membership.objects.filter(pk=member.pk).update(attested_at=at - days * DAY)
    return at


def now(member: Membership) -> Membership:
    return Membership.objects.get(pk=member.pk)


def asked(member: Membership, *, ago: int) -> datetime:
    at = said(member, days=365 + ago)
    assert membership.ask_for_their_word(at - ago * DAY) == 1
    return at


def told(member: Membership) -> int:
    return Notice.objects.filter(kind="membership/attest", about_id=member.pk).count()


# -- The clock --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "asks"), [(364, 0), (365, 1), (900, 1)])
def test_a_year_later_they_are_asked_once(cast: make.Cast, days: int, asks: int) -> None:
    at = said(cast.ben, days=days)
    assert membership.ask_for_their_word(at) == asks
    assert membership.ask_for_their_word(at) == 0
    assert told(cast.ben) == asks


def test_and_reminded_once_after_14_days(cast: make.Cast) -> None:
    at = asked(cast.ben, ago=14)
    assert membership.remind_of_their_word(at - DAY) == 0
    assert membership.remind_of_their_word(at) == 1
    assert membership.remind_of_their_word(at + 20 * DAY) == 0
    assert told(cast.ben) == 2


def test_whoever_is_out_or_inactive_is_not_asked(cast: make.Cast) -> None:
    at = timezone.now()
    for standing in set(make.STANDINGS) - {Standing.MEMBER, Standing.PROBATION}:
        make.member(cast.committee, standing=standing)
    Membership.objects.update(attested_at=at - 400 * DAY)
    gone = make.member(make.committee())
    Membership.objects.filter(pk=gone.pk).update(attested_at=at - 400 * DAY)
    Committee.objects.filter(pk=gone.committee_id).update(life=Life.DISSOLVED)
    membership.ask_for_their_word(at)
    assert set(Membership.objects.filter(committee=cast.committee, attest_asked_at__isnull=False)) == {cast.ada, cast.ben, cast.cleo, cast.mo}
    assert now(gone).attest_asked_at is None


def test_it_is_said_on_the_day_on_which_the_application_is_sent(cast: make.Cast) -> None:
    sent = timezone.now() - 3 * DAY
    member = make.admitted(make.application(cast.committee, at=sent), at=sent + 2 * DAY)
    assert now(member).attested_at == sent


def test_whoever_comes_back_has_just_said_it(cast: make.Cast) -> None:
    asked(cast.ben, ago=20)
    ben = make.reloaded(cast.ben)
    assert ben.person is not None
    membership.leave(ben, by=ben, at=timezone.now())
    make.admitted(make.application(cast.committee, by=ben.person, at=timezone.now()), at=timezone.now())
    assert now(cast.ben).attest_asked_at is None
    assert membership.ask_for_their_word(timezone.now()) == 0


@given(
    steps=st.lists(st.tuples(st.sampled_from(["say", "wait"]), st.integers(min_value=1, max_value=500)), min_size=1, max_size=5),
    every=st.sampled_from([6, 13, 45]),
    reminder_first=st.booleans(),
)
@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_run_of_days(cast: make.Cast, steps: list[tuple[str, int]], every: int, reminder_first: bool) -> None:
    """One question and one reminder for each year that was not answered, however often the ticks come and in whatever order."""
    at = said(cast.ben, days=0)
    Notice.objects.all().delete()
    Membership.objects.exclude(pk=cast.ben.pk).update(standing=Standing.LEFT)
    Membership.objects.filter(pk=cast.ben.pk).update(attest_asked_at=None, attest_reminded_at=None, standing=Standing.MEMBER)
    word, since, reminded, notices = at, None, False, 0
    ticks = [membership.ask_for_their_word, membership.remind_of_their_word]
    for what, days in steps:
        until = at + days * DAY
        while at <= until:
            for tick in [*(reversed(ticks) if reminder_first else ticks), *ticks, *ticks]:
                tick(at)
            if since is None and at >= word + 365 * DAY:
                since, reminded, notices = at, False, notices + 1
            if since and not reminded and at >= since + 14 * DAY:
                reminded, notices = True, notices + 1
            row = now(cast.ben)
            assert (row.attest_asked_at, bool(row.attest_reminded_at), told(cast.ben)) == (since, reminded, notices)
            at += every * DAY
        if what == "say":
            me = make.reloaded(cast.ben)
            membership.attest(me, 1, by=me, at=at)
            word, since, reminded = at, None, False


# -- The answer -------------------------------------------------------------------------------------------------------


def test_saying_it_again_settles_it_for_a_year(cast: make.Cast) -> None:
    at = asked(cast.ben, ago=20)
    ben = make.reloaded(cast.ben)
    membership.attest(ben, 1, by=ben, at=at)
    membership.attest(ben, 1, by=ben, at=at + timedelta(seconds=3))
    assert (now(cast.ben).attested_at, now(cast.ben).attest_asked_at) == (at, None)
    assert Entry.objects.filter(chain=cast.committee.slug, verb="member.attested").count() == 1
    assert membership.ask_for_their_word(at + 364 * DAY) == 0 or now(cast.ben).attest_asked_at is None


def test_other_words_have_to_be_read_first_and_their_version_is_kept(cast: make.Cast) -> None:
    at = asked(cast.ben, ago=1)
    Charter.objects.create(committee=cast.committee, version=2, attestation="I lead no team.", adopted_at=at)
    ben = make.reloaded(cast.ben)
    with pytest.raises(Refused, match="changed meanwhile"):
        membership.attest(ben, 1, by=ben, at=at)
    membership.attest(ben, 2, by=ben, at=at)
    assert now(cast.ben).attested_version == 2


def test_nobody_says_it_for_another(cast: make.Cast) -> None:
    asked(cast.ben, ago=1)
    for other in (cast.ada, cast.mo, cast.boss):
        with pytest.raises(PermissionDenied):
            membership.attest(make.reloaded(cast.ben), 1, by=make.reloaded(other), at=timezone.now())


def test_a_notice_is_overtaken_by_the_answer(cast: make.Cast) -> None:
    at = asked(cast.ben, ago=1)
    notice = Notice.objects.get(kind="membership/attest")
    notice.about = cast.ben
    matters = registry.kind(notice.kind).matters
    assert matters(notice, {cast.ben.person_id}) == {cast.ben.person_id}
    ben = make.reloaded(cast.ben)
    membership.attest(ben, 1, by=ben, at=at)
    assert matters(notice, {cast.ben.person_id}) == set()


# -- Pages ------------------------------------------------------------------------------------------------------------


def test_the_day_leads_to_the_page_and_a_tap_settles_it(cast: make.Cast) -> None:
    asked(cast.ben, ago=1)
    assert cast.ben.person is not None
    browser, page = make.client(cast.ben.person), reverse("membership:attest", args=[cast.committee.slug])
    assert page in browser.get(reverse("home:today")).content.decode()
    shown = browser.get(page).content.decode()
    assert "I do not hire, fire, discipline" in shown
    assert reverse("membership:step_aside", args=[cast.committee.slug]) in shown
    for wrong in ({}, {"version": "x"}, {"version": "2"}, {"version": "9" * 40}):
        assert browser.post(page, wrong).status_code == 422
    assert "You are asked again in a year" in browser.post(page, {"version": "1"}, follow=True).content.decode()
    assert page not in browser.get(reverse("home:today")).content.decode()


def test_the_sites_own_words_are_read_in_ones_own_language(cast: make.Cast) -> None:
    assert cast.ben.person is not None
    type(cast.ben.person).objects.filter(pk=cast.ben.person_id).update(language="es")
    shown = make.client(make.reloaded(cast.ben).person).get(reverse("membership:attest", args=[cast.committee.slug])).content.decode()
    with translation.override("es"):
        sentence = queries.charter(cast.committee).sentence
    assert sentence in shown
    assert "I do not hire" not in shown


@pytest.mark.parametrize(("behind", "words"), [(0, ""), (1, "Fewer than 5 members"), (4, "Fewer than 5 members"), (5, "5 members were asked")])
def test_organizers_learn_how_many_and_never_who(cast: make.Cast, behind: int, words: str) -> None:
    at = said(cast.ben, days=0)
    late = [make.member(cast.committee, handle=f"Somebody {n}") for n in range(behind)]
    Membership.objects.filter(pk__in=[m.pk for m in late]).update(attest_asked_at=at - 30 * DAY)
    Membership.objects.filter(pk=cast.ben.pk).update(attest_asked_at=at - 29 * DAY)
    for who in (cast.ada, cast.ben, cast.mo):
        assert who.person is not None
        shown = make.client(who.person).get(cast.committee.get_absolute_url()).content.decode()
        assert ("were asked a month ago" in shown) == (who == cast.ada and behind > 0)
        if who == cast.ada:
            assert words in shown
            assert not any(m.handle in shown for m in late)
