"""Commands on the command line: each says what it does, can speak JSON, can be tried without writing, is in the docs."""

from __future__ import annotations

import argparse
import re
from functools import lru_cache
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from tests.house.code import HOUSES, ROOT

#: Those that change nothing: they need no --dry-run.
ONLY_READ = {"verify_ledger", "doctor", "check_mail", "classify_bounce", "occurrences"}
#: Those that run something or undo something, and say here why a dry run would be no use.
NO_DRY_RUN = {
    "lives": "prints the page; --write writes it into docs",
    "up": "starts the server; --exit-when-ready is its trial",
    "mailsink": "a server, for as long as it runs",
    "dispatch": "a worker, for as long as it runs",
    "reset": "asks before it empties var/, unless --yes",
}
#: Those whose output is a server's log, not a result.
NO_JSON = {"mailsink"}


@lru_cache(maxsize=1)
def ours() -> tuple[str, ...]:
    return tuple(sorted(name for name, app in get_commands().items() if isinstance(app, str) and app.split(".")[0] in (*HOUSES, "config")))


def load(name: str) -> BaseCommand:
    return load_command_class(get_commands()[name], name)  # type: ignore[arg-type]


def options(name: str) -> dict[str, argparse.Action]:
    """The options of a command, its subcommands' too."""
    found: dict[str, argparse.Action] = {}
    waiting: list[Any] = [load(name).create_parser("manage.py", name)]
    while waiting:
        parser = waiting.pop()
        for action in parser._actions:
            found |= dict.fromkeys(action.option_strings, action)
            if isinstance(action, argparse._SubParsersAction):
                waiting += action.choices.values()
    return found


def test_there_are_commands() -> None:
    assert {"verify_ledger", "retention", "rotate_field_keys"} <= set(ours())


@pytest.mark.parametrize("name", ours())
def test_a_command_says_what_it_does(name: str) -> None:
    command = load(name)
    assert len(command.help) > 30, f"{name}: help"
    text = command.create_parser("manage.py", name).format_help()
    assert "--help" in text
    bare = [flag for flag, action in options(name).items() if not action.help and flag.startswith("--")]
    assert not bare, f"{name}: options without help: {bare}"


@pytest.mark.parametrize("name", ours())
def test_a_command_can_answer_in_json(name: str) -> None:
    assert "--json" in options(name) or name in NO_JSON, f"{name} has no --json"


@pytest.mark.parametrize("name", ours())
def test_a_command_that_writes_can_be_tried(name: str) -> None:
    assert "--dry-run" in options(name) or name in ONLY_READ or name in NO_DRY_RUN, f"{name} has no --dry-run; if it only reads, say so in this test"


@pytest.mark.parametrize("name", ours())
def test_a_command_has_an_example_in_the_docs(name: str) -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
    # docs/retention.md and its like are written by commands: an example there would prove nothing
    example = re.compile(rf"manage\.py {name}\b")
    assert any(example.search(page.read_text()) for page in pages if page.exists()), f"no page shows `manage.py {name} …`"


def test_the_exceptions_are_still_there() -> None:
    assert set(ours()) >= ONLY_READ | set(NO_DRY_RUN) | NO_JSON
