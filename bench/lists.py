"""A long list of workplaces in one piece: `python -m bench.lists [--rows 1000 10000 100000] [--kinds csv xlsx]`.

The list goes the way of one that is handed in with the browser: taken as it is, its columns settled, read to its end without a
write, confirmed, taken in, handed in once more. Each list has a worker process of its own, which gives it the turns that workers
give it (40 seconds at most). Printed: rows a second by the clock, CPU of the worker and the database for 1,000 rows, the most memory that the worker ever had, and
how that grows from the shortest list to the longest. One row in fifty cannot be used, one in twenty stands there twice.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import lib, made_sites

HEAD = ("employer", "site name", "site code", "town", "region", "country", "kind", "also called")
MIB = 1024 * 1024


def rows(number: int) -> Iterator[tuple[str, ...]]:
    """A made-up list: employers as unevenly spread as real ones."""
    dice = random.Random(number)
    employers = [f"{made_sites.word(dice)} {made_sites.word(dice)} {dice.choice(made_sites.FORMS)}" for _ in range(max(10, number // 12))]
    towns = [made_sites.word(dice) for _ in range(max(10, number // 30))]
    last: tuple[str, ...] = ()
    for n in range(number):
        if last and n % 20 == 0:
            yield last
            continue
        employer = employers[int(len(employers) * dice.random() ** 2)]
        town = "" if n % 50 == 7 else dice.choice(towns)
        last = (employer, f"{made_sites.word(dice)} yard {n}", f"L{n}" if n % 2 else "", town, "", dice.choice(made_sites.COUNTRIES), "warehouse", "")
        yield last


def file_of(kind: str, number: int) -> bytes:
    """The list as a file that somebody hands in."""
    if kind == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows([HEAD, *rows(number)])
        return text.getvalue().encode()
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for each in (HEAD, *rows(number)):
        sheet.append(each)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def worker(kind: str, number: int) -> None:
    """In a process of its own: the whole life of one list. Prints what it took as JSON."""
    import django

    django.setup()
    from django.db import connection

    from committees.directory import commands as directory
    from committees.directory.imports import headings
    from committees.directory.models import ListPart, Stage, WorkplaceList
    from committees.people.models import Person

    def cpu() -> float:
        connection.ensure_connection()
        return time.process_time() + lib.cpu_seconds(connection.connection.info.backend_pid)

    def turns(pk: int, after: str) -> dict[str, float]:
        began, before, turn = time.perf_counter(), cpu(), 1
        while directory.work(pk):
            turn += 1
        took = {"seconds": time.perf_counter() - began, "cpu": cpu() - before, "turns": turn}
        listed = WorkplaceList.objects.get(pk=pk)
        if listed.stage != after:
            raise SystemExit(f"the list stands at {listed.stage}")
        return took

    keeper = Person.objects.get(is_platform_admin=True)
    at = datetime.now(UTC)
    content = Path(sys.argv[-1]).read_bytes()
    told: dict[str, Any] = {"bytes": len(content), "idle": _most_memory()}
    for name in ("first", "again"):
        listed = directory.hand_in(content, name=f"list.{kind}", by=keeper, at=at)
        columns: dict[str, int | None] = dict.fromkeys(headings.FIELDS)
        columns |= {field: at for field, at in listed.proposed_columns.items() if at is not None}
        directory.settle_columns(listed, columns=columns, country="", by=keeper)
        told[f"{name}: read"] = turns(listed.pk, Stage.CHECKED)
        directory.confirm(WorkplaceList.objects.get(pk=listed.pk), by=keeper, at=at)
        told[f"{name}: taken in"] = turns(listed.pk, Stage.DONE)
        told[f"{name}: counts"] = WorkplaceList.objects.get(pk=listed.pk).counts
        told[f"{name}: parts"] = ListPart.objects.filter(workplace_list=listed).count()
    told["most"] = _most_memory()
    print(json.dumps(told))


def _most_memory() -> int:
    """Bytes that this process ever had in memory."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def measure(kind: str, number: int, folder: Path) -> dict[str, Any]:
    """One list, in a directory that holds nothing else."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE directory_alias, directory_workplace, directory_employer, directory_word, directory_workplacelist RESTART IDENTITY CASCADE")
    path = folder / f"list.{kind}"
    path.write_bytes(file_of(kind, number))
    done = subprocess.run(
        [sys.executable, "-m", "bench.lists", "--worker", kind, str(number), str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=lib.ROOT,
        env=os.environ,
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    expected = Counter({"error": 0, "duplicate": 0, "new": 0}) | Counter(told["first: counts"])
    again = Counter(told["again: counts"])
    if sum(expected.values()) != number or again["new"] or again["changed"]:
        raise SystemExit(f"the list did not come in as it should: {expected}, then {again}")
    return told


def show(kind: str, number: int, told: dict[str, Any]) -> None:
    counts = ", ".join(f"{many:,} {verdict}" for verdict, many in sorted(told["first: counts"].items()) if many)
    print(f"\n{number:,} rows of {kind}, {told['bytes'] / MIB:.1f} MiB: {counts}; handed in again: nothing new, nothing changed")
    for phase in ("first: read", "first: taken in", "again: read", "again: taken in"):
        took = told[phase]
        rate = f"{number / took['seconds']:7.0f} rows/s   CPU {took['cpu'] / number * 1e6:6.0f} ms for 1,000 rows"
        print(f"  {phase:18} {took['seconds']:7.1f} s   {rate}   in {took['turns']} turn(s)", flush=True)
    print(f"  memory of the worker: {told['idle'] / MIB:.0f} MiB with nothing to do, {told['most'] / MIB:.0f} MiB at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--kinds", nargs="+", default=["csv", "xlsx"], choices=["csv", "xlsx"])
    parser.add_argument("--worker", nargs=3, metavar=("KIND", "ROWS", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        worker(options.worker[0], int(options.worker[1]))
        return
    with lib.world() as folder:
        from committees.people.models import Person

        Person.objects.create(sign_in_name="keeper", is_platform_admin=True)
        for kind in options.kinds:
            by_size = {}
            for number in sorted(options.rows):
                by_size[number] = measure(kind, number, folder)
                show(kind, number, by_size[number])
            least, most = min(by_size), max(by_size)
            grown = (by_size[most]["most"] - by_size[least]["most"]) / MIB
            print(
                f"\n  {kind}: {most / least:.0f} times the rows take {grown:.0f} MiB more; of that the file itself is {by_size[most]['bytes'] / MIB:.1f} MiB",
                flush=True,
            )


if __name__ == "__main__":
    main()
