"""What the pages of messages need over several rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Max

from committees.membership.models import Membership
from committees.moderation import queries as moderation
from committees.moderation import rulebook
from committees.moderation.rulebook import Rule
from committees.notices.models import Notice
from committees.notices.queries import Report, report, with_counts
from organizing.circulars import rules
from organizing.circulars.models import Circular, CircularQuerySet, State

SENT = "circulars/sent"
NEWEST = ("-sent_at", "-pk")


def of_committee(member: Membership) -> CircularQuerySet:
    """What was sent in this member's committee, as far as they see it."""
    return Circular.objects.visible_to(member).sent().select_related("by", "committee")


def latest(member: Membership) -> Circular | None:
    """The last one."""
    return of_committee(member).order_by(*NEWEST).first()


def drafts(member: Membership) -> list[Circular]:
    """What this committee's organizers have begun and not sent, the latest first."""
    return list(Circular.objects.visible_to(member).drafts().order_by("-changed_at", "pk")[:50])


def lately_sent(committee_id: int, at: datetime) -> list[datetime]:
    """When the messages left that count at `at`."""
    found = Circular.objects.filter(committee_id=committee_id, sent_at__gt=rules.since(at))
    return [sent for sent in found.values_list("sent_at", flat=True) if sent]


def last_in(committee_ids: Sequence[int]) -> dict[int, datetime]:
    """When the last message to all members of these committees was sent."""
    sent = Circular.objects.sent().filter(committee__in=committee_ids)
    return dict(sent.order_by().values_list("committee").annotate(last=Max("sent_at")))


def broken_rule(circular: Circular) -> Rule | None:
    """The rule by which a moderator hid it; None where flags alone did."""
    state = moderation.states([circular]).get(circular.pk)
    return rulebook.rule(state.rule) if state and state.rule and circular.state == State.HIDDEN_BY_MODERATOR else None


def left(committee_id: int, at: datetime) -> int:
    """How many more may leave a committee at `at`."""
    return rules.left(lately_sent(committee_id, at), at=at)


def reports(circulars: Iterable[Circular]) -> dict[int, Report]:
    """How these messages go out, by their ids. One query; nothing any more of those whose deliveries were forgotten."""
    ids = [circular.pk for circular in circulars]
    if not ids:
        return {}
    found = Notice.objects.filter(kind=SENT, about_type=Circular._meta.label, about_id__in=ids)
    return {notice.about_id: report(notice) for notice in with_counts(found)}
