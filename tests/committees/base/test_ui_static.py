"""The style sheets, the icons, and what was brought in from outside."""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from committees.base.showroom import ICONS, ROLES

ROOT = Path(__file__).parents[3]
TOKENS = (ROOT / "static/css/tokens.css").read_text()
SHEET = (ROOT / "static/css/components.css").read_text()
PARTS = "".join((ROOT / "static/css" / name).read_text() for name in re.findall(r'^@import "([\w-]+\.css)";$', SHEET, re.MULTILINE))
#: What only one page links to: the sheet that is printed.
POSTER = (ROOT / "static/css/poster.css").read_text()
VENDORED = sorted(p.parent for place in ("static/vendor", "tests/vendor") for p in (ROOT / place).glob("*/VENDOR.toml"))
SPRITE = (ROOT / "static/icons.svg").read_text()


def plain(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def colours(selector: str) -> dict[str, str]:
    """The roles that one list of tokens.css sets."""
    found = re.search(re.escape(selector) + r"\s*\{([^{}]*)\}", plain(TOKENS))
    assert found, selector
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", found.group(1)))


LIGHT, DARK = colours('[data-theme="light"]'), colours(".on-ink")
BANDS = {"light": "#1a1916", "dark": "#0d0c0b"}
SURFACES = ("paper", "sheet", "sunk")


def allowed_pairs() -> list[tuple[str, str, float]]:
    """Every pair of roles that may stand on one another, with the contrast it needs (WCAG 2.2 AA; main text 7)."""
    pairs = [(ink, on, 7.0) for ink in ("ink", "ink-2") for on in SURFACES]
    pairs += [(ink, on, 4.5) for ink in ("ink-3", "link", "link-hover", "accent-ink", "stop", "ok", "warn") for on in SURFACES]
    for state in ("ok", "warn", "stop", "info", "mute"):
        pairs += [(ink, f"{state}-bg", 7.0 if ink == "ink" else 4.5) for ink in (state, "ink", "link", "ink-2", "ink-3")]
    pairs += [("on-action", "action", 7.0), ("on-action", "action-hover", 4.5), ("on-accent", "accent", 4.5), ("sheet", "stop", 4.5)]
    pairs += [("ink", "mark-bg", 7.0), ("paper", "ink", 7.0), *(("tile-ink", f"tile-{n}", 7.0) for n in range(1, 7))]
    pairs += [(line, on, 3.0) for line in ("edge", "focus", "accent-ink") for on in SURFACES]
    pairs += [(f"chart-{n}", on, 3.0) for n in range(1, 5) for on in ("paper", "sheet")]
    return [*pairs, *((bar, "chart-track", 3.0) for bar in ("chart-1", "chart-2", "ok", "ink")), ("focus", "focus-halo", 3.0)]


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour.lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_allowed_pair_of_colours_can_be_read(theme: str) -> None:
    roles = LIGHT if theme == "light" else DARK
    weak = {(a, b): round(contrast(roles[a], roles[b]), 2) for a, b, needed in allowed_pairs() if contrast(roles[a], roles[b]) < needed}
    assert not weak
    on_the_band = ("ink", 7.0), ("ink-2", 7.0), ("ink-3", 4.5), ("link", 4.5), ("accent-ink", 4.5), ("warn", 4.5)
    assert f"--band: {BANDS[theme]}" in TOKENS
    assert all(contrast(DARK[role], BANDS[theme]) >= needed for role, needed in on_the_band)


def test_the_phones_dark_and_the_chosen_dark_are_the_same() -> None:
    assert colours(':root:not([data-theme="light"])') == DARK
    assert DARK.keys() <= LIGHT.keys()


def test_the_contrast_check_would_notice() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < 4.5


def test_parts_use_roles_and_logical_directions_only() -> None:
    css = plain(PARTS)
    screen, _, printed = css.partition("@layer print {")
    assert not re.findall(r"#[0-9a-f]{3,6}\b", screen)
    physical = r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom)\s*:"
    assert not re.findall(physical, css)
    assert "@media print" in printed


def test_every_role_and_icon_that_is_shown_exists() -> None:
    assert set(ROLES) <= LIGHT.keys()
    assert set(ICONS) | {"mark", "chev"} == set(re.findall(r'id="i-([\w-]+)"', SPRITE))


def test_templates_name_only_icons_that_exist() -> None:
    named = {name for page in (ROOT / "templates").rglob("*.html") for name in re.findall(r'\{% icon "([\w-]+)"', page.read_text())}
    assert named <= set(re.findall(r'id="i-([\w-]+)"', SPRITE))
    assert "exit" in named


def test_fonts_are_here_with_their_licences() -> None:
    for path in re.findall(r'url\("\.\./(fonts/[\w./-]+)"\)', TOKENS):
        assert (ROOT / "static" / path).stat().st_size > 1000
    assert len(list((ROOT / "static/fonts").glob("OFL-*.txt"))) == 3
    assert "http" not in plain(TOKENS + PARTS + POSTER)


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_what_was_brought_in_is_what_was_published(folder: Path) -> None:
    about = tomllib.loads((folder / "VENDOR.toml").read_text())
    assert folder.name == f"{about['name']}-{about['version']}"
    assert (folder / about["licence_file"]).stat().st_size > 300
    for name, digest in about["files"].items():
        content = (folder / name).read_bytes()
        assert digest == "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
        assert b"sourceMappingURL" not in content
    scripts = {p.name for p in folder.rglob("*") if p.suffix in (".js", ".css")}
    assert scripts == set(about["files"])


def test_something_was_brought_in() -> None:
    assert {folder.name.partition("-")[0] for folder in VENDORED} >= {"htmx", "axe"}


def test_pages_use_only_classes_that_are_drawn() -> None:
    """A class without a rule is a slip of the pen, or a style that somebody forgot to add here."""
    drawn = set(re.findall(r"\.([a-zA-Z][\w-]*)", plain(PARTS + POSTER)))
    strange: dict[str, set[str]] = {}
    for page in (ROOT / "templates").rglob("*.html"):
        if {"mail", "notices"} & set(page.parts):  # mails have a sheet of their own
            continue
        source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", lambda tag: tag.group().replace('"', "'"), page.read_text(), flags=re.DOTALL)
        for value in re.findall(r'class="([^"]*)"', source):
            words = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\0", value).split()
            for word in words:
                for name in word.split("\0"):
                    if name and not name.endswith("--") and "\0" not in word and name not in drawn:
                        strange.setdefault(name, set()).add(page.name)
    assert not strange


def test_pages_carry_no_code_and_no_style() -> None:
    for page in (ROOT / "templates").rglob("*.html"):
        if {"mail", "notices"} & set(page.parts):
            continue
        source = page.read_text()
        assert not re.search(r'\sstyle="|<style|\son[a-z]+="|<script(?![^>]* src=)', source), page
        assert not re.search(r'(?:src|href)="(?:https?:)?//', source), page
