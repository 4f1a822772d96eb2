"""Becomes one part of the server, for a service manager that supervises in the place of `manage.py up`.

python -m config.services.run web                become it: what the part is started with stands in parts.py alone
python -m config.services.run web --await 60     wait until the one that runs answers; exit code 1 where it does not
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.env import ROOT
from config.services.errors import ServiceFailed
from config.services.parts import PARTS
from config.services.supervisor import Part


def become(part: Part) -> None:
    """Never returns. The interpreter is named by where it really lies: a release that is put beside this one and takes over
    its name must not reach the processes that this part starts later."""
    interpreter = str(Path(sys.prefix).resolve() / "bin" / Path(sys.executable).name) if sys.prefix != sys.base_prefix else sys.executable
    argv = [interpreter if word == sys.executable else word for word in part.argv]
    os.chdir(ROOT)
    os.execve(argv[0], argv, dict(part.env))


def wait(part: Part, seconds: float) -> None:
    """Return once the part answers; a part that nobody asks anything is there as soon as it is started."""
    deadline = time.monotonic() + seconds
    while part.answers is not None and not part.answers():
        if time.monotonic() > deadline:
            raise ServiceFailed(f"The {part.name} did not answer within {seconds:.0f} seconds.")
        time.sleep(0.1)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.services.run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=sorted(PARTS), help="which part of the server")
    parser.add_argument("--await", dest="seconds", type=float, metavar="SECONDS", help="start nothing: wait until the part answers")
    options = parser.parse_args(words)
    try:
        part = PARTS[options.part]()
        if options.seconds is None:
            become(part)
        else:
            wait(part, options.seconds)
    except (ServiceFailed, ImproperlyConfigured) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
