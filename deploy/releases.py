"""Releases lie beside each other, each with its own environment; one name points at the one that runs."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from deploy import environment
from deploy.machine import USAGE, Machine, Stop
from deploy.places import CURRENT, RELEASES, SECRETS_ENV, SETTINGS_ENV, SOURCE, STATE, USER

KEPT = 3
DONE_MARK = ".complete"
GENTLY = ("nice", "-n", "15")  # the release that runs comes first
#: Enough to load the settings where nothing is asked of a server: for work on the files of a release alone.
BARE = {
    "RANKFILE_IGNORE_DOTENV": "1",
    "RANKFILE_VAR": str(STATE / "building"),
    "DATABASE_URL": "postgres:////nowhere/none",
    "REDIS_URL": "redis://127.0.0.1:1/1",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
    "MAIL_URL": "smtp://127.0.0.1:1",
}


def name_of(machine: Machine, version: str, source: Path = SOURCE) -> str:
    """The day and commit of what is to be installed; of a folder without history the digest of its files."""
    if not (source / ".git").exists():
        if version:
            raise Stop(f"{source} has no history: --version needs a git checkout.", USAGE)
        return f"files-{_digest(source)}"
    said = _git(machine, source, "show", "--no-patch", "--format=%cs-%h", "--abbrev=12", f"{version or 'HEAD'}^{{commit}}")
    if not said:
        raise Stop(f"{version or 'HEAD'} is no tag or commit of {source}.", USAGE)
    return said.replace("-", "", 2)


def _git(machine: Machine, source: Path, *words: str) -> str:
    return machine.ask("git", "-c", f"safe.directory={source}", "-C", str(source), *words)


def _digest(source: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(path for path in source.rglob("*") if path.is_file() and not _left_out(path.relative_to(source))):
        whole.update(f"{path.relative_to(source)}\0".encode() + path.read_bytes())
    return whole.hexdigest()[:12]


def _left_out(path: Path) -> bool:
    return bool({".venv", ".tools", "var", ".git", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"} & set(path.parts)) or path.suffix == ".mo"


def build(machine: Machine, name: str, version: str, source: Path = SOURCE) -> Path:
    """Lay a release out: its files, its environment from the lock file with every hash checked, its catalogues. Nothing runs on it yet."""
    release = RELEASES / name
    if (release / DONE_MARK).exists():
        machine.note(f"{release} is there already")
        return release
    if (source / ".git").exists() and _git(machine, source, "status", "--porcelain"):
        machine.note(f"changes that are not committed in {source} are left out")
    machine.remove(release)
    machine.folder(release)
    _export(machine, source, release, version)
    python = release / ".venv" / "bin" / "python"
    machine.run("python3", "-m", "venv", str(release / ".venv"))
    install = [
        *GENTLY,
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-cache-dir",
        "--disable-pip-version-check",
        "--no-input",
        "--root-user-action=ignore",
    ]
    # Wheels alone: nothing of a package runs while it is installed.
    machine.run(*install, "--only-binary=:all:", "--require-hashes", "--requirement", str(release / "requirements.lock"))
    machine.run(*GENTLY, str(python), "-m", "compileall", "-q", "-j", "0", str(release), what="compile the Python files")
    _translate(machine, release)
    if not machine.dry_run:
        (release / DONE_MARK).touch()
    return release


def _export(machine: Machine, source: Path, release: Path, version: str) -> None:
    if machine.dry_run:
        machine.note(f"would copy the files of {source} to {release}")
    elif (source / ".git").exists():
        words = ["git", "-c", f"safe.directory={source}", "-C", str(source), "archive", "--format=tar", version or "HEAD"]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as git:
            subprocess.run(["tar", "--extract", "--no-same-owner", "--directory", release], stdin=git.stdout, check=True)
        if git.returncode:
            raise Stop(f"{version or 'HEAD'} could not be read from {source}.")
    else:
        shutil.copytree(source, release, dirs_exist_ok=True, ignore=lambda folder, names: {each for each in names if _left_out(Path(each))})


def _translate(machine: Machine, release: Path) -> None:
    """As the server's user, to whom the folder belongs for that long: no code of the project runs as root."""
    locale = str(release / "locale")
    building = STATE / "building"
    machine.folder(building, mode=0o700, owner=f"{USER}:{USER}")
    machine.run("chown", "-R", USER, locale, what="compile the translations")
    python = str(release / ".venv" / "bin" / "python")
    machine.run(python, "manage.py", "translations", "compile", user=USER, env=BARE, cwd=release, what=f"({USER}) manage.py translations compile")
    machine.run("chown", "-R", "root", locale, what="give them back to root")
    machine.remove(building)


def current() -> Path | None:
    """The release that runs, by where it really lies."""
    return CURRENT.resolve() if CURRENT.is_symlink() and CURRENT.exists() else None


def all_of_them() -> list[Path]:
    """Every whole release, the one that was built first in front."""
    return sorted((path for path in RELEASES.glob("*") if (path / DONE_MARK).exists()), key=lambda path: (path / DONE_MARK).stat().st_mtime)


def forget(machine: Machine, keep: Path) -> None:
    """Let go of all but the newest few, and never of the one that runs or the one before it."""
    for release in all_of_them()[:-KEPT]:
        if release not in (keep, current()):
            machine.remove(release)


def manage(machine: Machine, release: Path, *words: str, what: str = "") -> str:
    """A management command of a release, as the server's user, with the settings of this machine."""
    settings = {} if machine.dry_run else environment.read(SETTINGS_ENV) | environment.read(SECRETS_ENV)
    python = str(release / ".venv" / "bin" / "python")
    said = what or f"({USER}) manage.py {' '.join(words)}"
    return machine.run(python, "manage.py", *words, user=USER, env={**settings, "HOME": str(STATE)}, cwd=release, what=said)
