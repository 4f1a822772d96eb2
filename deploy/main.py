"""The commands of deploy/: each script beside this file calls one of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from deploy import options, recover, rollback, steps
from deploy.machine import FAILED, Machine, Stop


def say(text: str) -> None:
    print(text, flush=True)


def install(words: Sequence[str]) -> int:
    chosen = options.options(words)
    return steps.install(Machine(say, dry_run=chosen.dry_run), chosen)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {"install": install, "rollback": rollback.main, "recover": recover.main}


def main(words: Sequence[str]) -> int:
    os.umask(0o022)
    try:
        return COMMANDS[words[0]](words[1:])
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code
    except KeyboardInterrupt:
        print("Stopped. What was done stays; the next run goes on from there.", file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
