"""A style sheet that is made of several is served as one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from committees.base.sheets import JoiningStorage, part

CSS = Path(__file__).parents[3] / "static/css"
PARTS = ["frame.css", "parts.css", "rooms.css", "print.css"]


@pytest.fixture
def collected(tmp_path: Path) -> dict[str, str]:
    """What static/css/components.css and its parts become, by the name they are written under."""
    source = FileSystemStorage(CSS.parent)
    names = [f"css/{name}" for name in ("components.css", *PARTS)]
    storage = JoiningStorage(location=tmp_path)
    shutil.copytree(CSS, tmp_path / "css")
    assert not [told for _, _, told in storage.post_process({name: (source, name) for name in names}) if isinstance(told, Exception)]
    return {name: (tmp_path / storage.hashed_files[name]).read_text() for name in names}


def test_a_page_asks_for_one_sheet_that_holds_all_parts_in_their_order(collected: dict[str, str]) -> None:
    whole = collected["css/components.css"]
    assert "@import" not in whole
    places = [whole.index((CSS / name).read_text()) for name in PARTS]
    assert places == sorted(places)


def test_nothing_stands_between_the_parts_that_would_spoil_the_next_rule(collected: dict[str, str]) -> None:
    whole = collected["css/components.css"]
    head = (CSS / "components.css").read_text().partition("@import")[0]
    assert whole.split() == (head + "".join((CSS / name).read_text() for name in PARTS)).split()


def test_every_sheet_here_is_a_part_or_is_linked_by_a_page() -> None:
    templates = CSS.parents[1] / "templates"
    linked = "".join(path.read_text() for path in templates.rglob("*.html"))
    assert all(path.name in PARTS or f"css/{path.name}" in linked for path in CSS.glob("*.css"))


def test_a_part_that_is_not_there_is_said() -> None:
    with pytest.raises(ValueError, match=r"css/nowhere\.css"):
        part("css/nowhere.css")
