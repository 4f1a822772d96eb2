"""Has a file cleaned in a process of its own: what a hostile file does to a decoder, it does there, without keys and without the database."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path

from organizing.papers.cleaning import Cleaned, NotTaken

ROOT = Path(__file__).resolve().parents[3]
#: Seconds that one file may take, and that one waits until it is its turn.
LONGEST, PATIENCE = 30, 20
log = logging.getLogger(__name__)
_turn = threading.BoundedSemaphore(2)


def cleaned(raw: bytes) -> Cleaned:
    """The file, made anew. Raises NotTaken: `busy` where others are being cleaned, `too_much` where it took too long or broke the decoder."""
    if not _turn.acquire(timeout=PATIENCE):
        raise NotTaken("busy")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "organizing.papers.cleaning"],
            input=raw,
            capture_output=True,
            timeout=LONGEST,
            cwd=ROOT,
            env={"LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotTaken("too_much") from None
    finally:
        _turn.release()
    said, line, content = done.stdout.partition(b"\n")
    if done.returncode or not line:
        log.warning("papers.cleaner_died", extra={"code": done.returncode})
        raise NotTaken("too_much")
    told = json.loads(said)
    if "why" in told:
        raise NotTaken(told["why"])
    return Cleaned(told["kind"], content)
