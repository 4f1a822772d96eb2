"""A Debian in a folder: made or copied, entered without a service manager, booted with systemd, shut down.

Everything runs in namespaces of its own: processes end with the root, and booted it has a loopback of its own and no other network.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

SUITE = "trixie"
#: What every Debian that was installed on a machine has, and a bootstrapped folder has not.
OF_A_MACHINE = ("systemd-sysv", "dbus", "ca-certificates", "git", "iproute2")
PASSED_ON = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_DEFAULT_TIMEOUT")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
CLONE_NEWNET = 0x40000000
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")

MOUNTS = """
mount --make-rprivate /
mount --bind "$R" "$R"
mount -t proc proc "$R/proc"
mount -t sysfs sysfs "$R/sys" -o ro
mount -t tmpfs tmpfs "$R/run" -o mode=755
mount -t tmpfs tmpfs "$R/tmp" -o mode=1777
mount -t tmpfs tmpfs "$R/dev" -o mode=755
for each in {devices}; do touch "$R/dev/$each"; mount --bind "/dev/$each" "$R/dev/$each"; done
ln -s /proc/self/fd "$R/dev/fd"
ln -s /proc/self/fd/0 "$R/dev/stdin"
ln -s /proc/self/fd/1 "$R/dev/stdout"
ln -s /proc/self/fd/2 "$R/dev/stderr"
mkdir "$R/dev/shm" "$R/dev/pts" "$R/dev/mqueue"
mount -t tmpfs tmpfs "$R/dev/shm" -o mode=1777
mount -t devpts devpts "$R/dev/pts" -o newinstance,ptmxmode=0666,mode=620
ln -s pts/ptmx "$R/dev/ptmx"
mount -t mqueue mqueue "$R/dev/mqueue"
""".format(devices=" ".join(DEVICES))
ENTER = MOUNTS + 'exec chroot "$R" "$@"\n'
# systemd makes roots of its own for its services, which takes a root that is one: pivot_root, not chroot.
BOOT = (
    MOUNTS
    + """
ip link set lo up
mount -t cgroup2 cgroup2 "$R/sys/fs/cgroup"
cd "$R"
mkdir -p .before
pivot_root . .before
cd /
umount -l /.before
exec env -i container=proof PATH=/usr/sbin:/usr/bin:/sbin:/bin /sbin/init
"""
)


class Failed(Exception):
    """Something did not work; the text says what."""


class Root:
    """One folder, and the first process in it while it is booted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first = 0
        self._keeper: subprocess.Popen[bytes] | None = None

    # -- making -----------------------------------------------------------------------------
    def make(self, base: Path | None) -> None:
        """A copy of a bootstrapped root, or one that debootstrap makes now."""
        if base:
            subprocess.run(["cp", "-a", base, self.folder], check=True)
        else:
            subprocess.run(["debootstrap", "--variant=minbase", SUITE, self.folder], check=True, stdout=subprocess.DEVNULL)
        for name in ("resolv.conf", "hosts"):
            shutil.copy(Path("/etc") / name, self.folder / "etc" / name)
        (self.folder / "etc" / "hostname").write_text("proof\n")
        if CERTIFICATES.exists():
            shutil.copy(CERTIFICATES, self.folder / "srv" / "certificates.crt")
        done = self.enter("sh", "-c", "apt-get update -q && apt-get install -q -y --no-install-recommends " + " ".join(OF_A_MACHINE))
        if done.returncode:
            raise Failed(f"The packages of an installed machine could not be had:\n{done.stdout[-1500:]}")

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """What reaches the inside: the way to mirrors, if one is set out here, and nothing else."""
        passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        if (self.folder / "srv" / "certificates.crt").exists():
            passed["PIP_CERT"] = "/srv/certificates.crt"
        return {
            "PATH": "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "LC_ALL": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
            **passed,
            **(more or {}),
        }

    # -- without a service manager --------------------------------------------------------------
    def enter(self, *argv: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run one command inside, with the network of this machine; whatever it started ends with it."""
        words = ["unshare", "--pid", "--mount", "--ipc", "--uts", "--fork", "--kill-child", "sh", "-ec", ENTER, "sh", *argv]
        return subprocess.run(
            words,
            env={**self.environment(env), "R": str(self.folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    # -- with systemd ---------------------------------------------------------------------------
    def boot(self, patience: float = 120) -> str:
        """systemd as the first process. Returns its state once it is up."""
        words = ["unshare", "--pid", "--mount", "--ipc", "--uts", "--cgroup", "--net", "--fork", "--kill-child", "sh", "-ec", BOOT]
        self._keeper = subprocess.Popen(
            words, env={**os.environ, "R": str(self.folder)}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self._keeper.poll() is not None:
                said = self._keeper.stderr.read().decode(errors="replace") if self._keeper.stderr else ""
                raise Failed(f"systemd does not start here (it needs namespaces, cgroups and root): {said[-500:]}")
            self.first = self._child()
            if self.first and (state := self.inside("systemctl", "is-system-running").stdout.strip()) in ("running", "degraded"):
                return state
            time.sleep(0.5)
        raise Failed(f"systemd was not up within {patience:.0f} seconds.")

    def _child(self) -> int:
        """The first process inside, once it is systemd and no longer the shell that prepared its root."""
        assert self._keeper is not None
        children = Path(f"/proc/{self._keeper.pid}/task/{self._keeper.pid}/children").read_text().split()
        if children and Path(f"/proc/{children[0]}/comm").read_text().strip() == "systemd":
            return int(children[0])
        return 0

    def inside(self, *argv: str, env: Mapping[str, str] | None = None, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command on the booted machine, as root and beside its services."""
        return subprocess.run(
            self._at(*argv),
            env=self.environment(env),
            input=text,
            stdin=None if text is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="backslashreplace",  # a journal holds bytes of all kinds
            check=False,
        )

    def does(self, *argv: str, env: Mapping[str, str] | None = None, text: str | None = None) -> str:
        """The same, and it must end well."""
        done = self.inside(*argv, env=env, text=text)
        if done.returncode:
            raise Failed(f"{' '.join(argv)[:200]} ended with {done.returncode}:\n{done.stdout.strip()[-1500:]}")
        return done.stdout.strip()

    @contextlib.contextmanager
    def network(self) -> Iterator[None]:
        """For as long as this lasts this thread, and each one that it starts, stands in the booted machine's network, as a visitor does."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net") as ours, open(f"/proc/{self.first}/ns/net") as theirs:
            if libc.setns(theirs.fileno(), CLONE_NEWNET):
                raise Failed(f"The network of the booted machine cannot be entered: {os.strerror(ctypes.get_errno())}.")
            try:
                yield
            finally:
                libc.setns(ours.fileno(), CLONE_NEWNET)

    def _at(self, *argv: str) -> list[str]:
        return ["nsenter", "--target", str(self.first), "--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup", "--root", "--wd", *argv]

    def shut_down(self) -> None:
        """An orderly end, as a machine that is told to stop; then every process inside is gone."""
        if self._keeper is None:
            return
        if self.first:
            os.kill(self.first, signal.SIGRTMIN + 4)  # systemd: stop everything and power off
        try:
            self._keeper.wait(90)
        except subprocess.TimeoutExpired:
            self._keeper.kill()
            self._keeper.wait()
        self._keeper, self.first = None, 0
