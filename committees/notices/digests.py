"""What stands in a digest: for each reader the lines of what it takes along, in their language and on their clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, ngettext

from committees.notices import queries, registry
from committees.notices.commands import gathering
from committees.notices.models import Channel, Delivery, Notice
from committees.notices.registry import DIGESTS, Kind, Reader, group, register

#: Lines in one mail. Of more, the newest stand there: mail programs cut what is long.
MOST_LINES = 50
_ITEM = '<li style="margin:8px 0 0 0"><bdi>{}</bdi></li>'
_LINKED = '<li style="margin:8px 0 0 0"><bdi>{}</bdi><a href="{}" style="color:#0c4a91"><bdi>{}</bdi></a></li>'


def _taken_along(notice: Notice, person_ids: Iterable[int]) -> dict[int, list[Notice]]:
    """What these people are told by it, the oldest first; what each notice is about is read in bulk."""
    rows = Delivery.objects.taken_along(notice).filter(person_id__in=list(person_ids)).select_related("notice").order_by("notice__due_at", "notice_id")
    found: dict[int, list[Notice]] = {}
    same: dict[int, Notice] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(same.setdefault(row.notice_id, row.notice))
    there = {told.pk for told in queries.attach(list(same.values()))}
    return {person: [told for told in theirs if told.pk in there] for person, theirs in found.items()}


def _speaks_of(notice: Notice, person_ids: set[int]) -> Iterable[tuple[str, int]]:
    rows = Delivery.objects.taken_along(notice).filter(person_id__in=person_ids)
    return rows.order_by().values_list("notice__about_type", "notice__about_id").distinct()


def _still_told(notice: Notice, person_ids: set[int]) -> set[int]:
    """For whom something is left in it."""
    return set(Delivery.objects.taken_along(notice).filter(person_id__in=person_ids).values_list("person_id", flat=True))


def _words_for(told: Sequence[Notice], reader: Reader) -> dict[int, str]:
    """The line of each of these notices, of all of which `matters` has said that this reader is meant."""
    words = {each.pk: str(registry.kind(each.kind).label) for each in told}
    for name in {each.kind for each in told}:
        kind = registry.kind(name)
        if (lines := kind.lines or kind.headlines) is not None:
            words |= lines([each for each in told if each.kind == name], reader)
    return words


def _href(told: Notice) -> str:
    return f"{settings.SITE_URL}{reverse('notices:go', args=[told.slug])}"


def _fillings(told: list[Notice], names: Mapping[int, str], reader: Reader) -> dict[str, str]:
    """What fills one reader's digest, at the level *kind* and at the level *full*. The reader's language is active."""
    newest = told[-MOST_LINES:]
    words = _words_for(newest, reader)
    lines = [(f"{names[each.committee_id or 0]}: " if each.committee_id in names else "", words[each.pk], _href(each)) for each in newest]
    more = len(told) - len(newest)
    rest = ngettext("and %(n)s more, earlier", "and %(n)s more, earlier", more) % {"n": more} if more else ""
    kinds = [(str(registry.kind(name).label), n) for name, n in sorted(Counter(each.kind for each in told).items())]
    return {
        "news": ngettext("%(n)s thing is new for you", "%(n)s things are new for you", len(told)) % {"n": len(told)},
        "kinds": "\n".join(f"- {label} ({n})" if n > 1 else f"- {label}" for label, n in kinds),
        "kinds_html": format_html_join("", _ITEM, ((f"{label} ({n})" if n > 1 else label,) for label, n in kinds)),
        "lines": "\n\n".join([*(f"- {committee}{line}\n  {href}" for committee, line, href in lines), *([rest] if rest else [])]),
        "lines_html": _listed(lines) + (format_html(_ITEM, rest) if rest else SafeString("")),
    }


def _listed(lines: Iterable[tuple[str, str, str]]) -> SafeString:
    return format_html_join("", _LINKED, ((committee, href, line) for committee, line, href in lines))


def _personal(notice: Notice, readers: Mapping[int, Reader]) -> Mapping[int, Mapping[str, str]]:
    """A fixed number of queries for each model that something in it is about, however many readers there are."""
    found = _taken_along(notice, readers)
    names = registry.names_of({told.committee_id for theirs in found.values() for told in theirs if told.committee_id})
    filled: dict[int, Mapping[str, str]] = {}
    for pk, reader in readers.items():
        with translation.override(reader.language):
            filled[pk] = _fillings(found.get(pk, []), names, reader)
    return filled


def _inbox(notice: Notice) -> str:
    return reverse("notices:inbox")


def register_all() -> None:
    """Called from `ready()`."""
    group(DIGESTS, label=gettext_lazy("Digests"))
    register(
        Kind(
            name=gathering.KIND,
            label=gettext_lazy("A digest of what is new"),
            group=DIGESTS,
            url=_inbox,
            channels={Channel.EMAIL},
            matters=_still_told,
            personal=_personal,
            speaks_of=_speaks_of,
            let_go=gathering.let_go,
            members_only=False,
        )
    )
