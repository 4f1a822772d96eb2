"""Collected files are looked through once per run: each browser of a test would else look through all of them for itself."""

from __future__ import annotations

import pytest
from whitenoise.base import WhiteNoise


@pytest.fixture(scope="session", autouse=True)
def static_files_are_found_once() -> None:
    plain, found = WhiteNoise.update_files_dictionary, {}

    def update_files_dictionary(self: WhiteNoise, root: str, prefix: str) -> None:
        there = (root, prefix)
        if there not in found:
            plain(self, root, prefix)
            found[there] = dict(self.files)
        self.files.update(found[there])

    WhiteNoise.update_files_dictionary = update_files_dictionary
