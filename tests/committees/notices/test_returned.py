"""Mails that come back: whom they name, what follows, once, and what nobody can bring about who makes one up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from committees.ledger.models import Entry
from committees.notices import commands, sending, verp
from committees.notices.models import Channel, ChannelChoice, Delivery, Notice, Returned, State
from committees.people import commands as people
from committees.people import outbox
from committees.people.models import Contact, Person
from config import bounces
from tests.committees.notices import letterbox
from tests.committees.notices.letterbox import post, states
from tests.committees.notices.mails import FULL, UNKNOWN, addressed, answered, complained, report, sent_to
from tests.mail_sink import MailSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]
Outcome = Returned.Outcome


@pytest.fixture(autouse=True)
def _named(settings: Any) -> None:
    settings.BOUNCE_ADDRESS = "b-*@back.example"


def _back(address: str, said: str = UNKNOWN, **more: Any) -> Outcome:
    return commands.take_in(report(said.split()[1], said, to=address, **more), at=timezone.now())


def _contact(person: Person) -> Contact:
    return Contact.objects.get(person=person)


def _told(kind: str) -> list[tuple[int, str]]:
    return [(row.person_id, row.channel) for row in Delivery.objects.filter(notice__kind=f"notices/{kind}")]


# -- Names -------------------------------------------------------------------------------------------------------------------


def test_each_mail_comes_back_to_an_address_of_its_own_that_tells_nothing(sink: MailSink, ada: Person, ben: Person) -> None:
    notice = post(to=[ada, ben])
    sending.run()
    senders = {message.recipients[0]: message.sender for message in sink.messages}
    assert len(set(senders.values())) == 2
    for to, address in senders.items():
        assert address.startswith("b-")
        assert address.endswith("@back.example")
        assert len(address.partition("@")[0]) <= 64, "no mail server takes more"
        assert address == address.lower()
        assert to.partition("@")[0] not in address
    row = notice.deliveries.get(person=ada, channel=Channel.EMAIL)
    named = verp.named_in(addressed(senders["ada@mail.example"]))
    assert named == verp.Named(verp.Kind.NOTICE, row.pk, _contact(ada).pk)
    assert str(sink.messages[0].message["From"]).endswith("<notices@localhost>"), "what people see stays as it was"


def test_without_an_address_for_it_nothing_changes(sink: MailSink, ada: Person, settings: Any) -> None:
    settings.BOUNCE_ADDRESS = ""
    assert sent_to(sink, ada) == "notices@localhost"
    assert verp.named_in(addressed("b-" + "a" * 44 + "@back.example")) is None


def test_an_old_key_still_reads_its_names(ada: Person, settings: Any) -> None:
    named = verp.Named(verp.Kind.ACCOUNT, 7, 8)
    address = verp.envelope(named)
    settings.FIELD_KEYS = type(settings.FIELD_KEYS)({**settings.FIELD_KEYS.keys, 9: b"9" * 32})
    assert verp.named_in(addressed(address)) == named
    assert verp.envelope(named) != address


@pytest.mark.parametrize("given", ["bounces@example.org", "*@*.example.org", "**@example.org", "a" * 30 + "*@example.org", "*@exa mple.org", "*@example.org>"])
def test_an_address_that_cannot_work_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        bounces.address(given)


@pytest.mark.parametrize("given", ["imap://user:word@mail.example.org/INBOX", "maildir://relative", "/var/mail", "pop3s://mail.example.org"])
def test_a_mailbox_that_cannot_be_read_or_not_safely_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        bounces.mailbox(given)


# -- What follows --------------------------------------------------------------------------------------------------------------


def test_a_dead_address_is_stopped_counted_as_bounced_and_told_in_the_app(sink: MailSink, ada: Person, ben: Person) -> None:
    notice = post(to=[ada, ben])
    sending.run()
    assert states(notice) == [State.ACCEPTED, State.ACCEPTED]
    address = next(message.sender for message in sink.messages if message.recipients == ("ada@mail.example",))
    assert _back(address) == Outcome.HARD
    assert states(notice) == [State.ACCEPTED, State.BOUNCED]
    contact = _contact(ada)
    assert (contact.is_dead, contact.stop_reason) == (True, "bounced 5.1.1")
    assert _told("address_stopped") == [(ada.pk, Channel.INAPP)]
    entry = Entry.objects.get(verb="address.stopped")
    assert (entry.actor, entry.detail) == (None, {"why": "address_stopped"})
    assert "ada" not in entry.about


def test_its_owner_puts_it_right_and_what_came_back_before_no_longer_counts(client: Client, sink: MailSink, ada: Person, time_machine: Any) -> None:
    time_machine.move_to("2026-11-25T10:00:00Z", tick=False)
    first, second = sent_to(sink, ada, 1), sent_to(sink, ada, 2)
    _back(first)
    time_machine.move_to("2026-11-26T10:00:00Z", tick=False)
    people.prefer_contact(_contact(ada), by=ada)
    contact = _contact(ada)
    assert (contact.stopped_at, contact.stop_reason, contact.mended_on) == (None, "", date(2026, 11, 26))
    _back(second)
    assert _contact(ada).stopped_at is None, "it left before she said that it works again"
    _back(sent_to(sink, ada, 3))
    assert _contact(ada).stopped_at is not None


def test_each_letter_counts_once_however_often_it_comes_back(sink: MailSink, ada: Person) -> None:
    address = sent_to(sink, ada)
    for n in range(8):
        assert _back(address, f"{FULL} {n}") == Outcome.SOFT
    assert Returned.objects.soft(_contact(ada).pk, since=date(2020, 1, 1)).count() == 1
    assert _contact(ada).stopped_at is None


def _over_days(sink: MailSink, ada: Person, time_machine: Any, days: list[int], said: str = FULL) -> None:
    for number, day in enumerate(days):
        time_machine.move_to(f"2026-11-{day:02}T10:00:00Z", tick=False)
        _back(sent_to(sink, ada, 100 * day + number), said)


def test_five_letters_on_three_days_that_came_back_stop_an_address(sink: MailSink, ada: Person, time_machine: Any) -> None:
    _over_days(sink, ada, time_machine, [2, 2, 5, 5])
    assert _contact(ada).stopped_at is None
    _over_days(sink, ada, time_machine, [9])
    contact = _contact(ada)
    assert (contact.stopped_at is not None, contact.is_dead, contact.stop_reason) == (True, False, Contact.BOUNCED_OFTEN)
    assert _told("address_fails") == [(ada.pk, Channel.INAPP)]


def test_they_decay(sink: MailSink, ada: Person, time_machine: Any) -> None:
    _over_days(sink, ada, time_machine, [1, 1, 2, 16, 17, 18, 19])
    assert _contact(ada).stopped_at is None
    commands.forget_returned(timezone.now())
    assert Returned.objects.count() == 4


def test_a_bad_day_of_a_mail_server_stops_nothing(sink: MailSink, ada: Person, time_machine: Any) -> None:
    _over_days(sink, ada, time_machine, [2] * 12)
    assert _contact(ada).stopped_at is None


def test_what_servers_have_against_us_stops_nobody_and_admins_see_it(sink: MailSink, ada: Person, client: Client, time_machine: Any) -> None:
    _over_days(sink, ada, time_machine, [2, 3, 4, 5, 6, 7, 8], "554 5.7.1 blocked using a list")
    assert _contact(ada).stopped_at is None
    assert Delivery.objects.filter(state=State.BOUNCED).count() == 7, "they did not arrive all the same"
    people.set_platform_admin(ada, on=True, by=None)
    client.force_login(Person.objects.get(pk=ada.pk))
    page = client.get("/notices/not-sent/").content.decode()
    assert "check how this server sends its mail" in page
    assert "ada@mail.example" not in page


def test_a_mail_that_is_only_late_and_somebody_who_is_away_change_nothing(sink: MailSink, ada: Person) -> None:
    address = sent_to(sink, ada)
    assert _back(address, "451 4.4.1 connect timed out", action="delayed") == Outcome.NOTHING
    away = f"From: ada@mail.example\nTo: {address}\nAuto-Submitted: auto-replied\nSubject: Away\n\nBack in May.\n"
    assert commands.take_in(away.encode(), at=timezone.now()) == Outcome.NOTHING
    assert Delivery.objects.filter(channel=Channel.EMAIL, state=State.ACCEPTED).count() == 1
    assert _back(address) == Outcome.HARD, "that it was late does not hide what became of it"


def test_after_a_complaint_only_what_is_about_the_account_is_mailed(sink: MailSink, ada: Person) -> None:
    address = sent_to(sink, ada)
    assert commands.take_in(complained("abuse", copy_of=address), at=timezone.now()) == Outcome.COMPLAINT
    assert _contact(ada).stopped_at is None
    assert _told("mail_stopped") == [(ada.pk, Channel.INAPP)]
    letter, warning = post(to=[ada], about=letterbox.thing(2)), post("warning", to=[ada], about=letterbox.thing(3))
    outbox.warn(ada, "password_changed")
    n = len(sink.messages)
    sending.run()
    assert (states(letter), states(warning)) == ([State.OFF], [State.ACCEPTED])
    assert len(sink.messages) == n + 2, "the warning and the mail about the account"
    assert ChannelChoice.objects.get(person=ada).on is False, "a switch on a page of theirs turns it on again"
    commands.take_in(complained("abuse", copy_of=address) + b"\nagain", at=timezone.now())
    assert len(_told("mail_stopped")) == 1


def test_a_code_that_comes_back_stops_the_address_too(sink: MailSink, ada: Person) -> None:
    outbox.warn(ada, "password_changed")
    sending.run()
    _back(sink.messages[-1].sender)
    assert _contact(ada).is_dead


# -- What is made up --------------------------------------------------------------------------------------------------------------


def test_what_bears_no_name_of_ours_changes_nothing(sink: MailSink, ada: Person) -> None:
    address = sent_to(sink, ada)
    name = address.removeprefix("b-").partition("@")[0]
    changed = [name[:at] + ("b" if name[at] == "a" else "a") + name[at + 1 :] for at in (0, 1, 20, 30, 43)]
    forged = [*changed, "a" * 44, "7" * 44]
    for each in [f"b-{one}@back.example" for one in forged] + ["ada@mail.example", f"b-{name}@other.example", "notices@localhost"]:
        assert _back(each) == Outcome.STRANGE
    assert _contact(ada).stopped_at is None
    assert not Returned.objects.exclude(contact=None).exists()


def test_a_name_of_one_letter_does_nothing_to_another(sink: MailSink, ada: Person, ben: Person) -> None:
    row = post(to=[ben]).deliveries.get(channel=Channel.EMAIL)
    sending.run()
    mixed = verp.envelope(verp.Named(verp.Kind.NOTICE, row.pk, _contact(ada).pk))
    assert _back(mixed) == Outcome.NOTHING, "even signed: that letter did not go to this address"
    assert not Contact.objects.filter(stopped_at__isnull=False).exists()


def test_of_an_address_that_was_removed_or_a_letter_long_forgotten_nothing_follows(sink: MailSink, ada: Person) -> None:
    address = sent_to(sink, ada)
    ada.set_password("long enough to be one")
    ada.save()
    people.drop_contact(_contact(ada), by=ada)
    assert _back(address) == Outcome.NOTHING
    second = sent_to(sink, letterbox.person("cleo@mail.example"), 2)
    Notice.objects.all().delete()
    assert _back(second) == Outcome.NOTHING
    assert not Contact.objects.filter(stopped_at__isnull=False).exists()


def test_nothing_of_what_came_back_is_kept_but_codes(sink: MailSink, ada: Person) -> None:
    _back(sent_to(sink, ada), "552 5.2.2 <ada@mail.example> secret-words: mailbox full")
    kept = str(list(Returned.objects.values()))
    assert "ada" not in kept
    assert "secret" not in kept
    assert Returned.objects.get().came_on == timezone.now().date()
    people.erase(ada, by=ada, at=timezone.now())
    assert not Returned.objects.filter(contact__isnull=False).exists()


def test_words_alone_are_enough(sink: MailSink, ada: Person) -> None:
    assert commands.take_in(answered("550 5.1.1 user unknown", to=sent_to(sink, ada)), at=timezone.now()) == Outcome.HARD
    assert timezone.now() - _contact(ada).stopped_at < timedelta(days=1)  # type: ignore[operator]
