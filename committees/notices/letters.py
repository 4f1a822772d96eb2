"""From a notice to its words, once per notice, language and level. The preview and the mail come out of this one function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import css_inline
from django.conf import settings
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.html import conditional_escape

from committees.notices import registry, slots
from committees.notices.models import Level, Notice
from committees.people.models import AccountMail

NEUTRAL = "notices/mail/neutral"


@dataclass(frozen=True)
class Letter:
    """A message whose slots are still open. `subject` is one line."""

    language: str
    subject: str
    text: str
    html: str

    def filled(self, values: Mapping[str, Any]) -> Letter:
        """The message as one reader gets it. KeyError for a slot without a value."""
        return Letter(
            self.language,
            slots.fill(self.subject, values),
            slots.fill(self.text, values),
            slots.fill(self.html, values, escape=conditional_escape),
        )


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)


def _plain(name: str, context: dict[str, Any]) -> str:
    """A text template, rendered without HTML's escapes."""
    return str(get_template(name).template.render(Context(context, autoescape=False)))  # type: ignore[attr-defined]


def _line(name: str, context: dict[str, Any]) -> str:
    return " ".join(_plain(name, context).split())


def _tidy(text: str) -> str:
    """No more than one empty line in a row, none at the ends."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip() + "\n"


def _inlined(name: str, context: dict[str, Any]) -> str:
    """A page with its styles in its elements, and no white space to pay for."""
    lines = _inliner().inline(get_template(name).render(context)).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip()) + "\n"


def _paragraphs(text: str) -> list[list[str]]:
    """A plain text as paragraphs of lines."""
    return [part.splitlines() for part in _tidy(text).strip().split("\n\n")]


def _exists(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


def link(notice: Notice) -> str:
    """Where every link of a notice goes: an address that says nothing, behind the login, which leads on."""
    return f"{settings.SITE_URL}{reverse('notices:go', args=[notice.slug])}"


def _frame(notice: Notice, kind: registry.Kind, language: str, level: Level) -> dict[str, Any]:
    """What the frame of every mail knows."""
    return {
        "personal": slots.Personal(),
        "notice": notice,
        "kind": kind,
        "level": str(level),
        "full": level == Level.FULL,
        "link": link(notice),
        "settings_link": f"{settings.SITE_URL}{reverse('notices:preferences')}",
        "unsubscribe_link": slots.hole("unsubscribe") if kind.may_be_off else "",
        "security": kind.security,
        "language": language,
    }


def _words(kind: registry.Kind, notice: Notice, language: str, level: Level) -> tuple[str, dict[str, Any]]:
    """The stem of the templates' names, and what they are given. The neutral level is told nothing of the event."""
    frame = _frame(notice, kind, language, level)
    if level == Level.NEUTRAL:
        return NEUTRAL, frame
    return kind.template("").rstrip("."), frame | kind.context(notice, language, level)


def letter(notice: Notice, *, language: str, level: Level) -> Letter:
    """The mail about a notice in one language, as openly as `level` says."""
    kind = registry.kind(notice.kind)
    with translation.override(language):
        stem, context = _words(kind, notice, language, level)
        subject = _line(f"{stem}.subject.txt", context)
        body = _plain(f"{stem}.txt", context)
        context |= {"subject": subject, "body": _tidy(body).rstrip(), "paragraphs": _paragraphs(body)}
        html = f"{stem}.html" if _exists(f"{stem}.html") else "notices/mail/plain.html"
        return Letter(
            language,
            subject,
            _tidy(_plain("notices/mail/notice.txt", context)),
            _inlined(html, context),
        )


def subject(notice: Notice, *, language: str, level: Level) -> str:
    """The one line of it, its slots still open: what a mail has as its subject and a push as all of its words."""
    with translation.override(language):
        stem, context = _words(registry.kind(notice.kind), notice, language, level)
        return _line(f"{stem}.subject.txt", context)


def neutral_subject() -> str:
    """The subject that says almost nothing, in the language of the page."""
    return _line(f"{NEUTRAL}.subject.txt", {})


def account_letter(mail: AccountMail) -> Letter:
    """A code or a warning, in the language that the account mail names."""
    stem = f"people/notices/{mail.kind}"
    with translation.override(mail.language):
        context: dict[str, Any] = {**cast("dict[str, Any]", mail.context or {}), "language": mail.language}
        context["subject"] = _line(f"{stem}.subject.txt", context)
        return Letter(
            mail.language,
            context["subject"],
            _tidy(_plain(f"{stem}.txt", context)),
            _inlined(f"{stem}.html", context),
        )
