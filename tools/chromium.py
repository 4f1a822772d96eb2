"""Finds a Chromium for the story tests; `python -m tools.chromium` installs one where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MAC = ("/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
#: --no-sandbox: as root, and in containers, Chromium cannot make its own. The rest keeps it off the network: it knows no name but this machine's.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE ::1",
]


def find() -> str | None:
    """The path of a Chromium: CHROMIUM, then the PATH, then Playwright's own."""
    if given := os.environ.get("CHROMIUM"):
        return given if Path(given).exists() else None
    for name in NAMES:
        if path := shutil.which(name):
            return path
    for path in MAC:
        if Path(path).exists():
            return path
    return _playwrights()


def _playwrights() -> str | None:
    given = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    mac = Path.home() / "Library" / "Caches" / "ms-playwright"
    folder = Path(given) if given else mac if sys.platform == "darwin" else Path.home() / ".cache" / "ms-playwright"
    found = [path for name in ("chrome", "headless_shell", "chrome-headless-shell", "Chromium") for path in folder.glob(f"chromium*/**/{name}")]
    return str(max(found)) if found else None


def _try(*command: str) -> bool:
    print("  " + " ".join(command), flush=True)
    try:
        done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, timeout=600, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
    except (OSError, subprocess.TimeoutExpired) as problem:
        print(f"  {problem}", flush=True)
        return False
    return done.returncode == 0


def install() -> str | None:
    """The distribution's package as root, else Playwright's own download."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("No Chromium on the PATH: installing the distribution's.", flush=True)
        if _try("apt-get", "update", "-qq") and _try("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium") and (path := find()):
            return path
    print("No Chromium on the PATH: asking Playwright for its own.", flush=True)
    _try(sys.executable, "-m", "playwright", "install", "chromium")
    return find()


def main() -> int:
    path = find() or install()
    if path is None:
        print(
            "No Chromium: none on the PATH, none could be installed. Install your distribution's package `chromium`, "
            "or set CHROMIUM to the path of a Chrome or Chromium.",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
