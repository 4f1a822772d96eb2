"""Documents on the page of a meeting, reading them, hanging and taking them away; without scripts."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from committees.ledger.models import Entry
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.people import commands as people
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.meetings.plans import Words
from organizing.papers import commands as papers
from organizing.papers import queries, rules
from organizing.papers.cleaning import LARGEST
from organizing.papers.models import Content, Paper
from tests import make
from tests.organizing.papers.conftest import FILE, hang, planned, point
from tests.organizing.papers.files import document, photo, secrets_in

BOTH, ORGANIZERS, MEMBERS = 1, 2, 3


def browser(member: Membership) -> Client:
    return make.client(member.person)


def address(name: str, meeting: Meeting, paper: Paper | None = None, *, through: str = "") -> str:
    return reverse(f"papers:{name}", args=[through or meeting.committee.slug, meeting.slug, *([paper.slug] if paper else [])])


def sent(meeting: Meeting, raw: bytes, *, called: str = "plan.pdf", position: int = BOTH, **changes: Any) -> dict[str, Any]:
    file = SimpleUploadedFile(called, raw)
    return {"form_key": str(uuid.uuid4()), "file": file, "point": str(point(meeting, position).key), "name": "The shift plan", **changes}


def said(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


# -- Reading ----------------------------------------------------------------------------------------------------------------------


def test_a_document_stands_under_its_point_for_whoever_sees_the_point(cast: make.Cast, meeting: Meeting, nia: Membership) -> None:
    hung = {position: hang(meeting, position, cast.ada) for position in (BOTH, ORGANIZERS, MEMBERS)}
    for who, sees in ((cast.ada, {BOTH, ORGANIZERS, MEMBERS}), (cast.ben, {BOTH, MEMBERS}), (nia, {BOTH})):
        client = browser(who)
        page = said(client.get(meeting.get_absolute_url()))
        assert {position for position, paper in hung.items() if paper.name in page} == sees
        assert {position for position, paper in hung.items() if client.get(address("read", meeting, paper)).status_code == 200} == sees


def test_a_stranger_to_the_committee_finds_no_document(cast: make.Cast, meeting: Meeting) -> None:
    paper = hang(meeting, BOTH, cast.ada)
    elsewhere = make.organizer_of(make.committee())
    for through in (meeting.committee.slug, elsewhere.committee.slug):
        assert browser(elsewhere).get(address("read", meeting, paper, through=through)).status_code == 404
        assert browser(elsewhere).get(address("keep", meeting, through=through)).status_code == 404


def test_a_committee_that_comes_as_a_guest_reads_what_is_for_all_and_keeps_nothing(cast: make.Cast, meeting: Meeting) -> None:
    paper, theirs = hang(meeting, BOTH, cast.ada), hang(meeting, ORGANIZERS, cast.ada)
    guest = make.organizer_of(make.committee())
    for committee in (cast.committee, guest.committee):
        make.affiliated(committee)
    (invited,) = meetings.invite(meeting, [guest.committee], by=cast.ada, at=timezone.now())
    through = guest.committee.slug
    assert browser(guest).get(address("read", meeting, paper, through=through)).status_code == 404
    meetings.accept_invitation(invited, by=guest, at=timezone.now())
    client = browser(guest)
    assert client.get(address("read", meeting, paper, through=through)).content == FILE.content
    assert client.get(address("read", meeting, theirs, through=through)).status_code == 404
    assert client.get(address("keep", meeting, through=through)).status_code == 404
    assert paper.name in said(client.get(meeting.url_in(through)))


def test_whoever_is_removed_reads_nothing_from_the_next_request_on(cast: make.Cast, meeting: Meeting) -> None:
    paper, client = hang(meeting, BOTH, cast.ada), browser(cast.ben)
    assert client.get(address("read", meeting, paper)).status_code == 200
    make.put(cast.ben, Standing.REMOVED)
    assert client.get(address("read", meeting, paper)).status_code == 404


def test_what_hangs_on_a_draft_its_organizers_alone_read(cast: make.Cast) -> None:
    draft = meetings.draft(planned(cast.ada), by=cast.ada, at=timezone.now())
    paper = hang(draft, BOTH, cast.ada)
    assert browser(cast.ada).get(address("read", draft, paper)).status_code == 200
    assert browser(cast.ben).get(address("read", draft, paper)).status_code == 404


@pytest.mark.parametrize(
    ("raw", "kind", "shown"), [(photo(), "image/jpeg", "inline"), (document(), "application/pdf", "attachment"), (b"Read this.", "text/plain", "attachment")]
)
def test_pictures_are_shown_and_all_else_is_saved_under_its_name(cast: make.Cast, meeting: Meeting, raw: bytes, kind: str, shown: str) -> None:
    paper = hang(meeting, BOTH, cast.ada, name='Plan "März"/../x\u202e', file=papers.cleaned(raw))
    response = browser(cast.ben).get(address("read", meeting, paper))
    disposition = response.headers["Content-Disposition"]
    assert response.headers["Content-Type"].startswith(kind)
    assert disposition.startswith(f'{shown}; filename="plan-marzx')
    assert "Plan März..x." in unquote(disposition)
    assert "\n" not in disposition
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in response.headers["Content-Security-Policy"]


# -- Hanging ------------------------------------------------------------------------------------------------------------------------


def test_an_organizer_sends_a_photo_and_members_get_it_without_what_its_camera_wrote(cast: make.Cast, meeting: Meeting) -> None:
    response = browser(cast.ada).post(address("keep", meeting), sent(meeting, photo(), called="IMG_1.jpg"), follow=True)
    assert "made anew" in said(response)
    paper = Paper.objects.get()
    assert (paper.name, paper.kind, paper.by, paper.point) == ("The shift plan", "jpeg", cast.ada, point(meeting, BOTH))
    read = browser(cast.ben).get(address("read", meeting, paper)).content
    assert secrets_in(read) == []
    with Image.open(io.BytesIO(read)) as picture:
        assert picture.size == (40, 60)
    assert Entry.objects.filter(verb="paper.attached").count() == 1


def test_without_a_name_the_file_s_own_is_taken(cast: make.Cast, meeting: Meeting) -> None:
    browser(cast.ada).post(address("keep", meeting), sent(meeting, b"Read this.", called="..\\x/Shift_plan December.final.txt", name=""))
    assert Paper.objects.get().name == "Shift plan December.final"


@pytest.mark.parametrize(
    ("raw", "changes", "words"),
    [
        (b"", {}, "nothing in this file"),
        (b"<svg onload=alert(1)>", {}, "Web pages and drawings made of code"),
        (b"PK\x03\x04", {}, "Save it as a PDF"),
        (b"x" * (LARGEST + 1), {}, "too large"),
        (b"Read this.", {"point": str(uuid.uuid4())}, "Choose one of the answers shown"),
        (b"Read this.", {"name": "x" * 101}, "100 is the most"),
    ],
)
def test_what_cannot_hang_says_so_beside_the_field_and_what_was_typed_stays(
    cast: make.Cast, meeting: Meeting, raw: bytes, changes: dict[str, Any], words: str
) -> None:
    response = browser(cast.ada).post(address("keep", meeting), sent(meeting, raw, **changes))
    assert response.status_code == 422
    assert words in said(response)
    assert changes.get("name", "The shift plan") in said(response)
    assert "Choose the file again" in said(response) or raw != b"Read this."
    assert not Paper.objects.exists()


def test_the_same_form_sent_twice_hangs_one(cast: make.Cast, meeting: Meeting) -> None:
    key = str(uuid.uuid4())
    for _ in range(2):
        browser(cast.ada).post(address("keep", meeting), sent(meeting, b"Read this.", form_key=key))
    assert Paper.objects.count() == 1


def test_a_point_of_another_meeting_takes_nothing(cast: make.Cast, meeting: Meeting) -> None:
    other = meetings.draft(planned(cast.ada), by=cast.ada, at=timezone.now())
    assert browser(cast.ada).post(address("keep", meeting), sent(other, b"Read this.")).status_code == 422
    paper = hang(meeting, BOTH, cast.ada)
    browser(cast.ada).post(address("change", meeting, paper), {"name": "x", "point": str(point(other, BOTH).key)})
    assert Paper.objects.get().point == point(meeting, BOTH)


def test_five_hang_on_one_point(cast: make.Cast, meeting: Meeting) -> None:
    for _ in range(rules.MOST_AT_A_POINT):
        hang(meeting, BOTH, cast.ada)
    response = browser(cast.ada).post(address("keep", meeting), sent(meeting, b"Read this."))
    assert (response.status_code, "already 5 documents" in said(response)) == (422, True)
    moved = hang(meeting, MEMBERS, cast.ada)
    response = browser(cast.ada).post(address("change", meeting, moved), {"name": "x", "point": str(point(meeting, BOTH).key)})
    assert (response.status_code, "already 5 documents" in said(response)) == (422, True)
    assert Paper.objects.count() == 6


def test_a_committee_has_so_much_room_for_its_documents(cast: make.Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_OF_A_COMMITTEE", 2 * len(FILE.content))
    hang(meeting, BOTH, cast.ada)
    hang(meeting, MEMBERS, cast.ada)
    response = browser(cast.ada).post(address("keep", meeting), sent(meeting, b"Read this."))
    assert "fill all the room" in said(response)
    assert queries.bytes_of(meeting.committee_id) == 2 * len(FILE.content)


def test_a_document_is_named_anew_hung_elsewhere_and_taken_away(cast: make.Cast, meeting: Meeting) -> None:
    paper, client = hang(meeting, BOTH, cast.ada), browser(cast.ada)
    client.post(address("change", meeting, paper), {"name": "Wages", "point": str(point(meeting, MEMBERS).key)})
    paper.refresh_from_db()
    assert (paper.name, paper.point) == ("Wages", point(meeting, MEMBERS))
    client.post(address("remove", meeting, paper))
    assert (Paper.objects.count(), Content.objects.count()) == (0, 0)
    assert list(Entry.objects.filter(verb__startswith="paper").order_by("pk").values_list("verb", flat=True)) == ["paper.attached", "paper.removed"]


def test_a_moderator_hangs_and_takes_away_nothing(cast: make.Cast, meeting: Meeting) -> None:
    paper = hang(meeting, BOTH, cast.ada)
    mo = make.member(cast.committee, roles=(Role.MODERATOR,), handle="Momo")
    for name, on in (("keep", None), ("change", paper), ("remove", paper)):
        assert browser(mo).post(address(name, meeting, on)).status_code == 404
    assert Paper.objects.exists()


# -- The agenda changes ------------------------------------------------------------------------------------------------------------


def test_a_document_goes_with_its_point_when_the_agenda_is_written_in_another_order(cast: make.Cast, meeting: Meeting) -> None:
    paper, words = hang(meeting, MEMBERS, cast.ada), Words.of(meeting)
    meetings.edit(meeting, Words(subject="The rota", agenda=tuple(reversed(words.agenda))), by=cast.ada, at=timezone.now())
    paper.refresh_from_db()
    assert paper.point is not None
    assert (paper.point.subject, paper.point.position) == ("Money", 1)


def test_a_document_whose_point_is_taken_off_waits_for_its_organizers(cast: make.Cast, meeting: Meeting) -> None:
    paper, words = hang(meeting, BOTH, cast.ada), Words.of(meeting)
    meetings.edit(meeting, Words(subject="The rota", agenda=words.agenda[1:]), by=cast.ada, at=timezone.now())
    assert browser(cast.ben).get(address("read", meeting, paper)).status_code == 404
    assert paper.name not in said(browser(cast.ben).get(meeting.get_absolute_url()))
    assert "not on the agenda any more" in said(browser(cast.ada).get(address("keep", meeting)))
    assert browser(cast.ada).get(address("read", meeting, paper)).status_code == 200
    browser(cast.ada).post(address("change", meeting, paper), {"name": "Back", "point": str(point(meeting, MEMBERS - 1).key)})
    assert browser(cast.ben).get(address("read", meeting, paper)).status_code == 200


def test_what_stands_in_a_document_lies_locked_in_its_row(cast: make.Cast, meeting: Meeting) -> None:
    hang(meeting, BOTH, cast.ada)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM papers_content")
        (stored,) = cursor.fetchone()
    assert b"Twelve" not in bytes(stored)


def test_who_erases_their_account_is_forgotten_and_the_document_stays(cast: make.Cast, meeting: Meeting) -> None:
    paper = hang(meeting, BOTH, cast.ada)
    people.erase(cast.ada.person, by=cast.ada.person, at=timezone.now())
    paper.refresh_from_db()
    assert paper.by is None
    assert browser(cast.ben).get(address("read", meeting, paper)).status_code == 200


@pytest.mark.parametrize("many", [1, 5])
def test_pages_ask_as_much_for_five_documents_as_for_one(
    cast: make.Cast, meeting: Meeting, many: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    paper, *_others = [hang(meeting, BOTH, cast.ada) for _ in range(many)]
    ben, ada = browser(cast.ben), browser(cast.ada)
    ben.get(meeting.get_absolute_url())
    ada.get(address("keep", meeting))
    with django_assert_max_num_queries(7):
        ben.get(meeting.get_absolute_url())
    with django_assert_max_num_queries(9):
        ada.get(address("keep", meeting))
    with django_assert_max_num_queries(5):
        ben.get(address("read", meeting, paper))
