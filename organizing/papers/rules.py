"""How many documents there may be, what they are sent as, and what is said of a file that is not taken. Rows in hand, no queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from committees.base.errors import Refused
from committees.membership.roles import Power
from organizing.papers.models import Kind

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from organizing.meetings.models import Meeting
    from organizing.papers.models import Paper

MOST_AT_A_POINT, MOST_OF_A_MEETING = 5, 30
#: Bytes of all documents of one committee.
MOST_OF_A_COMMITTEE = 200 * 1024 * 1024

#: Why a file was not taken (cleaning.NotTaken), in words.
REASONS = {
    "empty": _("There is nothing in this file."),
    "too_large": _("This file is too large. It may have 10 MB."),
    "too_many_points": _("This picture is too large. It may have 25 megapixels; make it smaller and send it again."),
    "too_many_pages": _("This document has more than 1,000 pages. Split it."),
    "broken": _("This file cannot be read. It may be damaged."),
    "locked": _("This document is locked with a password. Save it without one."),
    "office": _("This is a document of an office program, which keeps names and earlier words. Save it as a PDF and send that."),
    "other_picture": _("Pictures and films of this kind are not taken. Save it as a JPEG or PNG."),
    "markup": _("Web pages and drawings made of code are not taken. Save it as a PDF or a picture."),
    "unknown": _("This kind of file is not taken. A PDF, a picture (JPEG, PNG, WebP, GIF) or plain text is."),
    "too_much": _("This file could not be cleaned. Save it anew as a PDF or a picture, and send that."),
    "busy": _("Other files are being cleaned right now. Please send it again."),
}

SENT_AS = {
    Kind.PDF: ("application/pdf", ".pdf"),
    Kind.JPEG: ("image/jpeg", ".jpg"),
    Kind.PNG: ("image/png", ".png"),
    Kind.TEXT: ("text/plain; charset=utf-8", ".txt"),
}


def keeps(member: Membership, meeting: Meeting) -> bool:
    """Whether this member hangs documents on the points of a meeting: the host's organizers do."""
    return Power.CALL_MEETING in member.powers and member.committee_id == meeting.committee_id


def require_room(*, at_point: int, of_meeting: int, bytes_of_committee: int, size: int) -> None:
    """Raises Refused where there are as many as there may be already."""
    if at_point >= MOST_AT_A_POINT:
        raise Refused(
            ngettext("There is already %(n)s document at this point.", "There are already %(n)s documents at this point.", at_point) % {"n": at_point},
            field="point",
        )
    if of_meeting >= MOST_OF_A_MEETING:
        raise Refused(_("This meeting has as many documents as it may. Take one away first."), field="file")
    if bytes_of_committee + size > MOST_OF_A_COMMITTEE:
        raise Refused(_("The documents of your committee fill all the room there is. Take some of older meetings away first."), field="file")


def file_name(paper: Paper) -> str:
    """As what it is saved: its name, and the ending of what it is."""
    name = "".join(letter for letter in paper.name if letter.isprintable() and letter not in '\\/:*?"<>|%').strip(" .")
    return f"{name or 'document'}{SENT_AS[Kind(paper.kind)][1]}"


def plain_file_name(paper: Paper) -> str:
    """The same in the letters that every program knows (RFC 6266, for those that do not read `filename*`)."""
    return f"{slugify(paper.name)[:60] or 'document'}{SENT_AS[Kind(paper.kind)][1]}"
