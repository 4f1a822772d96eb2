"""What the meetings of the demonstration said: minutes that were approved, a draft that members read, and who does what by when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from committees.membership.models import Membership
from organizing.meetings.models import Meeting
from organizing.minutes import commands as minutes
from organizing.minutes.models import Minutes
from organizing.minutes.words import Todo, Words

if TYPE_CHECKING:
    from organizing.home.demo.play import Play

FIRST, AGENCY = "What each shift wants first", "Agency workers and us"


def minuted(play: Play) -> None:
    """Coventry keeps minutes: those of its first meeting are approved, those of the next one members can read."""
    _first(play)
    shown = _agency(play)
    minutes.show(shown, seen=shown.changed_at, by=_member(play, "coventry.dock"), at=play.ago(6))


def _member(play: Play, key: str) -> Membership:
    return Membership.objects.select_related("committee", "person").with_running_roles().get(pk=play.members[key].pk)


def _write(play: Play, subject: str, words: Words, *, by: str, days_ago: float) -> Minutes:
    who, at = _member(play, by), play.ago(days_ago)
    meeting = Meeting.objects.select_related("committee").get(committee=who.committee, subject=subject)
    draft = minutes.begin(meeting, language="en", by=who, at=at)
    return minutes.write(draft, words, seen=draft.changed_at, by=who, at=at + timedelta(minutes=40))


def _todo(play: Play, what: str, key: str, days: int) -> Todo:
    return Todo(what, play.members[key].handle if key else "", (play.now + timedelta(days=days)).date())


def _first(play: Play) -> None:
    said = (
        "- Nights: the targets went up twice since spring, and nobody was asked.\n- Days: one lift for the whole mezzanine.\n- Weekend: rotas come on Thursday.",
        "We begin with the rota, because **all three shifts** have it.",
    )
    words = Words(
        "Five of us, from three shifts. Somebody led through the agenda, somebody else kept the time.",
        "We ask for rotas a week ahead.\nEach shift collects three examples until the next meeting.",
        "en",
        dict(enumerate(said)),
        (
            _todo(play, "Collect three examples from the weekend", "coventry.weekend", 3),
            _todo(play, "Write the request about rotas", "coventry.pack", 6),
            _todo(play, "Ask the agency workers on nights", "", 9),
        ),
    )
    draft = _write(play, FIRST, words, by="coventry.dock", days_ago=15)
    minutes.approve(draft, seen=draft.changed_at, heard=0, by=_member(play, "coventry.stow"), at=play.ago(14))


def _agency(play: Play) -> Minutes:
    said = (
        "Same belt, same targets, two pounds less an hour. Most of them do not dare to say it.",
        "A leaflet in two languages, given out at the gate and not inside.",
    )
    todo = _todo(play, "Print two hundred leaflets", "coventry.stow", 5)
    words = Words("", "Agency workers can join the committee as everybody else.", "en", dict(enumerate(said)), (todo,))
    return _write(play, AGENCY, words, by="coventry.stow", days_ago=7)
