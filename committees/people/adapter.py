"""What allauth asks us: where its mails go, what its messages say, how its secrets are kept.

allauth knows people by an alias of their address (addresses.py). The way back to the address is in `send_mail`.
"""

from __future__ import annotations

from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import Login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from committees.people import commands, outbox, queries, rules, seeds
from committees.people.fields import Alias
from committees.people.models import Person

NOT_SIGNED_IN = _("We could not sign you in. Check what you typed, or ask for a code instead.")
TOO_MANY = _("That was too often. Wait five minutes and try again.")
WRONG_CODE = _("This code is not right. Check it, or ask for a new one.")

#: allauth's mails by the name of their template, and ours. A mail that is not here has no way out (and a test says so).
MAILS = {
    "account/email/login_code": "sign_in_code",
    "account/email/unknown_account": "no_account",
    "account/email/password_reset_code": "reset_code",
}
#: Its warnings. Those of the password are sent by our own command.
WARNINGS = {
    "account/email/password_changed": None,
    "account/email/password_set": None,
    "account/email/password_reset": None,
    "mfa/email/totp_activated": "second_step_on",
    "mfa/email/totp_deactivated": "second_step_off",
    "mfa/email/recovery_codes_generated": "spare_codes_made",
}
#: What is said on the next page. allauth's other messages would repeat an alias, or what the page says already.
MESSAGES = {
    "account/messages/password_changed.txt": _("Your new password is saved."),
    "account/messages/password_set.txt": _("Your password is saved."),
    "mfa/messages/totp_activated.txt": _("The second step is turned on."),
    "mfa/messages/totp_deactivated.txt": _("The app is no longer asked for."),
    "mfa/messages/recovery_codes_generated.txt": _("You have new spare codes."),
}


class Adapter(DefaultAccountAdapter):
    """allauth's account pages, in our words and through our outbox."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": NOT_SIGNED_IN,
        "username_password_mismatch": NOT_SIGNED_IN,
        "invalid_login": NOT_SIGNED_IN,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_code": WRONG_CODE,
        "enter_current_password": _("This is not your password. Check it and type it again."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Turn the alias back and hand the mail to the outbox. Only a code goes with it; the words are in our templates."""
        contact = commands.meet(email.address) if isinstance(email, Alias) else queries.contact_behind(email)
        if contact is not None:
            outbox.send(contact, MAILS[template_prefix], context={"code": context["code"]} if "code" in context else None)

    def send_notification_mail(self, template_prefix: str, user: Person, context: dict[str, Any] | None = None, email: str | None = None) -> None:
        """A warning goes to each address the person chose; it names no network address and no browser."""
        if kind := WARNINGS[template_prefix]:
            outbox.warn(user, kind)

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, message: str | None = None, **rest: Any) -> None:
        words = message or MESSAGES.get(message_template or "")
        if words:
            messages.add_message(request, level, words)

    def is_ajax(self, request: HttpRequest) -> bool:
        return False  # one kind of answer, whatever a script says it is

    def pre_login(self, request: HttpRequest, user: Person, **hook: Any) -> HttpResponse | None:
        """A hidden account without a paper code comes back with a new password chosen by a code to its address."""
        reset = any(record["method"] == "password_reset" for record in get_authentication_records(request, user))
        if reset and not user.is_active and rules.may_return_by_mail(user, has_paper=queries.ways(user).paper):
            commands.return_by_mail(user)
        return super().pre_login(request, user, **hook)

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        """The same words as for a wrong password: nobody learns that an account is hidden or closed."""
        messages.error(request, NOT_SIGNED_IN)
        return redirect("account_login")

    def set_password(self, user: Person, password: str) -> None:
        commands.set_password(user, password)
        commands.sign_out_everywhere(user, but=getattr(context.request.session, "digest", ""))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return str(redirect("people:settings").url)

    def get_login_stages(self) -> list[str]:
        return ["allauth.account.stages.LoginByCodeStage", "committees.people.stages.SecondStep"]

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        return []  # our own page asks again (views/again.py)

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:
        """Never allauth's own: it would put the whole request, address and browser too, into the session. See doors.recent."""
        return False

    def is_login_by_code_required(self, login: Login) -> bool:
        return False


class MFAAdapter(DefaultMFAAdapter):
    """Second factors, sealed in the database and named without telling whose."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def encrypt(self, text: str) -> str:
        return seeds.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return seeds.unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return settings.NEUTRAL_NAME

    def get_totp_label(self, user: Person) -> str:
        return user.sign_in_name

    def build_totp_svg(self, url: str) -> str:
        """A QR code as SVG without inline style."""
        return segno.make(url, micro=False).svg_inline(scale=6, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002  allauth's name
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": settings.NEUTRAL_NAME}

    def get_public_key_credential_user_entity(self, user: Person) -> dict[str, Any]:
        """What the phone keeps with a passkey: the random slug (not allauth's running number) and the made-up name."""
        return {"id": user.slug.encode(), "display_name": user.sign_in_name, "name": user.sign_in_name}
