"""The account: language and zone, addresses, devices."""

from __future__ import annotations

from allauth.account import views as allauth_account
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from committees.base import doors, navigation
from committees.base.errors import Refused
from committees.people import codes, commands, forms, queries, registry, sms
from committees.people.fields import Alias
from committees.people.models import Contact, Session
from committees.people.requests import PersonRequest
from committees.people.rules import may_drop_contact
from committees.people.views.wrapped import behind

PURPOSE = "contact"


def _guarded(view: doors.View) -> doors.View:
    return doors.signed_in(doors.recent(view))


change_password = behind(_guarded, allauth_account.password_change)
set_password = behind(_guarded, allauth_account.password_set)


@doors.signed_in
@require_http_methods(["GET"])
def overview(request: PersonRequest) -> HttpResponse:
    """Everything that can be set, each with how it is now."""
    person = request.user
    context = {
        "ways": queries.ways(person),
        "contacts": Contact.objects.visible_to(person).order_by("channel", "pk"),
        "notices_url": navigation.address("notices:preferences"),
    }
    return render(request, "people/settings.html", context)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def language(request: PersonRequest) -> HttpResponse:
    person = request.user
    form = forms.SettingsForm(request.POST or None, initial={"language": person.language, "time_zone": person.time_zone})
    if form.is_valid():
        try:
            commands.settle(person, **form.cleaned_data)
        except Refused as no:
            form.add_error(no.field, str(no))
        else:
            messages.success(request, _("Saved."))
            return redirect("people:settings")
    return render(request, "people/language.html", {"form": form}, status=422 if form.errors else 200)


# -- Addresses ---------------------------------------------------------------------------------------------------


@doors.signed_in
@require_http_methods(["GET"])
def contacts(request: PersonRequest) -> HttpResponse:
    rows = Contact.objects.visible_to(request.user).order_by("channel", "-primary", "pk")
    context = {"contacts": rows, "phones": sms.configured(), "may_drop": may_drop_contact(queries.ways(request.user))}
    return render(request, "people/contacts.html", context)


@doors.signed_in
@doors.recent
@require_http_methods(["GET", "POST"])
def add_contact(request: PersonRequest, channel: str) -> HttpResponse:
    """A new address. Whether it belongs to another account is told to its owner, by mail, and not here."""
    if channel not in sms.channels():
        raise Http404
    form = forms.AddressForm(request.POST or None, channel=channel)
    context = {"form": form, "channel": channel, "employer": None}
    if form.is_valid():
        typed: Alias = form.cleaned_data["address"]
        context["employer"] = None if form.cleaned_data["anyway"] else registry.employer_behind(typed.address.domain)
        contact = None if context["employer"] else commands.meet(typed.address)
        if contact is not None and contact.person_id == request.user.pk:
            form.add_error("address", _("You have added this address already."))
        elif contact is not None:
            free = contact.person_id is None
            codes.send(request, contact, purpose=PURPOSE, kind="contact_code" if free else "contact_taken", real=free)
            return redirect("people:confirm_contact")
    return render(request, "people/contact_add.html", context, status=422 if form.errors else 200)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def confirm_contact(request: PersonRequest) -> HttpResponse:
    waiting = codes.pending(request, PURPOSE)
    if waiting is None:
        return redirect("people:contacts")
    form = forms.CodeForm(request.POST if "code" in request.POST else None)
    try:
        if request.POST.get("action") == "resend":
            codes.resend(request, waiting)
            return redirect("people:confirm_contact")
        if form.is_valid():
            commands.own_contact(codes.check(request, PURPOSE, form.cleaned_data["code"]), by=request.user, at=timezone.now())
            messages.success(request, _("The address is added."))
            return redirect("people:contacts")
    except Refused as no:
        form = forms.CodeForm(request.POST)
        form.add_error("code", str(no))
    typed = codes.contact_of(waiting)
    context = {"form": form, "waiting": waiting, "sent_to": typed.address if typed else ""}
    return render(request, "people/contact_code.html", context, status=422 if form.errors else 200)


@doors.signed_in
@doors.recent
@require_http_methods(["GET", "POST"])
def contact(request: PersonRequest, slug: str) -> HttpResponse:
    """One address: use it for notices, or remove it."""
    row = get_object_or_404(Contact.objects.visible_to(request.user), slug=slug)
    problem = ""
    if request.method == "POST":
        try:
            if request.POST.get("action") == "prefer":
                commands.prefer_contact(row, by=request.user)
            elif request.POST.get("action") == "remove":
                commands.drop_contact(row, by=request.user)
            return redirect("people:contacts")
        except Refused as no:
            problem = str(no)
    return render(request, "people/contact.html", {"contact": row, "problem": problem}, status=422 if problem else 200)


# -- Devices -----------------------------------------------------------------------------------------------------


@doors.signed_in
@require_http_methods(["GET"])
def devices(request: PersonRequest) -> HttpResponse:
    """Where the account is signed in: a name the person gave, and the day. There is nothing else to show."""
    rows = Session.objects.visible_to(request.user).living(timezone.now().date()).order_by("-started_on", "pk")
    return render(request, "people/devices.html", {"devices": rows, "here": request.session.digest})


@doors.signed_in
@require_http_methods(["GET", "POST"])
def device(request: PersonRequest, slug: str) -> HttpResponse:
    """Name one device, or sign it out."""
    row = get_object_or_404(Session.objects.visible_to(request.user), slug=slug)
    here = row.digest == request.session.digest
    if request.POST.get("action") == "end":
        commands.end_device(row, by=request.user)
        if not here:
            return redirect("people:devices")
        response = redirect("account_login")
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
    form = forms.LabelForm(request.POST or None, initial={"label": row.label})
    if form.is_valid():
        commands.label_device(row, label=form.cleaned_data["label"], by=request.user)
        return redirect("people:devices")
    return render(request, "people/device.html", {"form": form, "device": row, "here": here}, status=422 if form.errors else 200)


@doors.signed_in
@require_POST
def sign_out_everywhere(request: PersonRequest) -> HttpResponse:
    """Ends every session, this one too. Nothing is asked first: whoever presses it is in a hurry."""
    commands.sign_out_everywhere(request.user)
    request.session.flush()
    messages.success(request, _("You are signed out on every device."))
    response = redirect("account_login")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
