"""What the clock makes of mandates. Each asks the rows; twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.mandates import rules
from committees.mandates.commands.holding import finish, locked, vacate, whom
from committees.mandates.models import Ending, Mandate, MandateQuerySet, State
from committees.membership.roles import Standing
from committees.notices import commands as notices

AT_ONCE = 100


def _each(due: MandateQuerySet, act: Callable[[Mandate], object]) -> int:
    """Each in a transaction of its own, with its row held; what another worker is at, or is due no more, is left. Returns how many."""
    done = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            if list(Mandate.objects.filter(pk=pk).select_for_update(skip_locked=True)) and due.filter(pk=pk).exists():
                act(locked(Mandate(pk=pk)))
                done += 1
    return done


def end_the_overdue(at: datetime) -> int:
    """Mandates whose term is over end; the delegate and the organizers are told."""
    return _each(Mandate.objects.filter(state=State.RUNNING, ends_at__lte=at), lambda mandate: finish(mandate, Ending.TERM, at=at))


def pass_from_the_inactive(at: datetime) -> int:
    """Whoever has not been here for three months speaks for nobody: the alternate takes over. Whoever is suspended keeps the mandate:
    one moderator alone can suspend, and must not choose delegates."""
    silent = Mandate.objects.running(at).filter(delegate__standing=Standing.INACTIVE)
    return _each(silent, lambda mandate: vacate(mandate, Ending.GONE, at=at))


def drop_the_idle(at: datetime) -> int:
    """What two organizers had under way about a mandate that is over is no longer possible. By the clock, for whoever ends a mandate
    holds its row, and here the act's comes first."""
    acts = JointAct.objects.open().filter(matter=Mandate._meta.label_lower, row_id=OuterRef("pk"))
    over = Mandate.objects.filter(Exists(acts), state__in=(State.OFF, State.ENDED))
    return sum(jointly.overtake_about(mandate, at=at) for mandate in over.order_by("pk")[:AT_ONCE])


def remind_of_reports(at: datetime) -> int:
    """The delegate is reminded three days before a report is due, and told once when it is late. Returns how many were told."""
    running = Mandate.objects.running(at).filter(due_at__isnull=False)
    late = running.filter(due_at__lte=at).filter(Q(told_late_for=None) | ~Q(told_late_for=F("due_at")))
    soon = running.filter(due_at__gt=at, due_at__lte=at + rules.REMIND_BEFORE).filter(Q(told_soon_for=None) | ~Q(told_soon_for=F("due_at")))

    def tell(mandate: Mandate, column: str) -> None:
        assert mandate.due_at is not None
        Mandate.objects.filter(pk=mandate.pk).update(**{column: mandate.due_at})
        occasion = f"{column} {mandate.due_at:%Y-%m-%d}"
        notices.post("mandates/report_due", to=whom(mandate.delegate), about=mandate, committee=mandate.committee, at=at, occasion=occasion)

    return _each(late, lambda mandate: tell(mandate, "told_late_for")) + _each(soon, lambda mandate: tell(mandate, "told_soon_for"))


def tell_of_ends(at: datetime) -> int:
    """A fortnight before the term ends the delegate and the organizers are told, so that somebody can be sent in time."""
    due = Mandate.objects.running(at).filter(ends_at__lte=at + rules.TELL_END_BEFORE, told_end_at=None)

    def tell(mandate: Mandate) -> None:
        Mandate.objects.filter(pk=mandate.pk).update(told_end_at=at)
        notices.post("mandates/ends_soon", about=mandate, committee=mandate.committee, at=at)

    return _each(due, tell)
