"""Pages of help: one as its readers see it, and for those who keep the service the writing of all of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.base import doors, languages
from committees.base.errors import Refused
from committees.guides import commands, forms, queries, registry
from committees.guides.commands import Overtaken
from committees.guides.drawing import html_of
from committees.guides.models import Guide
from committees.people.requests import PersonRequest


@doors.public(because="help is for everyone")
@require_GET
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """A page that somebody added. What is not published is there for those who keep the service alone."""
    return shown(request, slug)


def shown(request: HttpRequest, name: str) -> HttpResponse:
    """The answer to whoever opens a page of help, for the rooms that bring one along too."""
    page = queries.page_for(name, request.user)
    if page is None:
        raise Http404
    response = render(request, "guides/guide.html", {"page": page})
    return response if page.words is None or page.words.guide.is_published else doors.private(response)


# -- For those who keep the service -------------------------------------------------------------------------------------


def _one(request: PersonRequest, name: str) -> Guide:
    found = queries.one(name, request.user)
    if found is None:
        raise Http404
    return found


def _language(code: str) -> str:
    if code not in languages.of_screens():
        raise Http404
    return code


def _number(typed: str | None) -> int:
    """Which version somebody has seen; none where it is nonsense."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


@doors.platform_admin
@require_GET
def guides(request: PersonRequest) -> HttpResponse:
    """All pages in their order, with what each says in which language."""
    return render(request, "guides/guides.html", {"pages": queries.kept(queries.rows(request.user)), "fixed": registry.fixed()})


def _preview(request: PersonRequest, form: Any) -> str:
    if request.POST.get("do") != "preview" or not form.is_valid():
        return ""
    return mark_safe(html_of(form.cleaned_data["text"]))  # noqa: S308 (what the renderer gives is clean)


@doors.platform_admin
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """A page that is not there yet. Nobody sees it before it is published."""
    form = forms.NewForm(request.POST if request.method == "POST" else None)
    preview = _preview(request, form)
    if form.is_bound and form.is_valid() and not preview:
        try:
            made = commands.add(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as no:
            form.add_error(no.field, str(no))
        else:
            messages.success(request, _("Saved. Nobody sees it yet: publish it when it is ready."))
            return redirect("guiding:kept", made.name)
    context = {"form": form, "preview": preview, "code": form.cleaned_data.get("language", "") if preview else ""}
    return render(request, "guides/new.html", context, status=422 if form.errors else 200)


@doors.platform_admin
@require_GET
def kept(request: PersonRequest, slug: str) -> HttpResponse:
    """One page: its languages, and whether people find it."""
    return render(request, "guides/kept.html", {"page": queries.kept([_one(request, slug)])[0]})


@doors.platform_admin
@require_http_methods(["GET", "POST"])
def write(request: PersonRequest, slug: str, language: str) -> HttpResponse:
    """One page in one language: changed, looked at before it is saved, and what it said before."""
    found, code = _one(request, slug), _language(language)
    last = queries.newest(found, code)
    form, seen = _form(request, found, code, last)
    preview, overtaken = _preview(request, form), False
    if form.is_bound and form.is_valid() and not preview:
        try:
            commands.write(found, **form.cleaned_data, language=code, seen=seen, by=request.user, at=timezone.now())
        except Overtaken as no:
            form.add_error(None, str(no))
            last = queries.newest(found, code)
            seen, overtaken = last.number if last else 0, True
        except Refused as no:
            form.add_error(no.field, str(no))
        else:
            messages.success(request, _("Saved. People see it from now on.") if found.is_published else _("Saved. Nobody sees it yet."))
            return redirect("guiding:kept", found.name)
    page = queries.kept([found])[0]
    context = {
        "page": page,
        "code": code,
        "language": languages.name(code),
        "form": form,
        "seen": seen,
        "preview": preview,
        "now": last if overtaken else None,
        "other": next((state.words for state in page.states if state.words and state.code != code), None),
        "versions": queries.versions(found, code),
    }
    return render(request, "guides/write.html", context, status=422 if form.errors else 200)


def _form(request: PersonRequest, found: Guide, code: str, last: Any) -> tuple[Any, int]:
    """The form, and the version that its writer has seen. It begins with what stands there, or with what the program says."""
    if request.method == "POST":
        return forms.WriteForm(request.POST), _number(request.POST.get("seen"))
    initial = {"title": last.title, "text": last.text} if last and not last.is_empty else {}
    built_in = registry.built_in().get(found.built_in)
    if not initial and built_in:
        initial = {"title": registry.title_of(built_in, code), "text": registry.source_of(built_in, code)}
    return forms.WriteForm(initial=initial), last.number if last else 0


@doors.platform_admin
@require_http_methods(["GET", "POST"])
def old_version(request: PersonRequest, slug: str, language: str, version: str) -> HttpResponse:
    """What a page said once, and a button that has it say so again."""
    found, code = _one(request, slug), _language(language)
    old = queries.version(found, code, version)
    if old is None:
        raise Http404
    refused = ""
    if request.method == "POST":
        try:
            commands.restore(found, language=code, number=old.number, seen=_number(request.POST.get("seen")), by=request.user, at=timezone.now())
        except Refused as no:
            refused = str(no)
        else:
            messages.success(request, _("The page says this again."))
            return redirect("guiding:write", found.name, code)
    last = queries.newest(found, code)
    context = {"page": queries.kept([found])[0], "code": code, "language": languages.name(code), "old": old, "last": last, "refused": refused}
    return render(request, "guides/version.html", context, status=422 if refused else 200)


def _act(request: PersonRequest, done: str, act: Any, *args: Any, **kwargs: Any) -> None:
    try:
        act(*args, **kwargs, by=request.user, at=timezone.now())
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, done)


@doors.platform_admin
@require_POST
def withdraw(request: PersonRequest, slug: str, language: str) -> HttpResponse:
    """Back to the text of the program; of an added page, no text in this language any more."""
    found, code = _one(request, slug), _language(language)
    done = _("The page says again what the program brings along.") if found.built_in else _("The text in this language is taken away.")
    _act(request, done, commands.withdraw, found, language=code, seen=_number(request.POST.get("seen")))
    return redirect("guiding:write", found.name, code)


@doors.platform_admin
@require_POST
def publish(request: PersonRequest, slug: str) -> HttpResponse:
    found = _one(request, slug)
    _act(request, _("Published. It stands in the list at the end of every page."), commands.publish, found)
    return redirect("guiding:kept", found.name)


@doors.platform_admin
@require_POST
def unpublish(request: PersonRequest, slug: str) -> HttpResponse:
    found = _one(request, slug)
    _act(request, _("Taken away. Nobody finds it until you publish it again."), commands.unpublish, found)
    return redirect("guiding:kept", found.name)


@doors.platform_admin
@require_POST
def move(request: PersonRequest, slug: str) -> HttpResponse:
    """One place up or down."""
    _act(request, _("Moved."), commands.move, _one(request, slug), up=request.POST.get("to") == "up")
    return redirect("guiding:guides")
