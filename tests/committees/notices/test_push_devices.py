"""Push: where it may go, for how long, and the page on which it is chosen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from committees.base.errors import Refused
from committees.notices import commands
from committees.notices.commands import devices
from committees.notices.models import Channel, ChannelChoice, Choice, Level, PushDevice, State
from committees.notices.push import hosts, vapid, wire
from committees.notices.push import sending as pushing
from committees.people import commands as people
from committees.people.models import Person, Session
from tests.committees.notices import letterbox
from tests.committees.notices.letterbox import post
from tests.committees.notices.pushes import ALLOW, PAGE, PUSH, allowed, said, signed_in, states_after
from tests.push_service import Browser, PushService

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]


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
        "0.0.0.1",
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


# -- Whose ----------------------------------------------------------------------------------------------------------------


def test_signing_out_there_ends_it_there_only(service: PushService, ada: Person, phone: Browser) -> None:
    laptop = service.browser("adas-laptop")
    client = allowed(ada, laptop)
    client.logout()
    post(to=[ada])
    pushing.run()
    assert not service.to(laptop)
    assert len(service.to(phone)) == 1


def test_a_panic_ends_it(service: PushService, ada: Person, phone: Browser) -> None:
    people.hide(ada, at=timezone.now())
    assert not PushDevice.objects.exists()


def test_erasing_an_account_erases_its_devices(service: PushService, ada: Person, phone: Browser) -> None:
    people.erase(ada, by=ada, at=timezone.now())
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
    assert "0" not in {str(row.endpoint).rpartition("/")[2] for row in PushDevice.objects.all()}


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
    form = {"email": "on", "level": "neutral", "list_letters": "now", "push_level": "kind"}
    assert client.post(PAGE, form).status_code == 302
    assert ChannelChoice.objects.get(person=ada, channel=PUSH).level == Level.KIND
    assert Choice.objects.get(person=ada, channel=PUSH, group=letterbox.GROUP).when == Choice.When.OFF
    client.post(PAGE, form | {"push_letters": "on"})
    assert not Choice.objects.filter(person=ada, channel=PUSH, group=letterbox.GROUP).exists(), "as it is for everybody"


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
    assert next((line.channel, line.total, line.accepted) for line in report.lines) == (PUSH, 1, 1)
    assert report.members == 2


def test_nothing_is_allowed_without_a_session_that_lives(service: PushService, ada: Person) -> None:
    with pytest.raises(Refused):
        devices.allow(by=ada, session="none", at=timezone.now(), **service.browser("x").given)
