"""Files of settings that three readers understand alike: systemd (EnvironmentFile=), a POSIX shell (`.`), and this module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

NAME = re.compile(r"[A-Z][A-Z0-9_]*")
PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
#: What both a shell and systemd take for special between double quotes.
SPECIAL = re.compile(r'([\\"`$])')


def line(name: str, value: str) -> str:
    """NAME=value, quoted where it must be. A value of more than one line is refused: no reader needs one."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name} is no name of a setting.")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        raise ValueError(f"{name} holds a line break or another control character.")
    quoted = SPECIAL.sub(r"\\\1", value)
    return f"{name}={value}" if PLAIN.fullmatch(value) else f'{name}="{quoted}"'


def parse(text: str) -> dict[str, str]:
    """The settings of a file, as `line` writes them and as a person might."""
    found = {}
    for number, each in enumerate(map(str.strip, text.splitlines()), start=1):
        if not each or each.startswith("#"):
            continue
        name, equals, value = each.partition("=")
        if not equals or not NAME.fullmatch(name):
            raise ValueError(f"Line {number} is not NAME=value.")
        found[name] = _unquoted(value)
    return found


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r'\\([\\"`$])', r"\1", value[1:-1])
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1]
    return value


def read(path: Path) -> dict[str, str]:
    """The settings of a file; none where there is no file."""
    return parse(path.read_text()) if path.exists() else {}


def changed(text: str, settings: Mapping[str, str]) -> str:
    """A file's text with these settings in it. What somebody wrote beside them, comments too, stays where it is."""
    waiting, lines = dict(settings), []
    for each in text.splitlines():
        name = each.strip().partition("=")[0]
        lines.append(line(name, waiting.pop(name)) if name in waiting else each)
    return "\n".join([*lines, *(line(name, value) for name, value in waiting.items())]) + "\n"
