"""The drill: install, look, use, upgrade under load, go back, kill, lose the disk, recover, restart. Each proof says what it saw."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.places import SOURCE
from deploy.proof import looks, losses
from deploy.proof.drilled import DOMAIN, INSIDE, SOMETHING_LEFT, Drill
from deploy.proof.root import Failed, Root

NOT_PROVEN = """
What this did not prove:
  a certificate from Let's Encrypt (the site used one of its own making), and the way through the tor network to the onion address
  a machine's own start: kernel, boot loader, disks, clock; systemd was the first process of a namespace on this kernel, without controllers
  for memory and processor, so that limits of slices were not in force
  another machine that fetches the backups (rsync over ssh), a firewall, and whether a mail provider believes this server's mail
  a certificate's renewal, a major upgrade of PostgreSQL or of Debian, and months of running
"""


def without_services(drill: Drill) -> str:
    """the one command, on a Debian without a running systemd: packages, user, database, units, proxy"""
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", SOURCE, f"{drill.root.folder}{INSIDE}"], check=True)
    subprocess.run(["git", "-C", f"{drill.root.folder}{INSIDE}", "remote", "remove", "origin"], check=True)
    made = drill.root.enter("sh", "-c", "apt-get install -q -y --no-install-recommends age >/dev/null && age-keygen 2>/dev/null")
    drill.key = next(line for line in made.stdout.splitlines() if line.startswith("AGE-SECRET-KEY-1"))
    drill.public = next(line.split(": ")[1] for line in made.stdout.splitlines() if line.startswith("# public key"))
    words = ["--domain", DOMAIN, "--tls", "self-signed", "--backup-key", drill.public]
    began = time.monotonic()
    done = drill.root.enter(f"{INSIDE}/deploy/install", *words, env={"MAIL_URL": "smtp://127.0.0.1:2525"})
    if done.returncode != SOMETHING_LEFT or "Start rankfile.target" not in done.stdout:
        raise Failed(f"deploy/install ended with {done.returncode}:\n{done.stdout[-2500:]}")
    return f"{time.monotonic() - began:.0f} s, and it says what it could not do (exit code 3)"


def booted(drill: Drill) -> str:
    """systemd starts, and every part with it"""
    began = time.monotonic()
    state = drill.root.boot()
    looks.all_up(drill.root)
    failed = drill.root.inside("systemctl", "list-units", "--failed", "--plain", "--no-legend").stdout.split("\n")
    others = ", ".join(row.split()[0] for row in failed if row.strip()) or "none"
    return f"{state}, all parts answer after {time.monotonic() - began:.0f} s; units of Debian's own that failed in this namespace: {others}"


def again(drill: Drill) -> str:
    """the same command once more, without a word: it asks nothing, changes nothing, and finds the site well"""
    sink = "/opt/rankfile/current/.venv/bin/python -m aiosmtpd -n -l 127.0.0.1:2525 -c aiosmtpd.handlers.Mailbox /srv/mail"
    drill.root.does("systemd-run", "--quiet", "--unit=proof-sink", *sink.split())
    pids = [looks.main_pid(drill.root, unit) for unit in looks.RUNNING]
    began = time.monotonic()
    said = drill.install()
    changed = [line.strip() for line in said.splitlines() if line.strip().startswith(("write", "make", "remove", "point", "run apt-get"))]
    if changed or pids != [looks.main_pid(drill.root, unit) for unit in looks.RUNNING]:
        raise Failed(f"A second install changed something: {changed or 'a part was started anew'}")
    left = [line for line in said.splitlines() if line.startswith("Left for you")]
    if len(left) != 1 or "certificate" not in left[0]:
        raise Failed(f"Something else is left to do: {left}")
    return f"{time.monotonic() - began:.0f} s, nothing written, no part started anew, the doctor finds nothing wrong"


def task(drill: Drill) -> str:
    """a task through broker and worker, and a tick of the scheduler"""
    code = "from datetime import UTC, datetime; from config.services import proofs; print(proofs.task()); print(proofs.tick(datetime.now(UTC)))"
    return "; ".join(drill.rankfile("shell", "--no-imports", "-c", code).splitlines()[-2:])


def accounts(drill: Drill) -> str:
    """the first accounts, and a sign-in through the proxy"""
    words = ["--admin", "admin@proof.example", "--alliance", "Alliance", "--organizer", "one@proof.example", "--organizer", "two@proof.example"]
    drill.accounts = json.loads(drill.rankfile("setup", *words, "--json"))["accounts"]
    return looks.sign_in(drill.root, DOMAIN, drill.accounts[1])


def onion(drill: Drill) -> str:
    """an onion address beside the other one"""
    done = drill.root.enter("apt-get", "install", "-q", "-y", "--no-install-recommends", "tor")
    if done.returncode:
        raise Failed(f"tor could not be had: {done.stdout[-500:]}")
    drill.install("--onion")
    looks.all_up(drill.root)
    return looks.onion(drill.root, drill.accounts[1])


PROOFS: tuple[tuple[str, Callable[[Drill], str]], ...] = (
    ("install without services", without_services),
    ("boot", booted),
    ("install again", again),
    ("units", lambda drill: looks.units(drill.root)),
    ("page", lambda drill: looks.page(drill.root, DOMAIN)),
    ("task", task),
    ("accounts", accounts),
    ("mail", lambda drill: looks.mail(drill.root, DOMAIN)),
    ("onion", onion),
    ("no traces", lambda drill: looks.traces(drill.root, DOMAIN)),
    ("backups", losses.backups),
    ("upgrade under load", losses.upgrade),
    ("rollback under load", losses.rollback),
    ("killed parts", losses.killed),
    ("lost disk", losses.lost_disk),
    ("restored dump", losses.restored),
    ("restart", losses.restart),
)


def prove(drill: Drill) -> list[str]:
    """All proofs in order; the names of those that failed. Without a booted machine the rest says nothing."""
    failed: list[str] = []
    for name, proof in PROOFS:
        began = time.monotonic()
        try:
            said, good = proof(drill), True
        except (Failed, OSError, subprocess.CalledProcessError, KeyError, ValueError, StopIteration) as problem:
            said, good = f"{type(problem).__name__}: {problem}", False
            failed.append(name)
        print(f"{'ok' if good else 'FAILED':<7} {name} ({time.monotonic() - began:.0f} s): {said}", flush=True)
        if not good and name in ("install without services", "boot"):
            break
    return failed


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="deploy/prove", description=__doc__, epilog=NOT_PROVEN, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, help="a bootstrapped Debian 13 to copy; else debootstrap makes one")
    parser.add_argument("--work", type=Path, help="where the root is made (about 2 GB); else a temporary folder")
    parser.add_argument("--keep", action="store_true", help="leave the root there")
    said = parser.parse_args(words)
    if os.geteuid() != 0:
        print("deploy/prove makes namespaces and a root file system: it needs root.", file=sys.stderr)
        return 4
    work = Path(tempfile.mkdtemp(prefix="rankfile-proof-", dir=said.work))
    drill = Drill(Root(work / "root"))
    began = time.monotonic()
    try:
        drill.root.make(said.base)
        print(f"ok      a fresh Debian in {drill.root.folder} ({time.monotonic() - began:.0f} s)", flush=True)
        failed = prove(drill)
    finally:
        drill.root.shut_down()
        if not said.keep:
            shutil.rmtree(work, ignore_errors=True)
    print(NOT_PROVEN)
    print(
        f"{len(PROOFS) - len(failed)} of {len(PROOFS)} proofs held in {time.monotonic() - began:.0f} s." + (f" Failed: {', '.join(failed)}." if failed else "")
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
