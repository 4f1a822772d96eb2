"""The import contracts of pyproject.toml hold, and each of them can be broken."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.house.code import ROOT


@pytest.fixture
def lint(monkeypatch: pytest.MonkeyPatch) -> object:
    from importlinter.cli import lint_imports

    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    return lint_imports


def test_the_contracts_hold(lint: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(config_filename="pyproject.toml", no_cache=True) == 0, capsys.readouterr().out  # type: ignore[operator]


BROKEN = {
    "Who we are never learns what we do": ("committees/bodies/models.py", "import organizing.meetings"),
    "Floors of committees, top first": ("committees/people/models.py", "import committees.membership.roles"),
    "Order inside a room": ("committees/ledger/models.py", "import committees.ledger.commands"),
}


@pytest.mark.slow
@pytest.mark.parametrize("contract", BROKEN)
def test_a_broken_contract_is_noticed(contract: str, tmp_path: Path) -> None:
    """On a copy of the code with one import too many."""
    import shutil
    import subprocess

    for folder in ("committees", "organizing", "config"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "data", "demo"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path, line = BROKEN[contract]
    with (tmp_path / path).open("a") as file:
        file.write(f"\n{line}\n")
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c(['--no-cache', '--no-logo'])"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{contract} BROKEN" in " ".join(done.stdout.split())
