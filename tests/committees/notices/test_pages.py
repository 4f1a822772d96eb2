"""The inbox, how one is told, stopping by a link, the report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from committees.notices import chosen, commands, queries, registry, sending, stops
from committees.notices.models import Channel, ChannelChoice, Choice, Delivery, Level, Notice, QuietHours, State
from committees.people import registry as people_registry
from committees.people.models import Person
from tests.committees.notices import letterbox
from tests.mail_sink import MailSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]


@pytest.fixture
def ada(db: None) -> Person:
    return letterbox.person("ada@mail.example")


@pytest.fixture
def browser(ada: Person) -> Client:
    return signed_in(ada)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def tell(*people: Person, n: int = 1, kind: str = "letter", committee: int | None = 1, **more: Any) -> Notice:
    thing = letterbox.thing(n)
    body = type("Committee", (), {"pk": committee})() if committee else None
    return commands.post(f"letterbox/{kind}", about=thing, to=[p.pk for p in people], committee=body, at=more.pop("at", timezone.now()), **more)


# -- Inbox -----------------------------------------------------------------------------------------------------------------


def test_the_inbox_shows_what_arrived_in_the_readers_language(browser: Client, ada: Person) -> None:
    notice = tell(ada)
    page = browser.get("/notices/")
    assert page.status_code == 200
    assert "About 1 for en" in page.text
    assert "Night shift" in page.text
    assert f"/notices/go/{notice.slug}/" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    Person.objects.filter(pk=ada.pk).update(language="es")
    assert "About 1 for es" in browser.get("/notices/").text


def test_nothing_of_a_committee_that_one_has_left(browser: Client, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = tell(ada)
    monkeypatch.setattr(registry, "_committees", [lambda person: {2: "Day shift"}])
    assert "About 1" not in browser.get("/notices/").text
    assert browser.get(f"/notices/go/{notice.slug}/").status_code == 404
    assert queries.unread(ada, limit=5).count == 0


def test_what_is_told_to_outsiders_is_seen_by_them(browser: Client, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = registry.kind("letterbox/letter")
    registry.register(type(kind)(**{**{f: getattr(kind, f) for f in kind.__dataclass_fields__}, "members_only": False}))
    tell(ada)
    monkeypatch.setattr(registry, "_committees", [lambda person: {}])
    assert "About 1" in browser.get("/notices/").text


def test_an_overtaken_notice_leaves_the_inbox(browser: Client, ada: Person) -> None:
    commands.supersede(tell(ada).about)
    assert "About 1" not in browser.get("/notices/").text


def test_nobody_sees_anothers_inbox(ada: Person, browser: Client) -> None:
    notice = tell(letterbox.person())
    assert "About 1" not in browser.get("/notices/").text
    assert browser.get(f"/notices/go/{notice.slug}/").status_code == 404


def test_the_link_of_a_mail_leads_on(browser: Client, ada: Person) -> None:
    notice = tell(ada, n=4)
    answer = browser.get(f"/notices/go/{notice.slug}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/thing/4/")
    asked = Client().get(f"/notices/go/{notice.slug}/")
    assert asked.status_code == 302
    assert "/account/sign-in/" in asked.headers["Location"]


def test_looking_marks_nothing_as_read_and_one_button_does(browser: Client, ada: Person) -> None:
    tell(ada)
    for _look in range(2):
        with CaptureQueriesContext(connection) as asked:
            browser.get("/notices/")
        assert not [q for q in asked if q["sql"].startswith(("UPDATE notices", "INSERT INTO notices", 'UPDATE "notices'))]
    assert queries.unread(ada, limit=5).count == 1
    assert browser.post("/notices/seen/").status_code == 302
    assert queries.unread(ada, limit=5) == queries.Unread([], 0)


@pytest.mark.parametrize("shape", ["page", "unread"])
def test_the_inbox_costs_as_many_queries_for_three_as_for_one(browser: Client, ada: Person, shape: str) -> None:
    def ask() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/notices/").status_code == 200 if shape == "page" else queries.unread(ada, limit=5)
        return len(asked)

    tell(ada)
    ask()  # the day on which somebody was here is written once a day
    one = ask()
    tell(ada, n=2)
    tell(ada, n=3, committee=2)
    assert ask() == one
    assert one <= (6 if shape == "page" else 3)


def test_older_notices_are_on_the_next_page(browser: Client, ada: Person) -> None:
    for n in range(23):
        tell(ada, n=n, at=timezone.now() - timedelta(hours=n))
    first = browser.get("/notices/")
    assert "About 0 " in first.text
    assert "About 22 " not in first.text
    [older] = [part.split('"')[0] for part in first.text.split('href="') if part.startswith("?after=")]
    assert "About 22 " in browser.get(f"/notices/{older}").text


def test_a_notice_whose_thing_is_gone_breaks_no_page(browser: Client, ada: Person) -> None:
    notice = tell(ada)
    Notice.objects.filter(pk=notice.pk).update(about_id=999999)
    assert "A letter" in browser.get("/notices/").text
    assert browser.get(f"/notices/go/{notice.slug}/").status_code == 404


# -- Preferences -----------------------------------------------------------------------------------------------------------


def wishes(**changed: Any) -> dict[str, Any]:
    page = {"email": "on", "level": "neutral", "list_letters": "now", "since": "", "until": ""}
    return {name: value for name, value in (page | changed).items() if value is not None}


def test_how_one_is_told_is_chosen_on_one_page(browser: Client, ada: Person) -> None:
    assert browser.get("/notices/settings/").status_code == 200
    answer = browser.post("/notices/settings/", wishes(level="kind", list_letters="off", since="08:00", until="16:00", days=["2", "3"]))
    assert answer.status_code == 302
    assert ChannelChoice.objects.get(person=ada).level == Level.KIND
    assert Choice.objects.get(person=ada, committee_id=None, group="letters").when == Choice.When.OFF
    assert list(QuietHours.objects.filter(person=ada).values_list("weekday", flat=True).order_by("weekday")) == [2, 3]
    shown = browser.get("/notices/settings/").text
    assert 'value="08:00"' in shown
    assert shown.count('name="days"') == 7
    assert shown.count('name="days" value="2" id="id_days_2" checked') == 1


def test_digests_are_chosen_with_their_time_and_day(browser: Client, ada: Person) -> None:
    assert browser.post("/notices/settings/", wishes(list_letters="weekly", digest_at="21:30", digest_on="4")).status_code == 302
    assert Choice.objects.get(person=ada, committee_id=None, group="letters").when == Choice.When.WEEKLY
    row = ChannelChoice.objects.get(person=ada)
    assert (f"{row.digest_at:%H:%M}", row.digest_on) == ("21:30", 4)
    shown = browser.get("/notices/settings/").text
    assert 'value="21:30"' in shown
    assert '<option value="weekly" selected>' in shown
    assert '<option value="4" selected>' in shown
    answer = browser.post("/notices/settings/", wishes(list_letters="weekly", digest_at="half past nine"))
    assert answer.status_code == 422
    assert "Enter a time like 19:00." in answer.text
    assert 'value="half past nine"' in answer.text


def test_one_committee_can_be_told_apart(browser: Client, ada: Person) -> None:
    form = chosen.chosen_by(ada)
    assert form.lists == {}
    shown = browser.get("/notices/settings/").text
    name = next(part.split('"')[0] for part in shown.split('name="') if part.startswith("list_letters_"))
    browser.post("/notices/settings/", wishes(**{name: "off"}))
    assert Choice.objects.get(person=ada, committee_id=1).when == Choice.When.OFF
    browser.post("/notices/settings/", wishes(**{name: ""}))
    assert not Choice.objects.filter(person=ada, committee_id=1).exists()


def test_no_number_of_ours_stands_in_the_form(browser: Client) -> None:
    shown = browser.get("/notices/settings/").text
    assert 'name="list_letters_1"' not in shown
    assert 'name="list_letters_2"' not in shown


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"days": ["1"]}, "Enter when your quiet hours begin and end, or choose no day."),
        ({"since": "08:00", "until": "08:00", "days": ["1"]}, "Choose an end that is not the beginning."),
        ({"since": "25:00", "until": "08:00", "days": ["1"]}, "Enter a time like 19:00."),
        ({"level": "loud"}, "Choose one of the answers shown"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_lost(browser: Client, ada: Person, typed: dict[str, Any], words: str) -> None:
    answer = browser.post("/notices/settings/", wishes(list_letters="off", **typed))
    assert answer.status_code == 422
    assert words in answer.text
    assert '<option value="off" selected>' in answer.text
    assert not Choice.objects.exists()


def test_the_page_costs_the_same_however_much_is_set(browser: Client, ada: Person) -> None:
    def ask() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.get("/notices/settings/")
        return len(asked)

    ask()  # the day on which somebody was here is written once a day
    before = ask()
    for day in range(7):
        QuietHours.objects.create(person=ada, weekday=day, since="08:00", until="16:00")
    for committee in (None, 1, 2):
        Choice.objects.create(person=ada, committee_id=committee, group="letters", channel=Channel.EMAIL, when="off")
    assert ask() == before <= 9


def test_a_test_notice_comes_once_a_minute(browser: Client, ada: Person, sink: MailSink) -> None:
    browser.post("/notices/settings/test/")
    answer = browser.post("/notices/settings/test/", follow=True)
    assert "Wait a minute" in answer.text
    assert sending.run() == 1
    assert sink.messages[0].subject == "There is something new for you"


# -- Stopping by a link ------------------------------------------------------------------------------------------------------


@pytest.fixture
def link(ada: Person, sink: MailSink) -> str:
    tell(ada)
    sending.run()
    return str(sink.messages[0].message["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost:8000")


def test_a_scanner_that_follows_the_link_changes_nothing(link: str, ada: Person) -> None:
    for _look in range(3):
        answer = Client().get(link)
        assert answer.status_code == 200
        assert "Stop these emails?" in answer.text
    assert not Choice.objects.exists()


def test_one_click_stops_exactly_this_list(link: str, ada: Person, sink: MailSink) -> None:
    answer = Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    [choice] = Choice.objects.all()
    assert (choice.person_id, choice.committee_id, choice.group, choice.channel, choice.when) == (ada.pk, 1, "letters", Channel.EMAIL, "off")
    sink.messages.clear()
    tell(ada, n=2)
    tell(ada, n=3, committee=2)
    sending.run()
    assert len(sink.messages) == 1, "the other committee's comes still"


def test_what_was_stopped_can_be_taken_back(link: str) -> None:
    client = Client()
    client.post(link)
    client.post(link, {"action": "resume"})
    assert Choice.objects.get().when == Choice.When.NOW


def test_every_link_is_dead_after_a_panic(link: str, ada: Person) -> None:
    people_registry.kill_everything(ada)
    assert Client().get(link).status_code == 404
    assert Client().post(link).status_code == 404
    people_registry.kill_everything(ada)
    assert Client().post(link).status_code == 404
    assert not Choice.objects.exists()


def test_a_link_tells_nothing_and_cannot_be_made_up(link: str, ada: Person) -> None:
    token = link.rstrip("/").rsplit("/", 1)[-1]
    assert stops.read(token) is not None
    changed = token[:20] + ("A" if token[20] != "A" else "B") + token[21:]
    for forged in (changed, token[:-4], token[1:], "A" * len(token), "", "é", "AQ"):
        assert stops.read(forged) is None
    other = stops.token(stops.Stop(ada.pk, 1, "letters", 0))
    assert other != token, "the same list gets another name each time"


# -- The report --------------------------------------------------------------------------------------------------------------


def test_the_report_counts_people_by_channel_and_language_and_names_nobody(sink: MailSink) -> None:
    watcher = letterbox.person("w@mail.example", language="es")
    ids = letterbox.crowd(12, name="en") + letterbox.crowd(6, name="es", language="es") + letterbox.crowd(2, name="fr", language="fr")
    letterbox.audience[:] = [*ids, letterbox.person().pk]
    notice = commands.post("letterbox/letter", about=letterbox.thing(), at=timezone.now())
    assert queries.delivery_report(notice).sentence == "It has not left yet."
    commands.expand(notice.pk, at=timezone.now())
    notice.refresh_from_db()
    report = queries.delivery_report(notice)
    assert (report.sentence, report.is_under_way) == ("21 people: 0 delivered, 21 waiting", True)
    sending.run()
    notice.deliveries.filter(person_id=ids[0], channel=Channel.EMAIL).update(state=State.BOUNCED)
    report = queries.delivery_report(notice)
    assert report.sentence == "21 people: 19 delivered, 1 bounced, 1 without an address"
    assert not report.is_under_way
    assert [(line.language_name, line.total) for line in report.languages] == [("English", 13), ("Other languages", 8)], "two alone would be pointed at"
    page = signed_in(watcher).get(f"/notices/{notice.slug}/report/")
    assert page.status_code == 200
    assert "mail.example" not in page.text


def test_the_report_costs_one_query(django_assert_num_queries: Any, ada: Person) -> None:
    notice = tell(ada)
    with django_assert_num_queries(1):
        assert queries.delivery_report(notice).members == 1
    for person in (letterbox.person(), letterbox.person()):
        commands.post("letterbox/letter", about=notice.about, to=[person.pk], at=timezone.now())
    with django_assert_num_queries(1):
        assert queries.delivery_report(notice).members == 3


def test_only_whoever_may_watch_sees_the_report(ada: Person) -> None:
    notice = tell(ada)
    for person, status in ((ada, 404), (letterbox.person(language="es"), 200)):
        browser = signed_in(person)
        assert browser.get(f"/notices/{notice.slug}/report/").status_code == status
        assert browser.post(f"/notices/{notice.slug}/again/").status_code == (302 if status == 200 else 404)


def test_htmx_gets_the_part_alone_and_it_asks_again_while_mails_wait(ada: Person) -> None:
    notice = tell(ada)
    browser = signed_in(letterbox.person(language="es"))
    part = browser.get(f"/notices/{notice.slug}/report/", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert f'hx-get="/notices/{notice.slug}/report/"' in part.text
    Delivery.objects.update(state=State.ACCEPTED)
    assert "hx-get" not in browser.get(f"/notices/{notice.slug}/report/", headers={"HX-Request": "true"}).text


# -- What is held about a person ----------------------------------------------------------------------------------------------


def test_erasing_a_person_leaves_nothing_of_theirs_here(ada: Person) -> None:
    tell(ada)
    Choice.objects.create(person=ada, group="letters", channel=Channel.EMAIL, when="off")
    QuietHours.objects.create(person=ada, weekday=1, since="08:00", until="16:00")
    exported = people_registry.exports(ada)["notices"]
    assert [row["kind"] for row in exported["inbox"]] == ["letterbox/letter"]
    assert exported["lists"][0]["when"] == "off"
    people_registry.erasures()["notices"].erase(ada)
    for model in (Delivery, Choice, QuietHours):
        assert not model._default_manager.filter(person=ada).exists()


def test_notices_are_erased_fourteen_days_after_they_were_of_use(ada: Person) -> None:
    now = timezone.now()
    tell(ada, at=now - timedelta(days=15))
    kept = tell(ada, n=2, at=now - timedelta(days=30), useful_until=now - timedelta(days=13))
    commands.forget(now)
    assert [notice.pk for notice in Notice.objects.all()] == [kept.pk]
    assert Delivery.objects.count() == 2
