"""The forum's pages: what they show to whom, what they cost, and that reading writes nothing."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committees.membership.models import Membership
from committees.people.models import Person
from organizing.forum import commands as forum
from organizing.forum import queries
from organizing.forum.models import Board, Draft, Post, ReadMark, Topic
from organizing.forum.templatetags import forum as drawings
from tests import make
from tests.organizing.forum.talking import begin, board, known, say

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    found: str = response.content.decode()
    return found


def many(by: Membership, topic: Topic, number: int) -> None:
    """So many more posts, by one who is known."""
    for n in range(number):
        forum.reply(topic, f"Post number {n} says *this* and that about the hours at the **hub**.", language="en", by=by, at=timezone.now())
    topic.refresh_from_db()


def cost(browser: Client, url: str) -> list[str]:
    """What the page asks the database the second time, when all is put together."""
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200, url
    return [each["sql"] for each in captured]


class TestWhatIsShown:
    def test_a_topic_with_its_audience_beside_the_composer_and_under_which_name_one_writes(self, cast: make.Cast) -> None:
        topic = begin(cast.ada, title="Heaters", text="They are **off**.")
        page = text(make.client(cast.ben.person).get(topic.get_absolute_url()))
        assert "<strong>off</strong>" in page
        assert page.count(f"Members of <bdi>{cast.committee.name}</bdi>") == 2
        assert "You post as <b><bdi>Dock four, nights</bdi></b>" in page

    def test_somebody_with_two_names_chooses_and_no_page_ties_them_together(self, cast: make.Cast, neighbour: Membership) -> None:
        both = make.member(cast.committee, by=neighbour.person, handle="Another name of theirs")
        known(both)
        topic = begin(cast.ada, board(make.alliance(), "shared"))
        mine = text(make.client(neighbour.person).get(topic.get_absolute_url()))
        assert both.handle in mine
        assert neighbour.handle in mine
        for by in (both, neighbour):
            say(by, topic)
        others = re.sub("<svg.*?</svg>", "", text(make.client(cast.ben.person).get(topic.get_absolute_url())), flags=re.DOTALL)  # widths are numbers too
        for secret in (f"/{neighbour.slug}", f'="{neighbour.person_id}"', neighbour.person.slug if neighbour.person else ""):
            assert secret not in others

    def test_readers_elsewhere_see_the_site_or_only_the_industry_and_never_a_hidden_committee(self, cast: make.Cast, wide: object) -> None:
        topic = begin(cast.ada, board(make.alliance(), "shared"), shown_as="site")
        hush = make.committee(listed=False, site=make.workplace(name="Quiet depot", code="QQ77"))
        make.affiliated(hush)
        say(make.reloaded(make.organizer_of(hush)), topic, "I work quietly")
        page = text(make.client(cast.ben.person).get(topic.get_absolute_url()))
        assert cast.committee.workplace is not None
        assert cast.committee.workplace.code in page
        assert "I work quietly" in page
        for secret in (hush.name, hush.slug, "QQ77", "Quiet depot"):
            assert secret not in page
        assert "United Kingdom" in page

    def test_what_was_hidden_or_taken_back_keeps_its_place_and_says_nothing(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        hidden, back = say(cast.ada, topic, "A name"), say(cast.ada, topic, "Another name")
        forum.hide(hidden, at=NOW)
        forum.withdraw(back, by=cast.ada, at=NOW)
        page = text(make.client(cast.ben.person).get(topic.get_absolute_url()))
        assert "A name" not in page
        assert "Another name" not in page
        assert 'id="p2"' in page
        assert 'id="p3"' in page
        assert "Hidden by a moderator" in page

    def test_a_translation_stands_first_and_the_original_one_tap_away(self, cast: make.Cast) -> None:
        known(cast.ben)
        topic = begin(cast.ada)
        post = say(cast.ben, topic, "Aquí también están apagados", language="es")
        forum.translate(post, "They are off here too", language="en", seen=1, by=cast.ada, at=NOW)
        page = text(make.client(cast.mo.person).get(topic.get_absolute_url()))
        assert page.index("They are off here too") < page.index("Aquí también están apagados")
        assert 'lang="es"' in page
        assert "Translated from Spanish by" in page
        forum.edit(post, "Aquí también", language="es", by=cast.ben, at=NOW)
        assert "The post was changed since." in text(make.client(cast.mo.person).get(topic.get_absolute_url()))

    def test_ones_own_waiting_post_is_shown_to_its_author_and_to_nobody_else(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        forum.reply(topic, "Still waiting", language="en", by=cast.ben, at=NOW)
        mine = text(make.client(cast.ben.person).get(topic.get_absolute_url()))
        assert "Waiting for a moderator" in mine
        assert "Still waiting" in mine
        assert "Still waiting" not in text(make.client(cast.mo.person).get(topic.get_absolute_url()))

    def test_a_public_topic_is_read_without_an_account_and_nothing_else_is(self, cast: make.Cast, open_board: Board) -> None:
        public, inner = begin(cast.ada, open_board, title="For the world"), begin(cast.ada, title="For us")
        anyone = Client()
        page = text(anyone.get(public.get_absolute_url()))
        assert "<title>For the world" in page
        assert "textarea" not in page
        front = text(anyone.get(reverse("forum:front")))
        assert "For the world" in front
        assert "For us" not in front
        assert "For us" not in text(anyone.get(reverse("forum:search"), {"q": "overtime us world"}))
        gone = [anyone.get(f"/forum/t/{slug}/") for slug in (inner.slug, "bcdfghjkmnpq")]
        assert {answer.status_code for answer in gone} == {302}

    def test_what_is_read_after_signing_in_is_stored_nowhere(self, cast: make.Cast, open_board: Board) -> None:
        topic = begin(cast.ada)
        for url in (reverse("forum:front"), topic.get_absolute_url(), open_board.get_absolute_url(), reverse("forum:search")):
            assert make.client(cast.ben.person).get(url).headers["Cache-Control"] == "no-store", url

    def test_the_committees_page_and_the_day_say_what_is_new(self, cast: make.Cast) -> None:
        begin(cast.ada, title="Heaters")
        browser = make.client(cast.ben.person)
        for url in (
            reverse("membership:committee", args=[cast.committee.slug]),
            reverse("home:today"),
            reverse("forum:of_committee", args=[cast.committee.slug]),
        ):
            assert "Heaters" in text(browser.get(url)), url

    def test_what_is_kept_on_top_stands_first_on_its_board(self, cast: make.Cast) -> None:
        first, _second = begin(cast.ada, title="Rules here"), begin(cast.ada, title="Heaters")
        browser = make.client(cast.ada.person)
        assert browser.post(reverse("forum:pin", args=[first.slug])).status_code == 302
        page = text(browser.get(first.board.get_absolute_url()))
        assert page.index("Rules here") < page.index("Heaters")
        assert make.client(cast.ben.person).post(reverse("forum:pin", args=[first.slug])).status_code == 404


class TestFindingOnesWay:
    def test_a_permalink_leads_to_its_page_at_any_depth(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        many(cast.ada, topic, 44)
        browser = make.client(cast.ben.person)
        for position, page in ((1, ""), (20, ""), (21, "?page=2"), (45, "?page=3")):
            there = browser.get(reverse("forum:permalink", args=[topic.slug, position]))
            assert there.headers["Location"] == f"{topic.get_absolute_url()}{page}#p{position}"
            shown = text(browser.get(there.headers["Location"].split("#")[0]))
            assert f'id="p{position}"' in shown
        assert browser.get(reverse("forum:permalink", args=[topic.slug, 46])).status_code == 404

    @pytest.mark.parametrize("typed", ["0", "-1", "99", "two", "9" * 40, "٣", ""])
    def test_a_page_that_is_none_is_the_nearest(self, cast: make.Cast, typed: str) -> None:
        topic = begin(cast.ada)
        assert 'id="p1"' in text(make.client(cast.ben.person).get(topic.get_absolute_url(), {"page": typed}))

    def test_reading_writes_nothing_and_a_mark_is_made_by_asking_for_it(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        many(cast.ada, topic, 24)
        browser = make.client(cast.ben.person)
        for url in (topic.get_absolute_url(), reverse("forum:front"), reverse("forum:unread"), topic.board.get_absolute_url()):
            writing = [sql for sql in cost(browser, url) if re.search(r"\b(INSERT|UPDATE|DELETE)\b", sql)]
            assert not writing, url
        assert topic.title in text(browser.get(reverse("forum:unread")))
        assert not ReadMark.objects.exists() or not ReadMark.objects.filter(person=cast.ben.person).exists()
        quietly = browser.post(reverse("forum:read", args=[topic.slug]), {"position": "20"}, headers={"X-Quietly": "1"})
        assert quietly.status_code == 204
        assert "5 new" in text(browser.get(reverse("forum:front")))
        assert f"{topic.get_absolute_url()}?page=2#p21" in text(browser.get(reverse("forum:front")))
        browser.post(reverse("forum:read", args=[topic.slug]), {"position": "999"})
        assert ReadMark.objects.get(person=cast.ben.person).position == 25
        browser.post(reverse("forum:read", args=[topic.slug]), {"position": "3"})
        assert ReadMark.objects.get(person=cast.ben.person).position == 25
        assert topic.title not in text(browser.get(reverse("forum:unread")))

    def test_one_button_marks_everything(self, cast: make.Cast) -> None:
        titles = [begin(cast.ada).title for _ in range(3)]
        browser = make.client(cast.ben.person)
        assert all(title in text(browser.get(reverse("forum:unread"))) for title in titles)
        browser.post(reverse("forum:read_all"))
        assert not any(title in text(browser.get(reverse("forum:unread"))) for title in titles)

    def test_older_and_newer_pages_show_each_topic_once_and_mix_boards(self, cast: make.Cast) -> None:
        for number in range(45):
            begin(cast.ada, board(cast.committee, ("committee", "strategy")[number % 2]), title=f"Topic {number:03}")
        browser, url, seen = make.client(cast.ben.person), reverse("forum:front"), []
        while url:
            page = text(browser.get(url))
            seen += re.findall(r"Topic \d{3}", page.split('aria-label="Topics"')[1])
            older = re.search(r'href="([^"]+)" rel="next"', page)
            url = reverse("forum:front") + older[1].replace("&amp;", "&") if older else ""
        assert seen == [f"Topic {number:03}" for number in reversed(range(45))]


class TestWriting:
    def typed(self, by: Membership, **more: Any) -> dict[str, Any]:
        return {"form_key": str(uuid.uuid4()), "text": "The same here.", "language": "en", "member": by.slug, **more}

    def test_a_reply_from_the_page_lands_on_it(self, cast: make.Cast) -> None:
        known(cast.ben)
        topic = begin(cast.ada)
        answer = make.client(cast.ben.person).post(reverse("forum:reply", args=[topic.slug]), self.typed(cast.ben, answers="1"))
        assert answer.headers["Location"] == f"{topic.get_absolute_url()}#p2"
        assert Post.objects.get(topic=topic, position=2).reply_to_id == Post.objects.get(topic=topic, position=1).pk

    def test_a_preview_and_a_refusal_give_back_all_that_was_typed(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        browser, url = make.client(cast.ben.person), reverse("forum:reply", args=[topic.slug])
        preview = text(browser.post(url, self.typed(cast.ben, text="**Bold** words", do="preview")))
        assert "<strong>Bold</strong>" in preview
        assert "**Bold** words" in preview
        assert topic.posts.count() == 1
        forum.lock(topic, at=NOW)
        refused = browser.post(url, self.typed(cast.ben, text="Too late"))
        assert refused.status_code == 422
        assert "Too late" in refused.content.decode()

    def test_a_draft_is_there_again_on_another_device(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        url = reverse("forum:reply", args=[topic.slug])
        assert make.client(cast.ben.person).post(url, self.typed(cast.ben, text="Begun and", do="draft"), headers={"X-Quietly": "1"}).status_code == 204
        elsewhere = make.client(cast.ben.person)
        assert "Begun and" in text(elsewhere.get(topic.get_absolute_url()))
        assert "Begun and" in text(elsewhere.get(reverse("forum:drafts")))
        assert "Begun and" not in text(make.client(cast.mo.person).get(topic.get_absolute_url()))
        elsewhere.post(reverse("forum:drafts"), {"topic": topic.slug})
        assert not Draft.objects.exists()

    def test_a_quotation_stands_in_the_composer_with_a_link_to_where_it_was_said(self, cast: make.Cast) -> None:
        topic = begin(cast.ada, text="First line\n\n> quoted by her\n\nLast line")
        page = text(make.client(cast.ben.person).get(topic.get_absolute_url(), {"quote": "1"}))
        composer = page.split("<textarea")[1].split("</textarea>")[0]
        assert f"/forum/t/{topic.slug}/p/1/" in composer
        assert "&gt; First line" in composer
        assert "quoted by her" not in composer
        post = say(known(cast.ben), topic, composer.split(">", 1)[1].replace("&gt;", ">").replace("&#x27;", "'"))
        assert f'<a href="/forum/t/{topic.slug}/p/1/"' in post.html
        assert "<blockquote>" in post.html

    def test_a_quotation_that_the_draft_has_kept_is_not_put_there_again(self, cast: make.Cast) -> None:
        topic, browser = begin(cast.ada, text="First line"), make.client(cast.ben.person)
        shown = browser.get(topic.get_absolute_url(), {"quote": "1"}).context["form"]["text"].value()
        kept = self.typed(cast.ben, text=f"{shown}My own words".replace("\n", "\r\n"), do="draft")
        browser.post(reverse("forum:reply", args=[topic.slug]), kept, headers={"X-Quietly": "1"})
        again = browser.get(topic.get_absolute_url(), {"quote": "1"}).context["form"]["text"].value()
        assert again.count("First line") == 1
        assert "My own words" in again

    def test_what_was_refused_and_how_it_will_look_stand_where_the_answer_leads(self, cast: make.Cast) -> None:
        topic, browser = begin(cast.ada), make.client(cast.ben.person)
        page = text(browser.get(topic.get_absolute_url()))
        assert f'action="/forum/t/{topic.slug}/reply/#reply"' in page
        refused = browser.post(reverse("forum:reply", args=[topic.slug]), self.typed(cast.ben, text="")).content.decode()
        assert refused.index('id="reply"') < refused.index("There is a problem") < refused.index("<textarea")

    def test_starting_changing_taking_back_and_translating_from_the_page(self, cast: make.Cast) -> None:
        known(cast.ben)
        browser, here = make.client(cast.ben.person), board(cast.committee)
        begun = browser.post(reverse("forum:start", args=[here.slug]), self.typed(cast.ben, title="Heaters"))
        topic = Topic.objects.get(title="Heaters")
        assert begun.headers["Location"] == topic.get_absolute_url()
        post = topic.posts.get()
        edited = browser.post(reverse("forum:edit", args=[post.slug]), {"text": "Other words", "language": "en", "seen": "1"})
        assert edited.status_code == 302
        other = make.client(cast.mo.person)
        assert other.post(reverse("forum:translate", args=[post.slug]), {"text": "Otras", "language": "es", "seen": "2"}).status_code == 302
        assert browser.post(reverse("forum:withdraw", args=[post.slug])).status_code == 302
        post.refresh_from_db()
        assert (post.state, post.source) == ("withdrawn", "")
        assert browser.get(reverse("forum:edit", args=[post.slug])).status_code == 404

    @pytest.mark.parametrize("typed", ["", " ", "\x00", "x" * 10_001, "\u202e\u200b"])
    def test_what_cannot_be_posted_is_said_in_words(self, cast: make.Cast, typed: str) -> None:
        topic = begin(cast.ada)
        answer = make.client(cast.ben.person).post(reverse("forum:reply", args=[topic.slug]), self.typed(cast.ben, text=typed))
        assert answer.status_code == 422
        assert topic.posts.count() == 1

    @pytest.mark.parametrize("whose", ["ada", "boss"])
    def test_nobody_writes_under_anothers_name(self, cast: make.Cast, whose: str) -> None:
        topic = begin(cast.ada)
        answer = make.client(cast.ben.person).post(reverse("forum:reply", args=[topic.slug]), self.typed(getattr(cast, whose)))
        assert answer.status_code == 422
        assert topic.posts.count() == 1


class TestWhatItCosts:
    """Must: index 3, list 4, topic 4 for anyone, and 3 more for whoever signed in; the same whatever there is (spec 8, rows 7, 8, 10)."""

    def test_anyone_asks_twice(self, cast: make.Cast, open_board: Board) -> None:
        topic = begin(cast.ada, open_board)
        for url in (topic.get_absolute_url(), open_board.get_absolute_url(), reverse("forum:front")):
            assert len(cost(Client(), url)) <= 2, url

    def test_whoever_signed_in_asks_little_more_and_it_does_not_grow(self, cast: make.Cast, wide: object) -> None:
        topic = begin(cast.ada, board(make.alliance(), "shared"))
        browser = make.client(cast.ben.person)
        urls = {
            topic.get_absolute_url(): 7,
            reverse("forum:front"): 6,
            reverse("forum:unread"): 6,
            topic.board.get_absolute_url(): 7,
            reverse("forum:of_committee", args=[cast.committee.slug]): 7,
        }
        before = {url: len(cost(browser, url)) for url in urls}
        assert all(before[url] <= most for url, most in urls.items()), before
        many(cast.ada, topic, 40)
        for number in range(8):
            begin(cast.ada, forum.open_board(f"Board {number}", "committee", by=cast.ada, at=NOW))
            make.member(cast.committee)
        site = make.committee()
        make.affiliated(site)
        make.member(site, by=cast.ben.person)
        assert {url: len(cost(browser, url)) for url in urls} == before
        assert len(cost(browser, f"{topic.get_absolute_url()}?page=3")) == before[topic.get_absolute_url()]

    def test_no_page_counts_or_skips(self, cast: make.Cast) -> None:
        topic = begin(cast.ada)
        many(cast.ada, topic, 25)
        browser = make.client(cast.ben.person)
        for url in (f"{topic.get_absolute_url()}?page=2", reverse("forum:front"), topic.board.get_absolute_url()):
            assert not [sql for sql in cost(browser, url) if "forum_" in sql and re.search(r"COUNT\(|OFFSET", sql)], url

    def test_twenty_posts_weigh_little(self, cast: make.Cast, open_board: Board) -> None:
        topic = begin(cast.ada, open_board)
        many(cast.ada, topic, 19)
        anyone, member = len(Client().get(topic.get_absolute_url()).content), len(make.client(cast.ben.person).get(topic.get_absolute_url()).content)
        assert anyone <= 25 * 1024, anyone
        assert member <= 40 * 1024, member


def test_a_line_of_a_list_is_kept_only_as_long_as_all_of_it_is_true(cast: make.Cast) -> None:
    ben = known(cast.ben)
    topic = begin(ben, title="Is it hot")
    reader = make.client(cast.ada.person)
    here = board(cast.committee).get_absolute_url()

    def line() -> str:
        page = reader.get(here).content.decode()
        return next(each for each in page.split("<li") if "Is it hot" in each)

    assert line() == line()
    seen = [line()]
    say(ben, topic)
    seen.append(line())
    forum.mark_read(topic, 1, by=cast.ada.person)
    seen.append(line())
    forum.pin(topic, pinned=True, by=make.reloaded(cast.ada), at=timezone.now())
    seen.append(line())
    Membership.objects.filter(pk=ben.pk).update(handle="Another name")
    seen.append(line())
    Person.objects.filter(pk=cast.ada.person_id).update(time_zone="Asia/Kolkata")
    seen.append(line())
    Person.objects.filter(pk=cast.ada.person_id).update(language="es")
    seen.append(line())
    assert len(set(seen)) == len(seen)
    assert "Another name" in seen[-1]


def test_a_post_is_drawn_once_for_all_who_see_it_alike_and_its_words_are_kept_nowhere(cast: make.Cast) -> None:
    ben = known(cast.ben)
    topic = begin(cast.ada)
    post = say(ben, topic, "Eleven degrees at four")
    address = topic.get_absolute_url()
    drawings._around.cache_clear()
    for who in (cast.ada, cast.mo):
        assert "Eleven degrees at four" in text(make.client(who.person).get(address))
    assert drawings._around.cache_info().hits > 0, "what the second reader sees was there already"
    own = text(make.client(ben.person).get(address))
    assert "(you)" in own
    assert reverse("moderation:flag", args=["forum.post", post.slug]) not in own
    shown = queries.page_of_topic(topic, ben.person, 1).posts[-1]
    assert shown.html
    assert "Eleven" not in drawings._around(shown.without_text, drawings._Offered(1, True, True, True), "en", "en", "Europe/London", 2026)
    forum.edit(post, "Nine degrees", language="en", by=ben, at=NOW)
    assert "Nine degrees" in text(make.client(cast.ada.person).get(address))
    forum.withdraw(post, by=ben, at=NOW)
    gone = text(make.client(cast.ada.person).get(address))
    assert "Nine degrees" not in gone
    assert "Taken back by its author" in gone
