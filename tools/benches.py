"""Runs the measurements of bench/, each in a process of its own: `python -m tools.benches [NAME …]`.

A measurement is a module of bench/ that can be run; without arguments it measures at small size. Those that take more than
a few minutes are run only when they are named.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Measurements that take longer than somebody waits.
LONG = {"permission_mutants"}


def measurements() -> list[str]:
    return sorted(path.stem for path in (ROOT / "bench").glob("*.py") if '__name__ == "__main__"' in path.read_text())


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(measurements())}")
    chosen = parser.parse_args(argv).names
    if unknown := set(chosen) - set(measurements()):
        parser.error(f"there is no measurement {', '.join(sorted(unknown))}")
    names = chosen or [name for name in measurements() if name not in LONG]
    failed = []
    for name in names:
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=ROOT, check=False).returncode:
            failed.append(name)
        print(f"== {name}: {'FAILED' if name in failed else 'done'} in {time.monotonic() - began:.0f} s", flush=True)
    left = sorted(set(measurements()) - set(names))
    print(f"\n{len(names) - len(failed)} of {len(names)} measurements done." + (f" Not run: {', '.join(left)}." if left else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
