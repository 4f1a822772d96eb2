"""Writing a post in another language."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from committees.base import markdown
from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from organizing.forum import queries, rules
from organizing.forum.commands.changing import held
from organizing.forum.models import Post, Translation
from organizing.forum.models.posts import OWN_LINKS


@transaction.atomic
def translate(post: Post, text: str, *, language: str, seen: int, by: Membership, at: datetime) -> Translation:
    """A member who may read a post writes it in another language; whoever reads that language sees it so, with the original
    one tap away. A later one takes the place of an earlier one. Nobody is told.

    Refused for the post's own language, if the post was changed since `seen`, once it is not visible, and to new members,
    whose words a moderator would have to look at first.
    """
    membership.require(by, Power.POST, in_committee=by.committee_id)
    if not rules.may_translate(by) or not queries.reaches(by, post):
        raise PermissionDenied
    now = held(post)
    if not now.is_visible:
        raise Refused(_("This post is not visible any more."))
    if language == now.language:
        raise Refused(_("The post is in this language already."), field="language")
    if seen != now.version:
        raise Refused(_("The post was changed while you translated it. Look at what it says now."))
    made, _new = Translation.objects.update_or_create(
        post=now,
        language=language,
        defaults={"membership": by, "of_version": seen, "source": text, "html": markdown.render(text, own=OWN_LINKS), "written_at": at},
    )
    ledger.record("post.translated", by=by.person, about=now, committee=now.topic.committee, at=at, detail={"language": language})
    return made
