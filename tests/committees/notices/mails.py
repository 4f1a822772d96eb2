"""Mails as they come back, made for one test."""

from __future__ import annotations

from email.message import Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from committees.notices import sending
from committees.people.models import Person
from tests.committees.notices import letterbox
from tests.mail_sink import MailSink

FULL, UNKNOWN = "552 5.2.2 mailbox full", "550 5.1.1 user unknown"
SENT = b"From: notices@example.org\nSubject: Notices\n\nA meeting is called.\n"


def sent_to(sink: MailSink, to: Person, number: int = 1) -> str:
    """A notice goes out; gives where it would come back to."""
    letterbox.post(to=[to], about=letterbox.thing(number))
    sending.run()
    return sink.messages[-1].sender


def report(status: str, said: str, *, action: str = "failed", to: str = "bounces@example.org", sent: bytes = SENT) -> bytes:
    """A report for mailers (RFC 3464)."""
    lines = [
        "Return-Path: <>",
        f"Delivered-To: {to}",
        "From: Mail Delivery System <mailer-daemon@mail.example>",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="END"',
        "",
        "--END",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Your mail could not be delivered. It lies below.",
        "",
        "--END",
        "Content-Type: message/rfc822",
        "",
        sent.decode(),
        "--END",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mail.example",
        "",
        "Final-Recipient: rfc822; a@b.example",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; {said}",
        "",
        "--END--",
        "",
    ]
    return "\n".join(lines).encode()


def answered(words: str, *, to: str = "bounces@example.org", sent: str = "") -> bytes:
    """What a mail server says in words alone, with a copy of the mail below."""
    text = f"I could not deliver your mail.\n\n<a@b.example>: {words}\n\n--- Below this line is a copy of the message.\n\n{sent}\n"
    return f"From: MAILER-DAEMON@mail.example\nTo: {to}\nSubject: failure notice\n\n{text}".encode()


def complained(kind: str, *, copy_of: str = "") -> bytes:
    """A feedback report (RFC 5965); `copy_of` is the address that stands in the copy of the mail."""
    whole = MIMEMultipart("report", report_type="feedback-report")
    whole["From"], whole["Subject"] = "fbl@provider.example", "Complaint"
    whole.attach(MIMEText("Somebody pressed a button."))
    feedback = Message()
    feedback["Content-Type"] = "message/feedback-report"
    feedback.set_payload(f"Feedback-Type: {kind}\nUser-Agent: Test/1\nVersion: 1\n")
    whole.attach(feedback)
    sent = Message()
    sent["Return-Path"], sent["Subject"] = f"<{copy_of}>", "Notices"
    sent.set_payload("A meeting is called.")
    whole.attach(MIMEMessage(sent))
    return whole.as_bytes()


def addressed(to: str, *, header: str = "To") -> bytes:
    """A message of no meaning that came to this address."""
    return f"From: mailer-daemon@mail.example\n{header}: <{to}>\nSubject: failure\n\nNo.\n".encode()
