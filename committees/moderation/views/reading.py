"""What members read: the rules, what was decided about theirs, and what was decided in their committee, without names."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from committees.base import keyset
from committees.membership import doors
from committees.membership.roles import Power
from committees.moderation import queries, redaction, registry, rulebook
from committees.moderation.models import Review
from committees.people.requests import PersonRequest


@doors.public(because="the rules are for everyone who reads and writes")
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """The house rules, and what happens when one is broken."""
    return render(request, "moderation/rules.html", {"rules": rulebook.rules()})


@doors.signed_in
@require_GET
def mine(request: PersonRequest) -> HttpResponse:
    """What moderators decided about what I wrote, and what I may not do at the moment."""
    page = keyset.page(queries.mine(request.user), request, order=("-decided_at", "-pk"))
    for review in page:
        review.house_rule = rulebook.rule(review.rule)
    context = {"page": page, "sanctions": queries.limits_of(request.user, timezone.now()), "hidden": list(queries.hidden_of(request.user))}
    return render(request, "moderation/mine.html", context)


@doors.signed_in
@require_GET
def decision(request: PersonRequest, slug: str) -> HttpResponse:
    """One decision about something of mine: what, by which rule, and why."""
    review = get_object_or_404(Review.objects.told_to(request.user).select_related("committee", "author"), slug=slug)
    matter = registry.find(review.matter)
    row = matter.row(review.row_id) if matter and matter.is_text else None
    sanctions = list(review.sanctions.filter(membership__person=request.user).order_by("begins_at"))
    for sanction in sanctions:
        sanction.house_rule = rulebook.rule(sanction.rule)  # type: ignore[attr-defined]
    context = {
        "review": review,
        "matter": matter,
        "excerpt": matter.excerpt(row) if matter and row is not None else "",
        "url": matter.url(row) if matter and row is not None and review.is_seen_by_its_author else "",
        "rule": rulebook.rule(review.rule),
        "sanctions": sanctions,
        "now": timezone.now(),
    }
    return render(request, "moderation/decision.html", context)


@doors.member(Power.SEE_LOG)
@require_GET
def log(request: doors.MemberRequest) -> HttpResponse:
    """What moderators decided here: the act, the rule, the reason without what points to a person, and in which part they acted."""
    member = request.membership
    page = keyset.page(queries.log(member), request, order=("-decided_at", "-pk"), size=50)
    for review in page:
        review.house_rule = rulebook.rule(review.rule)
        review.said = redaction.without_persons(review.text, [each.handle for each in (review.author, review.decided_by) if each])
        matter = registry.find(review.matter)
        review.what = matter.label if matter else ""
    return render(request, "moderation/log.html", {"committee": member.committee, "page": page, "member": member})
