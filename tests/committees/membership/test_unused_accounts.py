"""Accounts that nobody has used for two years and that belong to no committee: told, then erased a month later, unless somebody comes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from committees.base import dates
from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.ledger.verification import verify
from committees.membership import commands as membership
from committees.membership.models import Application, Membership
from committees.membership.roles import Standing
from committees.notices import registry as notices
from committees.notices.messages import account_text
from committees.notices.models import Delivery, Errand
from committees.people import commands as people
from committees.people import registry
from committees.people.commands import unused
from committees.people.models import AccountMail, Contact, Person
from tests import make
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = timezone.now()
LONG_AGO = (NOW - unused.UNUSED_DAYS * DAY).date()


def unseen(person: Person | None = None, *, since: date = LONG_AGO, **fields: Any) -> Person:
    """Somebody's account, last used on that day."""
    person = person or make.person()
    Person.objects.filter(pk=person.pk).update(**{"seen_on": since, "created_on": since} | fields)
    AccountMail.objects.all().delete()
    return person


def now(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def mails(person: Person) -> list[str]:
    return list(AccountMail.objects.filter(contact__person=person).values_list("kind", flat=True))


def verbs() -> list[str]:
    return list(Entry.objects.in_committee(None).filter(verb__startswith="account.").order_by("position").values_list("verb", flat=True))


# -- Told ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "tells"), [(-1, True), (0, True), (1, False), (700, False)])
def test_who_was_not_here_for_two_years_is_told_once(days: int, tells: bool) -> None:
    person = unseen(since=LONG_AGO + days * DAY)
    assert people.tell_of_erasure(NOW) == int(tells)
    assert people.tell_of_erasure(NOW) == 0
    assert mails(person) == (["account_ends"] if tells else [])
    assert now(person).ends_told_on == (NOW.date() if tells else None)
    assert verbs() == (["account.erasure_told"] if tells else [])


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_mail_says_the_day_in_their_language_and_leads_nowhere(language: str) -> None:
    with translation.override(language):
        words = dates.day((NOW + unused.TOLD_DAYS * DAY).date(), now=NOW)
    person = unseen(make.person(language=language))
    people.tell_of_erasure(NOW)
    mail = AccountMail.objects.select_related("contact").get(contact__person=person)
    assert words in account_text(mail)
    assert mail.language == language
    assert "http" not in account_text(mail)
    assert Errand.objects.filter(mail=mail).exists(), "it is on its way"
    assert not Delivery.objects.filter(person=person).exists(), "nothing lies in an inbox that only its owner's coming would open"


def test_an_account_that_was_never_used_counts_from_the_day_it_was_made() -> None:
    assert people.tell_of_erasure(NOW) == 0
    unseen(seen_on=None, created_on=LONG_AGO + DAY)
    assert people.tell_of_erasure(NOW) == 0
    unseen(seen_on=None)
    assert people.tell_of_erasure(NOW) == 1


@pytest.mark.parametrize("state", ["hidden_on", "disabled_on"])
def test_one_that_was_hidden_or_closed_counts_from_then_and_is_written_to_nobody(state: str) -> None:
    recent = unseen(is_active=False, **{state: LONG_AGO + DAY})
    old = unseen(is_active=False, **{state: LONG_AGO})
    assert people.tell_of_erasure(NOW) == 1
    assert (now(recent).ends_told_on, now(old).ends_told_on) == (None, NOW.date())
    assert not AccountMail.objects.exists()


# -- Who is spared -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("standing", [s for s in make.STANDINGS if s not in (Standing.LEFT, Standing.LAPSED, Standing.REMOVED, Standing.STEPPED_ASIDE)])
def test_who_belongs_to_a_committee_is_spared_however_they_stand_there(standing: Standing) -> None:
    unseen(make.member(make.committee(), standing=standing).person)
    assert people.tell_of_erasure(NOW) == 0


@pytest.mark.parametrize("standing", [Standing.LEFT, Standing.REMOVED, Standing.STEPPED_ASIDE])
def test_who_belonged_once_is_not(standing: Standing) -> None:
    member = make.member(make.committee(), standing=standing)
    unseen(member.person)
    assert people.tell_of_erasure(NOW) == 1
    people.erase_unused(NOW + unused.TOLD_DAYS * DAY)
    left = Membership.objects.get(pk=member.pk)
    assert (left.person_id, left.handle) == (None, member.handle), "their name there stays reserved and leads to nobody"


def test_who_waits_for_an_answer_is_spared_until_there_is_one() -> None:
    application = make.application(make.committee())
    person = unseen(application.person)
    assert people.tell_of_erasure(NOW) == 0
    membership.withdraw(application, by=person, at=NOW)
    assert people.tell_of_erasure(NOW) == 1


def test_whoever_keeps_the_service_and_the_last_organizers_are_never_erased() -> None:
    keeper = make.person(is_platform_admin=True)
    organizer = make.organizer_of(make.committee()).person
    assert organizer is not None
    Person.objects.update(seen_on=LONG_AGO - 4000 * DAY, created_on=LONG_AGO - 4000 * DAY)
    for day in (0, 30, 31, 4000):
        people.tell_of_erasure(NOW + day * DAY)
        people.erase_unused(NOW + day * DAY)
    assert (now(keeper).erased_on, now(organizer).erased_on) == (None, None)


def test_who_comes_to_care_for_the_service_meanwhile_stays() -> None:
    person = unseen()
    people.tell_of_erasure(NOW)
    people.set_platform_admin(person, on=True, by=None)
    assert people.erase_unused(NOW + 40 * DAY) == 0


def test_where_no_room_says_who_belongs_somewhere_nobody_is_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    unseen()
    monkeypatch.setattr(registry, "_keepers", [])
    assert people.tell_of_erasure(NOW) == 0


# -- Erased ------------------------------------------------------------------------------------------------------------------


def test_thirty_days_later_everything_is_gone() -> None:
    person = unseen()
    people.tell_of_erasure(NOW)
    assert people.erase_unused(NOW + 29 * DAY) == 0
    assert people.erase_unused(NOW + 30 * DAY) == 1
    assert people.erase_unused(NOW + 30 * DAY) == 0
    gone = now(person)
    assert (gone.erased_on, gone.ledger_key, gone.seen_on, gone.ends_told_on) == ((NOW + 30 * DAY).date(), None, None, None)
    assert not Contact.objects.filter(person=person).exists()
    assert verbs() == ["account.erasure_told", "account.erased"]
    assert not verify(at=NOW + 30 * DAY).faults
    assert people.tell_of_erasure(NOW + 4000 * DAY) == 0, "what was erased is not told again"


def test_who_has_no_address_has_the_same_time_and_is_told_nothing() -> None:
    person = unseen()
    Contact.objects.filter(person=person).delete()
    assert people.tell_of_erasure(NOW) == 1
    assert not AccountMail.objects.exists()
    assert people.erase_unused(NOW + 29 * DAY) == 0
    assert people.erase_unused(NOW + 30 * DAY) == 1


def test_signing_in_within_the_thirty_days_stops_it() -> None:
    person = unseen()
    people.tell_of_erasure(NOW)
    make.client(person).get(reverse("home:today"))
    assert (now(person).seen_on, now(person).ends_told_on) == (timezone.now().date(), None)
    assert people.erase_unused(NOW + 300 * DAY) == 0


def test_signing_in_on_the_last_day_stops_it_and_they_are_told_anew_two_years_later() -> None:
    person = unseen()
    people.tell_of_erasure(NOW)
    last = NOW + 30 * DAY
    people.seen(now(person), on=last.date())
    assert people.erase_unused(last) == 0
    later = last + unused.UNUSED_DAYS * DAY
    assert people.erase_unused(later) == 0
    assert people.tell_of_erasure(later) == 1
    assert mails(person) == ["account_ends", "account_ends"]


def test_who_becomes_a_member_meanwhile_stays() -> None:
    person = unseen()
    people.tell_of_erasure(NOW)
    make.member(make.committee(), by=person)
    assert people.erase_unused(NOW + 40 * DAY) == 0


def test_nobody_but_the_clock_erases_another_s_account() -> None:
    with pytest.raises(Refused):
        people.erase(make.person(), by=make.person(), at=NOW)


def test_the_clock_of_the_outbox_does_both() -> None:
    assert {people.tell_of_erasure, people.erase_unused} <= set(notices.ticks())


# -- Killed, at once, many ---------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """What a worker that dies does not catch."""


def test_one_who_dies_while_telling_has_told_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [unseen() for _ in range(3)]
    warn, calls = unused.outbox.warn, []

    def dying(*args: Any, **kwargs: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        warn(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(unused.outbox, "warn", dying)
        with pytest.raises(Killed):
            people.tell_of_erasure(NOW)
    assert not AccountMail.objects.exists()
    assert verbs() == []
    assert people.tell_of_erasure(NOW) == 3
    assert [mails(person) for person in told] == [["account_ends"]] * 3


def test_one_who_dies_while_erasing_leaves_each_account_whole_or_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    those = [unseen() for _ in range(3)]
    people.tell_of_erasure(NOW)
    erase, calls = unused.erase, []

    def dying(person: Person, **kwargs: Any) -> None:
        erase(person, **kwargs)
        calls.append(1)
        if len(calls) == 2:
            raise Killed  # all of it is done but the commit

    with monkeypatch.context() as patch:
        patch.setattr(unused, "erase", dying)
        with pytest.raises(Killed):
            people.erase_unused(NOW + 30 * DAY)
    assert [now(person).erased_on is None for person in those] == [False, True, True]
    assert [Contact.objects.filter(person=person).exists() for person in those] == [False, True, True]
    assert people.erase_unused(NOW + 30 * DAY) == 2
    assert verbs().count("account.erased") == 3


def test_one_that_cannot_be_erased_does_not_keep_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    those = [unseen() for _ in range(3)]
    people.tell_of_erasure(NOW)
    erase = unused.erase

    def failing(person: Person, **kwargs: Any) -> None:
        erase(person, **kwargs)
        if person.pk == those[0].pk:
            raise RuntimeError

    monkeypatch.setattr(unused, "erase", failing)
    assert people.erase_unused(NOW + 30 * DAY) == 2
    assert [now(person).erased_on is None for person in those] == [True, False, False]


@pytest.mark.django_db(transaction=True)
def test_four_clocks_at_once_tell_and_erase_each_once() -> None:
    those = [unseen() for _ in range(6)]

    for act, at in ((people.tell_of_erasure, NOW), (people.erase_unused, NOW + 30 * DAY)):
        assert sum(at_once([lambda act=act, at=at: act(at)] * 4)) <= 6  # type: ignore[misc]
        act(at)
    assert all(now(person).erased_on for person in those)
    assert sorted(verbs()) == ["account.erased"] * 6 + ["account.erasure_told"] * 6


def crowd(number: int, since: date) -> None:
    """So many accounts in one statement."""
    password = make_password(None)
    Person.objects.bulk_create(Person(sign_in_name=f"crowd-{n}-{since}", password=password, seen_on=since, created_on=since) for n in range(number))


def cost(act: Any, at: datetime) -> tuple[int, int]:
    """How many it did, and in how many queries."""
    with CaptureQueriesContext(connection) as queries:
        done = act(at)
    return done, len(queries)


def test_a_thousand_who_were_here_cost_a_query_each_turn() -> None:
    crowd(1000, LONG_AGO + DAY)
    assert cost(people.tell_of_erasure, NOW)[1] <= 4  # with the savepoint of the test
    assert cost(people.erase_unused, NOW)[1] == 1


def test_of_a_thousand_each_turn_does_its_share() -> None:
    crowd(1000, LONG_AGO)
    done, queries = cost(people.tell_of_erasure, NOW)
    assert done == unused.TOLD_AT_ONCE
    assert queries <= 6 + 6 * done, "those without an address: their entries in the ledger, and five for all of them together"
    while people.tell_of_erasure(NOW):
        pass
    assert Person.objects.filter(ends_told_on=NOW.date()).count() == 1000
    done, queries = cost(people.erase_unused, NOW + 30 * DAY)
    assert done == unused.ERASED_AT_ONCE
    again, same = cost(people.erase_unused, NOW + 30 * DAY)
    assert (again, same) == (done, queries), "as much for the next ones"
    assert queries <= 80 * done


def test_erasing_takes_the_applications_of_long_ago_along() -> None:
    application = make.application(make.committee())
    person = unseen(application.person)
    membership.withdraw(application, by=person, at=NOW)
    people.tell_of_erasure(NOW)
    people.erase_unused(NOW + 30 * DAY)
    assert not Application.objects.filter(pk=application.pk).exists()


# -- Said ----------------------------------------------------------------------------------------------------------------------


def test_the_privacy_page_says_so() -> None:
    page = Client().get(reverse("home:privacy")).content.decode()
    assert "has used for two years" in page
    assert f"{unused.TOLD_DAYS} days before" in page
