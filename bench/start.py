"""How long a start takes: `python -m bench.start [--rounds N] [--demo]`. The first on an empty folder, then again on its data.

Each round runs `manage.py up --exit-when-ready`, so a start counts only when a page, a task, a tick and a mail were proved.
Printed: the median of each step, wall time and CPU seconds. The figure of the specification (25 s from nothing) includes the
installation, which `time make run ARGS=--exit-when-ready` in a fresh clone measures.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def start(var: str, *, demo: bool) -> dict[str, float]:
    """One start: seconds by step, and under `wall` and `cpu` the whole of it."""
    env = os.environ | {"RANKFILE_VAR": var, "RANKFILE_IGNORE_DOTENV": "1", "DEMO": "1" if demo else "0"}
    env |= {name: str(free_port()) for name in ("PORT", "MAIL_READER_PORT", "MAIL_SINK_PORT")}
    before = cpu()
    done = subprocess.run([sys.executable, "manage.py", "up", "--exit-when-ready", "--json"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    answer = json.loads(done.stdout.splitlines()[-1])
    if not answer["ok"]:
        raise SystemExit(answer["problem"])
    steps = {each["step"]: each["seconds"] for each in answer["steps"]}
    return {"cpu": cpu() - before, "wall": answer["steps"][-1]["after"], **steps}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--demo", action="store_true", help="load the demo on the first start")
    options = parser.parse_args()
    first, again = [], []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix="rankfile-start-") as var:
            first.append(start(var, demo=options.demo))
            again.append(start(var, demo=options.demo))
    print(f"{'seconds (median)':<32}{'first':>8}{'again':>8}")
    for step in first[0]:
        print(f"{step:<32}{statistics.median(r[step] for r in first):>8.1f}{statistics.median(r[step] for r in again):>8.1f}")


if __name__ == "__main__":
    main()
