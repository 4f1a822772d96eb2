"""What a returned mail says: real ones of about seventy kinds of servers, and whatever else may lie in a mailbox."""

from __future__ import annotations

import json
import time
from email.mime.text import MIMEText
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from committees.notices import verp
from committees.notices.returned import LONGEST, Reason, classify
from tests.committees.notices.mails import addressed, answered, complained, report

#: Where we say something else than the collection, and why; docs/returned-mail.md has it in words.
DIFFERS = {
    "lhost-gmail-08.eml": [("4.0.947", "expired", False)],  # a warning: it is still being tried
    "lhost-opensmtpd-04.eml": [("4.0.944", "networkerror", False)],  # a warning
    "lhost-opensmtpd-06.eml": [("4.4.7", "expired", False)],  # a warning, and this is the status that stands in it
    "lhost-interscanmss-03.eml": [("5.0.901", "onhold", False)],  # says that it could not be delivered, and not why
    "lhost-mcafee-01.eml": [("5.0.910", "filtered", False)],  # a bare 550 that was passed on
    "lhost-mcafee-05.eml": [("5.0.910", "filtered", False)],  # the same
    "lhost-yahoo-07.eml": [("5.0.910", "filtered", False)],  # the same
    "lhost-messagelabs-03.eml": [("5.0.0", "rejected", False)],  # "Rejected", by a code that is none
    "rhost-nttdocomo-03.eml": [("5.0.0", "filtered", False)],  # said to the letter, not to its sender
}


def _said(raw: bytes) -> list[tuple[str, str, bool]]:
    return [(each.status, each.reason.value, each.hard) for each in classify(raw).bounces]


def _expected(data: Path) -> dict[str, list[tuple[str, str, bool]]]:
    known = json.loads((data / "mail" / "bounces-expected.json").read_text())
    return {name: [(each["status"], each["reason"], each["hard"]) for each in rows] for name, rows in known.items()}


def test_every_real_one_says_what_is_known_of_it_or_better(shared_data: Path) -> None:
    expected = _expected(shared_data)
    said = {name: _said((shared_data / "mail" / "bounces" / name).read_bytes()) for name in expected}
    assert {name: found for name, found in said.items() if found != expected[name]} == DIFFERS


def test_where_we_differ_no_address_is_stopped_that_may_live(shared_data: Path) -> None:
    for name, rows in _expected(shared_data).items():
        if name in DIFFERS:
            assert [hard for _status, _reason, hard in DIFFERS[name]] <= [hard for _status, _reason, hard in rows]


def test_what_differs_is_written_down_with_its_reason() -> None:
    page = (Path(__file__).parents[3] / "docs" / "returned-mail.md").read_text()
    assert [name for name in DIFFERS if name.removesuffix(".eml") not in page] == []


def test_reports_of_complaints_are_no_bounces(shared_data: Path) -> None:
    readings = {path.name: classify(path.read_bytes()) for path in (shared_data / "mail" / "bounces").glob("arf-*.eml")}
    assert {reading.bounces for reading in readings.values()} == {()}
    assert {reading.complaint for reading in readings.values()} == {True, False}, "a failed signature is reported in the same form, and is none"


def test_the_command_says_it_as_json_and_in_words(tmp_path: Path) -> None:
    file = tmp_path / "back.eml"
    file.write_bytes(report("5.1.1", "550 5.1.1 User unknown"))
    out = StringIO()
    call_command("classify_bounce", file, json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"bounces": [{"status": "5.1.1", "reason": "userunknown", "hard": True}]}
    file.write_bytes(b"Subject: Hello\n\nSee you tomorrow.\n")
    out = StringIO()
    call_command("classify_bounce", file, json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"bounces": []}
    with pytest.raises(CommandError, match="No such file"):
        call_command("classify_bounce", tmp_path / "nothing.eml")


# -- What counts as dead ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said", "reason", "hard"),
    [
        ("5.1.1", "550 5.1.1 <a@b.example>: user unknown", "userunknown", True),
        ("5.1.2", "550 5.1.2 bad destination system", "hostunknown", True),
        ("5.1.6", "551 5.1.6 has moved", "hasmoved", True),
        ("5.2.2", "552 5.2.2 over quota", "mailboxfull", False),
        ("5.7.1", "554 5.7.1 blocked using a list", "blocked", False),
        ("5.7.26", "550 5.7.26 fails DMARC", "authfailure", False),
        ("4.4.1", "connect timed out", "expired", False),
        ("5.0.0", "550 no such user here", "filtered", False),
        ("5.7.1", "550 5.7.1 <us.example>: Helo command rejected: Host not found", "blocked", False),
        ("5.1.8", "550 5.1.8 <us@us.example>: Sender address rejected: Domain not found", "rejected", False),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "userunknown", True),
        ("5.1.1", "550-5.1.1 The email account that you tried to reach does not exist", "userunknown", True),
        ("5.7.1", "550 5.7.1 Unable to relay", "norelaying", False),
        ("4.2.2", "452 4.2.2 The email account that you tried to reach is over quota", "mailboxfull", False),
    ],
)
def test_only_an_address_that_does_not_exist_is_dead(status: str, said: str, reason: str, hard: bool) -> None:
    assert _said(report(status, said)) == [(status, reason, hard)]


def test_what_will_be_tried_again_is_never_dead_whatever_it_says() -> None:
    reading = classify(report("5.1.1", "550 5.1.1 User unknown", action="delayed"))
    assert (reading.hard, reading.soft) == (False, False)


def test_what_arrived_is_no_bounce() -> None:
    assert _said(report("2.0.0", "250 ok", action="delivered")) == []


def test_no_such_user_said_to_the_letter_is_what_filters_say() -> None:
    assert _said(report("5.2.1", "550 5.2.1 user unknown (in reply to end of DATA command)")) == [("5.2.1", "filtered", False)]
    assert _said(report("5.3.0", "553 5.3.0 no such user (in reply to RCPT TO command)")) == [("5.3.0", "userunknown", True)]


def test_an_address_that_is_passed_on_to_two_lives_while_one_of_them_does() -> None:
    both = report("5.1.1", "550 5.1.1 user unknown") + b"\nFinal-Recipient: rfc822; c@d.example\nAction: failed\nStatus: 5.2.2\n"
    reading = classify(both.replace(b"--END--\n", b"", 1) + b"--END--\n")
    assert [each.hard for each in reading.bounces] == [True, False]
    assert (reading.hard, reading.soft) == (False, True)


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Subject: Fuera de la oficina", "Subject: Automatic reply: Notices"])
def test_somebody_who_is_away_is_no_bounce(header: str) -> None:
    reading = classify(f"From: ada@mail.example\n{header}\n\nI am away. 550 5.1.1 user unknown\n".encode())
    assert [each.reason for each in reading.bounces] == [Reason.VACATION]
    assert (reading.hard, reading.soft) == (False, False)


def test_a_person_who_answers_and_a_filter_that_asks_who_we_are_are_none() -> None:
    assert _said(b"From: ada@mail.example\nSubject: Re: Notices\n\nThere is no such user here, 550 5.1.1, ha.\n") == []
    assert _said(b"From: guard@mail.example\nSubject: Please confirm that you are a person\n\nClick here.\n") == []


def test_what_a_member_wrote_into_the_mail_that_came_back_is_not_read() -> None:
    full = answered("The mailbox is full: 552 5.2.2", sent="550 5.1.1 user unknown")
    assert _said(full) == [("5.2.2", "mailboxfull", False)]
    nested = report("5.2.2", "552 5.2.2 over quota", sent=report("5.1.1", "550 5.1.1 User unknown").replace(b"END", b"INNER"))
    assert _said(nested) == [("5.2.2", "mailboxfull", False)]


def test_a_complaint_is_one_and_a_report_about_a_signature_is_none() -> None:
    assert classify(complained("abuse")).complaint
    assert not classify(complained("auth-failure")).complaint
    assert not classify(complained("not-spam")).complaint


# -- Whatever lies in a mailbox -----------------------------------------------------------------------------------------------


@given(st.binary(max_size=3000))
def test_any_bytes_are_read(raw: bytes) -> None:
    classify(raw)


@given(
    st.binary(max_size=400), st.sampled_from(["multipart/report", "message/delivery-status", "multipart/mixed", "text/html", "message/rfc822", "text/plain"])
)
def test_any_bytes_are_read_under_every_heading(raw: bytes, kind: str) -> None:
    head = f'From: mailer-daemon@x\nContent-Type: {kind}; boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\n'.encode()
    for each in classify(head + raw).bounces:
        assert each.reason in Reason
        assert len(each.status) <= 12


@given(st.text(max_size=300), st.sampled_from(["utf-7", "utf-16", "x-unknown", "hex", "rot13", "zlib", "idna", "punycode", "undefined", "koi8-r", "shift_jis"]))
def test_any_name_of_an_encoding_is_read(text: str, charset: str) -> None:
    mail = MIMEText(text, "plain", "utf-8").as_bytes().replace(b'charset="utf-8"', f'charset="{charset}"'.encode())
    classify(b"From: postmaster@x\n" + mail)


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 5000,
        b"".join(b"Content-Type: multipart/mixed; boundary=a%d\n\n--a%d\n" % (n, n) for n in range(4000)),
        b"Content-Type: message/rfc822\n\n" * 9000,
        b"From: postmaster@x\n\n" + b"account " * 60_000,
        b"From: postmaster@x\n\n" + b"user a a a a " * 40_000,
        b"From: postmaster@x\n\n" + b"550 5.1.1 " * 40_000,
        b"From: postmaster@x\n\n" + b"Action: failed\nStatus: 5.1.1\n\n" * 15_000,
        b"From: postmaster@x\nContent-Type: text/html\n\n" + b"<style " * 60_000,
        b"From: " + b"(" * 400_000 + b"\n\n",
        b"\r" * 400_000,
    ],
    ids=lambda raw: raw[:24].decode("ascii").strip(),
)
def test_what_is_made_to_be_slow_is_not(raw: bytes) -> None:
    began = time.process_time()
    classify(raw)
    assert time.process_time() - began < 4, "one message of any kind costs a worker less than a mail server's own time limits"


def test_of_a_message_without_end_only_the_beginning_is_read() -> None:
    begun = report("5.1.1", "550 5.1.1 user unknown")
    assert classify(begun + b"x" * LONGEST) == classify(begun)


def test_a_name_is_found_wherever_mail_servers_put_it(settings: Any) -> None:
    settings.BOUNCE_ADDRESS = "b-*@back.example"
    named = verp.Named(verp.Kind.NOTICE, 12345678901, 987654321)
    for header in ("To", "Delivered-To", "X-Original-To", "Envelope-To"):
        assert verp.named_in(addressed(verp.envelope(named), header=header)) == named
    assert verp.named_in(addressed(verp.envelope(named).upper())) == named
