"""From what somebody typed to what stands on the page: the project's one renderer, with the links that help pages need."""

from __future__ import annotations

from committees.base import markdown

#: Pages of our own to which a help page may lead. None of them does anything by being opened.
OWN_LINKS = r"/(?:(?:help|workplaces|committees|forum|today|notices)/[a-z0-9/-]*|account/(?:join/|sign-in/|hide/|devices/|passkeys/|export/|erase/)?)?"


def html_of(text: str) -> str:
    """Headings are the page's own parts, one below its title. No pictures, no scripts, nothing that the browser would fetch."""
    return markdown.render(text, own=OWN_LINKS, heading="h2")
