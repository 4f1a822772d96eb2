"""A committee leaves with its own data and comes to another server: what its members had can be read there as it was."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from committees.bodies.models import Committee, Scope
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.resettling import commands as resettling
from committees.resettling import rules
from committees.resettling.chest import Chest
from committees.resettling.models import Arrival, State
from organizing.circulars import commands as circulars
from organizing.circulars.models import Circular
from organizing.finding import commands as finding
from organizing.finding.models import Poll, Reply
from organizing.forum import commands as forum
from organizing.forum import quoting
from organizing.forum.models import Board, Post, Topic, Translation
from organizing.forum.models import State as Shown
from organizing.growth import commands as growth
from organizing.growth.models import Week
from organizing.live import commands as live
from organizing.live.models import Gathering, Presence
from organizing.meetings import commands as meetings
from organizing.meetings.models import Answer, Choice, Meeting, Series
from organizing.meetings.plans import When
from organizing.meetings.rhythms import Every, Rhythm
from organizing.minutes import commands as minutes
from organizing.minutes.models import Item, Minutes
from organizing.minutes.words import Todo
from tests import make, standing
from tests.organizing.forum.talking import known
from tests.organizing.live.conftest import soon as beginning
from tests.organizing.meetings import cast as called
from tests.organizing.minutes.conftest import approved, held, soon, written

pytestmark = pytest.mark.django_db
cast = standing.scene(make.cast)


def board(committee: Committee, audience: str = "committee") -> Board:
    found = Board.objects.filter(committee=committee, audience=audience).first()
    assert found is not None
    return found


@pytest.fixture
def neighbour(cast: make.Cast) -> Membership:
    """A member of another site of the same alliance."""
    make.affiliated(cast.committee)
    there = make.committee()
    make.affiliated(there)
    return make.member(there, handle="Somebody elsewhere")


@pytest.fixture
def topic(cast: make.Cast, neighbour: Membership) -> Topic:
    """A conversation with a quotation, a translation, what was taken back, and one on a board that anyone reads."""
    at = timezone.now()
    known(make.reloaded(cast.ben))
    begun = forum.start(board(cast.committee), title="Heaters in hall B", text="Since **Monday** it is cold.", language="en", by=make.reloaded(cast.ada), at=at)
    first = Post.objects.get(topic=begun)
    forum.reply(begun, quoting.quote(first, begun) + "\n\nHere too.", language="en", reply_to=first, by=make.reloaded(cast.ben), at=at)
    gone = forum.reply(begun, "I should not have said zebra.", language="en", by=make.reloaded(cast.ben), at=at)
    forum.withdraw(gone, by=make.reloaded(cast.ben), at=at)
    forum.translate(first, "Desde el lunes hace frío.", language="es", seen=1, by=make.reloaded(cast.mo), at=at)
    wide = forum.open_board("For everyone", "public", by=make.reloaded(cast.ada), at=at)
    outside = forum.start(wide, title="Seen by all", text="Our own words, for everyone.", language="en", by=make.reloaded(cast.ada), at=at)
    assert outside.pk
    return begun


def settled(cast: make.Cast) -> Meeting:
    plan = called.plan(day=(timezone.now() + timedelta(days=5)).date())
    meeting = meetings.call(meetings.draft(plan, by=make.reloaded(cast.ada), at=timezone.now()), by=make.reloaded(cast.ada), at=timezone.now())
    meetings.answer(meeting, choice=Choice.YES, by=make.reloaded(cast.ben), at=timezone.now())
    return meeting


def wrote(cast: make.Cast) -> Circular:
    by, at = make.reloaded(cast.ada), timezone.now()
    draft = circulars.draft("The canteen", "It is *closed* on Friday.", language="en", by=by, at=at)
    circulars.draft("Not ready", "A draft stays with its organizers.", language="en", by=by, at=at)
    return circulars.send(draft, seen=draft.changed_at, by=by, at=at)


def gathered(cast: make.Cast) -> None:
    """A meeting that was opened and ended, to which two came; and one that goes on."""
    at, ada = timezone.now(), make.reloaded(cast.ada)
    for ends in (True, False):
        gathering = live.open_meeting(beginning(ada), by=ada, at=at)
        live.tick(gathering, [cast.ben, cast.cleo], by=ada, at=at)
        if ends:
            live.end(gathering, by=ada, at=at)


def departed(first: Membership) -> JointAct:
    second = make.reloaded(make.member(first.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))
    begun = timezone.now() - timedelta(hours=73)
    act = jointly.propose_leaving(reason="This server closes soon.", by=make.reloaded(first), at=begun)
    jointly.agree(act, by=second, at=begun)
    jointly.carry_out(timezone.now())
    return JointAct.objects.select_related("committee").get(pk=act.pk)


def arrived(content: bytes, act: JointAct, member: Membership) -> Committee:
    at = timezone.now()
    arrival = resettling.bring(content, rules.code(act, member), workplace=make.workplace(name="Elsewhere"), note="", by=make.person(), at=at)
    resettling.accept(arrival, by=make.reloaded(make.organizer_of(make.alliance())), at=at)
    resettling.unpack_accepted(at)
    there = Arrival.objects.select_related("committee").get(pk=arrival.pk)
    assert there.state == State.THERE, there.reason
    assert there.committee is not None
    return there.committee


def test_what_members_wrote_is_there_as_it_was(cast: make.Cast, topic: Topic) -> None:
    act = departed(cast.ada)
    here = arrived(resettling.pack(act, by=make.reloaded(cast.ada), at=timezone.now()), act, cast.ada)
    new = Topic.objects.get(committee=here, title="Heaters in hall B")
    posts = list(Post.objects.filter(topic=new).select_related("membership", "reply_to").order_by("position"))
    assert [post.position for post in posts] == [1, 2, 3]
    assert [post.membership.handle if post.membership else "" for post in posts] == [cast.ada.handle, cast.ben.handle, ""]
    assert "<strong>Monday</strong>" in posts[0].html
    assert posts[1].reply_to == posts[0]
    assert f"/forum/t/{new.slug}/p/1/" in posts[1].html, "what is quoted leads to the post here"
    assert topic.slug not in posts[1].html
    assert (posts[2].state, posts[2].source) == (Shown.WITHDRAWN, "")
    assert Translation.objects.get(post=posts[0]).source == "Desde el lunes hace frío."
    old = board(cast.committee)
    made = Board.objects.get(committee=here, audience="committee")
    assert (made.topics, made.posts) == (old.topics, old.posts)
    assert set(Board.objects.filter(committee=here).values_list("audience", "name")) == set(
        Board.objects.filter(committee=cast.committee).values_list("audience", "name")
    )


def test_whoever_takes_their_place_finds_what_they_wrote_and_can_search_it(cast: make.Cast, topic: Topic) -> None:
    act = departed(cast.ada)
    here = arrived(resettling.pack(act, by=make.reloaded(cast.ada), at=timezone.now()), act, cast.ada)
    who = make.person()
    ben = resettling.take_place(rules.code(act, cast.ben), by=who, at=timezone.now())
    browser = make.client(who)
    new = Topic.objects.get(committee=here, title="Heaters in hall B")
    page = browser.get(new.get_absolute_url()).content.decode()
    assert "Here too." in page
    assert ben.handle in page
    found = browser.get("/forum/search/", {"q": "heaters"}).content.decode()
    assert new.slug in found
    assert topic.slug not in found, "the old committee is elsewhere"
    other = browser.get(topic.get_absolute_url())
    assert other.status_code == 404
    forum.reply(new, "I am back.", language="en", by=make.reloaded(ben), at=timezone.now())
    assert Topic.objects.get(pk=new.pk).last_position == 4


def test_what_members_of_other_committees_wrote_stays_behind(cast: make.Cast) -> None:
    """A wider committee goes: its board was for all sites, and each site's words are that site's."""
    at, wide = timezone.now(), make.wider(Scope.EMPLOYER, cast.committee)
    make.affiliated(cast.committee, wide)
    own, ada = make.reloaded(make.organizer_of(wide)), make.reloaded(cast.ada)
    mine = forum.start(board(wide, "shared"), title="Our topic", text="Our own words.", language="en", by=own, at=at)
    forum.start(board(wide, "shared"), title="Giraffe of others", text="Words of others: okapi.", language="en", by=ada, at=at)
    forum.reply(mine, "An answer of others: tapir.", language="en", by=ada, at=at)
    forum.reply(mine, "And ours again.", language="en", by=own, at=at)
    act = departed(own)
    here = arrived(resettling.pack(act, by=own, at=at), act, own)
    texts = "\n".join(f"{post.source} {post.html}" for post in Post.objects.filter(committee=here))
    assert "Our own words." in texts
    for word in ("okapi", "tapir"):
        assert word not in texts
    assert not Topic.objects.filter(committee=here, title__contains="Giraffe").exists()
    places = Post.objects.filter(topic__committee=here, topic__title="Our topic").order_by("position")
    assert [post.state for post in places] == [Shown.VISIBLE, Shown.WITHDRAWN, Shown.VISIBLE]


def test_meetings_come_with_their_agenda_place_and_answers(cast: make.Cast, topic: Topic) -> None:
    old = settled(cast)
    act = departed(cast.ada)
    here = arrived(resettling.pack(act, by=make.reloaded(cast.ada), at=timezone.now()), act, cast.ada)
    new = Meeting.objects.get(committee=here)
    old = Meeting.objects.get(pk=old.pk)
    same = ("subject", "day", "clock", "zone", "minutes", "starts_at", "ends_at", "place", "link", "held", "state", "languages")
    assert [getattr(new, name) for name in same] == [getattr(old, name) for name in same]
    assert list(new.agenda.values_list("subject", "visibility")) == list(old.agenda.values_list("subject", "visibility"))
    assert new.changes.get().by.handle == cast.ada.handle
    assert Answer.objects.get(meeting=new).membership.handle == cast.ben.handle
    assert new.uid != old.uid, "two calendars never mix them up"


def test_a_series_goes_on_where_the_committee_comes(cast: make.Cast, topic: Topic) -> None:
    first, at = settled(cast), timezone.now()
    series = meetings.repeat(first, Rhythm(Every.WEEK), by=make.reloaded(cast.ada), at=at)
    second = series.meetings.order_by("starts_at")[1]
    meetings.cancel(second, by=make.reloaded(cast.ada), at=at)
    act = departed(cast.ada)
    here = arrived(resettling.pack(act, by=make.reloaded(cast.ada), at=at), act, cast.ada)
    new = Series.objects.get(committee=here)
    assert new.uid != series.uid
    assert [(each.starts_at, each.state) for each in new.meetings.order_by("starts_at")] == [
        (each.starts_at, each.state) for each in series.meetings.order_by("starts_at")
    ]
    assert meetings.extend(at + timedelta(weeks=2)) > 0
    assert new.meetings.count() == 8


def test_a_search_for_a_time_goes_on_where_the_committee_comes(cast: make.Cast, topic: Topic) -> None:
    at = timezone.now()
    settled(cast)
    ada, ben = make.reloaded(cast.ada), make.reloaded(cast.ben)
    times = [When((at + timedelta(days=n)).date(), time(12), "Europe/London", 45) for n in (6, 7)]
    poll = finding.propose("Heat", times, ends_at=at + timedelta(days=2), question="Before the rota", by=ada, at=at)
    finding.answer(poll, {slot.slug: word for slot, word in zip(poll.slots.order_by("starts_at"), ("works", "no"), strict=True)}, by=ben, at=at)
    act = departed(cast.ada)
    here = arrived(resettling.pack(act, by=make.reloaded(cast.ada), at=at), act, cast.ada)
    new = Poll.objects.get(committee=here)
    same = ("subject", "question", "zone", "minutes", "begun_at", "ends_at", "state")
    assert [getattr(new, name) for name in same] == [getattr(poll, name) for name in same]
    assert list(new.slots.order_by("starts_at").values_list("starts_at", "day", "clock")) == list(
        poll.slots.order_by("starts_at").values_list("starts_at", "day", "clock")
    )
    said = Reply.objects.filter(committee=here).order_by("slot__starts_at")
    assert [(reply.membership.handle, reply.word) for reply in said] == [(cast.ben.handle, "works"), (cast.ben.handle, "no")]


def test_where_a_meeting_was_does_not_travel_once_it_is_over(cast: make.Cast, topic: Topic) -> None:
    meeting = settled(cast)
    over = timezone.now() - timedelta(days=1)
    Meeting.objects.filter(pk=meeting.pk).update(day=over.date(), starts_at=over - timedelta(hours=1), ends_at=over)
    act = departed(cast.ada)
    here = arrived(resettling.pack(act, by=make.reloaded(cast.ada), at=timezone.now()), act, cast.ada)
    new = Meeting.objects.get(committee=here)
    assert (new.place, new.link, new.dial_in) == ("", "", "")


def test_messages_come_and_drafts_and_what_moderators_hid_stay(cast: make.Cast, topic: Topic) -> None:
    circulars.hide(wrote(cast), at=timezone.now())
    wrote(cast)
    act = departed(cast.ada)
    here = arrived(resettling.pack(act, by=make.reloaded(cast.ada), at=timezone.now()), act, cast.ada)
    sent = Circular.objects.get(committee=here)
    assert (sent.subject, sent.text, sent.by.handle) == ("The canteen", "It is *closed* on Friday.", cast.ada.handle)


def test_weeks_of_before_are_not_counted_here(cast: make.Cast, topic: Topic) -> None:
    act = departed(cast.ada)
    here = arrived(resettling.pack(act, by=make.reloaded(cast.ada), at=timezone.now()), act, cast.ada)
    growth.record_weeks(timezone.now())
    before = Week.objects.filter(committee=here)
    assert before.exists()
    assert not before.exclude(members=None, joined=None, left=None, meetings=None).exists()
    growth.record_weeks(timezone.now() + timedelta(days=9))
    assert Week.objects.filter(committee=here, joined__isnull=False).count() <= 2


def test_it_leaves_again_as_it_came(cast: make.Cast, topic: Topic) -> None:
    """Packed there a second time, the file holds the same lines, but for what a server gives anew."""
    settled(cast)
    wrote(cast)
    Membership.objects.filter(pk=cast.cleo.pk).update(probation_until=timezone.now() + timedelta(days=5))
    act = departed(cast.ada)
    content = resettling.pack(act, by=make.reloaded(cast.ada), at=timezone.now())
    here = arrived(content, act, cast.ada)
    for member in Membership.objects.filter(committee=cast.committee).exclude(pk=cast.ada.pk):
        resettling.take_place(rules.code(act, member), by=make.person(), at=timezone.now())
    ada = make.reloaded(Membership.objects.get(committee=here, handle=cast.ada.handle))
    second = make.reloaded(Membership.objects.get(committee=here, handle="Second organizer"))
    begun = timezone.now() - timedelta(hours=73)
    again = jointly.agree(jointly.propose_leaving(reason="Once more, to be sure.", by=ada, at=begun), by=second, at=begun)
    jointly.carry_out(timezone.now())
    back = Chest(resettling.pack(JointAct.objects.select_related("committee").get(pk=again.pk), by=ada, at=timezone.now()))
    first = Chest(content)
    anew = {"was", "place", "text", "changed_at", "sequence", "ended_at"}

    def lines(chest: Chest, name: str) -> list[dict[str, object]]:
        return [{key: value for key, value in line._values.items() if key not in anew} for line in chest.rows(name)]

    assert first.names == back.names
    for name in first.names:
        if name not in ("log", "committee"):
            assert lines(first, name) == lines(back, name), name


@pytest.mark.parametrize("posts", [3, 30])
def test_packing_asks_as_often_for_few_posts_as_for_many(
    cast: make.Cast, topic: Topic, django_assert_max_num_queries: DjangoAssertNumQueries, posts: int
) -> None:
    for number in range(posts):
        forum.reply(topic, f"Post {number}", language="en", by=make.reloaded(cast.ben), at=timezone.now())
    act = departed(cast.ada)
    with django_assert_max_num_queries(40):
        content = resettling.pack(act, by=make.reloaded(cast.ada), at=timezone.now())
    at = timezone.now()
    arrival = resettling.bring(content, rules.code(act, cast.ada), workplace=make.workplace(name="Elsewhere"), note="", by=make.person(), at=at)
    resettling.accept(arrival, by=make.reloaded(make.organizer_of(make.alliance())), at=at)
    with django_assert_max_num_queries(80):
        resettling.unpack_accepted(at)


def test_minutes_stand_beside_their_meeting_and_what_is_to_do_is_whose_it_was(cast: make.Cast) -> None:
    dora = make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Dora"))
    met, other = held(make.reloaded(cast.ada)), held(make.reloaded(cast.ada))
    first = approved(other, Todo("Ring the plumber", cast.ben.handle, soon()), by=make.reloaded(cast.ada), other=dora)
    again = minutes.correct(first, "It was hotter", tells=False, by=make.reloaded(cast.ada), at=timezone.now())
    minutes.approve(again, seen=again.changed_at, heard=0, by=dora, at=timezone.now())
    written(met, by=make.reloaded(cast.ada))
    act = departed(cast.ada)
    here = arrived(resettling.pack(act, by=make.reloaded(cast.ada), at=timezone.now()), act, cast.ada)
    came = list(Minutes.objects.filter(committee=here).select_related("meeting", "by", "approved_by").order_by("version"))
    assert [(each.version, each.reason, each.state) for each in came] == [(1, "", "approved"), (2, "It was hotter", "approved")]
    assert came[0].passages == first.passages
    assert (came[0].by.handle, came[0].approved_by.handle if came[0].approved_by else "") == (cast.ada.handle, "Dora")
    assert {each.meeting.subject for each in came} == {"Peak season hours"}
    item = Item.objects.select_related("owner").get(committee=here)
    assert (item.what, item.owner.handle if item.owner else "", item.meeting_id) == ("Ring the plumber", cast.ben.handle, came[0].meeting_id)


def test_how_many_came_to_meetings_travels_and_never_who(cast: make.Cast) -> None:
    settled(cast)
    gathered(cast)
    act = departed(cast.ada)
    packed = resettling.pack(act, by=make.reloaded(cast.ada), at=timezone.now())
    here = arrived(packed, act, cast.ada)
    (there,) = Gathering.objects.filter(committee=here)
    assert (there.people, there.entitled_here, there.meeting.subject) == (2, 1, "The rota"), "what goes on stays behind"
    assert there.meeting.committee_id == here.pk
    assert not Presence.objects.filter(committee=here).exists()
