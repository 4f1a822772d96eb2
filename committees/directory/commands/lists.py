"""A list of workplaces handed in with the browser: its columns settled, read once, confirmed, taken in by workers.

A worker holds a list for two minutes at a time and settles it batch by batch; each batch, what came of it and how far the list is
stand in one transaction. Whoever dies leaves a list that is whole up to its position, and the next one goes on from there.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.directory import rules
from committees.directory.commands.taking import DIGEST
from committees.directory.imports import outline, run, values
from committees.directory.imports.headings import FIELDS
from committees.directory.imports.reading import InHand, Record
from committees.directory.imports.sites import Verdict
from committees.directory.lists import KEEP
from committees.directory.models import ListPart, Stage, WorkplaceList
from committees.ledger import commands as ledger
from committees.notices import waking

if TYPE_CHECKING:
    from committees.people.models import Person

TASK = "committees.directory.tasks.work_on_list"
#: How long a worker holds a list without getting further, and how long one turn lasts: others wait for the worker too.
HOLD = timedelta(seconds=120)
TURN_SECONDS = 40.0
#: So often may a worker die or fail over the same batch, before the file is taken for one that nobody can read.
TRIES = 5
#: Rows of each verdict that the page shows.
SHOWN = 10


# -- What an admin does -------------------------------------------------------------------------------------------------
@transaction.atomic
def hand_in(content: bytes, *, name: str, by: Person, at: datetime, form_key: uuid.UUID | None = None) -> WorkplaceList:
    """A platform admin hands a file in. It is sealed, and erased after seven days at the latest. Nothing is listed by it.

    The same form posted twice makes one list. Refused where the file is no list.
    """
    rules.require_admin(by)
    if form_key and (earlier := WorkplaceList.objects.filter(form_key=form_key).first()):
        return earlier
    made = WorkplaceList.objects.create(name=name[:100], content=InHand.packed(content), outline=outline.of(content), handed_in_at=at, form_key=form_key)
    ledger.record("list.handed_in", by=by, about=made, at=at)
    return made


@transaction.atomic
def settle_columns(listed: WorkplaceList, *, columns: Mapping[str, int | None], country: str, by: Person) -> None:
    """A platform admin says which column is what; workers then read the list to its end. Nothing is written by that.

    Refused while it is read or taken in. `columns` names every field, with None where there is no column for it.
    """
    rules.require_admin(by)
    open_ones = WorkplaceList.objects.filter(pk=listed.pk, stage__in=(Stage.NEW, Stage.CHECKED))
    fresh = {**_FROM_THE_START, "total": None, "stage": Stage.CHECKING}
    if not open_ones.update(columns={field: columns[field] for field in FIELDS}, country=country, **fresh):
        raise Refused(_("This list is being read, or was confirmed already."))
    ListPart.objects.filter(workplace_list=listed).delete()
    waking.after_commit(TASK, listed.pk)


@transaction.atomic
def confirm(listed: WorkplaceList, *, by: Person, at: datetime) -> None:
    """A platform admin has seen what the list would do, and says so: workers take it in. Refused to the second of two."""
    rules.require_admin(by)
    total = sum(listed.counts.values())
    seen = WorkplaceList.objects.filter(pk=listed.pk, stage=Stage.CHECKED)
    if not seen.update(stage=Stage.TAKING, total=total, **_FROM_THE_START):
        raise Refused(_("This list was confirmed already, or is not read to its end."))
    ListPart.objects.filter(workplace_list=listed).delete()
    ledger.record("list.confirmed", by=by, about=listed, at=at, detail={"rows": total})
    waking.after_commit(TASK, listed.pk)


@transaction.atomic
def drop(listed: WorkplaceList, *, by: Person, at: datetime) -> None:
    """A platform admin throws a list away: the file and all that was read of it are erased. Refused while it is taken in."""
    rules.require_admin(by)
    if not WorkplaceList.objects.filter(pk=listed.pk).exclude(stage=Stage.TAKING).delete()[0]:
        raise Refused(_("This list is being taken in. Wait until that is done."))
    ledger.record("list.dropped", by=by, about=listed, at=at)


# -- What workers do ----------------------------------------------------------------------------------------------------
_FROM_THE_START: dict[str, Any] = {"position": 0, "counts": {}, "examples": {}, "tries": 0, "holder": None, "held_until": None}


def wake_for_forsaken(at: datetime) -> int:
    """Each minute: ring for the lists that nobody works on. Returns how many."""
    waiting = list(WorkplaceList.objects.forsaken(at).order_by("pk").values_list("pk", flat=True))
    for pk in waiting:
        waking.now(TASK, pk)
    return len(waiting)


def work(pk: int, *, seconds: float = TURN_SECONDS) -> bool:
    """One worker's turn on a list, if no other holds it. True where there is more to do."""
    holder = uuid.uuid4()
    listed = _take_hold(pk, holder)
    if listed is None:
        return False
    ends = time.monotonic() + seconds
    try:
        job = _opened(listed)
        for records in job.batches(after=listed.position):
            if not _settle(pk, holder, job, records):
                return False
            if time.monotonic() >= ends:
                return _let_go(pk, holder)
    except Refused:  # the file breaks off, or is none of those that can be read
        _give_up(pk, holder)
        return False
    return _end(pk, holder, job)


def _take_hold(pk: int, holder: uuid.UUID) -> WorkplaceList | None:
    """The list, in our hands. One over which five workers have died is given up."""
    at = timezone.now()
    free = WorkplaceList.objects.forsaken(at).filter(pk=pk)
    if not free.update(holder=holder, held_until=at + HOLD, tries=F("tries") + 1):
        return None
    listed = WorkplaceList.objects.get(pk=pk)
    if listed.tries > TRIES:
        _give_up(pk, holder)
        return None
    return listed


def _opened(listed: WorkplaceList) -> run.Import:
    """The list as far as it has come: what earlier turns met is remembered."""
    dry_run = listed.stage == Stage.CHECKING
    job = run.Import(InHand(listed.content or b""), given=listed.columns, country=listed.country, dry_run=dry_run)
    for met, employers in listed.parts.order_by("last_row").values_list("met", "employers").iterator(chunk_size=20):
        whole = bytes(met)
        job.remember(
            (whole[i : i + DIGEST] for i in range(0, len(whole), DIGEST)),
            {key: (set(aliases), set(domains)) for key, (aliases, domains) in employers.items()},
        )
    return job


@transaction.atomic
def _settle(pk: int, holder: uuid.UUID, job: run.Import, records: tuple[Record, ...]) -> bool:
    """One batch, and that it was done. False if the list is no longer ours."""
    listed = _ours(pk, holder)
    if listed is None:
        return False
    answers = job.take(records)
    cells = {record.number: record for record in records}
    counts, examples = Counter(listed.counts), dict(listed.examples)
    unusable = []
    for answer in answers:
        counts[answer.verdict.value] += 1
        some = examples.setdefault(answer.verdict.value, [])
        if len(some) < SHOWN:
            some.append([answer.row, _words(job, cells[answer.row]), answer.reason, list(answer.changed)])
        if answer.verdict == Verdict.ERROR:
            unusable.append([answer.row, answer.reason, [values.text(cell) for cell in cells[answer.row].cells]])
    employers = {key: [sorted(aliases), sorted(domains)] for key, (aliases, domains) in job.named.items()}
    last = records[-1].number
    ListPart.objects.create(workplace_list=listed, last_row=last, met=b"".join(job.met), employers=employers, unusable=unusable)
    further = {"position": last, "counts": dict(counts), "examples": examples, "tries": 1, "held_until": timezone.now() + HOLD}
    return bool(WorkplaceList.objects.filter(pk=pk).update(**further))


def _words(job: run.Import, record: Record) -> str:
    """What a row says, for somebody who looks for it in their list."""
    said = (outline.shown(values.text(job.reading.cell(record.cells, name))) for name in ("employer", "code", "name", "city", "place"))
    return " · ".join(dict.fromkeys(part for part in said if part))


def _ours(pk: int, holder: uuid.UUID) -> WorkplaceList | None:
    return WorkplaceList.objects.select_for_update(of=("self",)).defer("content", "outline").filter(pk=pk, holder=holder).first()


def _let_go(pk: int, holder: uuid.UUID) -> bool:
    """The turn is over. Another one goes on at once."""
    return bool(WorkplaceList.objects.filter(pk=pk, holder=holder).update(holder=None, held_until=None, tries=0))


@transaction.atomic
def _end(pk: int, holder: uuid.UUID, job: run.Import) -> bool:
    """The last row is settled. A list that was taken in needs its file no more."""
    listed = _ours(pk, holder)
    if listed is None:
        return False
    after: dict[str, Any] = {"holder": None, "held_until": None, "tries": 0, "total": sum(listed.counts.values())}
    if listed.stage == Stage.CHECKING:
        after |= {"stage": Stage.CHECKED}
    else:
        job.finish()
        after |= {"stage": Stage.DONE, "content": None}
        detail = {verdict: int(listed.counts.get(verdict, 0)) for verdict in Verdict.values}
        ledger.record("list.taken_in", by=None, about=listed, detail=detail)
    WorkplaceList.objects.filter(pk=pk).update(**after)
    return False


@transaction.atomic
def _give_up(pk: int, holder: uuid.UUID) -> None:
    """What was settled stays settled; the file is erased."""
    listed = _ours(pk, holder)
    if listed is not None:
        WorkplaceList.objects.filter(pk=pk).update(stage=Stage.FAILED, content=None, holder=None, held_until=None)
        ledger.record("list.failed", by=None, about=listed, detail={"row": listed.position})


def forget_lists(at: datetime) -> int:
    """Erase lists, with their files and all that was read of them, a week after they were handed in. Returns how many."""
    old = list(WorkplaceList.objects.filter(handed_in_at__lt=at - KEEP).values_list("pk", flat=True))
    WorkplaceList.objects.filter(pk__in=old).delete()
    return len(old)
