"""Where mails come back to, and who else says that they did, as the environment says it. What cannot work is refused at the start, and not when the first mail is sent."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

#: What names a mail takes 44 letters of the 64 that stand before an @ (RFC 5321).
_ADDRESS = re.compile(r"[a-z0-9._+=-]{0,20}\*[a-z0-9._+=-]{0,20}@[a-z0-9-]+(?:\.[a-z0-9-]+)*")
_MOST_BESIDE = 20


def address(given: str) -> str:
    """BOUNCE_ADDRESS in lower case; empty where mails come back to their sender."""
    given = given.strip().lower()
    if given and (not _ADDRESS.fullmatch(given) or len(given.partition("@")[0]) - 1 > _MOST_BESIDE):
        raise ImproperlyConfigured("BOUNCE_ADDRESS has one * before the @, where each mail is named, and at most 20 letters beside it: bounce+*@example.org")
    return given


def mailbox(given: str) -> str:
    """BOUNCE_MAILBOX: a folder (maildir:///var/mail/bounces) or a mailbox on another server, by TLS alone."""
    scheme, path = urlsplit(given).scheme, urlsplit(given).path
    if given and not ((scheme == "maildir" and path.startswith("/")) or (scheme == "imaps" and urlsplit(given).hostname)):
        raise ImproperlyConfigured("BOUNCE_MAILBOX is maildir:///a/folder or imaps://user:password@mail.example.org/INBOX")
    return given


#: Providers of mail that tell by a web hook what became of each, and take what names it in a header of the mail.
PROVIDERS = ("brevo", "mailgun", "mailjet", "mandrill", "postmark", "sparkpost")
#: Those that sign what they tell with a key that they give; the others know the secret alone.
_SIGN = {"mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY", "mandrill": "MANDRILL_WEBHOOK_KEY"}
_SHORTEST = 24


def provider(name: str, *, secret: str, key: str) -> tuple[str, dict[str, str]]:
    """MAIL_PROVIDER and what its web hook is let in by: `secret` is MAIL_PROVIDER_SECRET, `key` MAIL_PROVIDER_KEY. Empty where there is none."""
    name = name.strip().lower()
    if not name:
        return "", {}
    if name not in PROVIDERS:
        raise ImproperlyConfigured(f"MAIL_PROVIDER is one of {', '.join(PROVIDERS)}, or empty")
    if len(secret) < _SHORTEST or not all(secret.partition(":")):
        raise ImproperlyConfigured(
            f"MAIL_PROVIDER_SECRET is name:password, {_SHORTEST} letters or more, as it stands in the address that you give to the provider"
        )
    if name in _SIGN and not key:
        raise ImproperlyConfigured(f"MAIL_PROVIDER_KEY is the key with which {name} signs what it tells")
    return name, {"WEBHOOK_SECRET": secret, **({_SIGN[name]: key} if name in _SIGN else {})}
