"""Taking a returned mail apart, whatever it is made of: reports as fields, the rest as text. Never the mail that was sent."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from html import unescape

#: More of one message is not read. A report stands at its beginning; what follows is the mail that came back.
LONGEST = 256 * 1024
_MOST_PARTS, _DEEPEST, _LONGEST_TEXT, _LONGEST_LINE, _MOST_GROUPS = 60, 12, 24_000, 600, 60
#: Deeper than any mailer nests, and shallow enough for the standard library, which calls itself for each level.
_MOST_MULTIPARTS = 80
_MULTIPART = re.compile(rb"content-type:\s{0,8}(?:multipart|message)/", re.IGNORECASE)
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60})[ \t]*:[ \t]*(.*)")
#: What a group of fields begins or goes on with; such groups stand in plain text too, where the MIME around them is broken.
_OF_REPORTS = frozenset({"final-recipient", "original-recipient", "action", "status", "diagnostic-code", "remote-mta"})
#: From here on it is the mail that was sent. Nothing of it is read: whoever wrote it could write codes and phrases into it.
_SENT = re.compile(
    r"^[\s>*=#|.-]*(?:"
    r"(?:this is|below is|below this line is|included is|what follows is|here is)\s+(?:a|the)\s+(?:copy|header|text|original)"
    r"|(?:the\s+)?(?:header|headers|body|text)\s+of\s+the\s+original"
    r"|(?:the\s+)?(?:original|unsent|returned|undelivered|failed)\s+(?:message|mail)(?:\s+(?:follows|headers?|text|info))?\s*[:.-]*\s*$"
    r"|original\s+(?:message|mail)\s+(?:follows|headers?|info)"
    r"|message\s+headers?\s+follow"
    r"|(?:return-path|received)\s*:\s*\S"
    r")",
    re.IGNORECASE,
)


@dataclass
class Opened:
    """What a returned mail is made of."""

    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/plain"
    #: What stands in it for people, up to the mail that was sent.
    text: str = ""
    #: What a mailer wrote for mailers (RFC 3464): one group of fields for each recipient, before them that of the message.
    groups: list[dict[str, str]] = field(default_factory=list)
    #: A report about a mail that arrived and was complained about (RFC 5965).
    feedback: dict[str, str] = field(default_factory=dict)
    broken: bool = False

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


def opened(raw: bytes) -> Opened:
    """The message, as far as it can be read. Never raises; `broken` where it is no message."""
    raw = raw[:LONGEST]
    if len(_MULTIPART.findall(raw)) > _MOST_MULTIPARTS:
        return Opened(broken=True)
    try:
        return _opened(email.message_from_bytes(raw))
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, IndexError):  # the parser's own ends
        return Opened(broken=True)


def _opened(message: Message) -> Opened:
    found = Opened(kind=message.get_content_type())
    for name, value in list(message.items())[:400]:
        found.headers.setdefault(name.lower(), _line(str(value)))
    texts: list[str] = []
    pages: list[str] = []
    for part in _parts(message):
        kind = part.get_content_type()
        if kind == "message/feedback-report":
            found.feedback = found.feedback or _merged(_groups(_said(part)))
        elif kind.startswith("message/") and kind.endswith("delivery-status"):
            found.groups += _groups(_said(part), unfolded=True)
        elif kind == "text/html":
            pages.append(_plain(_said(part)))
        elif not part.is_multipart() and (kind == "text/plain" or part is message or kind.startswith("multipart/")):
            texts.append(_said(part))
    found.text = _before_the_mail("\n".join(texts if any(each.strip() for each in texts) else pages)[: 4 * _LONGEST_TEXT])
    if not found.groups:
        found.groups = [group for inner in _passed_on(message) for group in _groups(_said(inner), unfolded=True)]
    if not found.groups:
        found.groups = [group for group in _groups(found.text) if "action" in group or "status" in group]
    found.groups = found.groups[:_MOST_GROUPS]
    return found


def _parts(message: Message) -> Iterator[Message]:
    """The parts in their order, but nothing of what stands inside a returned mail."""
    left, n = [(message, 0)], 0
    while left and n < _MOST_PARTS:
        part, depth = left.pop()
        n += 1
        yield part
        inside = part.get_payload()
        if isinstance(inside, list) and part.get_content_maintype() == "multipart" and depth < _DEEPEST:
            left += [(each, depth + 1) for each in reversed(inside) if isinstance(each, Message)]


def _passed_on(message: Message) -> Iterator[Message]:
    """The reports within a report that a gateway wrapped into one of its own. None of our mails has such a part, whatever
    somebody wrote into one."""
    for part in _parts(message):
        inside = part.get_payload()
        if part.get_content_type() != "message/rfc822" or not isinstance(inside, list):
            continue
        for inner in inside[:1]:
            if isinstance(inner, Message) and inner.get_content_type() == "multipart/report":
                yield from (each for each in _parts(inner) if each.get_content_type() == "message/delivery-status")


def _said(part: Message) -> str:
    """The text of a part; of a report, whose groups the parser takes for messages, each group with a blank line after it."""
    inside = part.get_payload()
    if isinstance(inside, list):
        return "\n\n".join(_fields(each) for each in inside[: _MOST_GROUPS + 1] if isinstance(each, Message))[:_LONGEST_TEXT]
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    payload = payload[: 4 * _LONGEST_TEXT]
    for charset in (_charset(part), "utf-8"):
        try:
            return payload.decode(charset).replace("\r\n", "\n")
        except (LookupError, ValueError):
            continue
    return payload.decode("latin-1").replace("\r\n", "\n")


def _fields(group: Message) -> str:
    rest = group.get_payload()
    lines = [f"{name}: {value}" for name, value in list(group.items())[:100]]
    return "\n".join([*lines, rest[:_LONGEST_TEXT]] if isinstance(rest, str) else lines)


def _charset(part: Message) -> str:
    """Only codecs of text: others unpack."""
    name = (part.get_content_charset() or "utf-8").lower()
    return (
        name
        if re.fullmatch(r"(?:us-ascii|utf-?[178]|iso-?[\w-]{1,14}|windows-\d{3,4}|cp\d{3,4}|koi8-[ru]|shift_?jis|euc-\w{2}|big5|gbk?\d{0,5}|gb\d{4,5})", name)
        else "utf-8"
    )


def _plain(page: str) -> str:
    """HTML as text, roughly: its words, a line for each block."""
    page = re.sub(r"<(?:style|script)\b[^>]{0,500}>[^<]{0,20000}", " ", page[:_LONGEST_TEXT], flags=re.IGNORECASE)
    page = re.sub(r"<(?:br|p|div|tr|li|/p|/div|/tr)\b[^>]{0,500}>", "\n", page, flags=re.IGNORECASE)
    return unescape(re.sub(r"<[^<>]{0,1000}>", " ", page))


def _before_the_mail(text: str) -> str:
    """The text up to where the mail begins that came back."""
    kept: list[str] = []
    size = 0
    for line in (each[:_LONGEST_LINE].replace("\x00", "") for each in text.split("\n")):
        size += len(line) + 1
        if size > _LONGEST_TEXT or (_SENT.match(line) and "".join(kept).strip()):
            break
        kept.append(line)
    return "\n".join(kept)


def _line(value: str) -> str:
    return " ".join(value.encode("utf-8", "replace").decode("utf-8")[:2000].split())


def _groups(text: str, *, unfolded: bool = False) -> list[dict[str, str]]:
    """Fields (`Name: value`, folded lines joined), group by group. What is no field ends a group, as a blank line does; in what is
    nothing but fields (`unfolded`) it goes on with the last one, for some mailers do not fold their lines."""
    groups: list[dict[str, str]] = [{}]
    last = ""
    for line in (each[:_LONGEST_LINE] for each in text.split("\n")):
        match = _FIELD.match(line)
        goes_on = line[:1] in (" ", "\t") or (unfolded and match is None and not line.startswith("--"))
        if last and goes_on and line.strip():
            groups[-1][last] = f"{groups[-1][last]} {line.strip()}"[:2000]
        elif match is None:
            last = ""
            if groups[-1]:
                groups.append({})
        else:
            last = match[1].lower()
            if last in groups[-1] and last in ("final-recipient", "original-recipient", "action"):
                groups.append({})
            last = last if last not in groups[-1] else f"{last}*"  # said twice: the first counts
            groups[-1].setdefault(last, match[2].strip()[:2000])
    return [group for group in groups if (_OF_REPORTS | {"feedback-type", "reporting-mta"}) & set(group)][: _MOST_GROUPS + 1]


def _merged(groups: list[dict[str, str]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for group in groups:
        for name, value in group.items():
            merged.setdefault(name, value)
    return merged
