"""A member's committee, their own place in it, and what organizers see of the others."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from committees.base import keyset
from committees.base.errors import Refused
from committees.membership import commands as membership
from committees.membership import doors, forms, queries, register
from committees.membership.invitations import Invitation
from committees.membership.models import Membership
from committees.membership.roles import GRANTS, STANDING_GRANTS, Power, Role, Standing
from committees.people.requests import PersonRequest


@doors.signed_in
@require_GET
def mine(request: PersonRequest) -> HttpResponse:
    """The committees I belong to."""
    memberships = Membership.objects.of(request.user).select_related("committee__workplace__employer").with_running_roles().order_by("committee__name", "pk")
    return render(request, "membership/committees.html", {"memberships": memberships})


@doors.member()
@require_GET
def committee(request: doors.MemberRequest) -> HttpResponse:
    """The committee's inner page. Rooms above add their sections (register.py)."""
    body = request.membership.committee
    context = {
        "committee": body,
        "member": request.membership,
        "charter": queries.charter(body),
        "founding": queries.founding(body) if body.is_forming else None,
        "sections": register.sections(request.membership, at=timezone.now()),
        "waiting": queries.waiting_for(request.user) if Power.REVIEW_APPLICATIONS in request.membership.powers else 0,
    }
    return render(request, "membership/committee.html", context)


@doors.member(Power.CONCLUDE_FOUNDING)
@require_http_methods(["GET", "POST"])
def founded(request: doors.MemberRequest) -> HttpResponse:
    """Say that the first meeting was held. From then on the committee answers its own applications."""
    refused = ""
    if request.method == "POST":
        try:
            membership.conclude_founding(request.membership.committee, by=request.membership, at=timezone.now())
            return redirect(request.membership.committee)
        except Refused as no:
            refused = str(no)
    context = {"committee": request.membership.committee, "refused": refused}
    return render(request, "membership/founded.html", context, status=422 if refused else 200)


@doors.member(Power.LEAVE)
@require_GET
def me(request: doors.MemberRequest) -> HttpResponse:
    """My place here: my name, my standing, what I may do, and how I leave."""
    member = request.membership
    rights = [power for power in Power if power in member.powers]
    terms = list(member.terms.running(timezone.now()).select_related("stands_in_for").order_by("role")) if member.running_terms else []
    return render(request, "membership/me.html", {"member": member, "committee": member.committee, "rights": rights, "terms": terms})


@doors.member(Power.CHANGE_HANDLE)
@require_http_methods(["GET", "POST"])
def rename(request: doors.MemberRequest) -> HttpResponse:
    """Take another name here. The old one stays reserved."""
    form = forms.RenameForm(request.POST or None, initial={"handle": request.membership.handle})
    if form.is_valid():
        try:
            membership.change_handle(request.membership, form.cleaned_data["handle"], by=request.membership, at=timezone.now())
            messages.success(request, _("You have another name here now."))
            return redirect("membership:me", request.membership.committee.slug)
        except Refused as no:
            form.add_error(no.field, str(no))
    context = {"committee": request.membership.committee, "form": form}
    return render(request, "membership/rename.html", context, status=422 if form.errors else 200)


@doors.member(Power.VOUCH)
@require_http_methods(["GET", "POST"])
def vouch(request: doors.MemberRequest) -> HttpResponse:
    """Make a one-time code for somebody one knows. The answer to the post is the only page that ever shows it."""
    form = forms.MakeCodeForm(request.POST or None)
    code = ""
    if form.is_valid():
        try:
            code = membership.make_code(request.membership, by=request.membership, at=timezone.now(), form_key=form.cleaned_data["form_key"])
        except Refused as no:
            form.add_error(None, str(no))
    context = {"committee": request.membership.committee, "form": form, "code": code, "member": request.membership}
    return render(request, "membership/vouch.html", context, status=422 if form.errors else 200)


@doors.member(Power.LEAVE)
@require_http_methods(["GET", "POST"])
def leave(request: doors.MemberRequest) -> HttpResponse:
    return _go(request, membership.leave, "membership/leave.html")


@doors.member(Power.STEP_ASIDE)
@require_http_methods(["GET", "POST"])
def step_aside(request: doors.MemberRequest) -> HttpResponse:
    return _go(request, membership.step_aside, "membership/step_aside.html")


def _go(request: doors.MemberRequest, command: object, template: str) -> HttpResponse:
    refused = ""
    if request.method == "POST":
        try:
            command(request.membership, by=request.membership, at=timezone.now())  # type: ignore[operator]
            messages.success(request, _("Done. You no longer see this committee."))
            return redirect("bodies:list")
        except Refused as no:
            refused = str(no)
    alone = Role.ORGANIZER in request.membership.roles and not queries.holders(request.membership.committee_id).exclude(pk=request.membership.pk).exists()
    context = {"committee": request.membership.committee, "member": request.membership, "refused": refused, "alone": alone}
    return render(request, template, context, status=422 if refused else 200)


@doors.member()
@require_GET
def rights(request: doors.MemberRequest) -> HttpResponse:
    """Who may do what: the table that the code itself obeys."""
    columns = [(Standing.PROBATION.label, STANDING_GRANTS[Standing.PROBATION]), (Standing.MEMBER.label, STANDING_GRANTS[Standing.MEMBER])]
    columns += [(role.label, STANDING_GRANTS[Standing.MEMBER] | powers) for role, powers in GRANTS.items()]
    rows = [(power.words, [power in granted for _label, granted in columns]) for power in Power]
    return render(request, "membership/rights.html", {"committee": request.membership.committee, "heads": [label for label, _p in columns], "rows": rows})


@doors.member(Power.SEE_ROSTER)
@doors.recent
@require_GET
def roster(request: doors.MemberRequest) -> HttpResponse:
    """Who belongs and by which invitation they came, for organizers who have just shown that it is them."""
    invitation = Invitation.objects.visible_to(request.membership).filter(slug=request.GET.get("by", "")).first()
    rows = queries.members_by(request.membership.committee_id, invitation)
    page = keyset.page(rows, request, order=("handle_key", "pk"), size=50)
    came_by = queries.came_by(page.items)
    for each in page:
        each.came_by = came_by.get(each.pk)
    questions = queries.in_question(request.membership.committee_id).exists()
    context = {"committee": request.membership.committee, "page": page, "invitation": invitation, "questions": questions}
    return render(request, "membership/roster.html", context)


@doors.member(Power.SEE_ROSTER)
@doors.recent
@require_http_methods(["GET", "POST"])
def member(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """One member, for organizers: give a role while forming; what takes two begins here (jointly)."""
    by, at = request.membership, timezone.now()
    other = get_object_or_404(Membership.objects.visible_to(by).select_related("committee").with_running_roles(), slug=slug)
    giving = forms.RoleForm(request.POST or None, auto_id="role_%s")
    refused = ""
    if giving.is_valid():
        try:
            membership.give_role(other, giving.cleaned_data["role"], by=by, at=at)
            messages.success(request, _("Done."))
            return redirect("membership:roster", by.committee.slug)
        except Refused as no:
            refused = str(no)
    context = {"committee": by.committee, "by": by, "other": other, "giving": giving, "refused": refused, "came_by": queries.came_by([other]).get(other.pk)}
    return render(request, "membership/member.html", context, status=422 if refused or giving.errors else 200)


@doors.member(Power.SEE_LOG)
@require_GET
def log(request: doors.MemberRequest) -> HttpResponse:
    """What was done in this committee, without names."""
    page = keyset.page(register.entries(request.membership.committee), request, order=("-position",), size=50)
    for entry in page:
        entry.words = register.WORDS[entry.verb]
    return render(request, "membership/log.html", {"committee": request.membership.committee, "page": page})
