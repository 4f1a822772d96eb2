"""Browsers that allow push, and what they were told."""

from __future__ import annotations

from django.test import Client

from committees.notices.models import Channel, Notice, PushDevice
from committees.notices.push import sending as pushing
from committees.people.models import Person
from tests.committees.notices.letterbox import states
from tests.push_service import Browser, PushService

PUSH = Channel.PUSH
PAGE, ALLOW = "/notices/settings/", "/notices/settings/push/"


def states_after(notice: Notice) -> list[str]:
    """Where its deliveries stand, after a run of the sender."""
    pushing.run()
    return states(notice, PUSH)


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


def said(service: PushService, browser: Browser) -> list[str]:
    return [browser.read(each.body)["title"] for each in service.to(browser)]
