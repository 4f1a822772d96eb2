"""The words of a post as another post quotes them: in Markdown, with a link to where they stand."""

from __future__ import annotations

from django.utils.translation import gettext as _

from committees.base.navigation import path_to
from organizing.forum import origins
from organizing.forum.models import Post, Topic

#: A quotation is a reminder, not a copy.
LONGEST = 600


def permalink(topic: Topic, position: int) -> str:
    return f"{path_to('forum:topic', topic.slug)}p/{position}/"


def quote(post: Post, topic: Topic) -> str:
    """What one would find in the composer. What the post itself quotes is left out."""
    lines = [line for line in post.source.split("\n") if not line.lstrip().startswith(">")]
    text = "\n".join(lines).strip()
    text = text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(maxsplit=1)[0]} …"
    author = post.membership
    name = origins.name(author.handle, author.person_id) if author else origins.name(None, None)
    for mark in "\\[]*_`<>":
        name = name.replace(mark, "\\" + mark)
    said = _("%(name)s wrote") % {"name": name}
    head = f"[{said}]({permalink(topic, post.position or 1)})"
    return "\n".join(f"> {line}".rstrip() for line in (f"{head}:", "", *text.split("\n")))
