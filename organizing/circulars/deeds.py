"""A message to the members of all committees that belong to a wider one, as what takes two (committees/jointly)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from committees.base import languages
from committees.jointly import register
from committees.jointly.models import Deed, JointAct
from committees.jointly.models import State as Act
from committees.jointly.register import Means
from committees.membership.roles import Power
from organizing.circulars import commands, queries
from organizing.circulars.models import Circular


def _rows(ids: Iterable[int]) -> Mapping[int, Circular]:
    return Circular.objects.select_related("committee").in_bulk(ids)


def _sentence(_act: JointAct) -> str:
    """Nothing of what it says: all full members read this before it is sent."""
    return _("A message goes to the members of all committees that belong here")


def _shown(act: JointAct, inside: bool) -> tuple[str, dict[str, Any]] | None:
    """The whole text for whoever is asked, and once it was sent. What came of nothing is a draft again, and its organizers' alone."""
    circular: Circular = register.row_of(act)
    if act.state not in (Act.PROPOSED, Act.DONE) or circular.is_hidden:
        return None
    reached = queries.reached(circular.committee, by_organizers=False) if act.is_proposed else None
    context = {"circular": circular, "reached": reached, "inside": inside, "language": languages.name(circular.language)}
    return "circulars/_proposed.html", context


def can_be_done() -> None:
    """Called from `ready()`."""
    means = Means(Power.SEND_MESSAGE, commands.send_further, _sentence, rows=_rows, shown=_shown, for_those_asked=True, tells=False)
    register.can_be_done(Deed.MESSAGE, means)
