"""A point of an agenda stays the same point while the agenda is written anew: what hangs on it stays with it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from committees.bodies.models import Committee
from committees.membership.models import Membership
from organizing.meetings.models import Meeting
from tests.organizing.meetings.cast import address, browser, typed
from tests.organizing.meetings.test_planning import new, said

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def organizer(ada: Membership) -> Client:
    return browser(ada)


def as_drawn(page: str) -> dict[str, str]:
    """What the form's inputs of the agenda hold, as a browser would send it."""
    found = re.findall(r'<input[^>]*name="(point-\d+-[a-z]+|point-[A-Z_]+)"[^>]*>', page)
    tags = re.findall(r'<input[^>]*name="point-[^>]*>', page)
    return {name: value[1] if (value := re.search(r'value="([^"]*)"', tag)) else "" for name, tag in zip(found, tags, strict=True)}


def test_a_point_stays_the_same_point_when_the_agenda_is_put_in_another_order(organizer: Client, site: Committee) -> None:
    organizer.post(new(site), typed())
    draft = Meeting.objects.get()
    before = dict(draft.agenda.values_list("subject", "pk"))
    shown = as_drawn(said(organizer.get(address("edit", draft))))
    turned = as_drawn(said(organizer.post(address("edit", draft), typed(**shown, do="up-1"))))
    organizer.post(address("edit", draft), typed(**{**turned, "point-1-subject": "Welcome, all", "point-1-minutes": "7"}, do="save"))
    assert list(draft.agenda.values_list("position", "subject", "minutes")) == [(1, "What we were told", 20), (2, "Welcome, all", 7)]
    assert dict(draft.agenda.values_list("subject", "pk")) == {"What we were told": before["What we were told"], "Welcome, all": before["Welcome"]}


@pytest.mark.parametrize("key", ["", "nonsense", "9" * 400, "\x00"])
def test_a_point_whose_key_says_nothing_is_a_new_one(key: str, organizer: Client, site: Committee) -> None:
    organizer.post(new(site), typed(**{"point-0-key": key, "point-1-key": key}))
    assert Meeting.objects.get().agenda.count() == 2


def test_one_key_sent_twice_is_the_key_of_one_point(organizer: Client, site: Committee) -> None:
    organizer.post(new(site), typed())
    draft = Meeting.objects.get()
    key = str(draft.agenda.get(position=2).key)
    organizer.post(address("edit", draft), typed(**{"point-0-key": key, "point-1-key": key}))
    assert [str(each.key) == key for each in draft.agenda.all()] == [True, False]


def test_a_key_of_another_meeting_takes_nothing_from_it(organizer: Client, site: Committee, meeting: Meeting) -> None:
    theirs = list(meeting.agenda.values_list("pk", "subject", "key"))
    organizer.post(new(site), typed(**{"point-0-key": str(theirs[0][2])}))
    assert list(meeting.agenda.values_list("pk", "subject", "key")) == theirs
    assert Meeting.objects.drafts().get().agenda.count() == 2
