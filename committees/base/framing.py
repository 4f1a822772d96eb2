"""The bars and menus around a page, drawn once and not at each request.

They are the same for everybody who has the same entries, language and colours, but for two things, which are filled in: the
address one comes back to, and the token of the forms. Drawing them is half of what the template of a small page costs.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django.middleware.csrf import get_token
from django.template import Context
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from committees.base.navigation import Link, Navigation, address

_HERE, _TOKEN = "\ue000here\ue000", "\ue000token\ue000"
_MOST = 500
_drawn: dict[Hashable, str] = {}


def _links(links: list[Link]) -> Hashable:
    return tuple([(link.url, link.current, link.count, link.language and (link.language, link.label)) for link in links])


def _key(template: str, context: Context) -> Hashable:
    """All on which these templates branch or what they write, but for the two things."""
    frame, nav, request = context["frame"], context["nav"], context["request"]
    shown: Navigation = nav
    plain = tuple([value for name, value in frame.items() if name not in ("here", "languages")])
    entries = (_links(shown.items), _links(shown.more), _links(shown.foot), shown.home)
    person = getattr(request, "user", None)
    return template, get_language(), plain, entries, person is not None and person.is_authenticated, request.path == address("base:more")


def drawn(template: str, context: Context) -> SafeString:
    """One of the templates around a page, for this request. Where there is no request (pages of errors), drawn anew."""
    request: Any = context.get("request")
    if request is None or "nav" not in context:
        return get_template(template).template.render(context)  # type: ignore[attr-defined]
    key = _key(template, context)
    text = _drawn.get(key)
    if text is None:
        with context.push(frame={**context["frame"], "here": _HERE}, csrf_token=_TOKEN):
            text = get_template(template).template.render(context)  # type: ignore[attr-defined]
        if len(_drawn) >= _MOST:
            _drawn.clear()
        _drawn[key] = text
    if _TOKEN in text:
        text = text.replace(_TOKEN, get_token(request))
    return mark_safe(text.replace(_HERE, escape(context["frame"]["here"])))  # noqa: S308 (a template's own, and escaped)
