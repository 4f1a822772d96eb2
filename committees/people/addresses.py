"""One way to write an address. However it was typed, the same person is found: case, blanks, Unicode domains, dashes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from committees.base import crypto
from committees.base.text import clean_line
from committees.people.models import Channel

_PHONE_NOISE = re.compile(r"[\s().\-/\u2010-\u2015]+")
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_LOOKS_LIKE_PHONE = re.compile(r"(?:\+|00)?[\d\s().\-/]{7,}")
LONGEST = 254

WRONG_EMAIL = _("Enter an email address like name@example.org.")
WRONG_PHONE = _("Enter a phone number with its country code, like +44 7700 900123.")


@dataclass(frozen=True)
class Address:
    """A cleaned address: what a message is sent to, what it is found by, and the alias that stands for it."""

    channel: Channel
    sent_to: str
    found_by: str

    @property
    def lookup(self) -> str:
        return crypto.lookup_hmac(self.found_by, purpose=f"contact:{self.channel.value}")

    @property
    def alias(self) -> str:
        return f"{self.lookup}@{self.channel.value}.invalid"

    @property
    def domain(self) -> str:
        """The part that may belong to an employer; empty for a phone."""
        return self.found_by.rpartition("@")[2] if self.channel == Channel.EMAIL else ""


def email(typed: str) -> Address:
    """An email address. The domain is compared in its ASCII form; capitals never make another address."""
    line = clean_line(typed).removeprefix("mailto:").replace(" ", "")
    local, at, domain = line.rpartition("@")
    try:
        ascii_domain = domain.rstrip(".").encode("idna").decode().lower()
        address = f"{local}@{ascii_domain}"
        validate_email(address)
    except (UnicodeError, ValidationError):
        raise ValidationError(WRONG_EMAIL, code="email") from None
    if not at or len(address) > LONGEST:
        raise ValidationError(WRONG_EMAIL, code="email")
    return Address(Channel.EMAIL, address, address.lower())


def phone(typed: str) -> Address:
    """A phone number with its country code (E.164), however it was grouped."""
    digits = _PHONE_NOISE.sub("", clean_line(typed))
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not _PHONE.fullmatch(digits):
        raise ValidationError(WRONG_PHONE, code="phone")
    return Address(Channel.PHONE, digits, digits)


def either(typed: str) -> Address:
    """An email address or a phone number, whichever it looks like."""
    return phone(typed) if _LOOKS_LIKE_PHONE.fullmatch(clean_line(typed)) else email(typed)


def is_address(typed: str) -> bool:
    """False for what must be a sign-in name."""
    return "@" in typed or bool(_LOOKS_LIKE_PHONE.fullmatch(clean_line(typed)))


def veiled(sent_to: str) -> str:
    """Enough for its owner to know it: "p…n@mail.example", "number ending 42"."""
    local, at, domain = sent_to.rpartition("@")
    if not at:
        return f"…{sent_to[-2:]}"
    return f"{local[:1]}…{local[-1:] if len(local) > 2 else ''}@{domain}"
