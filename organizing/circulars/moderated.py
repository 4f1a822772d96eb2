"""A message as moderators see it: what they may do with it, and who answers for it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from committees.moderation.registry import Matter
from organizing.circulars import commands
from organizing.circulars.models import Circular


def _hide_by_flags(circular: Circular, *, at: datetime) -> None:
    commands.hide(circular, at=at, by_flags=True)


A_MESSAGE = Matter(
    name="circulars.circular",
    label=_("A message to all members"),
    model=Circular,
    committee=lambda circular: int(circular.committee_id),
    author=lambda circular: circular.by,
    visible_to=Circular.objects.all().visible_to_person,
    excerpt=lambda circular: f"{circular.subject}\n{circular.plain}",
    language=lambda circular: circular.language,
    url=lambda circular: circular.url_for_anyone,
    crosses_sites=lambda circular: circular.goes_further,
    acts={"hide": commands.hide, "hide_by_flags": _hide_by_flags, "restore": commands.restore},
    related=("committee", "by__person", "by__committee"),
)
