"""The keeper: one process per VAR that runs PostgreSQL and Valkey for as long as anyone uses them.

Whoever needs the services holds a shared lock on `users.lock` while it lives. The keeper waits for the exclusive lock:
it gets it when the last user is gone, however that one went (the kernel drops the locks of a killed process), then
stops both and goes. The keeper in turn is tied to its servers by the death signal, so no order of deaths leaves one over.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import threading
import time

from config.services import locks, paths
from config.services.errors import ServiceFailed
from config.services.postgres import Postgres
from config.services.valkey import Valkey

LONGEST_WAIT = 10.0
CALM_AFTER = 60.0


USERS, KEEPER = "users.lock", "keeper.lock"


def watches() -> bool:
    """Has the keeper seen all its services answer? Only then does it start again what dies: before, a death is a failed start."""
    return bool(locks.read_note(paths.run_folder() / KEEPER).get("watching"))


class Keeper:
    """Starts the services, restarts what dies, stops when nobody is left."""

    def __init__(self, services: list[Postgres | Valkey], users: int, mine: int) -> None:
        self.services = services
        self.users = users
        self.mine = mine
        self.failures: dict[str, tuple[int, float]] = {}

    def run(self) -> None:
        watched = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
        signal.pthread_sigmask(signal.SIG_BLOCK, watched)
        try:
            for service in self.services:
                service.start()
            locks.write_note(self.mine, {"watching": True})
            threading.Thread(target=self._wait_for_the_last_user, daemon=True).start()
            while signal.sigwait(watched) == signal.SIGCHLD:
                self._mend()
        finally:
            for service in reversed(self.services):
                service.stop()

    def _wait_for_the_last_user(self) -> None:
        fcntl.flock(self.users, fcntl.LOCK_EX)  # kept until we end: a newcomer waits, then starts a keeper of its own
        os.kill(os.getpid(), signal.SIGTERM)

    def _mend(self) -> None:
        """Start again what has died, waiting longer each time."""
        for service in self.services:
            if service.process is None or service.process.poll() is None:
                continue
            count, last = self.failures.get(service.name, (0, 0.0))
            count = 1 if time.monotonic() - last > CALM_AFTER else count + 1
            self.failures[service.name] = (count, time.monotonic())
            print(f"{service.name} ended ({service.process.returncode}); start number {count + 1}", flush=True)
            time.sleep(min(LONGEST_WAIT, 0.1 * 2**count))
            try:
                service.start()
            except ServiceFailed as problem:
                print(problem, flush=True)
                if count >= 5:
                    raise


def main() -> int:
    run_folder = paths.run_folder()
    mine = locks.open_lock(run_folder / KEEPER)
    if not locks.take(mine):
        return 0  # another keeper was first; whoever started us waits for its services
    locks.write_note(mine, {})  # what the last keeper left
    ours = paths.embedded()
    services: list[Postgres | Valkey] = []
    try:
        if "postgres" in ours:
            services.append(Postgres(paths.VAR, run_folder))
        if "valkey" in ours:
            services.append(Valkey(paths.VAR, run_folder))
        Keeper(services, locks.open_lock(run_folder / USERS), mine).run()
    except ServiceFailed as problem:
        print(problem, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
