"""`python -m config.services.run`: a service manager gets the very process that `manage.py up` would start."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from config.services import parts, run
from config.services.supervisor import Part


class Become(Exception):
    """What would have been executed."""


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    found: list[Any] = []

    def execve(path: str, argv: list[str], env: dict[str, str]) -> None:
        found.extend([path, argv, env])
        raise Become

    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setattr(os, "chdir", lambda _: None)
    return found


@pytest.mark.parametrize("name", sorted(parts.PARTS))
def test_a_part_is_what_the_supervisor_starts(name: str, executed: list[Any]) -> None:
    with pytest.raises(Become):
        run.main([name])
    path, argv, env = executed
    part = parts.PARTS[name]()
    assert argv[1:] == part.argv[1:]
    assert path == argv[0]
    assert Path(path).exists()
    assert {key: env[key] for key in ("DATABASE_POOLED", "DJANGO_SETTINGS_MODULE")} == {
        "DATABASE_POOLED": "1" if name == "web" else "0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def test_a_release_is_named_by_where_it_lies(executed: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """“current” will point elsewhere while this process lives: what it starts later must still be of its own release."""
    real = tmp_path / "releases" / "one" / ".venv"
    (real / "bin").mkdir(parents=True)
    (tmp_path / "current").symlink_to(tmp_path / "releases" / "one")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "current" / ".venv"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "current" / ".venv" / "bin" / "python"))
    with pytest.raises(Become):
        run.main(["scheduler"])
    assert executed[0] == str(real / "bin" / "python")


def test_waiting_ends_when_the_part_answers_and_fails_when_it_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([False, False, True])
    made = Part("web server", [], {}, tmp_path / "log", lambda: next(answers))
    monkeypatch.setitem(parts.PARTS, "web", lambda: made)
    assert run.main(["web", "--await", "5"]) == 0
    made.answers = lambda: False
    assert run.main(["web", "--await", "0.2"]) == 1
    assert "did not answer" in capsys.readouterr().err
