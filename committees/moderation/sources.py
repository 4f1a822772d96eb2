"""The one queue: what rooms have in it, and its pages, the oldest first, in one statement whatever its length.

A room says in `apps.ready()` what of its rows waits for somebody; the page asks all rooms at once for their next few, puts
them in order, and lets each room draw its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.db.models import CharField, Count, DateTimeField, F, Q, QuerySet, Value
from django.http import HttpRequest
from django.utils.functional import Promise

if TYPE_CHECKING:
    from committees.people.models import Person

SIZE = 20
SALT = "moderation.queue"
#: Where a row's own time is not kept, it stands before all that has one.
FIRST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Key:
    """What one key of the keyboard, and the button beside it, does with a card. `act`: it is done at once, by a POST to `url`."""

    key: str
    label: str | Promise
    url: str
    act: str = ""
    css: str = "btn--line"


@dataclass(frozen=True)
class Tag:
    words: str | Promise
    css: str = ""
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """One thing in the queue, as its page shows it."""

    kind: str
    slug: str
    title: str
    place: str
    url: str
    since: datetime | None
    tags: Sequence[Tag] = ()
    text: str = ""
    language: str = ""
    taken_by: str = ""
    keys: Sequence[Key] = ()

    @property
    def pick(self) -> str:
        """How it is named when several are answered together."""
        return f"{self.kind}:{self.slug}"


type Run = Callable[["Person", str, Mapping[str, Any], datetime], str]


@dataclass(frozen=True)
class Together:
    """What can be done with several at once. `run(person, slug, data, at)` gives the command for one of them and returns what it
    was called; Refused or Http404 concern that one alone."""

    label: str | Promise
    run: Run
    form: type[forms.Form] = forms.Form
    stops: bool = False


@dataclass(frozen=True, kw_only=True)
class Source:
    """One room's part in the queue. `waiting` starts from who is asking, and leaves out what is not for them."""

    kind: str
    label: str | Promise
    waiting: Callable[[Person, datetime], QuerySet[Any]]
    cards: Callable[[Person, datetime, Sequence[int]], Mapping[int, Card]]
    #: The field that says since when it waits, and the path to its language; empty where there is none.
    since: str = ""
    language: str = ""
    #: Whether this person is shown the queue because of this source (may ask the database).
    opens: Callable[[Person], bool]
    #: Whether there can be anything for this person in it at all (must not ask).
    concerns: Callable[[Person], bool] = lambda person: True
    together: Mapping[str, Together] = field(default_factory=dict)


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source. Registering its kind again replaces it."""
    _sources[source.kind] = source


def find(kind: str) -> Source | None:
    return _sources.get(kind)


def of(person: Person) -> list[Source]:
    """The sources in which something can be for this person, in the order of their registration."""
    return [source for source in _sources.values() if source.concerns(person)]


def has_a_queue(person: Person) -> bool:
    """Whether anything could ever wait for this person."""
    return any(source.opens(person) for source in of(person))


@dataclass(frozen=True)
class Filter:
    """What of the queue somebody wants to see."""

    kind: str = ""
    language: str = ""
    hours: int = 0

    def chosen(self, person: Person) -> list[Source]:
        """A language leaves out what has none."""
        return [s for s in of(person) if self.kind in ("", s.kind) and (s.language or not self.language) and (s.since or not self.hours)]

    def rows(self, source: Source, person: Person, at: datetime) -> QuerySet[Any]:
        rows = source.waiting(person, at)
        if self.language:
            rows = rows.filter(**{source.language: self.language})
        return rows.filter(**{f"{source.since}__lte": at - timedelta(hours=self.hours)}) if self.hours else rows


@dataclass(frozen=True)
class Mark:
    """A place in the queue."""

    since: datetime
    kind: str
    pk: int

    def beyond(self, source: Source, *, forwards: bool) -> Q:
        """The rows of one source that come after this place."""
        word = "gt" if forwards else "lt"
        further = source.kind > self.kind if forwards else source.kind < self.kind
        if not source.since:
            return _beyond_constant(self, source, word=word, forwards=forwards, further=further)
        later = Q(**{f"{source.since}__{word}": self.since})
        if source.kind == self.kind:
            return later | Q(**{source.since: self.since, f"pk__{word}": self.pk})
        return Q(**{f"{source.since}__{word}e": self.since}) if further else later

    def signed(self) -> str:
        return signing.dumps([self.since.isoformat(), self.kind, self.pk], salt=SALT)

    @classmethod
    def read(cls, text: str) -> Mark | None:
        try:
            since, kind, pk = signing.loads(text, salt=SALT)
        except signing.BadSignature:
            return None
        return cls(datetime.fromisoformat(since), kind, pk)


def _beyond_constant(mark: Mark, source: Source, *, word: str, forwards: bool, further: bool) -> Q:
    """For a source whose rows all stand at FIRST."""
    if mark.since == FIRST and source.kind == mark.kind:
        return Q(**{f"pk__{word}": mark.pk})
    beyond = (mark.since < FIRST) == forwards if mark.since != FIRST else further
    return Q() if beyond else Q(pk__in=())


@dataclass(frozen=True)
class Page:
    """One page of the queue. `older` and `newer` are what base.keyset's pages have."""

    items: list[Card]
    older: str | None
    newer: str | None


def page(request: HttpRequest, person: Person, at: datetime, wanted: Filter) -> Page:
    """The page that the request asks for with ?after= or ?before=. One statement, and one for each source that is on it."""
    backwards = "before" in request.GET
    mark = Mark.read(request.GET.get("before" if backwards else "after", ""))
    backwards = backwards and mark is not None
    found = _next(person, at, wanted, mark, backwards=backwards)
    more, found = len(found) > SIZE, found[:SIZE]
    if backwards:
        found.reverse()
    has_older, has_newer = (True, more) if backwards else (more, mark is not None)
    return Page(
        _drawn(person, at, found),
        older=found[-1].signed() if found and has_older else None,
        newer=found[0].signed() if found and has_newer else None,
    )


def _next(person: Person, at: datetime, wanted: Filter, mark: Mark | None, *, backwards: bool) -> list[Mark]:
    """The next places after `mark`, one more than a page holds."""
    sign = "-" if backwards else ""
    arms = []
    for source in wanted.chosen(person):
        rows = wanted.rows(source, person, at)
        if mark is not None:
            rows = rows.filter(mark.beyond(source, forwards=not backwards))
        since = F(source.since) if source.since else Value(FIRST, DateTimeField())
        rows = rows.annotate(queue_since=since, queue_kind=Value(source.kind, CharField()), queue_pk=F("pk"))
        order = [f"{sign}{source.since}"] if source.since else []
        arms.append(rows.order_by(*order, f"{sign}pk").values_list("queue_since", "queue_kind", "queue_pk")[: SIZE + 1])
    if not arms:
        return []
    first, *rest = arms
    if rest:
        first = first.union(*rest, all=True).order_by(f"{sign}queue_since", f"{sign}queue_kind", f"{sign}queue_pk")[: SIZE + 1]
    return [Mark(*row) for row in first]


def _drawn(person: Person, at: datetime, places: list[Mark]) -> list[Card]:
    """The cards at these places; what was answered in this very moment is left out."""
    draw = {source.kind: source.cards for source in of(person)}
    wanted: dict[Callable[..., Any], list[int]] = {}
    for place in places:
        wanted.setdefault(draw[place.kind], []).append(place.pk)
    drawn = {cards: cards(person, at, ids) for cards, ids in wanted.items()}  # two kinds of one table are drawn by one function
    return [card for place in places if (card := drawn[draw[place.kind]].get(place.pk))]


def counts(person: Person, at: datetime) -> list[tuple[Source, int]]:
    """How much of each kind waits for this person. One statement."""
    known = of(person)
    arms = [
        source.waiting(person, at).order_by().annotate(queue_kind=Value(source.kind, CharField())).values("queue_kind").annotate(number=Count("pk"))
        for source in known
    ]
    if not arms:
        return []
    numbers = {row["queue_kind"]: row["number"] for row in arms[0].union(*arms[1:], all=True)}
    return [(source, numbers.get(source.kind, 0)) for source in known]


def waiting_for(person: Person, at: datetime) -> int:
    """How much waits for this person in all."""
    return sum(number for _source, number in counts(person, at))
