"""Would the tests notice a missing permission check? Takes each one out of a copy of the code, and runs what should fail.

    python -m bench.permission_mutants --list
    python -m bench.permission_mutants --room committees.membership
    python -m bench.permission_mutants --json survivors.json

A check is: the power a member's door asks for, a door that asks who is there, a recent sign-in, a `require…` in a
command, a `visible_to`. For each the copy is changed in one place, and tests/house, the tests of the room and tests/safety run until
the first failure. A mutant that nothing notices is printed, and the exit code is 1. Needs minutes, not seconds.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOUSES = ("committees", "organizing")
COPIED = (*HOUSES, "config", "templates", "tests", "locale", "static", "tools", "pyproject.toml", "manage.py", "docs", "bench")
REQUIRES = re.compile(r"^(?:[\w.]+\.)?(?:require\w*|own|_review)$")


@dataclass(frozen=True)
class Mutant:
    """One check, where it stands, and the line without it."""

    file: str
    line: int
    what: str
    old: str
    new: str

    @property
    def room(self) -> str:
        return ".".join(self.file.split("/")[:2])

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.what}"


def _dotted(node: ast.AST) -> str:
    return f"{_dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _decorator(node: ast.expr, text: str) -> tuple[str, str] | None:
    """What is taken out of a door, and the line that is left."""
    name = _dotted(node.func if isinstance(node, ast.Call) else node).rsplit(".", maxsplit=1)[-1]
    if name == "member" and isinstance(node, ast.Call) and (node.args or node.keywords):
        return "the power at the door", re.sub(r"member\(.*\)", "member()", text)
    if name == "platform_admin":
        return "platform admins only", text.replace("platform_admin", "signed_in")
    if name == "recent":
        return "a recent sign-in", re.sub(r"@.*", "", text)
    if name == "signed_in":
        return "signed in only", re.sub(r"@(.*)signed_in", r'@\1public(because="a mutant of the bench")', text)
    return None


def _of_file(path: Path) -> Iterator[Mutant]:
    source = path.read_text()
    lines, name = source.split("\n"), path.relative_to(ROOT).as_posix()

    def mutant(node: ast.AST, what: str, new: str) -> Mutant:
        line = node.lineno  # type: ignore[attr-defined]
        return Mutant(name, line, what, lines[line - 1], new)

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if found := _decorator(decorator, lines[decorator.lineno - 1]):
                    yield mutant(decorator, f"{node.name}: {found[0]}", found[1])
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and node.lineno == node.end_lineno:
            if REQUIRES.match(_dotted(node.value.func)):
                yield mutant(node, ast.unparse(node.value), re.sub(r"\S.*", "pass", lines[node.lineno - 1], count=1))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "visible_to":
            text, call = lines[node.lineno - 1], ast.unparse(node)
            without = re.sub(r"\.visible_to\([^()]*(?:\([^()]*\)[^()]*)*\)", ".all()", text, count=1)
            if without != text:
                yield mutant(node, call, without)


def mutants() -> list[Mutant]:
    """Every check of every room, in the order of the files."""
    found = {}
    for house in HOUSES:
        for path in sorted((ROOT / house).rglob("*.py")):
            if "migrations" not in path.parts and "management" not in path.parts:
                found |= {(each.file, each.line, each.new): each for each in _of_file(path)}
    return list(found.values())


def _tests(room: str) -> list[str]:
    own = Path("tests", *room.split("."))
    return [str(each) for each in (Path("tests/house"), own, Path("tests/safety")) if (ROOT / each).is_dir()]


def noticed(mutant: Mutant, copy: Path) -> bool:
    """Whether the tests fail with this one check gone. A mutant that cannot even be imported counts as noticed."""
    path = copy / mutant.file
    whole = path.read_text()
    lines = whole.split("\n")
    assert lines[mutant.line - 1] == mutant.old
    lines[mutant.line - 1] = mutant.new
    path.write_text("\n".join(lines))
    try:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", "-m", "not story and not slow", *_tests(mutant.room)]
        return (
            subprocess.run(command, cwd=copy, stdin=subprocess.DEVNULL, capture_output=True, check=False, env=os.environ | {"PYTHONPATH": str(copy)}).returncode
            != 0
        )
    finally:
        path.write_text(whole)


def _copy() -> Path:
    copy = Path(tempfile.mkdtemp(prefix="rankfile-mutants-"))
    for name in COPIED:
        there = ROOT / name
        if there.is_dir():
            shutil.copytree(there, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif there.exists():
            shutil.copy(there, copy / name)
    return copy


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.permission_mutants", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="only say which checks there are")
    parser.add_argument("--room", help="only this room, e.g. organizing.meetings")
    parser.add_argument("--limit", type=int, help="only so many, spread evenly")
    parser.add_argument("--json", metavar="FILE", help="also write the result as JSON")
    options = parser.parse_args(argv)
    chosen = [each for each in mutants() if options.room in (None, each.room)]
    if options.limit and len(chosen) > options.limit:
        chosen = [chosen[n * len(chosen) // options.limit] for n in range(options.limit)]
    if options.list:
        print("\n".join(map(str, chosen)))
        return 0
    copy, survivors, began = _copy(), [], time.monotonic()
    try:
        for number, mutant in enumerate(chosen, start=1):
            alive = not noticed(mutant, copy)
            survivors += [mutant] * alive
            print(f"{number}/{len(chosen)} {'SURVIVED' if alive else 'noticed '} {mutant}", flush=True)
    finally:
        shutil.rmtree(copy, ignore_errors=True)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} missing checks were noticed, in {time.monotonic() - began:.0f} s.")
    if options.json:
        Path(options.json).write_text(json.dumps({"mutants": len(chosen), "survivors": [asdict(each) for each in survivors]}, indent=2))
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
