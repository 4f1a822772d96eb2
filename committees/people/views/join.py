"""Opening an account, one thing per page: how to reach you, the code, language and zone, how to sign in, the code on paper.

Nothing here tells whether an address has an account: the pages are the same, and the mail says it to its owner alone.
"""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from committees.base import doors
from committees.base.errors import Refused
from committees.base.once import OnceForm
from committees.people import codes, commands, forms, queries, registry, sms, zones
from committees.people.fields import Alias
from committees.people.models import Person
from committees.people.requests import PersonRequest
from committees.people.views.wrapped import sign_in

PURPOSE = "join"
NEXT = "people.next"
JOINING = "people.joining"
PAPER = "people.paper"
STEPS = 3


def remember_next(request: HttpRequest) -> None:
    """Where to go once the account is ready, if that is a page of ours."""
    where = request.GET.get("next", "")
    if where.startswith("/") and url_has_allowed_host_and_scheme(where, allowed_hosts=None):
        request.session[NEXT] = where


def too_many(request: HttpRequest) -> HttpResponse | None:
    """429 where one place opens too many accounts."""
    return ratelimit.consume_or_429(request, app="allauth.account", action="signup")


@doors.public(because="everybody who wants an account begins here; it answers the same for every address")
@require_http_methods(["GET", "POST"])
def how(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("people:settings")
    remember_next(request)
    form = forms.HowForm(request.POST or None)
    if form.is_valid():
        way = form.cleaned_data["way"]
        return redirect("people:join_without") if way == "without" else redirect("people:join_address", channel=way)
    return doors.private(render(request, "people/join_how.html", {"form": form}, status=422 if form.errors else 200))


@doors.public(because="an address is typed here; the answer is the same whether it has an account or not")
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, channel: str) -> HttpResponse:
    if channel not in sms.channels():
        raise Http404
    if request.user.is_authenticated:
        return redirect("people:settings")
    form = forms.AddressForm(request.POST or None, channel=channel)
    context = {"form": form, "channel": channel, "employer": None}
    if form.is_valid():
        typed: Alias = form.cleaned_data["address"]
        context["employer"] = None if form.cleaned_data["anyway"] else registry.employer_behind(typed.address.domain)
        if not context["employer"]:
            return too_many(request) or _send_code(request, typed)
    return doors.private(render(request, "people/join_address.html", context, status=422 if form.errors else 200))


def _send_code(request: HttpRequest, typed: Alias) -> HttpResponse:
    contact = commands.meet(typed.address)
    free = contact.person_id is None
    codes.send(request, contact, purpose=PURPOSE, kind="join_code" if free else "already_joined", real=free)
    return redirect("people:join_code")


@doors.public(because="waits for the code that was sent; knows nothing but the address that this browser typed")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    waiting = codes.pending(request, PURPOSE)
    if request.user.is_authenticated or waiting is None:
        return redirect("account_signup")
    form = forms.CodeForm(request.POST if "code" in request.POST else None)
    try:
        if request.POST.get("action") == "resend":
            codes.resend(request, waiting)
            return redirect("people:join_code")
        if form.is_valid():
            contact = codes.check(request, PURPOSE, form.cleaned_data["code"])
            return _open(request, commands.join(contact=contact, language=get_language() or "en", time_zone=zones.guess(request), at=timezone.now()))
    except Refused as no:
        form = forms.CodeForm(request.POST)
        form.add_error("code", str(no))
    contact_typed = codes.contact_of(waiting)
    context = {"form": form, "waiting": waiting, "sent_to": contact_typed.address if contact_typed else ""}
    return doors.private(render(request, "people/join_code.html", context, status=422 if form.errors else 200))


@doors.public(because="an account without any address; there is nothing to find out")
@require_http_methods(["GET", "POST"])
def without(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("people:settings")
    form = OnceForm(request.POST or None)
    if form.is_valid():
        choices = {"language": get_language() or "en", "time_zone": zones.guess(request)}
        return too_many(request) or _open(request, commands.join(contact=None, at=timezone.now(), form_key=form.cleaned_data["form_key"], **choices))
    return doors.private(render(request, "people/join_without.html", {"form": form}, status=422 if form.errors else 200))


def _open(request: HttpRequest, person: Person) -> HttpResponse:
    """The account is there: sign in, and make the code for the paper, which waits (sealed) until it was written down."""
    where = request.session.get(NEXT)
    sign_in(request, person, method="join")
    if where:
        request.session[NEXT] = where
    request.session[JOINING] = True
    request.session[PAPER] = commands.make_recovery_code(person, at=timezone.now())
    return redirect("people:welcome")


@doors.signed_in
@require_http_methods(["GET", "POST"])
def welcome(request: PersonRequest) -> HttpResponse:
    """Language and time zone, guessed and shown."""
    person = request.user
    form = forms.SettingsForm(request.POST or None, initial={"language": person.language, "time_zone": person.time_zone})
    if form.is_valid():
        try:
            commands.settle(person, **form.cleaned_data)
            return redirect("people:welcome_way")
        except Refused as no:
            form.add_error(no.field, str(no))
    return render(request, "people/welcome.html", {"form": form, "step": 1, "steps": STEPS}, status=422 if form.errors else 200)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def welcome_way(request: PersonRequest) -> HttpResponse:
    """How to sign in next time. Whoever left no address must choose a passkey or a password."""
    ways = queries.ways(request.user)
    form = forms.WayForm(request.POST or None, by_code=ways.contacts > 0)
    if form.is_valid():
        paper = reverse("people:paper")
        pages = {"passkey": reverse("people:add_passkey"), "password": reverse("account_set_password")}
        way = form.cleaned_data["way"]
        return redirect(f"{pages[way]}?{urlencode({'next': paper})}" if way in pages else paper)
    context = {"form": form, "step": 2, "steps": STEPS}
    return render(request, "people/welcome_way.html", context, status=422 if form.errors else 200)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def paper(request: PersonRequest) -> HttpResponse:
    """The sign-in name and the code to write down or print. It stands here until the person says that they have it."""
    if request.method == "POST" and request.POST.get("action") == "done":
        request.session.pop(PAPER, None)
        request.session.pop(JOINING, None)
        return redirect(request.session.pop(NEXT, None) or "people:settings")
    if request.method == "POST":
        return _new_paper(request)
    context = {"code": request.session.get(PAPER), "ways": queries.ways(request.user), "joining": JOINING in request.session, "step": STEPS, "steps": STEPS}
    return render(request, "people/paper.html", context)


@doors.recent
def _new_paper(request: PersonRequest) -> HttpResponse:
    request.session[PAPER] = commands.make_recovery_code(request.user, at=timezone.now())
    return redirect("people:paper")
