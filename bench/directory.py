"""Finding a workplace among many: `python -m bench.directory [--sites 1000 100000 1000000] [--searches N] [--plain]`.

Sites are made up (bench/made_sites.py), the searches are of the kinds that people type. Each is the whole of `queries.search`:
words, ranking, order, and the twenty rows of a page. At each size also: how fast a list comes in, and at the end how the
times grow from the smallest size to the largest. `--plain` measures what is not used as well: trigrams over the sites
themselves, the same searches in turn with ours.
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from bench import lib, made_sites

#: spec 8, row 15.
MUST, AIM = 100, 50
#: So many rows come in when the rate of an import is measured.
LIST = 2000


class Took(NamedTuple):
    """One search, in milliseconds: by the clock, and of CPU in our process and the database's. The clock counts what others do."""

    wall: float
    cpu: float


type Times = dict[str, list[Took]]


def ours(typed: str) -> list[int]:
    from committees.directory import queries

    return [s.pk for s in queries.search(typed)]


def plain(typed: str) -> list[int]:
    """The ordinary way: word similarity over one text of each site, on a trigram index."""
    from django.db import connection

    from committees.directory import names

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM bench_plain WHERE %s <%% body ORDER BY word_similarity(%s, body) DESC, id LIMIT 300", [" ".join(names.words(typed))] * 2)
        return [row[0] for row in cursor.fetchall()]


def build_plain() -> float:
    from django.db import connection

    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_plain")
        cursor.execute(
            "CREATE TABLE bench_plain AS SELECT w.id, lower(concat_ws(' ', w.code, e.name, w.name, w.city, w.country)) AS body "
            "FROM directory_workplace w JOIN directory_employer e ON e.id = w.employer_id"
        )
        cursor.execute("CREATE INDEX ON bench_plain USING gin (body gin_trgm_ops)")
        cursor.execute("VACUUM ANALYZE bench_plain")
    return time.perf_counter() - began


def measure(asked: dict[str, list[tuple[str, int]]], ways: Mapping[str, Callable[[str], list[int]]]) -> Times:
    """The ways take turns at each search, so that a busy machine troubles them alike. Returns our times by kind."""
    every: dict[str, Times] = {way: {} for way in ways}
    for kind, some in asked.items():
        hits = dict.fromkeys(ways, 0)
        for typed, meant in some:
            for way, find in ways.items():
                began, cpu = time.perf_counter(), cpu_ms()
                found = find(typed)
                took = Took((time.perf_counter() - began) * 1000, cpu_ms() - cpu)
                every[way].setdefault(kind, []).append(took)
                hits[way] += not meant or meant in found[:20]
        for way in ways:
            told = f"{hits[way]}/{len(some)} in the first 20" if any(meant for _t, meant in some) else ""
            print(f"  {kind:28} {way:6} {figures(every[way][kind])}  {told}", flush=True)
    for way, times in every.items():
        times["all kinds"] = [took for some in times.values() for took in some]
        p95 = percentile([took.wall for took in times["all kinds"]])
        verdict = f"  (must ≤ {MUST}, aim ≤ {AIM}: {'aim' if p95 <= AIM else 'must' if p95 <= MUST else 'MISSED'})" if way == "ours" else ""
        print(f"  {'all kinds':28} {way:6} {figures(times['all kinds'])}{verdict}", flush=True)
    return every["ours"]


def cpu_ms() -> float:
    """CPU milliseconds so far of this process and of the one that serves it in the database."""
    from django.db import connection

    connection.ensure_connection()
    return (time.process_time() + lib.cpu_seconds(connection.connection.info.backend_pid)) * 1000


def figures(took: list[Took]) -> str:
    wall, cpu = [one.wall for one in took], [one.cpu for one in took]
    return (
        f"n={len(took):<4} p50 {statistics.median(wall):7.1f}  p95 {percentile(wall):7.1f}  max {max(wall):7.1f} ms   "
        f"CPU p50 {statistics.median(cpu):6.1f}  p95 {percentile(cpu):6.1f} ms"
    )


def percentile(took: list[float], part: float = 0.95) -> float:
    return sorted(took)[min(len(took) - 1, int(len(took) * part))]


def import_rate(dice: random.Random, folder: Path) -> float:
    """Rows a second of a list of new sites, from the file to the committed rows."""
    from committees.directory.imports.run import Import

    path = folder / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["employer", "site name", "site code", "town", "country"])
        for n in range(LIST):
            employer = f"{made_sites.word(dice)} {made_sites.word(dice)} {dice.choice(made_sites.FORMS)}"
            rows.writerow([employer, f"{made_sites.word(dice)} yard", f"Y{n}", made_sites.word(dice), dice.choice(made_sites.COUNTRIES)])
    began = time.perf_counter()
    verdicts = [answer.verdict for answer in Import(path)]
    took = time.perf_counter() - began
    if verdicts.count(verdicts[0]) != LIST or verdicts[0] != "new":
        raise SystemExit(f"the list did not come in: {set(verdicts)}")
    return LIST / took


def near(number: int) -> list[Took]:
    """The sites around a place, asked where somebody works: so most often where there are many. The whole of `nearby.around` and the rows of a page."""
    from committees.directory import nearby, queries
    from committees.directory.models import Workplace

    places = list(Workplace.objects.filter(latitude__isnull=False).order_by("slug").values_list("latitude", "longitude")[: number + 3])
    took = []
    for latitude, longitude in places:
        began, cpu = time.perf_counter(), cpu_ms()
        hits = nearby.around(round(float(latitude), 2), round(float(longitude), 2))
        queries.in_order([hit.id for hit in hits], person=None)
        took.append(Took((time.perf_counter() - began) * 1000, cpu_ms() - cpu))
    print(f"  {'near me':28} {'ours':6} {figures(took[3:])}", flush=True)  # the first three warm
    return took[3:]


def growth(by_size: dict[int, Times]) -> None:
    """Times at the largest size beside those at the smallest."""
    sizes = sorted(by_size)
    print(f"\n  {'p50 / p95 / CPU in ms':28} " + "".join(f"{size:>26,}" for size in sizes) + "   CPU, largest ÷ smallest")
    for kind in by_size[sizes[0]]:
        columns, cpu = [], []
        for size in sizes:
            wall = [took.wall for took in by_size[size][kind]]
            cpu.append(statistics.median(took.cpu for took in by_size[size][kind]))
            columns.append(f"{statistics.median(wall):9.1f} /{percentile(wall):7.1f} /{cpu[-1]:6.1f}")
        print(f"  {kind:28} " + "".join(f"{column:>26}" for column in columns) + f"   {cpu[-1] / max(cpu[0], 0.001):.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, nargs="+", default=[1000, 20_000])
    parser.add_argument("--searches", type=int, default=60)
    parser.add_argument("--plain", action="store_true")
    options = parser.parse_args()
    by_size: dict[int, Times] = {}
    with lib.world() as folder:
        for sites in options.sites:
            by_size[sites] = at_size(sites, options, folder)
    growth(by_size)


def at_size(sites: int, options: argparse.Namespace, folder: Path) -> Times:
    """Fill, warm, measure, take a list in."""
    dice = random.Random(7)
    began = time.perf_counter()
    made_sites.fill(sites, dice)
    print(f"\n{sites:,} sites, made in {time.perf_counter() - began:.0f} s", flush=True)
    ways = {"ours": ours}
    if options.plain:
        print(f"  trigrams over the sites: table and index made in {build_plain():.0f} s")
        ways["plain"] = plain
    asked = made_sites.searches(options.searches, dice)
    for some in asked.values():
        for typed, _meant in some[:3]:
            for find in ways.values():
                find(typed)  # warm
    times = measure(asked, ways)
    times["near me"] = near(options.searches)
    print(f"  a list of {LIST:,} new sites comes in at {import_rate(dice, folder):.0f} rows a second", flush=True)
    return times


if __name__ == "__main__":
    main()
