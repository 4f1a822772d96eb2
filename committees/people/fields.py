"""Form fields for what people type about themselves. What comes out of an address field is an alias, never the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.base.forms import LineField
from committees.people import addresses, names, sms
from committees.people.addresses import Address


class Alias(str):
    """The alias of an address that was typed in this request; carries the address until a mail to it is written."""

    address: Address

    def __new__(cls, address: Address) -> Self:
        made = super().__new__(cls, address.alias)
        made.address = address
        return made


class AddressField(LineField):
    """An email address or a phone number. Cleans to its Alias."""

    def __init__(self, *, understand: Callable[[str], Address], **kwargs: Any) -> None:
        self.understand = understand
        super().__init__(max_length=300, **kwargs)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return Alias(self.understand(typed)) if typed else typed


def email_field(**kwargs: Any) -> AddressField:
    widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"})
    return AddressField(understand=addresses.email, label=kwargs.pop("label", _("Your email address")), widget=widget, **kwargs)


def phone_field(**kwargs: Any) -> AddressField:
    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    return AddressField(understand=addresses.phone, label=kwargs.pop("label", _("Your phone number")), widget=widget, **kwargs)


def either_field(**kwargs: Any) -> AddressField:
    """An email address; where text messages can be sent, a phone number too."""
    if not sms.configured():
        return email_field(**kwargs)
    widget = forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"})
    return AddressField(understand=addresses.either, label=kwargs.pop("label", _("Your email address or phone number")), widget=widget, **kwargs)


class CodeField(LineField):
    """A code that was sent: the phone offers it, and blanks and dashes don't matter."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "characters", "class": "input--m"}
        super().__init__(max_length=40, label=kwargs.pop("label", _("Code")), widget=forms.TextInput(attrs=attrs), **kwargs)


class PasswordField(forms.CharField):
    """A password. Never cleaned, never shown again."""

    def __init__(self, *, new: bool = False, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"})
        super().__init__(strip=False, max_length=1000, label=kwargs.pop("label", _("Password")), widget=widget, **kwargs)


def credentials(typed: str) -> dict[str, str]:
    """What a person typed to say who they are, as allauth wants it: an alias, or a sign-in name."""
    if addresses.is_address(typed):
        try:
            return {"email": addresses.either(typed).alias}
        except forms.ValidationError:
            pass
    return {"username": names.clean_sign_in_name(typed)}
