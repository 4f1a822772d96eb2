"""Wanting to read nothing more of somebody: their posts fold, they give no notice, and they cannot find out."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.notices import commands as notices
from committees.notices import registry as kinds
from committees.notices.models import Channel, Delivery, Notice
from committees.people import commands as people
from committees.people import registry
from committees.people.models import Person
from organizing.forum import commands as forum
from organizing.forum.models import Block, Post, Topic
from tests import make
from tests.organizing.forum.talking import begin, board, case_of, say

pytestmark = pytest.mark.django_db
FOLDED = "A post by somebody you blocked"


def person_of(member: Membership) -> Person:
    assert member.person is not None
    return member.person


def block(post: Post, by: Membership) -> None:
    forum.block(post, by=person_of(by), at=timezone.now())


def page(topic: Topic, member: Membership) -> str:
    return make.client(person_of(member)).get(topic.get_absolute_url()).content.decode()


def told(kind: str) -> set[int]:
    """To whom this kind of notice went."""
    for notice in Notice.objects.filter(kind=f"forum/{kind}", expanded_at=None):
        notices.expand(notice.pk, at=timezone.now())
    found = Delivery.objects.filter(notice__kind=f"forum/{kind}", channel=Channel.INAPP)
    return set(found.values_list("person_id", flat=True))


def test_their_posts_fold_and_can_be_opened_without_scripts(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    post = say(cast.mo, topic, "You all know nothing.")
    block(post, cast.ben)
    read = page(topic, cast.ben)
    there = re.search(rf'<article class="post" id="p{post.position}">.*?</article>', read, re.DOTALL)
    assert there
    assert FOLDED in there[0]
    assert cast.mo.handle not in there[0]
    assert re.search(r"<details[^>]*>\s*<summary>Show what they wrote</summary>.*You all know nothing\..*</details>", there[0], re.DOTALL)
    assert read.count(FOLDED) == 1
    assert FOLDED not in page(topic, cast.ada)


def test_what_a_worker_has_drawn_for_one_reader_is_not_shown_to_another(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    post = say(cast.mo, topic)
    for reader, folded in ((cast.cleo, 0), (cast.ben, 0)):
        assert page(topic, reader).count(FOLDED) == folded
    block(post, cast.ben)
    assert (page(topic, cast.cleo).count(FOLDED), page(topic, cast.ben).count(FOLDED)) == (0, 1)
    forum.unblock(Block.objects.get(), by=person_of(cast.ben))
    assert page(topic, cast.ben).count(FOLDED) == 0


def test_another_name_of_the_same_person_elsewhere_is_another_voice(cast: make.Cast, wide: Committee) -> None:
    elsewhere = make.committee()
    make.affiliated(elsewhere)
    other_name = make.member(elsewhere, by=person_of(cast.mo), handle="Another name")
    shared = begin(cast.ada, board(make.alliance(), "shared"))
    first, second = say(cast.mo, shared), say(other_name, shared)
    block(first, cast.ben)
    read = page(shared, cast.ben)
    assert read.count(FOLDED) == 1
    assert "Another name" in read
    assert Block.objects.get().blocked_id == cast.mo.pk != second.membership_id
    listed = make.client(person_of(cast.ben)).get(reverse("forum:blocked")).content.decode()
    assert cast.mo.handle in listed
    assert "Another name" not in listed
    assert cast.committee.name not in listed


def test_their_answers_and_posts_give_no_notice_and_everybody_elses_do(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    mine = say(cast.ben, topic)
    block(say(cast.mo, topic), cast.ben)
    Delivery.objects.all().delete()
    Notice.objects.all().delete()
    say(cast.mo, topic, reply_to=mine)
    assert cast.ben.person_id not in told("answered") | told("written")
    assert cast.ada.person_id in told("written")
    say(cast.ada, topic, reply_to=mine)
    assert cast.ben.person_id in told("answered")


def test_what_is_queued_is_not_mailed_once_they_are_blocked(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    say(cast.ben, topic)
    post = say(cast.mo, topic)
    notice = Notice.objects.get(kind="forum/written", version=post.position)
    both = {cast.ben.person_id or 0, cast.ada.person_id or 0}
    assert kinds.kind("forum/written").matters(notice, both) == both
    block(post, cast.ben)
    assert kinds.kind("forum/written").matters(notice, both) == {cast.ada.person_id}


def test_the_one_who_is_blocked_sees_the_same_bytes_at_the_same_cost(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    post = say(cast.mo, topic)
    browser = make.client(person_of(cast.mo))
    places = [topic.get_absolute_url(), reverse("forum:front"), reverse("forum:blocked"), reverse("forum:of_committee", args=[cast.committee.slug])]
    before = [_seen(browser, place) for place in places]
    block(post, cast.ben)
    assert [_seen(browser, place) for place in places] == before
    assert registry.exports(person_of(cast.mo))["forum"]["blocked"] == []


def _seen(browser: Client, place: str) -> tuple[str, int]:
    """A page without what differs each time, and how many questions it asked."""
    browser.get(place)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(place).content.decode()
    return re.sub(r'(nonce|value)="[^"]*"', "", answer), len(captured)


def test_blocking_costs_a_topics_page_no_question(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    post, browser = say(cast.mo, topic), make.client(person_of(cast.ben))
    before = _seen(browser, topic.get_absolute_url())[1]
    block(post, cast.ben)
    assert _seen(browser, topic.get_absolute_url())[1] == before


def test_moderators_who_block_still_see_what_waits(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    first = say(cast.ben, topic)
    block(first, cast.mo)
    newcomer = forum.reply(topic, "Something that waits", language="en", by=cast.cleo, at=timezone.now())
    assert newcomer.is_waiting
    Block.objects.create(person=person_of(cast.mo), blocked=cast.cleo, since=timezone.now().date())
    case = case_of(newcomer)
    assert make.client(person_of(cast.mo)).get(reverse("moderation:case", args=[case.slug])).status_code == 200
    assert "Something that waits" in make.client(person_of(cast.mo)).get(reverse("moderation:queue")).content.decode()


def test_from_the_post_to_the_list_and_back(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    post, ben = say(cast.mo, topic), make.client(person_of(cast.ben))
    address = reverse("forum:block", args=[post.slug])
    assert address in page(topic, cast.ben)
    assert address not in page(topic, cast.mo)
    assert "They are not told" in ben.get(address).content.decode()
    ben.post(address, {})
    assert not Block.objects.exists()
    for _pressed_twice in range(2):
        ben.post(address, {"do": "block"})
    row = Block.objects.get()
    assert make.client(person_of(cast.mo)).post(reverse("forum:blocked"), {"block": row.slug}).status_code == 404
    ben.post(reverse("forum:blocked"), {"block": row.slug})
    assert not Block.objects.exists()
    ben.post(address, {"do": "block"})
    assert 'value="unblock"' in ben.get(address).content.decode()
    for _pressed_twice in range(2):
        ben.post(address, {"do": "unblock"})
    assert not Block.objects.exists()


def test_one_blocks_neither_oneself_nor_nobody_nor_what_one_may_not_read(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    mine, hers = say(cast.ben, topic), say(cast.mo, topic)
    with pytest.raises(Refused):
        block(mine, cast.ben)
    assert make.client(person_of(cast.ben)).get(reverse("forum:block", args=[mine.slug])).status_code == 404
    assert make.client(person_of(cast.boss)).post(reverse("forum:block", args=[hers.slug])).status_code == 404
    assert not Block.objects.exists()


def test_an_erased_account_is_blocked_by_nobody_and_blocks_nobody(cast: make.Cast) -> None:
    topic = begin(cast.ada)
    post = say(cast.mo, topic)
    block(post, cast.ben)
    block(say(cast.ben, topic), cast.mo)
    assert registry.exports(person_of(cast.ben))["forum"]["blocked"] == [{"name": cast.mo.handle, "since": timezone.now().date().isoformat()}]
    people.erase(person_of(cast.mo), by=person_of(cast.mo), at=timezone.now())
    assert not Block.objects.exists()
    assert FOLDED not in page(topic, cast.ben)


def _listed(member: Membership) -> str:
    """What stands on the page of whom one has blocked, and in one's export."""
    person = person_of(member)
    return make.client(person).get(reverse("forum:blocked")).content.decode() + str(registry.exports(person)["forum"]["blocked"])


def test_whoever_is_out_reads_no_name_of_those_inside(cast: make.Cast) -> None:
    block(say(cast.mo, begin(cast.ada)), cast.ben)
    membership.change_handle(make.reloaded(cast.mo), "Night cleaner", by=make.reloaded(cast.mo), at=timezone.now())
    assert "Night cleaner" in _listed(cast.ben)
    make.put(cast.ben, Standing.SUSPENDED)
    assert "Night cleaner" not in _listed(cast.ben)
    make.put(cast.ben, Standing.MEMBER)
    assert "Night cleaner" in _listed(cast.ben)


def test_what_one_blocked_in_a_committee_goes_with_the_membership(cast: make.Cast, wide: Committee) -> None:
    elsewhere = make.member(cast.boss.committee, by=person_of(cast.ben))
    block(say(cast.mo, begin(cast.ada)), cast.ben)
    block(say(cast.ben, begin(cast.ada)), cast.mo)
    block(begin(cast.boss).posts.get(), elsewhere)
    membership.leave(make.reloaded(cast.ben), by=make.reloaded(cast.ben), at=timezone.now())
    assert {(each.person_id, each.blocked_id) for each in Block.objects.all()} == {(cast.mo.person_id, cast.ben.pk), (cast.ben.person_id, cast.boss.pk)}
    membership.remove(make.reloaded(cast.mo), for_employer=False, by=None, at=timezone.now())
    assert Block.objects.get().person_id == cast.ben.person_id
    membership.close(cast.boss.committee, by=make.reloaded(cast.boss), at=timezone.now())
    assert not Block.objects.exists()


def test_in_lists_and_in_the_search_they_fold_too(cast: make.Cast) -> None:
    theirs = begin(cast.mo, title="Zanzibar anew", text="You know nothing of zanzibar.")
    say(cast.ada, theirs, "Nothing of zanzibar, you say.")
    mine = begin(cast.ada)
    block(say(cast.mo, mine, "My zanzibar too."), cast.ben)
    for reader, folded in ((cast.cleo, 0), (cast.ben, 1)):
        browser = make.client(person_of(reader))
        lists = [reverse("forum:front"), theirs.board.get_absolute_url(), reverse("forum:of_committee", args=[cast.committee.slug])]
        for place in (*lists, cast.committee.get_absolute_url(), reverse("home:today")):
            page = browser.get(place).content.decode()
            assert ("Zanzibar anew" in page, page.count("A topic by somebody you blocked")) == (not folded, folded), place
            assert (cast.mo.handle in page) == (place in lists and not folded), place
        found = browser.get(reverse("forum:search"), {"q": "zanzibar"}).content.decode()
        assert (found.count(FOLDED), cast.mo.handle in found) == (2 * folded, not folded)
        assert found.count("<details") - found.count('<details class="disclose"') == browser.get(reverse("forum:search")).content.decode().count("<details")
        assert "Nothing of" in found
        assert ("anew" in found) is not bool(folded)


def test_folding_costs_lists_and_the_search_no_question(cast: make.Cast) -> None:
    browser = make.client(person_of(cast.ben))
    posts = [begin(by, text="Something of zanzibar").posts.get() for by in (cast.mo, cast.mo, cast.mo, cast.ada)]
    places = (reverse("forum:front"), reverse("forum:search") + "?q=zanzibar")
    before = [_seen(browser, place)[1] for place in places]
    block(posts[0], cast.ben)
    assert [_seen(browser, place)[1] for place in places] == before
