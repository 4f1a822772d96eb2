"""The gate: every check of the project, one after the other, and at the end what each found and how many tests passed.

`python -m tools.gate` is what `make test` runs; `--fast` is what `make check` runs. Nothing is skipped silently: a test
may be skipped only for want of RANKFILE_DATA, and the last lines say how many were.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import chromium

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ALLOWED_REASON = "RANKFILE_DATA is not set"


@dataclass
class Outcome:
    name: str
    passed: bool
    seconds: float
    note: str = ""


@dataclass
class Tests:
    """What pytest's report says."""

    total: int = 0
    failed: int = 0
    skipped: int = 0
    skipped_without_leave: int = 0

    @property
    def passed(self) -> int:
        return self.total - self.failed - self.skipped


def templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def checks() -> list[tuple[str, list[str]]]:
    """The checks before the tests, by name."""
    return [
        ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
        ("linter", [str(BIN / "ruff"), "check", "--quiet", "."]),
        ("types", [str(BIN / "mypy")]),
        ("import contracts", [str(BIN / "lint-imports"), "--no-logo"]),
        ("template format", [str(BIN / "djade"), "--check", "--target-version", "6.1", *templates()]),
        ("template linter", [str(BIN / "djlint"), "templates", "--lint", "--quiet"]),
        ("translations", python("manage.py", "translations", "check")),
    ]


def run_check(name: str, command: Sequence[str], env: dict[str, str]) -> Outcome:
    """Run one check; its output is shown only when it fails."""
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    passed = done.returncode == 0
    print(f"{'ok' if passed else 'FAILED':<7} {name} ({seconds:.1f} s)", flush=True)
    if not passed:
        print("\n".join("        " + line for line in (done.stdout + done.stderr).rstrip().splitlines()[-80:]), flush=True)
    return Outcome(name, passed, seconds)


def run_tests(arguments: Sequence[str], env: dict[str, str], report: Path) -> tuple[Outcome, Tests]:
    """Run pytest with its output as it comes; the figures are read from its report, not from its words."""
    began = time.monotonic()
    command = python("-m", "pytest", "-q", "-ra", f"--junitxml={report}", *arguments)
    code = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
    tests = read_report(report)
    note = ""
    if tests.skipped_without_leave:
        note = f"{tests.skipped_without_leave} skipped for another reason than RANKFILE_DATA: a skip is a failure here"
    elif not tests.passed:
        note = "no test ran"
    return Outcome("tests", code == 0 and not note, time.monotonic() - began, note), tests


def read_report(report: Path) -> Tests:
    tests = Tests()
    if not report.exists():
        return tests
    for case in ET.parse(report).iter("testcase"):  # noqa: S314  our own pytest wrote it
        tests.total += 1
        tests.failed += case.find("failure") is not None or case.find("error") is not None
        if (skip := case.find("skipped")) is not None:
            tests.skipped += 1
            tests.skipped_without_leave += ALLOWED_REASON not in (skip.get("message") or "")
    return tests


def make_environment(var: Path) -> dict[str, str]:
    """A folder of its own for whatever a check writes: the gate never touches the var/ of a running server."""
    keep = {name: value for name, value in os.environ.items() if not re.match(r"^(DATABASE_URL|REDIS_URL|CELERY_BROKER_URL|MAIL_URL|PRODUCTION)$", name)}
    return keep | {"RANKFILE_VAR": str(var), "RANKFILE_IGNORE_DOTENV": "1", "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}


def summary(outcomes: list[Outcome], tests: Tests | None, began: float) -> bool:
    good = all(outcome.passed for outcome in outcomes)
    print()
    for outcome in outcomes:
        print(f"{'ok' if outcome.passed else 'FAILED':<7} {outcome.name:<18} {outcome.seconds:6.1f} s  {outcome.note}".rstrip())
    if tests is not None and tests.skipped:
        print(f"{tests.skipped} tests were skipped because RANKFILE_DATA does not name the folder of real lists.")
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    print(
        f"Gate: {len(outcomes) - len(failed)} of {len(outcomes)} checks passed in {time.monotonic() - began:.0f} s"
        + (f"; failed: {', '.join(failed)}" if failed else ".")
    )
    if tests is not None:
        print(f"{tests.passed} tests passed, {tests.failed} failed, {tests.skipped} skipped.")
    return good


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make test", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="the checks and the house tests only; no browser")
    parser.add_argument("--json", metavar="FILE", help="also write the outcome as JSON")
    options, pytest_arguments = parser.parse_known_args(argv)
    began = time.monotonic()
    var = Path(tempfile.mkdtemp(prefix="rankfile-gate-"))
    env = make_environment(var)
    try:
        if not options.fast and (browser := chromium.find() or chromium.install()) is None:
            print("FAILED  no Chromium: none on the PATH, and none could be installed. Install the package `chromium`, or set CHROMIUM=/path.")
            return 1
        if not options.fast:
            env["CHROMIUM"] = str(browser)
        outcomes = [run_check(name, command, env) for name, command in checks()]
        scope = ["tests/house"] if options.fast else ["-n", "2", "--dist", "loadscope", "--no-loadscope-reorder"]
        outcome, tests = run_tests([*scope, *pytest_arguments], env, var / "report.xml")
        outcomes.append(outcome)
    finally:
        shutil.rmtree(var, ignore_errors=True)
    good = summary(outcomes, tests, began)
    if options.json:
        Path(options.json).write_text(json.dumps({"ok": good, "tests": vars(tests), "checks": [vars(each) for each in outcomes]}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
