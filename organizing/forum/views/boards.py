"""One board, and the boards of a committee."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.people.requests import PersonRequest
from organizing.forum import commands as forum
from organizing.forum import forms, queries, rules
from organizing.forum.audiences import Reader
from organizing.forum.models import Board
from organizing.forum.views.lists import BECAUSE, since
from organizing.forum.views.shutting import NotForYou, for_readers
from organizing.forum.views.topics import LEVELS, said_of


def _read_board(slug: str, reader: Reader) -> Board:
    found = queries.board_for(reader, slug)
    if found is None:
        raise NotForYou
    return found


def _keeper(request: PersonRequest, board: Board) -> Membership:
    """The membership by which somebody names this board."""
    found = next((seat.member for seat in queries.seats(request.user, board) if rules.may_keep(seat.member, board)), None)
    if found is None:
        raise NotForYou
    return found


@doors.public(because=BECAUSE)
@require_GET
@for_readers
def board(request: HttpRequest, slug: str, *, reader: Reader) -> HttpResponse:
    """The topics of one board, what is kept on top first."""
    found = _read_board(slug, reader)
    page = queries.TOPICS_OF_BOARD.page(request, board=found.pk, reader=reader)
    seats = queries.seats(reader, found) if reader is not None else []
    context = {
        "board": found,
        "page": page,
        "lines": [queries.line_of(topic, since=since() if reader else None) for topic in page],
        "may_start": bool(seats),
        "keeps": any(rules.may_keep(seat.member, found) for seat in seats),
        "level": getattr(found, "my_level", None) or "",
    }
    return render(request, "forum/board.html", context)


@doors.signed_in
@require_POST
@for_readers
def follow(request: PersonRequest, slug: str, *, reader: Reader) -> HttpResponse:
    found = _read_board(slug, reader)
    level = request.POST.get("level", "")
    if level in LEVELS:
        forum.watch_board(found, level, by=request.user)
        messages.success(request, said_of(level))
    return redirect(found)


@doors.signed_in
@require_http_methods(["GET", "POST"])
@for_readers
def rename(request: PersonRequest, slug: str, *, reader: Reader) -> HttpResponse:
    """Another name for a board, by an organizer of its committee."""
    found = _read_board(slug, reader)
    by = _keeper(request, found)
    form = forms.RenameForm(request.POST if request.method == "POST" else None, board=found)
    if form.is_valid():
        forum.rename_board(found, form.cleaned_data["name"], languages=form.cleaned_data["languages"], by=by, at=timezone.now())
        messages.success(request, _("It has another name now."))
        return redirect(found)
    return render(request, "forum/rename.html", {"board": found, "form": form}, status=422 if form.is_bound else 200)


@doors.member()
@require_GET
def of_committee(request: doors.MemberRequest) -> HttpResponse:
    """The boards of one committee and what went on there last."""
    member = request.membership
    boards = queries.boards_of(member)
    page = queries.LATEST_TOPICS.page(request, boards=[each.pk for each in boards], reader=member.person)
    lines = [queries.line_of(topic, since=since()) for topic in page]
    context = {
        "committee": member.committee,
        "member": member,
        "boards": boards,
        "page": page,
        "lines": lines,
        "may_open": Power.KEEP_BOARDS in member.powers,
    }
    return render(request, "forum/of_committee.html", context)


@doors.member(Power.KEEP_BOARDS)
@require_http_methods(["GET", "POST"])
def new(request: doors.MemberRequest) -> HttpResponse:
    """Open a board."""
    member = request.membership
    form = forms.BoardForm(request.POST if request.method == "POST" else None, committee=member.committee)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = forum.open_board(
                said["name"], said["audience"], policy=said["policy"], languages=said["languages"], by=member, at=timezone.now(), form_key=said["form_key"]
            )
            return redirect(made)
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
    context = {"committee": member.committee, "member": member, "form": form}
    return render(request, "forum/new_board.html", context, status=422 if form.errors else 200)
