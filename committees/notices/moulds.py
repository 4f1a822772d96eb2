"""From a letter to bytes: everything that is the same for all is encoded once, the rest is poured in for each reader.

Building a mail with the standard library costs ten times as much as sending it. A mould is the finished mail with holes;
a filled one is put together from bytes and is already dot-stuffed, as SMTP wants it.
"""

from __future__ import annotations

import binascii
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr, parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _

from committees.notices import slots
from committees.notices.letters import Letter

_SOFT = b"=\r\n"
_SAFE = re.compile(r"[A-Za-z0-9 ,:/?&;_@%+~#()'-][A-Za-z0-9 ,:/?&;_@%+~#()'.-]{0,69}[A-Za-z0-9/)]")


def mail_domain() -> str:
    """The part of the sender's address after the @: it stands in Message-IDs and List-Ids."""
    return parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "localhost"


def sender() -> str:
    """The envelope's sender."""
    return parseaddr(settings.MAIL_FROM)[1]


def _quoted(text: str) -> bytes:
    """Quoted-printable (RFC 2045) with CRLF, ready for SMTP."""
    lines = text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    coded = re.sub(rb"\r?\n", b"\r\n", binascii.b2a_qp(lines, istext=True))
    coded = coded.replace(b"\r\n.", b"\r\n..")
    return b"." + coded if coded.startswith(b".") else coded


@lru_cache(maxsize=4096)
def _value(text: str) -> bytes:
    """A poured-in value: it begins a line (a soft break stands before it) and ends in one."""
    if _SAFE.fullmatch(text):
        return text.encode()
    return _quoted(text)


@lru_cache(maxsize=4096)
def _subject(text: str) -> bytes:
    if text.isascii() and len(text) < 66:
        return text.encode()
    return Header(text, "utf-8", maxlinelen=70, header_name="Subject").encode(linesep="\r\n").encode()


@dataclass(frozen=True)
class Slip:
    """What only one message has: its place in the threads, its reader's address and what fills the letter."""

    to: str
    message_id: str
    date: str
    values: Mapping[str, Any]
    thread: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True)
class Mould:
    """A letter as bytes with holes. `fill` pours one message, dot-stuffed but for the ending line. Into the page each value goes escaped, but
    for one that was made as HTML (format_html)."""

    letter: Letter
    headers: bytes
    parts: tuple[tuple[bytes, tuple[tuple[str, bytes], ...], bool], ...]
    end: bytes

    def fill(self, slip: Slip) -> bytes:
        """The whole message for one reader."""
        subject = " ".join(slots.fill(self.letter.subject, slip.values).split())
        out = [
            b"Subject: ",
            _subject(subject),
            b"\r\nTo: ",
            slip.to.encode(),
            b"\r\nMessage-ID: <",
            slip.message_id.encode(),
            b">\r\nDate: ",
            slip.date.encode(),
        ]
        if slip.thread:
            root = slip.thread.encode()
            out += [b"\r\nIn-Reply-To: <", root, b">\r\nReferences: <", root, b">"]
        if slip.unsubscribe:
            out += [b"\r\nList-Unsubscribe: <", slip.unsubscribe.encode(), b">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click"]
        out += [b"\r\n", self.headers]
        for fixed, holes, is_html in self.parts:
            out.append(fixed)
            for name, after in holes:
                value = slip.values[name]
                out += [_SOFT, _value(str(conditional_escape(value) if is_html else value)), _SOFT, after]
        out.append(self.end)
        return b"".join(out)


def _part(head: str, text: str, *, is_html: bool) -> tuple[bytes, tuple[tuple[str, bytes], ...], bool]:
    cut = slots.pieces(text.rstrip("\n") + "\n")
    holes = tuple((cut[n], _quoted(cut[n + 1])) for n in range(1, len(cut), 2))
    return head.encode() + _quoted(cut[0]), holes, is_html


def mould(letter: Letter, *, list_id: str = "", feedback_id: str = "") -> Mould:
    """Encode a letter once. Sender and fixed headers say nothing of what it is about."""
    with translation.override(letter.language):
        name = _("Notices")
    boundary = f"=_{secrets.token_hex(12)}"
    headers = {
        "From": formataddr((name, sender())),
        "MIME-Version": "1.0",
        "Content-Language": letter.language,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": list_id and f"<{list_id}.{mail_domain()}>",
        "Feedback-ID": feedback_id,
        "Content-Type": f'multipart/alternative; boundary="{boundary}"',
    }
    lines = "".join(f"{key}: {value}\r\n" for key, value in headers.items() if value)
    coding = 'charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return Mould(
        letter,
        lines.encode(),
        (
            _part(f"\r\n--{boundary}\r\nContent-Type: text/plain; {coding}", letter.text, is_html=False),
            _part(f"\r\n--{boundary}\r\nContent-Type: text/html; {coding}", letter.html, is_html=True),
        ),
        f"\r\n--{boundary}--\r\n".encode(),
    )
