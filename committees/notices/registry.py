"""What a kind of notice means: registered once by the room that posts it, in its `apps.ready()`.

    registry.register(Kind(
        name="meetings/called", label=_("A meeting is called"), group="meetings",
        audience=lambda notice: Membership.objects.present().filter(committee_id=notice.committee_id).values_list("person_id"),
        matters=still_members_and_still_called, context=words_of_the_meeting, personal=times, url=page_of_the_meeting,
        reach=Reach.UNTOLD))

The words stand in `templates/<room>/notices/<kind>.subject.txt` and `.txt` and, where a plain rendering of the text
is not enough, `.html`. They are used at the levels *kind* and *full* (`level` is in the context, and `full` is true or
false); the neutral level is the same for every kind. What differs from person to person is written `{{ personal.time }}` and filled in after the template was rendered once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from committees.notices.models import Channel, Level, Notice

if TYPE_CHECKING:
    from committees.people.models import Person

__all__ = ["Channel", "Kind", "Level", "Notice", "Reach", "Reader", "every_minute", "group", "kind", "known", "register"]


#: The group of digests themselves. No line of the preferences page: who stops it stops each list that comes by it.
DIGESTS = "digests"


@dataclass(frozen=True, slots=True)
class Reader:
    """One person at the moment of sending."""

    person_id: int
    language: str
    zone: str


class Reach(StrEnum):
    """Which part of the audience a notice goes to, by what they were told about the same thing before.

    A move supersedes the call. Those whom the call had reached get "moved" (TOLD); those whom it had not get the call
    again, at its new version (UNTOLD). A cancellation goes to those who were told, and to nobody else.
    """

    ALL = "all"
    TOLD = "told"
    UNTOLD = "untold"


type Audience = Callable[[Notice], Any]
type Matters = Callable[[Notice, set[int]], set[int]]
type Context = Callable[[Notice, str, Level], dict[str, Any]]
type Personal = Callable[[Notice, Mapping[int, Reader]], Mapping[int, Mapping[str, str]]]


def nobody_else(notice: Notice) -> list[int]:
    """The audience of kinds that are always posted with `to=`."""
    return []


def everyone(notice: Notice, person_ids: set[int]) -> set[int]:
    """`matters` of a kind that nothing can overtake."""
    return person_ids


def nothing_else(notice: Notice, person_ids: set[int]) -> tuple[tuple[str, int], ...]:
    return ()


def keep_all(notice: Notice, person_ids: set[int]) -> None:
    """Of most notices there is nothing to let go."""


def no_words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of notice. `audience` is asked when it is due, `matters` again at the moment of sending."""

    name: str
    label: str | Promise
    group: str
    url: Callable[[Notice], str]
    #: Person ids, best as a QuerySet (`.values_list("person_id")`): ten thousand are then one statement.
    audience: Audience = nobody_else
    #: Of these people, who should still get this version of it. One query for all.
    matters: Matters = everyone
    #: For the templates, once per notice, language and level. The language is active.
    context: Context = no_words
    #: Per person: what fills `{{ personal.… }}`. Gets a mapping of person ids to Reader (language, zone); one query for all.
    personal: Personal | None = None
    reach: Reach = Reach.ALL
    #: Where the thing itself was never told of, but what it belongs to was: then all are meant, whatever the reach.
    told_elsewhere: Callable[[Notice], bool] | None = None
    #: Before everything that is not urgent.
    urgent: bool = False
    ignores_quiet_hours: bool = False
    unsubscribable: bool = True
    #: About the account itself: cannot be switched off, has no unsubscribe link.
    security: bool = False
    channels: frozenset[str] | set[str] = frozenset({Channel.INAPP, Channel.EMAIL, Channel.PUSH})
    #: Notices with the same thread lie together in a mail program.
    thread: Callable[[Notice], str | None] | None = None
    #: Shown in the inbox only while the reader may enter the committee that the notice was posted for.
    #: False for what is told to people outside, such as an applicant.
    members_only: bool = True
    #: The lines in one reader's inbox, by the notices' ids; their `about` is there, read in bulk. Without it: the label.
    headlines: Callable[[Sequence[Notice], Reader], Mapping[int, str]] | None = None
    #: The same lines for somebody of whom `matters` has just said that they are meant (a digest): asks the database nothing. Else `headlines`.
    lines: Callable[[Sequence[Notice], Reader], Mapping[int, str]] | None = None
    #: What else a batch speaks of: the things (model, id) of which nobody may change one while it goes out.
    speaks_of: Callable[[Notice, set[int]], Iterable[tuple[str, int]]] = nothing_else
    #: Called before who is meant is read, with the locks in hand: lets go of what has been overtaken inside the notice itself.
    let_go: Callable[[Notice, set[int]], None] = keep_all
    #: Who may see how a notice goes out (the report's own address asks this).
    may_watch: Callable[[Person, Notice], bool] | None = None

    def __post_init__(self) -> None:
        room, _slash, name = self.name.partition("/")
        if not room or not name:
            raise ValueError(f"a kind is named room/name, not {self.name}")

    @property
    def may_be_off(self) -> bool:
        return self.unsubscribable and not self.security

    @property
    def may_be_gathered(self) -> bool:
        """Whether it can wait for a digest: not what is urgent or comes in quiet hours too, and not a digest."""
        return self.may_be_off and not self.urgent and not self.ignores_quiet_hours and self.group != DIGESTS

    def template(self, ending: str) -> str:
        room, _slash, name = self.name.partition("/")
        return f"{room}/notices/{name}.{ending}"


@dataclass(frozen=True)
class Group:
    """One line on the preferences page."""

    name: str
    label: str | Promise
    hint: str | Promise = ""
    #: Whether one may wish otherwise for a single committee; not where notices come from committees that are not the reader's own.
    by_committee: bool = True
    #: Whether a browser that may be told at all is told of these unless its reader says no.
    pushed: bool = False


_kinds: dict[str, Kind] = {}
_groups: dict[str, Group] = {}
_ticks: list[Callable[[datetime], Any]] = []
_committees: list[Callable[[Any], Mapping[int, str]]] = []
_names: list[Callable[[Iterable[int]], Mapping[int, str]]] = []


def register(new: Kind) -> None:
    """Add a kind. Registering the name again replaces it, so that a second `ready()` does no harm."""
    _kinds[new.name] = new


def kind(name: str) -> Kind:
    """The kind of that name. KeyError, with the name, for one that no room registered."""
    return _kinds[name]


def is_known(name: str) -> bool:
    """Whether a room still posts this kind: rows may outlive it."""
    return name in _kinds


def known() -> tuple[Kind, ...]:
    """Every kind, by name."""
    return tuple(_kinds[name] for name in sorted(_kinds))


def group(name: str, *, label: str | Promise, hint: str | Promise = "", by_committee: bool = True, pushed: bool = False) -> None:
    """Name a line of the preferences page; kinds join it by `Kind.group`."""
    _groups[name] = Group(name, label, hint, by_committee, pushed)


def groups() -> tuple[Group, ...]:
    """The lines of the preferences page: groups in which at least one kind may be switched off."""
    wanted = {each.group for each in _kinds.values() if each.may_be_off}
    return tuple(each for each in _groups.values() if each.name in wanted - {DIGESTS})


def is_pushed_unasked(name: str) -> bool:
    """Whether notices of this group go by push to whoever said nothing about it."""
    return name in _groups and _groups[name].pushed


def pushed_groups() -> set[str]:
    """The groups of which something may go by push."""
    return {each.group for each in _kinds.values() if Channel.PUSH in each.channels}


def every_minute(tick: Callable[[datetime], Any]) -> None:
    """Call `tick(at)` each minute. It asks its own rows what is due; it may run twice, and four times at once."""
    if tick not in _ticks:
        _ticks.append(tick)


def ticks() -> Iterable[Callable[[datetime], Any]]:
    return tuple(_ticks)


def named(by: Callable[[Iterable[int]], Mapping[int, str]]) -> None:
    """Registered once by the room that knows: `by(ids)` gives the names of these committees, for people who were told of them."""
    _names[:] = [by]


def names_of(committee_ids: Iterable[int]) -> dict[int, str]:
    """What these committees are called."""
    ids = set(committee_ids)
    return dict(_names[0](ids)) if _names and ids else {}


def committees(of: Callable[[Any], Mapping[int, str]]) -> None:
    """Registered once by the room that knows: `of(person)` gives the committees that a person may enter, id to name."""
    _committees[:] = [of]


def committees_of(person: Any) -> dict[int, str]:
    """The committees that this person may enter, id to name."""
    return dict(_committees[0](person)) if _committees else {}
