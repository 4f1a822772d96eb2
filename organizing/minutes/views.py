"""Pages of minutes: reading them, writing, approving and correcting them; and who does what by when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.base import keyset
from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.roles import Power
from organizing.minutes import commands, forms, queries
from organizing.minutes.models import Item, Minutes

KEEPERS = doors.member(Power.KEEP_MINUTES)


def _book(request: doors.MemberRequest, slug: str) -> queries.Book:
    """All that this member sees of the minutes of a meeting of their own committee; 404 as if there were no such meeting."""
    meeting = queries.meeting(request.membership, slug)
    if meeting is None:
        raise Http404
    return queries.book(meeting, request.membership, timezone.now())


def _draft(book: queries.Book) -> Minutes:
    if book.draft is None:
        raise Http404
    return book.draft


def _back(book: queries.Book) -> HttpResponse:
    return redirect("minutes:of_meeting", book.meeting.committee.slug, book.meeting.slug)


def _page(request: doors.MemberRequest, template: str, book: queries.Book, **more: Any) -> HttpResponse:
    forms_here = [each for name, each in more.items() if name in ("form", "todos")]
    status = 422 if any(each.is_bound and not each.is_valid() for each in forms_here) else 200
    return render(request, template, {"committee": book.meeting.committee, "meeting": book.meeting, "book": book, **more}, status=status)


def _refuse(form: Any, no: Refused) -> None:
    form.add_error(no.field if no.field in form.fields else None, str(no))


# -- Reading --------------------------------------------------------------------------------------------------------------------


def _shown(request: doors.MemberRequest, book: queries.Book, shown: Minutes | None) -> HttpResponse:
    context = {
        "shown": shown,
        "passages": queries.passages(shown, book.member) if shown else [],
        "changes": queries.differences(book, shown) if shown else [],
        "drafted": queries.passages(book.draft, book.member) if book.draft else [],
        "decide": forms.SeenForm(book=book),
    }
    return _page(request, "minutes/minutes.html", book, **context)


@doors.member()
@require_GET
def of_meeting(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """The latest approved version; the draft for whoever may read it; the older versions."""
    book = _book(request, slug)
    return _shown(request, book, book.latest)


@doors.member()
@require_GET
def version(request: doors.MemberRequest, slug: str, version: str) -> HttpResponse:
    """An approved version, with what it says otherwise than the one before."""
    book = _book(request, slug)
    shown = next((each for each in book.versions if each.slug == version), None)
    if shown is None:
        raise Http404
    return _shown(request, book, shown)


# -- Writing --------------------------------------------------------------------------------------------------------------------


@doors.member()
@require_POST
def begin(request: doors.MemberRequest, slug: str) -> HttpResponse:
    book = _book(request, slug)
    if not book.may_write:
        raise Http404
    try:
        commands.begin(book.meeting, language=forms.own_language(), by=request.membership, at=timezone.now())
    except Refused as no:
        messages.error(request, str(no))
        return _back(book)
    return redirect("minutes:write", book.meeting.committee.slug, slug)


@doors.member()
@require_http_methods(["GET", "POST"])
def write(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """The draft beside the agenda, saved as often as one wants."""
    book = _book(request, slug)
    draft = book.draft or book.latest if request.method == "POST" else book.draft  # approved meanwhile: nothing typed is lost
    if draft is None or not book.may_write:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form, todos, now = forms.WriteForm(data, minutes=draft, book=book), forms.todos(data, draft), None
    if form.is_valid() and todos.is_valid():
        try:
            commands.write(draft, form.words(todos.todos), seen=form.cleaned_data["seen"], by=request.membership, at=timezone.now())
        except commands.Overtaken as no:
            now = no.minutes
            form = form.anew(now)
            form.full_clean()
            form.add_error(None, str(no))
        except Refused as no:
            _refuse_line(form, todos, no)
        else:
            messages.success(request, _("Saved."))
            return _back(book) if "look" in request.POST else redirect(request.path)
    context = {"now": now, "passages": queries.passages(now, book.member), "now_items": queries.items_of(now)} if now else {}
    return _page(request, "minutes/write.html", book, form=form, todos=todos, draft=draft, **context)


def _refuse_line(form: forms.WriteForm, todos: Any, no: Refused) -> None:
    """What was wrong with who does something stands on that line."""
    field, _dash, line = (no.field or "").partition("-")
    if field == "todo":
        todos.filled[int(line)].add_error("who", str(no))
    else:
        _refuse(form, no)


@KEEPERS
@require_http_methods(["GET", "POST"])
def taker(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Who writes the minutes of this meeting besides organizers."""
    book = _book(request, slug)
    named = book.taker.member.handle if book.taker else ""
    form = forms.TakerForm(request.POST if request.method == "POST" else None, initial={"name": named})
    if form.is_valid():
        try:
            commands.name_taker(book.meeting, form.cleaned_data["name"], by=request.membership, at=timezone.now())
        except Refused as no:
            _refuse(form, no)
        else:
            messages.success(request, _("Saved."))
            return _back(book)
    return _page(request, "minutes/taker.html", book, form=form)


@KEEPERS
@require_GET
def unapproved(request: doors.MemberRequest) -> HttpResponse:
    """The drafts of a committee, the oldest meeting first."""
    page = keyset.page(queries.drafts_in(request.membership), request, order=queries.OLDEST)
    return render(request, "minutes/unapproved.html", {"committee": request.membership.committee, "page": page})


# -- Approving ------------------------------------------------------------------------------------------------------------------


@KEEPERS
@require_POST
def decide(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Show a draft to members, approve it, or throw it away."""
    book = _book(request, slug)
    form = forms.SeenForm(request.POST, book=book)
    if book.draft is None or not form.is_valid():
        messages.error(request, _("Nothing was done. Read the minutes again, then press the button."))
        return _back(book)
    try:
        messages.success(request, _decided(request, book, book.draft, form.cleaned_data))
    except Refused as no:
        messages.error(request, str(no))
    return _back(book)


def _decided(request: doors.MemberRequest, book: queries.Book, draft: Minutes, seen: dict[str, Any]) -> str:
    by, at = request.membership, timezone.now()
    match request.POST.get("act"):
        case "approve":
            there = next((each for each in book.later if each.slug == seen["there"]), None)
            commands.approve(draft, seen=seen["seen"], heard=seen["heard"] or 0, by=by, at=at, there=there)
            return _("The minutes are approved.")
        case "show":
            commands.show(draft, seen=seen["seen"], by=by, at=at)
            return _("Members can read the draft now, and are told.")
        case "discard":
            commands.discard(draft, seen=seen["seen"], by=by)
            return _("The draft is gone.")
    raise Refused(_("Nothing was done. Read the minutes again, then press the button."))


@doors.member(Power.OBJECT)
@require_http_methods(["GET", "POST"])
def object_to(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """A full member says what is wrong in a draft that is shown."""
    book = _book(request, slug)
    draft = _draft(book)
    form = forms.ObjectForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            commands.object_to(draft, form.cleaned_data["text"], by=request.membership, at=timezone.now())
        except Refused as no:
            _refuse(form, no)
        else:
            messages.success(request, _("Your organizers read it before they approve."))
            return _back(book)
    return _page(request, "minutes/object.html", book, form=form)


@KEEPERS
@require_http_methods(["GET", "POST"])
def correct(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Why approved minutes are corrected; then their next version is written."""
    book = _book(request, slug)
    latest = book.latest
    if latest is None:
        raise Http404
    form = forms.CorrectForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            commands.correct(latest, form.cleaned_data["reason"], tells=form.cleaned_data["tells"], by=request.membership, at=timezone.now())
        except Refused as no:
            _refuse(form, no)
        else:
            return redirect("minutes:write", book.meeting.committee.slug, slug)
    return _page(request, "minutes/correct.html", book, form=form)


# -- Who does what --------------------------------------------------------------------------------------------------------------


@doors.member()
@require_GET
def items(request: doors.MemberRequest) -> HttpResponse:
    """What is open in a committee, what is due first at the top."""
    member = request.membership
    page = keyset.page(queries.open_in(member), request, order=queries.SOONEST)
    context = {"committee": member.committee, "page": page, "member": member, "may_keep": Power.KEEP_MINUTES in member.powers, "today": timezone.localdate()}
    return render(request, "minutes/items.html", context)


def _item(request: doors.MemberRequest, slug: str) -> Item:
    seen = Item.objects.visible_to(request.membership).in_force().filter(committee_id=request.membership.committee_id)
    return get_object_or_404(seen.select_related("owner", "meeting"), slug=slug)


@doors.member()
@require_POST
def settle(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Done, handed back, or no longer needed."""
    found, by = _item(request, slug), request.membership
    form = forms.SettleForm(request.POST)
    if found.owner_id != by.pk and Power.KEEP_MINUTES not in by.powers:
        raise Http404
    try:
        act = form.cleaned_data["act"] if form.is_valid() else ""
        if act == "done":
            commands.finish(found, by=by, at=timezone.now())
            messages.success(request, _("Done. Thank you."))
        elif act == "hand_back":
            commands.hand_back(found, by=by, at=timezone.now())
            messages.success(request, _("Handed back. Your organizers find somebody else."))
        elif act == "drop":
            commands.drop(found, by=by, at=timezone.now())
            messages.success(request, _("It is no longer on the list."))
    except Refused as no:
        messages.error(request, str(no))
    return redirect("minutes:items", by.committee.slug)


@KEEPERS
@require_http_methods(["GET", "POST"])
def give(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Somebody else does it, or by another day."""
    found, by = _item(request, slug), request.membership
    initial = {"name": found.owner.handle if found.owner else "", "due": found.due, "seen": found.round}
    form = forms.GiveForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        try:
            commands.give(found, data["name"], due=data["due"], seen=data["seen"], by=by, at=timezone.now())
        except Refused as no:
            _refuse(form, no)
        else:
            messages.success(request, _("Saved. Whoever does it is told."))
            return redirect("minutes:items", by.committee.slug)
    context = {"committee": by.committee, "item": found, "form": form}
    return render(request, "minutes/give.html", context, status=422 if form.errors else 200)
