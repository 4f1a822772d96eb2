"""The one entrance for those who keep the service running: numbers of what waits, and the way to each page."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from committees.directory import commands as directory
from committees.notices.models import Delivery, Errand, State
from committees.people import outbox
from committees.people.models import Contact
from organizing.home import waiting
from tests import make

pytestmark = pytest.mark.django_db


def test_each_page_is_there_with_its_number() -> None:
    keeper = make.person(is_platform_admin=True)
    browser = make.client(keeper)
    page = browser.get("/keeping/")
    assert "Nothing waits" in page.content.decode()
    assert {part.waiting for part in waiting.parts()} == {0, None}
    for part in waiting.parts():
        assert browser.get(part.url).status_code == 200, part.words


def test_what_waits_is_counted() -> None:
    keeper, somebody = make.person(is_platform_admin=True), make.person()
    directory.propose(by=somebody, employer="Acme", name="Yard", city="Leeds", country="GB")
    directory.hand_in(b"Employer,Town,Country\nAcme,Leeds,GB\n", name="", by=keeper, at=timezone.now())
    for _ in range(2):
        mail = outbox.send(Contact.objects.get(person=somebody), "recovered")
        Errand.objects.filter(mail=mail).update(state=State.DEAD)
    numbers = {part.words: part.waiting for part in waiting.parts()}
    assert numbers["Workplaces to check"] == 1
    assert numbers["Lists of workplaces"] == 1
    assert numbers["Codes and warnings that did not go out"] == 2
    assert Delivery.objects.dead().count() == numbers["Notices that did not go out"] == 0
    today = make.client(keeper).get("/today/").content.decode()
    assert "4 things wait where you keep the service running" in today
    assert 'href="/keeping/"' in today


def test_nobody_else_finds_it() -> None:
    directory.propose(by=make.person(), employer="Acme", name="Yard", city="Leeds", country="GB")
    browser = make.client(make.person())
    assert browser.get("/keeping/").status_code == 404
    for address in ("/today/", "/more/", "/workplaces/"):
        assert "/keeping/" not in browser.get(address).content.decode()


def test_it_is_reached_from_the_menu_of_every_page() -> None:
    more = make.client(make.person(is_platform_admin=True)).get("/more/").content.decode()
    assert len(re.findall(r'href="/keeping/"', more)) == 2, "in the bar's menu and on the page of a phone"
