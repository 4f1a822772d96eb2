"""A limit from both sides, in real browsers: a moderator hides a post and stops its author from writing; the author is told why and
until when, loses nothing they typed, and writes again as soon as the moderator ends it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from organizing.forum.models import Post
from tests import make
from tests.organizing.forum.talking import begin, known, say
from tests.stories.people import window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]
WHY = "This is the third advertisement in one week."


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_somebody_is_stopped_from_writing_and_writes_again(browser: Browser, live_server: LiveServer, scripts: bool) -> None:
    cast = make.cast()
    topic = begin(cast.ada)
    post = say(known(cast.ben), topic, "Buy gloves at my shop")
    moderator = window(browser, live_server, cast.mo, scripts=scripts)
    author = window(browser, live_server, cast.ben, scripts=scripts, width=390)

    case = hides(moderator, post)
    stops(moderator, case)
    author.goto(topic.get_absolute_url())
    expect(author.locator("#p2")).not_to_contain_text("gloves")
    answers(author, "Two pairs for one")
    expect(author.get_by_text("You cannot write until").first).to_be_visible()
    expect(author.get_by_label("Your reply")).to_have_value("Two pairs for one")
    author.goto(reverse("moderation:mine"))
    author.get_by_role("link", name="Hidden").click()
    expect(author.get_by_text(WHY).first).to_be_visible()

    moderator.goto(case)
    moderator.get_by_role("button", name="End this early").click()
    expect(moderator.get_by_text("Ended. They are told.")).to_be_visible()
    author.goto(topic.get_absolute_url())
    answers(author, "Sorry for that. I come on Friday.")
    assert Post.objects.filter(membership=cast.ben, source__startswith="Sorry", position=3).exists()


def hides(page: Page, post: Post) -> str:
    """From the post to its case, hidden with a reason; the address of the case."""
    page.goto(reverse("moderation:flag", args=["forum.post", post.slug]))
    page.get_by_role("button", name="Open a case").click()
    case = page.url
    decide(page, "hide", "Hide")
    expect(page.get_by_text("Hidden. Its author is told why.")).to_be_visible()
    return case


def stops(page: Page, case: str) -> None:
    page.goto(case)
    form = page.locator("form:has(input[value=silence])")
    page.locator("summary", has_text="Stop them from writing").click()
    form.get_by_label("For how long?").select_option("3")
    decide(page, "silence", "Stop them from writing", opened=True)
    expect(page.get_by_text("They may not write for these days, and are told why.")).to_be_visible()


def decide(page: Page, act: str, words: str, *, opened: bool = False) -> None:
    form = page.locator(f"form:has(input[value={act}])")
    if not opened:
        page.locator("summary", has_text=words).click()
    form.get_by_label("Which rule does it break?").select_option("junk")
    form.get_by_label("Or in your own words").fill(WHY)
    form.get_by_role("button", name=words).click()


def answers(page: Page, words: str) -> None:
    page.get_by_label("Your reply").fill(words)
    page.get_by_role("button", name="Post reply").click()
