"""The machine that is installed: every change goes through here, so that a dry run says all of them and makes none."""

from __future__ import annotations

import contextlib
import os
import pwd
import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

DONE, FAILED, USAGE, SOMETHING_LEFT, UNSUITABLE = 0, 1, 2, 3, 4


class Stop(Exception):
    """A step cannot go on. The text is for whoever installs, and says what to do."""

    def __init__(self, text: str, code: int = FAILED) -> None:
        super().__init__(text)
        self.code = code


class Machine:
    """Runs commands and writes files, or only says that it would. `said` holds every change, in words."""

    def __init__(self, say: Callable[[str], None], *, dry_run: bool = False) -> None:
        self._say = say
        self.dry_run = dry_run
        self.left: list[str] = []
        self.changed: set[str] = set()

    # -- saying ---------------------------------------------------------------------------------
    def step(self, text: str) -> None:
        self._say(text)

    def note(self, text: str) -> None:
        self._say(f"      {text}")

    def leave(self, text: str) -> None:
        """Something that this program cannot do, and somebody must. Said again at the end, and in the exit code."""
        self.left.append(text)
        self.note(f"! {text}")

    def _would(self, text: str) -> bool:
        self.note(("would " if self.dry_run else "") + text)
        return self.dry_run

    # -- looking --------------------------------------------------------------------------------
    def ask(self, *argv: str, user: str = "", env: Mapping[str, str] | None = None) -> str:
        """What a command that changes nothing prints; "" where it fails or does not exist."""
        try:
            done = subprocess.run(self._as(user, argv), stdin=subprocess.DEVNULL, capture_output=True, text=True, env=self._env(env), cwd="/", check=False)
        except OSError:
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""

    def has_services(self) -> bool:
        """Whether systemd runs this machine (it does not in a container or a chroot)."""
        return Path("/run/systemd/system").is_dir()

    # -- changing -------------------------------------------------------------------------------
    def run(self, *argv: str, user: str = "", env: Mapping[str, str] | None = None, cwd: str | Path = "/", what: str = "", text: str | None = None) -> str:
        """Run a command to its end and give what it printed; where it fails, stop with its last words."""
        if self._would(what or "run " + shlex.join(argv)):
            return ""
        done = subprocess.run(
            self._as(user, argv),
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self._env(env),
            cwd=cwd,
            check=False,
        )
        if done.returncode:
            raise Stop(f"This failed (exit code {done.returncode}): {what or shlex.join(argv)}\n{done.stdout.strip()[-3000:]}")
        return done.stdout.strip()

    def write(self, path: Path, text: str, *, mode: int = 0o644, owner: str = "root:root") -> bool:
        """Put a file in place, whole or not at all. Returns whether anything changed."""
        same = path.is_file() and self._readable(path) == text and (path.stat().st_mode & 0o7777) == mode
        if same:
            return False
        self.changed.add(str(path))
        if self._would(f"write {path} ({mode:04o}, {owner})"):
            return True
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.new")
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(text)
            self._own(part, owner)
            os.fchmod(out.fileno(), mode)
        part.replace(path)
        return True

    def folder(self, path: Path, *, mode: int = 0o755, owner: str = "root:root") -> None:
        if path.is_dir() and (path.stat().st_mode & 0o7777) == mode and self._owned(path) == owner:
            return
        if self._would(f"make the folder {path} ({mode:04o}, {owner})"):
            return
        path.mkdir(parents=True, exist_ok=True)
        self._own(path, owner)
        path.chmod(mode)

    def link(self, path: Path, target: Path) -> None:
        """Point a name at something else in one instant."""
        if path.is_symlink() and path.readlink() == target:
            return
        if self._would(f"point {path} at {target}"):
            return
        part = path.with_name(f".{path.name}.new")
        part.unlink(missing_ok=True)
        part.symlink_to(target)
        part.replace(path)

    def remove(self, path: Path) -> None:
        if not path.exists() and not path.is_symlink():
            return
        if self._would(f"remove {path}"):
            return
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    # -- details --------------------------------------------------------------------------------
    @staticmethod
    def _as(user: str, argv: tuple[str, ...]) -> list[str]:
        return ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--inh-caps=-all", "--", *argv] if user else list(argv)

    @staticmethod
    def _env(more: Mapping[str, str] | None) -> dict[str, str]:
        """Ours, so that a mirror or a proxy that is set for apt or pip stays set; without a language of the caller's."""
        return {**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", **(more or {})}

    @staticmethod
    def _readable(path: Path) -> str | None:
        try:
            return path.read_text()
        except (OSError, UnicodeDecodeError):
            return None

    @staticmethod
    def _owned(path: Path) -> str:
        with contextlib.suppress(KeyError):
            return f"{path.owner()}:{path.group()}"
        return ""

    @staticmethod
    def _own(path: Path, owner: str) -> None:
        user, _, group = owner.partition(":")
        shutil.chown(path, user, group or user)


def exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
