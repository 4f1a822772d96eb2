"""The kinds of notices that this room posts itself."""

from __future__ import annotations

from typing import Any

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
    in_the_app: dict[str, Any] = {"group": "account", "security": True, "channels": {Channel.INAPP}}
    register(Kind(name="notices/address_stopped", label=_("Your address does not work. We send nothing more to it."), url=_addresses, **in_the_app))
    register(Kind(name="notices/address_fails", label=_("Our mails come back from your address. We send nothing more to it."), url=_addresses, **in_the_app))
    register(
        Kind(name="notices/mail_stopped", label=_("One of our mails was marked as spam. We send you codes and warnings only."), url=_settings, **in_the_app)
    )
