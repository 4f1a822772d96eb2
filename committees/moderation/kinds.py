"""What this room tells people: moderators of what waits, authors of what was decided, members of what they may do again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committees.bodies.models import Life
from committees.membership.roles import PRESENT
from committees.moderation import queries, rulebook
from committees.moderation.models import Act, Review, Sanction
from committees.notices.models import Notice
from committees.notices.registry import Kind, Level, Reader, group, register

GROUP = "moderation"
_DECIDED_WORDS = _("A moderator has decided about something of yours")
#: What is good news, or asks something of the author, says so before it is opened.
_WORDS_OF = {
    Act.APPROVE: _("What you wrote is shown now"),
    Act.RESTORE: _("What you wrote is shown again"),
    Act.SEND_BACK: _("A moderator asks you to change what you wrote"),
}


def _able(notice: Notice) -> Any:
    return queries.able(notice.about).values_list("person_id", flat=True)


def _able_above(notice: Notice) -> Any:
    return queries.able(notice.about).filter(committee_id=notice.about.passed_to_id).values_list("person_id", flat=True)


def _while_open(who: Callable[[Notice], Any]) -> Callable[[Notice, set[int]], set[int]]:
    """Those of them who could still decide it, as long as it waits."""

    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        return person_ids & set(who(notice)) if Review.objects.open().filter(pk=notice.about_id).exists() else set()

    return matters


def _authors(notice: Notice) -> set[int]:
    """Its author, while they are there: whoever has gone or is suspended hears nothing of the committee."""
    there = Review.objects.filter(pk=notice.about_id, author__person__isnull=False, author__standing__in=PRESENT)
    return set(there.exclude(author__committee__life=Life.DISSOLVED).values_list("author__person_id", flat=True))


def _decided(notice: Notice, person_ids: set[int]) -> set[int]:
    """Its author, as long as the decision stands."""
    return person_ids & _authors(notice) if Review.objects.decided().filter(pk=notice.about_id).exists() else set()


def _hidden(notice: Notice, person_ids: set[int]) -> set[int]:
    hidden = Review.objects.open().filter(pk=notice.about_id, hidden_at__isnull=False)
    return person_ids & _authors(notice) if hidden.exists() else set()


def _sanctioned(*, over: bool) -> Callable[[Notice, set[int]], set[int]]:
    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        said = Sanction.objects.filter(pk=notice.about_id, ended_at__isnull=not over)
        return person_ids & set(said.values_list("membership__person_id", flat=True))

    return matters


def _about_review(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    review: Review = notice.about
    return {"review": review, "committee": review.committee, "rule": rulebook.rule(review.rule, language)}


def _told(review: Review) -> str:
    return str(_WORDS_OF.get(Act(review.act), _DECIDED_WORDS) if review.is_decided else _DECIDED_WORDS)


def _about_decision(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    return {**_about_review(notice, language, level), "told": _told(notice.about)}


def _headlines(notices: Sequence[Notice], reader: Reader) -> Mapping[int, str]:
    return {notice.pk: _told(notice.about) for notice in notices}


def _about_sanction(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    sanction: Sanction = notice.about
    return {"sanction": sanction, "committee": sanction.committee, "rule": rulebook.rule(sanction.rule, language)}


def _case_url(notice: Notice) -> str:
    url: str = notice.about.get_absolute_url()
    return url


def _decision_url(notice: Notice) -> str:
    url: str = notice.about.url_for_its_author()
    return url


def _sanction_url(notice: Notice) -> str:
    url: str = notice.about.review.url_for_its_author()
    return url


def _to_moderators() -> None:
    def about(name: str, label: Any, who: Callable[[Notice], Any]) -> None:
        register(
            Kind(
                name=f"moderation/{name}",
                label=label,
                group=GROUP,
                audience=who,
                matters=_while_open(who),
                context=_about_review,
                url=_case_url,
                thread=lambda notice: f"review-{notice.about_id}",
            )
        )

    about("waits", _("Something waits for a moderator"), _able)
    about("passed_on", _("Something in another committee has waited for a day"), _able_above)


def _to_the_one_it_is_about() -> None:
    common: dict[str, Any] = {"group": GROUP, "unsubscribable": False}
    review = common | {"context": _about_review, "url": _decision_url, "thread": lambda notice: f"decision-{notice.about_id}"}
    decided = review | {"context": _about_decision, "headlines": _headlines}
    register(Kind(name="moderation/decided", label=_DECIDED_WORDS, matters=_decided, **decided))
    hidden = review | {"url": lambda notice: reverse("moderation:mine")}
    register(Kind(name="moderation/hidden", label=_("Something of yours is hidden until a moderator has looked"), matters=_hidden, **hidden))
    # Told to people outside as well: whoever is suspended sees nothing of the committee, and must know why.
    sanction = common | {"members_only": False, "context": _about_sanction, "url": _sanction_url, "thread": lambda notice: f"sanction-{notice.about_id}"}
    register(Kind(name="moderation/sanctioned", label=_("What you may do is limited for some days"), matters=_sanctioned(over=False), **sanction))
    register(Kind(name="moderation/sanction_ended", label=_("You may do everything again"), matters=_sanctioned(over=True), **sanction))


def register_all() -> None:
    """Called from `ready()`."""
    group(GROUP, label=_("Flags and rules"), hint=_("What waits for moderators, and what they decided about something of yours."))
    _to_moderators()
    _to_the_one_it_is_about()
