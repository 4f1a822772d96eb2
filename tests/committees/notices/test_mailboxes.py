"""The mailbox that mails come back to: read, emptied, and nothing lost whoever dies in between."""

from __future__ import annotations

import imaplib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from committees.notices import collecting, commands, mailboxes, returned
from committees.notices.commands import returning
from committees.notices.models import Channel, Delivery, Mailbox, Returned, State
from committees.people import commands as people
from committees.people.models import Contact, Person
from config import bounces
from tests.committees.notices.mails import FULL, UNKNOWN, report, sent_to
from tests.mail_sink import MailSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]
Outcome = Returned.Outcome


@pytest.fixture(autouse=True)
def _named(settings: Any) -> None:
    settings.BOUNCE_ADDRESS = "b-*@back.example"


def _contact(person: Person) -> Contact:
    return Contact.objects.get(person=person)


@pytest.fixture
def maildir(tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "returned mail"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    settings.BOUNCE_MAILBOX = bounces.mailbox(f"maildir://{folder}".replace(" ", "%20"))
    return folder


def _lay(folder: Path, *mails: bytes) -> None:
    for mail in mails:
        (folder / "new" / f"{len(list(folder.rglob('m*'))):04}.m{timezone.now().timestamp()}.host").write_bytes(mail)


def _left(folder: Path) -> tuple[int, int]:
    """How many lie in the mailbox, and how many were set aside."""
    return len([*folder.glob("new/*"), *folder.glob("cur/*")]), len([*folder.glob(".set-aside/cur/*")])


def test_the_mailbox_is_read_emptied_and_what_is_strange_is_set_aside_for_a_person(sink: MailSink, ada: Person, maildir: Path, client: Client) -> None:
    _lay(maildir, report("5.1.1", UNKNOWN, to=sent_to(sink, ada)), b"Subject: cheap watches\n\nBuy.\n", b"\x00\xff\xfe")
    assert collecting.run() == 3
    assert _left(maildir) == (0, 2)
    assert _contact(ada).is_dead
    assert Mailbox.objects.get().looked_at is not None
    people.set_platform_admin(ada, on=True, by=None)
    client.force_login(Person.objects.get(pk=ada.pk))
    assert "2 messages came to the mailbox" in client.get("/notices/not-sent/").content.decode()


def test_whoever_is_killed_between_reading_and_removing_finds_it_again_and_it_counts_once(
    sink: MailSink, ada: Person, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lay(maildir, report("5.2.2", FULL, to=sent_to(sink, ada)))
    with monkeypatch.context() as patch:
        patch.setattr(mailboxes._File, "remove", _killed)
        with pytest.raises(KeyboardInterrupt):
            collecting.run()
    assert (_left(maildir), Returned.objects.count()) == ((1, 0), 1)
    assert collecting.run() == 1
    assert (_left(maildir), Returned.objects.count()) == ((0, 0), 1)


def test_whoever_is_killed_before_the_commit_has_done_nothing(sink: MailSink, ada: Person, maildir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _lay(maildir, report("5.1.1", UNKNOWN, to=sent_to(sink, ada)))
    with monkeypatch.context() as patch:
        patch.setattr(returning, "_follow", _killed)
        with pytest.raises(KeyboardInterrupt):
            collecting.run()
    assert (_left(maildir), Returned.objects.count(), _contact(ada).stopped_at) == ((1, 0), 0, None)
    collecting.run()
    assert (_left(maildir), _contact(ada).is_dead) == ((0, 0), True)


def _killed(*_anything: Any, **_more: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.django_db(transaction=True)
def test_two_who_read_it_at_once_count_each_message_once(sink: MailSink, ada: Person, ben: Person, maildir: Path) -> None:
    mails = [report("5.2.2", FULL, to=sent_to(sink, each, n)) for n, each in enumerate((ada, ben), 1)]
    _lay(maildir, *mails)

    def take(raw: bytes) -> str:
        try:
            try:
                return commands.take_in(raw, at=timezone.now())
            except IntegrityError:
                return returning.give_up(raw, at=timezone.now())
        finally:
            connection.close()

    def read(_n: int) -> int:
        try:
            return collecting.run()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(read, range(4))) == 2, "of several readers one works"
        assert set(pool.map(take, mails * 3)) == {Outcome.SOFT}
    assert (Returned.objects.count(), _left(maildir)) == (2, (0, 0))


def test_one_message_over_which_the_program_fails_keeps_none_of_the_others_waiting(
    sink: MailSink, ada: Person, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lay(maildir, report("5.2.2", "552 5.2.2 poison", to=sent_to(sink, ada, 1)), report("5.1.1", UNKNOWN, to=sent_to(sink, ada, 2)))

    def classify(raw: bytes) -> returned.Reading:
        if b"poison" in raw:
            raise RuntimeError("a fault of ours")
        return real(raw)

    real = returned.classify
    monkeypatch.setattr(returned, "classify", classify)
    assert collecting.run() == 2
    assert (_left(maildir), _contact(ada).is_dead) == ((0, 1), True)


def test_what_comes_back_before_it_is_written_down_that_it_left_waits_a_minute(sink: MailSink, ada: Person, maildir: Path) -> None:
    _lay(maildir, report("5.1.1", UNKNOWN, to=sent_to(sink, ada)))
    row = Delivery.objects.filter(channel=Channel.EMAIL)
    row.update(state=State.WAITING, lease="00000000-0000-0000-0000-000000000001")
    assert collecting.run() == 0
    assert _left(maildir) == (1, 0)
    row.update(state=State.ACCEPTED, lease=None)
    assert collecting.run() == 1
    assert row.get().state == State.BOUNCED


def test_a_mailbox_that_is_away_is_said_to_admins_and_nothing_else_stops(maildir: Path, settings: Any, client: Client, ada: Person) -> None:
    settings.BOUNCE_MAILBOX = f"maildir://{maildir}/nowhere"
    assert collecting.run() == 0
    people.set_platform_admin(ada, on=True, by=None)
    client.force_login(Person.objects.get(pk=ada.pk))
    assert "cannot be read" in client.get("/notices/not-sent/").content.decode()


class _Imap:
    """As much of an IMAP server as is asked of one. What it is told is written down."""

    def __init__(self, mails: dict[str, bytes]) -> None:
        self.mails, self.aside, self.deleted, self.said = mails, list[bytes](), set[str](), list[str]()

    def login(self, user: str, word: str) -> None:
        self.said.append(f"{user} {word}")

    def select(self, name: str) -> tuple[str, list[bytes]]:
        self.said.append(name)
        return "OK", [b"1"]

    def create(self, name: str) -> tuple[str, list[bytes]]:
        return "NO", [b"it is there"]

    def uid(self, verb: str, *words: str) -> tuple[str, list[Any]]:
        uid = words[0]
        if verb == "SEARCH":
            return "OK", [" ".join(sorted(set(self.mails) - self.deleted)).encode()]
        if verb == "FETCH":
            return "OK", [(b"1 (BODY[]<0> {9}", self.mails[uid]), b")"]
        if verb == "COPY":
            self.aside.append(self.mails[uid])
        else:
            self.deleted.add(uid)
        return "OK", [b""]

    def expunge(self) -> None:
        for uid in self.deleted:
            del self.mails[uid]

    def logout(self) -> None:
        self.said.append("bye")


def test_a_mailbox_on_another_server_is_read_by_tls_and_emptied(sink: MailSink, ada: Person, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server = _Imap({"1": report("5.1.1", UNKNOWN, to=sent_to(sink, ada)), "2": b"Subject: cheap watches\n\nBuy.\n"})
    asked: dict[str, Any] = {}

    def connect(host: str, port: int, **more: Any) -> _Imap:
        asked.update(more, host=host, port=port)
        return server

    monkeypatch.setattr(imaplib, "IMAP4_SSL", connect)
    settings.BOUNCE_MAILBOX = bounces.mailbox("imaps://back%40example.org:wo%2Frd@mail.example.org/Returned%20mail")
    assert collecting.run() == 2
    assert (asked["host"], asked["port"], asked["ssl_context"].check_hostname, asked["timeout"]) == ("mail.example.org", 993, True, 20)
    assert server.said == ["back@example.org wo/rd", '"Returned mail"', "bye"]
    assert (server.mails, len(server.aside), _contact(ada).is_dead) == ({}, 1, True)


def test_where_no_mailbox_is_configured_nobody_looks(settings: Any) -> None:
    settings.BOUNCE_MAILBOX = ""
    assert collecting.run() == 0
    assert not Mailbox.objects.exists()
