"""What this room tells people: those who keep the service, that a committee lets them look. Its members hear of it from jointly."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.notices.models import Notice
from committees.notices.registry import Kind, register
from committees.support import queries
from committees.support.models import Grant


def _keepers(notice: Notice) -> Any:
    return queries.keepers()


def _while_it_runs(notice: Notice, person_ids: set[int]) -> set[int]:
    running = Grant.objects.running(timezone.now()).filter(pk=notice.about_id)
    return person_ids & set(queries.keepers()) if running.exists() else set()


def register_all() -> None:
    """Called from `ready()`."""
    register(
        Kind(
            name="support/granted",
            label=_("A committee asks for help"),
            group="membership",
            audience=_keepers,
            matters=_while_it_runs,
            context=lambda notice, language, level: {"hours": notice.about.hours},
            url=lambda notice: reverse("support:keeping"),
            unsubscribable=False,
            members_only=False,
        )
    )
