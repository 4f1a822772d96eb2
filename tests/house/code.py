"""Reading our own code: its rooms, its files, its functions. The house tests ask questions of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HOUSES = ("committees", "organizing")
#: Our code: what a server runs, and the tools around it.
FOLDERS = (*HOUSES, "config", "tools", "deploy")


@dataclass(frozen=True)
class Room:
    """One Django app of ours, e.g. committees.people."""

    house: str
    name: str

    @property
    def folder(self) -> Path:
        return ROOT / self.house / self.name

    @property
    def dotted(self) -> str:
        return f"{self.house}.{self.name}"

    def has(self, module: str) -> bool:
        """Whether the room has views.py, or views/ as a package."""
        return (self.folder / f"{module}.py").exists() or (self.folder / module / "__init__.py").exists()

    def __str__(self) -> str:
        return self.dotted


@lru_cache(maxsize=1)
def rooms() -> tuple[Room, ...]:
    """Every folder of a house that is a Python package."""
    return tuple(Room(house, path.parent.name) for house in HOUSES for path in sorted((ROOT / house).glob("*/__init__.py")))


@dataclass(frozen=True)
class Source:
    """One Python file of ours, read and parsed."""

    path: Path
    tree: ast.Module
    lines: int

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def parts(self) -> tuple[str, ...]:
        return self.path.relative_to(ROOT).parts

    def is_module(self, *names: str) -> bool:
        """True in room/views.py and in room/views/anything.py, for one of these names."""
        inside = self.parts[2:]
        return bool(inside) and (inside[0] in names or inside[0].removesuffix(".py") in names)

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 0)}"


@lru_cache(maxsize=4)
def sources(*folders: str) -> tuple[Source, ...]:
    """All Python files below these folders (all of our code if none is named), without migrations."""
    found = []
    for folder in folders or FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts and "__pycache__" not in path.parts:
                text = path.read_text()
                found.append(Source(path, ast.parse(text), text.count("\n") + 1))
    return tuple(found)


def in_rooms() -> tuple[Source, ...]:
    return sources(*HOUSES)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an expression made of names and attributes; "" for anything else in front."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return ""


def listed(problems: list[str]) -> str:
    """One to a line, for the message of a failing test."""
    return "\n" + "\n".join(problems)
