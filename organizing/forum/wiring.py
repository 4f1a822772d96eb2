"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.bodies.register import on_closing, on_founding, on_uniting, shows_life
from committees.mandates import register as mandates
from committees.membership import register
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.membership.roles import Power
from committees.moderation import registry as moderation
from committees.people import registry as people
from committees.people.models import Person
from committees.resettling import register as resettling
from committees.support import register as support
from organizing.forum import commands, keeping, kinds, parcels, queries, reporting, supporting
from organizing.forum.models import Block, Draft, Post, State, Translation, Watch
from organizing.forum.moderated import A_POST

#: What the committee's log calls what this room writes into the ledger. That somebody replied is no act of the committee: the
#: post itself is its record.
VERBS = {
    "board.opened": _lazy("A part of the forum was opened"),
    "board.renamed": _lazy("A part of the forum was named anew"),
    "topic.begun": _lazy("A topic was begun in the forum"),
    "topic.pinned": _lazy("A topic is kept on top"),
    "topic.unpinned": _lazy("A topic is no longer kept on top"),
    "post.changed": _lazy("A post was changed by its author"),
    "post.withdrawn": _lazy("A post was taken back by its author"),
    "post.translated": _lazy("A post was translated"),
}


def latest_posts(member: Membership, at: datetime) -> Section:
    """A part of the committee's page: where its forum went on last."""
    return Section("forum/_latest.html", {"committee": member.committee, "lines": queries.latest_in(member), "may_post": Power.POST in member.powers})


def connect() -> None:
    kinds.register_all()
    on_founding(commands.give_first_boards)
    on_uniting(commands.go_over)
    on_closing(commands.close)
    resettling.part(*parcels.FILES, pack=parcels.pack, unpack=commands.unpack)
    support.part(
        supporting.KEY,
        label=_lazy("boards"),
        hint=_lazy("What members write on the committee’s own boards, without their names. Never the board on which you plan, nor what waits or is hidden."),
        show=supporting.show,
    )
    shows_life(queries.last_in)
    register.add_section(latest_posts)
    register.say(VERBS)
    register.on_lapse(commands.forget_member)
    register.on_ending(commands.forget_blocks)
    people.in_an_export("forum", _export)
    people.in_an_erasure("forum", says=_says, erase=commands.forget_person)
    moderation.register(A_POST)
    mandates.reports_by(mandates.Reporting(reports=reporting.reports, write=reporting.write))
    keeping.promise()


def _export(person: Person) -> dict[str, Any]:
    """What a person wrote and keeps in the forum, in full."""
    posts = Post.objects.filter(membership__person=person).exclude(state=State.WITHDRAWN).select_related("topic", "membership").order_by("written_at", "pk")
    drafts = Draft.objects.filter(person=person).order_by("changed_at", "pk")
    translations = Translation.objects.filter(membership__person=person).order_by("written_at", "pk")
    watches = Watch.objects.filter(person=person).order_by("pk")
    blocks = Block.objects.visible_to_person(person).select_related("blocked").order_by("pk")
    return {
        "posts": [
            {
                "topic": post.topic.title,
                "name_there": post.membership.handle if post.membership else "",
                "text": post.source,
                "language": post.language,
                "state": post.state,
                "at": post.written_at.isoformat(),
            }
            for post in posts.iterator()
        ],
        "drafts": [{"title": draft.title, "text": draft.text, "changed": draft.changed_at.isoformat()} for draft in drafts],
        "translations": [{"language": each.language, "text": each.source, "at": each.written_at.isoformat()} for each in translations],
        "blocked": [{"name": each.blocked.handle, "since": each.since.isoformat()} for each in blocks],
        "followed": watches.filter(level=Watch.Level.WATCH).count(),
        "muted": watches.filter(level=Watch.Level.MUTE).count(),
    }


def _says(person: Person) -> Iterable[str]:
    if Post.objects.filter(membership__person=person).exclude(state=State.WITHDRAWN).exists():
        yield _("What you wrote in the forum stays, under “Former member”. To have it gone, take all of it back first: Forum, Your topics.")
    if Draft.objects.filter(person=person).exists():
        yield _("What you have begun to write is erased.")
