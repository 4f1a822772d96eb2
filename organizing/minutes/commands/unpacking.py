"""A committee comes from another server: its minutes are written anew, beside its meetings."""

from __future__ import annotations

from collections import defaultdict

from committees.membership.models import Membership
from committees.resettling.chest import Chest, Line
from committees.resettling.parts import language
from committees.resettling.register import Coming
from organizing.meetings.models import AgendaItem, Meeting
from organizing.minutes import rules
from organizing.minutes.models import Item, ItemState, Minutes, State
from organizing.minutes.parcels import FILE, Key, key

MOST_VERSIONS, MOST_PASSAGES = 1000, 400


def unpack(coming: Coming, chest: Chest) -> None:
    """What was approved, each version, and who does what."""
    there: dict[Key, list[Meeting]] = defaultdict(list)
    for meeting in Meeting.objects.filter(committee=coming.committee).called().order_by("starts_at", "pk"):
        there[key(meeting)].append(meeting)
    for line in chest.rows(FILE):
        same = there[line.day("day"), line.clock("clock").replace(tzinfo=None), line.text("subject", 140)]
        nth = line.number("nth")
        if nth >= len(same):
            raise line.wrong("nth")
        _version(coming, same[nth], line)


def _by(coming: Coming, line: Line, name: str) -> Membership:
    by = coming.member(line.number(name))
    if by is None:
        raise line.wrong(name)
    return by


def _version(coming: Coming, meeting: Meeting, line: Line) -> None:
    by, approved_by, at = _by(coming, line, "by"), _by(coming, line, "approved_by"), min(line.instant("approved_at"), coming.at)
    made = Minutes(
        committee=coming.committee,
        meeting=meeting,
        version=line.number("version", least=1, most=MOST_VERSIONS),
        state=State.APPROVED,
        language=language(line, "language"),
        general=line.text("general", rules.LONGEST_TEXT),
        decisions=line.text("decisions", rules.LONGEST_TEXT),
        reason=line.text("reason", rules.LONGEST_REASON),
        passages=[_passage(each) for each in line.lines("passages", most=MOST_PASSAGES)],
        by=by,
        changed_at=at,
        shown_at=at if by == approved_by else None,
        approved_by=approved_by,
        approved_at=at,
    )
    made.save(force_insert=True)
    Item.objects.bulk_create(_item(coming, made, each) for each in line.lines("items", most=rules.MOST_ITEMS))


def _passage(line: Line) -> dict[str, str]:
    return {
        "subject": line.text("subject", 140),
        "visibility": str(line.choice("visibility", AgendaItem.Visibility)),
        "text": line.text("text", rules.LONGEST_PASSAGE),
    }


def _item(coming: Coming, minutes: Minutes, line: Line) -> Item:
    """What is open, and was given to somebody; on the other server they are told once they took their place and it is given to them."""
    state = line.choice("state", ItemState)
    owner, due = coming.member(line.maybe_number("owner")), line.day("due")
    if not 2000 <= due.year <= 2200:
        raise line.wrong("due")
    return Item(
        committee=coming.committee,
        meeting=minutes.meeting,
        minutes=minutes,
        owner=owner,
        what=line.text("what", rules.LONGEST_WHAT, least=1),
        due=due,
        state=state,
        settled_at=None if state == ItemState.OPEN else min(line.instant("settled_at"), coming.at),
    )
