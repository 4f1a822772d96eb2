"""Our own settings, with all their middleware, in front of the empty view."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare"
