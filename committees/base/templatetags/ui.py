"""The parts of a page as template tags. Built in: no {% load %} needed. /dev/components/ shows each with its states."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import cast

from django import template
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from committees.base import dates, framing, navigation, offline
from committees.base.forms import BoundField
from committees.base.keyset import Page

register = template.Library()

BANNER_ICONS = {"": "info", "info": "info", "ok": "check", "warn": "alert", "stop": "alert"}


@register.simple_tag
def path_of(name: str, *slugs: str) -> str:
    """`url` for pages named by slugs alone: for lists, where it is asked dozens of times."""
    return navigation.path_to(name, *slugs)


@register.simple_tag(takes_context=True)
def framed(context: template.Context, template_name: str) -> SafeString:
    """A part of the frame around every page, drawn once for all who see it alike (base.framing)."""
    return framing.drawn(template_name, context)


@register.simple_tag(takes_context=True)
def offlineworker(context: template.Context) -> str:
    """The address of the worker that keeps the page for when there is no network, in the reader's language and colours."""
    return offline.address(context["frame"]["theme"])


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, *, dir: bool = False, size: str = "") -> SafeString:  # noqa: A002 (reads like HTML)
    """One drawing of the sprite, silent for screen readers. `dir=True` for icons that point somewhere; size "l" or "xl"."""
    css = "icon" + (" icon--dir" if dir else "") + (f" icon--{size}" if size else "")
    return format_html('<svg class="{}" width="20" height="20" aria-hidden="true"><use href="{}#i-{}"/></svg>', css, static("icons.svg"), name)


@register.simple_tag
def tile(handle: str, *, size: str = "") -> SafeString:
    """The square with a handle's initials. Colour is only decoration; the name must stand beside it."""
    words = ["".join(c for c in word if c.isalnum()) for word in handle.split()]
    words = [word for word in words if word] or ["?"]
    initials = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    css = f"tile tile--{zlib.crc32(handle.encode()) % 6 + 1}" + (f" tile--{size}" if size else "")
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, initials.upper())


def _time(at: datetime | date, words: str, *, css: str = "") -> SafeString:
    stamp = dates.local(at, "UTC").strftime("%Y-%m-%dT%H:%MZ") if isinstance(at, datetime) else at.isoformat()
    return format_html('<time{} datetime="{}">{}</time>', format_html(' class="{}"', css) if css else "", stamp, words)


@register.simple_tag
def when(at: datetime | None, *, zone: str | None = None, named: bool = True) -> SafeString | str:
    """Day and time in the reader's zone (or `zone`), the zone named as a city: "Sunday 22 November, 7:00 pm, London time".

    `named=False` only where the zone stands at the head of the list.
    """
    if not at:
        return ""
    words = _time(at, dates.moment(at, zone))
    if not named:
        return words
    return format_html('{}<span class="zone">{}</span>', words, _(", %(zone)s") % {"zone": dates.zone_label(zone)})


@register.simple_tag
def day(at: datetime | date | None, *, zone: str | None = None) -> SafeString | str:
    """ "Sunday 22 November" in the reader's zone."""
    return _time(at, dates.day(at, zone)) if at else ""


@register.simple_tag
def clocktime(at: datetime | None, *, zone: str | None = None) -> SafeString | str:
    """The time of day alone, "7:00 pm", where day and zone stand beside it."""
    return _time(at, dates.time_of_day(at, zone)) if at else ""


@register.simple_tag
def zonename(zone: str | None = None) -> str:
    """ "London time": for the head of a list whose times are shown with `named=False`."""
    return dates.zone_label(zone)


@register.simple_tag
def duration(minutes: int) -> str:
    """ "1 hour 15 minutes"."""
    return dates.duration(minutes)


@register.simple_tag
def dateblock(at: datetime, *, zone: str | None = None, now: bool = False, large: bool = False) -> SafeString:
    """The calendar leaf beside a meeting. Red when it is today, or with `now=True`."""
    local, today = dates.local(at, zone).date(), dates.local(timezone.now(), zone).date()
    away = (local - today).days
    above = {0: _("Today"), 1: _("Tomorrow")}.get(away) if away == 0 or large else None
    css = "date" + (" date--l" if large else "") + (" date--now" if now or away == 0 else "")
    inside = format_html(
        '<span class="date__dow">{}</span> <span class="date__day">{}</span> <span class="date__mon">{}</span>',
        above or dates.short_weekday(at, zone),
        local.day,
        dates.short_month(at, zone),
    )
    return _time(at, inside, css=css)


@register.simple_block_tag
def banner(content: str, kind: str = "", *, title: str = "", icon: str = "", role: str = "") -> SafeString:
    """The .notice box. Kinds: "" (good to know), "info", "ok", "warn", "stop". `role="status"` or "alert" when it comes
    as an answer to what someone did."""
    context = {"content": content, "kind": kind, "title": title, "icon": icon or BANNER_ICONS[kind], "role": role}
    return render_to_string("_ui/banner.html", context)


@register.simple_tag(takes_context=True)
def pager(context: template.Context, page: Page, *, older: str = "", newer: str = "") -> SafeString | str:
    """Links to the older and newer page of a keyset list; nothing when there is only one page."""
    if not (page.older or page.newer):
        return ""
    request = context.get("request")
    kept = request.GET.copy() if request else QueryDict(mutable=True)
    for name in ("after", "before"):
        kept.pop(name, None)

    def address(name: str, value: str | None) -> str:
        if not value:
            return ""
        query = kept.copy()
        query[name] = value
        return f"?{query.urlencode()}"

    parts = {
        "older": address("after", page.older),
        "newer": address("before", page.newer),
        "older_words": older or _("Older"),
        "newer_words": newer or _("Newer"),
    }
    return render_to_string("_ui/pager.html", parts)


@register.simple_tag
def formfields(form: BaseForm) -> SafeString:
    """All fields of a form, hidden ones first. Errors of the whole form are in {% errorsummary %}."""
    return form.render()


@register.simple_tag
def formfield(field: BoundField, *, page: bool = False) -> SafeString:
    """One field. `page=True`: its label is the page's heading (one question per page)."""
    return render_to_string(field.template_name, {"field": field, "page": page})


@dataclass(frozen=True)
class Problem:
    words: str
    target: str


def _problems(form: BaseForm | BaseFormSet) -> Iterator[Problem]:
    if isinstance(form, BaseFormSet):
        yield from (Problem(str(words), "") for words in form.non_form_errors())
        for line in form.forms:
            yield from _problems(line)
        return
    for words in form.non_field_errors():
        yield Problem(str(words), "")
    for bound in cast("list[BoundField]", list(form)):
        for words in bound.problems:
            yield Problem(words, "" if bound.is_hidden else bound.first_input_id)


@register.inclusion_tag("_ui/errorsummary.html")
def errorsummary(*forms: BaseForm | BaseFormSet) -> dict[str, list[Problem]]:
    """What is wrong, at the top of the page, each with a link to its field. Nothing when all is well."""
    return {"problems": [problem for form in forms if form and form.is_bound for problem in _problems(form)]}


@register.simple_tag(takes_context=True)
def errortitle(context: template.Context) -> str:
    """ "Error: " before the title of a page on which a form was refused, so that it is heard first."""
    for layer in context.dicts:
        for value in layer.values():
            # type(), not isinstance: asking a lazy value for its class would make it, and the frame's token with it
            if issubclass(type(value), BaseForm | BaseFormSet) and value.is_bound and not value.is_valid():
                return _("Error: ")
    return ""
