"""`deploy/rollback`: the release before this one takes over again."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from deploy import database, environment, places, releases, services
from deploy.machine import DONE, UNSUITABLE, USAGE, Machine, Stop

HELP = """
Where the newer release brought no migration, this takes seconds and loses nothing. Where it did, there are two ways:
  deploy/rollback --backwards    runs its migrations backwards; what was written into what they added is lost
  rankfile restore FILE --identity - --replace    puts back the backup that the upgrade made first; all since then is lost
"""


def migrations(release: Path) -> dict[str, set[str]]:
    """The migrations that a release brings, by the label of their room."""
    found: dict[str, set[str]] = {}
    for path in release.glob("*/*/migrations/[0-9]*.py"):
        found.setdefault(path.parent.parent.name, set()).add(path.stem)
    return found


def only_in(newer: Path, older: Path) -> dict[str, list[str]]:
    """What the newer release has and the older one does not know."""
    known = migrations(older)
    return {room: sorted(names - known.get(room, set())) for room, names in sorted(migrations(newer).items()) if names - known.get(room, set())}


def last_of(release: Path, room: str) -> str:
    """The migration to go back to: the last one that a release knows, or none at all."""
    return max(migrations(release).get(room, set()), default="zero")


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="deploy/rollback", description=__doc__, epilog=HELP, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("release", nargs="?", default="", help=f"the name of a release under {places.RELEASES}; else the one before")
    parser.add_argument("--backwards", action="store_true", help="run the newer release's migrations backwards, after a backup")
    parser.add_argument("--dry-run", action="store_true", help="say each step and change nothing")
    said = parser.parse_args(words)
    machine = Machine(print, dry_run=said.dry_run)
    now = releases.current()
    if now is None:
        raise Stop("Nothing is installed here.", UNSUITABLE)
    target = choose(said.release, now)
    go_back(machine, now, target, backwards=said.backwards)
    return DONE


def choose(name: str, now: Path) -> Path:
    there = releases.all_of_them()
    before = there[: there.index(now)] if now in there else []
    found = [release for release in there if release.name == name and release != now] if name else before
    if not found:
        others = ", ".join(release.name for release in there if release != now) or "none"
        raise Stop(f"There is no release to go back to. The others here: {others}.", USAGE)
    return found[-1]


def go_back(machine: Machine, now: Path, target: Path, *, backwards: bool) -> None:
    """Schema first, while the newer code still knows the way; then the name, the units and the parts of the older release."""
    newer = only_in(now, target)
    if newer and not backwards:
        listed = ", ".join(f"{room} {', '.join(names)}" for room, names in newer.items())
        raise Stop(f"{now.name} brought migrations that {target.name} does not know: {listed}.{HELP}", USAGE)
    if newer:
        if environment.read(places.SETTINGS_ENV).get("BACKUP_FOLDER") and database.holds_data(machine):
            releases.manage(machine, now, "backup")
        for room in newer:
            releases.manage(machine, now, "migrate", room, last_of(target, room), "--noinput")
    releases.manage(machine, target, "collectstatic", "--noinput", "-v0")
    services.put(machine, target / "deploy" / "files")
    services.take_over(machine, target)
    machine.step(f"{target.name} runs; {now.name} stays beside it.")
