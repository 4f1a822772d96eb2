"""Wanting to read nothing more of somebody. Theirs alone: nothing of it is in the ledger, and nobody is told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.people.models import Person
from organizing.forum.models import Block, Post


@transaction.atomic
def block(post: Post, *, by: Person, at: datetime) -> None:
    """The posts of this post's author, under the name it was written with, fold for this person, and give them no notice.

    Twice changes nothing. Refused for one's own, and for an author whose account is gone.
    """
    author = post.membership
    if author is None or author.person_id is None:
        raise Refused(_("Whoever wrote this is no longer a member."))
    if author.person_id == by.pk:
        raise Refused(_("This is your own post."))
    Block.objects.get_or_create(person=by, blocked=author, defaults={"since": at.date()})


@transaction.atomic
def unblock(given: Block, *, by: Person) -> None:
    """One reads them again as before. What they wrote meanwhile gives no notice."""
    Block.objects.filter(pk=given.pk, person=by).delete()
