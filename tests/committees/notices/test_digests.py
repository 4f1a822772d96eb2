"""What somebody wants daily or weekly comes in one mail, at their time, and never too late to be of use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from committees.notices import commands, locks, registry, rules, sending, stops
from committees.notices.commands import Wishes
from committees.notices.models import Channel, ChannelChoice, Choice, Delivery, Digest, Level, Notice, State
from committees.notices.stops import Stop
from committees.people.models import Person
from tests.committees.notices import letterbox
from tests.committees.notices.letterbox import AT, GROUP, mailed, post, states, thing
from tests.mail_sink import MailSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]
DAILY, WEEKLY, NOW, OFF = Choice.When.DAILY, Choice.When.WEEKLY, Choice.When.NOW, Choice.When.OFF
#: Six in the morning in London, twenty minutes after AT, on a Sunday.
SIX = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(AT, tick=True) as traveller:
        yield traveller


def wants(person: Person, when: str, *, level: Level = Level.FULL, committee_id: int | None = None, digest: tuple[time, int] = (time(6, 0), 0)) -> None:
    commands.choose(Wishes(email=True, level=level, lists={(committee_id, GROUP): when}, quiet=[], digest=digest), by=person)


def go_out() -> int:
    """Everything that a minute of the clock and the senders do; returns how many mails went."""
    commands.sweep(at=timezone.now())
    sent = sending.run()
    commands.sweep(at=timezone.now())
    return sent


def by_mail(notice: Notice, person: Person) -> Delivery:
    return Delivery.objects.get(notice=notice, person=person, channel=Channel.EMAIL)


class TestWhenItComes:
    def test_what_is_wanted_daily_waits_for_the_next_morning_and_comes_in_one_mail(self, clock: Any, sink: MailSink, ada: Person) -> None:
        wants(ada, DAILY)
        first, second = post(to=[ada]), post(to=[ada], about=thing(2))
        assert go_out() == 0
        assert states(first) == states(second) == [State.GATHERED]
        assert states(first, Channel.INAPP) == [State.ACCEPTED], "in the app it is at once"
        clock.move_to(SIX - timedelta(minutes=1))
        assert go_out() == 0
        clock.move_to(SIX)
        assert go_out() == 1
        [mail] = sink.messages
        assert mail.subject == "2 things are new for you"
        assert "About 1 for en" in mail.text
        assert "About 2 for en" in mail.text
        assert f"/notices/go/{first.slug}" in mail.text
        assert states(first) == states(second) == [State.ACCEPTED]
        clock.move_to(SIX + timedelta(days=1))
        assert go_out() == 0, "nothing comes twice"

    def test_what_is_wanted_at_once_comes_at_once(self, clock: Any, sink: MailSink, ada: Person, ben: Person) -> None:
        wants(ada, DAILY)
        post(to=[ada, ben])
        go_out()
        assert mailed(sink) == ["ben@mail.example"]

    def test_a_weekly_one_leaves_on_its_day_at_its_time_on_the_readers_clock(self, clock: Any, sink: MailSink, ben: Person) -> None:
        wants(ben, WEEKLY, digest=(time(21, 30), 2))
        post(to=[ben])
        go_out()
        clock.move_to(datetime(2026, 11, 26, 2, 29, tzinfo=UTC))
        assert go_out() == 0
        clock.move_to(datetime(2026, 11, 26, 2, 30, tzinfo=UTC))  # Wednesday, half past nine in New York
        assert go_out() == 1

    def test_one_committee_may_come_daily_and_the_others_at_once(self, clock: Any, sink: MailSink, ada: Person) -> None:
        wants(ada, DAILY, committee_id=1)
        here, there = (type("Committee", (), {"pk": pk})() for pk in (1, 2))
        gathered, sent = post(to=[ada], committee=here), post(to=[ada], about=thing(2), committee=there)
        go_out()
        assert states(gathered) == [State.GATHERED]
        assert states(sent) == [State.ACCEPTED]

    def test_what_is_urgent_never_waits(self, clock: Any, sink: MailSink, ada: Person) -> None:
        wants(ada, NOW)
        about = thing()
        post(to=[ada], about=about)
        go_out()
        wants(ada, WEEKLY)
        post("cancelled", to=[ada], about=about, version=2)
        go_out()
        assert sink.messages[-1].subject == "It is off"

    @pytest.mark.parametrize(("hours", "waits"), [(23, False), (47, False), (49, True)])
    def test_what_would_come_on_its_last_day_comes_by_itself(self, clock: Any, sink: MailSink, ada: Person, hours: int, waits: bool) -> None:
        wants(ada, DAILY)
        clock.move_to(SIX)
        notice = post(to=[ada], useful_until=SIX + timedelta(hours=hours))
        go_out()
        assert states(notice) == [State.GATHERED if waits else State.ACCEPTED]

    def test_messages_about_ones_account_never_wait(self, clock: Any, sink: MailSink, ada: Person) -> None:
        wants(ada, DAILY, level=Level.NEUTRAL)
        post("warning", to=[ada])
        assert go_out() == 1

    def test_in_quiet_hours_it_waits_for_their_end(self, clock: Any, sink: MailSink, ada: Person) -> None:
        wants(ada, DAILY)
        commands.choose(Wishes(email=True, level=Level.FULL, lists={(None, GROUP): DAILY}, quiet=[(6, time(5, 50), time(9, 0))]), by=ada)
        post(to=[ada])
        go_out()
        clock.move_to(SIX)
        assert go_out() == 0
        clock.move_to(SIX + timedelta(hours=3))
        assert go_out() == 1

    @pytest.mark.parametrize(
        ("when", "weekday", "after", "leaves"),
        [
            (DAILY, 0, "2026-11-22T05:59Z", "2026-11-22T06:00Z"),
            (DAILY, 0, "2026-11-22T06:00Z", "2026-11-23T06:00Z"),
            (WEEKLY, 6, "2026-11-22T05:59Z", "2026-11-22T06:00Z"),
            (WEEKLY, 6, "2026-11-22T06:00Z", "2026-11-29T06:00Z"),
            (DAILY, 0, "2026-03-28T06:30Z", "2026-03-29T05:00Z"),  # the clock goes forward in the night
        ],
    )
    def test_the_next_one_is_the_first_after_now(self, when: str, weekday: int, after: str, leaves: str) -> None:
        found = rules.next_digest(when, time(6, 0), weekday, after=datetime.fromisoformat(after), zone="Europe/London")
        assert found == datetime.fromisoformat(leaves)


class TestWhatStandsInIt:
    @pytest.fixture
    def digest(self, clock: Any, sink: MailSink, ada: Person) -> Callable[..., str]:
        def get(level: Level, *kinds: str, people: int = 1) -> str:
            wants(ada, DAILY, level=level)
            for number, kind in enumerate(kinds):
                post(kind, to=[ada], about=thing(number + 1), committee=type("Committee", (), {"pk": 1})())
            go_out()
            clock.move_to(SIX)
            go_out()
            return str(sink.messages[-1].raw.decode()) if sink.messages else ""

        return get

    def test_neutral_says_nothing_of_it(self, digest: Callable[..., str], sink: MailSink) -> None:
        said = digest(Level.NEUTRAL, "letter", "letter")
        assert sink.messages[-1].subject == "There is something new for you"
        assert "letter" not in said.lower()
        assert "About 1" not in said

    def test_the_kinds_say_how_many_of_each(self, digest: Callable[..., str], sink: MailSink) -> None:
        said = digest(Level.KIND, "letter", "letter", "poison")
        assert "- A letter (2)" in sink.messages[-1].text
        assert "- Poison" in sink.messages[-1].text
        assert "About 1" not in said

    def test_the_committee_is_named_only_to_who_wants_everything(self, digest: Callable[..., str], sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(registry, "_names", [lambda ids: {1: "Night <shift>"}])
        digest(Level.FULL, "letter")
        page = str(sink.messages[-1].message.get_body(("html",)).get_content())  # type: ignore[union-attr]
        assert "Night &lt;shift&gt;" in page
        assert "Night <shift>: About 1 for en" in sink.messages[-1].text
        assert "Night" not in sink.messages[-1].subject

    def test_of_very_many_the_newest_stand_there(self, digest: Callable[..., str], sink: MailSink) -> None:
        digest(Level.FULL, *["letter"] * 55)
        text = sink.messages[-1].text
        assert "About 5 for en" not in text
        assert "About 6 for en" in text
        assert "About 55 for en" in text
        assert "and 5 more" in text

    def test_its_link_leads_to_the_inbox(self, digest: Callable[..., str], ada: Person, client: Any) -> None:
        digest(Level.FULL, "letter")
        notice = Notice.objects.get(kind="notices/digest")
        client.force_login(ada)
        assert client.get(f"/notices/go/{notice.slug}/")["Location"].startswith("/notices/")


class TestAsItIsByThen:
    """Who is meant is read again when it leaves."""

    @pytest.fixture
    def told(self, clock: Any, sink: MailSink, ada: Person) -> Notice:
        wants(ada, DAILY)
        notice = post(to=[ada])
        go_out()
        return notice

    def morning(self, clock: Any) -> int:
        clock.move_to(SIX)
        return go_out()

    def test_what_was_overtaken_does_not_stand_in_it(self, clock: Any, sink: MailSink, ada: Person, told: Notice) -> None:
        other = post(to=[ada], about=thing(2))
        go_out()
        commands.supersede(told.about)
        assert self.morning(clock) == 1
        assert "About 1" not in sink.messages[0].text
        assert sink.messages[0].subject == "1 thing is new for you"
        assert states(told) == [State.SUPERSEDED]
        assert states(other) == [State.ACCEPTED]

    def test_what_is_of_no_more_use_when_quiet_hours_end_does_not_stand_in_it(self, clock: Any, sink: MailSink, ada: Person) -> None:
        quiet = [(6, time(5, 50), time(9, 0))]
        commands.choose(Wishes(email=True, level=Level.FULL, lists={(None, GROUP): DAILY}, quiet=quiet), by=ada)
        notice = post(to=[ada], useful_until=AT + timedelta(days=2))
        go_out()
        assert states(notice) == [State.GATHERED]
        Notice.objects.filter(pk=notice.pk).update(useful_until=SIX + timedelta(hours=1))
        clock.move_to(SIX)
        go_out()
        clock.move_to(SIX + timedelta(hours=3))
        assert go_out() == 0
        assert states(notice) == [State.SUPERSEDED]

    def test_where_nothing_is_left_no_mail_comes(self, clock: Any, told: Notice) -> None:
        commands.supersede(told.about)
        assert self.morning(clock) == 0
        assert states(told) == [State.SUPERSEDED]

    def test_whoever_is_meant_no_longer_is_told_nothing(self, clock: Any, monkeypatch: pytest.MonkeyPatch, told: Notice) -> None:
        monkeypatch.setattr(letterbox, "still", set())
        assert self.morning(clock) == 0
        assert states(told) == [State.SUPERSEDED]

    def test_who_wants_it_at_once_by_now_gets_it_at_once(self, clock: Any, ada: Person, told: Notice) -> None:
        wants(ada, NOW)
        assert go_out() == 1
        assert states(told) == [State.ACCEPTED]

    def test_who_wants_it_no_more_gets_nothing(self, clock: Any, ada: Person, told: Notice) -> None:
        wants(ada, OFF)
        assert self.morning(clock) == 0
        assert states(told) == [State.OFF]

    def test_also_where_it_is_on_its_way_already(self, clock: Any, ada: Person, told: Notice) -> None:
        clock.move_to(SIX)
        commands.sweep(at=timezone.now())
        wants(ada, OFF)
        assert go_out() == 0
        assert states(told) == [State.OFF]

    def test_nothing_starts_while_one_of_its_things_is_being_changed(self, clock: Any, told: Notice, django_db_blocker: Any) -> None:
        clock.move_to(SIX)
        commands.sweep(at=timezone.now())
        other = connection.copy()
        key = locks.event(told.about_type, told.about_id)
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [key])
            assert sending.run(seconds=0.1) == 0
            assert states(Notice.objects.get(kind="notices/digest")) == [State.WAITING]
        finally:
            other.close()

    def test_a_cancellation_reaches_whom_a_digest_told(self, clock: Any, sink: MailSink, ada: Person, told: Notice) -> None:
        self.morning(clock)
        post("cancelled", to=[ada], about=told.about, version=2)
        assert go_out() == 1

    def test_and_not_whom_it_would_have_told(self, clock: Any, sink: MailSink, ada: Person, told: Notice) -> None:
        commands.supersede(told.about)
        post("cancelled", to=[ada], about=told.about, version=2)
        assert go_out() == 0


class TestWhatBecomesOfIt:
    def test_a_mail_that_bounces_bounced_for_all_that_was_in_it(self, clock: Any, sink: MailSink, ada: Person) -> None:
        from tests.mail_sink import Fault

        wants(ada, DAILY)
        notice = post(to=[ada])
        go_out()
        sink.fault(Fault.FINAL)
        clock.move_to(SIX)
        go_out()
        assert states(notice) == [State.BOUNCED]
        assert by_mail(notice, ada).reason.startswith("550")

    def test_whoever_looks_at_how_it_goes_out_sees_how_many_wait(self, clock: Any, sink: MailSink, ada: Person, ben: Person) -> None:
        from committees.notices import queries

        wants(ada, DAILY)
        notice = post(to=[ada, ben])
        go_out()
        report = queries.delivery_report(notice)
        assert report.sentence == "2 people: 1 delivered, 1 in their next digest"
        assert not report.is_under_way

    def test_four_clocks_make_one(self, clock: Any, sink: MailSink, ada: Person) -> None:
        wants(ada, DAILY)
        post(to=[ada])
        go_out()
        clock.move_to(SIX)
        for _clock in range(4):
            commands.sweep(at=timezone.now())
        assert Notice.objects.filter(kind="notices/digest").count() == 1
        assert sending.run() == 1

    def test_after_its_days_nothing_of_it_is_left(self, clock: Any, sink: MailSink, ada: Person) -> None:
        wants(ada, DAILY)
        post(to=[ada])
        go_out()
        clock.move_to(SIX)
        go_out()
        commands.forget(SIX + timedelta(days=30))
        assert not Notice.objects.exists()
        assert not Digest.objects.exists()


class TestStopping:
    def test_the_link_in_it_stops_every_list_that_comes_by_it(self, clock: Any, sink: MailSink, ada: Person, client: Any) -> None:
        wants(ada, DAILY)
        Choice.objects.create(person=ada, committee_id=2, group="other", channel=Channel.EMAIL, when=WEEKLY)
        Choice.objects.create(person=ada, committee_id=3, group="other", channel=Channel.EMAIL, when=NOW)
        post(to=[ada])
        go_out()
        clock.move_to(SIX)
        go_out()
        link = sink.messages[0].message["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
        asked = client.get(link)
        assert "Stop your digests?" in asked.content.decode()
        assert set(Choice.objects.values_list("when", flat=True)) == {DAILY, WEEKLY, NOW}, "a scanner that follows links changes nothing"
        done = client.post(link, {"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
        assert "Send them again" not in done.content.decode(), "which lists they were is not kept"
        assert sorted(Choice.objects.values_list("when", flat=True)) == [NOW, OFF, OFF]

    def test_what_waited_for_it_is_not_sent(self, clock: Any, sink: MailSink, ada: Person) -> None:
        wants(ada, DAILY)
        notice = post(to=[ada])
        go_out()
        stop = stops.living(stops.token(Stop(ada.pk, None, registry.DIGESTS, 0)))
        assert stop is not None
        commands.stop(stop.person_id, committee_id=stop.committee_id, group=stop.group)
        clock.move_to(SIX)
        assert go_out() == 0
        assert states(notice) == [State.OFF]


def test_ten_times_as_many_readers_cost_as_many_statements(clock: Any, sink: MailSink) -> None:
    """Two things told to all: the statements of one batch are as many for 3 readers as for 30."""
    counted: list[int] = []
    for round_, number in enumerate((3, 30)):
        people = letterbox.crowd(number, name=f"r{round_}-")
        Choice.objects.bulk_create(Choice(person_id=pk, group=GROUP, channel=Channel.EMAIL, when=DAILY) for pk in people)
        ChannelChoice.objects.bulk_create(ChannelChoice(person_id=pk, channel=Channel.EMAIL, level=Level.FULL) for pk in people)
        letterbox.audience[:] = people
        for position in (1, 2):
            notice = commands.post("letterbox/letter", about=thing(10 * round_ + position), at=timezone.now())
            commands.expand(notice.pk, at=timezone.now())
        go_out()
        clock.move_to(SIX + timedelta(days=round_))
        commands.sweep(at=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            assert sending.run() == number
        counted.append(len([query for query in asked if "notices_lease" not in query["sql"]]))
    assert counted[0] == counted[1]
