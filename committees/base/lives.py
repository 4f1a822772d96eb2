"""What may become of what: the steps of a life, said once. The database refuses any other (constraints.only_known_steps), a test
compares the two, and docs/lives.md is drawn from them (`manage.py lives --write`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Step:
    """From one state to another. `how` says by whose act or after what, in plain words."""

    before: str
    after: str
    how: str


@dataclass(frozen=True)
class Life:
    """All the steps of one kind of row. `begins` are the states in which a row may be made."""

    model: type[Any]
    column: str
    title: str
    begins: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset((str(step.before), str(step.after)) for step in self.steps)

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(str(value) for value, _label in self.model._meta.get_field(self.column).choices)


_lives: list[Life] = []


def tell(life: Life) -> None:
    """Called from a room's `ready()`."""
    if life not in _lives:
        _lives.append(life)


def told() -> tuple[Life, ...]:
    """Every life, in the order in which the rooms told them."""
    return tuple(_lives)


def fan(befores: tuple[str, ...], after: str, how: str) -> tuple[Step, ...]:
    """The same step from several states."""
    return tuple(Step(before, after, how) for before in befores)


HEAD = """# The lives of committees, applications, memberships and mandates

This page is drawn from the code (`manage.py lives --write`); the database refuses every step that is not in it.
"""


def page() -> str:
    """The page of the docs."""
    return "\n".join([HEAD, *(_drawn(life) for life in _lives)])


def _drawn(life: Life) -> str:
    arrows = [f"    [*] --> {state}" for state in life.begins]
    arrows += [f"    {step.before} --> {step.after}" for step in life.steps]
    rows = [f"| {step.before} | {step.after} | {step.how} |" for step in life.steps]
    return "\n".join(
        [f"## {life.title}", "", "```mermaid", "stateDiagram-v2", *arrows, "```", "", "| from | to | how |", "|---|---|---|", *rows, ""],
    )
