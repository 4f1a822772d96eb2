"""Random names for addresses: nothing counts, nothing can be guessed, nothing tells when a row was made."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models

#: No vowels (no words by accident), nothing that looks like something else.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 12  # 27**12 is about 2**57: not to be found by trying, short enough to read aloud


def new() -> str:
    """A new random slug of LENGTH characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class SlugField(models.CharField):
    """The random name by which a row is reached in a URL. Unique, made on creation, never changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 16)
        kwargs.setdefault("unique", True)
        kwargs.setdefault("default", new)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)
