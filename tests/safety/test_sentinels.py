"""One run, all channels: no secret stands where it must not.

A world is made in which each secret is a word of its own. Every page is asked for as every role, every kind of notice is
sent over SMTP, errors are provoked. Then all answers, mails, calendars and logs, Redis, a dump and the database's files are
searched. leaks.txt says what may stand where.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, quote_plus

import pytest
from django.test import Client
from django.urls import reverse

from committees.notices.models import PushDevice
from committees.people.models import Person
from tests.house.code import listed
from tests.mail_sink import Fault, MailSink, Received
from tests.push_service import PushService
from tests.safety import going_on, leaks, telling
from tests.safety.asking import signed_in
from tests.safety.finding import Finds
from tests.safety.routes import named, routes
from tests.safety.table import ROLES
from tests.safety.words import WORDS
from tests.safety.world import World, allow_push, build

CLIENT = "203.0.113.77"
#: Asking for these with GET ends the session or counts against a limit; the matrix asks for them.
NOT_CRAWLED = {"account_logout"}
#: Whose browsers get push: one at each level at least.
PUSHED = (*telling.OPENLY, "home.founder3")


def browser(person: Person | None) -> Client:
    """A browser at the sentinel's network address, with the sentinel's name."""
    client = signed_in(person)
    client.defaults |= {"REMOTE_ADDR": CLIENT, "HTTP_X_FORWARDED_FOR": CLIENT, "HTTP_USER_AGENT": WORDS.agent}
    return client


def addresses(world: World) -> Iterator[str]:
    """Every address that a GET may lead to, in each of the committees."""
    for route in routes():
        if route.name not in NOT_CRAWLED:
            yield from sorted({world.url(route, committee) for committee in ("home", "other", "hush")} if route.params else {route.url()})
    yield from (world.things[name].get_absolute_url() for name in ("strategy topic", "shared topic", "public topic"))


def crawl(world: World, finds: Finds) -> int:
    """Every page as every role. Returns how many answers were searched."""
    asked = 0
    for role in ROLES:
        client = browser(world.people[role])
        for url in addresses(world):
            response = client.get(url)
            body = b"".join(response) if response.streaming else response.content
            asked += 1
            headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items()).encode()
            cookies = response.cookies.output().encode()
            column = "ical" if response.headers.get("Content-Type", "").startswith("text/calendar") else role
            # Whoever asks knows the path, which a redirect to the sign-in page repeats.
            body = leaks.without_what_was_granted(body, url) if role == "admin" else body
            said = (body + b"\n" + headers + b"\n" + cookies).replace(url.encode(), b"").replace(quote(url, safe="").encode(), b"")
            finds.look(said, column=column, person=owner(world, role), where=url)
    return asked


def owner(world: World, role: str) -> str:
    """The key of whoever plays a role: an organizer is one of the founders."""
    person = world.people[role]
    return next((key for key, each in world.people.items() if each is not None and person is not None and each.pk == person.pk), role)


def provoke(world: World, finds: Finds) -> None:
    """Errors: what is not there, what is forged, what breaks, what is too much."""
    secrets = f"{WORDS.place('home')} {WORDS.address('member')} {WORDS.agent}"
    meeting = world.url(named("meetings:meeting"))

    def breaks(*_args: Any, **_kwargs: Any) -> Any:
        inside = secrets
        raise RuntimeError(inside)

    for role in ("anonymous", "member", "admin"):
        client = browser(world.people[role])
        forged = Client(enforce_csrf_checks=True, REMOTE_ADDR=CLIENT, HTTP_USER_AGENT=WORDS.agent)  # type: ignore[arg-type]
        with patch("organizing.meetings.queries.standpoint", breaks), patch("organizing.home.views.how", breaks):
            answers = [
                client.get(f"/no/such/{WORDS.place('home')}/", {"q": secrets}),
                client.get(meeting),
                forged.post(reverse("account_login"), {"login": secrets, "password": secrets}),
                client.post(reverse("account_login"), {"login": WORDS.address("member"), "password": secrets}),
                client.get("/", headers={"Host": "evil.example"}),
                client.post(meeting, {f"f{n}": "x" for n in range(1001)}),
                client.get("/workplaces/", {"q": "\x00" + secrets}),
            ]
        for response in answers:
            finds.look(
                without_what_was_typed(response.content, secrets, WORDS.address("member")),
                column=role,
                person=owner(world, role),
                where=f"{response.status_code} {response.request['PATH_INFO']}",
            )


def without_what_was_typed(body: bytes, whole: str, login: str) -> bytes:
    """What somebody typed stands in its field again, for them to mend; a search says what it was looking for."""
    for echo in (whole, quote(whole), quote_plus(whole), f'value="{login}"'):
        body = body.replace(echo.encode(), b"")
    return body


def read_mail(world: World, finds: Finds, received: list[Received]) -> None:
    by_address = {f"{word}@mail.example": key for key, word in WORDS.given["address"].items()}
    for mail in received:
        (to,) = mail.recipients
        person = by_address[to]
        level = telling.OPENLY.get(person, "neutral")
        message = mail.message
        where = f"mail to {person}: {message['Subject']}"
        finds.look(str(message["Subject"]).encode(), column="subj", person=person, where=where)
        finds.look("\n".join(f"{name}: {value}" for name, value in message.items() if name != "Subject").encode(), column="head", person=person, where=where)
        for part in message.walk():
            if not part.is_multipart():
                body = part.get_payload(decode=True)
                assert isinstance(body, bytes)
                finds.look(body, column={"neutral": "neut", "kind": "kind", "full": "full"}[str(level)], person=person, where=where)


def read_pushes(world: World, finds: Finds, service: PushService) -> None:
    """What each browser was told, at whatever level its person chose, and what its push service could read on the way."""
    for key in PUSHED:
        device = world.things[f"browser of {key}"]
        told = service.to(device)
        assert told or key == "applicant", f"{key} was never told by push: the search would prove nothing"
        for each in told:
            says = device.read(each.body)
            finds.look(json.dumps(says, ensure_ascii=False).encode(), column="subj", person=key, where=f"push to {key}: {says['title']}")
            finds.look(str(each.headers).encode() + each.body, column="head", person="", where=f"on the way to {key}: {says['title']}")


def secrets_of(world: World) -> Finds:
    """All that is looked for: the words, and what has no word of its own."""
    assert WORDS.agent  # a word is looked for once it has been given
    finds = Finds({word: (kind, whose) for kind, owners in WORDS.given.items() for whose, word in owners.items()})
    finds.others = {
        world.value(named("meetings:feed"), "token"): ("token", "member"),
        world.things["link of home.kept"].token: ("invitation", "home"),  # the others stand in paths that strangers are asked for
        CLIENT: ("client", "everybody"),
        **going_on.secrets(world),
        **{world.committees[key].slug: ("slug", key) for key in ("home", "hush")},
        **{
            browser.given[name]: ("pushkey", key.removeprefix("browser of "))
            for key, browser in world.things.items()
            if key.startswith("browser of ")
            for name in ("p256dh", "auth")
        },
        **{code: ("paper", key.removeprefix("paper of ")) for key, code in world.things.items() if key.startswith("paper of ")},
    }
    return finds


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_no_secret_stands_where_it_must_not(mail_sink: MailSink, push_service: PushService) -> None:
    began = time.time()
    with leaks.everything_logged() as log:
        world = build()
        PushDevice.objects.all().delete()
        for key in PUSHED:
            allow_push(world, key, at=push_service.origin)
        mail_sink.fault(Fault.FINAL, recipient=WORDS.address("nowhere"))
        telling.tell_everything(world)
        finds = secrets_of(world)
        assert crawl(world, finds) > 2000
        provoke(world, finds)
    read_mail(world, finds, mail_sink.messages)
    read_pushes(world, finds, push_service)
    finds.look(log.getvalue().encode(), column="log", where="the log")
    finds.dig(leaks.in_redis(), column="redis", where="Redis")
    finds.dig(leaks.dump(), column="dump", where="the dump")
    for path, heap in leaks.data_files(since=began):
        finds.dig(heap, column="files", where=path)
    assert not finds.forbidden(), "\nFound where it must not be:" + listed(finds.forbidden())
    assert not finds.missing(), "\nNot found where it must be, so the search may be blind:" + listed(finds.missing())
    _every_kind_went_out()


def _every_kind_went_out() -> None:
    from committees.notices import registry
    from committees.notices.models import Channel, Delivery, State

    accepted = set(Delivery.objects.filter(state=State.ACCEPTED).values_list("notice__kind", "channel"))
    silent = [
        f"{kind.name} by {channel}"
        for kind in registry.known()
        for channel in kind.channels & {Channel.EMAIL, Channel.INAPP}
        if (kind.name, channel) not in accepted
    ]
    assert not silent, "\nNever delivered in this run (tests/safety/telling.py):" + listed(silent)
