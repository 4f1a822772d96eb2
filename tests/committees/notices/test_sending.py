"""From a post to a mail in a mailbox: who gets it, in which words, and what is written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from committees.notices import commands, letters, registry, sending
from committees.notices.commands import leasing
from committees.notices.models import Channel, ChannelChoice, Choice, Delivery, Lease, Level, Notice, QuietHours, State
from committees.people.models import Contact, Person
from tests.committees.notices import letterbox
from tests.committees.notices.letterbox import mailed, post, states
from tests.mail_sink import MailSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]


def test_a_posted_notice_reaches_its_audience_by_mail_and_in_the_app(sink: MailSink, ada: Person, ben: Person) -> None:
    notice = post(to=[ada, ben])
    assert sending.run() == 2
    assert states(notice) == states(notice, Channel.INAPP) == [State.ACCEPTED, State.ACCEPTED]
    assert mailed(sink) == ["ada@mail.example", "ben@mail.example"]
    assert set(notice.deliveries.filter(channel=Channel.EMAIL).values_list("language", flat=True)) == {"en", "es"}
    assert not Lease.objects.exists()
    assert sending.run() == 0, "nothing goes twice"


# -- Words ---------------------------------------------------------------------------------------------------------------


def test_a_mail_says_almost_nothing_unless_its_reader_chose_otherwise(sink: MailSink, ada: Person) -> None:
    post(to=[ada])
    sending.run()
    [mail] = sink.messages
    assert mail.subject == "There is something new for you"
    assert "thing 1" not in mail.raw.decode()
    assert mail.message["From"] == "Notices <notices@localhost>"
    assert "/notices/go/" in mail.text


@pytest.mark.parametrize(
    ("level", "subject"), [(Level.KIND, "thing 1 in en at <Europe/London>"), (Level.FULL, "Everything about thing 1 in en at <Europe/London>")]
)
def test_the_chosen_level_speaks(sink: MailSink, ada: Person, level: Level, subject: str) -> None:
    ChannelChoice.objects.create(person=ada, channel=Channel.EMAIL, level=level)
    post(to=[ada])
    sending.run()
    assert sink.messages[0].subject == subject
    assert "Your time is <Europe/London>." in sink.messages[0].text
    html = str(sink.messages[0].message.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert "Your time is &lt;Europe/London&gt;." in html


def test_each_gets_their_own_language_and_time(sink: MailSink, ada: Person, ben: Person) -> None:
    for person in (ada, ben):
        ChannelChoice.objects.create(person=person, channel=Channel.EMAIL, level=Level.KIND)
    post(to=[ada, ben])
    sending.run()
    assert sink.to("ben@mail.example")[0].subject == "thing 1 in es at <America/New_York>"
    assert sink.to("ben@mail.example")[0].message["Content-Language"] == "es"


def test_what_is_sent_is_what_the_reader_has_chosen_by_then(sink: MailSink, ada: Person) -> None:
    """Language, level and address are read when it leaves, not when it was posted."""
    post(to=[ada])
    Person.objects.filter(pk=ada.pk).update(language="es")
    ChannelChoice.objects.create(person=ada, channel=Channel.EMAIL, level=Level.KIND)
    Contact.objects.filter(person=ada).update(stopped_at=timezone.now(), primary=False)
    Contact.objects.create(person=ada, channel="email", address="new@mail.example", lookup="new", verified_at=timezone.now(), primary=True)
    sending.run()
    assert mailed(sink) == ["new@mail.example"]
    assert sink.messages[0].subject.startswith("thing 1 in es")


def test_an_employers_address_is_always_told_almost_nothing(sink: MailSink, ada: Person) -> None:
    ChannelChoice.objects.create(person=ada, channel=Channel.EMAIL, level=Level.FULL)
    Contact.objects.filter(person=ada).update(employers=True)
    post(to=[ada])
    sending.run()
    assert sink.messages[0].subject == "There is something new for you"


def test_a_letter_is_rendered_once_for_all_who_read_it_alike(sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [letterbox.person(f"p{n}@mail.example", language=language) for n, language in enumerate(["en", "en", "es", "en", "es"])]
    made: list[tuple[str, str]] = []
    real = letters.letter
    monkeypatch.setattr(letters, "letter", lambda notice, **how: made.append((how["language"], how["level"])) or real(notice, **how))
    post(to=people)
    sending.run()
    assert len(sink.messages) == 5
    assert sorted(made) == [("en", Level.NEUTRAL), ("es", Level.NEUTRAL)]


def test_the_headers_tell_mail_programs_what_it_is(sink: MailSink, ada: Person) -> None:
    committee = type("Committee", (), {"pk": 1})()
    notice = post(to=[ada], committee=committee)
    sending.run()
    post("cancelled", to=[ada], about=notice.about, version=2, committee=committee)
    sending.run()
    first, second = (mail.message for mail in sink.messages)
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["List-Unsubscribe"].startswith("<http://localhost:8000/notices/stop/")
    assert first["List-Id"] == second["List-Id"]
    assert first["References"] == first["In-Reply-To"] == second["References"], "what is about one thing lies together"
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Feedback-ID"].endswith(":notice:rf")
    for name in ("List-Id", "Feedback-ID", "Message-ID", "References"):
        assert "letters" not in first[name]


def test_two_readers_of_one_thread_cannot_be_seen_to_be_in_one(sink: MailSink, ada: Person, ben: Person) -> None:
    post(to=[ada, ben])
    sending.run()
    one, other = (mail.message["References"] for mail in sink.messages)
    assert one != other


def test_security_mail_has_nothing_to_unsubscribe_from_and_is_never_off(sink: MailSink, ada: Person) -> None:
    ChannelChoice.objects.create(person=ada, channel=Channel.EMAIL, on=False)
    Choice.objects.create(person=ada, group=letterbox.GROUP, channel=Channel.EMAIL, when=Choice.When.OFF)
    post("warning", to=[ada])
    assert sending.run() == 1
    assert mailed(sink) == ["ada@mail.example"]
    assert sink.messages[0].message["List-Unsubscribe"] is None
    assert "Stop these emails" not in sink.messages[0].text


# -- Who ---------------------------------------------------------------------------------------------------------------


def test_whoever_is_no_longer_meant_gets_nothing(sink: MailSink, ada: Person, ben: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = post(to=[ada, ben])
    monkeypatch.setattr(letterbox, "still", {ben.pk})
    sending.run()
    assert mailed(sink) == ["ben@mail.example"]
    assert states(notice) == [State.ACCEPTED, State.SUPERSEDED]


def test_a_hidden_account_gets_nothing(sink: MailSink, ada: Person) -> None:
    notice = post(to=[ada])
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    sending.run()
    assert sink.messages == []
    assert states(notice) == [State.SUPERSEDED]


def test_who_has_no_address_has_it_in_the_app_all_the_same(sink: MailSink) -> None:
    notice = post(to=[letterbox.person()])
    sending.run()
    assert states(notice) == [State.UNREACHABLE]
    assert states(notice, Channel.INAPP) == [State.ACCEPTED]


@pytest.mark.parametrize(
    ("choices", "sent"),
    [
        ([], 1),
        ([(None, "off")], 0),
        ([(1, "off")], 0),
        ([(2, "off")], 1),
        ([(None, "off"), (1, "now")], 1),
        ([(None, "now"), (1, "off")], 0),
    ],
)
def test_a_list_that_is_off_is_off(sink: MailSink, ada: Person, choices: list[tuple[int | None, str]], sent: int) -> None:
    """What was said about the committee counts before what was said in general."""
    for committee_id, when in choices:
        Choice.objects.create(person=ada, committee_id=committee_id, group=letterbox.GROUP, channel=Channel.EMAIL, when=when)
    notice = post(to=[ada], committee=type("Committee", (), {"pk": 1})())
    assert sending.run() == sent
    assert states(notice) == [State.ACCEPTED if sent else State.OFF]
    assert states(notice, Channel.INAPP) == [State.ACCEPTED]


def test_email_can_be_off_altogether(sink: MailSink, ada: Person) -> None:
    ChannelChoice.objects.create(person=ada, channel=Channel.EMAIL, on=False)
    notice = post(to=[ada])
    sending.run()
    assert states(notice) == [State.OFF]


# -- When ----------------------------------------------------------------------------------------------------------------


def sleeps_now(person: Person) -> None:
    for day in range(7):
        QuietHours.objects.create(person=person, weekday=day, since="00:00", until="23:59")


def test_a_notice_waits_for_the_end_of_quiet_hours(sink: MailSink, ada: Person, time_machine: Any) -> None:
    time_machine.move_to("2026-11-25T10:00:00Z", tick=False)
    QuietHours.objects.create(person=ada, weekday=2, since="08:00", until="16:00")
    notice = post(to=[ada])
    assert sending.run() == 0
    assert [row.due_at.isoformat() for row in notice.deliveries.waiting()] == ["2026-11-25T16:00:00+00:00"]
    time_machine.move_to("2026-11-25T16:00:00Z", tick=False)
    assert sending.run() == 1


def test_a_cancellation_wakes_people(sink: MailSink, ada: Person, time_machine: Any) -> None:
    time_machine.move_to("2026-11-25T10:00:00Z", tick=False)
    QuietHours.objects.create(person=ada, weekday=2, since="08:00", until="16:00")
    first = post(to=[ada], about=letterbox.thing(7))
    Delivery.objects.filter(notice=first, channel=Channel.EMAIL).update(state=State.ACCEPTED)
    post("cancelled", about=first.about, version=2)
    assert sending.run() == 1


def test_a_notice_is_not_due_before_its_time(sink: MailSink, ada: Person) -> None:
    notice = post(to=[ada], due_at=timezone.now() + timedelta(hours=1))
    assert not notice.deliveries.exists()
    commands.sweep(at=timezone.now() + timedelta(hours=2))
    assert notice.deliveries.count() == 2


def test_what_is_too_late_is_marked_missed_and_never_sent(sink: MailSink, ada: Person, ben: Person) -> None:
    notice = post(to=[ada, ben], useful_until=timezone.now() + timedelta(minutes=5))
    late = timezone.now() + timedelta(minutes=6)
    assert leasing.take(at=late, some=10) is None
    commands.sweep(at=late)
    assert states(notice) == [State.MISSED, State.MISSED]
    assert sending.run() == 0


def test_a_reminder_that_nobody_expanded_in_time_is_dropped(ada: Person) -> None:
    letterbox.audience[:] = [ada.pk]
    due = timezone.now() - timedelta(hours=2)
    notice = commands.post("letterbox/letter", about=letterbox.thing(), at=due, useful_until=due + timedelta(hours=1))
    assert commands.expand(notice.pk, at=timezone.now()) == 0
    assert not notice.deliveries.exists()


# -- Order ---------------------------------------------------------------------------------------------------------------


def test_a_small_notice_does_not_wait_for_a_large_one(sink: MailSink, settings: Any) -> None:
    settings.NOTICES_BATCH = 10
    large = [letterbox.person(f"large{n}@mail.example") for n in range(40)]
    small = [letterbox.person(f"small{n}@mail.example") for n in range(5)]
    post(to=large)
    post(to=small, about=letterbox.thing(2))
    sending.run()
    places = [n for n, mail in enumerate(sink.messages) if mail.recipients[0].startswith("small")]
    assert len(sink.messages) == 45
    assert max(places) < 10 + 5, "after one batch of the large one at most"


def test_what_is_urgent_goes_before_everything(sink: MailSink, settings: Any) -> None:
    settings.NOTICES_BATCH = 10
    thing = letterbox.thing(9)
    told = [letterbox.person(f"told{n}@mail.example") for n in range(3)]
    first = post(to=told, about=thing)
    Delivery.objects.filter(notice=first, channel=Channel.EMAIL).update(state=State.ACCEPTED)
    post(to=[letterbox.person(f"large{n}@mail.example") for n in range(30)])
    letterbox.audience[:] = [row.pk for row in told]
    post("cancelled", about=thing, version=2)
    sending.run()
    assert [mail.recipients[0][:4] for mail in sink.messages[:3]] == ["told"] * 3
    assert len(sink.messages) == 33


def test_a_poisoned_notice_dies_alone(sink: MailSink, ada: Person, ben: Person) -> None:
    """Its template raises: it is a dead letter with the reason, and what stands behind it goes out."""
    for person in (ada, ben):
        ChannelChoice.objects.create(person=person, channel=Channel.EMAIL, level=Level.KIND)
    poison = post("poison", to=[ada, ben])
    fine = post(to=[ada, ben], about=letterbox.thing(2))
    assert sending.run() == 2
    assert states(poison) == [State.DEAD, State.DEAD]
    assert poison.deliveries.dead()[0].reason == "letterbox/poison: TemplateSyntaxError"
    assert states(fine) == [State.ACCEPTED, State.ACCEPTED]


def test_a_kind_that_fails_dies_alone(sink: MailSink, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = post("warning", to=[ada])
    fine = post(to=[ada], about=letterbox.thing(2))

    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        if notice.kind == "letterbox/warning":
            raise ZeroDivisionError
        return person_ids

    for name in ("letter", "warning"):
        kind = registry.kind(f"letterbox/{name}")
        registry.register(type(kind)(**{**{f: getattr(kind, f) for f in kind.__dataclass_fields__}, "matters": matters}))
    assert sending.run() == 1
    assert states(bad) == [State.DEAD]
    assert states(fine) == [State.ACCEPTED]


def test_a_slot_that_nothing_fills_sends_no_half_message(sink: MailSink, ada: Person) -> None:
    ChannelChoice.objects.create(person=ada, channel=Channel.EMAIL, level=Level.KIND)
    kind = registry.kind("letterbox/letter")
    registry.register(type(kind)(**{**{f: getattr(kind, f) for f in kind.__dataclass_fields__}, "personal": None}))
    notice = post(to=[ada])
    assert sending.run() == 0
    assert notice.deliveries.dead().get().reason == "letterbox/letter: nothing fills 'time'"


def test_an_unknown_kind_is_a_dead_letter(sink: MailSink, ada: Person) -> None:
    """A notice of a room that was taken away meanwhile."""
    notice = post(to=[ada])
    Notice.objects.filter(pk=notice.pk).update(kind="gone/kind")
    assert sending.run() == 0
    assert states(notice) == [State.DEAD]
