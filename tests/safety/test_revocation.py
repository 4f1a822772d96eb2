"""Whoever goes, is put out or hides is out from the next request on: pages, calendar, queued mails, links in mails.

No cache and no session keeps a right alive, for none is kept anywhere but in the row.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import is_valid_path
from django.utils import timezone

from committees.jointly import commands as jointly
from committees.membership import commands as membership
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Standing
from committees.notices import commands as notices
from committees.notices import sending
from committees.notices.models import Channel, Delivery, Notice, PushDevice, State
from committees.notices.push import sending as pushing
from committees.people import commands as people
from committees.people.models import Person, Session
from tests.house.code import listed
from tests.mail_sink import MailSink
from tests.push_service import PushService
from tests.safety.asking import ask, signed_in, taken_back
from tests.safety.routes import named, routes
from tests.safety.words import WORDS
from tests.safety.world import World, allow_push, fresh

pytestmark = pytest.mark.django_db

WHO = "member"


def leave(world: World) -> None:
    me = fresh(world.members[WHO])
    membership.leave(me, by=me, at=world.at)


def step_aside(world: World) -> None:
    me = fresh(world.members[WHO])
    membership.step_aside(me, by=me, at=world.at)


def be_removed(world: World) -> None:
    """From the moment on in which a second organizer agrees, not only after the three days."""
    removal = jointly.propose_removal(fresh(world.members[WHO]), reason=WORDS.reason, by=fresh(world.members["home.founder1"]), at=world.at)
    jointly.agree(removal, by=fresh(world.members["home.founder2"]), at=world.at)


def be_suspended(world: World) -> None:
    membership.suspend(fresh(world.members[WHO]), by=world.person("home.founder1"), at=world.at)


def lapse(world: World) -> None:
    Membership.objects.filter(pk=world.members[WHO].pk).update(
        standing=Standing.INACTIVE, changed_at=world.days(-184), asked_on=world.days(-31).date()
    )  # the clock's first half
    assert membership.lapse(world.at) == 1


def hide(world: World) -> None:
    people.hide(world.person(WHO), at=world.at)


def be_disabled(world: World) -> None:
    Person.objects.filter(pk=world.person(WHO).pk).update(is_active=False, disabled_on=world.at.date())  # no command yet


def erase(world: World) -> None:
    me = Person.objects.get(pk=world.person(WHO).pk)
    people.erase(me, by=me, at=world.at)


def be_dissolved(world: World) -> None:
    type(world.committees["home"]).objects.filter(pk=world.committees["home"].pk).update(life="dissolved")  # no command yet


type Way = Callable[[World], None]
FROM_THE_COMMITTEE: list[Way] = [leave, step_aside, be_removed, be_suspended, lapse, be_dissolved]
FROM_THE_SITE: list[Way] = [hide, be_disabled, erase]
ALL = FROM_THE_COMMITTEE + FROM_THE_SITE


@pytest.fixture(scope="module")
def inner_pages(world: World) -> list[str]:
    """What the member sees and somebody without a committee does not."""
    found = []
    for route in routes():
        if route.door != "public" and route.params and route.room not in ("committees.people", "committees.notices"):
            url = world.url(route)
            if ask(world.browser(WHO), "GET", url).cell == "200" and ask(world.browser("registered"), "GET", url).cell != "200":
                found.append(url)
    assert len(found) >= 6, "the member sees next to nothing: the test would prove nothing"
    return found


@pytest.mark.parametrize("way", ALL, ids=lambda way: way.__name__)
def test_every_page_is_shut_from_the_next_request_on(way: Way, world: World, inner_pages: list[str]) -> None:
    with taken_back():
        way(world)
        open_still = [url for url in inner_pages if ask(world.browser(WHO), "GET", url).cell not in ("404", "in")]
        below = [f"{url}{verb}/" for url in inner_pages for verb in ("answer", "leave", "step-aside")]
        there = [url for url in below if is_valid_path(url)]
        posts = [url for url in there if ask(world.browser(WHO), "POST", url).cell in ("200", "302", "422")]
    assert there
    assert not open_still, listed(open_still)
    assert not posts, listed(posts)


def spoken_of(world: World) -> list[str]:
    """What the member's lists say of the committee's meetings: today, my meetings, my committees, the inbox, the settings."""
    secrets = [WORDS.title("home"), WORDS.place("home"), WORDS.item("home"), WORDS.topic("home"), WORDS.topic("shared"), WORDS.draft("member")]
    lists = [route for route in routes() if route.door == "signed_in" and not route.params]
    answers = {route.name: ask(world.browser(WHO), "GET", route.url()) for route in lists}
    return [f"{name} says {word}" for name, answer in answers.items() for word in secrets if word.encode() in answer.body]


def test_lists_speak_of_the_committee_before(world: World) -> None:
    assert spoken_of(world), "else the next test would prove nothing"


@pytest.mark.parametrize("way", ALL, ids=lambda way: way.__name__)
def test_no_list_speaks_of_the_committee_any_more(way: Way, world: World) -> None:
    """Nothing of its meetings, and not its inner address."""
    with taken_back():
        way(world)
        assert not spoken_of(world), listed(spoken_of(world))


@pytest.mark.parametrize("way", ALL, ids=lambda way: way.__name__)
def test_the_calendar_address_is_dead_or_empty(way: Way, world: World) -> None:
    url = world.url(named("meetings:feed"))
    uid = str(world.things["meeting of home"].uid).encode()
    assert uid in ask(world.browser("anonymous"), "GET", url).body
    with taken_back():
        way(world)
        answer = ask(world.browser("anonymous"), "GET", url)
        assert uid not in answer.body
        if way in FROM_THE_SITE:
            assert answer.cell == "404"


@pytest.mark.parametrize("way", ALL, ids=lambda way: way.__name__)
def test_what_waits_in_the_outbox_is_never_sent(way: Way, world: World, mail_sink: MailSink) -> None:
    with taken_back():
        PushDevice.objects.all().delete()  # by mail; push has its own test
        waiting = Delivery.objects.filter(person=world.person(WHO), state=State.WAITING)
        before = set(waiting.values_list("pk", flat=True))
        assert before
        way(world)
        if way is lapse:  # what was told about the application that led here is overtaken, and the sweep closes it
            notices.sweep(at=timezone.now())
        sending.run(seconds=30)
        assert not Delivery.objects.filter(person=world.person(WHO), state=State.WAITING).exists()
        gone_out = {delivery.notice.kind for delivery in Delivery.objects.filter(pk__in=before, state=State.ACCEPTED).select_related("notice")}
    told = {address for mail in mail_sink.messages for address in mail.recipients}
    if way not in (be_removed, lapse):  # whoever is removed, or was away for so long, is told so
        assert WORDS.address(WHO) not in [address for mail in mail_sink.messages for address in mail.recipients], gone_out
    if way is not be_dissolved:
        assert WORDS.address("home.founder2") in told, "nobody was told: the test would prove nothing"


def waits_for_push(world: World, service: PushService) -> Delivery:
    """The call of the meeting at home is on its way to the member's browser."""
    allow_push(world, WHO, at=service.origin)
    called = Notice.objects.about(world.things["meeting of home"]).get(kind="meetings/called")
    return Delivery.objects.create(notice=called, person=world.person(WHO), channel=Channel.PUSH, due_at=timezone.now())


def test_what_waits_for_push_is_told_to_whoever_stays(world: World, push_service: PushService) -> None:
    with taken_back():
        waits_for_push(world, push_service)
        pushing.run(seconds=30)
        assert len(push_service.taken) == 1, "else the next test would prove nothing"


@pytest.mark.parametrize("way", ALL, ids=lambda way: way.__name__)
def test_what_waits_for_push_is_never_told(way: Way, world: World, push_service: PushService) -> None:
    with taken_back():
        waits = waits_for_push(world, push_service)
        way(world)
        pushing.run(seconds=30)
        assert not Delivery.objects.filter(pk=waits.pk, state__in=(State.WAITING, State.ACCEPTED)).exists()
        told = [world.things[f"browser of {WHO}"].read(each.body)["title"] for each in push_service.taken]
        assert told == (["There is something new for you"] if way in (be_removed, lapse) else []), "whoever is removed, or was away for so long, is told so"


@pytest.mark.parametrize("way", FROM_THE_SITE, ids=lambda way: way.__name__)
def test_every_session_and_every_link_ever_sent_is_dead(way: Way, world: World) -> None:
    with taken_back():
        browsers = [signed_in(world.person(WHO)) for _ in range(20)]
        stop = world.url(named("notices:stop"))
        assert ask(browsers[0], "GET", "/today/").cell == "200"
        assert PushDevice.objects.filter(person=world.person(WHO)).exists()
        way(world)
        alive = [browser for browser in browsers if ask(browser, "GET", "/account/").cell != "in"]
        assert not alive
        if way is hide:
            assert not Session.objects.filter(person=world.person(WHO)).exists()
            assert not PushDevice.objects.filter(person=world.person(WHO)).exists()
            assert ask(world.browser("anonymous"), "POST", stop).cell == "404"


def test_whoever_covered_for_an_organizer_has_nothing_of_that_office_from_the_next_request_on(world: World) -> None:
    """Nothing runs for it: the instants in the row are asked."""
    pages = [world.url(named(name)) for name in ("membership:roster", "meetings:new", "membership:settings", "growth:growth")]
    with taken_back():
        held = RoleTerm.objects.create(
            committee=world.committees["home"],
            membership=world.members[WHO],
            role="organizer",
            begins_at=world.days(-2),
            ends_at=world.days(2),
            stands_in_for=world.members["home.founder3"],
        )
        assert [ask(world.browser(WHO), "GET", url).cell for url in pages] == ["200"] * len(pages)
        RoleTerm.objects.filter(pk=held.pk).update(ends_at=timezone.now())
        assert [ask(world.browser(WHO), "GET", url).cell for url in pages] == ["404"] * len(pages)


def test_signing_in_to_a_hidden_account_gets_the_answer_of_a_wrong_password(world: World) -> None:
    with taken_back():
        people.hide(world.person(WHO), at=world.at)
        from tests.safety.world import PASSWORD

        hidden = ask(signed_in(None), "POST", "/account/sign-in/", {"login": world.person(WHO).sign_in_name, "password": PASSWORD})
        wrong = ask(signed_in(None), "POST", "/account/sign-in/", {"login": world.person(WHO).sign_in_name, "password": "not this one"})
        assert hidden.cell == wrong.cell
        assert hidden.response.headers.get("Location") == wrong.response.headers.get("Location")


def test_one_s_own_goes_on_elsewhere(world: World) -> None:
    """Leaving one committee takes nothing from the account, nor from anybody else."""
    with taken_back():
        leave(world)
        assert ask(world.browser(WHO), "GET", "/account/").cell == "200"
        assert ask(world.browser("delegate"), "GET", world.url(named("meetings:meeting"))).cell == "200"
