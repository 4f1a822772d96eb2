"""Names and codes that are made, never chosen: three plain words and a number, and the code on paper."""

from __future__ import annotations

import re
import secrets
from functools import lru_cache
from pathlib import Path

from committees.base import slugs, tokens
from committees.base.text import clean_line

WORDS = 3
GROUPS, GROUP = 5, 4  # 27**20 is about 2**95: not to be found by trying
_SEPARATORS = re.compile(r"[\s_.,\-\u2010-\u2015]+")


@lru_cache(maxsize=1)
def words() -> tuple[str, ...]:
    """Short, plain, peaceful words; nothing that could be taken for a comment on who gets it."""
    return tuple(Path(__file__).with_name("words.txt").read_text().split())


def sign_in_name() -> str:
    """A new name like river-paper-lamp-418."""
    picked = [secrets.choice(words()) for _ in range(WORDS)]
    return "-".join([*picked, str(100 + secrets.randbelow(900))])


def clean_sign_in_name(typed: str) -> str:
    """How a name is compared: "River paper lamp 418" is river-paper-lamp-418."""
    return _SEPARATORS.sub("-", clean_line(typed).lower()).strip("-")


def paper_code() -> str:
    """A new recovery code, in groups that can be copied by hand."""
    groups = ["".join(secrets.choice(slugs.ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS)]
    return "-".join(groups).upper()


def paper_digest(typed: str) -> str:
    """What is stored of a recovery code, and what a typed one is compared by: case and dashes don't count."""
    return tokens.digest("".join(c for c in clean_line(typed).lower() if c.isalnum()))
