"""A whole list, from file to verdicts: batch by batch, so that memory stays flat and a bad row never stops a good one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import batched

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.directory import places, queries
from committees.directory.commands import naming, taking
from committees.directory.commands.taking import Outcome
from committees.directory.imports import headings
from committees.directory.imports.columns import Table
from committees.directory.imports.propose import Reading, propose
from committees.directory.imports.reading import File, Record, Source
from committees.directory.imports.rows import Maker
from committees.directory.imports.sites import Reason, Site, Unusable, Verdict

BATCH = 500
#: A row that names several places has several outcomes; the row's verdict is the first of these that occurs.
_WEIGHT = (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.DUPLICATE, Verdict.ERROR)


#: Employer's key → its other names, its mail domains.
type Named = dict[str, tuple[set[str], set[str]]]


@dataclass(frozen=True)
class Answer:
    """The verdict on one row of the file."""

    row: int
    verdict: Verdict
    reason: str = ""
    changed: tuple[str, ...] = ()


@dataclass
class Import:
    """One list on its way in. Go through it once: each step takes a batch in and yields the verdicts on its rows.

    Or batch by batch (`batches`, `take`, `finish`), where somebody writes down how far it came: `met` and `named` say what a
    later run must be told by `remember` to go on behind the last batch as if it had done them all.
    """

    path: File
    #: Field → heading of its column, or the column's number from 0; "" or None where the list has no such column.
    given: Mapping[str, str | int | None] = field(default_factory=dict)
    country: str = ""
    dry_run: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Reads the headings and settles what the columns are. Refused when the file or its columns cannot be told."""
        if self.country and not places.country(self.country):
            raise Refused(_("No country is called %(country)s.") % {"country": self.country})
        self.country = places.country(self.country)
        self.source = Source(self.path)
        self.reading: Reading = propose(Table.of(self.source, queries.employer_keys), given=self._given(), country=self.country)
        self.maker = Maker(self.reading, self.source.headings)
        self._seen: set[bytes] = set()
        self._employers: Named = {}
        #: Of the last batch: digests of the sites that it met, and other names and domains of employers that it said.
        self.met: list[bytes] = []
        self.named: Named = {}

    @property
    def mapping(self) -> dict[str, str]:
        """Field → heading of the column that it is read from."""
        return {name: self.source.headings[index] for name, index in self.reading.columns.items()}

    def __iter__(self) -> Iterator[Answer]:
        for records in self.batches():
            for answer in self.take(records):
                self.counts[answer.verdict] += 1
                if answer.reason:
                    self.reasons[answer.reason] += 1
                yield answer
        self.finish()

    def batches(self, *, after: int = 0) -> Iterator[tuple[Record, ...]]:
        """The rows behind that row of the file, a batch at a time."""
        return batched((record for record in self.source if record.number > after), BATCH)

    def remember(self, met: Iterable[bytes], named: Named) -> None:
        """What an earlier run did, which this one goes on with."""
        self._seen.update(met)
        _join(self._employers, named)

    def _given(self) -> dict[str, int | None]:
        """What --map says, as numbers of columns. Refused for a field or column that there is not."""
        found: dict[str, int | None] = {}
        for name, column in self.given.items():
            if name not in headings.FIELDS:
                raise Refused(_("No field is called %(name)s. Fields: %(fields)s.") % {"name": name, "fields": ", ".join(headings.FIELDS)})
            found[name] = None if column in {"", "-", None} else self._column(column)
        return found

    def _column(self, said: str | int) -> int:
        if isinstance(said, int):
            return said
        exact = [i for i, heading in enumerate(self.source.headings) if heading == said]
        near = exact or [i for i, heading in enumerate(self.source.headings) if headings.words(heading) == headings.words(said)]
        if not near and said.removeprefix("#").isdigit() and 1 <= int(said.removeprefix("#")) <= len(self.source.headings):
            near = [int(said.removeprefix("#")) - 1]
        if not near:
            raise Refused(_("No column is called %(column)s. Columns: %(columns)s.") % {"column": said, "columns": ", ".join(self.source.headings)})
        return near[0]

    def take(self, records: tuple[Record, ...]) -> list[Answer]:
        """One batch: the verdict on each of its rows."""
        self.met, self.named = [], {}
        rows: list[tuple[Record, list[Site], Reason | None]] = []
        for record in records:
            try:
                rows.append((record, self.maker.sites(record), None))
            except Unusable as no:
                rows.append((record, [], no.reason))
        every = self._take_in([site for _record, sites, _no in rows for site in sites])
        self.met = [digest for outcome in every for digest in outcome.digests]
        outcomes = iter(every)
        return [self._answer(record, [next(outcomes) for _site in sites], no) for record, sites, no in rows]

    def _answer(self, record: Record, outcomes: list[Outcome], no: Reason | None) -> Answer:
        if no is not None:
            return Answer(record.number, Verdict.ERROR, no.value)
        best = min(outcomes, key=lambda outcome: _WEIGHT.index(outcome.verdict))
        return Answer(record.number, best.verdict, best.reason.value if best.reason else "", best.changed)

    def _take_in(self, sites: list[Site]) -> list[Outcome]:
        """A batch; site by site where the database refuses one of them."""
        for site in sites:
            if site.employer_aliases or site.domains:
                _join(self.named, {site.employer_key: (set(site.employer_aliases), set(site.domains))})
        _join(self._employers, self.named)
        try:
            with transaction.atomic():
                return taking.take_in(sites, seen=self._seen, dry_run=self.dry_run)
        except DatabaseError:
            return [self._take_alone(site) for site in sites]

    def _take_alone(self, site: Site) -> Outcome:
        try:
            with transaction.atomic():
                return taking.take_in([site], seen=self._seen, dry_run=self.dry_run)[0]
        except DatabaseError:
            return Outcome(Verdict.ERROR, Reason.REFUSED)

    def finish(self) -> None:
        """Other names and domains of employers come last, so that they cannot change who the rows of this list mean."""
        if self.dry_run or not self._employers:
            return
        for key, employer in queries.employers_by_key(self._employers).items():
            aliases, domains = self._employers[key]
            naming.name_employer(employer, aliases=sorted(aliases), domains=sorted(domains))


def _join(into: Named, named: Named) -> None:
    for key, (aliases, domains) in named.items():
        have = into.setdefault(key, (set(), set()))
        have[0].update(aliases)
        have[1].update(domains)
