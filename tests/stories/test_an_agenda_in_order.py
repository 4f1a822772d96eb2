"""The points of an agenda are put in another order: with a mouse, with a finger, with keys, and with buttons alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from organizing.meetings import commands as meetings
from organizing.meetings.models import AgendaItem, Meeting
from organizing.meetings.plans import Plan, Point, Where, Words
from tests import make
from tests.stories.pages import assert_clean
from tests.stories.people import window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]
POINTS = (Point("Night shifts", 20), Point("Heat in the hall", 10, "Ben"), Point("Whom we trust", 5, visibility="organizers"))


@pytest.fixture
def cast() -> make.Cast:
    cache.clear()
    return make.cast()


@pytest.fixture
def meeting(cast: make.Cast) -> Meeting:
    starts = timezone.now() + timedelta(days=3)
    words = Words(subject="The rota", languages=("en",), agenda=POINTS)
    plan = Plan(words, "UTC", 60, starts.date(), starts.time().replace(second=0, microsecond=0), Where())
    return meetings.call(meetings.draft(plan, by=cast.ada, at=timezone.now()), by=cast.ada, at=timezone.now())


def form_of(meeting: Meeting) -> str:
    return reverse("meetings:edit", args=[meeting.committee.slug, meeting.slug])


def button(page: Page, what: str, number: int) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{what} ?: point {number}$"))


def handle(page: Page, number: int) -> Locator:
    return button(page, "Move", number)


def subjects(page: Page) -> list[str]:
    """What stands in the fields, from top to bottom."""
    return [field.input_value() for field in page.locator(".agenda input[name$=-subject]").all()]


def middle(what: Locator) -> tuple[float, float]:
    box = what.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drags(page: Page, what: Locator, to: Locator) -> None:
    what.scroll_into_view_if_needed()
    page.mouse.move(*middle(what))
    page.mouse.down()
    x, y = middle(to)
    page.mouse.move(x, y, steps=5)
    expect(page.locator(".agenda .is-before, .agenda .is-after")).to_have_count(1)
    page.mouse.up()


def drags_by_touch(page: Page, what: Locator, to: Locator) -> None:
    finger = page.context.new_cdp_session(page)
    what.scroll_into_view_if_needed()
    (x, y), (_x, end) = middle(what), middle(to)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 6):
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y + (end - y) * step / 5}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def saved(meeting: Meeting) -> list[tuple[str, int | None, str, str]]:
    found = AgendaItem.objects.filter(meeting=meeting).order_by("position")
    return [(item.subject, item.minutes, item.presenter, item.visibility) for item in found]


def test_a_point_is_dragged_and_takes_along_what_was_typed(browser: Browser, live_server: LiveServer, cast: make.Cast, meeting: Meeting) -> None:
    keys = dict(AgendaItem.objects.filter(meeting=meeting).values_list("subject", "key"))
    page = window(browser, live_server, cast.ada)
    page.set_viewport_size({"width": 1280, "height": 1400})
    page.goto(form_of(meeting))
    page.get_by_label("Minutes for point 3").fill("7")
    drags(page, handle(page, 3), handle(page, 1))
    assert subjects(page) == ["Whom we trust", "Night shifts", "Heat in the hall"]
    expect(page.get_by_role("status").filter(has_text="Now point 1 of 3")).to_be_attached()
    expect(handle(page, 1)).to_be_focused()
    expect(page.get_by_label("Minutes for point 1")).to_have_value("7")
    expect(button(page, "Earlier", 1)).to_have_count(0)
    expect(button(page, "Later", 3)).to_have_count(0)
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert saved(meeting) == [("Whom we trust", 7, "", "organizers"), ("Night shifts", 20, "", "all"), ("Heat in the hall", 10, "Ben", "all")]
    assert dict(AgendaItem.objects.filter(meeting=meeting).values_list("subject", "key")) == keys, "each is the same point as before"


def test_a_point_is_dragged_with_a_finger_on_a_small_phone(browser: Browser, live_server: LiveServer, cast: make.Cast, meeting: Meeting) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 320, "height": 1400}, base_url=live_server.url)
    context.add_cookies(window(browser, live_server, cast.ada).context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(form_of(meeting))
    page.locator("#agenda").evaluate("heading => heading.scrollIntoView({behavior: 'instant'})")
    drags_by_touch(page, handle(page, 1), handle(page, 2))
    assert subjects(page) == ["Heat in the hall", "Night shifts", "Whom we trust"]


def test_a_point_is_moved_by_keys_and_the_buttons_go_on_from_there(browser: Browser, live_server: LiveServer, cast: make.Cast, meeting: Meeting) -> None:
    page = window(browser, live_server, cast.ada)
    page.goto(form_of(meeting))
    handle(page, 1).focus()
    page.keyboard.press("ArrowUp")
    assert subjects(page)[0] == "Night shifts", "the first stays the first"
    page.keyboard.press("ArrowDown")
    expect(handle(page, 2)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("status").filter(has_text="Now point 3 of 3")).to_be_attached()
    assert subjects(page) == ["Heat in the hall", "Whom we trust", "Night shifts"]
    button(page, "Earlier", 3).click()
    expect(page.get_by_label("Point 2", exact=True)).to_have_value("Night shifts")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert [subject for subject, *_rest in saved(meeting)] == ["Heat in the hall", "Night shifts", "Whom we trust"]


def test_what_is_wrong_is_still_found_at_the_point_it_is_about(browser: Browser, live_server: LiveServer, cast: make.Cast, meeting: Meeting) -> None:
    page = window(browser, live_server, cast.ada)
    page.goto(form_of(meeting))
    page.get_by_label("Minutes for point 2").fill("ten")
    page.get_by_role("button", name="Save the changes").click()
    handle(page, 2).press("ArrowUp")
    expect(page.get_by_label("Minutes for point 1")).to_have_accessible_description("Enter the minutes as a number, like 15.")
    page.get_by_role("link", name="Enter the minutes as a number").click()
    expect(page.get_by_label("Minutes for point 1")).to_be_focused()


def test_let_go_with_escape_it_stays_where_it_was(browser: Browser, live_server: LiveServer, cast: make.Cast, meeting: Meeting) -> None:
    page = window(browser, live_server, cast.ada)
    page.set_viewport_size({"width": 1280, "height": 1400})
    page.goto(form_of(meeting))
    handle(page, 3).scroll_into_view_if_needed()
    page.mouse.move(*middle(handle(page, 3)))
    page.mouse.down()
    page.mouse.move(*middle(page.get_by_label("Point 1", exact=True)))
    page.keyboard.press("Escape")
    page.mouse.up()
    assert subjects(page) == [point.subject for point in POINTS]


def test_without_scripts_there_are_buttons_and_no_handles(browser: Browser, live_server: LiveServer, cast: make.Cast, meeting: Meeting) -> None:
    page = window(browser, live_server, cast.ada, scripts=False, width=320)
    page.goto(form_of(meeting))
    expect(page.locator(".agenda__grip")).to_have_count(0)
    expect(page.get_by_text("Drag a point")).to_be_hidden()
    button(page, "Later", 1).click()
    expect(page.get_by_label("Point 1", exact=True)).to_have_value("Heat in the hall")


def test_the_form_with_handles_is_clean(browser: Browser, live_server: LiveServer, cast: make.Cast, meeting: Meeting) -> None:
    assert_clean(window(browser, live_server, cast.ada), f"{live_server.url}{form_of(meeting)}")
