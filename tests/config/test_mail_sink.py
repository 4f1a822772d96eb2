"""The mail sink keeps what it is sent, and shows a stranger's text without becoming it."""

from __future__ import annotations

import http.client
import smtplib
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from config.services import mail_reader
from config.services.mailbox_folder import Folder
from tests.config.own_server import OwnServer, wait_until
from tests.mail_sink import Fault, MailSink

SITE = "http://localhost:8000"


def letter(subject: str = "Hello", text: str = "text", html: str = "") -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "a@example.org", "b@example.org"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "mail")


@pytest.fixture
def port(folder: Folder) -> Iterator[int]:
    server = mail_reader.server(folder, 0, SITE)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def get(port: int, path: str, host: str = "localhost") -> tuple[int, str, dict[str, str]]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", path, headers={"Host": host})
    answer = line.getresponse()
    body = answer.read().decode()
    line.close()
    return answer.status, body, dict(answer.getheaders())


def test_a_letter_is_listed_and_shown(folder: Folder, port: int) -> None:
    name = folder.add(letter("Grüße", "come to the hall"), envelope_from="a@example.org", envelope_to=["b@example.org"])
    status, body, _ = get(port, "/")
    assert status == 200
    assert "Grüße" in body
    assert "b@example.org" in body
    assert "come to the hall" in get(port, f"/{name}")[1]


def test_a_stranger_s_html_stays_text(folder: Folder, port: int) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    name = folder.add(letter(evil, evil, evil), envelope_from="<script>", envelope_to=["<b>@example.org"])
    for path in ("/", f"/{name}"):
        _, body, headers = get(port, path)
        assert "<script" not in body
        assert "<img" not in body
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_only_links_to_this_server_can_be_followed(folder: Folder, port: int) -> None:
    text = f"{SITE}/account/confirm/abc?x=1&y=2 and http://evil.example/ and {SITE}.evil.example/ and javascript:alert(1)"
    name = folder.add(letter(text=text), envelope_from="a", envelope_to=["b"])
    body = get(port, f"/{name}")[1]
    assert f'<a href="{SITE}/account/confirm/abc?x=1&amp;y=2">' in body
    assert body.count("href=") == 3  # the style sheet, the list, the one link


@pytest.mark.parametrize("path", ["/../secrets/secret-key", "/tmp/x", "/%2e%2e/secrets", "/1795309534822.fb48cc9ba219x", "/nothing"])
def test_nothing_but_letters_is_served(port: int, path: str) -> None:
    assert get(port, path)[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", ""])
def test_another_name_for_this_machine_reads_nothing(folder: Folder, port: int, host: str) -> None:
    folder.add(letter("sentinel"), envelope_from="a", envelope_to=["b"])
    status, body, _ = get(port, "/", host)
    assert status == 403
    assert "sentinel" not in body


def test_a_letter_in_an_alphabet_that_does_not_exist_is_shown(folder: Folder, port: int) -> None:
    raw = b"Subject: x\r\nContent-Type: text/plain; charset=klingon\r\n\r\nnuqneH\r\n"
    name = folder.add(raw, envelope_from="a", envelope_to=["b"])
    assert "nuqneH" in get(port, f"/{name}")[1]


def test_the_list_goes_back_page_by_page(folder: Folder, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_reader, "PAGE", 2)
    for number in range(3):
        folder.add(letter(f"letter {number}"), envelope_from="a", envelope_to=["b"])
    names = folder.names()
    first = get(port, "/")[1]
    second = get(port, f"/?before={names[1]}")[1]
    assert "Older mail" in first
    assert "Older mail" not in second
    assert second.count("letter ") == 1


def test_the_sink_keeps_a_letter_sent_over_smtp(own_server: OwnServer) -> None:
    own_server.start("-m", "config.services.mailsink")
    sink, reader = int(own_server.env["MAIL_SINK_PORT"]), int(own_server.env["MAIL_READER_PORT"])

    def sent() -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", sink, timeout=5) as line:
                return line.sendmail("a@example.org", ["b@example.org"], letter("over the wire")) == {}
        except OSError:
            return False

    wait_until(sent)
    assert "over the wire" in get(reader, "/")[1]
    assert [path.stat().st_mode & 0o077 for path in (own_server.var / "mail" / "new").iterdir()] == [0]


# -- the sink of the tests, whose faults the outbox is tried with ---------------------------------------
def test_the_tests_sink_fails_as_it_is_told(mail_sink: MailSink) -> None:
    def send(to: str = "b@example.org") -> None:
        with smtplib.SMTP("127.0.0.1", mail_sink.port, timeout=1) as line:
            line.sendmail("a@example.org", [to], letter())

    mail_sink.fault(Fault.TEMPORARY, times=1)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send()
    assert next(iter(refused.value.recipients.values()))[0] == 451
    mail_sink.fault(Fault.FINAL, recipient="gone@example.org")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send("gone@example.org")
    mail_sink.fault(Fault.DROP, times=1)
    with pytest.raises((smtplib.SMTPException, ConnectionError)):
        send()
    mail_sink.fault(Fault.SILENCE, times=1)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send()
    assert mail_sink.messages == []
    send()
    mail_sink.refuse()
    with pytest.raises(ConnectionRefusedError):
        send()
    mail_sink.open()
    send()
    assert len(mail_sink.to("b@example.org")) == 2


def test_django_sends_into_the_tests_sink(mail_sink: MailSink) -> None:
    from django.core.mail import EmailMessage as Mail

    Mail("Over SMTP", "text", to=["b@example.org"]).send()
    assert [each.subject for each in mail_sink.messages] == ["Over SMTP"]
