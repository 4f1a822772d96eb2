"""From a returned mail to what it says of each recipient: status, reason, and whether the address is dead.

What counts as dead is decided here and nowhere else (`_is_hard`), and in doubt it is not: a mail that is not sent to somebody whose
address works is worse than one more that comes back. What is not hard adds up (rules.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from committees.notices.returned import codes, phrases
from committees.notices.returned.opening import Opened, opened
from committees.notices.returned.phrases import Reason

#: The address itself is of no use, whoever writes to it.
DEAD = frozenset({Reason.USER_UNKNOWN, Reason.HOST_UNKNOWN, Reason.HAS_MOVED, Reason.NOT_ACCEPTING})
_MOST_BOUNCES = 50

_MAILERS = re.compile(r"mailer[-_ ]?daemon|post_?master|mail[ .]deliver(?:y|er)|^\s*<>|content-filter|delivery (?:sub)?system", re.IGNORECASE)
_FAILURE = re.compile(
    r"undeliver|returned (?:e-?)?mail|(?:delivery|mail) (?:status|failure|failed|notification|report)|failure notice|could not be delivered"
    r"|delivery has failed|returned to sender|failed delivery|failure delivery|error sending your mail|delayed mail",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"out of (?:the )?office|auto(?:matic)?[ -]?(?:reply|response|antwort)|\baway (?:until|from)\b|on vacation|abwesenheit|fuera de (?:la )?oficina"
    r"|respuesta autom|réponse automatique|absence du bureau|ausência temporária",
    re.IGNORECASE,
)
#: A mailing list's program that refuses a writer speaks in its own name, with no code and no mailer's name.
_OF_LISTS = re.compile(r"not (?:a )?member of (?:this|the) (?:mailing )?list", re.IGNORECASE)
_DELAYED = re.compile(
    r"warning (?:message )?only|(?:has been|is|was) delayed|will be retried|still being retried|only a temporary|(?:do not|don't) need to re-?send"
    r"|no need to resend|will (?:keep|continue) trying|delay in the delivery",
    re.IGNORECASE,
)
_RETRIED = re.compile(r"\bretry\b|\bretried\b", re.IGNORECASE)
_ADDRESS = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}"
#: A line that begins with a recipient: `<a@b>: …`, `  a@b …`, `554 <a@b>... …`.
_RECIPIENT = re.compile(rf"^[\s*>\"'-]*(?:[45]\d\d[ -](?:[45]\.\d{{1,3}}\.\d{{1,3}} )?)?<?\"?({_ADDRESS})\"?>?(?=$|[\s:;,\])(<]|\.\.\.|\.\s|\.$)", re.ASCII)
#: What stands behind an address is somebody else's answer, passed on.
_PASSED_ON = re.compile(rf"{_ADDRESS}\"?>?\s*(?:[:\[(]|\.\.\.)", re.ASCII)
#: Mailers that say in words that it was the address that was refused, not the letter.
_ADDRESS_REFUSED = re.compile(r"(?:has )?rejected address", re.IGNORECASE)
#: A report for mailers around one answer.
_REPORT = (
    b"From: mailer-daemon\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=END\r\n\r\n--END\r\n"
    b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; provider\r\n\r\nAction: failed\r\nDiagnostic-Code: smtp; %s\r\n\r\n--END--\r\n"
)


@dataclass(frozen=True)
class Bounce:
    """What became of one recipient. `delayed`: it will be tried again, or somebody is away; nothing has failed."""

    status: str
    reason: Reason
    hard: bool
    delayed: bool = False


@dataclass(frozen=True)
class Reading:
    """What a message that came back says. `complaint`: somebody pressed "this is spam", or asked for no more of it."""

    bounces: tuple[Bounce, ...] = ()
    complaint: bool = False
    #: It was no message, or one that is made to break readers.
    broken: bool = False

    @property
    def hard(self) -> bool:
        """Whether the address it was sent to is dead: all that it was passed on to are. One that lives is enough."""
        return bool(self.bounces) and all(bounce.hard for bounce in self.bounces)

    @property
    def soft(self) -> bool:
        """Whether the letter did not arrive, without the address being dead."""
        return not self.hard and any(not bounce.delayed for bounce in self.bounces)

    @property
    def first(self) -> Bounce | None:
        """The one that stands for the whole."""
        return next((bounce for bounce in self.bounces if bounce.hard == self.hard and not bounce.delayed), None)


def classify(raw: bytes) -> Reading:
    """Read any bytes. Nothing in them makes it raise, take long, or say of an address that it is dead which may live."""
    message = opened(raw)
    if message.broken:
        return Reading(broken=True)
    if message.feedback:
        return Reading(complaint=_is_complaint(message.feedback))
    return Reading(bounces=tuple(_bounces(message))[:_MOST_BOUNCES])


def classify_answer(said: str) -> Reading:
    """Read what a server said when it refused a letter for good, as a provider of mail passes it on: one answer, without a message around it."""
    flat = _unfolded(said).encode("ascii", "replace").decode()
    return classify(_REPORT % flat.encode())


def _bounces(message: Opened) -> list[Bounce]:
    reports = [group for group in message.groups if "action" in group or "status" in group or "diagnostic-code" in group]
    if reports:
        human = Human.of(message.text)
        return [each for group in reports if (each := _of_report(group, message, human))]
    if _is_from_a_mailer(message):
        return _of_text(message)
    if _is_away(message):
        return [Bounce("", Reason.VACATION, hard=False, delayed=True)]
    if _OF_LISTS.search(message.text):
        return [Bounce(codes.made_up(Reason.REJECTED, temporary=False), Reason.REJECTED, hard=False)]
    return []


def _is_complaint(feedback: dict[str, str]) -> bool:
    """Not every report is one: servers also report that a signature failed, and that something is no spam after all."""
    return feedback.get("feedback-type", "").strip().lower() in ("abuse", "fraud", "miscategorized", "complaint", "opt-out", "opt-out-list", "unsubscribe")


def _is_from_a_mailer(message: Opened) -> bool:
    if "multipart/report" in (message.kind, message.header("content-type").partition(";")[0].strip().lower()) or message.header("x-failed-recipients"):
        return True
    if _MAILERS.search(message.header("from")):
        return True
    return message.header("return-path").strip() in ("<>", "<MAILER-DAEMON>") and bool(_FAILURE.search(message.header("subject")))


def _is_away(message: Opened) -> bool:
    automatic = message.header("auto-submitted").lower().startswith("auto-replied") or any(
        message.header(name) for name in ("x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply-from")
    )
    return automatic or message.header("precedence").lower() == "auto_reply" or bool(_AWAY.search(message.header("subject")))


# -- Reports for mailers -------------------------------------------------------------------------------------------------


def _of_report(group: dict[str, str], message: Opened, text: Human) -> Bounce | None:
    """What one group of fields says; None where it arrived."""
    action = group.get("action", "").strip().lower().partition(" ")[0]
    if action in ("delivered", "relayed", "expanded"):
        return None
    kind, semicolon, said = _unfolded(group.get("diagnostic-code", "")).partition(";")
    said, is_program = said.strip() if semicolon else kind, kind.strip().lower() == "x-unix"
    human = text.about(group.get("final-recipient", "") or group.get("original-recipient", ""))
    found, words = phrases.meant(said), said
    status = _status(codes.field_status(group.get("status", "")), said, "" if found else human.flat)
    if is_program and (found is None or found[0] == Reason.USER_UNKNOWN):
        found = (Reason.MAILER, 0)  # a program behind the server failed: what it prints says nothing of the address
    if found is None and (by_code := codes.meant(status, roughly=False)):
        found = (by_code, 0)
    if found is None and (found := human.meant):
        words = human.flat
    reason = found[0] if found else codes.meant(status) or Reason.UNKNOWN
    reply = codes.reply_in(words, at=found[1] if found else 0)
    if reason == Reason.USER_UNKNOWN:
        quoted, beside = bool(reply) and words == said, f"{human.flat} {group.get('status', '')}"
        vague = _is_vague(status, codes.phase_in(said) or human.phase, quoted=quoted, text=beside)
        if vague or _answers_by_rule(group.get("reporting-mta", "") or _first_field(message, "reporting-mta")):
            reason = Reason.FILTERED
    delayed = action == "delayed"
    status = status or codes.made_up(reason, temporary=delayed or reply.startswith("4"))
    return Bounce(status, reason, _is_hard(reason, status, delayed=delayed, final=action == "failed"), delayed)


@dataclass
class Human:
    """What stands in a report for people, and what of it is about which recipient. Looked through once."""

    flat: str
    pieces: dict[str, Human]

    @classmethod
    def of(cls, text: str) -> Human:
        pieces = _by_recipient(text)
        inner = {name: cls(_unfolded(piece), {}) for name, piece in pieces.items()} if len(pieces) > 1 else {}
        return cls(_unfolded(text), inner)

    def about(self, recipient: str) -> Human:
        return self.pieces.get(recipient.rpartition(";")[2].strip(" <>").lower(), self)

    @cached_property
    def meant(self) -> tuple[Reason, int] | None:
        return phrases.meant(self.flat)

    @cached_property
    def phase(self) -> str:
        return codes.phase_in(self.flat)


def _first_field(message: Opened, name: str) -> str:
    return next((group[name] for group in message.groups if name in group), "")


def _status(field: str, said: str, human: str) -> str:
    """The status that says most: that of the server which refused, unless it says nothing; else the reporter's own."""
    by_server = codes.status_in(said)
    if by_server and not by_server.endswith(".0.0"):
        return by_server
    if (not field or field.endswith(".0.0")) and (by_text := codes.status_in(human)) and not by_text.endswith(".0.0"):
        return by_text
    return field or by_server or codes.status_in(human)


# -- Words for people ----------------------------------------------------------------------------------------------------


def _of_text(message: Opened) -> list[Bounce]:
    """What a message says that has no report for mailers in it."""
    pieces = _by_recipient(message.text)
    if len(pieces) > 1:
        told = [piece for piece in pieces.values() if phrases.meant(_unfolded(piece)) or codes.status_in(piece)]
        if told:
            return [_of_words(piece, message) for piece in told]
    text = message.text if message.text.strip() else message.header("subject")
    return [_of_words(text, message)]


def _of_words(text: str, message: Opened) -> Bounce:
    flat = _unfolded(text)
    found = phrases.meant(flat) or phrases.meant(message.header("subject"))
    reply = codes.reply_in(flat, at=found[1] if found else 0)
    status = codes.status_in(flat)
    reason = found[0] if found else codes.meant(status) or Reason.UNKNOWN
    delayed = bool(_DELAYED.search(flat) or _DELAYED.search(_unfolded(message.text[:4000])))
    if reason == Reason.USER_UNKNOWN and _is_vague(status, codes.phase_in(flat), quoted=bool(reply) or bool(_PASSED_ON.search(flat)), text=flat):
        reason = Reason.FILTERED
    retried = reason != Reason.EXPIRED and bool(_RETRIED.search(flat))
    status = status or codes.made_up(reason, temporary=delayed or retried or reply.startswith("4"))
    return Bounce(status, reason, _is_hard(reason, status, delayed=delayed, final=False), delayed)


def _by_recipient(text: str) -> dict[str, str]:
    """The text by the recipients with whom its lines begin. Said twice, in two languages, it is one."""
    pieces: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.split("\n"):
        match = _RECIPIENT.match(line)
        if match and len(pieces) < _MOST_BOUNCES:
            current = pieces.setdefault(match[1].strip(".'\"`").lower(), [])
        if current is not None:
            current.append(line)
    return {name: "\n".join(lines) for name, lines in pieces.items()}


# -- What is decided ----------------------------------------------------------------------------------------------------


def _is_vague(status: str, phase: str, *, quoted: bool, text: str) -> bool:
    """Whether "no such user" may be a filter's way of saying no.

    Said to the letter (DATA) it is: the address was taken a moment before. Said to the recipient (RCPT), or with a status that
    names the mailbox (x.1.y, x.2.1), it is meant. A bare 550 that one server passes on from another may be either.
    """
    if phase == "data":
        return True
    detail = status.partition(".")[2]
    if phase == "rcpt" or (_ADDRESS_REFUSED.search(text) and not detail.startswith("7.")):
        return False
    if detail.startswith("1.") or detail in ("2.1", "4.1"):
        return False
    return quoted or detail.startswith("7.")


def _answers_by_rule(reporter: str) -> bool:
    """Amazon's inbound servers took the letter and answer what their customer's rule says, whatever mailbox there is."""
    host = reporter.rpartition(";")[2].strip().lower()
    return host.startswith("inbound-smtp.") and host.endswith(".amazonaws.com")


def _is_hard(reason: Reason, status: str, *, delayed: bool, final: bool) -> bool:
    """Whether the address is dead. What will be tried again never is; a temporary code is believed to be one, unless the mailer has
    given up (`final`) and each server it asked said that there is no such user."""
    if delayed or reason not in DEAD:
        return False
    return not status.startswith("4") or (final and reason == Reason.USER_UNKNOWN)


def _unfolded(text: str) -> str:
    return " ".join(text[:16_000].split())
