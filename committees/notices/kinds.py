"""The kinds of notices that this room posts itself."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committees.notices.models import Channel, Notice
from committees.notices.registry import Kind, group, register


def _addresses(notice: Notice) -> str:
    return reverse("people:contacts")


def _settings(notice: Notice) -> str:
    return reverse("notices:preferences")


def register_all() -> None:
    """Called from `ready()`."""
    group("account", label=_("Your account"))
    register(Kind(name="notices/test", label=_("A test notice"), group="account", url=_settings, security=True, urgent=True, ignores_quiet_hours=True))
    register(
        Kind(
            name="notices/address_stopped",
            label=_("Your address does not work. We send nothing more to it."),
            group="account",
            url=_addresses,
            security=True,
            channels={Channel.INAPP},
        )
    )
