"""Scheduling, checking, sending, moving and cancelling on pages, without scripts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from committees.bodies.models import Committee
from committees.ledger.models import Entry
from committees.membership.models import Membership
from committees.notices.models import Delivery, Notice
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting, MeetingChange
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import NOW, START, address, browser, typed

pytestmark = pytest.mark.usefixtures("now")


def new(site: Committee) -> str:
    return reverse("meetings:new", args=[site.slug])


def said(response: Any) -> str:
    """The page, without the white space of its markup and the <time> around moments."""
    return re.sub(r"</?time[^>]*>", "", re.sub(r"\s+", " ", response.content.decode()))


@pytest.fixture
def organizer(ada: Membership) -> Client:
    return browser(ada)


# -- Writing it down -----------------------------------------------------------------------------------------------------------


def test_an_organizer_schedules_checks_and_calls_a_meeting(organizer: Client, site: Committee, ben: Membership) -> None:
    response = organizer.post(new(site), typed())
    draft = Meeting.objects.get()
    assert response.headers["Location"] == address("check", draft)
    assert (draft.is_draft, draft.starts_at, draft.minutes, draft.place, draft.link) == (True, START, 75, cast.PLACE, cast.LINK)
    assert list(draft.agenda.values_list("position", "subject", "minutes", "visibility")) == [(1, "Welcome", 5, "all"), (2, "What we were told", 20, "members")]
    assert not Notice.objects.exists()
    page = said(organizer.get(address("check", draft)))
    for words in ("Peak season hours", "Thursday 26 November, 7:00 pm", cast.PLACE, "What we were told"):
        assert words in page
    called = organizer.post(address("check", draft))
    assert called.headers["Location"] == draft.get_absolute_url()
    draft.refresh_from_db()
    assert draft.is_scheduled
    assert Notice.objects.get().kind == "meetings/called"
    assert "How the notices arrive" in said(organizer.get(draft.get_absolute_url()))


def test_the_committees_zone_and_languages_stand_in_the_form(organizer: Client, site: Committee) -> None:
    page = said(organizer.get(new(site)))
    assert re.search(r'value="Europe/London"[^>]* selected', page)
    for code in ("en", "es"):
        assert re.search(rf'name="languages" value="{code}"[^>]*checked', page)
    assert page.count('name="point-') >= 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subject": " \u200b "}, "Fill in “Subject”."),
        ({"day": "31/31"}, "Enter a date like 2026-11-22."),
        ({"day": "9999-12-31"}, "Choose a date from today on"),
        ({"day": "2020-01-01"}, "Choose a date from today on"),
        ({"clock": "25:00"}, "Enter a time like 19:00."),
        ({"zone": "Mars/Phobos"}, "Choose one of the answers shown for “Time zone”."),
        ({"minutes": "100000"}, "Choose one of the answers shown for “Length”."),
        ({"link": "javascript:alert(1)"}, "Enter a link like"),
        ({"link": "ftp://example.org/x"}, "Enter a link like"),
        ({"point-0-minutes": "soon"}, "Enter the minutes as a number"),
        ({"point-1-subject": ""}, "Say what this point is about."),
        ({"point-TOTAL_FORMS": "1e9"}, "The agenda did not arrive"),
        ({"form_key": "not-a-key"}, "There is a problem"),
    ],
)
def test_what_is_wrong_is_named_and_what_is_right_is_kept(changes: dict[str, str], words: str, organizer: Client, site: Committee) -> None:
    response = organizer.post(new(site), typed(**changes))
    assert response.status_code == 422
    page = said(response)
    assert words in page
    assert "<title>Error: " in page
    assert "Foleshill Road" in page
    assert not Meeting.objects.exists()


def test_a_time_that_has_passed_today_is_refused_when_it_is_sent(organizer: Client, site: Committee) -> None:
    organizer.post(new(site), typed(day="2026-11-22", clock="08:00"))
    response = organizer.post(address("check", Meeting.objects.get()))
    assert response.status_code == 422
    assert "This time has passed." in said(response)
    assert not Notice.objects.exists()


def test_a_draft_is_kept_without_a_date_and_found_again(organizer: Client, site: Committee) -> None:
    response = organizer.post(new(site), typed(day="", clock="", do="save"))
    assert response.headers["Location"] == reverse("meetings:of_committee", args=[site.slug])
    draft = Meeting.objects.get()
    assert draft.starts_at is None
    page = said(organizer.get(address("check", draft)))
    assert "No date yet" in page
    assert "Call the meeting" not in page
    assert organizer.post(address("check", draft)).status_code == 422
    organizer.post(address("edit", draft), typed(subject="With a date"))
    assert organizer.post(address("check", draft)).headers["Location"] == draft.get_absolute_url()


def test_a_draft_is_thrown_away_but_not_a_meeting(organizer: Client, draft: Meeting, ada: Membership) -> None:
    called = meetings.call(meetings.draft(cast.plan(), by=ada, at=NOW), by=ada, at=NOW)
    organizer.post(address("discard", called))
    organizer.post(address("discard", draft))
    assert list(Meeting.objects.all()) == [called]


# -- The agenda's buttons --------------------------------------------------------------------------------------------------------


def subjects(page: str) -> list[str]:
    rows = re.findall(r'<input[^>]*name="point-\d+-subject"[^>]*>', page)
    return [found[1] if (found := re.search(r'value="([^"]*)"', row)) else "" for row in rows]


@pytest.mark.parametrize(
    ("do", "rows"),
    [
        ("add", ["Welcome", "What we were told", ""]),
        ("remove-0", ["What we were told"]),
        ("up-1", ["What we were told", "Welcome"]),
        ("down-0", ["What we were told", "Welcome"]),
        ("up-0", ["Welcome", "What we were told"]),
        ("down-1", ["Welcome", "What we were told"]),
    ],
)
def test_points_are_added_removed_and_moved_and_everything_typed_stays(do: str, rows: list[str], organizer: Client, site: Committee) -> None:
    """Right or wrong: nothing is judged before it is sent."""
    response = organizer.post(new(site), typed(do=do, day="31/31", subject="Half a subj", **{"point-1-minutes": "soon"}))
    assert response.status_code == 200
    page = said(response)
    assert subjects(page) == rows
    assert 'value="Half a subj"' in page
    assert 'value="31/31"' in page
    if "What we were told" in rows:
        assert 'value="soon"' in page
    assert "error" not in page.lower().replace("errorsum", "")
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("do", ["remove-99", "up--1", "down-x", "remove-²", "add-1-1", "frobnicate", "up-00"])
def test_buttons_that_do_not_exist_press_nothing(do: str, organizer: Client, site: Committee) -> None:
    assert organizer.post(new(site), typed(do=do)).status_code in (200, 302)


def test_an_agenda_has_at_most_thirty_points(organizer: Client, site: Committee) -> None:
    many = {
        f"point-{n}-{name}": value for n in range(30) for name, value in (("subject", f"Point {n}"), ("minutes", ""), ("presenter", ""), ("visibility", "all"))
    }
    page = said(organizer.post(new(site), typed(do="add", **{"point-TOTAL_FORMS": "30"}, **many)))
    assert len(subjects(page)) == 30
    assert organizer.post(new(site), typed(**{"point-TOTAL_FORMS": "1000"}, **many)).status_code == 422


def test_the_enter_key_presses_a_button_that_removes_nothing(organizer: Client, site: Committee) -> None:
    first = re.search(r'<button[^>]*name="do"[^>]*value="([^"]+)"', said(organizer.get(new(site))).split('<form class="form', 1)[1])
    assert first is not None
    assert first[1] == "check"


# -- Wall times ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "clock", "words"),
    [
        ("2027-03-28", "01:30", "The clocks skip this time"),
        ("2027-10-31", "01:30", "The clocks show this time twice"),
        ("2027-03-28", "03:30", ""),
    ],
)
def test_odd_times_are_explained_before_anything_is_sent(day: str, clock: str, words: str, organizer: Client, site: Committee) -> None:
    organizer.post(new(site), typed(day=day, clock=clock))
    page = said(organizer.get(address("check", Meeting.objects.get())))
    assert ("The clocks s" in page) == bool(words)
    assert words in page
    if words.startswith("The clocks skip"):
        assert "01:30 does not exist" in page
        assert "The meeting is at 2:30 am" in page


# -- What people will see ------------------------------------------------------------------------------------------------------------


def test_the_check_page_shows_whom_it_reaches_and_the_mail_in_each_language(
    organizer: Client, draft: Meeting, ben: Membership, nia: Membership, settings: Any
) -> None:
    page = said(organizer.get(address("check", draft)))
    assert '<span class="audience__n">3</span>' in page
    for code, own in (("en", "English"), ("es", "Español")):
        assert f'lang="{code}">{own}</summary>' in page
    assert "Thursday 26 November, 7:00 pm, London time" in page
    assert "There is something new for you" in page


def test_the_preview_is_what_is_then_sent(organizer: Client, draft: Meeting, ada: Membership) -> None:
    from committees.notices.letters import letter
    from committees.notices.models import Level
    from committees.notices.registry import Reader
    from organizing.meetings import kinds, rehearsals

    shown = rehearsals.calling(draft, by=ada, at=NOW).samples[0]
    meetings.call(draft, by=ada, at=NOW)
    notice = Notice.objects.get()
    values = kinds._times(notice, {1: Reader(1, "en", "UTC")})[1]
    sent = letter(notice, language="en", level=Level.FULL).filled({**values, "unsubscribe": "…"})
    own_link = re.compile(r"/notices/go/\w+/")
    assert sent.subject == shown.full.subject.replace("London", "UTC")
    assert own_link.sub("", sent.text) == own_link.sub("", shown.full.text.replace("London", "UTC"))


def test_a_preview_never_shows_the_place(organizer: Client, draft: Meeting, ada: Membership) -> None:
    from organizing.meetings import rehearsals

    for shown in (
        rehearsals.calling(draft, by=ada, at=NOW),
        rehearsals.moving(meetings.call(draft, by=ada, at=NOW), cast.when(day=date(2026, 11, 27)), cast.WHERE, why="Sentinel", by=ada, at=NOW),
    ):
        for sample in shown.samples:
            for letter in (sample.neutral, sample.full):
                whole = letter.subject + letter.text + letter.html
                for secret in (cast.PLACE, cast.LINK, cast.DIAL_IN, "Sentinel"):
                    assert secret not in whole
                assert draft.subject not in letter.subject
                assert draft.committee.name not in letter.subject
            assert draft.subject not in sample.neutral.text


def test_a_test_goes_to_its_organizer_alone_and_once_a_minute(organizer: Client, draft: Meeting, ada: Membership, ben: Membership) -> None:
    for _ in range(3):
        organizer.post(address("test", draft))
    assert set(Delivery.objects.values_list("person_id", "notice__kind")) == {(ada.person_id, "meetings/test")}
    assert Notice.objects.count() == 1


# -- Moving, editing, cancelling ---------------------------------------------------------------------------------------------------------


def move_form(meeting: Meeting, **changes: str) -> dict[str, str]:
    form = {"day": "2026-11-27", "clock": "19:00", "minutes": "75", "zone": cast.ZONE, "held": "both", "place": cast.PLACE, "link": cast.LINK}
    return {**form, "dial_in": cast.DIAL_IN, "why": "The hall is taken.", "seen": str(meeting.sequence), "do": "check", **changes}


def test_a_move_is_shown_before_it_is_made_and_nothing_is_written_until_then(organizer: Client, meeting: Meeting, ben: Membership) -> None:
    page = said(organizer.post(address("move", meeting), move_form(meeting)))
    for words in ("Until now", "Thursday 26 November, 7:00 pm", "From now on", "Friday 27 November, 7:00 pm", "Everyone is asked again", "The hall is taken."):
        assert words in page
    assert (Notice.objects.count(), Entry.objects.count(), MeetingChange.objects.count()) == (1, 1, 1)
    back = said(organizer.post(address("move", meeting), move_form(meeting, do="back")))
    assert 'value="2026-11-27"' in back
    assert 'value="The hall is taken."' in back
    done = organizer.post(address("move", meeting), move_form(meeting, do="confirm"))
    assert done.headers["Location"] == meeting.get_absolute_url()
    meeting.refresh_from_db()
    assert (meeting.day, meeting.sequence) == (date(2026, 11, 27), 1)


def test_a_move_that_cannot_be_is_refused_in_the_form(organizer: Client, meeting: Meeting, dora: Membership) -> None:
    same = organizer.post(address("move", meeting), move_form(meeting, day="2026-11-26"))
    assert (same.status_code, "Nothing is different" in said(same)) == (422, True)
    meetings.edit(meeting, cast.WORDS, by=dora, at=NOW)
    late = organizer.post(address("move", meeting), move_form(meeting))
    assert (late.status_code, "while you had this page open" in said(late)) == (422, True)


def test_the_words_of_a_called_meeting_change_without_telling_anyone(organizer: Client, meeting: Meeting) -> None:
    page = said(organizer.get(address("edit", meeting)))
    assert 'name="day"' not in page
    assert 'name="place"' not in page
    assert subjects(page) == [point.subject for point in cast.WORDS.agenda]
    response = organizer.post(address("edit", meeting), typed(subject="Another subject", seen="0", do="words"))
    assert response.headers["Location"] == meeting.get_absolute_url()
    meeting.refresh_from_db()
    assert (meeting.subject, meeting.sequence, meeting.place, meeting.agenda.count()) == ("Another subject", 1, cast.PLACE, 2)
    assert Notice.objects.count() == 1


def test_a_cancellation_asks_once_and_shows_what_people_will_read(organizer: Client, meeting: Meeting, ada: Membership, ben: Membership) -> None:
    from committees.notices import commands as notices

    notices.expand(Notice.objects.get().pk, at=NOW)
    page = said(organizer.get(address("cancel", meeting)))
    assert "Cancel this meeting?" in page
    assert '<span class="audience__n">2</span>' in page
    assert "This meeting does not take place:" in page
    meeting.refresh_from_db()
    assert meeting.is_scheduled
    assert organizer.post(address("cancel", meeting), {"why": "Nobody can come."}).headers["Location"] == meeting.get_absolute_url()
    meeting.refresh_from_db()
    assert (meeting.is_cancelled, meeting.told and meeting.told.why) == (True, "Nobody can come.")
    assert organizer.get(address("cancel", meeting)).headers["Location"] == meeting.get_absolute_url()


def test_a_meeting_is_copied_for_another_date(organizer: Client, meeting: Meeting) -> None:
    response = organizer.post(address("copy", meeting))
    copy = Meeting.objects.drafts().get()
    assert response.headers["Location"] == address("edit", copy)
    assert 'value="Peak season hours"' in said(organizer.get(address("edit", copy)))


def test_pages_for_organizers_do_not_exist_for_others(meeting: Meeting, draft: Meeting, ben: Membership, nia: Membership, boss: Membership) -> None:
    for who in (ben, nia, boss):
        client = browser(who)
        assert client.get(new(meeting.committee)).status_code == 404
        for name in ("check", "edit", "move", "cancel"):
            assert client.get(address(name, meeting)).status_code == 404
        for name in ("check", "copy", "discard", "test", "cancel", "move"):
            assert client.post(address(name, meeting), typed()).status_code == 404
    assert Meeting.objects.count() == 1


# -- Whatever people type ----------------------------------------------------------------------------------------------------------------

NAUGHTY = [
    "\x00",
    "\ud800",
    "\u202e gnp.exe",
    "<script>alert(1)</script>",
    "'\"; DROP TABLE meetings_meeting; --",
    "{{ 7 * 7 }} {% url 'x' %}",
    "𝕿𝖍𝖊 ﷽ 👩‍👩‍👧‍👦 Z̴̡͎a̷l̶g̸o̵",
    "A" * 10_000,
    "%s %n %00 ../../etc/passwd",
    "٣٤٥",
    "1e309",
    "-1",
    "NaN",
]


@pytest.mark.parametrize("naughty", NAUGHTY, ids=range(len(NAUGHTY)))
def test_naughty_strings_in_all_fields_at_once_break_nothing(naughty: str, organizer: Client, site: Committee, meeting: Meeting) -> None:
    forms: dict[str, dict[str, Any]] = {
        new(site): typed(),
        address("move", meeting): move_form(meeting),
        address("answer", meeting): {"choice": "yes", "asking": "1", "interpretation": ""},
        address("cancel", meeting): {"why": ""},
        reverse("meetings:calendar"): {"do": "titles", "titles": "full"},
    }
    for url, form in forms.items():
        for sent in (dict.fromkeys(form, naughty), {**form, "subject": naughty, "why": naughty, "place": naughty, "point-0-subject": naughty}):
            response = organizer.post(url, _raw(sent), content_type="application/x-www-form-urlencoded")
            assert response.status_code < 500, url
            assert b"<script>alert(1)</script>" not in response.content


@pytest.mark.parametrize("name", [name for name in typed() if name not in ("place", "chair", "languages", "point-1-minutes", "point-1-visibility")])
def test_a_null_byte_or_half_a_character_in_any_one_field_breaks_nothing(name: str, organizer: Client, site: Committee) -> None:
    for naughty in ("\x00", "\ud800"):
        response = organizer.post(new(site), _raw(typed(**{name: naughty})), content_type="application/x-www-form-urlencoded")
        assert response.status_code < 500


def _raw(form: dict[str, Any]) -> bytes:
    """A body as a hostile client would write it: lone surrogates and all."""
    from urllib.parse import quote

    pairs = [(name, each) for name, value in form.items() for each in (value if isinstance(value, list) else [value])]
    return "&".join(f"{quote(name)}={quote(str(value).encode('utf-8', 'surrogatepass'))}" for name, value in pairs).encode()


@pytest.mark.parametrize("query", ["?after=x", "?before=", "?after=%00", "?answer=%F0%9F", "?after=" + "A" * 5000])
def test_odd_addresses_break_nothing(query: str, organizer: Client, meeting: Meeting) -> None:
    for url in (reverse("meetings:list"), reverse("meetings:past"), meeting.get_absolute_url()):
        assert organizer.get(url + query).status_code == 200


def test_the_form_posted_fifty_times_makes_one_meeting(organizer: Client, site: Committee) -> None:
    form = typed()
    for _ in range(50):
        organizer.post(new(site), form)
    assert Meeting.objects.count() == 1
    for _ in range(5):
        organizer.post(address("check", Meeting.objects.get()))
    assert Notice.objects.count() == 1


def test_after_the_call_the_form_of_the_draft_leads_to_the_meeting(organizer: Client, meeting: Meeting, now: time_machine.Traveller) -> None:
    assert organizer.get(address("check", meeting)).headers["Location"] == meeting.get_absolute_url()
