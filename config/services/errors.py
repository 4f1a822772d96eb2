"""One error for all that keeps a service from running; its text is for a person to read."""

from __future__ import annotations


class ServiceFailed(Exception):
    """A service cannot start or does not answer. The message says why and what to do."""
