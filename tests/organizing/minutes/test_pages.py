"""The pages: from the meeting to its minutes, to what somebody has to do; and what each reader must not see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committees.membership.models import Membership
from committees.notices import commands as notices
from committees.notices import sending
from committees.notices.models import Channel, Delivery, Notice, State
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.minutes import commands as minutes
from organizing.minutes.models import Item, Minutes, Remark, Taker
from organizing.minutes.queries import TO_READ
from organizing.minutes.words import Todo
from tests import make
from tests.organizing.minutes.conftest import approved, held, soon, words, written

pytestmark = pytest.mark.django_db


def browser(member: Membership) -> Client:
    assert member.person is not None
    return make.client(member.person)


def at(name: str, meeting: Meeting) -> str:
    return reverse(f"minutes:{name}", args=[meeting.committee.slug, meeting.slug])


def typed(draft: Minutes, **changes: Any) -> dict[str, Any]:
    lines = {"todo-TOTAL_FORMS": "3", "todo-INITIAL_FORMS": "0"}
    said = {"general": "Ada led.", "decisions": "Doors open.", "language": "en", "passage-0": "It was **hot**.", "passage-1": "", "passage-2": "Names."}
    return {**lines, **said, "seen": draft.changed_at.isoformat(), **changes}


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_from_the_meeting_to_approved_minutes_and_somebodys_day(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    ada, ben, second = browser(cast.ada), browser(cast.ben), browser(dora)
    assert at("of_meeting", meeting) in text(ada, meeting.get_absolute_url())
    assert ada.post(at("begin", meeting)).url == at("write", meeting)  # type: ignore[attr-defined]
    draft = Minutes.objects.get()
    line = {"todo-0-what": "Ring the plumber", "todo-0-who": cast.ben.handle, "todo-0-due": soon().isoformat()}
    assert ada.post(at("write", meeting), typed(draft, look="1", **line)).url == at("of_meeting", meeting)  # type: ignore[attr-defined]
    draft.refresh_from_db()
    assert "There are no minutes yet" in text(ben, at("of_meeting", meeting))
    assert "Approve the minutes of 1 meeting" not in text(second, reverse("home:today")), "it is not over"
    page = text(second, at("of_meeting", meeting))
    assert "<strong>hot</strong>" in page
    assert draft.changed_at.isoformat() in page
    seen = {"seen": draft.changed_at.isoformat(), "heard": "0"}
    assert "Another organizer has to approve" in ada.post(at("decide", meeting), {"act": "approve", **seen}, follow=True).content.decode()
    assert "The minutes are approved" in second.post(at("decide", meeting), {"act": "approve", **seen}, follow=True).content.decode()
    read = text(ben, at("of_meeting", meeting))
    assert "<strong>hot</strong>" in read
    assert "Names." not in read
    assert "Names we were given" not in read
    assert "Ring the plumber" in text(ben, reverse("home:today"))
    items = reverse("minutes:items", args=[meeting.committee.slug])
    assert "I cannot do it" in text(ben, items)
    assert "I cannot do it" not in text(ada, items)
    settle = reverse("minutes:settle", args=[meeting.committee.slug, Item.objects.get().slug])
    assert browser(cast.mo).post(settle, {"act": "done"}).status_code == 404
    ben.post(settle, {"act": "hand_back"})
    assert "Find somebody for 1 thing to do" in text(ada, reverse("home:today"))
    assert "Ring the plumber" not in text(ben, reverse("home:today"))
    give = reverse("minutes:give", args=[meeting.committee.slug, Item.objects.get().slug])
    wrong = ada.post(give, {"name": "Nobody at all", "due": soon().isoformat(), "seen": "1"})
    assert wrong.status_code == 422
    assert "Nobody at all" in wrong.content.decode()
    ada.post(give, {"name": cast.mo.handle, "due": soon().isoformat(), "seen": "1"})
    assert Item.objects.get().owner == cast.mo


def test_a_draft_waits_for_another_organizer_where_their_day_begins(cast: make.Cast, dora: Membership) -> None:
    over = held(cast.ada, hours=3)
    written(over, by=cast.ada)
    assert "Approve the minutes of 1 meeting" in text(browser(dora), reverse("home:today"))
    assert "Approve the minutes" not in text(browser(cast.ada), reverse("home:today"))
    assert over.subject in text(browser(dora), reverse("minutes:unapproved", args=[over.committee.slug]))


def test_what_is_wrong_stands_on_its_line_and_nothing_typed_is_lost(cast: make.Cast, meeting: Meeting) -> None:
    ada = browser(cast.ada)
    draft = minutes.begin(meeting, language="en", by=cast.ada, at=timezone.now())
    line = {"todo-1-what": "Ring the plumber", "todo-1-who": "Nobody at all", "todo-1-due": soon().isoformat()}
    answer = ada.post(at("write", meeting), typed(draft, **line))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nobody uses this name here." in page
    assert 'href="#id_todo-1-who"' in page
    assert all(said in page for said in ("It was **hot**.", "Ring the plumber", "Nobody at all", "Doors open."))
    for half, words_said in (({"todo-0-who": "Ben"}, "Say what is to be done"), ({"todo-0-what": "Ring"}, "Say by which day")):
        answer = ada.post(at("write", meeting), typed(draft, **half))
        assert (answer.status_code, words_said in answer.content.decode()) == (422, True)
    far = ada.post(at("write", meeting), typed(draft, **{"todo-0-what": "Ring", "todo-0-due": "9999-12-31"}))
    assert "within three years" in far.content.decode()
    draft.refresh_from_db()
    assert draft.is_empty


def test_what_somebody_else_wrote_is_shown_and_the_button_works_when_pressed_again(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    ada = browser(cast.ada)
    draft = minutes.begin(meeting, language="en", by=cast.ada, at=timezone.now())
    now = minutes.write(draft, words(general="What Dora wrote"), seen=draft.changed_at, by=dora, at=timezone.now() + timedelta(seconds=2))
    answer = ada.post(at("write", meeting), typed(draft))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "What Dora wrote" in page
    assert "It was **hot**." in page
    assert now.changed_at.isoformat() in page
    assert ada.post(at("write", meeting), typed(now)).status_code == 302
    now.refresh_from_db()
    assert now.general == "Ada led."


def test_what_somebody_else_gave_to_do_meanwhile_is_shown_before_it_is_replaced(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    draft = minutes.begin(meeting, language="en", by=cast.ada, at=timezone.now())
    minutes.write(draft, words(Todo("Call the press", "", soon())), seen=draft.changed_at, by=dora, at=timezone.now() + timedelta(seconds=2))
    mine = {"todo-0-what": "Ring the plumber", "todo-0-due": soon().isoformat()}
    page = browser(cast.ada).post(at("write", meeting), typed(draft, **mine)).content.decode()
    assert "Call the press" in page
    assert "Ring the plumber" in page


def test_that_the_next_meeting_approved_them_stands_with_the_minutes(cast: make.Cast, dora: Membership) -> None:
    first, second = held(cast.ada, hours=30), held(cast.ada, hours=2)
    draft = written(first, by=cast.ada, at=timezone.now() - timedelta(hours=20))
    ada = browser(cast.ada)
    assert "Approve the minutes" not in text(ada, at("of_meeting", first))
    minutes.show(draft, seen=draft.changed_at, by=cast.ada, at=timezone.now() - timedelta(hours=19))
    page = text(ada, at("of_meeting", first))
    assert f'<option value="{second.slug}"' in page
    assert "I do, as an organizer" not in page
    assert "I do, as an organizer" in text(browser(dora), at("of_meeting", first))
    act = {"act": "approve", "seen": draft.changed_at.isoformat(), "heard": "0"}
    assert "Nothing was done" in ada.post(at("decide", first), {**act, "there": "no-such-meeting"}, follow=True).content.decode()
    ada.post(at("decide", first), {**act, "there": second.slug})
    assert Minutes.objects.get().approved_in == second
    assert "at the meeting" in text(browser(cast.ben), at("of_meeting", first))


def test_of_several_things_to_do_the_first_is_named_where_the_day_begins(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    todos = [Todo(what, cast.ben.handle, soon(days)) for what, days in (("Print leaflets", 9), ("Ring the plumber", 3), ("Sweep", 11))]
    approved(meeting, *todos, by=cast.ada, other=dora)
    page = text(browser(cast.ben), reverse("home:today"))
    assert "Ring the plumber" in page
    assert "and 2 things more" in page
    assert "Print leaflets" not in page
    assert "Ring the plumber" not in text(browser(cast.mo), reverse("home:today"))


def test_what_was_approved_meanwhile_is_said_and_what_was_typed_can_be_copied(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    draft = approved(meeting, by=dora, other=cast.ada)
    answer = browser(cast.ada).post(at("write", meeting), typed(draft))
    assert answer.status_code == 422
    assert "approved meanwhile" in answer.content.decode()
    assert "It was **hot**." in answer.content.decode()
    assert browser(cast.ada).get(at("write", meeting)).status_code == 404


def test_a_member_is_named_objects_and_a_correction_says_why(cast: make.Cast, meeting: Meeting) -> None:
    ada, ben = browser(cast.ada), browser(cast.ben)
    wrong = ada.post(at("taker", meeting), {"name": cast.cleo.handle})
    assert wrong.status_code == 422
    ada.post(at("taker", meeting), {"name": cast.mo.handle})
    assert Taker.objects.get().member == cast.mo
    assert browser(cast.mo).post(at("begin", meeting)).status_code == 302
    assert ben.post(at("begin", meeting)).status_code == 404
    draft = Minutes.objects.get()
    assert "Names we were given" not in text(browser(cast.mo), at("write", meeting))
    browser(cast.mo).post(at("write", meeting), typed(draft))
    draft.refresh_from_db()
    ada.post(at("decide", meeting), {"act": "show", "seen": draft.changed_at.isoformat()})
    assert "Something is wrong in it" in text(ben, at("of_meeting", meeting))
    assert ben.post(at("object", meeting), {"text": ""}).status_code == 422
    ben.post(at("object", meeting), {"text": "It was hotter."})
    assert Remark.objects.get().text == "It was hotter."
    assert "It was hotter." in text(ada, at("of_meeting", meeting))
    assert "It was hotter." not in text(browser(cast.mo), at("of_meeting", meeting))
    ada.post(at("decide", meeting), {"act": "approve", "seen": draft.changed_at.isoformat(), "heard": "1"})
    assert ada.post(at("correct", meeting), {"reason": ""}).status_code == 422
    assert ada.post(at("correct", meeting), {"reason": "It was hotter"}).url == at("write", meeting)  # type: ignore[attr-defined]
    second = Minutes.objects.get(version=2)
    ada.post(at("write", meeting), typed(second, **{"passage-0": "It was **hotter**."}))
    second.refresh_from_db()
    minutes.show(second, seen=second.changed_at, by=cast.ada, at=timezone.now() - timedelta(hours=73))
    ada.post(at("decide", meeting), {"act": "approve", "seen": second.changed_at.isoformat(), "heard": "0"})
    page = text(ben, at("of_meeting", meeting))
    assert "It was hotter" in page
    assert "<del" in page
    first = Minutes.objects.get(version=1)
    older = text(ben, reverse("minutes:version", args=[meeting.committee.slug, meeting.slug, first.slug]))
    assert "<strong>hot</strong>" in older
    assert "This is an older version" in older


def test_others_find_nothing_and_guests_read_nothing(cast: make.Cast, dora: Membership) -> None:
    make.affiliated(cast.committee)
    make.affiliated(cast.boss.committee)
    met = held(cast.ada, hours=-1)
    (guest,) = meetings.invite(met, [cast.boss.committee], by=cast.ada, at=timezone.now())
    meetings.accept_invitation(guest, by=make.reloaded(cast.boss), at=timezone.now())
    Meeting.objects.filter(pk=met.pk).update(starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() - timedelta(hours=1))
    approved(Meeting.objects.select_related("committee").get(pk=met.pk), by=cast.ada, other=dora)
    boss, there = browser(cast.boss), [cast.boss.committee.slug, met.slug]
    assert "/minutes/" not in text(boss, met.url_in(cast.boss.committee.slug))
    for address in (at("of_meeting", met), reverse("minutes:of_meeting", args=there), reverse("minutes:items", args=[met.committee.slug])):
        assert boss.get(address).status_code == 404


def test_nobody_finds_a_way_to_minutes_before_the_meeting_has_begun(cast: make.Cast) -> None:
    coming = held(cast.ada, hours=-5)
    assert at("of_meeting", coming) not in text(browser(cast.ada), coming.get_absolute_url())


@pytest.mark.parametrize("page", ["of_meeting", "items", "write"])
def test_pages_ask_as_much_for_many_as_for_few(cast: make.Cast, dora: Membership, meeting: Meeting, page: str) -> None:
    def asked() -> int:
        client = browser(cast.ada)
        address = reverse("minutes:items", args=[meeting.committee.slug]) if page == "items" else at(page, meeting)
        text(client, address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text(client, address)
        return len(queries)

    def grow(times: int) -> None:
        for n in range(times):
            last = Minutes.objects.filter(meeting=meeting, state="approved").order_by("-version").first()
            draft = (
                minutes.correct(last, "More", tells=False, by=cast.ada, at=timezone.now())
                if last
                else minutes.begin(meeting, language="en", by=cast.ada, at=timezone.now())
            )
            todo = Todo(f"Thing {n}", make.member(cast.committee).handle, soon())
            now = minutes.write(draft, words(todo, general=f"{n}"), seen=draft.changed_at, by=cast.ada, at=timezone.now())
            minutes.approve(now, seen=now.changed_at, heard=0, by=dora, at=timezone.now())

    grow(1)
    minutes.correct(Minutes.objects.get(), "More", tells=False, by=cast.ada, at=timezone.now())
    few = asked()
    draft = Minutes.objects.drafts().get()
    minutes.discard(draft, seen=draft.changed_at, by=cast.ada)
    grow(4)
    minutes.correct(Minutes.objects.order_by("-version")[0], "More", tells=False, by=cast.ada, at=timezone.now())
    assert asked() == few
    assert few <= 16


def test_an_inbox_stands_when_what_it_told_of_is_thrown_away(cast: make.Cast, meeting: Meeting) -> None:
    draft = written(meeting, by=cast.ada)
    minutes.show(draft, seen=draft.changed_at, by=cast.ada, at=timezone.now())
    notice = Notice.objects.get(kind=TO_READ)
    notices.expand(notice.pk, at=timezone.now())
    ben = browser(cast.ben)
    assert "Minutes to read before they are approved" in text(ben, reverse("notices:inbox"))
    assert ben.get(reverse("notices:go", args=[notice.slug])).url == at("of_meeting", meeting)  # type: ignore[attr-defined]
    minutes.discard(draft, seen=draft.changed_at, by=cast.ada)
    text(ben, reverse("notices:inbox"))
    text(ben, reverse("home:today"))
    sending.run(seconds=20)
    assert not Delivery.objects.filter(notice=notice, channel=Channel.EMAIL, state=State.ACCEPTED).exists()
