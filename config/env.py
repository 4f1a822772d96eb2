"""The one place that reads the environment. Everything has a default that runs on a laptop."""

from __future__ import annotations

import os
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent

env = environ.Env()
if (ROOT / ".env").exists() and not os.environ.get("RANKFILE_IGNORE_DOTENV"):
    env.read_env(str(ROOT / ".env"))

#: Everything that the embedded services and the demo write; `make reset` empties it.
VAR = Path(env("RANKFILE_VAR", default=str(ROOT / "var"))).resolve()

PRODUCTION: bool = env.bool("PRODUCTION", default=False)
