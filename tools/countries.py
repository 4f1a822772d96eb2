"""Writes what countries are called in many languages: `python -m tools.countries` (after Babel was upgraded)."""

from __future__ import annotations

from committees.directory import places

FILE = places.DATA / "countries.tsv"


def lines() -> str:
    """Folded name and code of each country, from the Unicode locale data that Babel carries, in the order of the names."""
    return "".join(f"{name}\t{code}\n" for name, code in sorted(places.spoken(places.OTHERS).items()) if name)


if __name__ == "__main__":
    FILE.write_text(lines(), encoding="utf-8")
    print(f"{FILE.name} is written.")
