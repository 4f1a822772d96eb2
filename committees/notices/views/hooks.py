"""Where a provider of mail tells what became of our mails."""

from __future__ import annotations

from importlib import import_module

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from committees.base import doors
from committees.notices import commands, providers

#: How django-anymail names the view that reads what each provider tells.
_VIEWS = {
    "brevo": "BrevoTrackingWebhookView",
    "mailgun": "MailgunTrackingWebhookView",
    "mailjet": "MailjetTrackingWebhookView",
    "mandrill": "MandrillCombinedWebhookView",
    "postmark": "PostmarkTrackingWebhookView",
    "sparkpost": "SparkPostTrackingWebhookView",
}
#: What reading something raises that is no event as this provider describes it.
_UNREADABLE = (AnymailError, AssertionError, ValueError, LookupError, TypeError, AttributeError)


@csrf_exempt  # a provider has no form: the secret in the address that it was given, and its signature where it has one, stand in for the token
@doors.public(because="a provider of mail has no account; without the secret that it was given nothing is read, and there is no page")
@require_POST
def told(request: HttpRequest, provider: str) -> HttpResponse:
    """Events about mails, each dealt with once. Without the secret the same as for an address that does not exist; 503 asks to be told again."""
    if provider != settings.MAIL_PROVIDER or not provider:
        raise Http404
    view = getattr(import_module(f"anymail.webhooks.{provider}"), _VIEWS[provider])()
    try:
        view.run_validators(request)
    except (SuspiciousOperation, *_UNREADABLE) as no:
        raise Http404 from no
    try:
        events = view.parse_events(request)
    except (
        AnymailError,
        AssertionError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ):  # it came with the secret, and is no event that this provider describes
        return HttpResponseBadRequest()
    try:
        for event in filter(None, map(providers.told, events)):
            commands.hear(event, at=timezone.now())
    except commands.TooEarly:
        return HttpResponse(status=503, headers={"Retry-After": "60"})
    return doors.private(HttpResponse(status=204))
