"""What a stored choice is called. Django's own `get_…_display` puts the whole list of choices together again for each row."""

from __future__ import annotations

from functools import cache

from django.db.models import TextChoices


@cache
def _labels(choices: type[TextChoices]) -> dict[str, object]:
    return {member.value: member.label for member in choices}


def label(choices: type[TextChoices], value: str) -> str:
    """In the reader's language; the value itself where the list does not know it."""
    return str(_labels(choices).get(value, value))
