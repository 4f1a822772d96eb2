"""How a committee is called and how one joins it: what one organizer sets, and all members can read in the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.clock import validate_zone
from committees.base.errors import Refused
from committees.base.text import clean_line
from committees.bodies.models import Committee, JoiningPolicy, Visibility
from committees.ledger import commands as ledger
from committees.membership import rules
from committees.membership.models import Membership
from committees.membership.roles import Power


@dataclass(frozen=True)
class Settings:
    """What an organizer sets. `zone`: an IANA name. `shifts` and `questions`: what applicants choose from and are asked, in order."""

    name: str
    languages: Sequence[str]
    zone: str
    visibility: str
    checks_needed: int
    probation_days: int
    shifts: Sequence[str]
    questions: Sequence[str]

    @classmethod
    def of(cls, committee: Committee) -> Settings:
        """As they are; with the committee's policy read along."""
        policy = committee.policy
        return cls(
            committee.name,
            tuple(committee.languages),
            committee.zone,
            committee.visibility,
            policy.checks_needed,
            policy.probation_days,
            tuple(policy.shifts),
            tuple(policy.questions),
        )


ABOUT_JOINING = frozenset({"checks_needed", "probation_days", "shifts", "questions"})


@transaction.atomic
def settle(committee: Committee, settings: Settings, *, by: Membership, at: datetime) -> Committee:
    """An organizer sets how the committee is called, who finds it and how one joins. What is not changed is not written.

    Applications that were begun keep their questions, and new members their first weeks. Refused where another committee of the
    same workplace (employer, industry, region) is listed already.
    """
    rules.require(by, Power.KEEP_SETTINGS, in_committee=committee.pk)
    validate_zone(settings.zone)
    now = Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)
    now.policy = policy = JoiningPolicy.objects.select_for_update().get(committee=now)
    new = asdict(settings) | {"name": clean_line(settings.name), "visibility": str(Visibility(settings.visibility))}
    was = asdict(Settings.of(now))
    changed = {name: _plain(value) for name, value in new.items() if _plain(value) != _plain(was[name])}
    for name, value in changed.items():
        setattr(policy if name in ABOUT_JOINING else now, name, value)
    try:
        with transaction.atomic():
            now.save(update_fields=changed.keys() - ABOUT_JOINING)
            policy.save(update_fields=changed.keys() & ABOUT_JOINING)
    except IntegrityError:
        raise Refused(_("Another committee of the same kind is listed here already. Only one can be."), field="visibility") from None
    if changed:
        ledger.record("committee.settled", by=by.person, about=now, committee=now, at=at, detail=dict.fromkeys(changed, 1))
    return now


def _plain(value: object) -> object:
    """As the database gives it back: a list for any sequence."""
    return list(value) if isinstance(value, list | tuple) else value
