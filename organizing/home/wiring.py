"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from committees.guides import registry
from organizing.home import explaining


def connect() -> None:
    registry.register(explaining.HOW)
    registry.register(explaining.SAFETY)
    registry.fix(_("Rules of the forum"), "moderation:rules")
    registry.fix(_("What we keep about you"), "home:privacy")
    registry.fix(_("Accessibility"), "home:accessibility")
