"""Push: to a real push service, opened by the browser that it is for, in the order of the outbox and under all its faults."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from py_vapid import Vapid02

from committees.base.errors import Refused
from committees.notices import commands, letters, registry
from committees.notices import sending as mailing
from committees.notices.commands import devices, leasing
from committees.notices.models import Channel, ChannelChoice, Choice, Delivery, Level, Notice, PushDevice, QuietHours, State
from committees.notices.push import hosts, sealing, vapid, wire
from committees.notices.push import sending as pushing
from committees.people.models import Person, Session
from committees.people.registry import kill_everything
from tests.committees.notices import letterbox
from tests.committees.notices.letterbox import post, states
from tests.mail_sink import MailSink
from tests.push_service import Browser, PushService

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]
PUSH = Channel.PUSH
PAGE, ALLOW = "/notices/settings/", "/notices/settings/push/"


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    running = PushService()
    settings.PUSH_TEST_ORIGIN = running.origin
    settings.PUSH_TIMEOUT = 0.5
    settings.NOTICES_REST_SECONDS = 0
    registry.group(letterbox.GROUP, label="Letters", pushed=True)
    yield running
    running.close()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def allowed(person: Person, browser: Browser) -> Client:
    """Somebody signs in and allows push there."""
    client = signed_in(person)
    assert client.post(ALLOW, browser.given).status_code == 302
    assert PushDevice.objects.filter(person=person).exists()
    return client


@pytest.fixture
def phone(service: PushService, ada: Person) -> Browser:
    browser = service.browser("adas-phone")
    allowed(ada, browser)
    return browser


def said(service: PushService, browser: Browser) -> list[str]:
    return [browser.read(each.body)["title"] for each in service.to(browser)]


def open_to(person: Person, level: Level) -> None:
    ChannelChoice.objects.create(person=person, channel=PUSH, level=level)


# -- What arrives -----------------------------------------------------------------------------------------------------------


def test_the_words_of_the_standard_come_out_as_the_standard_says() -> None:
    """RFC 8291, appendix A."""
    browser = Browser("", key=ec.derive_private_key(int.from_bytes(sealing.unb64("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big"), ec.SECP256R1()))
    browser.secret = sealing.unb64("BTBZMqHH6r4Tts7J_aSIgg")
    ours = ec.derive_private_key(int.from_bytes(sealing.unb64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1())
    plain = b"When I grow up, I want to be a watermelon"
    made = sealing.sealed(plain + b"\x02", point=browser.point, secret=browser.secret, ours=ours, salt=sealing.unb64("DGv6ra1nlYgDCS1FRnbzlw"))
    assert sealing.b64(made) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert browser.open(made) == plain


def test_a_push_says_almost_nothing_and_leads_through_the_login(service: PushService, ada: Person, phone: Browser) -> None:
    notice = post(to=[ada])
    assert pushing.run() == 1
    [taken] = service.taken
    says = phone.read(taken.body)
    assert says.pop("tag")
    assert says == {"title": "There is something new for you", "path": f"/notices/go/{notice.slug}/", "lang": "en", "dir": "ltr"}
    assert states(notice, PUSH) == [State.ACCEPTED]
    assert pushing.run() == 0, "nothing goes twice"


def test_nobody_but_the_browser_can_read_it(service: PushService, ada: Person, phone: Browser) -> None:
    post(to=[ada])
    pushing.run()
    [taken] = service.taken
    assert b"something new" not in taken.body
    with pytest.raises(InvalidTag):
        service.browser("another").read(taken.body)


@pytest.mark.parametrize("level", [Level.KIND, Level.FULL])
def test_the_chosen_level_speaks_in_the_readers_language_and_zone(service: PushService, ben: Person, level: Level) -> None:
    phone = service.browser("bens-phone")
    allowed(ben, phone)
    open_to(ben, level)
    post(to=[ben])
    pushing.run()
    [title] = said(service, phone)
    assert title.endswith("thing 1 in es at <America/New_York>")
    assert phone.read(service.taken[0].body)["lang"] == "es"
    assert Delivery.objects.get(channel=PUSH).language == "es"


def test_all_messages_are_of_one_length_and_no_two_people_have_anything_in_common(service: PushService, ada: Person, ben: Person, phone: Browser) -> None:
    other = service.browser("bens-phone")
    allowed(ben, other)
    open_to(ben, Level.FULL)
    post(to=[ada, ben])
    pushing.run()
    first, second = service.taken
    assert len(first.body) == len(second.body)
    assert first.headers["topic"] != second.headers["topic"]
    assert phone.read(service.to(phone)[0].body)["tag"] != other.read(service.to(other)[0].body)["tag"]


def test_the_service_learns_who_sends_for_how_long_and_how_urgently(service: PushService, ada: Person, phone: Browser) -> None:
    post(to=[ada], useful_until=timezone.now() + timedelta(minutes=61, seconds=30))
    pushing.run()
    headers = service.taken[0].headers
    assert (headers["ttl"], headers["urgency"], headers["content-encoding"]) == ("3660", "normal", "aes128gcm")
    assert headers["authorization"].startswith("vapid t=")
    assert Vapid02.verify(headers["authorization"])
    assert headers["authorization"].endswith(f"k={vapid.public_key()}")
    assert "user-agent" not in headers


def test_what_is_told_later_about_the_same_thing_takes_the_place_of_what_was_told_before(service: PushService, ada: Person, phone: Browser) -> None:
    thing = letterbox.thing()
    post(to=[ada], about=thing)
    pushing.run()
    post("cancelled", to=[ada], about=thing, version=2)
    pushing.run()
    first, second = service.taken
    assert first.headers["topic"] == second.headers["topic"]
    assert second.headers["urgency"] == "high"


def test_each_browser_of_a_person_is_told(service: PushService, ada: Person, phone: Browser) -> None:
    laptop = service.browser("adas-laptop")
    allowed(ada, laptop)
    notice = post(to=[ada])
    assert pushing.run() == 1
    assert len(said(service, phone)) == len(said(service, laptop)) == 1
    assert notice.deliveries.filter(channel=PUSH).count() == 1


# -- To whom ----------------------------------------------------------------------------------------------------------------


def test_whoever_allowed_it_nowhere_has_no_delivery_by_push(service: PushService, ada: Person, ben: Person, phone: Browser) -> None:
    notice = post(to=[ada, ben])
    assert list(notice.deliveries.filter(channel=PUSH).values_list("person", flat=True)) == [ada.pk]
    assert states(notice) == [State.WAITING, State.WAITING]


def test_mail_and_push_do_not_take_each_others_batches(service: PushService, sink: MailSink, ada: Person, phone: Browser) -> None:
    notice = post(to=[ada])
    assert mailing.run() == 1
    assert states(notice, PUSH) == [State.WAITING]
    assert pushing.run() == 1
    assert len(sink.messages) == len(service.taken) == 1


def test_a_group_goes_by_push_if_its_reader_says_so_or_said_nothing_and_it_goes_unasked(service: PushService, ada: Person, phone: Browser) -> None:
    Choice.objects.create(person=ada, committee_id=None, group=letterbox.GROUP, channel=PUSH, when="off")
    assert states_after(post(to=[ada])) == [State.OFF]
    registry.group(letterbox.GROUP, label="Letters", pushed=False)
    Choice.objects.all().delete()
    assert states_after(post(to=[ada], about=letterbox.thing(2))) == [State.OFF]
    Choice.objects.create(person=ada, committee_id=None, group=letterbox.GROUP, channel=PUSH, when="now")
    assert states_after(post(to=[ada], about=letterbox.thing(3))) == [State.ACCEPTED]


def states_after(notice: Notice) -> list[str]:
    pushing.run()
    return states(notice, PUSH)


def test_quiet_hours_hold_it_and_what_cannot_wait_comes(service: PushService, ada: Person, phone: Browser) -> None:
    now = timezone.localtime(timezone.now(), timezone.get_fixed_timezone(0))
    for day in range(7):
        QuietHours.objects.create(person=ada, weekday=day, since=(now - timedelta(hours=1)).time(), until=(now + timedelta(hours=1)).time())
    assert states_after(post(to=[ada])) == [State.WAITING]
    assert states_after(post("cancelled", to=[ada], about=letterbox.thing(2))) == [State.ACCEPTED]


def test_whoever_is_meant_no_more_is_told_nothing(service: PushService, ada: Person, phone: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = post(to=[ada])
    monkeypatch.setattr(letterbox, "still", set())
    assert states_after(notice) == [State.SUPERSEDED]
    assert not service.taken


def test_what_is_overtaken_never_starts(service: PushService, ada: Person, phone: Browser) -> None:
    notice = post(to=[ada])
    commands.supersede(notice.about)
    pushing.run()
    assert not service.taken


# -- What can go wrong --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(service: PushService, ada: Person, phone: Browser, status: int) -> None:
    service.says = [(status, {})]
    assert states_after(post(to=[ada])) == [State.UNREACHABLE]
    assert not PushDevice.objects.exists()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_cannot_now_is_asked_again_when_it_says(service: PushService, ada: Person, phone: Browser, status: int) -> None:
    service.says = [(status, {"Retry-After": "120"})]
    notice = post(to=[ada])
    assert states_after(notice) == [State.WAITING]
    row = notice.deliveries.get(channel=PUSH)
    assert row.attempts == 1
    assert row.due_at > timezone.now() + timedelta(seconds=100)
    notice.deliveries.update(due_at=timezone.now())
    assert states_after(notice) == [State.ACCEPTED]


def test_what_the_service_refuses_is_a_dead_letter_that_can_be_tried_again(service: PushService, ada: Person, ben: Person, phone: Browser) -> None:
    service.says = [(403, {})]
    notice = post(to=[ada])
    assert states_after(notice) == [State.DEAD]
    assert notice.deliveries.get(channel=PUSH).reason == "push 403"
    assert commands.again(notice, by=ben, at=timezone.now()) == 1
    assert states_after(notice) == [State.ACCEPTED]


def test_it_is_given_up_after_many_tries(service: PushService, ada: Person, phone: Browser) -> None:
    notice = post(to=[ada])
    notice.deliveries.filter(channel=PUSH).update(attempts=11)
    service.says = [(500, {})]
    assert states_after(notice) == [State.DEAD]


def test_a_service_that_is_down_is_left_alone_and_the_message_waits(service: PushService, ada: Person, phone: Browser) -> None:
    service.close()
    notice = post(to=[ada])
    assert states_after(notice) == [State.WAITING]
    assert notice.deliveries.get(channel=PUSH).started_at is None, "nobody was connected: it cannot have arrived"


def test_a_service_that_answers_nobody_holds_up_no_one_for_long(service: PushService, settings: Any, ada: Person, ben: Person, phone: Browser) -> None:
    allowed(ben, service.browser("bens-phone"))
    settings.NOTICES_REST_SECONDS = 30
    service.slow = 1.0
    notice = post(to=[ada, ben])
    assert states_after(notice) == [State.WAITING, State.WAITING]
    assert len(service.taken) == 1, "the second is not tried while the service rests"
    assert notice.deliveries.filter(channel=PUSH, started_at__isnull=False).count() == 1


def test_it_leads_nobody_elsewhere(service: PushService, ada: Person, phone: Browser) -> None:
    service.says = [(307, {"Location": f"{service.origin}/inside"})]
    assert states_after(post(to=[ada])) == [State.DEAD]
    assert [each.path for each in service.taken] == ["/adas-phone"]


class Killed(BaseException):
    """A worker that dies."""


def test_a_worker_that_dies_between_sending_and_recording_repeats_that_one_and_it_folds(
    service: PushService, ada: Person, ben: Person, phone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = service.browser("bens-phone")
    allowed(ben, other)
    notice = post(to=[ada, ben])
    real = leasing.finish

    def dies(*args: Any) -> None:
        raise Killed

    monkeypatch.setattr(leasing, "finish", dies)
    with pytest.raises(Killed):
        pushing.run()
    monkeypatch.setattr(leasing, "finish", real)
    assert len(service.taken) == 2
    leasing.recover(at=timezone.now() + timedelta(hours=1))
    assert states_after(notice) == [State.ACCEPTED, State.ACCEPTED]
    assert len(service.taken) == 3, "only the one at which it was"
    assert service.taken[1].headers["topic"] == service.taken[2].headers["topic"]


def test_a_kind_that_cannot_be_rendered_is_a_dead_letter_and_the_others_go(
    service: PushService, ada: Person, phone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = letters.subject

    def fails(notice: Notice, **how: Any) -> str:
        if notice.kind == "letterbox/poison":
            raise ZeroDivisionError
        return real(notice, **how)

    monkeypatch.setattr(letters, "subject", fails)
    poison = post("poison", to=[ada])
    letter = post(to=[ada], about=letterbox.thing(2))
    pushing.run()
    assert (states(poison, PUSH), states(letter, PUSH)) == ([State.DEAD], [State.ACCEPTED])


def test_a_batch_of_thirty_costs_as_many_queries_as_a_batch_of_three_but_for_the_marks(service: PushService, settings: Any) -> None:
    def queries(n: int, thing: int) -> int:
        people = list(Person.objects.filter(pk__in=letterbox.crowd(n, name=f"c{n}")))
        for number, person in enumerate(people):
            row = Session.objects.create(digest=f"{n}-{number}", person=person, ends_on=timezone.now().date() + timedelta(days=1))
            devices.allow(by=person, session=row.digest, at=timezone.now(), **service.browser(f"{n}-{number}").given)
        notice = post(to=people, about=letterbox.thing(thing))
        with CaptureQueriesContext(connection) as asked:
            assert pushing.run() == n
        assert states(notice, PUSH) == [State.ACCEPTED] * n
        return len([each for each in asked if "SET at_id" not in each["sql"]])

    assert queries(3, 1) == queries(30, 2)


# -- Where it may go ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://user@fcm.googleapis.com/x",
        "https://evil.example/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://push.services.mozilla.com.evil.example/",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://localhost/x",
        "https://fcm.googleapis.com/x#part",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/\r\nHost: inside",
        "file:///etc/passwd",
        "",
        "https://[",
    ],
)
def test_an_address_that_is_no_push_service_is_refused(ada: Person, service: PushService, endpoint: str) -> None:
    client = signed_in(ada)
    given = service.browser("x").given | {"endpoint": endpoint}
    answer = client.post(ALLOW, given, follow=True)
    assert "We cannot send to this browser" in answer.text
    assert not PushDevice.objects.exists()


def test_the_known_services_are_allowed_and_others_by_a_setting(settings: Any) -> None:
    for host in ("fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com", "wns2-par02p.notify.windows.com"):
        assert hosts.check(f"https://{host}/x?y=z") == host
    settings.PUSH_HOSTS = ["*"]
    assert hosts.check("https://push.example.org/x") == "push.example.org"
    with pytest.raises(hosts.NotAllowed):
        hosts.check("https://10.0.0.1/x")


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.1.1",
        "172.16.0.9",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_a_name_that_leads_inside_is_asked_nothing(settings: Any, ada: Person, service: PushService, monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    """Also where only one of several addresses does, and only by the time of sending."""
    browser = service.browser("x")
    browser.endpoint = "https://fcm.googleapis.com/x"
    allowed(ada, browser)
    reached: list[Any] = []
    monkeypatch.setattr(wire.socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", (inside, 443))])
    monkeypatch.setattr(wire.socket, "create_connection", lambda where, *_a, **_k: reached.append(where))
    assert states_after(post(to=[ada])) == [State.UNREACHABLE]
    assert not reached
    assert not PushDevice.objects.exists()


def test_the_connection_goes_to_the_address_that_was_looked_at(ada: Person, service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = service.browser("x")
    browser.endpoint = "https://fcm.googleapis.com/x"
    allowed(ada, browser)
    reached: list[Any] = []

    def refuses(where: Any, *_rest: Any, **_more: Any) -> None:
        reached.append(where)
        raise OSError

    monkeypatch.setattr(wire.socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("8.8.8.8", 443))])
    monkeypatch.setattr(wire.socket, "create_connection", refuses)
    assert states_after(post(to=[ada])) == [State.WAITING]
    assert reached == [("8.8.8.8", 443)]


def test_how_long_a_service_wants_to_be_left_alone() -> None:
    assert wire.wait("120") == timedelta(minutes=2)
    assert wire.wait("999999999") == timedelta(hours=8)
    assert wire.wait("soon") is wire.wait("") is None
    assert wire.wait("Mon, 01 Jan 2001 00:00:00 GMT") == timedelta(0)


# -- How long -----------------------------------------------------------------------------------------------------------------


def test_signing_out_there_ends_it_there_only(service: PushService, ada: Person, phone: Browser) -> None:
    laptop = service.browser("adas-laptop")
    client = allowed(ada, laptop)
    client.logout()
    post(to=[ada])
    pushing.run()
    assert not service.to(laptop)
    assert len(service.to(phone)) == 1


def test_a_panic_and_the_end_of_a_session_end_it(service: PushService, ada: Person, phone: Browser) -> None:
    notice = post(to=[ada])
    Session.objects.update(ends_on=timezone.now().date())
    assert states_after(notice) == [State.OFF]
    assert PushDevice.objects.exists()
    kill_everything(ada)
    assert not PushDevice.objects.exists()


def test_erasing_an_account_erases_its_devices(service: PushService, ada: Person, phone: Browser) -> None:
    commands.forget_person(ada)
    assert not PushDevice.objects.exists()


def test_a_browser_made_for_another_key_of_the_server_is_told_nothing(service: PushService, settings: Any, ada: Person, phone: Browser) -> None:
    from config import secrets

    settings.VAPID_PRIVATE_KEY = secrets.new_vapid_key()
    assert states_after(post(to=[ada])) == [State.OFF]
    assert not service.taken


def test_a_browser_that_another_person_signs_in_with_is_theirs_alone(service: PushService, ada: Person, ben: Person, phone: Browser) -> None:
    allowed(ben, phone)
    assert list(PushDevice.objects.values_list("person", flat=True)) == [ben.pk]


def test_the_oldest_makes_room(service: PushService, ada: Person) -> None:
    for number in range(PushDevice.MOST + 1):
        allowed(ada, service.browser(str(number)))
    assert PushDevice.objects.count() == PushDevice.MOST
    assert "0" not in {row.endpoint.rpartition("/")[2] for row in PushDevice.objects.all()}


def test_no_address_and_no_key_stands_readable_in_the_database(ada: Person, phone: Browser) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text, encode(endpoint, 'escape'), encode(keys, 'escape') FROM notices_pushdevice AS t")
        row = str(cursor.fetchall())
    assert phone.endpoint not in row
    assert phone.given["auth"] not in row


# -- The page -----------------------------------------------------------------------------------------------------------------


def test_the_page_says_that_it_needs_scripts_and_gives_them_the_servers_key(service: PushService, ada: Person) -> None:
    page = signed_in(ada).get(PAGE).text
    assert "JavaScript must be on" in page
    assert f'data-key="{vapid.public_key()}"' in page


def test_devices_are_listed_by_the_name_of_their_session_and_stopped_by_their_person_alone(service: PushService, ada: Person, ben: Person) -> None:
    client = allowed(ada, service.browser("x"))
    Session.objects.filter(person=ada).update(label="My old phone")
    page = client.get(PAGE).text
    assert "My old phone" in page
    assert "data-here" in page
    assert "data-here" not in signed_in(ada).get(PAGE).text
    stop = f"{ALLOW}{PushDevice.objects.get().slug}/stop/"
    assert signed_in(ben).post(stop).status_code == 404
    assert client.post(stop).status_code == 302
    assert not PushDevice.objects.exists()


def test_what_push_shows_and_what_comes_by_it_is_chosen_on_the_page(service: PushService, ada: Person) -> None:
    client = signed_in(ada)
    form = {"email": "on", "level": "neutral", "list_letters": "on", "push_level": "kind"}
    assert client.post(PAGE, form).status_code == 302
    assert ChannelChoice.objects.get(person=ada, channel=PUSH).level == Level.KIND
    assert Choice.objects.get(person=ada, channel=PUSH, group=letterbox.GROUP).when == Choice.When.OFF
    client.post(PAGE, form | {"push_letters": "on"})
    assert not Choice.objects.filter(person=ada, channel=PUSH, group=letterbox.GROUP).exists(), "as it is for everybody"


def test_a_new_address_is_taken_from_the_browser_that_knows_the_one_before(service: PushService, ada: Person, ben: Person) -> None:
    old, new = service.browser("old"), service.browser("new")
    client = allowed(ada, old)
    for stranger in (signed_in(ben), signed_in(ada)):
        assert stranger.post(f"{ALLOW}renew/", new.given | {"before": old.endpoint}).status_code == 404
    assert client.post(f"{ALLOW}renew/", new.given | {"before": "https://fcm.googleapis.com/none"}).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(f"{ALLOW}renew/", new.given | {"before": old.endpoint}).status_code == 204
    assert PushDevice.objects.get().endpoint == new.endpoint


def test_a_test_to_oneself_comes_by_push_too(service: PushService, ada: Person, phone: Browser) -> None:
    commands.send_test(by=ada, at=timezone.now())
    assert pushing.run() == 1
    assert said(service, phone) == ["There is something new for you"]


def test_an_organizer_sees_push_as_a_way_where_somebody_has_it(service: PushService, ada: Person, ben: Person) -> None:
    from committees.notices import queries

    assert [line.channel for line in queries.delivery_report(post(to=[ada])).lines] == [Channel.INAPP, Channel.EMAIL]
    allowed(ada, service.browser("x"))
    notice = post(to=[ada, ben], about=letterbox.thing(2))
    pushing.run()
    report = queries.delivery_report(notice)
    assert [(line.channel, line.total, line.accepted) for line in report.lines][0] == (PUSH, 1, 1)
    assert report.members == 2


def test_nothing_is_allowed_without_a_session_that_lives(service: PushService, ada: Person) -> None:
    with pytest.raises(Refused):
        devices.allow(by=ada, session="none", at=timezone.now(), **service.browser("x").given)
