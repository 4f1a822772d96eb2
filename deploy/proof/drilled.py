"""The machine that is drilled, and what the proofs share."""

from __future__ import annotations

from dataclasses import dataclass, field

from deploy.machine import SOMETHING_LEFT
from deploy.proof.root import Failed, Root

DOMAIN = "committees.example.org"
INSIDE = "/srv/rank-and-file"


@dataclass
class Drill:
    """What the proofs share."""

    root: Root
    key: str = ""
    public: str = ""
    first: str = ""
    accounts: list[dict[str, str]] = field(default_factory=list)

    def rankfile(self, *words: str, text: str | None = None) -> str:
        return self.root.does("rankfile", *words, text=text)

    def install(self, *words: str, command: str = "install") -> str:
        done = self.root.inside(f"{INSIDE}/deploy/{command}", *words)
        if done.returncode not in (0, SOMETHING_LEFT):
            raise Failed(f"deploy/{command} ended with {done.returncode}:\n{done.stdout[-2000:]}")
        return done.stdout
