"""How long push goes on: until somebody signs out there, and not only until a session ends by waiting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from committees.notices.models import ChannelChoice, Level, PushDevice, State
from committees.notices.push import sending as pushing
from committees.people import commands as people
from committees.people import sessions
from committees.people.models import Person, Session
from tests.committees.notices import letterbox
from tests.committees.notices.letterbox import post
from tests.committees.notices.pushes import ALLOW, PUSH, allowed, said, signed_in, states_after
from tests.push_service import Browser, PushService

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]

NEUTRAL = "There is something new for you"
HERE = f"{ALLOW}here/"


def waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve hours go by in which nobody asks for a page."""
    monkeypatch.setattr(sessions, "IDLE", timedelta(minutes=-1))


def over() -> None:
    """The fourteen days go by, and the night in which sessions end."""
    Session.objects.update(ends_on=timezone.now().date())
    people.end_sessions(timezone.now())


def asked(client: Client, browser: Browser) -> int:
    return client.post(HERE, {"endpoint": browser.endpoint}).status_code


def test_it_outlasts_the_session_and_then_says_almost_nothing(service: PushService, ada: Person) -> None:
    phone = service.browser("adas-phone")
    client = allowed(ada, phone)
    ChannelChoice.objects.create(person=ada, channel=PUSH, level=Level.FULL)
    assert states_after(post(to=[ada])) == [State.ACCEPTED]
    over()
    assert states_after(post(to=[ada], about=letterbox.thing(2))) == [State.ACCEPTED]
    first, second = said(service, phone)
    assert first != NEUTRAL
    assert second == NEUTRAL
    assert client.get("/today/").status_code == 302, "the session opens nothing any more"
    assert Session.objects.get().content == {}


def test_sessions_without_push_go_in_the_night_as_before(service: PushService, ada: Person, phone: Browser) -> None:
    signed_in(ada)
    over()
    assert Session.objects.count() == 1


@pytest.mark.parametrize("waited", ["idle", "over"])
def test_a_browser_that_gets_push_keeps_its_worker_when_its_session_ends_by_waiting(
    service: PushService, ada: Person, monkeypatch: pytest.MonkeyPatch, waited: str
) -> None:
    with_push, without = allowed(ada, service.browser("x")), signed_in(ada)
    if waited == "idle":
        waits(monkeypatch)
    else:
        over()
    kept, gone = (client.get("/today/") for client in (with_push, without))
    assert kept.cookies[settings.SESSION_COOKIE_NAME].value == gone.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert "Clear-Site-Data" not in kept.headers
    assert gone.headers["Clear-Site-Data"] == '"storage"'


def test_a_browser_that_was_signed_out_elsewhere_keeps_nothing(service: PushService, ada: Person) -> None:
    phone = service.browser("x")
    client = allowed(ada, phone)
    people.sign_out_everywhere(ada)
    assert not PushDevice.objects.exists()
    assert client.get("/today/").headers["Clear-Site-Data"] == '"storage"'
    assert asked(client, phone) == 410


def test_signing_out_everywhere_ends_it_also_where_the_session_had_ended_by_waiting(service: PushService, ada: Person, phone: Browser) -> None:
    over()
    people.sign_out_everywhere(ada)
    assert not PushDevice.objects.exists()
    assert asked(Client(), phone) == 410


def test_a_browser_in_which_nobody_is_signed_in_asks_whether_it_goes_on(service: PushService, ada: Person, phone: Browser) -> None:
    over()
    assert asked(Client(enforce_csrf_checks=True), phone) == 204
    assert asked(Client(), service.browser("nobodys")) == 410
    assert Client().post(HERE).status_code == 410
    assert "no-store" in Client().post(HERE).headers["Cache-Control"]


def test_whoever_signs_in_there_again_has_it_on_the_new_session_and_signing_out_ends_it(service: PushService, ada: Person, phone: Browser) -> None:
    Session.objects.update(label="My old phone")
    over()
    client = signed_in(ada)
    assert "data-asks" in client.get("/more/").text
    assert asked(client, phone) == 204
    page = client.get("/notices/settings/").text
    assert "My old phone" in page
    assert "This one" in page
    assert "data-asks" not in page, "asked once in a session"
    client.post("/account/sign-out/")
    assert not PushDevice.objects.exists()


def test_somebody_else_who_signs_in_there_ends_it(service: PushService, ada: Person, ben: Person, phone: Browser) -> None:
    assert asked(signed_in(ben), phone) == 410
    assert not PushDevice.objects.exists()


def test_a_new_password_leaves_the_browser_its_name_and_its_push(service: PushService, ada: Person) -> None:
    phone = service.browser("x")
    client = allowed(ada, phone)
    Session.objects.update(label="My old phone")
    store = sessions.SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    store["typed"] = "kept"
    before = Session.objects.get()
    store.cycle_key()
    store.save()
    after = Session.objects.get()
    assert (after.pk, after.label, after.content["typed"]) == (before.pk, "My old phone", "kept")
    assert after.digest != before.digest
    assert client.get("/today/").status_code == 302, "the key from before opens nothing"
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
    assert client.get("/more/").status_code == 200
    assert PushDevice.objects.get().session_id == after.pk


def test_a_new_address_is_taken_from_the_browser_that_knows_the_one_before_and_its_secret(service: PushService, ada: Person) -> None:
    old, new = service.browser("old"), service.browser("new")
    client = allowed(ada, old)
    before = {"before": old.endpoint, "secret": old.given["auth"]}
    for wrong in ({"secret": new.given["auth"]}, {"secret": ""}, {"before": "https://fcm.googleapis.com/none"}, {"endpoint": "https://evil.example/"}):
        assert client.post(f"{ALLOW}renew/", new.given | before | wrong).status_code == 404
    assert Client(enforce_csrf_checks=True).post(f"{ALLOW}renew/", new.given | before).status_code == 204
    assert str(PushDevice.objects.get().endpoint) == new.endpoint
    assert states_after(post(to=[ada])) == [State.ACCEPTED]
    assert len(service.to(new)) == 1


def test_an_address_that_a_service_calls_gone_ends_it_also_after_the_session(service: PushService, ada: Person, phone: Browser) -> None:
    over()
    service.says = [(410, {})]
    post(to=[ada])
    pushing.run()
    assert not PushDevice.objects.exists()
    people.end_sessions(timezone.now())
    assert not Session.objects.exists(), "nothing keeps the row any more"
