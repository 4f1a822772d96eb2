"""Why something did not go out, in words: for those who keep the service running. The code of the mail server stands beside it."""

from __future__ import annotations

import http
from dataclasses import dataclass

from django.utils.translation import gettext as _

from committees.notices import returned, rules

#: What the sweep writes down of a batch that ended several workers.
WORKER_DIED = "its worker died each time"


@dataclass(frozen=True)
class Reason:
    """How many did not go out for one reason, as it was written down: the codes of a mail server, or what went wrong here."""

    code: str
    n: int

    @property
    def words(self) -> str:
        if self.code == "complaint":
            return _("Somebody marked it as spam.")
        if self.code in _CAME_BACK:
            return _of_returned(self.code)
        return _of_push(self.code.removeprefix("push ")) if self.code.startswith("push ") else self._sending

    @property
    def _sending(self) -> str:
        """What a mail server said to it, or what went wrong here."""
        first, _space, enhanced = self.code.partition(" ")
        if first.isascii() and first.isdigit():
            return _said(int(first), enhanced)
        if self.code == WORKER_DIED:
            return _("The program that sends it stopped each time.")
        if ": " in self.code:  # the kind, and what was missing
            return _("It could not be written. Whoever looks after the program has to mend that first.")
        return _("The mail server did not answer.")

    @property
    def code_shown(self) -> str:
        """What stands beside the words, for whoever looks it up. Nobody can do more with what only repeats them."""
        return "" if self.code == WORKER_DIED else self.code


#: The reasons of returned mails (returned.Reason).
_CAME_BACK = frozenset(returned.Reason)


def _of_push(code: str) -> str:
    """What a push service answered (RFC 8030), or that it did not."""
    if code in ("401", "403"):
        return _("The push service does not take our signature: check the server's key for push.")
    if code.isdigit() and (code == "429" or int(code) >= http.HTTPStatus.INTERNAL_SERVER_ERROR):
        return _("The push service put us off until it was too late.")
    if code.isdigit():
        return _("The push service refused it for good.")
    return _("The push service did not answer.")


def _of_returned(code: str) -> str:
    """Why mails came back, in words; the reason itself stands beside them."""
    if code in returned.DEAD:
        return _("There is no such address.")
    if code == returned.Reason.MAILBOX_FULL:
        return _("The mailbox is full.")
    if code in rules.ABOUT_US:
        return _("The mail server has something against us: check how this server sends its mail.")
    if code in (returned.Reason.EXPIRED, returned.Reason.NETWORK, returned.Reason.SYSTEM):
        return _("The mail server did not answer, or does not work.")
    return _("The mail server does not take it.")


def _said(code: int, enhanced: str) -> str:
    """What an answer of a mail server means (RFC 3463)."""
    if code < 500:
        return _("The mail server put us off until it was too late.")
    if enhanced == "5.2.2" or code == 552:
        return _("The mailbox is full.")
    if enhanced.startswith("5.7."):
        return _("The mail server has a rule against it.")
    if enhanced.startswith("5.1.") or code in (550, 551, 553):
        return _("There is no such address.")
    return _("The mail server refused it for good.")
