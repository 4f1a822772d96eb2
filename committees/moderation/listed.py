"""What is in the queue from this room and those below it: applications, what is held, what was flagged, proposed workplaces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.base.navigation import path_to
from committees.directory import commands as directory
from committees.directory.models import Workplace, WorkplaceQuerySet
from committees.membership import commands as membership
from committees.membership import forms as membership_forms
from committees.membership import queries as applications
from committees.membership.applications import Application
from committees.moderation import commands as moderation
from committees.moderation import forms, queries, registry, rules
from committees.moderation.models import HELD, Act, Reason, Review, ReviewQuerySet
from committees.moderation.sources import Card, Key, Source, Tag, Together, register
from committees.people.models import Person

# -- Applications -------------------------------------------------------------------------------------------------------


def _application_cards(person: Person, at: datetime, ids: Sequence[int]) -> Mapping[int, Card]:
    rows = applications.queue(person, at).filter(pk__in=ids).select_related("committee__workplace__employer").with_check_counts()
    return {row.pk: _application_card(row) for row in rows}


def _application_card(application: Application) -> Card:
    url = path_to("membership:case", application.slug)
    number: int = application.check_count  # type: ignore[attr-defined]
    state = (
        Tag(_("Asked, waiting for an answer"), "tag--warn") if application.state == "info_requested" else Tag(_("%(n)s checks") % {"n": number}, "tag--info")
    )
    return Card(
        kind="application",
        slug=application.slug,
        title=application.handle,
        place=application.committee.workplace.title if application.committee.workplace else application.committee.name,
        url=url,
        since=application.sent_at,
        tags=[Tag(_("Application"), "tag--line", "users"), state, *([Tag(_("Starts a committee"))] if application.founding else [])],
        keys=[
            Key("a", _("Accept"), f"{url}?act=admit", css=""),
            Key("q", _("Ask"), f"{url}?act=ask"),
            Key("d", _("Decline"), f"{url}?act=decline", css="btn--stop"),
        ],
    )


def _answer_application(act: Callable[..., object]) -> Callable[[Person, str, Mapping[str, Any], datetime], str]:
    def run(person: Person, slug: str, data: Mapping[str, Any], at: datetime) -> str:
        found = applications.case(person, slug)
        if found is None:
            raise Http404
        act(*found, data, at)
        return found[0].handle

    return run


APPLICATIONS = Source(
    kind="application",
    label=_lazy("Applications"),
    waiting=applications.queue,
    cards=_application_cards,
    since="sent_at",
    language="person__language",
    opens=applications.is_reviewer,
    together={
        "yes": Together(_lazy("Accept"), _answer_application(lambda a, by, _data, at: membership.admit(a, by=by, at=at))),
        "no": Together(
            _lazy("Decline"),
            _answer_application(lambda a, by, data, at: membership.decline(a, data["code"], by=by, at=at, text=data["text"])),
            membership_forms.DeclineForm,
            stops=True,
        ),
        "spam": Together(_lazy("Put aside as spam"), _answer_application(lambda a, by, _data, at: membership.mark_spam(a, by=by, at=at)), stops=True),
    },
)


# -- What is held, and what was flagged -----------------------------------------------------------------------------------


def _held(person: Person, at: datetime) -> ReviewQuerySet:
    return queries.waiting(person, at).held()


def _flagged(person: Person, at: datetime) -> QuerySet[Review]:
    return queries.waiting(person, at).exclude(reason__in=HELD)


def _review_cards(person: Person, at: datetime, ids: Sequence[int]) -> Mapping[int, Card]:
    reviews = list(
        queries.waiting(person, at).filter(pk__in=ids).select_related("committee", "author", "claimed_by__person").annotate(flag_count=Count("flags"))
    )
    rows = queries.rows_of(reviews)
    return {review.pk: _review_card(review, rows.get((review.matter, review.row_id)), person, at) for review in reviews}


def _review_card(review: Review, row: Any, person: Person, at: datetime) -> Card:
    matter = registry.find(review.matter)
    taken = review.claimed_by if review.claimed_by and review.claimed_until and review.claimed_until > at else None
    return Card(
        kind="held" if review.is_held else "flag",
        slug=review.slug,
        title=review.author.handle if review.author else _("Former member"),
        place=review.committee.name,
        url=review.get_absolute_url(),
        since=review.begun_at,
        tags=_tags(review, matter, at),
        text=matter.excerpt(row) if matter and row is not None else "",
        language=review.language,
        taken_by=taken.handle if taken and taken.person_id != person.pk else "",
        keys=_keys(review, matter),
    )


def _tags(review: Review, matter: registry.Matter | None, at: datetime) -> list[Tag]:
    number: int = review.flag_count  # type: ignore[attr-defined]
    found = [Tag(matter.label, "tag--line")] if matter else []
    if number:
        found.append(Tag(_("Flags: %(n)s") % {"n": number}, "tag--warn", "flag"))
    if review.reason != Reason.FLAGS:
        found.append(Tag(review.get_reason_display(), "tag--info", "clock"))
    if review.hidden_at:
        found.append(Tag(_("Hidden until decided"), "tag--stop", "lock"))
    if review.waits_longer_than(rules.TARGET, at):
        found.append(Tag(_("Waits too long"), "tag--stop", "alert"))
    if review.passed_at:
        found.append(Tag(_("Passed on")))
    return found


def _keys(review: Review, matter: registry.Matter | None) -> list[Key]:
    url = review.get_absolute_url()
    acts = matter.acts if matter else {}
    keep = _("Keep") if matter is None or matter.is_text else _("Nothing is wrong")
    found = [Key("a", _("Show it"), url, act=Act.APPROVE, css="") if review.is_held else Key("a", keep, url, act=Act.KEEP, css="")]
    if Act.SEND_BACK in acts:
        found.append(Key("q", _("Ask to change"), f"{url}?act=send_back"))
    if Act.HIDE in acts:
        found.append(Key("d", _("Hide"), f"{url}?act=hide", css="btn--stop"))
    elif matter is not None and not matter.is_text:
        found.append(Key("d", _("Suspend"), f"{url}?act=suspend", css="btn--stop"))
    return found


def _decide(act: Act | None) -> Callable[[Person, str, Mapping[str, Any], datetime], str]:
    """The command for one of several; without an act: what shows or keeps it, whichever it needs."""

    def run(person: Person, slug: str, data: Mapping[str, Any], at: datetime) -> str:
        found = queries.case(person, slug)
        if found is None:
            raise Http404
        review, by = found
        wanted = act or (Act.APPROVE if review.is_held else Act.KEEP)
        moderation.decide(review, wanted, rule=data.get("rule", ""), text=data.get("text", ""), by=by, at=at)
        return review.author.handle if review.author else ""

    return run


DECIDED_TOGETHER = {
    "yes": Together(_lazy("Show or keep"), _decide(None)),
    "back": Together(_lazy("Ask to change"), _decide(Act.SEND_BACK), forms.ReasonForm),
    "no": Together(_lazy("Hide"), _decide(Act.HIDE), forms.ReasonForm, stops=True),
    "remove": Together(_lazy("Remove"), _decide(Act.REMOVE), forms.ReasonForm, stops=True),
}
HELD_ROWS = Source(
    kind="held",
    label=_lazy("Waiting to be shown"),
    waiting=_held,
    cards=_review_cards,
    since="begun_at",
    language="language",
    opens=queries.is_moderator,
    together=DECIDED_TOGETHER,
)
FLAGGED_ROWS = Source(
    kind="flag",
    label=_lazy("Flagged"),
    waiting=_flagged,
    cards=_review_cards,
    since="begun_at",
    language="language",
    opens=queries.is_moderator,
    together=DECIDED_TOGETHER,
)


# -- Proposed workplaces, for those who keep the service running ----------------------------------------------------------


def _proposed(person: Person, at: datetime) -> WorkplaceQuerySet:
    waiting = Workplace.objects.visible_to(person).proposed()
    return waiting if person.is_platform_admin else waiting.none()


def _workplace_cards(person: Person, at: datetime, ids: Sequence[int]) -> Mapping[int, Card]:
    return {site.pk: _workplace_card(site) for site in _proposed(person, at).filter(pk__in=ids).with_names()}


def _workplace_card(site: Workplace) -> Card:
    return Card(
        kind="workplace",
        slug=site.slug,
        title=site.title,
        place=site.place,
        url=site.get_absolute_url(),
        since=None,
        tags=[Tag(_("Workplace"), "tag--line", "pin")],
        keys=[
            Key("a", _("Put it on the list"), reverse("directory:accept", args=[site.slug]), act="accept", css=""),
            Key("d", _("Remove it"), reverse("directory:decline", args=[site.slug]), act="decline", css="btn--stop"),
        ],
    )


def _answer_workplace(act: Callable[..., object]) -> Callable[[Person, str, Mapping[str, Any], datetime], str]:
    def run(person: Person, slug: str, data: Mapping[str, Any], at: datetime) -> str:
        site = _proposed(person, at).select_related("employer").filter(slug=slug).first()
        if site is None:
            raise Http404
        act(site, by=person)
        return site.title

    return run


WORKPLACES = Source(
    kind="workplace",
    label=_lazy("Workplaces to check"),
    waiting=_proposed,
    cards=_workplace_cards,
    opens=lambda person: person.is_platform_admin,
    concerns=lambda person: person.is_platform_admin,
    together={
        "yes": Together(_lazy("Put it on the list"), _answer_workplace(directory.accept)),
        "no": Together(_lazy("Remove it"), _answer_workplace(directory.decline), stops=True),
    },
)


def register_all() -> None:
    """Called from `ready()`."""
    for source in (APPLICATIONS, HELD_ROWS, FLAGGED_ROWS, WORKPLACES):
        register(source)
