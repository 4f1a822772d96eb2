"""Files as they are sent, made anew without what tells on their senders: where a photo was taken, who wrote a document, what it said before.

Nothing of Django is used here: `__main__.py` runs it in a process of its own, which holds no key, no database and little memory (apart.py).
"""

from __future__ import annotations

from dataclasses import dataclass

#: Bytes of a file as it is sent, and as it is kept: a picture may grow when it is made anew.
LARGEST = 10 * 1024 * 1024
LARGEST_KEPT = 16 * 1024 * 1024


class NotTaken(Exception):
    """A file that is not kept; `why` is one of the reasons in organizing/papers/rules.py."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Cleaned:
    """A file that can be kept: what it is (`pdf`, `jpeg`, `png` or `text`), and its bytes."""

    kind: str
    content: bytes
