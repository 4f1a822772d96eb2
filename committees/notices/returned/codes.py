"""Codes in what a mail server says: reply codes (RFC 5321), enhanced status codes (RFC 3463 and IANA's list), and what was asked
when it answered."""

from __future__ import annotations

import re

from committees.notices.returned.phrases import Reason

_STATUS = r"[245]\.\d{1,3}\.\d{1,3}"
#: Not a piece of an IP address or of a version number.
_ENHANCED = re.compile(rf"(?<![\d.\[])({_STATUS})(?![\d]|\.\d)")
_WITH_REPLY = re.compile(rf"(?<![\d.:])([45]\d\d)[ -]+(?:[45]\d\d[ -]+)?\(?#?({_STATUS})(?![\d]|\.\d)")
_REPLY = re.compile(r"(?:^|[\s\[<:(,'\"])([45]\d\d)(?=$|[\s:,;>\]'\"-])", re.MULTILINE)
_PHASES = (
    ("rcpt", re.compile(r"\brcpt(?:[ _]?to)?\b", re.IGNORECASE)),
    (
        "data",
        re.compile(r"(?:reply to (?:the )?(?:end of )?|>>> ?|smtp command |after (?:end of )?|our final |during |\()data\b|\btext command\b", re.IGNORECASE),
    ),
    ("mail", re.compile(r"\bmail from\b(?!:\s*\S+@\S+\s*\n\s*rcpt)", re.IGNORECASE)),
)

#: What a status means where the words beside it say nothing. By the last two numbers, else by the middle one.
_MEANS = {
    "1.0": Reason.USER_UNKNOWN, "1.1": Reason.USER_UNKNOWN, "1.2": Reason.HOST_UNKNOWN, "1.3": Reason.USER_UNKNOWN, "1.4": Reason.UNKNOWN,
    "1.6": Reason.HAS_MOVED, "1.7": Reason.REJECTED, "1.8": Reason.REJECTED, "1.9": Reason.SYSTEM, "1.10": Reason.NOT_ACCEPTING,
    "2.0": Reason.FILTERED, "2.1": Reason.SUSPENDED, "2.2": Reason.MAILBOX_FULL, "2.3": Reason.TOO_BIG, "2.4": Reason.FILTERED,
    "3.1": Reason.SYSTEM, "3.2": Reason.SYSTEM, "3.4": Reason.TOO_BIG, "3.5": Reason.SYSTEM, "3.0": Reason.SYSTEM,
    "4.0": Reason.EXPIRED, "4.1": Reason.EXPIRED, "4.2": Reason.EXPIRED, "4.3": Reason.SYSTEM, "4.4": Reason.HOST_UNKNOWN, "4.5": Reason.TOO_MANY,
    "4.6": Reason.NETWORK, "4.7": Reason.EXPIRED,
    "6.0": Reason.CONTENT, "7.0": Reason.POLICY, "7.1": Reason.POLICY, "7.8": Reason.SECURITY, "7.9": Reason.POLICY, "7.25": Reason.NO_PTR,
}  # fmt: skip
_MEANS |= {f"7.{n}": Reason.AUTHENTICATION for n in (20, 21, 22, 23, 24, 26, 27, 29, 30)}
_MEANS_ROUGHLY = {"5": Reason.SYNTAX, "6": Reason.CONTENT}
#: Where there is no status at all one is made up, as others who read returned mails do: in the 900s, which no server sends.
_OURS = {
    Reason.UNKNOWN: 901, Reason.RELAY: 909, Reason.FILTERED: 910, Reason.USER_UNKNOWN: 911, Reason.HOST_UNKNOWN: 912, Reason.HAS_MOVED: 916,
    Reason.REJECTED: 918, Reason.SUSPENDED: 921, Reason.MAILBOX_FULL: 922, Reason.NOT_ACCEPTING: 932, Reason.TOO_BIG: 934, Reason.NETWORK: 944,
    Reason.EXPIRED: 947, Reason.SECURITY: 970, Reason.BLOCKED: 971, Reason.NO_PTR: 973, Reason.AUTHENTICATION: 974, Reason.POLICY: 975,
    Reason.SPAM: 980, Reason.TOO_MANY: 981, Reason.MAILER: 992, Reason.SYSTEM: 993, Reason.CONTENT: 994, Reason.SYNTAX: 995,
}  # fmt: skip


def status_in(text: str) -> str:
    """The last status that a server said. One beside a reply code counts more than one by itself."""
    beside = _WITH_REPLY.findall(text)
    if beside:
        return str(beside[-1][1])
    alone = _ENHANCED.findall(text)
    return str(alone[-1]) if alone else ""


def reply_in(text: str, *, at: int = 0) -> str:
    """The reply code that belongs to what stands `at` some place: the last one before it, else the first one after."""
    before, after = text[max(0, at - 200) : at], text[at:]
    said = _REPLY.findall(before)
    return str(said[-1]) if said else next((str(code) for code in _REPLY.findall(after[:400])), "")


def field_status(value: str) -> str:
    """The status in a `Status:` field, whatever comment follows."""
    match = re.match(rf"\s*({_STATUS})(?!\d)", value)
    return match[1] if match else ""


def phase_in(text: str) -> str:
    """What the server was asked when it said no (rcpt, data, mail), by what is named first; empty where nothing tells."""
    found = [(match.start(), name) for name, words in _PHASES if (match := words.search(text))]
    return min(found)[1] if found else ""


def meant(status: str, *, roughly: bool = True) -> Reason | None:
    """What a status means by itself; None for one that says nothing (5.0.0, and most of 5.7)."""
    detail = status.partition(".")[2]
    return _MEANS.get(detail) or (_MEANS_ROUGHLY.get(detail.partition(".")[0]) if roughly else None)


def made_up(reason: Reason, *, temporary: bool) -> str:
    """A status for what came without one."""
    number = _OURS.get(reason)
    return f"{4 if temporary else 5}.0.{number}" if number else ""
