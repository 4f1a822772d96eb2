"""What people type about their account. An address leaves a form only as an alias (fields.py)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode

from committees.base.forms import LineField, Radios, Tiles
from committees.people import fields, queries, rules, sms, zones
from committees.people.models import DisableReason, Person

NOT_THE_SAME = _("The two passwords are not the same. Type them again.")
PASSWORD_HINT = _("At least 10 letters or numbers. Three or four words that do not belong together are good.")
NO_PASSKEY = _("Your device did not give a passkey. Try again, or use another way.")
SENT_CODE = _("Enter the code")
CODE_HINT = _("We sent it a moment ago. It works for 15 minutes.")


def _languages() -> list[tuple[str, str]]:
    own = []
    for code, name in settings.LANGUAGES:
        info = get_language_info(code)
        own.append((code, info["name_local"].capitalize() if info["code"] == code else str(name)))
    return own


# -- Joining -------------------------------------------------------------------------------------------------


class HowForm(forms.Form):
    """The first question: how shall we reach you?"""

    way = forms.ChoiceField(label=_("How can we reach you?"), widget=Tiles, error_messages={"required": _("Choose one of the answers.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [("email", _("By email")), ("phone", _("By text message")), ("without", _("Not at all"))]
        field = cast("forms.ChoiceField", self.fields["way"])
        field.widget.hints = {
            "email": _("We send a code to check the address. Don’t use an address from work."),
            "phone": _("We send a code to check the number. Don’t use a phone from work."),
            "without": _("You get a name and a code on paper. You see your notices when you sign in."),
        }
        field.choices = [way for way in ways if way[0] != "phone" or sms.configured()]


class AddressForm(forms.Form):
    """One address. `anyway` comes with the second post, after the warning that it is an employer's."""

    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channel == "phone":
            missing = _("Enter your phone number with its country code.")
            self.fields["address"] = fields.phone_field(error_messages={"required": missing}, help_text=_("With the country code, like +44 7700 900123."))
        else:
            self.fields["address"] = fields.email_field(error_messages={"required": _("Enter your email address.")})


class CodeForm(forms.Form):
    code = fields.CodeField(label=SENT_CODE, help_text=CODE_HINT, error_messages={"required": _("Enter the code that we sent you.")})


class ZoneSelect(forms.Select):
    """The list of zones; an option says which old name a browser may have for it."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if also := zones.old_names().get(str(value)):
            option["attrs"]["data-also"] = also
        return option


class SettingsForm(forms.Form):
    """Language and time zone: guessed, shown, changeable."""

    language = forms.ChoiceField(label=_("Language"), help_text=_("For pages and for what we send you."))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        widget=ZoneSelect,
        help_text=_("Choose a city whose clock shows the same time as yours."),
        error_messages={"invalid_choice": _("Choose a city from the list.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages, time_zones = (cast("forms.ChoiceField", self.fields[name]) for name in ("language", "time_zone"))
        languages.choices = _languages()
        time_zones.choices = zones.choices(also=str(self.initial.get("time_zone", "")))


class WayForm(forms.Form):
    """How to sign in next time."""

    way = forms.ChoiceField(label=_("How do you want to sign in next time?"), widget=Tiles, error_messages={"required": _("Choose one of the answers.")})

    def __init__(self, *args: Any, by_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [("passkey", _("With a passkey")), ("password", _("With a password")), ("code", _("With a code each time"))]
        field = cast("forms.ChoiceField", self.fields["way"])
        field.widget.hints = {
            "passkey": _("You unlock your phone, and you are in. Nothing to remember."),
            "password": _("You choose it now. Nobody can see it."),
            "code": _("We send you a new code whenever you sign in."),
        }
        field.choices = [way for way in ways if way[0] != "code" or by_code]


class PaperCodeForm(forms.Form):
    code = LineField(
        label=_("The code on your paper"),
        help_text=_("Five groups of four letters and numbers, like XXXX-XXXX-XXXX-XXXX-XXXX."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": _("Enter the code from your paper.")},
    )


# -- Signing in (allauth's forms in our words) ------------------------------------------------------------------


class SignInForm(allauth_forms.LoginForm):
    """A sign-in name or an address, and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("Email, phone number or sign-in name") if sms.configured() else _("Email or sign-in name")
        attrs = {"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"}
        self.fields["login"] = LineField(
            label=label, max_length=300, widget=forms.TextInput(attrs=attrs), error_messages={"required": _("Enter your address or your sign-in name.")}
        )
        self.fields["password"] = fields.PasswordField(error_messages={"required": _("Enter your password.")})
        self.order_fields(["login", "password"])

    def user_credentials(self) -> dict[str, str]:
        return {**fields.credentials(self.cleaned_data["login"]), "password": self.cleaned_data["password"]}


class AskForCodeForm(allauth_forms.RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = fields.either_field(error_messages={"required": _("Enter your address.")})


class SignInCodeForm(allauth_forms.ConfirmLoginCodeForm):
    code = fields.CodeField(label=SENT_CODE, help_text=CODE_HINT, error_messages={"required": _("Enter the code that we sent you.")})


class SecondStepForm(mfa_forms.AuthenticateForm):
    code = fields.CodeField(
        label=_("Code from your app, or a spare code"),
        help_text=_("The app shows a new code every 30 seconds."),
        error_messages={"required": _("Enter a code.")},
    )


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = fields.either_field(error_messages={"required": _("Enter your address.")})

    def clean_email(self) -> str:
        """allauth's, and a hidden account without a paper code may come back this way."""
        email: str = get_adapter().clean_email(self.cleaned_data["email"])
        people = filter_users_by_email(email, prefer_verified=True, for_login=True)
        self.users = [p for p in people if p.is_active or rules.may_return_by_mail(p, has_paper=queries.ways(p).paper)]
        return email


class ResetCodeForm(allauth_forms.ConfirmPasswordResetCodeForm):
    code = fields.CodeField(label=SENT_CODE, help_text=CODE_HINT, error_messages={"required": _("Enter the code that we sent you.")})


# -- Passwords --------------------------------------------------------------------------------------------------


class _TwicePassword(forms.Form):
    """A new password, typed twice, checked as Django checks it."""

    user: Person | None

    def _new_password_fields(self) -> None:
        missing = {"required": _("Enter a new password.")}
        self.fields["password1"] = fields.PasswordField(new=True, label=_("New password"), help_text=PASSWORD_HINT, error_messages=missing)
        self.fields["password2"] = fields.PasswordField(new=True, label=_("New password again"), error_messages={"required": _("Type the password again.")})

    def clean_password1(self) -> str:
        password: str = get_adapter().clean_password(self.cleaned_data["password1"], user=self.user)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = forms.Form.clean(self) or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", NOT_THE_SAME)
        return cleaned


class NewPasswordForm(_TwicePassword, allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._new_password_fields()


class SetPasswordForm(_TwicePassword, allauth_forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._new_password_fields()


class ChangePasswordForm(_TwicePassword, allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = fields.PasswordField(label=_("Your password now"), error_messages={"required": _("Enter your password.")})
        self._new_password_fields()
        self.order_fields(["oldpassword", "password1", "password2"])


class AgainForm(forms.Form):
    """The password once more, before something that matters."""

    password = fields.PasswordField(error_messages={"required": _("Enter your password.")})


# -- The second step and passkeys ---------------------------------------------------------------------------------


class ActivateAppForm(totp_forms.ActivateTOTPForm):
    code = fields.CodeField(label=_("Code that the app shows"), error_messages={"required": _("Enter the code that the app shows.")})


class PasskeyNameForm(forms.Form):
    name = LineField(
        label=_("Name of this passkey"),
        help_text=_("So that you know it again, for example “Phone”. Only you see it."),
        max_length=60,
        error_messages={"required": _("Enter a name.")},
    )


@contextmanager
def _unreadable_is_wrong() -> Iterator[None]:
    """What is no answer of a passkey at all is refused like a wrong one; the library trips over some of it."""
    try:
        yield
    except (KeyError, ValueError, TypeError, AttributeError) as unreadable:
        raise forms.ValidationError(NO_PASSKEY) from unreadable


class CredentialField(forms.JSONField):
    """What a passkey answered: an object, of the size that such answers have."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, max_length=20_000, error_messages={"required": NO_PASSKEY, "invalid": NO_PASSKEY})

    def to_python(self, value: Any) -> Any:
        try:
            answer = super().to_python(value)
        except (ValueError, RecursionError):  # numbers of a thousand digits, brackets without end
            raise forms.ValidationError(NO_PASSKEY) from None
        if answer is not None and not isinstance(answer, dict):
            raise forms.ValidationError(NO_PASSKEY)
        return answer

    def bound_data(self, data: Any, initial: Any) -> Any:
        """An answer that was refused is not shown again: each question wants a new one."""
        return None


class AddPasskeyForm(passkey_forms.SignupWebAuthnForm):
    """What the browser answers, and a name. `SignupWebAuthnForm` checks the answer against the question in the session."""

    name = LineField(
        label=_("Name of this passkey"), help_text=_("So that you know it again, for example “Phone”. Only you see it."), max_length=60, required=False
    )
    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        with _unreadable_is_wrong():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class PasskeySignInForm(passkey_forms.LoginWebAuthnForm):
    """A passkey's answer. Whose it is, the passkey says: it keeps the account's slug."""

    credential = CredentialField()

    def clean_credential(self) -> Any:
        with _unreadable_is_wrong():
            self.user = _person_of(self.cleaned_data["credential"]["response"]["userHandle"])
            if self.user is None:
                raise get_adapter().validation_error("invalid_login")
            return super().clean_credential()


class PasskeyAgainForm(passkey_forms.ReauthenticateWebAuthnForm):
    """The same person's passkey once more."""

    credential = CredentialField()

    def clean_credential(self) -> Any:
        with _unreadable_is_wrong():
            return super().clean_credential()


class PasskeyStepForm(passkey_forms.AuthenticateWebAuthnForm):
    """A passkey as the second step."""

    credential = CredentialField()

    def clean_credential(self) -> Any:
        with _unreadable_is_wrong():
            return super().clean_credential()


def _person_of(handle: Any) -> Person | None:
    try:
        slug = websafe_decode(handle).decode()
    except (ValueError, TypeError):
        return None
    return Person.objects.present().filter(slug=slug).first() if slug.isalnum() else None


class SecondStepAlwaysForm(forms.Form):
    always = forms.BooleanField(required=False, label=_("Ask for my passkey after a password or a code too"))


# -- Devices and the end --------------------------------------------------------------------------------------------


class LabelForm(forms.Form):
    label = LineField(label=_("Name of this device"), help_text=_("For example “Work break phone”. Only you see it."), max_length=60, required=False)


class EraseForm(forms.Form):
    sure = forms.BooleanField(label=_("I understand that this cannot be undone"), error_messages={"required": _("Tick the box if you are sure.")})


# -- Keeping the service running -------------------------------------------------------------------------------


class FindAccountForm(forms.Form):
    """By what somebody may be asked to close an account: exactly what its owner has."""

    said = LineField(
        label=_("Sign-in name or address"),
        help_text=_("Exactly as its owner has it. No part of it is searched for."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none", "dir": "ltr"}),
        error_messages={"required": _("Enter the sign-in name or the address.")},
    )


class DisableForm(forms.Form):
    """Why an account is closed. Its owner reads it, and the log keeps it."""

    reason = forms.ChoiceField(label=_("Why"), choices=DisableReason, widget=Radios, error_messages={"required": _("Choose the reason. Its owner is told.")})
